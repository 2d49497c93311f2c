"""A layer reduced to things a painter can draw: pixels, symbols, and who they stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from layers.style import Fill, LabelRule, Marker, Stroke
from layers.view import MapView


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Whose marks these are: entry `i` of a batch stands for row `rows[i]` of `features`."""

    features: Features
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Polygons or lines of one look, n of them, in pixels.

    `xy` (m, 2) float32, `rings` (r + 1,) offsets into `xy`, `parts` (n + 1,) offsets into `rings`.
    `closed` ones are polygons (non-zero winding), the others lines.
    """

    drawn: Drawn
    xy: NDArray[np.float32]
    rings: NDArray[np.int64]
    parts: NDArray[np.int64]
    fill: Fill | None = None
    stroke: Stroke | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Specks:
    """Polygons smaller than a pixel or two: centres (n, 2) and the share of a pixel each covers (n,)."""

    drawn: Drawn
    xy: NDArray[np.float32]
    cover: NDArray[np.float32]
    fill: Fill


@dataclass(frozen=True, slots=True, eq=False)
class Markers:
    """Signs at points (n, 2)."""

    drawn: Drawn
    xy: NDArray[np.float32]
    marker: Marker


Mark = Paths | Specks | Markers


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Labels that would like a place: anchors (n, 2) in pixels, angles (n,) in degrees clockwise, n texts.

    `room` (n,) is how many pixels of width the feature itself offers; inf for points. A text starts
    `beside` pixels right of its anchor; at 0 it is centred on it.
    """

    xy: NDArray[np.float32]
    angle: NDArray[np.float32]
    room: NDArray[np.float32]
    texts: tuple[str, ...]
    rule: LabelRule
    beside: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A feature that was found under the pointer: its id and its columns."""

    layer_id: str
    id: str | int
    columns: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The marks of one layer from bottom to top, in the pixels of `view`, and the names it asks for."""

    layer_id: str
    view: MapView
    marks: tuple[Mark, ...] = ()
    names: tuple[Names, ...] = ()

    def at(self, x: float, y: float, tolerance: float = 3.0) -> tuple[Hit, ...]:
        """What is drawn within `tolerance` pixels of (x, y), topmost first, each feature once."""
        hits: dict[Any, Hit] = {}
        for mark in reversed(self.marks):
            for row in touched(mark, x, y, tolerance)[::-1]:
                hit = self._hit(mark.drawn, int(mark.drawn.rows[row]))
                hits.setdefault(hit.id, hit)
        return tuple(hits.values())

    def names_on(self, view: MapView) -> tuple[Names, ...]:
        """The wanted names in the pixels of another view; none when its scale is another."""
        if view.units_per_pixel != self.view.units_per_pixel:
            return ()
        (left, _s, _e, top), (here_left, _hs, _he, here_top) = self.view.extent, view.extent
        shift = np.array((left - here_left, here_top - top)) / view.units_per_pixel
        return tuple(replace(names, xy=names.xy + shift.astype(np.float32)) for names in self.names)

    def _hit(self, drawn: Drawn, row: int) -> Hit:
        found = drawn.features.ids[row]
        columns = {name: column[row] for name, column in drawn.features.columns.items()}
        return Hit(self.layer_id, found if isinstance(found, str) else int(found), columns)

    @property
    def features(self) -> tuple[Features, ...]:
        """All that the marks were made from, each once."""
        return tuple({id(mark.drawn.features): mark.drawn.features for mark in self.marks}.values())

    def __iter__(self) -> Iterator[Mark]:
        return iter(self.marks)


def touched(mark: Mark, x: float, y: float, tolerance: float) -> NDArray[np.int64]:
    """Which entries of a batch lie within `tolerance` pixels of (x, y)."""
    if isinstance(mark, Paths):
        return _paths_at(mark, x, y, tolerance)
    reach = tolerance + (mark.marker.size_px / 2 if isinstance(mark, Markers) else 0.5)
    return np.flatnonzero((np.abs(mark.xy - np.array((x, y), np.float32)) <= reach).all(axis=1))


def _paths_at(paths: Paths, x: float, y: float, tolerance: float) -> NDArray[np.int64]:
    """Polygons that hold the point (winding number not zero); lines that pass near it."""
    if len(paths.xy) < 2:
        return np.zeros(0, np.int64)
    ends = paths.rings[paths.parts]
    if paths.closed:
        below = paths.xy[:, 1] <= y
        edges = _inside_a_ring(paths, np.flatnonzero(below[:-1] != below[1:]))
        (ax, ay), (bx, by) = paths.xy[edges].T.astype(np.float64), paths.xy[edges + 1].T.astype(np.float64)
        right = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) * np.sign(by - ay) > 0
        crossed = edges[right]  # edges right of the point that cross its height
        turns = np.where(below[crossed], 1, -1)
        owner = np.searchsorted(ends, crossed, side="right") - 1
        winding = np.bincount(owner, weights=turns, minlength=len(ends) - 1)
        return np.flatnonzero(winding)
    reach = tolerance + (paths.stroke.width_px / 2 if paths.stroke else 0.0)
    low, high = np.minimum(paths.xy[:-1], paths.xy[1:]), np.maximum(paths.xy[:-1], paths.xy[1:])
    place = np.array((x, y), np.float32)
    around = ((low <= place + reach) & (high >= place - reach)).all(axis=1)
    edges = _inside_a_ring(paths, np.flatnonzero(around))
    edges = edges[_distance(paths.xy[edges], paths.xy[edges + 1], place) <= reach]
    return np.unique(np.searchsorted(ends, edges, side="right") - 1)


def _inside_a_ring(paths: Paths, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """Without the edges that would lead from the end of one ring to the start of the next."""
    first = np.searchsorted(paths.rings, edges, side="right")
    return edges[first == np.searchsorted(paths.rings, edges + 1, side="right")]


def _distance(
    a: NDArray[np.float32], b: NDArray[np.float32], place: NDArray[np.float32]
) -> NDArray[np.float64]:
    """From a place to the segments a-b (m, 2)."""
    along, to = (b - a).astype(np.float64), (place - a).astype(np.float64)
    way = np.clip((to * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0, 1)
    return np.hypot(*(to - way[:, None] * along).T)
