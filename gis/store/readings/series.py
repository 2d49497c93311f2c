"""Readings: facts appended once, in a file of their own beside the records.

A commit adds one blob; sealing (`seal.py`) turns blobs into compressed chunks of one sensor each. A look
sees both. The identity of a reading is its sensor, its time in microseconds and its value (-0.0 is 0.0): two
values for one instant are both kept, and the same again changes nothing, whatever its quality.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert

from gis.errors import UserError
from gis.model.record import Quality, Reading, Readings, from_us, to_us
from gis.store.readings import thin
from gis.store.readings.chunks import EMPTY, Damaged, Series, decoded, held, joined, merged, opened, repeats
from gis.store.readings.mirror import Mirror, Register, reading_of, stamp
from gis.store.readings.tail import NEVER, Columns, Newest
from gis.store.tables import schema
from gis.texts import _

_BLOBS = "SELECT t0, t1, n, codec, crc, at, value, quality FROM chunk"
_OUTLINE = "SELECT t0, t1, tmin, vmin, tmax, vmax, tdoubt, vdoubt, doubt FROM chunk"
_RANGE = (
    " WHERE no = :no AND t0 <= :until AND t1 >= :since AND t0 >="
    " coalesce((SELECT max(t0) FROM chunk WHERE no = :no AND t0 <= :since), :since) ORDER BY t0"
)
_CONCERNED = (
    "WITH asked AS MATERIALIZED (SELECT value ->> 0 AS no, value ->> 1 AS since, value ->> 2 AS until"
    " FROM json_each(:wanted))"
    " SELECT c.no, c.t0, c.t1, c.n, c.codec, c.crc, c.at, c.value, c.quality"
    " FROM asked AS a CROSS JOIN chunk AS c ON c.no = a.no AND c.t0 <= a.until AND c.t1 >= a.since"
    " AND c.t0 >= coalesce((SELECT max(t0) FROM chunk WHERE no = a.no AND t0 <= a.since), a.since)"
)
_BEFORE = _BLOBS + " WHERE no = :no AND t0 <= :until ORDER BY t0 DESC LIMIT 1"
_APPENDED = "SELECT seq FROM sqlite_sequence WHERE name = 'pending'"
_FOREVER = np.iinfo(np.int64).max


class Sight:
    """The readings at one moment, together with those this very step has appended.

    `connection` is in a transaction on the readings' file; `mirror` is the store's.
    """

    def __init__(self, connection: Connection, mirror: Mirror) -> None:
        self.connection, self._mirror = connection, mirror
        self._begun = False
        self._register: Register
        self._pieces: list[Columns] = []  # the tail, then what was appended here
        self._newest = Newest()
        self._mine: dict[str, int] = {}  # numbers of sensors that reported here for the first time

    def _begin(self) -> None:
        """Fix what was there before this step; later it could not be told from its own."""
        if self._begun:
            return
        seen = stamp(self.connection)
        self._register = self._mirror.register(self.connection, seen)
        self._newest = self._register.sealed.copy(seen.most + 1)
        if seen.first is not None and seen.last is not None:
            columns, newest = self._mirror.tail.seen(self.connection, seen.first, seen.last)
            self._pieces.append(columns)
            if len(newest.reach) > seen.most + 1:  # what waits names a sensor that is not in the list
                raise UserError(
                    _("The list of instruments beside the readings is damaged."),
                    hint=_("Incidents and notes are whole. A second copy may hold the readings."),
                )
            self._newest.join(newest)
        self._begun = True

    def number(self, sensor: str) -> int | None:
        self._begin()
        return self._mine.get(sensor) or self._register.numbers.get(sensor)

    def read(self, sensor: str, since: int | None = None, until: int | None = None) -> Series:
        """The readings of one sensor in [since, until] (microseconds UTC), by time and value."""
        no = self.number(sensor)
        if no is None:
            return EMPTY
        since, until = NEVER if since is None else since, _FOREVER if until is None else until
        return merged(self.sealed(no, since, until), self.waiting(no, since, until))

    def sealed(self, no: int, since: int, until: int, *, whole: bool = True) -> Series:
        """What is in chunks. Raises `UserError` when one is damaged; not `whole`, what is lost is left out:
        what comes in must be stored and judged, whatever became of the past."""
        if no >= len(self._register.sealed.reach) or self._register.sealed.reach[no] < since:
            return EMPTY
        bounds = {"no": no, "since": since, "until": until}
        rows = self.connection.exec_driver_sql(_BLOBS + _RANGE, bounds).mappings().all()
        return _opened(rows, whole).between(since, until)

    def waiting(self, no: int, since: int, until: int) -> Series:
        """What is not, as it came: unordered."""
        parts: list[Series] = []
        for piece in self._pieces:
            rows = np.flatnonzero(piece.no == no)
            at_us = piece.at_us[rows]
            rows = rows[(at_us >= since) & (at_us <= until)]
            parts.append(Series(piece.at_us[rows], piece.value[rows], piece.quality[rows]))
        return joined(parts)

    def thinned(self, sensor: str, since: int | None, until: int | None, points: int) -> Series:
        """About `points` readings of [since, until] that look like all of them (`thin.thinned`).

        Of more than `thin.MOST_CHUNKS` chunks only the first and the last are opened: of the others their
        extremes and their first doubtful reading stand for all.
        """
        no = self.number(sensor)
        if no is None:
            return EMPTY
        bounds = {
            "no": no,
            "since": NEVER if since is None else since,
            "until": _FOREVER if until is None else until,
        }
        rows = self.connection.exec_driver_sql(_OUTLINE + _RANGE, bounds).all()
        if len(rows) <= thin.MOST_CHUNKS:
            series = self.read(sensor, since, until)
        else:
            series = self._outline(no, bounds, np.array(rows, np.float64))
        if not len(series):
            return series
        start, stop = int(series.at_us[0]), int(series.at_us[-1])
        return thin.thinned(series, max(bounds["since"], start), min(bounds["until"], stop), points)

    def _outline(self, no: int, bounds: Mapping[str, int], rows: NDArray[np.float64]) -> Series:
        first, last = int(rows[0, 1]), int(rows[-1, 0])  # where the first chunk ends and the last begins
        ends = (self.sealed(no, bounds["since"], first), self.sealed(no, last, bounds["until"]))
        sealed = joined([ends[0], thin.outlined(rows[1:-1, 2:]), ends[1]])
        return merged(sealed, self.waiting(no, bounds["since"], bounds["until"]))

    def after(self, bounds: Mapping[str, int]) -> dict[str, Series]:
        """The readings of each of these sensors later than its bound (microseconds UTC)."""
        self._begin()
        wanted = {sensor: (self.number(sensor), bound) for sensor, bound in bounds.items()}
        known = {no: bound for no, bound in wanted.values() if no is not None}
        waiting = self._waiting_after(known)
        found: dict[str, Series] = {}
        for sensor, (no, bound) in wanted.items():
            found[sensor] = EMPTY
            if no is not None:
                found[sensor] = merged(
                    self.sealed(no, bound + 1, _FOREVER, whole=False), waiting.get(no, EMPTY)
                )
        return found

    def _waiting_after(self, bounds: Mapping[int, int]) -> dict[int, Series]:
        """What waits of many sensors, in one pass."""
        limit = np.full(len(self._newest.reach), _FOREVER)
        limit[list(bounds)] = list(bounds.values())
        late = [piece.take(np.flatnonzero(piece.at_us > limit[piece.no])) for piece in self._pieces]
        return by_sensor(late)

    def newest(self) -> Newest:
        """The newest of each sensor by its number; not to be written to."""
        self._begin()
        return self._newest

    @property
    def generation(self) -> int:
        """How often the chunks had been rewritten at this moment."""
        self._begin()
        return self._register.generation

    def appended(self) -> int:
        """The number of the newest batch ever appended, sealed or not; it never comes again."""
        return self.connection.exec_driver_sql(_APPENDED).scalar() or 0

    def latest(self) -> dict[str, Reading]:
        """The newest reading of each sensor that ever reported; of two for one instant the greater."""
        if self._mine:  # not committed: nothing that others share may learn of them
            return _readings(self.names(), self._newest)
        return self._mirror.readings(self.names(), self.newest())

    def latest_at(self, until: int) -> dict[str, Reading]:
        """The same, as it was at an instant (microseconds UTC), by the times of the readings."""
        newest, names = self.newest(), self.names()
        late = newest.at_us > until
        found = newest.copy(0)
        found.at_us[late], found.value[late], found.quality[late] = NEVER, -np.inf, 0
        for piece in self._pieces:
            found.add(piece.take(np.flatnonzero(late[piece.no] & (piece.at_us <= until))))
        for no in np.flatnonzero(late).tolist():
            last = self._last_sealed(no, until)
            if last is not None and (last[0], last[1]) > (found.at_us[no], found.value[no]):
                found.at_us[no], found.value[no], found.quality[no] = last
        return _readings(names, found)

    def _last_sealed(self, no: int, until: int) -> tuple[int, float, int] | None:
        while row := self.connection.exec_driver_sql(_BEFORE, {"no": no, "until": until}).mappings().first():
            series = _opened([row], whole=False).between(None, until)
            sound = np.flatnonzero(series.quality & int(Quality.CLOCK) == 0)
            if len(sound):
                last = sound[-1]
                return int(series.at_us[last]), float(series.value[last]), int(series.quality[last])
            until = row["t0"] - 1
        return None

    def names(self) -> tuple[str, ...]:
        """The ids of the sensors by their numbers; "" where a number has none."""
        self._begin()
        return (*self._register.names, *self._mine)

    def append(self, batch: Readings, at: datetime) -> NDArray[np.intp]:
        """Add readings as of `at`; those already there change nothing. Returns which were new.

        Raises `UserError` when a value is not a finite number, and then adds nothing.
        """
        self._begin()
        if not np.isfinite(batch.value).all():
            raise UserError(
                _("A reading is not a number."), hint=_("Nothing of this batch was stored. Check the source.")
            )
        columns = self._numbered(batch)
        rows = self._new_ones(columns)
        if len(rows):
            fresh = columns.take(rows)
            row = {"at": to_us(at), "rows": len(fresh), "data": fresh.pack()}
            self.connection.execute(insert(schema.pending), row)
            self._pieces.append(fresh)
            self._newest.add(fresh)
        return rows

    def _numbered(self, batch: Readings) -> Columns:
        numbers = np.array([self._number_for(sensor) for sensor in batch.sensors], np.int32)
        self._newest = self._newest.copy(len(self.names()))
        return Columns(numbers[batch.which], batch.at_us, batch.value + 0.0, batch.quality)

    def _number_for(self, sensor: str) -> int:
        no = self.number(sensor)
        if no is None:
            no = self._mine[sensor] = len(self.names())
            self.connection.execute(insert(schema.instrument), {"no": no, "sensor": sensor})
        return no

    def _new_ones(self, columns: Columns) -> NDArray[np.intp]:
        """Which were not said before, in the batch or in the store. Later than a sensor's newest is new."""
        rows = _said_once(columns)
        old = columns.at_us[rows] <= self._newest.reach[columns.no[rows]]
        if not old.any():
            return rows
        doubted = rows[old]
        return np.setdiff1d(rows, doubted[self._known(columns.take(doubted))])

    def _known(self, asked: Columns) -> NDArray[np.bool_]:
        """Which of these readings, each sensor's each once, are there already."""
        size = len(self._newest.reach)
        first, last = np.full(size, _FOREVER), np.full(size, NEVER)
        no = asked.no.astype(np.intp)
        np.minimum.at(first, no, asked.at_us)
        np.maximum.at(last, no, asked.at_us)
        known = np.zeros(len(asked), np.bool_)
        for piece in self._pieces:
            near = (piece.at_us >= first[piece.no]) & (piece.at_us <= last[piece.no])
            known |= _among(asked, piece.take(np.flatnonzero(near)))
        known |= self._among_sealed(asked, first, last)
        return known

    def _among_sealed(
        self, asked: Columns, first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which of these readings are in chunks, of whose sensors they lie between `first` and `last`.

        One statement finds the chunks of all; of each the times are unpacked, and the values only where an
        instant is there. A damaged chunk knows nothing: what is sent again takes its place.
        """
        order = np.lexsort((asked.at_us, asked.no))
        no, at_us, value = asked.no[order], asked.at_us[order], asked.value[order]
        known = np.zeros(len(asked), np.bool_)
        reach = self._register.sealed.reach
        numbers = [n for n in np.unique(no).tolist() if n < len(reach) and reach[n] >= first[n]]
        wanted = json.dumps([[n, int(first[n]), int(last[n])] for n in numbers])
        for row in self.connection.exec_driver_sql(_CONCERNED, {"wanted": wanted}).mappings():
            begin, end = np.searchsorted(no, (row["no"], row["no"] + 1)).tolist()
            begin, end = begin + np.searchsorted(at_us[begin:end], (row["t0"], row["t1"] + 1))
            known[begin:end] |= held(row, at_us[begin:end], value[begin:end])
        found = np.empty_like(known)
        found[order] = known
        return found


def _opened(rows: Sequence[Mapping[Any, Any]], whole: bool) -> Series:
    try:
        return opened(rows)
    except Damaged:
        return joined([_what_is_left(row, whole) for row in rows])


def _what_is_left(row: Mapping[Any, Any], whole: bool) -> Series:
    try:
        return decoded(row)
    except Damaged as error:
        if not whole:
            return EMPTY
        raise UserError(
            _("Readings between {since} and {until} (UTC) cannot be read: they are damaged.").format(
                since=hour(row["t0"]), until=hour(row["t1"])
            ),
            hint=_(
                "All other readings are whole. A second copy may hold these, and so may their source:"
                " what is read in again takes their place."
            ),
        ) from error


def hour(at_us: Any) -> str:
    """A time as it stands in a file that is damaged; "?" when the time itself is what was damaged."""
    try:
        return f"{from_us(at_us):%Y-%m-%d %H:%M}"
    except (OverflowError, TypeError):
        return "?"


def _said_once(columns: Columns) -> NDArray[np.intp]:
    order = np.argsort(columns.no, kind="stable")
    no, at_us = columns.no[order], columns.at_us[order]
    if ((no[1:] > no[:-1]) | (at_us[1:] > at_us[:-1])).all():  # in order of time: none can be said twice
        return np.arange(len(columns))
    order, again = repeats(columns.at_us, columns.value, columns.no)
    return np.sort(order[~again])


def _among(asked: Columns, there: Columns) -> NDArray[np.bool_]:
    """Which of the asked readings, each asked once, are among those there."""
    count = len(there)
    if not count:
        return np.zeros(len(asked), np.bool_)
    order, again = repeats(
        np.concatenate((there.at_us, asked.at_us)),
        np.concatenate((there.value, asked.value)),
        np.concatenate((there.no, asked.no)),
    )
    known = np.zeros(count + len(asked), np.bool_)
    known[order[again]] = True
    return known[count:]


def by_sensor(pieces: Iterable[Columns]) -> dict[int, Series]:
    """Readings of many sensors, parted by number, each in the order they came."""
    parts: dict[int, list[Series]] = {}
    for piece in pieces:
        order = np.argsort(piece.no, kind="stable")
        ordered = piece.take(order)
        starts = np.flatnonzero(np.diff(ordered.no, prepend=-1)).tolist()
        for start, stop in pairwise([*starts, len(ordered)]):
            part = slice(start, stop)
            found = Series(ordered.at_us[part], ordered.value[part], ordered.quality[part])
            parts.setdefault(int(ordered.no[start]), []).append(found)
    return {no: joined(each) for no, each in parts.items()}


def in_columns(sensors: Sequence[str], found: Mapping[str, Series]) -> Readings:
    """The readings found of some of these sensors, by sensor, each in its order."""
    parts = [found.get(sensor, EMPTY) for sensor in sensors]
    which = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
    whole = joined(parts)
    return Readings(tuple(sensors), which, whole.at_us, whole.value, whole.quality)


def _readings(names: tuple[str, ...], newest: Newest) -> dict[str, Reading]:
    found = {names[no]: reading_of(names[no], newest, no) for no in range(len(newest.at_us))}
    return {name: reading for name, reading in found.items() if reading is not None}
