"""Named questions to the index: which entries hold these words, and what happened in this box and time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.model.incident import Incident, Note, Status
from gis.model.record import Record
from gis.store.index import Index, Look, bigrams
from gis.store.index import file as index_file
from gis.store.index.file import DAY_US, INCIDENT, LEVELS, NOTE, STATUSES, STRUCK
from gis.store.readings.series import to_us

OPEN = frozenset(Status) - {Status.CLOSED}
Box = tuple[float, float, float, float]
MOST_HITS, MOST_SINGLY = 200, 20_000  # more single ones take longer to hand over than to find
_ROW_BY_BOX = 20  # a row found by its place costs as much as this many passed over in the order of time
_ACROSS = 64  # cells that are told apart from one side of a box to the other


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that holds the words. `text` is the field where the first of them stands, at `start`, `length`
    characters long (0 when the words stand there in another form). `incident_id` is the incident it leads to.
    """

    kind: type[Record]
    id: str
    number: str
    text: str
    start: int
    length: int
    at: datetime
    incident_id: str | None
    void: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """The newest hits first; `more` when there were more; `unread` entries are still to be taken in."""

    hits: tuple[Hit, ...]
    more: bool = False
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Incidents:
    """Incidents one by one, newest first: arrays of one length. Places are lon/lat WGS84, NaN where unknown;
    `fid` is their row in the desk's file, `at_us` microseconds since 1970 UTC, `status` a place in `Status`,
    `priority` 1 to 5.
    """

    fid: NDArray[np.int64]
    at_us: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    status: NDArray[np.int64]
    priority: NDArray[np.int64]
    code: tuple[str, ...]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Crowd:
    """Too many to be told one by one: how many in each cell of `side` degrees that the box touches.

    `lon`, `lat` are the cells' middles. Incidents without a place are in no cell.
    """

    side: float
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    count: NDArray[np.int64]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Newest:
    """The ids of those reported last, newest first, out of `count`; `unread` as in `Findings`."""

    ids: tuple[str, ...]
    count: int
    unread: int = 0


def newest_closed(index: Index, limit: int) -> Newest:
    """The closed incidents reported last, at most `limit` of them; struck-out ones are left out."""
    return index.ask(lambda look: _newest(look, STATUSES.index(Status.CLOSED), limit))


def named(index: Index, fids: Sequence[int]) -> dict[int, str]:
    """The ids of incidents, by the number of their row in the desk's file."""
    if not fids:
        return {}
    statement = "SELECT fid, id FROM incidents WHERE fid IN"
    return index.ask(lambda look: {row.fid: row.id for row in index_file.among(look.desk, statement, fids)})


def _newest(look: Look, state: int, limit: int) -> Newest:
    query = (
        "SELECT fid FROM map INDEXED BY map_by_state WHERE state = ? ORDER BY at_us DESC, fid DESC LIMIT ?"
    )
    fids = [fid for (fid,) in look.index.exec_driver_sql(query, (state, limit))]
    rows = index_file.among(look.desk, "SELECT fid, id FROM incidents WHERE fid IN", fids)
    ids = {row.fid: row.id for row in rows}
    all_there = "SELECT coalesce(sum(count), 0) FROM day WHERE state = ?"
    count = look.index.exec_driver_sql(all_there, (state,)).scalar_one()
    return Newest(tuple(ids[fid] for fid in fids if fid in ids), count, look.unread)


def found(index: Index, text: str, limit: int = MOST_HITS, *, void: bool = False) -> Findings:
    """Incidents (number, place in words, text) and notes that hold every word of `text`, newest first.

    A word may be part of a longer one; case, accents and signs do not matter. Struck-out ones only if asked.
    """
    asked = bigrams.asked(text)
    if not asked:
        return Findings(())
    return index.ask(lambda look: _found(look, asked, bigrams.words(text)[0], limit, void))


def _found(look: Look, asked: str, first: str, limit: int, void: bool) -> Findings:
    struck = "" if void else " AND entry.struck = 0"
    entries = look.index.exec_driver_sql(
        "SELECT entry.kind, entry.fid FROM words CROSS JOIN entry ON entry.no = words.rowid"
        f" WHERE words MATCH ?{struck} ORDER BY words.rowid DESC LIMIT ?",
        (asked, limit + 1),
    ).all()
    shown = entries[:limit]
    hits = _incident_hits(look, shown, first) | _note_hits(look, shown, first)
    listed = [hits[entry.kind, entry.fid] for entry in shown if (entry.kind, entry.fid) in hits]
    return Findings(tuple(listed), len(entries) > limit, look.unread)


def _incident_hits(look: Look, entries: Collection[Any], word: str) -> dict[tuple[int, int], Hit]:
    fids = [entry.fid for entry in entries if entry.kind == INCIDENT]
    statement = 'SELECT fid, id, void, number, "where", text, reported_at FROM incidents WHERE fid IN'
    hits: dict[tuple[int, int], Hit] = {}
    for row in index_file.among(look.desk, statement, fids):
        text, start, length = _placed(word, (row.text, row.where, row.number))
        at = datetime.fromisoformat(row.reported_at)
        hits[INCIDENT, row.fid] = Hit(
            Incident, row.id, row.number, text, start, length, at, row.id, bool(row.void)
        )
    return hits


def _note_hits(look: Look, entries: Collection[Any], word: str) -> dict[tuple[int, int], Hit]:
    fids = [entry.fid for entry in entries if entry.kind == NOTE]
    statement = (
        "SELECT notes.fid, notes.id, notes.void, notes.text, notes.at, incidents.number, notes.incident_id"
        " FROM notes LEFT JOIN incidents ON incidents.id = notes.incident_id WHERE notes.fid IN"
    )
    hits: dict[tuple[int, int], Hit] = {}
    for row in index_file.among(look.desk, statement, fids):
        text, start, length = _placed(word, (row.text,))
        at = datetime.fromisoformat(row.at)
        hits[NOTE, row.fid] = Hit(
            Note, row.id, row.number or "", text, start, length, at, row.incident_id, bool(row.void)
        )
    return hits


def _placed(word: str, texts: tuple[str, ...]) -> tuple[str, int, int]:
    for text in texts:
        place = bigrams.place_of(word, text)
        if place is not None:
            return text, *place
    return texts[0], 0, 0


def incidents_within(
    index: Index,
    box: Box | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    status: Collection[Status] = (),
    limit: int = MOST_SINGLY,
    *,
    void: bool = False,
) -> Incidents | Crowd:
    """Incidents inside a box (west, south, east, north; lon/lat WGS84) reported in [since, until].

    `status` empty means any (`OPEN`: those not closed; what has a time of closing is closed). A box of None
    means anywhere, and takes in those without a place. An area lies where a point inside it lies. Where more
    than `limit` match, they come as a `Crowd` instead. Struck-out ones only if asked.
    """
    wanted = _Wanted(
        _states(status, void),
        -(2**62) if since is None else to_us(since),
        2**62 if until is None else to_us(until),
        box,
    )
    return index.ask(lambda look: _within(look, wanted, limit))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A question as numbers: state codes, microseconds, degrees."""

    states: tuple[int, ...]
    since: int
    until: int
    box: Box | None

    @property
    def in_state(self) -> str:
        return f"state IN ({', '.join(map(str, self.states))})"

    def within(self, box: Box | None) -> tuple[str, tuple[float, ...]]:
        """The condition on a row of the map, and its values."""
        words, values = f"{self.in_state} AND at_us BETWEEN ? AND ?", (self.since, self.until)
        if box is None:
            return words, values
        west, south, east, north = box
        return f"{words} AND x BETWEEN ? AND ? AND y BETWEEN ? AND ?", (*values, west, east, south, north)


def _states(status: Collection[Status], void: bool) -> tuple[int, ...]:
    standing = [at for at, each in enumerate(STATUSES) if not status or each in status]
    return (*standing, *(at + STRUCK for at in standing if void))


def _within(look: Look, wanted: _Wanted, limit: int) -> Incidents | Crowd:
    by_time, everything = _in_days(look, wanted), _in_days(look, None)
    by_box = everything if wanted.box is None else _in_cells(look, wanted, wanted.box)
    if by_time * by_box / max(everything, 1) > limit / 2 and _is_more(look, wanted, limit):
        return _crowd(look, wanted)
    columns = "map.fid, map.at_us, map.x, map.y, map.state, map.severity, map.code"
    if wanted.box is not None and by_box * _ROW_BY_BOX < by_time:
        rows = _by_place(look, wanted, wanted.box, columns, limit)
    else:
        where, values = wanted.within(wanted.box)
        order = f"WHERE {where} ORDER BY at_us DESC, fid DESC LIMIT ?"
        query = f"SELECT {columns} FROM map INDEXED BY map_by_state {order}"
        rows = _tuples(look, query, (*values, limit + 1))
    return _crowd(look, wanted) if len(rows) > limit else _singly(rows, look.unread)


def _by_place(look: Look, wanted: _Wanted, box: Box, columns: str, limit: int) -> Any:
    where, values = wanted.within(box)
    west, south, east, north = box
    query = (
        f"SELECT {columns} FROM spot CROSS JOIN map ON map.fid = spot.id"
        " WHERE max_x >= ? AND min_x <= ? AND max_y >= ? AND min_y <= ?"
        f" AND {where} ORDER BY at_us DESC, map.fid DESC LIMIT ?"
    )
    return _tuples(look, query, (west, east, south, north, *values, limit + 1))


def _tuples(look: Look, query: str, values: tuple[float, ...]) -> list[tuple[Any, ...]]:
    """As the driver gives them: rows with names cost more than finding them."""
    with look.index.exec_driver_sql(query, values) as result:
        return [] if result.cursor is None else list(result.cursor.fetchall())


def _is_more(look: Look, wanted: _Wanted, limit: int) -> bool:
    where, values = wanted.within(wanted.box)
    query = f"SELECT count(*) FROM (SELECT 1 FROM map INDEXED BY map_by_state WHERE {where} LIMIT ?)"
    return look.index.exec_driver_sql(query, (*values, limit + 1)).scalar_one() > limit


def _in_days(look: Look, wanted: _Wanted | None) -> int:
    """How many there are in these states on the days that the time touches; all there are for None."""
    if wanted is None:
        return look.index.exec_driver_sql("SELECT coalesce(sum(count), 0) FROM day").scalar_one()
    query = f"SELECT coalesce(sum(count), 0) FROM day WHERE {wanted.in_state} AND day BETWEEN ? AND ?"
    days = (wanted.since // DAY_US, wanted.until // DAY_US)
    return look.index.exec_driver_sql(query, days).scalar_one()


def _in_cells(look: Look, wanted: _Wanted, box: Box) -> int:
    where, values = _cells(_level(box), box)
    query = f"SELECT coalesce(sum(count), 0) FROM cell WHERE {where} AND {wanted.in_state}"
    return look.index.exec_driver_sql(query, values).scalar_one()


def _level(box: Box) -> int:
    """The finest cells of which no more than some 64 lie across the box."""
    west, south, east, north = box
    widest = max(east - west, north - south, 1e-9)
    return max((z for z in LEVELS if index_file.cell_size(z) * _ACROSS >= widest), default=LEVELS[0])


def _cells(level: int, box: Box) -> tuple[str, tuple[int, ...]]:
    west, south, east, north = box
    (low, high), (left, right) = index_file.cell_of([west, east], [south, north], level)
    where = "level = ? AND row BETWEEN ? AND ? AND col BETWEEN ? AND ?"
    return where, (level, int(low), int(high), int(left), int(right))


def _crowd(look: Look, wanted: _Wanted) -> Crowd:
    box = wanted.box or (-180.0, -90.0, 180.0, 90.0)
    level = _level(box)
    side = index_file.cell_size(level)
    where, values = _cells(level, box)
    if _is_bounded(look, wanted):
        rows = _counted(look, wanted, side, values)
    else:
        query = f"SELECT row, col, sum(count) FROM cell WHERE {where} AND {wanted.in_state} GROUP BY row, col"
        rows = look.index.exec_driver_sql(query, values).all()
    cells = np.array([tuple(row) for row in rows if row[2]], dtype=np.int64).reshape(-1, 3)
    middles = (cells[:, :2].astype(np.float64) + 0.5) * side
    return Crowd(side, middles[:, 1] - 180, middles[:, 0] - 90, cells[:, 2], look.unread)


def _is_bounded(look: Look, wanted: _Wanted) -> bool:
    """Whether the time leaves anything out; the counts of the cells know no time."""
    query = f"SELECT EXISTS (SELECT 1 FROM map WHERE {wanted.in_state} AND at_us"
    edges = (("<", wanted.since), (">", wanted.until))
    return any(look.index.exec_driver_sql(f"{query} {sign} ?)", (at,)).scalar_one() for sign, at in edges)


def _counted(look: Look, wanted: _Wanted, side: float, cells: tuple[int, ...]) -> Any:
    """The cells of a time, counted from the incidents: (row, col, how many)."""
    _level, low, high, left, right = cells
    touched = (left * side - 180, low * side - 90, (right + 1) * side - 180, (high + 1) * side - 90)
    where, values = wanted.within(touched)
    row, col = f"CAST((y + 90) / {side!r} AS INTEGER)", f"CAST((x + 180) / {side!r} AS INTEGER)"
    query = (
        f"SELECT {row} AS row, {col} AS col, count(*) FROM map INDEXED BY map_by_state WHERE {where}"
        " AND row BETWEEN ? AND ? AND col BETWEEN ? AND ? GROUP BY row, col"
    )
    return look.index.exec_driver_sql(query, (*values, low, high, left, right)).all()


def _singly(rows: Any, unread: int) -> Incidents:
    fid, at_us, x, y, state, severity, code = zip(*rows, strict=True) if rows else ((),) * 7
    return Incidents(
        fid=np.array(fid, dtype=np.int64),
        at_us=np.array(at_us, dtype=np.int64),
        lon=np.array(x, dtype=np.float64),
        lat=np.array(y, dtype=np.float64),
        status=np.array(state, dtype=np.int64) % STRUCK,
        priority=np.array(severity, dtype=np.int64) + 1,
        code=tuple(code),
        unread=unread,
    )
