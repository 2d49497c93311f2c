"""Live symbols: few, urgent, drawn anew in every frame. Incidents, sensors, alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape
from layers.columns import as_text, numbers_of
from layers.scene import Hit
from layers.sources.base import EVERYWHERE, Extent
from layers.style import LiveLook
from layers.view import MapView


@dataclass(frozen=True, slots=True, eq=False)
class Badges:
    """n symbols at `xy` (n, 2) in map units, the most severe last.

    They come from these columns of points: `severity` (1 extreme to 4 minor, 5 unknown, 0 nothing wrong),
    `hollow` (acknowledged, or a value too old), `exercise`, `label` and `count`, which is over 0 where a
    symbol stands for so many in a cell. A missing column means none of it. Beyond `extent` there may be more.
    `outlines` are the lines and areas, also with a `severity`, that some of the symbols stand for.
    """

    layer_id: str
    look: LiveLook
    features: Features
    xy: NDArray[np.float64]
    rows: NDArray[np.int64]
    severity: NDArray[np.int64]
    hollow: NDArray[np.bool_]
    exercise: NDArray[np.bool_]
    labels: tuple[str, ...]
    count: NDArray[np.int64]
    outlines: tuple[Features, ...] = ()
    extent: Extent = EVERYWHERE

    def serves(self, view: MapView) -> bool:
        """True when there is nothing more, and nothing finer, to be known about this view."""
        west, south, east, north = view.extent
        w, s, e, n = self.extent
        inside = w <= west and s <= south and east <= e and north <= n
        return inside and (not self.count.any() or east - west > FINE * (e - w))

    def hit(self, i: int) -> Hit:
        """Symbol `i` as what was found under the pointer."""
        row = int(self.rows[i])
        columns = {name: column[row] for name, column in self.features.columns.items()}
        return Hit(self.layer_id, self.features.ids[row], columns)


FINE = 0.4  # of the width that was asked for: nearer than that its cells are too coarse
NO_POINTS = Features(
    Shape.POINT, np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int64)
)


def badges(layer_id: str, look: LiveLook, found: Sequence[Features], extent: Extent = EVERYWHERE) -> Badges:
    """The symbols of the points that were found in `extent`, those without a finite place left out."""
    features = next((each for each in found if each.shape is Shape.POINT), NO_POINTS)
    rows = np.flatnonzero(np.diff(features.parts) > 0)
    xy = features.xy[features.rings[features.parts[rows]]]
    rows, xy = rows[np.isfinite(xy).all(axis=1)], xy[np.isfinite(xy).all(axis=1)]
    severity = severities(features, rows)
    order = np.argsort(-np.where(severity == 0, 6, severity), kind="stable")
    rows = rows[order]
    labels = features.columns.get("label")
    return Badges(
        layer_id,
        look,
        features,
        xy[order],
        rows,
        severity[order],
        _numbers(features, "hollow", rows) > 0,
        _numbers(features, "exercise", rows) > 0,
        tuple("" if labels is None else as_text(labels[row]) for row in rows),
        _numbers(features, "count", rows),
        tuple(each for each in found if each.shape is not Shape.POINT and len(each.xy)),
        extent,
    )


def severities(features: Features, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """How severe these features are: 1 (extreme) to 5 (unknown), 0 where nothing is said."""
    said = _numbers(features, "severity", rows)
    return np.where((said >= 0) & (said <= 5), said, 5)


def _numbers(features: Features, name: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    column: NDArray[Any] | None = features.columns.get(name)
    if column is None:
        return np.zeros(len(rows), np.int64)
    return np.nan_to_num(numbers_of(column[rows])).astype(np.int64)
