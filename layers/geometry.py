"""Ragged coordinates on their way to the screen: gather, clamp, thin. No loop per vertex."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from gis.geo.ragged import offsets, ranges
from layers.view import MapView

REACH = 256.0  # pixels beyond the window at which far-off coordinates are folded; wider than any stroke
THIN = 0.75  # pixels: vertices that share a cell of this width with the one before say nothing new


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """n features in pixels: `xy` (m, 2), `rings` offsets into `xy`, `parts` (n + 1,) offsets into `rings`."""

    xy: NDArray[np.float64]
    rings: NDArray[np.int64]
    parts: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Vertices per feature (n,)."""
        return np.diff(self.rings[self.parts])


def gather(features: Features, rows: NDArray[np.int64], view: MapView) -> Ragged:
    """The geometry of `rows` in the pixels of `view`."""
    first = features.parts[rows]
    parts = features.parts[rows + 1] - first
    rings = ranges(first, parts)
    start = features.rings[rings]
    lengths = features.rings[rings + 1] - start
    xy = features.xy[ranges(start, lengths)]
    west, _south, _east, north = view.extent
    scale = 1 / view.units_per_pixel
    xy[:, 0] = (xy[:, 0] - west) * scale  # one after the other: numpy takes thrice as long for pairs
    xy[:, 1] = (north - xy[:, 1]) * scale
    return Ragged(xy, offsets(lengths), offsets(parts))


def clamped(shapes: Ragged, width: float, height: float, reach: float = REACH) -> Ragged:
    """Fold everything farther than `reach` outside the window onto that border.

    Each edge is first cut where it crosses one of the four border lines. The fold then moves nothing
    inside the border and turns no winding number around a point inside, so fills and holes stay right.
    """
    low = np.array((-reach, -reach))
    high = np.array((width + reach, height + reach))
    if _within(shapes.xy, low, high):
        return shapes
    a, b = shapes.xy[:-1], shapes.xy[1:]
    inner = np.ones(len(a), bool)
    inner[shapes.rings[1:-1] - 1] = False
    at, way = _cuts(a, b, inner, (low, high))
    xy = np.insert(shapes.xy, at + 1, a[at] + way[:, None] * (b - a)[at], axis=0)
    rings = shapes.rings + np.searchsorted(at, shapes.rings, side="left")
    return Ragged(np.clip(xy, low, high), rings, shapes.parts)


def _within(xy: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> bool:
    sides = zip(xy.T, low, high, strict=True)
    return not len(xy) or all(along.min() >= least and along.max() <= most for along, least, most in sides)


def _cuts(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    inner: NDArray[np.bool_],
    borders: tuple[NDArray[np.float64], ...],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where edges a-b cross the border lines: numbers of edges, and how far along them (0 to 1), sorted."""
    found: list[NDArray[np.int64]] = []
    ways: list[NDArray[np.float64]] = []
    for axis in (0, 1):
        step = b[:, axis] - a[:, axis]
        with np.errstate(divide="ignore", invalid="ignore"):
            for border in borders:
                t = (border[axis] - a[:, axis]) / step
                crossing = np.flatnonzero(inner & (t > 0) & (t < 1))
                found.append(crossing)
                ways.append(t[crossing])
    at, way = np.concatenate(found), np.concatenate(ways)
    order = np.lexsort((way, at))
    return at[order], way[order]


def thinned(shapes: Ragged, cell: float = THIN) -> Ragged:
    """Without vertices that lie in the same cell as their predecessor; ends of rings stay."""
    if not len(shapes.xy):
        return shapes
    cells = np.floor(shapes.xy * (1 / cell)).astype(np.int32)
    keep = np.ones(len(cells), bool)
    keep[1:] = (cells[1:, 0] != cells[:-1, 0]) | (cells[1:, 1] != cells[:-1, 1])
    keep[shapes.rings[:-1][shapes.rings[:-1] < len(keep)]] = True
    keep[shapes.rings[1:] - 1] = True
    kept = offsets(keep.astype(np.int64))
    return Ragged(shapes.xy[keep], kept[shapes.rings], shapes.parts)


def centroids(shapes: Ragged) -> NDArray[np.float64]:
    """(n, 2) centres of gravity of polygons; the mean of the vertices where there is no area."""
    if len(shapes.xy) < 2:
        return np.zeros((len(shapes.parts) - 1, 2))
    base = shapes.xy[shapes.rings[shapes.parts[:-1]]]
    owner = np.repeat(np.arange(len(base)), shapes.lengths)
    x, y = (along - corner[owner] for along, corner in zip(shapes.xy.T, base.T, strict=True))
    cross = np.zeros(len(x))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[shapes.rings[1:-1] - 1] = 0.0
    ends = shapes.rings[shapes.parts]
    area, count = _sums(cross, ends), np.maximum(shapes.lengths, 1)
    made = np.empty_like(base)
    for axis, along in enumerate((x, y)):
        moment = np.zeros(len(x))
        moment[:-1] = (along[:-1] + along[1:]) * cross[:-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            heavy = _sums(moment, ends) / (3 * area)
        made[:, axis] = base[:, axis] + np.where(np.abs(area) > 1e-9, heavy, _sums(along, ends) / count)
    return made


def _sums(values: NDArray[np.float64], ends: NDArray[np.int64]) -> NDArray[np.float64]:
    total = np.concatenate((np.zeros(1), np.cumsum(values)))
    return total[ends[1:]] - total[ends[:-1]]
