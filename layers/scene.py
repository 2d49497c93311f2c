"""A layer reduced to what a painter needs: which features look how, and which names they ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from layers.crowds import Tally
from layers.index import Index
from layers.spots import Spots
from layers.style import Fill, LabelRule, Marker, Stroke
from layers.view import MapView

REACH_PX = 32  # what stands this far outside a picture may reach into it


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Whose mark it is: the features at these `positions` of `index`, ascending: from bottom to top."""

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
        return Drawn(self.index, _common(self.positions, self.index.within(box)))


def _common(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is in both (ascending, none twice): the shorter is looked up in the longer."""
    few, many = sorted((a, b), key=len)
    if not len(few):
        return few
    at = np.minimum(np.searchsorted(many, few), len(many) - 1)
    return few[many[at] == few]


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


@dataclass(frozen=True, slots=True, eq=False)
class Bubbles:
    """Circles that each stand for several points: n squares of `tally`, told at `xy` (n, 2) in map units."""

    index: Index
    tally: Tally
    xy: NDArray[np.float64]
    colour: str

    def near(self, box: tuple[float, float, float, float]) -> "Bubbles":
        """Those that stand in `box` (west, south, east, north in map units)."""
        seen = np.flatnonzero(((self.xy >= box[:2]) & (self.xy <= box[2:])).all(axis=1))
        return replace(self, tally=self.tally.only(seen), xy=self.xy[seen])


Shapes = Areas | Lines | Signs  # marks that stand for features
Mark = Shapes | Bubbles | Raster


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
    """A feature that was found under the pointer: its id and its columns.

    It is `hollow` where one looks through it at what lies below: inside an area that is drawn as an outline.
    """

    layer_id: str
    id: str | int
    columns: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hollow: bool = False


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
        return Scene(self.layer_id, view, tuple(seen for mark in self.marks for seen in _near(mark, box)))

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
        crowds = (mark.index.features for mark in self.marks if isinstance(mark, Bubbles))
        found = (*(mark.drawn.features for mark in self.shapes), *crowds)
        return tuple({id(features): features for features in found}.values())

    @property
    def shapes(self) -> tuple[Shapes, ...]:
        """The marks that stand for features."""
        return tuple(mark for mark in self.marks if not isinstance(mark, Bubbles | Raster))

    def __iter__(self) -> Iterator[Mark]:
        return iter(self.marks)


def _near(mark: Mark, box: tuple[float, float, float, float]) -> tuple[Mark, ...]:
    """What of a mark lies in `box`; nothing when that is nothing."""
    match mark:
        case Raster():
            return (mark,)
        case Bubbles():
            crowds = mark.near(box)
            return (crowds,) if len(crowds.xy) else ()
        case _:
            drawn = mark.drawn.near(box)
            return (replace(mark, drawn=drawn),) if len(drawn.positions) else ()
