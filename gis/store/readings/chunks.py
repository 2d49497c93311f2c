"""Readings of one sensor as columns, and the compressed chunks they are kept in."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 4096  # readings in a full chunk
MOST = 2**24  # readings of one instant stay in one chunk; a greater count is damage
PCODEC, ZLIB = "pcodec", "zlib"


def _library() -> Any:
    """pcodec where it has a wheel; chunks made without it are twice as large and read three times slower."""
    try:
        return import_module("pcodec")
    except ImportError:
        return None


_pcodec = _library()
USUAL = PCODEC if _pcodec is not None else ZLIB
_LEVEL = _pcodec.ChunkConfig(compression_level=4) if _pcodec is not None else None


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One sensor's readings in order of time: microseconds UTC, values in its unit, quality flags."""

    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.at_us)

    def take(self, which: Any) -> "Series":
        """Those readings that an index, a mask or a slice of numpy points at."""
        return Series(self.at_us[which], self.value[which], self.quality[which])

    def between(self, since: int | None, until: int | None) -> "Series":
        """Those with `since` <= time <= `until`, in microseconds; None is no bound."""
        start = 0 if since is None else int(np.searchsorted(self.at_us, since, "left"))
        stop = len(self) if until is None else int(np.searchsorted(self.at_us, until, "right"))
        return self.take(slice(start, stop))


EMPTY = Series(np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.uint8))


class Damaged(Exception):
    """A chunk or a blob of readings is not what was written."""


def joined(parts: Sequence[Series]) -> Series:
    """The parts one after another, as they are."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return EMPTY
    return Series(
        np.concatenate([part.at_us for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.quality for part in parts]),
    )


def repeats(
    at_us: NDArray[np.int64], value: NDArray[np.float64], no: NDArray[np.int32] | None = None
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The order by (sensor,) time and value, and which of that order say again what the one before said.

    Of equals the earlier in the arrays comes first, so that one is never the repetition.
    """
    keys = (value, at_us) if no is None else (value, at_us, no)
    order = np.lexsort(keys)
    again = np.zeros(len(order), np.bool_)
    if len(order) > 1:
        again[1:] = True
        for key in keys:
            ordered = key[order]
            again[1:] &= ordered[1:] == ordered[:-1]
    return order, again


def merged(known: Series, fresh: Series) -> Series:
    """Two sets of readings as one, by time and value; of equals the known one stays.

    `known` is in order and without repetition; `fresh` may be neither.
    """
    if len(fresh) > 1 and not (np.diff(fresh.at_us) > 0).all():
        order, again = repeats(fresh.at_us, fresh.value)
        fresh = fresh.take(order[~again])
    if not len(known) or not len(fresh):
        return known if len(known) else fresh
    cut = int(np.searchsorted(known.at_us, fresh.at_us[0]))
    late = joined([known.take(slice(cut, None)), fresh])
    if cut < len(known):
        order, again = repeats(late.at_us, late.value)
        late = late.take(order[~again])
    return joined([known.take(slice(cut)), late])


def cuts(at_us: NDArray[np.int64], *, last: bool) -> list[slice]:
    """Where to cut readings into chunks: full ones at the end of a sensor's time, else even ones.

    Readings of one instant stay together, so a chunk may be larger than `SIZE`.
    """
    count = len(at_us)
    pieces = -(-count // SIZE)
    marks = np.arange(1, pieces) * SIZE if last else np.arange(1, pieces) * count // pieces
    starts = np.unique(np.searchsorted(at_us, at_us[marks]))
    bounds = [0, *starts[starts > 0].tolist(), count]
    return [slice(start, stop) for start, stop in pairwise(bounds)]


def header(series: Series) -> dict[str, Any]:
    """What a chunk says without being opened: extremes and sum of its good readings, the doubts of the rest.

    `tdoubt` and `vdoubt` are its first doubtful reading, `doubt` all their flags together.
    """
    at_us, value, quality = series.at_us, series.value, series.quality
    said: dict[str, Any] = {"t0": int(at_us[0]), "t1": int(at_us[-1]), "n": len(series)}
    doubt = int(np.bitwise_or.reduce(quality))
    said |= {"doubt": doubt, "tdoubt": None, "vdoubt": None}
    if doubt:
        first = int(np.flatnonzero(quality)[0])
        said |= {"tdoubt": int(at_us[first]), "vdoubt": float(value[first])}
        at_us, value = at_us[quality == 0], value[quality == 0]
    said |= {"vmin": None, "tmin": None, "vmax": None, "tmax": None, "vsum": float(value.sum())}
    if len(value):
        low, high = int(value.argmin()), int(value.argmax())
        said |= {"vmin": float(value[low]), "tmin": int(at_us[low])}
        said |= {"vmax": float(value[high]), "tmax": int(at_us[high])}
    return said


def encoded(series: Series, codec: str = USUAL) -> dict[str, Any]:
    """A chunk's columns apart from its id and its sensor."""
    at, value = _pack_times(series.at_us, codec), _pack_values(series.value, codec)
    quality = zlib.compress(series.quality.tobytes()) if series.quality.any() else None
    blobs = {"codec": codec, "at": at, "value": value, "quality": quality}
    return header(series) | blobs | {"crc": _crc(at, value, quality)}


def decoded(row: Mapping[str, Any]) -> Series:
    """The readings of a chunk (`codec`, `n`, `crc` and its blobs). Raises `Damaged`."""
    count, codec = row["n"], row["codec"]
    _check(row)
    try:
        at_us = _unpack_times(row["at"], codec)
        value = _unpack_values(row["value"], codec)
        packed = row["quality"]
        quality = (
            np.zeros(count, np.uint8) if packed is None else np.frombuffer(zlib.decompress(packed), np.uint8)
        )
    except (RuntimeError, ValueError, TypeError, zlib.error) as error:
        raise Damaged(str(error)) from error
    if not len(at_us) == len(value) == len(quality) == count:
        raise Damaged("count")
    return Series(at_us, value, quality)


def held(row: Mapping[Any, Any], at_us: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of these readings, by time, a chunk holds; none when it is damaged.

    Its values are only unpacked when it holds one of the instants.
    """
    nothing = np.zeros(len(at_us), np.bool_)
    try:
        _check(row)
        times = _unpack_times(row["at"], row["codec"])
        first, end = times.searchsorted(at_us), times.searchsorted(at_us, "right")
        if len(times) != row["n"] or not (first < end).any():
            return nothing
        values = _unpack_values(row["value"], row["codec"])
    except (Damaged, RuntimeError, ValueError, TypeError, zlib.error):
        return nothing
    if len(values) != len(times):
        return nothing
    found = nothing.copy()
    for step in range(int((end - first).max())):  # one, but for instants with several values
        place = first + step
        there = place < end
        found[there] |= values[place[there]] == value[there]
    return found


def opened(rows: Sequence[Mapping[str, Any]]) -> Series:
    """The readings of many chunks, one after another, each unpacked to its place. Raises `Damaged`."""
    for row in rows:
        _check(row)
    stops = np.cumsum([row["n"] for row in rows])
    size = int(stops[-1]) if rows else 0
    whole = Series(np.empty(size, np.int64), np.empty(size), np.zeros(size, np.uint8))
    for row, stop in zip(rows, stops.tolist(), strict=True):
        place = slice(stop - row["n"], stop)
        if row["codec"] == PCODEC and row["quality"] is None:
            _unpack_into(row["at"], whole.at_us[place])
            _unpack_into(row["value"], whole.value[place])
        else:
            part = decoded(row)
            whole.at_us[place], whole.value[place] = part.at_us, part.value
            whole.quality[place] = part.quality
    return whole


def _check(row: Mapping[str, Any]) -> None:
    """Raises `Damaged` unless the columns are of their kinds and the blobs what was written."""
    kinds = type(row["n"]), type(row["at"]), type(row["value"])
    if kinds != (int, bytes, bytes) or not 0 < row["n"] <= MOST:
        raise Damaged("kind")
    if not isinstance(row["quality"], bytes | None):
        raise Damaged("kind")
    if _crc(row["at"], row["value"], row["quality"]) != row["crc"]:
        raise Damaged("checksum")


def _unpack_into(packed: bytes, room: NDArray[Any]) -> None:
    if _pcodec is None:
        raise Damaged("the library pcodec is not installed")
    try:
        told = _pcodec.standalone.simple_decompress_into(packed, room)
    except (RuntimeError, TypeError) as error:
        raise Damaged(str(error)) from error
    if told.n_processed != len(room) or not told.finished:
        raise Damaged("count")


def _crc(at: bytes, value: bytes, quality: bytes | None) -> int:
    return zlib.crc32(quality or b"", zlib.crc32(value, zlib.crc32(at)))


def _pack_times(at_us: NDArray[np.int64], codec: str) -> bytes:
    if codec == PCODEC:
        return _pcodec.standalone.simple_compress(np.require(at_us, np.int64, ["C", "A"]), _LEVEL)
    return zlib.compress(_planes(np.diff(at_us, prepend=np.int64(0))))


def _unpack_times(packed: bytes, codec: str) -> NDArray[np.int64]:
    if codec == PCODEC:
        return _opened(packed)
    return np.cumsum(_unplaned(zlib.decompress(packed)).view(np.int64))


def _pack_values(value: NDArray[np.float64], codec: str) -> bytes:
    if codec == PCODEC:
        return _pcodec.standalone.simple_compress(np.require(value, np.float64, ["C", "A"]), _LEVEL)
    return zlib.compress(_planes(value))


def _unpack_values(packed: bytes, codec: str) -> NDArray[np.float64]:
    if codec == PCODEC:
        return _opened(packed)
    return _unplaned(zlib.decompress(packed)).view(np.float64)


def _opened(packed: bytes) -> NDArray[Any]:
    if _pcodec is None:
        raise Damaged("the library pcodec is not installed")
    return _pcodec.standalone.simple_decompress(packed)


def _planes(column: NDArray[Any]) -> bytes:
    """The first byte of every number, then the second of every number, ...: so zlib finds what repeats."""
    return np.ascontiguousarray(column).view(np.uint8).reshape(-1, 8).T.tobytes()


def _unplaned(data: bytes) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.frombuffer(data, np.uint8).reshape(8, -1).T).reshape(-1)
