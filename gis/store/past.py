"""The operation as it stood at an earlier instant, and what changed between two of them.

A past look answers the same named questions as a look at the present. It starts from the present and
takes back what came in since, so its cost follows the number of edits since then, not the journal's
length.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Table, text

from gis.model.incident import Incident
from gis.model.record import Reading, Record
from gis.store import journal
from gis.store.journal import fold
from gis.store.journal.edit import Edit
from gis.store.query import Query, meets
from gis.store.readings.chunks import Series
from gis.store.tables.rows import KINDS, defaults, field_types, from_json, required, to_json

R = TypeVar("R", bound=Record)
TakenBack = dict[type[Record], dict[str, tuple[int, Record] | None]]

_SINCE = text(
    "WITH later AS (SELECT DISTINCT kind, record, field FROM journal WHERE n > :number)"
    " SELECT kind, record, field FROM later"
    " WHERE EXISTS (SELECT 1 FROM journal AS j WHERE j.record = later.record AND j.n <= :number)"
)
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


_BETWEEN = text(
    "SELECT DISTINCT record FROM journal WHERE (n > :first AND n <= :last OR n > :upto) AND kind = :kind"
)
_FIELDS = text(
    "SELECT record, field, min(n) <= :number AS there, max(n) > :number AS later FROM journal"
    " WHERE kind = :kind AND record IN (SELECT value FROM json_each(:records)) GROUP BY record, field"
)
_ERASED = text("SELECT count(*) FROM personal WHERE value IS NULL")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken back of a journal that reached to `upto` to see it as it stood at `number`, when so many
    personal values were `erased`."""

    number: int
    upto: int
    erased: int
    back: TakenBack

    def tells(self, other: "Taken") -> bool:
        """True when it costs less to go to the other from here than from the present."""
        between = abs(other.number - self.number) + other.upto - self.upto
        return self.erased == other.erased and 0 <= between < other.upto - other.number


class Past(Query):
    """A look at the operation as it was at `at`: what had come in by then, and nothing later.

    Given a journal `number`, records are as they were when that edit had come in.

    What the desk keeps for itself (layers, views) is not journaled and is that of today.
    """

    def __init__(self, now: Query, at: datetime, number: int | None = None) -> None:
        super().__init__(now._desk, now.sight, at)
        self._number = now.number_at(at) if number is None else number
        self._touched: dict[str, dict[str, list[str]]] | None = None
        self._earlier: TakenBack = {}
        self._near: Taken | None = None

    def share(self, near: Taken | None) -> Taken:
        """Take over what another look took back, where that spares work: going on from an instant costs what
        lies between. Returns what this look takes back, for the next; it is filled as this one is asked."""
        erased = self._desk.scalar(_ERASED) or 0
        mine = Taken(self._number, journal.upto(self._desk), erased, {})
        if near is not None and near.tells(mine):
            self._near = near
            if (near.number, near.upto) == (mine.number, mine.upto):
                mine = near
        self._earlier = mine.back
        return mine

    def known(self, kind: type[R], record_id: str) -> R | None:
        return self.known_all(kind, [record_id]).get(record_id)

    def carrying(self, numbers: Collection[str]) -> list[Incident]:
        ids = [*(incident.id for incident in super().carrying(numbers)), *self._then(Incident)]
        found = self.known_all(Incident, list(dict.fromkeys(ids))).values()
        return [incident for incident in found if incident.number in numbers and not incident.void]

    def repeated_numbers(self, among: Collection[str] | None = None) -> list[str]:
        found = self.find(Incident) if among is None else self.carrying(among)
        return [n for n, count in Counter(incident.number for incident in found).items() if count > 1]

    def column(self, kind: type[Record], field: str) -> list[Any]:
        return [getattr(record, field) for record in self.find(kind, void=None)]

    def series(self, sensor_id: str, since: datetime | None = None, until: datetime | None = None) -> Series:
        return super().series(sensor_id, since, min(until or self.at, self.at))

    def thinned(self, sensor_id: str, since: datetime | None, until: datetime | None, points: int) -> Series:
        return super().thinned(sensor_id, since, min(until or self.at, self.at), points)

    def reached(self, sensor_id: str) -> tuple[datetime, datetime] | None:
        found = super().reached(sensor_id)
        if found is None or found[0] > self.at:
            return None
        return found[0], min(
            found[1], super().beside(sensor_id, self.at + timedelta(microseconds=1), self.at)[0] or found[0]
        )

    def beside(
        self, sensor_id: str, since: datetime, until: datetime
    ) -> tuple[datetime | None, datetime | None]:
        before, after = super().beside(sensor_id, min(since, self.at), until)
        return before, None if after is None or after > self.at else after

    def latest(self, at: datetime | None = None) -> dict[str, Reading]:
        return super().latest(min(at or self.at, self.at))

    def disputed(self) -> list[tuple[str, str]]:
        rows = self._desk.execute(_RIVALS, {"number": self._number})
        return sorted({(row.kind, row.record) for row in rows})

    def _there(self, table: Table) -> list[Any]:
        return [table.c.fid + 0 <= self._number]  # a sum, so that no other index is passed over for it

    def _rows_of(self, kind: type[R], ids: Sequence[str]) -> dict[str, tuple[int, R]]:
        earlier: dict[str, Any] = self._then(kind)
        present = super()._rows_of(kind, [each for each in ids if each not in earlier])
        back = {each: earlier[each] for each in ids if earlier.get(each) is not None}
        return {each: row for each, row in present.items() if row[0] <= self._number} | back

    def _found(
        self, kind: type[R], void: bool | None, equals: dict[str, Any], limit: int | None = None
    ) -> list[tuple[int, R]]:
        wanted = equals if void is None else equals | {"void": void}
        earlier = self._then(kind)
        present = [each for each in super()._found(kind, void, equals) if each[1].id not in earlier]
        then: Iterable[Any] = (each for each in earlier.values() if each is not None)
        back = [e for e in then if all(meets(getattr(e[1], n), value) for n, value in wanted.items())]
        found: list[Any] = [*present, *back]
        return sorted(found, key=lambda each: each[0])[:limit]

    def _then(self, kind: type[Record]) -> dict[str, tuple[int, Record] | None]:
        """What was there and has been touched since, by id, as it was; None for what was not whole yet."""
        if kind not in self._earlier:
            if self._near is not None and kind in self._near.back:
                self._earlier[kind] = self._stepped(kind, self._near)
            else:
                self._earlier[kind] = self._taken_back(kind, self._places().get(kind.__name__, {}))
        return self._earlier[kind]

    def _stepped(self, kind: type[Record], near: Taken) -> dict[str, tuple[int, Record] | None]:
        """The same, from what it was at another instant: what was touched between is taken back anew."""
        first, last = sorted((near.number, self._number))
        bounds = {"first": first, "last": last, "upto": near.upto, "kind": kind.__name__}
        records = [*self._desk.scalars(_BETWEEN, bounds)]
        wanted = {"number": self._number, "kind": kind.__name__, "records": json.dumps(records)}
        then, changed, there = dict(near.back[kind]), dict[str, list[str]](), set[str]()
        for row in self._desk.execute(_FIELDS, wanted):
            if row.there:
                there.add(row.record)
            if row.later:
                changed.setdefault(row.record, []).append(row.field)
        for record in records:
            then.pop(record, None)
        then.update(dict.fromkeys(changed.keys() - there))
        return then | self._taken_back(kind, {each: changed[each] for each in changed.keys() & there})

    def _places(self) -> dict[str, dict[str, list[str]]]:
        """The fields touched since of what was there, by kind and record."""
        if self._touched is None:
            self._touched = {}
            for kind, record, field in self._desk.execute(_SINCE, {"number": self._number}):
                self._touched.setdefault(kind, {}).setdefault(record, []).append(field)
        return self._touched

    def _taken_back(
        self, kind: type[Record], changed: Mapping[str, Sequence[str]]
    ) -> dict[str, tuple[int, Record] | None]:
        wanted = {"places": json.dumps([[r, f] for r, fields in changed.items() for f in fields])}
        bounds = {"number": self._number, "kind": kind.__name__}
        bodies = self._desk.scalars(_THEN, wanted | bounds)
        heads = journal.by_field(self._edits(bodies))
        today = super()._rows_of(kind, [*changed])
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
    values: dict[str, Any] = {}
    for field in field_types(kind).keys() & set(changed):
        shown = fold.shown_value(kind, field, heads.get(field, ()))
        if shown is fold.NOTHING and field in required(kind):
            return None
        values[field] = defaults(kind).get(field) if shown is fold.NOTHING else from_json(kind, field, shown)
    return fid, replace(record, **values)


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
    touched = query.touched(earlier.upto(), later.upto())
    found: list[Difference] = []
    for kind in KINDS.values():
        ids = touched.get(kind.__name__, [])
        before, after = earlier.known_all(kind, ids), later.known_all(kind, ids)
        pairs = ((before.get(each), after[each]) for each in ids if each in after)
        found += [Difference(old, new, fields) for old, new in pairs if (fields := _unlike(old, new))]
    return found


def _unlike(before: Record | None, after: Record) -> tuple[str, ...]:
    names = tuple(field_types(type(after)).keys() - {"id"})
    if before is None:
        return names
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(name for name, old, new in pairs if old != new and to_json(old) != to_json(new))
