"""One look into the store: everything read through it is of one moment."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, Table, bindparam, func, literal_column, select

from gis.errors import UserError
from gis.model.incident import Incident
from gis.model.record import Record
from gis.store import outside
from gis.store.journal.ledger import Ledger
from gis.store.outside import Foreign
from gis.store.readings.recorded import Recorded
from gis.store.readings.series import Sight
from gis.store.tables import desk_state, schema, watch
from gis.store.tables.geometry import UtcTime
from gis.store.tables.rows import from_row
from gis.texts import _

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class From:
    """In `find`, for a time: at `at` (UTC) or later."""

    at: datetime


_incidents = schema.TABLE_OF[Incident]


class Query(Ledger, Recorded):
    """Reads records, readings and history. `at` is when the look was taken, in UTC."""

    def __init__(self, desk: Connection, readings: Sight, at: datetime) -> None:
        Ledger.__init__(self, desk)
        Recorded.__init__(self, readings)
        self.at = at

    def get(self, kind: type[R], record_id: str) -> R:
        """The record with this id, struck out or not. Raises `UserError` when there is none."""
        found = self.known(kind, record_id)
        if found is None:
            raise UserError(
                _("This entry is not in the operation."), hint=_("It may belong to another operation.")
            )
        return found

    def known(self, kind: type[R], record_id: str) -> R | None:
        """The record with this id, struck out or not; None when there is none."""
        found = self._sound(kind, _by_id(kind), {"wanted": record_id})
        return found[0][1] if found else None

    def find(self, kind: type[R], *, void: bool | None = False, **equals: Any) -> list[R]:
        """Records whose fields equal the given values, in the order in which they were first heard of;
        struck-out ones only if asked.

        `void=None` gives both. A time may be asked to be `From` an instant on.
        """
        return [record for _fid, record in self._found(kind, void, equals)]

    def numbered(self, kind: type[R]) -> list[tuple[int, R]]:
        """As `find`, each with the number of its row, which is that of its first edit."""
        return self._found(kind, False, {})

    def outside(self) -> list[Foreign]:
        """What other programs made of the records, beside what the journal says."""
        return outside.differences(self._desk)

    def touched_outside(self) -> bool:
        """True while there may be something in `outside`: a question for every few seconds."""
        return watch.any_touched(self._desk)

    def first(self, kind: type[R], *, void: bool | None = False, **equals: Any) -> R | None:
        return next((record for _fid, record in self._found(kind, void, equals, limit=1)), None)

    def _found(
        self, kind: type[R], void: bool | None, equals: dict[str, Any], limit: int | None = None
    ) -> list[tuple[int, R]]:
        """Records with the numbers of their first edits."""
        table = schema.TABLE_OF[kind]
        wanted = [*_conditions(table, void, equals), *self._there(table)]
        return self._sound(kind, select(table).where(*wanted).order_by(table.c.fid).limit(limit), {})

    def _sound(self, kind: type[R], query: Select[Any], values: dict[str, Any]) -> list[tuple[int, R]]:
        """Records as they stand in the table; where another program has put in what is none, as journaled."""
        try:
            rows = self._desk.execute(query, values).mappings()
            return [(row["fid"], from_row(kind, row)) for row in rows]
        except outside.MALFORMED:
            return outside.sound(self._desk, kind, query, values)

    def known_all(self, kind: type[R], ids: Sequence[str]) -> dict[str, R]:
        """Those of these records that are there, struck out or not, by id."""
        return {key: record for key, (_fid, record) in self._rows_of(kind, ids).items()}

    def _there(self, _table: Table) -> list[Any]:
        """What must hold for a row to be there at the moment of this look."""
        return []

    def _rows_of(self, kind: type[R], ids: Sequence[str]) -> dict[str, tuple[int, R]]:
        """The state of these records, each with the number of its first edit."""
        found = self._sound(kind, _by_ids(kind), {"wanted": json.dumps(ids)})
        return {record.id: (fid, record) for fid, record in found}

    def column(self, kind: type[Record], field: str) -> list[Any]:
        """One field of every record of a kind, struck-out ones too."""
        return list(self._desk.scalars(select(schema.TABLE_OF[kind].c[field])))

    def judged(self) -> dict[str, int]:
        """Up to when (microseconds UTC) the alarm rules have seen the readings of each sensor."""
        return {row.sensor: row.until_us for row in self._desk.execute(select(schema.judged))}

    def changed_since(self, number: int, *kinds: type[Record]) -> bool:
        """True when an edit about records of these kinds has come in after the edit `number`."""
        table = schema.journal
        later = (table.c.n > number, table.c.kind.in_([kind.__name__ for kind in kinds]))
        return self._desk.scalar(select(table.c.n).where(*later).limit(1)) is not None

    def wrote_elsewhere(self, since: datetime) -> dict[str, datetime]:
        """Who wrote what packages brought in at `since` (UTC) or later, and when each wrote last: by the
        clock of their own desk, but no later than it came in here."""
        table = schema.journal
        last = func.max(func.min(table.c.at, table.c.received_at), type_=UtcTime())
        came = (table.c.received_at >= since, table.c.arrival.is_not(None), table.c.n <= self._number)
        rows = self._desk.execute(select(table.c.who, last.label("at")).where(*came).group_by(table.c.who))
        return {row.who: row.at for row in rows}

    def numbers(self, prefix: str, longest: int) -> Iterator[str]:
        """The numbers of incidents that begin so and go on for at most `longest` characters, struck-out ones
        too: the longest, then greatest first. Each length is one step into their index."""
        number = _incidents.c.number
        begins = number.between(prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1))
        for length in range(len(prefix) + longest, len(prefix), -1):
            query = select(number).where(func.length(number) == length, begins).order_by(number.desc())
            yield from self._desk.scalars(query)

    def carrying(self, numbers: Collection[str]) -> list[Incident]:
        """The incidents that carry one of these numbers and are not struck out, oldest first."""
        query = select(_incidents).join(*_numbered()).where(~_incidents.c.void).order_by(_incidents.c.fid)
        return [each for _fid, each in self._sound(Incident, query, {"wanted": json.dumps(sorted(numbers))})]

    def repeated_numbers(self, among: Collection[str] | None = None) -> list[str]:
        """The numbers that more than one incident carries; `among` these, or all, which reads their whole
        index and counts struck-out ones too."""
        if among is None:
            by = (func.length(_incidents.c.number), _incidents.c.number)
            query = select(_incidents.c.number).group_by(*by)
        else:
            query = select(_incidents.c.number).join(*_numbered()).where(~_incidents.c.void)
            query = query.group_by(_incidents.c.number)
        wanted = {} if among is None else {"wanted": json.dumps(sorted(among))}
        return list(self._desk.scalars(query.having(func.count() > 1), wanted))

    def kept(self, name: str) -> Any | None:
        """What the desk keeps beside the records under this name (layers, views), or None."""
        return desk_state.kept(self._desk, name)


def _numbered() -> tuple[Any, Any]:
    """The wanted numbers and how incidents are found by them, for a join."""
    each = func.json_each(bindparam("wanted")).table_valued("value")
    number = _incidents.c.number
    return each, (func.length(number) == func.length(each.c.value)) & (number == each.c.value)


@cache
def _by_id(kind: type[Record]) -> Select[Any]:
    table = schema.TABLE_OF[kind]
    return select(table).where(table.c.id == bindparam("wanted"))


@cache
def _by_ids(kind: type[Record]) -> Select[Any]:
    table = schema.TABLE_OF[kind]
    each = func.json_each(bindparam("wanted")).table_valued("value")
    return select(table).where(table.c.id.in_(select(each.c.value)))


def _conditions(table: Table, void: bool | None, equals: dict[str, Any]) -> list[Any]:
    conditions = [_condition(table.c[name], wanted) for name, wanted in equals.items()]
    return conditions if void is None else [*conditions, table.c.void == void]


def _condition(column: Column[Any], wanted: Any) -> Any:
    match wanted:
        case None:
            return column.is_(None)
        case From(at):
            return func.likelihood(column >= at, literal_column("0.01"))  # few are: worth an index and a sort
        case _:
            return column == wanted


def meets(value: Any, wanted: Any) -> bool:
    """True when the value of a field is what `find` was asked for."""
    return value is not None and value >= wanted.at if isinstance(wanted, From) else value == wanted
