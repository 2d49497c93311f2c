"""Which features are touched by an area that somebody drew around them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gis.errors import UserError
from gis.geo.features import Features
from gis.geo.shapes import to_shapely
from gis.progress import Progress
from gis.texts import _
from layers.handout import only
from layers.scene import Scene, Shapes

BLOCK = 20_000


def area_of(corners: Iterable[tuple[float, float]]) -> Polygon | None:
    """The area between these corners; None where they enclose nothing."""
    ring = list(dict.fromkeys(corners))
    if len(ring) < 3:
        return None
    area: Any = shapely.make_valid(Polygon(ring))
    return area if area.area > 0 else None


def touched(scene: Scene, area: Polygon, progress: Progress) -> list[str | int]:
    """The ids of what `scene` draws in `area` (map units), each once. Raises `Cancelled`, and UserError
    for an overview."""
    if any(features.counts is not None for features in scene.features):
        raise UserError(
            _("What is shown here is an overview: its marks stand for many."),
            hint=_("Nothing was selected. Zoom in until each is shown by itself."),
        )
    found: dict[Any, None] = {}
    for mark in scene.shapes:
        found.update(dict.fromkeys(_of_mark(mark, area, progress)))
    return list(found)


def touched_points(features: Features, area: Polygon) -> list[str | int]:
    """The ids of the points in `area`; of a feature of several points when one of them is."""
    owner = np.repeat(np.arange(len(features)), np.diff(features.rings[features.parts]))
    shapely.prepare(area)
    inside: NDArray[np.bool_] = shapely.intersects_xy(area, features.xy)
    return features.ids[np.unique(owner[inside])].tolist()


def _of_mark(mark: Shapes, area: Polygon, progress: Progress) -> list[str | int]:
    near = mark.drawn.near(area.bounds)
    features, boxes = near.features, near.index.boxes(near.positions)
    shapely.prepare(area)
    within = np.asarray(shapely.contains_properly(area, _boxes(boxes)), bool)
    found = [near.rows[within]]
    rest = near.rows[~within]
    for begin in range(0, len(rest), BLOCK):
        progress.step(begin, len(rest))
        rows = rest[begin : begin + BLOCK]
        found.append(rows[np.asarray(shapely.intersects(area, to_shapely(only(features, rows))), bool)])
    return features.ids[np.sort(np.concatenate(found))].tolist()


def _boxes(boxes: NDArray[np.float64]) -> NDArray[Any]:
    """As shapes; a point's box is that point."""
    made: Any = shapely
    return made.box(*boxes.T)
