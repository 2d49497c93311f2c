"""Smooth curves and soft noise: what rivers, lanes and hills are drawn with."""

from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from gis.training.sample.columns import shapely

Points: TypeAlias = NDArray[np.float64]
Shapes: TypeAlias = NDArray[np.object_]


def smooth(points: Points, per_span: int = 14) -> Points:
    """The Catmull-Rom curve through `points` (n, 2), `per_span` vertices for each stretch."""
    if len(points) < 3:
        return points
    closed = np.array_equal(points[0], points[-1])
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    p = np.vstack([before, points, after])
    t = np.linspace(0, 1, per_span, endpoint=False)[None, :, None]
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.vstack([curve.reshape(-1, 2), points[-1:]])


def soft_line(rng: Generator, n: int, knots: int, *, lines: int = 1) -> Points:
    """`lines` rows of `n` values around 0 (standard deviation near 1), smooth between `knots` knots."""
    return rng.normal(size=(lines, knots)) @ _weights(n, knots).T


def soft_field(rng: Generator, shape: tuple[int, int], knots: tuple[int, int]) -> Points:
    """A field of `shape` around 0, smooth between a lattice of `knots`."""
    return _weights(shape[0], knots[0]) @ rng.normal(size=knots) @ _weights(shape[1], knots[1]).T


def _weights(n: int, knots: int) -> Points:
    """The (n, knots) matrix that eases from knot to knot."""
    at = np.linspace(0, knots - 1, n)
    left = np.minimum(at.astype(int), knots - 2)
    share = at - left
    share = share**2 * (3 - 2 * share)
    weights = np.zeros((n, knots))
    weights[np.arange(n), left] = 1 - share
    weights[np.arange(n), left + 1] += share
    return weights


def wiggle(rng: Generator, line: Points, reach_m: float, knots: int) -> Points:
    """`line` pushed to and fro across itself by about `reach_m`; its ends stay."""
    along = np.gradient(line, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(along[:, 0], along[:, 1])[:, None]
    fade = np.minimum(1, 8 * np.minimum(np.linspace(0, 1, len(line)), np.linspace(1, 0, len(line))))
    return line + across * (soft_line(rng, len(line), knots)[0] * fade * reach_m)[:, None]


def distance_along(line: Points) -> Points:
    """Metres from the first vertex to each vertex."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])


def spaced(line: Points, step_m: float) -> Points:
    """The line again, with a vertex about every `step_m`."""
    at = distance_along(line)
    wanted = np.linspace(0, at[-1], max(2, round(at[-1] / step_m) + 1))
    return np.column_stack([np.interp(wanted, at, line[:, 0]), np.interp(wanted, at, line[:, 1])])


def chainage(line: Points, xy: Points) -> tuple[Points, Points]:
    """For each of the (n, 2) `xy`: metres along `line` of the nearest place on it, and metres to it."""
    course, points = LineString(line), shapely.points(xy)
    return shapely.line_locate_point(course, points), shapely.distance(course, points)


def areas(shape: BaseGeometry) -> BaseGeometry:
    """What of a shape covers ground: its polygons of more than a square metre."""
    parts = shapely.get_parts(shape)
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 1.0)]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
