"""A layer reduced to what a painter needs: which features look how, and which names they ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from layers.index import Index
from layers.spots import Spots
from layers.style import Fill, LabelRule, Marker, Stroke
from layers.view import MapView

REACH_PX = 32  # what stands this far outside a picture may reach into it


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Whose mark it is: the features at these `positions` of `index`, from bottom to top."""

    index: Index
    positions: NDArray[np.int64]

    @property
    def features(self) -> Features:
        return self.index.features

    @property
    def rows(self) -> NDArray[np.int64]:
        """The same as rows of `features`."""
        return self.index.order[self.positions]

    def near(self, box: tuple[float, float, float, float]) -> "Drawn":
        """Those whose bounds touch `box` (west, south, east, north in map units)."""
        boxes, (west, south, east, north) = self.index.boxes[self.positions], box
        near = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        return Drawn(self.index, self.positions[near])


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Polygons of one look, filled by non-zero winding."""

    drawn: Drawn
    fill: Fill | None
    stroke: Stroke | None


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of one look; the casing of others is a mark of its own below."""

    drawn: Drawn
    stroke: Stroke


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """The same sign at each point."""

    drawn: Drawn
    marker: Marker


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A picture that fills `view`: (h, w, 4) uint8, premultiplied red, green, blue and opacity.

    `values` (h, w) are the measurements behind it, NaN where there are none; None for a mere picture.
    """

    view: MapView
    pixels: NDArray[np.uint8]
    values: NDArray[np.float32] | None = None


Shapes = Areas | Lines | Signs  # marks that stand for features
Mark = Shapes | Raster


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """n names that would like one of their places, in pixels, the most important first.

    `widths` (n,) are those of the texts. None stands within `apart` pixels of the same name. `signs` (k, 2)
    are the middles of signs `sign_px` wide that should not be covered.
    """

    texts: tuple[str, ...]
    widths: NDArray[np.float64]
    spots: Spots
    rule: LabelRule
    apart: float
    signs: NDArray[np.float64]
    sign_px: float = 0.0

    def moved(self, dx: float, dy: float) -> "Names":
        return replace(self, spots=self.spots.moved(dx, dy), signs=self.signs + np.array((dx, dy)))


@dataclass(frozen=True, slots=True)
class Hit:
    """A feature that was found under the pointer: its id and its columns."""

    layer_id: str
    id: str | int
    columns: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The marks of one layer from bottom to top, at `view`, and the names it asks for, in its pixels.

    Widths and sizes are in pixels. Where on the picture a mark lies is `layers.pixels`' business.
    `credit` is who is to be named beside it; `notes` say what a person should know about what is not there.
    """

    layer_id: str
    view: MapView
    marks: tuple[Mark, ...] = ()
    names: tuple[Names, ...] = ()
    credit: str = ""
    notes: tuple[str, ...] = ()

    def on(self, view: MapView) -> "Scene":
        """The part of it that is seen on `view`, which lies inside; without names."""
        box = view.grown(REACH_PX).extent
        marks = (m if isinstance(m, Raster) else replace(m, drawn=m.drawn.near(box)) for m in self.marks)
        seen = tuple(mark for mark in marks if isinstance(mark, Raster) or len(mark.drawn.positions))
        return Scene(self.layer_id, view, seen)

    def names_on(self, view: MapView) -> tuple[Names, ...]:
        """The wanted names in the pixels of another view; none when its scale is another."""
        if view.units_per_pixel != self.view.units_per_pixel:
            return ()
        (left, _s, _e, top), (here_left, _hs, _he, here_top) = self.view.extent, view.extent
        unit = view.units_per_pixel
        return tuple(names.moved((left - here_left) / unit, (here_top - top) / unit) for names in self.names)

    @property
    def features(self) -> tuple[Features, ...]:
        """All that the marks were made from, each once."""
        return tuple({id(mark.drawn.features): mark.drawn.features for mark in self.shapes}.values())

    @property
    def shapes(self) -> tuple[Shapes, ...]:
        """The marks that stand for features."""
        return tuple(mark for mark in self.marks if not isinstance(mark, Raster))

    def __iter__(self) -> Iterator[Mark]:
        return iter(self.marks)
