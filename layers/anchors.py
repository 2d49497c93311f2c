"""Where on a feature its name stands, which way it runs, and how much room there is. All in pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.geometry import Ragged, centroids

STEP_PX = 6.0  # lines are walked in steps of this size
STRAIGHT = 0.985  # a stretch whose ends are this far apart, as a share of its length, carries a text
TRIED = 400  # of more features only the longest or largest are looked at closely
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """For n names: the middle (n, 2), degrees clockwise (n,), and the width that is free (n,); 0 is none."""

    xy: NDArray[np.float64]
    angle: NDArray[np.float64]
    room: NDArray[np.float64]


def on_points(shapes: Ragged) -> Anchors:
    n = len(shapes.parts) - 1
    return Anchors(shapes.xy[shapes.rings[shapes.parts[:-1]]], np.zeros(n), np.full(n, np.inf))


def along_lines(shapes: Ragged, widths: NDArray[np.float64], width: float, height: float) -> Anchors:
    """The straightest stretch of each line, inside the window, that is as long as its text (n,) is wide."""
    n = len(shapes.parts) - 1
    found = Anchors(np.zeros((n, 2)), np.zeros(n), np.zeros(n))
    steps = np.diff(shapes.xy, axis=0, append=shapes.xy[-1:])
    way = np.hypot(steps[:, 0], steps[:, 1])
    way[shapes.rings[1:] - 1] = 0.0
    total = np.concatenate(([0.0], np.cumsum(way)))
    ends = shapes.rings[shapes.parts]
    length = total[ends[1:]] - total[ends[:-1]]
    fitting = np.flatnonzero(length > widths)
    for i in fitting[np.argsort(-length[fitting], kind="stable")][:TRIED]:
        first = int(shapes.rings[shapes.parts[i]])
        last = int(shapes.rings[shapes.parts[i] + 1])  # the first part speaks for a line in several
        stretch = _straightest(shapes.xy[first:last], float(widths[i]), (0.0, 0.0, width, height))
        if stretch is not None:
            a, b = stretch
            turn = np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0]))
            found.xy[i] = (a + b) / 2
            found.angle[i] = turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn
            found.room[i] = widths[i]
    return found


def _straightest(
    line: NDArray[np.float64], width: float, window: Box
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    if way[-1] <= width:
        return None
    at = np.linspace(0, way[-1], max(2, int(way[-1] / STEP_PX) + 1))
    walked = np.column_stack((np.interp(at, way, line[:, 0]), np.interp(at, way, line[:, 1])))
    span = max(1, int(np.ceil(width / (at[1] - at[0]))))
    a, b = walked[:-span], walked[span:]
    if not len(a):
        return None
    straight = np.hypot(*(b - a).T) / (span * (at[1] - at[0]))
    west, north, east, south = window
    for end in (a, b):
        straight[(end[:, 0] <= west) | (end[:, 0] >= east) | (end[:, 1] <= north) | (end[:, 1] >= south)] = (
            0.0
        )
    middle = np.abs(np.arange(len(a)) - (len(a) - 1) / 2) / len(walked)
    best = int(np.argmax(np.round(straight, 2) - 0.005 * middle))
    return (a[best], b[best]) if straight[best] >= STRAIGHT else None


def in_polygons(shapes: Ragged, along: bool) -> Anchors:
    """The centre of gravity where that lies inside, else the middle of the largest circle that fits.

    `along` turns the name the way the polygon runs at that place, as rivers need it.
    """
    n = len(shapes.parts) - 1
    xy = centroids(shapes)
    angle, room = np.zeros(n), _widths(shapes)
    for i in np.argsort(-room, kind="stable")[:TRIED]:
        polygon = _polygon(shapes, int(i))
        if polygon is None or (not along and polygon.contains(shapely.Point(xy[i]))):
            continue
        circle = shapely.maximum_inscribed_circle(polygon, tolerance=1.0)
        centre, radius = np.array(circle.coords[0]), circle.length
        xy[i], room[i] = centre, 2 * radius
        if along and radius > 0:
            angle[i], room[i] = _course(polygon, centre, radius)
    return Anchors(xy, angle, room)


def _widths(shapes: Ragged) -> NDArray[np.float64]:
    starts = shapes.rings[shapes.parts[:-1]]
    return np.maximum.reduceat(shapes.xy[:, 0], starts) - np.minimum.reduceat(shapes.xy[:, 0], starts)


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


def _course(polygon: shapely.Polygon, centre: NDArray[np.float64], radius: float) -> tuple[float, float]:
    """Which way an area runs around `centre`, and how long that stretch is."""
    near = polygon.intersection(shapely.Point(centre).buffer(radius * 4))
    xy = shapely.get_coordinates(near.oriented_envelope)
    if len(xy) < 4:
        return 0.0, 2 * radius
    sides = np.diff(xy[:3], axis=0)
    long, short = sorted(sides, key=lambda side: -float(np.hypot(*side)))
    length, breadth = float(np.hypot(*long)), float(np.hypot(*short))
    if length < 1.5 * breadth:  # a lake has no course
        return 0.0, 2 * radius
    turn = float(np.degrees(np.arctan2(long[1], long[0])))
    return (turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn), length
