"""The corners of a drawing, to be taken hold of: moved, put in, taken out, or all of it shifted."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.geo.crs import transform
from gis.geo.features import WGS84
from gis.geo.figures import Circle, Figure, Rectangle
from gis.geo.legs import onward
from layers.sketch import Corner, Points, circle

Shape = BaseGeometry | Figure
LEAST = {1: 2, 2: 3}  # corners of a line and of a ring


@dataclass(frozen=True, slots=True)
class _Rings:
    """A shape taken apart: points, lines, or rings without their last corner; `counts` rings to a polygon."""

    dimension: int
    rings: tuple[Points, ...]
    counts: tuple[int, ...]


def handles(shape: Shape) -> Points:
    """(n, 2) what can be taken hold of, WGS84: corners; of a circle its middle and a point of its edge."""
    match shape:
        case Circle():
            edge = onward(shape.lon, shape.lat, shape.radius_m, 90.0)
            return np.array([(shape.lon, shape.lat), edge])
        case Rectangle():
            return shapely.get_coordinates(shape.polygon())[:4]
        case _:
            return np.concatenate([np.zeros((0, 2)), *_apart(shape).rings])


def middles(shape: Shape) -> tuple[Points, tuple[int, ...]]:
    """(m, 2) where a corner could be put in, and after which handle; a circle and a rectangle have none."""
    if isinstance(shape, Circle | Rectangle):
        return np.zeros((0, 2)), ()
    apart, first = _apart(shape), 0
    found: list[Points] = []
    after: list[int] = []
    for ring in apart.rings if apart.dimension else ():
        ends = np.roll(ring, -1, axis=0) if apart.dimension == 2 else ring[1:]
        found.append((ring[: len(ends)] + ends) / 2)
        after += range(first, first + len(ends))
        first += len(ring)
    return np.concatenate([np.zeros((0, 2)), *found]), tuple(after)


def moved(shape: Shape, number: int, to: Corner) -> Shape:
    """With one handle somewhere else (WGS84): a circle as wide as that, a rectangle with its far corner kept.

    What would have no extent stays as it is.
    """
    match shape:
        case Circle() if number == 0:
            return replace(shape, lon=round(to[0], 7), lat=round(to[1], 7))
        case Circle():
            return circle((shape.lon, shape.lat), to) or shape
        case Rectangle():
            return _stretched(shape, number, to)
        case _:
            apart, (ring, place) = _found(shape, number)
            changed = apart.rings[ring].copy()
            changed[place] = to
            return _together(_with(apart, ring, changed))


def with_corner(shape: BaseGeometry, after: int, at: Corner) -> BaseGeometry:
    """With one corner more, behind the handle `after`."""
    apart, (ring, place) = _found(shape, after)
    return _together(_with(apart, ring, np.insert(apart.rings[ring], place + 1, at, axis=0)))


def without_corner(shape: Shape, number: int) -> Shape | None:
    """With one corner less; None where too few would be left."""
    if isinstance(shape, Circle | Rectangle):
        return None
    apart, (ring, place) = _found(shape, number)
    if len(apart.rings[ring]) <= LEAST.get(apart.dimension, 1):
        return None
    return _together(_with(apart, ring, np.delete(apart.rings[ring], place, axis=0)))


def shifted(shape: Shape, start: Corner, to: Corner, crs: int) -> Shape:
    """All of it as far and in the direction as from one WGS84 place to another on the plane `crs`."""
    a, b = transform(np.array([start, to]), WGS84, crs)
    by = b - a
    if not np.isfinite(by).all():
        return shape

    def along(xy: Points) -> Points:
        return transform(transform(xy, WGS84, crs) + by, crs, WGS84)

    match shape:
        case Circle():
            ((lon, lat),) = along(np.array([(shape.lon, shape.lat)])).tolist()
            return replace(shape, lon=round(lon, 7), lat=round(lat, 7))
        case Rectangle() if shape.crs == crs:
            dx, dy = by.tolist()
            west, south = round(shape.west + dx, 3), round(shape.south + dy, 3)
            east, north = round(shape.east + dx, 3), round(shape.north + dy, 3)
            return replace(shape, west=west, south=south, east=east, north=north)
        case Rectangle():
            return shapely.transform(shape.polygon(), along)
        case _:
            return shapely.transform(shape, along)


def _stretched(box: Rectangle, number: int, to: Corner) -> Rectangle:
    ((x, y),) = transform(np.array([to]), WGS84, box.crs).tolist()
    if not np.isfinite([x, y]).all():
        return box
    far_x, far_y = (box.east, box.west)[number in (1, 2)], (box.north, box.south)[number in (2, 3)]
    if x == far_x or y == far_y:
        return box
    return Rectangle(box.crs, min(x, far_x), min(y, far_y), max(x, far_x), max(y, far_y))


def _apart(shape: BaseGeometry) -> _Rings:
    parts = shapely.get_parts(shape)
    dimension = int(shapely.get_dimensions(shape))
    if dimension < 2:
        return _Rings(dimension, tuple(shapely.get_coordinates(part) for part in parts), ())
    rings = [shapely.get_rings(part) for part in parts]
    counts = tuple(len(each) for each in rings)
    return _Rings(2, tuple(shapely.get_coordinates(ring)[:-1] for each in rings for ring in each), counts)


def _found(shape: BaseGeometry, number: int) -> tuple[_Rings, tuple[int, int]]:
    apart = _apart(shape)
    ends = np.cumsum([len(ring) for ring in apart.rings])
    ring = int(np.searchsorted(ends, number, side="right"))
    return apart, (ring, number - int(ends[ring] - len(apart.rings[ring])))


def _with(apart: _Rings, ring: int, changed: Points) -> _Rings:
    return replace(apart, rings=(*apart.rings[:ring], changed, *apart.rings[ring + 1 :]))


def _together(apart: _Rings) -> BaseGeometry:
    match apart.dimension:
        case 0:
            points = [Point(ring[0]) for ring in apart.rings]
            return points[0] if len(points) == 1 else MultiPoint(points)
        case 1:
            lines = [LineString(ring) for ring in apart.rings]
            return lines[0] if len(lines) == 1 else MultiLineString(lines)
        case _:
            rings, areas = iter(apart.rings), list[Polygon]()
            for count in apart.counts:
                shell, *holes = (next(rings) for _n in range(count))
                areas.append(Polygon(shell, holes))
            return areas[0] if len(areas) == 1 else MultiPolygon(areas)
