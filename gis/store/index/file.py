"""What stands in `index.sqlite`: words, places and counts of incidents and notes, made again at any time."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection

from gis.model.incident import Severity, Status
from gis.store.index import bigrams
from gis.store.tables.geometry import from_blob

FORMAT = 1
LEVELS = (4, 6, 8, 10, 12, 14, 16)  # a cell of level z is 360 / 2**z degrees wide and high
DAY_US = 86_400_000_000
INCIDENT, NOTE = 0, 1
STRUCK = 8  # added to the position of the status
STATUSES, SEVERITIES = list(Status), list(Severity)
_LOW_BITS = 24  # of an entry's number; above them its second, so that a greater number is a newer entry
# Before 3.43 a table without content cannot forget a row; there it keeps a copy.
_LEAN = "content='', contentless_delete=1, "
TABLES = (
    "CREATE TABLE mark (format INTEGER, actor TEXT, n INTEGER, edit TEXT, incidents INTEGER, notes INTEGER,"
    " filled INTEGER)",
    "CREATE TABLE entry (no INTEGER PRIMARY KEY, kind INTEGER NOT NULL, fid INTEGER NOT NULL,"
    " struck INTEGER NOT NULL, UNIQUE (kind, fid))",
    "CREATE VIRTUAL TABLE words USING fts5(body, {lean}prefix='1', tokenize='ascii')",
    "CREATE TABLE map (fid INTEGER PRIMARY KEY, state INTEGER NOT NULL, at_us INTEGER NOT NULL, x REAL,"
    " y REAL, severity INTEGER NOT NULL, code TEXT NOT NULL)",
    "CREATE INDEX map_by_state ON map (state, at_us, x, y, severity, code)",
    "CREATE VIRTUAL TABLE spot USING rtree(id, min_x, max_x, min_y, max_y)",
    "CREATE TABLE cell (level INTEGER, row INTEGER, col INTEGER, state INTEGER, count INTEGER NOT NULL,"
    " PRIMARY KEY (level, row, col, state)) WITHOUT ROWID",
    "CREATE TABLE day (state INTEGER, day INTEGER, count INTEGER NOT NULL, PRIMARY KEY (state, day))"
    " WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the index has read, and in whose journal: entry `n` of `actor`'s file is named `edit`.

    `incidents` and `notes` say up to which row the first reading has come; then it is `filled`.
    """

    format: int
    actor: str
    n: int
    edit: str
    incidents: int = 0
    notes: int = 0
    filled: int = 0


def lay_out(index: Connection, mark: Mark, version: Sequence[int]) -> None:
    """Make the index empty, whatever was in it."""
    views = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for listed in (views, tables):
        for (name,) in index.exec_driver_sql(listed).all():
            index.exec_driver_sql(f'DROP TABLE "{name}"')
    for statement in TABLES:
        index.exec_driver_sql(statement.format(lean=_LEAN if tuple(version) >= (3, 43) else ""))
    keep_mark(index, mark)


def keep_mark(index: Connection, mark: Mark) -> None:
    index.exec_driver_sql("DELETE FROM mark")
    values = (mark.format, mark.actor, mark.n, mark.edit, mark.incidents, mark.notes, mark.filled)
    index.exec_driver_sql("INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def mark_of(index: Connection) -> Mark | None:
    """How far it has read; None when it is new. Raises `DatabaseError` when it is something else."""
    if not index.exec_driver_sql("SELECT 1 FROM sqlite_schema LIMIT 1").first():
        return None
    row = index.exec_driver_sql("SELECT format, actor, n, edit, incidents, notes, filled FROM mark").first()
    return None if row is None else Mark(*row)


INCIDENT_ROWS = (
    'SELECT fid, void, number, "where", text, status, severity, code, closed_at, reported_at, place'
    " FROM incidents"
)
NOTE_ROWS = "SELECT fid, void, text, at FROM notes"


def write_incidents(index: Connection, rows: Sequence[Any]) -> None:
    """Make the index agree with these rows of `INCIDENT_ROWS`."""
    fids = [row.fid for row in rows]
    at_us = micros([row.reported_at for row in rows])
    x, y = _spots([row.place for row in rows])
    states = [_state(row) for row in rows]
    severities = [position(SEVERITIES, row.severity) for row in rows]
    codes = [row.code for row in rows]
    drawn = list(zip(fids, states, at_us, _or_none(x), _or_none(y), severities, codes, strict=True))
    _take_off_map(index, fids)
    _many(index, "INSERT INTO map VALUES (?, ?, ?, ?, ?, ?, ?)", drawn)
    placed = [(fid, px, px, py, py) for fid, _s, _t, px, py, _v, _c in drawn if px is not None]
    _many(index, "INSERT INTO spot VALUES (?, ?, ?, ?, ?)", placed)
    _count(index, [row[1:5] for row in drawn], 1)
    bodies = [bigrams.body(row.number, row.where, row.text) for row in rows]
    _write_words(index, INCIDENT, rows, at_us, bodies)


def write_notes(index: Connection, rows: Sequence[Any]) -> None:
    """Make the index agree with these rows of `NOTE_ROWS`."""
    _write_words(
        index, NOTE, rows, micros([row.at for row in rows]), [bigrams.body(row.text) for row in rows]
    )


def _state(row: Any) -> int:
    """What has a time of closing is closed, whatever else it says."""
    status = Status.CLOSED if row.closed_at else row.status
    return position(STATUSES, status) + (STRUCK if row.void else 0)


def position(values: Sequence[str], value: Any) -> int:
    """Where a word stands in its list; the last place for a word of another program."""
    return values.index(value) if value in values else len(values) - 1


def micros(texts: Sequence[Any]) -> list[int]:
    """Moments as the files hold them, in microseconds since 1970; 0 for what another program wrote there."""
    return [_micros(text) for text in texts]


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _micros(text: Any) -> int:
    try:
        since = datetime.fromisoformat(text) - _EPOCH
    except (TypeError, ValueError):
        return 0
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _spots(blobs: Sequence[bytes | None]) -> tuple[Any, Any]:
    """One point inside each place, lon and lat; NaN where there is none."""
    shapes = np.array([None if blob is None else from_blob(blob) for blob in blobs], dtype=object)
    points = shapely.point_on_surface(shapes) if len(shapes) else shapes
    return shapely.get_x(points), shapely.get_y(points)


def _or_none(values: Any) -> list[float | None]:
    return [value if value == value else None for value in values.tolist()]


def _take_off_map(index: Connection, fids: Sequence[int]) -> None:
    old = among(index, "SELECT fid, state, at_us, x, y FROM map WHERE fid IN", fids)
    _count(index, [row[1:] for row in old], -1)
    gone = [(row.fid,) for row in old]
    _many(index, "DELETE FROM map WHERE fid = ?", gone)
    _many(index, "DELETE FROM spot WHERE id = ?", gone)


def _count(index: Connection, drawn: Sequence[Sequence[Any]], step: int) -> None:
    """Count (state, at_us, x, y) into their days and cells, or out of them."""
    days = Counter((state, at_us // DAY_US) for state, at_us, _x, _y in drawn)
    add = "ON CONFLICT DO UPDATE SET count = count + excluded.count"
    _many(index, f"INSERT INTO day VALUES (?, ?, ?) {add}", [(*key, n * step) for key, n in days.items()])
    placed = [(state, x, y) for state, _at, x, y in drawn if x is not None]
    if not placed:
        return
    states, xs, ys = (np.array(column) for column in zip(*placed, strict=True))
    for level in LEVELS:
        keys, counts = np.unique(np.stack([*cell_of(xs, ys, level), states]), axis=1, return_counts=True)
        rows = np.concatenate([np.full((1, len(counts)), level), keys, counts[None] * step])
        _many(index, f"INSERT INTO cell VALUES (?, ?, ?, ?, ?) {add}", list(map(tuple, rows.T.tolist())))


def cell_of(x: Any, y: Any, level: int) -> tuple[Any, Any]:
    """Row and column of the cells that hold these places, from the south-west corner of the world."""
    side = cell_size(level)
    return np.floor((np.asarray(y) + 90) / side).astype(np.int64), np.floor(
        (np.asarray(x) + 180) / side
    ).astype(np.int64)


def cell_size(level: int) -> float:
    """Degrees."""
    return 360 / 2**level


def _write_words(
    index: Connection, kind: int, rows: Sequence[Any], at_us: Sequence[int], bodies: Sequence[str]
) -> None:
    fids = [row.fid for row in rows]
    old = among(index, f"SELECT no, fid FROM entry WHERE kind = {kind} AND fid IN", fids)
    gone = [(row.no,) for row in old]
    _many(index, "DELETE FROM words WHERE rowid = ?", gone)
    _many(index, "DELETE FROM entry WHERE no = ?", gone)
    wanted = [_number(moment, kind, fid) for moment, fid in zip(at_us, fids, strict=True)]
    numbers = _free(
        wanted, lambda some: {row.no for row in among(index, "SELECT no FROM entry WHERE no IN", some)}
    )
    entries = [(no, kind, row.fid, int(row.void)) for no, row in zip(numbers, rows, strict=True)]
    _many(index, "INSERT INTO entry VALUES (?, ?, ?, ?)", entries)
    _many(index, "INSERT INTO words (rowid, body) VALUES (?, ?)", list(zip(numbers, bodies, strict=True)))


def _number(at_us: int, kind: int, fid: int) -> int:
    low = (fid << 1 | kind) & ((1 << _LOW_BITS) - 1)
    return (at_us // 1_000_000 << _LOW_BITS) + low


def _free(wanted: Iterable[int], taken: Callable[[Sequence[int]], set[int]]) -> list[int]:
    """The wanted numbers, each moved on to the next that is free (entries millions apart may meet)."""
    wanted = list(wanted)
    used = taken(wanted)
    numbers: list[int] = []
    for number in wanted:
        while number in used:
            number += 1
            used |= taken([number])
        used.add(number)
        numbers.append(number)
    return numbers


def _many(index: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        index.exec_driver_sql(statement, rows if len(rows) > 1 else rows[0])


def among(connection: Connection, statement: str, values: Sequence[Any]) -> list[Any]:
    """The rows of a statement that ends in `IN`, for any number of values."""
    batches = (values[at : at + 500] for at in range(0, len(values), 500))
    return list(
        chain.from_iterable(
            connection.exec_driver_sql(f"{statement} ({', '.join('?' * len(some))})", tuple(some)).all()
            for some in batches
        )
    )
