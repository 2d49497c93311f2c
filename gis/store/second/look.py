"""What a second copy sees of an operation: everything that was committed since it looked last."""

import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select, text

from gis.store.second import readings as second_readings
from gis.store.second.base import Generation
from gis.store.second.spool import Cursor, Entry, Frame
from gis.store.tables import schema
from gis.store.tables.geometry import time_text

_MOST_ENTRIES = 20_000  # in one frame, unless one step is larger
LOCAL: tuple[Table, ...] = (schema.desk_state, schema.judged, schema.arrival)
PERSONAL, ERASED = "personal", "erased"  # names of rows in a frame
_NEW_PERSONAL = text("SELECT name, salt, value FROM personal WHERE rowid > :after AND value IS NOT NULL")
_ERASED = text("SELECT name FROM personal WHERE value IS NULL")


# As plain text: times stay as they are written.
_WATCHED = {
    table.name: (text(f"SELECT {', '.join(table.c.keys())} FROM {table.name}"), table.c.keys())
    for table in LOCAL
} | {ERASED: (_ERASED, ["name"])}


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is on the medium: how far it reaches, and the rows of each local table as they were."""

    cursor: Cursor
    rows: Mapping[str, frozenset[tuple[Any, ...]]] = field(
        default_factory=dict[str, frozenset[tuple[Any, ...]]]
    )


def upto(desk: Connection) -> int:
    """The number of the newest edit; 0 while there is none."""
    return desk.scalar(select(func.max(schema.journal.c.n))) or 0


def _tip(desk: Connection, n: int) -> str:
    return desk.scalar(select(schema.journal.c.edit).where(schema.journal.c.n == n)) or ""


def leads_here(desk: Connection, readings: Connection, cursor: Cursor) -> bool:
    """Whether this operation is what became of the one that a copy reaching so far was made of."""
    return _tip(desk, cursor.upto) == cursor.tip and second_readings.leads_here(readings, cursor)


def now_at(desk: Connection, readings: Connection) -> Cursor:
    newest = upto(desk)
    personal = desk.exec_driver_sql("SELECT max(rowid) FROM personal").scalar() or 0
    return second_readings.now_at(readings, Cursor(newest, _tip(desk, newest), personal=personal))


def name_for(at: datetime) -> str:
    """A name that sorts by time and that nobody else will choose."""
    return f"{at:%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"


def generation(
    desk: Connection, readings: Connection, folder: Path, at: datetime, operation: dict[str, Any]
) -> Generation:
    """What the manifest of a base made of these looks will say."""
    entries = desk.scalar(select(func.count()).select_from(schema.journal)) or 0
    return Generation(folder, at, operation, now_at(desk, readings), entries, {})


def frames(
    desk: Connection, readings: Connection, shipped: Shipped, at: datetime
) -> Generator[tuple[Frame, Shipped]]:
    """Everything committed since `shipped`, in frames, each with what is shipped once it is written.

    Readings come first, as they do in the store, then the edits step by step, and the local rows with the
    last of them: a copy that ends behind any frame is a state in which the desk could have been killed.
    """
    cursor, stamp = shipped.cursor, time_text(at)
    for part in second_readings.fresh(readings, cursor):
        cursor = part.cursor
        yield Frame(stamp, cursor, (), part.tables, part.packed), replace(shipped, cursor=cursor)
    apart = [dict(row) for row in desk.execute(_NEW_PERSONAL, {"after": cursor.personal}).mappings()]
    if apart:
        cursor = replace(cursor, personal=now_at(desk, readings).personal)
        yield Frame(stamp, cursor, (), {PERSONAL: apart}), replace(shipped, cursor=cursor)
    changed, rows = _changed(desk, shipped.rows)
    parts = list(_entries(desk, cursor.upto)) or ([()] if changed else [])
    for part in parts:
        if part:
            cursor = replace(cursor, upto=part[-1].n, tip=_tip(desk, part[-1].n))
        is_last = part is parts[-1]
        known = Shipped(cursor, rows if is_last else shipped.rows)
        yield Frame(stamp, cursor, tuple(part), changed if is_last else {}), known


def _changed(
    desk: Connection, before: Mapping[str, frozenset[tuple[Any, ...]]]
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, frozenset[tuple[Any, ...]]]]:
    """The local rows that differ from those before, and all of them as they are now."""
    rows = {name: frozenset(map(tuple, desk.execute(query))) for name, (query, _columns) in _WATCHED.items()}
    changed = {
        name: [dict(zip(columns, row, strict=True)) for row in sorted(new)]
        for name, (_query, columns) in _WATCHED.items()
        if (new := rows[name] - before.get(name, frozenset()))
    }
    return changed, rows


def _entries(desk: Connection, after: int) -> Generator[Sequence[Entry]]:
    """The edits after a number in parts that end where a step, or an act of receiving, ended."""
    found = desk.exec_driver_sql(
        "SELECT n, body, received_at, arrival, step FROM journal WHERE n > ? ORDER BY n",
        (after,),
    )
    part: list[Entry] = []
    last: Row[Any] | None = None
    for row in found:
        if len(part) >= _MOST_ENTRIES and last is not None and not _together(last, row):
            yield part
            part = []
        part.append(Entry(row.n, row.body, row.received_at, row.arrival))
        last = row
    if part:
        yield part


def _together(one: Row[Any], next_: Row[Any]) -> bool:
    same_act = one.arrival is not None and one.arrival == next_.arrival
    return same_act or one.step == next_.step
