"""The corner or edge of what is shown that is nearest to the pointer, within a few pixels."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.geometry import Ragged, gather
from layers.scene import Drawn, Scene
from layers.view import MapView

REACH_PX = 10.0
MOST_FEATURES, MOST_CORNERS = 400, 60_000  # near one pixel; beyond, the rest is not asked
Pixels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Snapped:
    """A place in map units that something shown has, too: a corner of it, or a spot on its edge."""

    x: float
    y: float
    corner: bool


def snap(
    scenes: Iterable[Scene], view: MapView, x: float, y: float, reach_px: float = REACH_PX
) -> Snapped | None:
    """What is nearest to pixel (x, y) of `view`, corners before edges; None where nothing is near."""
    shapes = [shape for scene in scenes for shape in _near(scene, view, x, y, reach_px)]
    corners = _nearest([shape.xy for shape in shapes], reach_px)
    if corners is not None:
        return _told(corners, view, x, y, corner=True)
    edges = _nearest([_on_edges(shape) for shape in shapes], reach_px)
    return None if edges is None else _told(edges, view, x, y, corner=False)


def _told(at: Pixels, view: MapView, x: float, y: float, *, corner: bool) -> Snapped:
    east, north = view.to_map(float(at[0]) + x, float(at[1]) + y)
    return Snapped(east, north, corner)


def _near(scene: Scene, view: MapView, x: float, y: float, reach_px: float) -> list[Ragged]:
    """The shapes that may be near, in pixels around (x, y)."""
    (west, north), (east, south) = (
        view.to_map(x - reach_px, y - reach_px),
        view.to_map(x + reach_px, y + reach_px),
    )
    found: list[Ragged] = []
    for mark in scene.shapes:
        near = mark.drawn.near((west, south, east, north)).positions[:MOST_FEATURES]
        if len(near):
            found.append(_bounded(Drawn(mark.drawn.index, near), view, (x, y)))
    return found


def _bounded(drawn: Drawn, view: MapView, middle: tuple[float, float]) -> Ragged:
    """Their corners in pixels around `middle`, of as many as have not too many."""
    features, rows = drawn.features, drawn.rows
    ends = features.rings[features.parts]
    rows = rows[np.cumsum(ends[rows + 1] - ends[rows]) <= MOST_CORNERS]
    shapes = gather(features, rows, view)
    return Ragged(shapes.xy - middle, shapes.rings, shapes.parts)


def _on_edges(shapes: Ragged) -> Pixels:
    """The point of each edge that is nearest to (0, 0)."""
    if len(shapes.xy) < 2:
        return np.zeros((0, 2))
    inner = np.ones(len(shapes.xy) - 1, bool)
    inner[shapes.rings[1:-1] - 1] = False
    a, b = shapes.xy[:-1][inner], shapes.xy[1:][inner]
    along = b - a
    way = np.clip(-(a * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0, 1)
    return a + way[:, None] * along


def _nearest(points: list[Pixels], reach_px: float) -> Pixels | None:
    every = np.concatenate([np.zeros((0, 2)), *points])
    away = np.hypot(every[:, 0], every[:, 1])
    if not len(away) or not away.min() <= reach_px:
        return None
    return every[int(away.argmin())]
