"""Everything within a distance of many shapes, as one; in steps, so that it can be watched and stopped."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.geo.measure import buffer_m
from gis.progress import Progress
from gis.texts import _

PART = 250  # shapes taken together
WIDEST_DEG = 4.0  # of what is worked out on one plane: right to one part in a thousand


def around(shapes: Sequence[BaseGeometry], radius_m: float, progress: Progress) -> BaseGeometry:
    """All places within `radius_m` metres of WGS84 shapes, as one WGS84 area; empty around nothing.

    Worked out on planes that keep distances from the middle of each part; parts that lie far apart have
    planes of their own. Raises `Cancelled`.
    """
    parts = _parts(shapes)
    made: list[BaseGeometry] = []
    done = 0
    for part in parts:
        progress.step(done, len(shapes), _("Drawing around what is selected"))
        made.append(_around_part(part, radius_m))
        done += len(part)
    return _joined(made, progress)


def _around_part(part: NDArray[np.object_], radius_m: float) -> BaseGeometry:
    return buffer_m(shapely.GeometryCollection(part.tolist()), radius_m)


def _joined(made: list[BaseGeometry], progress: Progress) -> BaseGeometry:
    """By twos and fours, so that no step is long."""
    while len(made) > 1:
        progress.step(0, 0, _("Joining the areas"))
        made = [shapely.union_all(made[n : n + 4]) for n in range(0, len(made), 4)]
    return made[0] if made else shapely.Polygon()


def _parts(shapes: Sequence[BaseGeometry]) -> list[NDArray[np.object_]]:
    """Shapes that lie together, at most PART of them at once."""
    every = np.array([shape for shape in shapes if not shape.is_empty], object)
    if not len(every):
        return []
    middle = shapely.get_coordinates(shapely.centroid(every))
    cells = np.floor(middle / WIDEST_DEG).astype(np.int64)
    order = np.lexsort((middle[:, 0], cells[:, 1], cells[:, 0]))
    change = (np.diff(cells[order], axis=0) != 0).any(axis=1)
    groups = np.split(order, np.flatnonzero(change) + 1)
    return [every[group[n : n + PART]] for group in groups for n in range(0, len(group), PART)]
