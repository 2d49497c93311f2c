"""What a finished line of the log line becomes, and what it can refer to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gis.errors import UserError
from gis.intake.context import Draft, IntakeContext, Kind, live_places
from gis.model.incident import Incident, Note, Severity
from gis.model.sensor import Sensor
from gis.ops import incidents, unfinished
from gis.ops.unfinished import Unfinished
from gis.store import Query, Tx
from gis.texts import _


def enter(tx: Tx, draft: Draft, since: datetime, left: Iterable[Unfinished] = ()) -> Incident | Note:
    """Write what a draft means: an incident, an addition to one, or a note of its own.

    `since` is the first keystroke (UTC), the time the incident was reported. In the same step the line is
    let go: of this sitting's half-typed ones only those `left` are kept. Raises UserError for a draft with
    nothing to write in it.
    """
    unfinished.keep(tx, left)
    match draft.kind:
        case Kind.INCIDENT:
            code, severity = draft.code.code if draft.code else "", draft.severity or Severity.UNKNOWN
            place = {"place": draft.point, "where": draft.where}
            return incidents.log(tx, code, draft.text, severity, reported_at=since, **place)
        case Kind.ADDITION if draft.incident is not None:
            return incidents.note(tx, draft.text, draft.incident.id)
        case Kind.NOTE:
            return incidents.note(tx, draft.text)
        case _:
            raise UserError(_("There is nothing to log yet."), hint=_("Say what happened in a few words."))


def seen_from(query: Query, desk: IntakeContext) -> IntakeContext:
    """The same desk with the sensors there are now, and the incidents that are open."""
    now = tuple(query.find(Incident, closed_at=None))
    live = live_places(query.find(Sensor), now)
    return replace(desk, incidents=now, live=live, letters=incidents.letters_here(query))
