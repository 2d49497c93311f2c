"""The features behind a selection: their rows, to be outlined and to be zoomed to."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape
from gis.geo.ragged import ranges
from layers.view import Box


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """Some rows of one `Features`."""

    features: Features
    rows: NDArray[np.int64]

    @property
    def is_points(self) -> bool:
        return self.features.shape is Shape.POINT

    @property
    def points(self) -> NDArray[np.float64]:
        """(m, 2) all their vertices, in the CRS of the features."""
        starts = self.features.rings[self.features.parts[self.rows]]
        ends = self.features.rings[self.features.parts[self.rows + 1]]
        return self.features.xy[ranges(starts, ends - starts)]

    @property
    def bounds(self) -> Box | None:
        """West, south, east, north of all of them; None where there is no place."""
        xy = self.points
        xy = xy[np.isfinite(xy).all(axis=1)]
        if not len(xy):
            return None
        (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
        return west, south, east, north


def marked(shown: Iterable[Features], ids: Iterable[str | int]) -> tuple[Marked, ...]:
    """Where `ids` are among the features that are shown."""
    wanted = set(ids)
    if not wanted:
        return ()
    found = ((features, _rows(features, wanted)) for features in shown)
    return tuple(Marked(features, rows) for features, rows in found if len(rows))


def _rows(features: Features, wanted: set[str | int]) -> NDArray[np.int64]:
    if features.counts is not None:
        return np.zeros(0, np.int64)
    if features.ids.dtype.kind in "iu":
        numbers = [i for i in wanted if isinstance(i, int)]
        return np.flatnonzero(np.isin(features.ids, numbers))
    return np.array([i for i, name in enumerate(features.ids.tolist()) if name in wanted], np.int64)


def union(boxes: Iterable[Box | None]) -> Box | None:
    """The smallest box around all boxes; None around nothing."""
    all_boxes = [box for box in boxes if box]
    if not all_boxes:
        return None
    west, south, east, north = zip(*all_boxes, strict=True)
    return min(west), min(south), max(east), max(north)
