"""Names of areas: upright where the area is wide enough, or along the way a river runs. All in pixels."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.geo.ragged import offsets, ranges
from layers.geometry import Ragged, centroids
from layers.spots import Spots, upright

FIT = 1.25  # a name may be this much wider than its area is there
AIR = 0.6  # of a text's height: so far from its area's edge a name keeps, where there is room
LEVELS = (0, -1, 1, -2, 2, -3, 3)  # how many lines above or below the middle a name may stand
TRIED = 60  # so many of the largest are looked at closely for the way they run
STATION = 0.8  # of a text's height: the boxes of a slanting one are so far apart


def in_areas(shapes: Ragged, widths: NDArray[np.float64], high: float) -> Spots:
    """Upright at several heights, where the area is widest, as near as may be to its centre of gravity."""
    n = len(widths)
    low, top = extents(shapes)
    hopeful = np.flatnonzero((top - low)[:, 0] * FIT >= widths)
    middle = centroids(shapes)
    step = np.maximum((top - low)[:, 1] / 10, high * 0.7)
    found: list[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]] = []
    part = _only(shapes, hopeful)
    for level in LEVELS:
        y = middle[hopeful, 1] + level * step[hopeful]
        which, west, east = _widest(part, y)
        owner = hopeful[which]
        half, room = widths[owner] / 2, east - west
        free = np.maximum(room / 2 - half - AIR * high, 0.0)
        x = np.clip(middle[owner, 0], (west + east) / 2 - free, (west + east) / 2 + free)
        fits = room * FIT >= widths[owner]
        cost = abs(level) + np.where(room >= widths[owner], 0.0, 10.0)
        found.append((np.column_stack((x, y[which]))[fits], owner[fits], cost[fits]))
    xy, owner, cost = (np.concatenate(each) for each in zip(*found, strict=True))
    return upright(xy, owner, cost, n)


def _only(shapes: Ragged, picks: NDArray[np.int64]) -> Ragged:
    counts = np.diff(shapes.parts)[picks]
    rings = ranges(shapes.parts[picks], counts)
    lengths = np.diff(shapes.rings)[rings]
    return Ragged(shapes.xy[ranges(shapes.rings[rings], lengths)], offsets(lengths), offsets(counts))


def _widest(
    shapes: Ragged, heights: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Where level lines at `heights` (n,) lie inside the areas: which of them, and the widest stretches."""
    y = shapes.xy[:, 1] - np.repeat(heights, shapes.lengths)
    above = y > 0
    crossing = above[:-1] != above[1:]
    crossing[shapes.rings[1:-1] - 1] = False  # no edge from one ring to the next
    edges = np.flatnonzero(crossing)
    share = y[edges] / (y[edges] - y[edges + 1])
    x = shapes.xy[edges, 0] + share * (shapes.xy[edges + 1, 0] - shapes.xy[edges, 0])
    owner = np.searchsorted(shapes.rings[shapes.parts], edges, side="right") - 1
    order = np.lexsort((x, owner))
    west, east, owner = x[order][0::2], x[order][1::2], owner[order][0::2]  # rings are closed: always pairs
    widest = np.lexsort((east - west, owner))
    last = np.flatnonzero(np.diff(owner[widest], append=-1))
    return owner[widest][last], west[widest][last], east[widest][last]


def extents(shapes: Ragged) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n, 2) the least and the greatest coordinates."""
    starts = shapes.rings[shapes.parts[:-1]]
    return np.minimum.reduceat(shapes.xy, starts), np.maximum.reduceat(shapes.xy, starts)


def along_rivers(shapes: Ragged, widths: NDArray[np.float64], high: float) -> Spots:
    """One place for each of the largest areas: in its widest part, turned the way it runs there."""
    low, top = extents(shapes)
    ways: dict[int, NDArray[np.float64]] = {}
    for i in np.argsort(-(top - low).max(axis=1), kind="stable")[:TRIED].tolist():
        polygon = _polygon(shapes, i)
        way = None if polygon is None else _course(polygon, float(widths[i]))
        if way is not None:
            count = max(2, int(widths[i] / (STATION * high)) + 1)
            ways[i] = way[0] + np.linspace(0, 1, count)[:, None] * (way[1] - way[0])
    kept = [ways.get(i) for i in range(len(widths))]
    found = [way for way in kept if way is not None]
    return Spots(
        np.concatenate([np.zeros((0, 2)), *found]),
        offsets(np.array([len(way) for way in found], np.int64)),
        offsets(np.array([way is not None for way in kept], np.int64)),
        np.zeros(len(found), np.int8),
    )


def _polygon(shapes: Ragged, i: int) -> shapely.Polygon | None:
    """The largest area of a feature, however crooked it is; None when nothing is left of it."""
    rings = range(int(shapes.parts[i]), int(shapes.parts[i + 1]))
    corners = [shapes.xy[shapes.rings[j] : shapes.rings[j + 1]] for j in rings]
    sound = [ring for ring in corners if len(ring) > 3]
    if not sound:
        return None
    made = shapely.make_valid(shapely.Polygon(sound[0], sound[1:]), method="structure")
    areas = [part for part in _parts(made) if isinstance(part, shapely.Polygon) and part.area > 0]
    return max(areas, key=lambda part: part.area, default=None)


def _parts(made: BaseGeometry) -> Iterator[BaseGeometry]:
    inner: Sequence[BaseGeometry] = getattr(made, "geoms", ())
    for part in inner:
        yield from _parts(part)
    if not inner:
        yield made


def _course(polygon: shapely.Polygon, width: float) -> NDArray[np.float64] | None:
    """(2, 2) from where to where a text so wide stands; None where it does not fit. A lake has no course."""
    circle = shapely.maximum_inscribed_circle(polygon, tolerance=1.0)
    centre, radius = np.array(circle.coords[0]), circle.length
    if radius <= 0:
        return None
    near = polygon.intersection(shapely.Point(centre).buffer(max(radius * 4, width / 2)))
    xy = shapely.get_coordinates(near.oriented_envelope)
    way, room = np.array((1.0, 0.0)), 2 * radius
    if len(xy) >= 4:
        long, short = sorted(np.diff(xy[:3], axis=0), key=lambda side: -float(np.hypot(*side)))
        length = float(np.hypot(*long))
        if length >= 1.5 * float(np.hypot(*short)):
            way, room = long / length, length
    if room * FIT < width:
        return None
    half = way * width / 2
    return np.stack((centre - half, centre + half) if half[0] > 0 else (centre + half, centre - half))
