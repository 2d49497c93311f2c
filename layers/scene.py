"""A layer reduced to things a painter can draw: pixels, symbols, and who they stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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

    `room` (n,) is how many pixels of width the feature itself offers; inf for points.
    """

    xy: NDArray[np.float32]
    angle: NDArray[np.float32]
    room: NDArray[np.float32]
    texts: tuple[str, ...]
    rule: LabelRule


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

    def _hit(self, drawn: Drawn, row: int) -> Hit:
        found = drawn.features.ids[row]
        columns = {name: column[row] for name, column in drawn.features.columns.items()}
        return Hit(self.layer_id, found if isinstance(found, str) else int(found), columns)

    def __iter__(self) -> Iterator[Mark]:
        return iter(self.marks)


def touched(mark: Mark, x: float, y: float, tolerance: float) -> NDArray[np.int64]:
    """Which entries of a batch lie within `tolerance` pixels of (x, y)."""
    if isinstance(mark, Paths):
        return _paths_at(mark, x, y, tolerance)
    reach = tolerance + (mark.marker.size_px / 2 if isinstance(mark, Markers) else 0.5)
    return np.flatnonzero((np.abs(mark.xy - np.array((x, y), np.float32)) <= reach).all(axis=1))


def _paths_at(paths: Paths, x: float, y: float, tolerance: float) -> NDArray[np.int64]:
    """Polygons that hold the point (winding number not zero), and lines or outlines that pass near it."""
    if len(paths.xy) < 2:
        return np.zeros(0, np.int64)
    a, b = paths.xy[:-1].astype(np.float64), paths.xy[1:].astype(np.float64)
    segment = np.ones(len(a), bool)
    segment[paths.rings[1:-1] - 1] = False  # from the end of one ring to the start of the next
    width = paths.stroke.width_px / 2 if paths.stroke else 0.0
    near = segment & _near(a, b, x, y, tolerance if not paths.closed else 0.0, width)
    counts = near.astype(np.int64)
    if paths.closed:
        side = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (x - a[:, 0]) * (b[:, 1] - a[:, 1])
        up = segment & (a[:, 1] <= y) & (b[:, 1] > y) & (side > 0)
        down = segment & (a[:, 1] > y) & (b[:, 1] <= y) & (side < 0)
        counts = up.astype(np.int64) - down
    total = np.concatenate(([0], np.cumsum(counts)))
    ends = np.minimum(paths.rings[paths.parts], len(a))
    return np.flatnonzero(total[ends[1:]] - total[ends[:-1]])


def _near(
    a: NDArray[np.float64], b: NDArray[np.float64], x: float, y: float, tolerance: float, width: float
) -> NDArray[np.bool_]:
    """Segments a-b (m, 2) that pass within `tolerance` + `width` of (x, y)."""
    along = b - a
    length2 = np.maximum((along**2).sum(axis=1), 1e-12)
    t = np.clip(((x - a[:, 0]) * along[:, 0] + (y - a[:, 1]) * along[:, 1]) / length2, 0, 1)
    dx, dy = a[:, 0] + t * along[:, 0] - x, a[:, 1] + t * along[:, 1] - y
    return dx**2 + dy**2 <= (tolerance + width) ** 2
