"""What an operator can do with incidents."""

from dataclasses import replace
from typing import Any

from gis.errors import UserError
from gis.model.incident import Incident, Note, Severity, Status
from gis.store import Query, Tx
from gis.store.operation import OPERATION, PREFIX, other_letters
from gis.texts import _

_DIGITS = 12  # more are no number this program gave


def letters_here(query: Query) -> tuple[str, ...]:
    """What numbers given here begin with, now and, where this is a copy of an operation, before."""
    own: str | None = query.kept(PREFIX)
    about: dict[str, Any] = query.kept(OPERATION) or {}
    return (own, about["desk"]) if own else (about["desk"],)


def number_apart(tx: Tx) -> str:
    """From now on numbers begin with letters nobody has used: another desk counts as this one did. Returns
    these letters."""
    letters = other_letters(tx.operation.desk, lambda each: any(tx.numbers(f"{each}-", _DIGITS)))
    tx.keep(PREFIX, letters)
    return letters


def next_number(query: Query, letters: str) -> str:
    """The number the next incident under these letters gets: I-0001, I-0002, ... Struck-out ones count."""
    prefix = f"{letters}-"
    given = (number.removeprefix(prefix) for number in query.numbers(prefix, _DIGITS))
    counted = (int(digits) for digits in given if digits.isdecimal())
    return f"{prefix}{next(counted, 0) + 1:04d}"


def log(tx: Tx, code: str, text: str, severity: Severity, **details: Any) -> Incident:
    """Log an incident under the next number. `details` are further fields of `Incident`.

    Nothing a caller says is refused: an incident may have no place, and no text if it has a code.
    Raises `UserError` when there is neither.
    """
    if not (text.strip() or code.strip()):
        raise UserError(_("There is nothing to log yet."), hint=_("Say what happened in a few words."))
    details.setdefault("reported_at", tx.at)
    details.setdefault("number", _new_number(tx))
    return tx.put(Incident(code=code.strip(), text=text.strip(), severity=severity, **details))


def _new_number(tx: Tx) -> str:
    return next_number(tx, letters_here(tx)[0])


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


def renumber(tx: Tx, incident_id: str) -> Incident:
    """Give an incident the next number: two desks had given one number twice. The log says under which it was
    known before, and the search finds it by that."""
    incident = tx.get(Incident, incident_id)
    renumbered = tx.put(replace(incident, number=_new_number(tx)))
    note(
        tx,
        _("Was {before}, is {number} now.").format(before=incident.number, number=renumbered.number),
        incident_id,
    )
    return renumbered


def note_erasure(tx: Tx, incident: Incident) -> Note:
    """Say in the log that what a caller said of themself was erased; goes with `Store.erase`."""
    words = _("Personal data of {number} erased").format(number=incident.number)
    return note(tx, words, incident.id)
