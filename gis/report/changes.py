"""What is different from the last report, read from the journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from gis.model.incident import Incident
from gis.model.sitrep import Sitrep
from gis.report.content import FieldChange, IncidentLine, Mark, Meaning
from gis.store import Query
from gis.store.journal import fold
from gis.store.journal.edit import Edit
from gis.words.terms import FIELDS, in_words

ALL = 10_000_000  # steps; more than any operation will ever have
_SILENT_FIELDS = {"id", "void", "closed_at", "alarm_id", "reported_at", "number"}


@dataclass(frozen=True, slots=True)
class History:
    """How touched incidents stood before (None when not there yet), and who touched each record first."""

    before: Mapping[str, Incident | None]
    authors: dict[str, str]

    def line(self, incident: Incident, meaning: Meaning) -> IncidentLine:
        """The incident with what became of it since."""
        if incident.id not in self.before:
            return IncidentLine(incident, meaning, Mark.SAME, incident)
        was = self.before[incident.id]
        if was is None or not was.is_open:
            return IncidentLine(incident, meaning, _arrival(incident, was), None)
        changes = tuple(_changes(was, incident))
        return IncidentLine(incident, meaning, _mark(incident, changes), was, changes)


def _arrival(incident: Incident, was: Incident | None) -> Mark:
    """An incident the last report did not list as open: new, reopened, or over before anyone read of it."""
    if incident.is_open:
        return Mark.NEW if was is None or was.void else Mark.CHANGED
    return Mark.CLOSED if was is None and not incident.void else Mark.SAME


def _mark(incident: Incident, changes: tuple[FieldChange, ...]) -> Mark:
    if incident.void:
        return Mark.WITHDRAWN
    if not incident.is_open:
        return Mark.CLOSED
    return Mark.CHANGED if changes else Mark.SAME


def history_since(query: Query, before: Sitrep | None) -> History:
    """What came in after the report `before` (None: ever), whenever it had been written."""
    after = (before.as_of, query.number_of(before.id)) if before else None
    new = [edit for step in reversed(query.steps(ALL, after=after)) for edit in step.edits]
    newer = {edit.id for edit in new}
    touched = {edit.record for edit in new if edit.kind == Incident.__name__}
    authors: dict[str, str] = {}
    for edit in new:
        authors.setdefault(edit.record, edit.who)
    stood = {record: _as_it_was(query, record, newer) if before else None for record in touched}
    return History(stood, authors)


def _as_it_was(query: Query, record_id: str, newer: set[str]) -> Incident | None:
    edits = [edit for step in query.steps(ALL, record_id=record_id) for edit in step.edits]
    heads = _heads(edit for edit in edits if edit.id not in newer)
    was = fold.record(Incident.__name__, record_id, heads)
    return was if isinstance(was, Incident) else None


def _heads(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    """The edits not replaced by another of them, by field, the shown one first."""
    older = list(edits)
    replaced = {name for edit in older for name in edit.over}
    heads: dict[str, list[Edit]] = {}
    for edit in sorted(older, key=lambda e: (e.at, e.id), reverse=True):
        if edit.id not in replaced:
            heads.setdefault(edit.field, []).append(edit)
    return heads


def _changes(was: Incident, now: Incident) -> Iterable[FieldChange]:
    for field in fields(Incident):
        before, after = getattr(was, field.name), getattr(now, field.name)
        if field.name not in _SILENT_FIELDS and before != after:
            yield FieldChange(
                FIELDS.get(field.name, field.name), in_words(field.name, before), in_words(field.name, after)
            )
