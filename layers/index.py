"""Where each feature lies: boxes in a good drawing order, and blocks of boxes to skip many at once."""

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape
from gis.geo.ragged import offsets, ranges
from gis.paint.arranging import drawing_order, gathered, near
from gis.paint.measuring import measured
from gis.paint.shapes import RUN, Shapes
from gis.progress import Progress
from layers.choose import Looks
from layers.view import Box

BLOCK = RUN  # features per block, and at most per path: what the painter measured as best
HUDDLE = 1_024  # points
CHUNK = 65_536  # features whose places are told from one origin
_OF_BLOCK = np.arange(BLOCK)
_EACH, _NOTHING = np.arange(CHUNK + 1, dtype=np.int32), np.zeros(1, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """A run of an index, from position `first` on: its shapes in drawing order, relative to `origin`.

    The origin (x, y in map units) is their middle, so that 32 bits say where they are to a fraction of what
    a screen can show.
    """

    first: int
    origin: tuple[float, float]
    shapes: Shapes


@dataclass(frozen=True, eq=False)
class Index:
    """The drawable rows of `features`: large ones first, then by Morton code, so neighbours are together.

    `order` (k,) are row numbers, empty and not finite geometries left out; `low` (k, 2) their western and
    southern bounds, `high` (k, 2) the others, of single points the very same array; `area` (k,) is in square
    map units (0 for points and lines); `blocks` (b, 4) bounds each run of BLOCK. `looks` remembers what
    styles say of each feature.
    """

    features: Features
    order: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    area: NDArray[np.float64]
    blocks: NDArray[np.float64]
    looks: Looks

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """All of it as the compiled painter wants it, one after another; made when first asked for."""
        return tuple(_chunk(self, first) for first in range(0, len(self.order), CHUNK))

    @cached_property
    def tallies(self) -> dict[tuple[int, str], Any]:
        """Room for what `layers.crowds` has counted of these features. Of two threads the last is kept."""
        return {}

    def boxes(self, positions: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n, 4) west, south, east, north of the features at these positions."""
        return np.hstack((self.low.take(positions, axis=0), self.high.take(positions, axis=0)))

    def touching(self, positions: NDArray[np.int64], extent: Box) -> NDArray[np.bool_]:
        """(n,) whether the boxes at these positions touch `extent`."""
        return _touch(*_both(self.low, self.high, positions), extent)

    def within(self, extent: Box) -> NDArray[np.int64]:
        """Positions in `order` whose boxes touch `extent`, ascending."""
        west, south, east, north = extent
        blocks = np.flatnonzero(_touch(self.blocks[:, :2], self.blocks[:, 2:], extent))
        bounds = self.blocks[blocks]
        inside = (
            (bounds[:, 0] >= west)
            & (bounds[:, 1] >= south)
            & (bounds[:, 2] <= east)
            & (bounds[:, 3] <= north)
        )
        positions = blocks[:, None] * BLOCK + _OF_BLOCK
        if inside.all():  # of a block that is all inside no box is asked
            found = positions.ravel()
        else:
            seen = np.ones(positions.shape, bool)
            seen[~inside] = self._touching_in(blocks[~inside], extent)
            found = positions[seen]
        return found[: np.searchsorted(found, len(self.order))]

    def _touching_in(self, blocks: NDArray[np.int64], extent: Box) -> NDArray[np.bool_]:
        """(b, BLOCK) of each block whether its features touch `extent`; beyond the last feature none does."""
        touch = np.zeros((len(blocks), BLOCK), bool)
        whole = len(self.order) // BLOCK
        full = int(np.searchsorted(blocks, whole))
        low, high = (
            side[: whole * BLOCK].reshape(whole, 2 * BLOCK)[blocks[:full]].reshape(-1, 2)
            for side in (self.low, self.high)
        )
        touch[:full] = _touch(low, high, extent).reshape(full, BLOCK)
        if full < len(blocks):
            rest = _touch(self.low[whole * BLOCK :], self.high[whole * BLOCK :], extent)
            touch[full, : len(rest)] = rest
        return touch


class Indexes:
    """Keeps the index of the features that were drawn last. Safe from several threads.

    `made` is how many there have been.
    """

    def __init__(self, room: int = 32) -> None:
        self._room, self._lock, self.made = room, threading.Lock(), 0
        self._kept: dict[int, Index] = {}
        self._narrow: dict[int, tuple[bytes, Index]] = {}  # of each features the part that was asked last

    def of(self, features: Features, progress: Progress) -> Index:
        """The index of exactly these features, made now if need be."""
        with self._lock:
            kept = self._kept.pop(id(features), None)
        if kept is None:
            kept = index(features, progress)
            self.made += 1
        with self._lock:
            self._kept[id(features)] = kept  # holds the features, so no other can get their id
            while len(self._kept) > self._room:
                del self._kept[next(iter(self._kept))]
        return kept

    def narrowed(self, whole: Index, rows: NDArray[np.bool_]) -> Index:
        """The part of an index whose rows are True in `rows` (n,); the same one while these stay the same."""
        key, asked = id(whole.features), np.packbits(rows).tobytes()
        with self._lock:
            known = self._narrow.get(key)
        if known is not None and known[0] == asked and known[1].features is whole.features:
            return known[1]
        part = narrowed(whole, rows)
        with self._lock:
            self._narrow[key] = (asked, part)
            while len(self._narrow) > self._room:
                del self._narrow[next(iter(self._narrow))]
        return part


def narrowed(whole: Index, rows: NDArray[np.bool_]) -> Index:
    """The part of an index whose rows are True in `rows` (n,), in the same order."""
    kept = np.flatnonzero(rows[whole.order])
    low, high = _both(whole.low, whole.high, kept)
    area, blocks = whole.area[kept], _blocks(low, high)
    return replace(whole, order=whole.order[kept], low=low, high=high, area=area, blocks=blocks)


def index(features: Features, progress: Progress) -> Index:
    """Measure and order all features, by `drawing_order`.

    Points, whose signs lie over each other, keep the order they were read in within squares of some HUDDLE:
    by the code alone each would hide half of the one before, in rows, and none be seen whole.
    """
    found = as_read(features, progress)
    huddle = 32 - (len(found.order) // HUDDLE).bit_length() if found.low is found.high else 0
    order = drawing_order(found.low, found.high, huddle)
    low, high = _both(found.low, found.high, order)
    rows, area = found.order.take(order), found.area
    if features.shape is Shape.POLYGON:
        area = area.take(order)
    return replace(found, order=rows, low=low, high=high, area=area, blocks=_blocks(low, high))


def as_read(features: Features, progress: Progress) -> Index:
    """The features in their own order: for a piece that is drawn once."""
    rows = np.flatnonzero(np.diff(features.parts))
    low, high, area = _measured(features, rows, progress)
    sound = np.isfinite(low[:, 0])
    if not sound.all():
        rows, area = rows[sound], area[sound]
        low, high = _both(low, high, np.flatnonzero(sound))
    return Index(features, rows, low, high, area, _blocks(low, high), Looks(features))


def _both(
    low: NDArray[np.float64], high: NDArray[np.float64], picks: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Some of the corners; where both are one array, they stay one."""
    picked = low.take(picks, axis=0)  # of rows seven times as quick as brackets
    return picked, picked if high is low else high.take(picks, axis=0)


def _blocks(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """(b, 4) around each run of BLOCK."""
    starts = np.arange(0, len(low), BLOCK)
    if not len(starts):
        return np.zeros((0, 4))
    return np.hstack((np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)))


def _chunk(found: Index, first: int) -> Chunk:
    features, part = found.features, slice(first, first + CHUNK)
    rows, low, high = found.order[part], found.low[part], found.high[part]
    bounds = found.blocks[first // BLOCK : -(-(first + CHUNK) // BLOCK)]
    x, y = ((bounds[:, :2].min(axis=0) + bounds[:, 2:].max(axis=0)) / 2).tolist()
    runs = np.hstack((near(bounds[:, :2], (x, y)), near(bounds[:, 2:], (x, y))))
    if found.low is found.high:
        return Chunk(first, (x, y), _dots(near(low, (x, y)), runs))
    xy, ring_ends, part_ends = _gathered(features, rows, (x, y))
    shapes = Shapes(
        xy,
        ring_ends.astype(np.int32),
        part_ends.astype(np.int32),
        np.hstack((near(low, (x, y)), near(high, (x, y)))),
        found.area[part].astype(np.float32),
        runs,
    )
    return Chunk(first, (x, y), shapes)


def _gathered(
    features: Features, rows: NDArray[np.int64], origin: tuple[float, float]
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """The vertices of these rows from `origin`, the offsets of their rings, and of the rings each owns."""
    first, last = int(rows[0]), int(rows[-1])
    if last - first == len(rows) - 1 and (np.diff(rows) == 1).all():  # as they were read: nothing to gather
        parts = features.parts[first : last + 2]
        rings = features.rings[parts[0] : parts[-1] + 1]
        return near(features.xy[rings[0] : rings[-1]], origin), rings - rings[0], parts - parts[0]
    own = features.parts[rows]
    counts = features.parts[rows + 1] - own
    which = ranges(own, counts)
    starts = features.rings[which]
    lengths = features.rings[which + 1] - starts
    return gathered(features.xy, starts, lengths, origin), offsets(lengths), offsets(counts)


def _dots(xy: NDArray[np.float32], runs: NDArray[np.float32]) -> Shapes:
    """Single points: nothing but their places takes room."""
    each = _EACH[: len(xy) + 1]
    boxes, areas = np.broadcast_to(_NOTHING, (len(xy), 4)), np.broadcast_to(_NOTHING, len(xy))
    return Shapes(xy, each, each, boxes, areas, runs)


def _touch(low: NDArray[np.float64], high: NDArray[np.float64], extent: Box) -> NDArray[np.bool_]:
    west, south, east, north = extent
    return (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)


def _measured(
    features: Features, rows: NDArray[np.int64], progress: Progress
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Of rows that own rings the lower and the upper corners (k, 2), nan where a coordinate is no number, and
    the areas (k,)."""
    nothing = np.broadcast_to(np.zeros(1), len(rows))
    if features.shape is Shape.POINT and len(rows) == len(features.xy):
        low = features.xy[features.rings[features.parts[rows]]]
        low[~np.isfinite(low).all(axis=1)] = np.nan
        return low, low, nothing
    low, high, area = np.empty((len(rows), 2)), np.empty((len(rows), 2)), np.empty(len(rows))
    for first in range(0, len(rows), CHUNK):  # in parts: what is needed for all at once would be missed later
        progress.check()
        part = slice(first, first + CHUNK)
        own, end = features.parts[rows[part]], int(features.parts[rows[part][-1] + 1])
        rings = features.rings[own[0] : end + 1]
        boxes, areas = measured(features.xy[rings[0] : rings[-1]], rings - rings[0])
        if len(areas) > len(own):
            at = own - own[0]
            low[part] = np.minimum.reduceat(boxes[:, :2], at)
            high[part], area[part] = np.maximum.reduceat(boxes[:, 2:], at), np.add.reduceat(areas, at)
        else:
            low[part], high[part], area[part] = boxes[:, :2], boxes[:, 2:], areas
    return low, high, np.abs(area, out=area) if features.shape is Shape.POLYGON else nothing
