"""What lies under the pointer: few features are near it, and those are looked at exactly."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.crowds import members
from layers.gathering import radius_px
from layers.geometry import Ragged, gather
from layers.pixels import SPECK_PX, sizes
from layers.scene import Areas, Bubbles, Drawn, Hit, Lines, Scene, Shapes, Signs
from layers.view import Box, MapView

TOLERANCE_PX = 3.0
MOST_OF_A_CROWD = 100  # so many of those that a circle stands for are found under it


def at(scene: Scene, view: MapView, x: float, y: float, tolerance: float = TOLERANCE_PX) -> tuple[Hit, ...]:
    """What `scene` shows within `tolerance` pixels of pixel (x, y) of `view`, topmost first, each once."""
    hits: dict[Any, Hit] = {}
    crowd = _crowd(scene, view, x, y)
    if crowd and crowd.features.counts is None:
        found = (_hit(scene.layer_id, crowd, row) for row in crowd.rows[:MOST_OF_A_CROWD].tolist())
        hits.update((hit.id, hit) for hit in found)
    for mark in reversed(scene.shapes):
        if mark.drawn.features.counts is not None:
            continue  # what stands for many is none of them
        for row in _touched(mark, view, x, y, tolerance)[::-1].tolist():
            hit = _hit(scene.layer_id, mark.drawn, row, hollow=_is_hollow(mark))
            hits.setdefault(hit.id, hit)
    return tuple(hits.values())


def crowd_at(scene: Scene, view: MapView, x: float, y: float) -> Box | None:
    """The bounds of the points that the circle at pixel (x, y) stands for; None when it parts no further."""
    crowd = _crowd(scene, view, x, y)
    if crowd is None:
        return None
    boxes = crowd.index.boxes(crowd.positions)
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return (west, south, east, north) if max(east - west, north - south) > 0 else None


def _crowd(scene: Scene, view: MapView, x: float, y: float) -> Drawn | None:
    """The points of the topmost circle at a pixel."""
    for mark in reversed(scene.marks):
        if isinstance(mark, Bubbles):
            away = np.hypot(*(view.to_pixels(mark.xy) - np.array((x, y), np.float32)).T)
            under = np.flatnonzero(away <= [radius_px(count) for count in mark.tally.counts])
            if len(under):
                column, row = mark.tally.cells[under[-1]].tolist()
                return Drawn(mark.index, members(mark.index, mark.tally.level, (column, row)))
    return None


def _is_hollow(mark: Shapes) -> bool:
    """An outline without a ground."""
    return isinstance(mark, Areas) and (
        mark.fill is None or (mark.fill.opacity == 0 and mark.fill.hatch is None)
    )


def _hit(layer_id: str, drawn: Drawn, row: int, *, hollow: bool = False) -> Hit:
    features = drawn.features
    found = features.ids[row]
    columns = {name: column[row] for name, column in features.columns.items()}
    return Hit(layer_id, found if isinstance(found, str) else int(found), columns, hollow)


def _touched(mark: Shapes, view: MapView, x: float, y: float, tolerance: float) -> NDArray[np.int64]:
    """The rows of the mark's features that are touched, in drawing order."""
    reach = tolerance
    if isinstance(mark, Signs):
        reach += mark.marker.size_px / 2
    elif isinstance(mark, Lines):
        reach += mark.stroke.width_px / 2
    (west, north), (east, south) = view.to_map(x - reach, y - reach), view.to_map(x + reach, y + reach)
    near = mark.drawn.near((west, south, east, north))
    if not len(near.positions):
        return near.rows
    shapes = gather(near.features, near.rows, view)
    shapes = Ragged(shapes.xy - (x, y), shapes.rings, shapes.parts)
    match mark:
        case Areas():
            found = _around(shapes) | _is_speck(near, view)
        case Lines():
            found = _passing(shapes, reach)
        case Signs():
            found = _standing(shapes, reach)
    return near.rows[found]


def _is_speck(drawn: Drawn, view: MapView) -> NDArray[np.bool_]:
    """Nobody can point into an area of a pixel; its surroundings do."""
    return sizes(drawn.index.boxes(drawn.positions)) < SPECK_PX * view.units_per_pixel


def _around(shapes: Ragged) -> NDArray[np.bool_]:
    """Which polygons hold the origin: their winding number is not zero."""
    ends = shapes.rings[shapes.parts]
    below = shapes.xy[:, 1] <= 0
    edges = _inside_a_ring(shapes, np.flatnonzero(below[:-1] != below[1:]))
    (ax, ay), (bx, by) = shapes.xy[edges].T, shapes.xy[edges + 1].T
    right = (ax * (by - ay) - (bx - ax) * ay) * np.sign(by - ay) > 0
    crossed = edges[right]  # edges right of the point that cross its height
    turns = np.where(below[crossed], 1, -1)
    owner = np.searchsorted(ends, crossed, side="right") - 1
    return np.bincount(owner, weights=turns, minlength=len(ends) - 1) != 0


def _passing(shapes: Ragged, reach: float) -> NDArray[np.bool_]:
    """Which lines pass the origin within `reach`."""
    found = np.zeros(len(shapes.parts) - 1, bool)
    edges = _inside_a_ring(shapes, np.arange(len(shapes.xy) - 1))
    edges = edges[_distance(shapes.xy[edges], shapes.xy[edges + 1]) <= reach]
    found[np.searchsorted(shapes.rings[shapes.parts], edges, side="right") - 1] = True
    return found


def _standing(shapes: Ragged, reach: float) -> NDArray[np.bool_]:
    """Which points stand within `reach` of the origin, in both directions."""
    found = np.zeros(len(shapes.parts) - 1, bool)
    near = np.flatnonzero((np.abs(shapes.xy) <= reach).all(axis=1))
    found[np.searchsorted(shapes.rings[shapes.parts], near, side="right") - 1] = True
    return found


def _inside_a_ring(shapes: Ragged, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """Without the edges that would lead from the end of one ring to the start of the next."""
    first = np.searchsorted(shapes.rings, edges, side="right")
    return edges[first == np.searchsorted(shapes.rings, edges + 1, side="right")]


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the origin to the segments a-b (m, 2)."""
    along = b - a
    way = np.clip(-(a * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0, 1)
    return np.hypot(*(a + way[:, None] * along).T)
