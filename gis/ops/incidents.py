"""What an operator can do with incidents."""

from dataclasses import replace
from typing import Any

from gis.errors import UserError
from gis.model.incident import Incident, Note, Severity, Status
from gis.store import Query, Tx
from gis.texts import _

_DIGITS = 12  # more are no number this program gave


def next_number(query: Query, desk: str) -> str:
    """The number the next incident of this desk will get: I-0001, I-0002, ... Struck-out ones count."""
    prefix = f"{desk}-"
    given = (number.removeprefix(prefix) for number in query.numbers(prefix))
    counted = (int(digits) for digits in given if digits.isdecimal() and len(digits) <= _DIGITS)
    return f"{prefix}{next(counted, 0) + 1:04d}"


def log(tx: Tx, code: str, text: str, severity: Severity, **details: Any) -> Incident:
    """Log an incident under the next number. `details` are further fields of `Incident`.

    Nothing a caller says is refused: an incident may have no place, and no text if it has a code.
    Raises `UserError` when there is neither.
    """
    if not (text.strip() or code.strip()):
        raise UserError(_("There is nothing to log yet."), hint=_("Say what happened in a few words."))
    details.setdefault("reported_at", tx.at)
    details.setdefault("number", next_number(tx, tx.operation.desk))
    return tx.put(Incident(code=code.strip(), text=text.strip(), severity=severity, **details))


def amend(tx: Tx, incident_id: str, **changes: Any) -> Incident:
    """Change fields of an incident. Closing, reopening and striking have verbs of their own."""
    return tx.put(replace(tx.get(Incident, incident_id), **changes))


def close(tx: Tx, incident_id: str) -> Incident:
    """Close an incident. Raises `UserError` when it is closed already."""
    incident = tx.get(Incident, incident_id)
    if incident.closed_at is not None:
        raise UserError(_("{number} is closed already.").format(number=incident.number))
    return tx.put(replace(incident, status=Status.CLOSED, closed_at=tx.at))


def reopen(tx: Tx, incident_id: str) -> Incident:
    """Open a closed incident again. Raises `UserError` when it is open."""
    incident = tx.get(Incident, incident_id)
    if incident.closed_at is None:
        raise UserError(_("{number} is open.").format(number=incident.number))
    return tx.put(replace(incident, status=Status.VERIFIED, closed_at=None))


def strike(tx: Tx, incident_id: str) -> Incident:
    """Strike an incident out: a mistake, not an ending. It stays in the journal."""
    return tx.strike(tx.get(Incident, incident_id))


def note(tx: Tx, text: str, incident_id: str | None = None) -> Note:
    """Write a line into the operational log, on an incident or on its own.

    Raises `UserError` when there are no words.
    """
    if not text.strip():
        raise UserError(_("There is nothing to note yet."), hint=_("Type a few words."))
    if incident_id is not None:
        tx.get(Incident, incident_id)
    return tx.put(Note(text=text.strip(), at=tx.at, incident_id=incident_id))


def note_erasure(tx: Tx, incident: Incident) -> Note:
    """Say in the log that what a caller said of themself was erased; goes with `Store.erase`."""
    words = _("Personal data of {number} erased").format(number=incident.number)
    return note(tx, words, incident.id)
