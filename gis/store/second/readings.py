"""Readings on their way into a second copy and out of it: the blobs of the commits since, packed tighter.

A blob that was sealed before it could be copied is found again in the chunks made since: readings that come
twice change nothing.
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, func, select

from gis.model.record import Readings, from_us
from gis.store.readings import rejects, tail
from gis.store.readings.chunks import Damaged, decoded
from gis.store.readings.rejects import Rejected
from gis.store.readings.tail import Columns
from gis.store.second.spool import Cursor, Frame
from gis.store.tables import schema

_MOST_ROWS = 500_000  # in one frame
_TYPES = (np.int32, np.int64, np.float64, np.uint8)
_COUNT = 8


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the readings that came since: packed, with the rows they need, and how far they reach."""

    cursor: Cursor
    packed: bytes = b""
    tables: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])


def leads_here(readings: Connection, cursor: Cursor) -> bool:
    """Whether numbers that a copy knows were given here at all."""
    return _last(readings, schema.pending) >= cursor.pending


def now_at(readings: Connection, cursor: Cursor) -> Cursor:
    """This cursor, with everything there is of readings."""
    return replace(
        cursor,
        pending=_last(readings, schema.pending),
        chunk=_last(readings, schema.chunk),
        reject=_last(readings, schema.reject),
        sensors=readings.scalar(select(func.max(schema.instrument.c.no))) or 0,
    )


def _last(readings: Connection, table: Table) -> int:
    """The last number a table gave, whether its row is still there or not."""
    given = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    return readings.exec_driver_sql(given, (table.name,)).scalar() or 0


def fresh(readings: Connection, cursor: Cursor) -> Generator[Part]:
    """What was committed since `cursor`, in parts that fit into memory."""
    end = now_at(readings, cursor)
    tables = _rows_since(readings, cursor)
    if tables:
        cursor = replace(cursor, sensors=end.sensors, reject=end.reject)
        yield Part(cursor, tables=tables)
    pending = schema.pending
    waiting = select(pending.c.n, pending.c.rows, pending.c.data).where(pending.c.n > cursor.pending)
    blobs = readings.execute(waiting.order_by(pending.c.n)).yield_per(100)
    count = readings.scalar(select(func.count()).where(pending.c.n > cursor.pending)) or 0
    if count < end.pending - cursor.pending:
        for number, packed in _packed(_sealed_since(readings, cursor.chunk)):
            cursor = replace(cursor, chunk=number)
            yield Part(cursor, packed)
    for number, packed in _packed(_opened(blobs)):
        cursor = replace(cursor, pending=number)
        yield Part(cursor, packed)
    if cursor.pending < end.pending:  # the rest is in chunks, which went before
        cursor = replace(cursor, pending=end.pending)
        yield Part(cursor)
    if cursor.chunk < end.chunk:
        yield Part(replace(cursor, chunk=end.chunk))


def _rows_since(readings: Connection, cursor: Cursor) -> dict[str, list[dict[str, Any]]]:
    """New sensors by number, and lines set aside."""
    sensor, reject = schema.instrument, schema.reject
    new = readings.execute(select(sensor.c.no, sensor.c.sensor).where(sensor.c.no > cursor.sensors))
    lines = readings.execute(select(reject).where(reject.c.n > cursor.reject).order_by(reject.c.n))
    found = {
        sensor.name: [{"no": row.no, "sensor": row.sensor} for row in new],
        reject.name: [dict(row) | {"raw": b64encode(row["raw"]).decode()} for row in lines.mappings()],
    }
    return {name: rows for name, rows in found.items() if rows}


def _opened(blobs: Iterable[Any]) -> Generator[tuple[int, Columns]]:
    for row in blobs:
        with suppress(Damaged):  # the check of the operation tells of it; the base has its bytes
            yield row.n, tail.unpack(row.data)


def _sealed_since(readings: Connection, after: int) -> Generator[tuple[int, Columns]]:
    table = schema.chunk
    wanted = select(table).where(table.c.id > after, table.c.no > 0).order_by(table.c.id)
    for row in readings.execute(wanted).yield_per(100).mappings():
        with suppress(Damaged):
            series = decoded({**row})
            which = np.full(len(series), row["no"], np.int32)
            yield row["id"], Columns(which, series.at_us, series.value, series.quality)


def _packed(parts: Iterable[tuple[int, Columns]]) -> Generator[tuple[int, bytes]]:
    """Parts put together until they are large enough, each with the number of the last."""
    waiting: list[Columns] = []
    last = rows = 0
    for last, columns in parts:
        waiting.append(columns)
        rows += len(columns)
        if rows >= _MOST_ROWS:
            yield last, pack(tail.stacked(waiting))
            waiting, rows = [], 0
    if waiting:
        yield last, pack(tail.stacked(waiting))


def pack(columns: Columns) -> bytes:
    """Columns as few bytes: differences of numbers and times, bytes of one weight side by side."""
    steps = (np.diff(columns.no, prepend=np.int32(0)), np.diff(columns.at_us, prepend=np.int64(0)))
    planes = [_planes(column) for column in (*steps, columns.value, columns.quality)]
    return zlib.compress(len(columns).to_bytes(_COUNT, "little") + b"".join(planes), 1)


def _planes(column: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(column).view(np.uint8).reshape(len(column), -1).T.tobytes()


def unpack(packed: bytes) -> Columns:
    """The inverse of `pack`; the digest of the frame has vouched for the bytes."""
    content = zlib.decompress(packed)
    count, start = int.from_bytes(content[:_COUNT], "little"), _COUNT
    found: list[NDArray[Any]] = []
    for kind in _TYPES:
        size = np.dtype(kind).itemsize
        planes = np.frombuffer(content, np.uint8, count * size, start).reshape(size, count)
        found.append(np.ascontiguousarray(planes.T).view(kind).reshape(count))
        start += count * size
    no, at_us, value, quality = found
    return Columns(np.cumsum(no, dtype=np.int32), np.cumsum(at_us, dtype=np.int64), value, quality)


def set_aside(readings: Connection, frames: Sequence[Frame]) -> None:
    """Keep the lines that the frames say were set aside."""
    for frame in frames:
        rows = frame.tables.get(schema.reject.name, ())
        lines = [
            Rejected(from_us(r["at"]), r["source"], r["line"], b64decode(r["raw"]), r["reason"]) for r in rows
        ]
        rejects.add(readings, lines)


def names(readings: Connection, frames: Sequence[Frame]) -> dict[int, str]:
    """The sensors by number: those the base knows and those that reported first after it."""
    table = schema.instrument
    found = {row.no: row.sensor for row in readings.execute(select(table.c.no, table.c.sensor))}
    later = (row for frame in frames for row in frame.tables.get(table.name, ()))
    return found | {row["no"]: row["sensor"] for row in later}


def told(columns: Columns, sensors: Mapping[int, str]) -> tuple[Readings, int]:
    """Readings by sensor, and how many are left out because nobody says which sensor they are of."""
    known = np.isin(columns.no, list(sensors))
    columns = columns.take(np.flatnonzero(known))
    numbers, which = np.unique(columns.no, return_inverse=True)
    ids = tuple(sensors[number] for number in numbers.tolist())
    made = Readings(ids, which.astype(np.int32), columns.at_us, columns.value, columns.quality)
    return made, int((~known).sum())
