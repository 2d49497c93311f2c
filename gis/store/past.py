"""The operation as it stood at an earlier instant, and what changed between two of them.

A past look answers the same named questions as a look at the present. It starts from the present and
takes back what came in since, so its cost follows the number of edits since then, not the journal's
length.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import text

from gis.model.record import Reading, Record
from gis.store import fold, journal
from gis.store.chunks import Series
from gis.store.edit import Edit
from gis.store.query import Query
from gis.store.rows import KINDS, field_types, from_values, required, starting_values, to_values

R = TypeVar("R", bound=Record)

_SINCE = text("SELECT DISTINCT record, field FROM journal WHERE n > :number AND kind = :kind")
_THEN = text(
    "SELECT j.body FROM json_each(:places) AS p"
    " JOIN journal AS j ON j.record = p.value ->> 0 AND j.field = p.value ->> 1"
    " WHERE j.kind = :kind AND j.n <= :number AND (j.until IS NULL OR j.until > :number)"
)
_RIVALS = text(
    "SELECT kind, record FROM journal WHERE n <= :number AND (until IS NULL OR until > :number)"
    " AND record IN (SELECT record FROM journal WHERE n > :number UNION SELECT record FROM journal_dispute)"
    " GROUP BY kind, record, field HAVING count(*) > 1"
)


class Past(Query):
    """A look at the operation as it was at `at`: what had come in by then, and nothing later.

    Given a journal `number`, records are as they were when that edit had come in.

    What the desk keeps for itself (layers, views) is not journaled and is that of today.
    """

    def __init__(self, now: Query, at: datetime, number: int | None = None) -> None:
        super().__init__(now._desk, now.sight, at)
        self._number = now.number_at(at) if number is None else number
        self._earlier: dict[type[Record], dict[str, tuple[int, Record] | None]] = {}

    def known(self, kind: type[R], record_id: str) -> R | None:
        earlier = self._then(kind)
        if record_id not in earlier:
            return super().known(kind, record_id)
        found = earlier[record_id]
        return None if found is None else found[1]  # pyright: ignore[reportReturnType]

    def known_all(self, kind: type[R], ids: Sequence[str]) -> dict[str, R]:
        found = {key: self.known(kind, key) for key in ids}
        return {key: record for key, record in found.items() if record is not None}

    def column(self, kind: type[Record], field: str) -> list[Any]:
        return [getattr(record, field) for record in self.find(kind, void=None)]

    def series(self, sensor_id: str, since: datetime | None = None, until: datetime | None = None) -> Series:
        return super().series(sensor_id, since, min(until or self.at, self.at))

    def thinned(self, sensor_id: str, since: datetime | None, until: datetime | None, points: int) -> Series:
        return super().thinned(sensor_id, since, min(until or self.at, self.at), points)

    def latest(self, at: datetime | None = None) -> dict[str, Reading]:
        return super().latest(min(at or self.at, self.at))

    def disputed(self) -> list[tuple[str, str]]:
        rows = self._desk.execute(_RIVALS, {"number": self._number})
        return sorted({(row.kind, row.record) for row in rows})

    def _found(
        self, kind: type[R], void: bool | None, equals: dict[str, Any], limit: int | None = None
    ) -> list[tuple[int, R]]:
        wanted = equals if void is None else equals | {"void": void}
        earlier = self._then(kind)
        present = [each for each in super()._found(kind, void, equals) if each[1].id not in earlier]
        then: Iterable[Any] = (each for each in earlier.values() if each is not None)
        back = [e for e in then if all(getattr(e[1], n) == value for n, value in wanted.items())]
        found: list[Any] = [*present, *back]
        return sorted(found, key=lambda each: each[0])[:limit]

    def _then(self, kind: type[Record]) -> dict[str, tuple[int, Record] | None]:
        """What has been touched since, by id, as it was; None for what was not there yet."""
        if kind not in self._earlier:
            bounds = {"number": self._number, "kind": kind.__name__}
            self._earlier[kind] = self._taken_back(kind, self._desk.execute(_SINCE, bounds).all())
        return self._earlier[kind]

    def _taken_back(self, kind: type[Record], places: Iterable[Any]) -> dict[str, tuple[int, Record] | None]:
        changed: dict[str, list[str]] = {}
        for record_id, field in places:
            changed.setdefault(record_id, []).append(field)
        wanted = {"places": json.dumps([[r, f] for r, fields in changed.items() for f in fields])}
        bounds = {"number": self._number, "kind": kind.__name__}
        bodies = self._desk.scalars(_THEN, wanted | bounds)
        heads = journal.by_field(self._edits(bodies))
        today = self._rows_of(kind, [*changed])
        return {
            record_id: _as_it_was(kind, today.get(record_id), fields, heads.get(record_id, {}))
            for record_id, fields in changed.items()
        }


def _as_it_was(
    kind: type[Record], today: tuple[int, Record] | None, changed: Iterable[str], heads: dict[str, list[Edit]]
) -> tuple[int, Record] | None:
    """A record with the fields changed since put back; None when it was not whole yet."""
    if today is None:
        return None
    fid, record = today
    values = to_values(record)
    for field in field_types(kind).keys() & set(changed):
        shown = fold.shown_value(kind, field, heads.get(field, ()))
        if shown is not fold.NOTHING:
            values[field] = shown
        elif field in required(kind):
            return None
        else:
            values[field] = starting_values(kind).get(field)
    return fid, from_values(kind, record.id, values)


@dataclass(frozen=True, slots=True)
class Difference:
    """One record before (None: not there yet) and after, and the fields that differ."""

    before: Record | None
    after: Record
    fields: tuple[str, ...]


def between(query: Query, since: datetime, until: datetime) -> list[Difference]:
    """What had changed at `until` against `since`, in the order in which the records were first heard of.

    What was changed and changed back is no difference.
    """
    earlier, later = Past(query, since), Past(query, until)
    bounds = {"since": earlier.upto(), "until": later.upto()}
    touched = query.touched(bounds["since"], bounds["until"])
    found: list[Difference] = []
    for kind in KINDS.values():
        for record_id in touched.get(kind.__name__, ()):
            before, after = earlier.known(kind, record_id), later.known(kind, record_id)
            fields = _unlike(before, after)
            if after is not None and fields:
                found.append(Difference(before, after, fields))
    return found


def _unlike(before: Record | None, after: Record | None) -> tuple[str, ...]:
    if after is None:
        return ()
    values = to_values(after)
    if before is None:
        return tuple(values)
    old = to_values(before)
    return tuple(name for name, value in values.items() if old[name] != value)
