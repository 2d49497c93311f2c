"""Builders for features: squares with and without holes, lines, points, with only what a test cares about."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gis.errors import UserError
from gis.geo.features import Features, Shape
from gis.progress import Progress
from layers.sources.base import Extent

UTM = 32750
Ring = Sequence[tuple[float, float]]


def square(x: float, y: float, side: float, *, hole: bool = False) -> list[tuple[float, float]]:
    """A closed square ring around (x, y): anticlockwise, or clockwise as a hole."""
    h = side / 2
    ring = [(x - h, y - h), (x + h, y - h), (x + h, y + h), (x - h, y + h), (x - h, y - h)]
    return ring[::-1] if hole else ring


def features(shape: Shape, *geometries: Sequence[Ring], ids: Any = None, **columns: Any) -> Features:
    """Each geometry is a list of rings (lines, points); columns are lists of values."""
    rings = [ring for geometry in geometries for ring in geometry]
    xy = np.array([corner for ring in rings for corner in ring], np.float64).reshape(-1, 2)
    return Features(
        shape,
        xy,
        np.concatenate(([0], np.cumsum([len(ring) for ring in rings]))).astype(np.int64),
        np.concatenate(([0], np.cumsum([len(geometry) for geometry in geometries]))).astype(np.int64),
        np.arange(len(geometries)) if ids is None else np.array(ids, object),
        {name: np.array(values, object) for name, values in columns.items()},
        UTM,
    )


def polygons(*geometries: Sequence[Ring], **columns: Any) -> Features:
    return features(Shape.POLYGON, *geometries, **columns)


def lines(*geometries: Sequence[Ring], **columns: Any) -> Features:
    return features(Shape.LINE, *geometries, **columns)


def points(*places: tuple[float, float], **columns: Any) -> Features:
    return features(Shape.POINT, *([[place]] for place in places), **columns)


class Shelf:
    """A source that holds some features and counts how often it was asked."""

    kinds: frozenset[type] = frozenset()

    def __init__(self, *held: Features, origin: Mapping[str, str] | None = None) -> None:
        self.held, self.origin, self.asked = held, origin or {}, 0

    def read(self, _extent: Extent, _crs: int, _progress: Progress, /) -> tuple[Features, ...]:
        self.asked += 1
        return self.held


class Ruin:
    """A source that cannot be read."""

    kinds: frozenset[type] = frozenset()
    origin: Mapping[str, str] = {}

    def read(self, _extent: Extent, _crs: int, _progress: Progress, /) -> tuple[Features, ...]:
        raise UserError("The file flood.gpkg is not there any more.")
