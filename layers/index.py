"""Where each feature lies: boxes in a good drawing order, and blocks of boxes to skip many at once."""

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape
from gis.paint.shapes import Shapes
from gis.progress import Progress
from layers.choose import Looks
from layers.geometry import offsets, ranges
from layers.view import Box

BLOCK = 128  # features per block, and at most per path: what the painter measured as best
_TIERS = 6  # classes of size, each four times as wide as the next
CHUNK = 65_536  # features whose places are told from one origin


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

    `order` (k,) are row numbers, empty and not finite geometries left out; `boxes` (k, 4) their west,
    south, east, north; `area` (k,) is in square map units (0 for points and lines); `blocks` (b, 4) bounds
    each run of BLOCK. `looks` remembers what styles say of each feature.
    """

    features: Features
    order: NDArray[np.int64]
    boxes: NDArray[np.float64]
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

    def within(self, extent: Box) -> NDArray[np.int64]:
        """Positions in `order` whose boxes touch `extent`, ascending."""
        west, south, east, north = extent
        blocks = np.flatnonzero(_touch(self.blocks, extent))
        positions = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        positions = positions[positions < len(self.order)]
        inside = (self.blocks[blocks] >= (west, south, west, south)).all(axis=1)
        inside &= (self.blocks[blocks] <= (east, north, east, north)).all(axis=1)
        seen = np.repeat(inside, BLOCK)[: len(positions)]  # of a block that is all inside no box is asked
        if not seen.all():
            seen[~seen] = _touch(self.boxes[positions[~seen]], extent)
            positions = positions[seen]
        return positions


class Indexes:
    """Keeps the index of the features that were drawn last. Safe from several threads."""

    def __init__(self, room: int = 32) -> None:
        self._room, self._lock = room, threading.Lock()
        self._kept: dict[int, Index] = {}
        self._narrow: dict[int, tuple[bytes, Index]] = {}  # of each features the part that was asked last

    def of(self, features: Features, progress: Progress) -> Index:
        """The index of exactly these features, made now if need be."""
        with self._lock:
            kept = self._kept.pop(id(features), None)
        if kept is None:
            kept = index(features, progress)
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
    kept = rows[whole.order]
    boxes = np.ascontiguousarray(whole.boxes[kept])
    return replace(whole, order=whole.order[kept], boxes=boxes, area=whole.area[kept], blocks=_blocks(boxes))


def index(features: Features, progress: Progress) -> Index:
    """Measure and order all features; 0.2 s for half a million buildings."""
    rows = np.flatnonzero(np.diff(features.rings[features.parts]))
    boxes = _boxes(features, rows)
    progress.check()
    sound = np.isfinite(boxes).all(axis=1)
    rows, boxes = rows[sound], boxes[sound]
    area = _areas(features)[rows] if features.shape is Shape.POLYGON else np.zeros(len(rows))
    progress.check()
    order = np.argsort(_drawing_key(boxes), kind="stable")
    boxes = np.ascontiguousarray(boxes[order])
    return Index(features, rows[order], boxes, area[order], _blocks(boxes), Looks(features))


def _blocks(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(b, 4) around each run of BLOCK."""
    starts = np.arange(0, len(boxes), BLOCK)
    if not len(starts):
        return np.zeros((0, 4))
    low = np.minimum.reduceat(boxes[:, :2], starts)
    return np.hstack((low, np.maximum.reduceat(boxes[:, 2:], starts)))


def _chunk(found: Index, first: int) -> Chunk:
    features, part = found.features, slice(first, first + CHUNK)
    rows, boxes = found.order[part], found.boxes[part]
    middle = (boxes[:, :2].min(axis=0) + boxes[:, 2:].max(axis=0)) / 2
    own = features.parts[rows]
    counts = features.parts[rows + 1] - own
    rings = ranges(own, counts)
    starts = features.rings[rings]
    lengths = features.rings[rings + 1] - starts
    xy = (features.xy[ranges(starts, lengths)] - middle).astype(np.float32)
    shapes = Shapes(
        xy,
        offsets(lengths).astype(np.int32),
        offsets(counts).astype(np.int32),
        (boxes - np.tile(middle, 2)).astype(np.float32),
        found.area[part].astype(np.float32),
    )
    x, y = middle.tolist()
    return Chunk(first, (x, y), shapes)


def _touch(boxes: NDArray[np.float64], extent: Box) -> NDArray[np.bool_]:
    west, south, east, north = extent
    return (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)


def _boxes(features: Features, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """(k, 4) bounds of non-empty rows; nan or inf where a coordinate is."""
    starts = features.rings[features.parts[rows]]
    boxes = np.empty((len(rows), 4))
    if len(rows):
        x, y = np.ascontiguousarray(features.xy[:, 0]), np.ascontiguousarray(features.xy[:, 1])
        boxes[:, 0], boxes[:, 1] = np.minimum.reduceat(x, starts), np.minimum.reduceat(y, starts)
        boxes[:, 2], boxes[:, 3] = np.maximum.reduceat(x, starts), np.maximum.reduceat(y, starts)
    return boxes


def _areas(features: Features) -> NDArray[np.float64]:
    """(n,) areas by the shoelace formula: rings are closed, holes run the other way round."""
    if len(features.xy) < 2:
        return np.zeros(len(features))
    x, y = (features.xy - features.xy[0]).T  # near zero, or the products lose the area in their last digits
    cross = np.zeros(len(x))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[features.rings[1:-1] - 1] = 0.0  # no edge from one ring to the next
    total = np.concatenate(([0.0], np.cumsum(cross)))
    ends = features.rings[features.parts]
    return np.abs(total[ends[1:]] - total[ends[:-1]]) / 2


def _drawing_key(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Size tier (large first), then Morton code of the box's centre on a grid of 2^16 squares."""
    if not len(boxes):
        return np.zeros(0, np.int64)
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    whole = max(float(size.max()), 1e-12)
    tier = np.clip(-np.log2(np.maximum(size / whole, 1e-12)) / 2, 0, _TIERS).astype(np.int64)
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    low = centre.min(axis=0)
    span = max(float((centre.max(axis=0) - low).max()), 1e-12)
    cell = ((centre - low) / span * 65535).astype(np.int64)
    return tier << 32 | _spread(cell[:, 0]) | _spread(cell[:, 1]) << 1


def _spread(v: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put a zero bit between all bits of 16-bit numbers."""
    v = (v | v << 8) & 0x00FF00FF
    v = (v | v << 4) & 0x0F0F0F0F
    v = (v | v << 2) & 0x33333333
    return (v | v << 1) & 0x55555555
