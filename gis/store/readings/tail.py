"""The readings that wait to be sealed: blobs on the disk, columns in memory shared by all looks."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from gis.model.record import Quality
from gis.store.readings.chunks import Damaged
from gis.store.tables import schema

NEVER = np.iinfo(np.int64).min
_TYPES: tuple[Any, ...] = (np.int32, np.int64, np.float64, np.uint8)
_ROW = 4 + 8 + 8 + 1
_CRC = 4


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Readings of many sensors as they came: number of the sensor, microseconds UTC, value, flags."""

    no: NDArray[np.int32]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.no)

    @property
    def each(self) -> tuple[NDArray[Any], ...]:
        return self.no, self.at_us, self.value, self.quality

    def take(self, which: Any) -> "Columns":
        """Those readings that an index, a mask or a slice of numpy points at."""
        return Columns(self.no[which], self.at_us[which], self.value[which], self.quality[which])

    def pack(self) -> bytes:
        """A blob: a checksum, then each column whole."""
        body = b"".join(np.ascontiguousarray(column).tobytes() for column in self.each)
        return zlib.crc32(body).to_bytes(_CRC, "little") + body


def damaged(connection: Connection, last: int) -> list[int]:
    """The numbers of the blobs up to `last` that are not what was written."""
    table = schema.pending
    rows = connection.execute(select(table.c.n, table.c.data).where(table.c.n.between(1, last)))
    return [row.n for row in rows if not _is_whole(row.data)]


def _is_whole(blob: bytes) -> bool:
    try:
        unpack(blob)
    except Damaged:
        return False
    return True


def _blank(size: int) -> Columns:
    return Columns(
        np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size), np.empty(size, np.uint8)
    )


def unpack(blob: bytes) -> Columns:
    """The readings of a blob. Raises `Damaged`, also when a damaged row holds no blob at all."""
    if type(blob) is not bytes:
        raise Damaged("type")
    count, rest = divmod(len(blob) - _CRC, _ROW)
    if count < 0 or rest or zlib.crc32(memoryview(blob)[_CRC:]) != int.from_bytes(blob[:_CRC], "little"):
        raise Damaged("checksum")
    columns: list[NDArray[Any]] = []
    start = _CRC
    for kind in _TYPES:
        columns.append(np.frombuffer(blob, kind, count, start))
        start += count * np.dtype(kind).itemsize
    return Columns(*columns)


class Newest:
    """The newest reading of each sensor by its number: of two values for one instant the greater.

    `reach` is the newest time of all; a time from the future (`Quality.CLOCK`) counts there alone, for it
    would stay the newest for ever. `NEVER` stands where there is none.
    """

    __slots__ = ("at_us", "quality", "reach", "value")

    def __init__(self, size: int = 0) -> None:
        self.reach = np.full(size, NEVER)
        self.at_us = np.full(size, NEVER)
        self.value = np.full(size, -np.inf)
        self.quality = np.zeros(size, np.uint8)

    def copy(self, size: int) -> "Newest":
        """The same, with room for numbers below `size`."""
        grown = Newest(max(size, len(self.reach)))
        for name in self.__slots__:
            column = getattr(self, name)
            getattr(grown, name)[: len(column)] = column
        return grown

    def only(self, numbers: Sequence[int]) -> "Newest":
        """The same for these numbers alone."""
        part, kept = Newest(len(self.reach)), [*numbers]
        for name in self.__slots__:
            getattr(part, name)[kept] = getattr(self, name)[kept]
        return part

    def add(self, columns: Columns) -> None:
        """Let readings count, whose numbers have room here."""
        no, at_us, value, quality = columns.no, columns.at_us, columns.value, columns.quality
        self._add(no.astype(np.intp), at_us, value, quality)

    def join(self, other: "Newest") -> None:
        """Let another's newest readings count, whose numbers have room here."""
        size = len(other.reach)
        np.maximum(self.reach[:size], other.reach, out=self.reach[:size])
        later = (other.at_us > self.at_us[:size]) | (
            (other.at_us == self.at_us[:size]) & (other.value > self.value[:size])
        )
        for name in ("at_us", "value", "quality"):
            getattr(self, name)[:size][later] = getattr(other, name)[later]

    def _add(
        self,
        no: NDArray[np.intp],
        at_us: NDArray[np.int64],
        value: NDArray[np.float64],
        quality: NDArray[np.uint8],
    ) -> None:
        np.maximum.at(self.reach, no, at_us)
        sound = quality & int(Quality.CLOCK) == 0
        if not sound.all():
            no, at_us, value, quality = no[sound], at_us[sound], value[sound], quality[sound]
        before = self.at_us.copy()
        np.maximum.at(self.at_us, no, at_us)
        self.value[self.at_us != before] = -np.inf
        newest = at_us == self.at_us[no]
        no, value, quality = no[newest], value[newest], quality[newest]
        np.maximum.at(self.value, no, value)
        greatest = value == self.value[no]
        self.quality[no[greatest]] = quality[greatest]


class Tail:
    """The pending blobs as growing columns, loaded when a look first needs them and shared by all looks.

    Every look says which blobs its own moment has: others may have been added since, or sealed. What was
    handed out is never written to again. Blobs of a step that is not committed never come in here.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._clear()

    def _clear(self) -> None:
        self._blobs: list[int] = []  # their numbers
        self._stops: list[int] = []  # the row after each blob's last
        self._columns = _blank(0)
        self._newest = Newest()

    def seen(self, connection: Connection, first: int, last: int) -> tuple[Columns, Newest]:
        """The readings in the blobs `first` to `last`, and the newest of each sensor among them.

        `connection` must be in a transaction that shows exactly these blobs.
        """
        with self._lock:
            if self._blobs and first < self._blobs[0]:  # a look older than the last sealing
                return _read_alone(connection, first, last)
            self._drop_before(first)
            self._load(connection, last)
            rows = self._rows_upto(last)
            columns = self._columns.take(slice(rows))
            if rows == self._stops[-1]:
                return columns, self._newest.copy(0)
        return columns, _newest_of(columns)

    def drop(self, last: int) -> None:
        """Forget the blobs up to `last`: they are sealed."""
        with self._lock:
            self._drop_before(last + 1)

    def _rows_upto(self, last: int) -> int:
        blobs = int(np.searchsorted(self._blobs, last, "right"))
        return self._stops[blobs - 1] if blobs else 0

    def _drop_before(self, first: int) -> None:
        gone = int(np.searchsorted(self._blobs, first, "left"))
        if not gone:
            return
        rows = self._stops[gone - 1]
        kept = self._columns.take(slice(rows, self._stops[-1]))
        blobs, stops = self._blobs[gone:], [stop - rows for stop in self._stops[gone:]]
        self._clear()
        self._blobs, self._stops = blobs, stops
        self._columns = Columns(*(column.copy() for column in kept.each))
        self._newest = _newest_of(kept)

    def _load(self, connection: Connection, last: int) -> None:
        have = self._blobs[-1] if self._blobs else -1
        if have >= last:
            return
        fresh = _read_blobs(connection, have + 1, last)
        self._make_room(sum(len(columns) for _n, columns in fresh))
        for number, columns in fresh:
            start = self._stops[-1] if self._stops else 0
            stop = start + len(columns)
            for kept, new in zip(self._columns.each, columns.each, strict=True):
                kept[start:stop] = new
            self._blobs.append(number)
            self._stops.append(stop)
            self._newest = _with_room(self._newest, columns)
            self._newest.add(columns)

    def _make_room(self, rows: int) -> None:
        used = self._stops[-1] if self._stops else 0
        if used + rows <= len(self._columns):
            return
        size = max(2 * len(self._columns), used + rows)
        grown = _blank(size)
        for new, old in zip(grown.each, self._columns.each, strict=True):
            new[:used] = old[:used]
        self._columns = grown


def _read_blobs(connection: Connection, first: int, last: int) -> list[tuple[int, Columns]]:
    table = schema.pending
    wanted = select(table.c.n, table.c.data).where(table.c.n.between(first, last)).order_by(table.c.n)
    return [(row.n, _what_is_left(row.data)) for row in connection.execute(wanted)]


def _what_is_left(blob: bytes) -> Columns:
    """A damaged blob has no readings; sealing sets it aside, and the check of the folder counts it."""
    try:
        return unpack(blob)
    except Damaged:
        return _blank(0)


def _read_alone(connection: Connection, first: int, last: int) -> tuple[Columns, Newest]:
    columns = stacked([columns for _n, columns in _read_blobs(connection, first, last)])
    return columns, _newest_of(columns)


def stacked(parts: Sequence[Columns]) -> Columns:
    """The parts one after another."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return _blank(0)
    return Columns(
        np.concatenate([part.no for part in parts]),
        np.concatenate([part.at_us for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.quality for part in parts]),
    )


def _with_room(newest: Newest, columns: Columns) -> Newest:
    size = int(columns.no.max()) + 1 if len(columns) else 0
    return newest if size <= len(newest.reach) else newest.copy(size)


def _newest_of(columns: Columns) -> Newest:
    newest = _with_room(Newest(), columns)
    newest.add(columns)
    return newest
