"""Layer + view -> scene. Runs in a worker; touches nothing shared, because nothing here can change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Shape
from gis.geo.mesh import Frame
from gis.progress import Progress
from layers.choose import chosen
from layers.gathering import alone, gathered, kept_free
from layers.index import Index, Indexes
from layers.layer import Layer
from layers.letters import ESTIMATED, Letters
from layers.names import names
from layers.relief import coloured, lit
from layers.scene import REACH_PX, Areas, Drawn, Lines, Mark, Names, Raster, Scene, Signs
from layers.sources.base import Extent, Found, LocalSource, PixelSource, Source
from layers.style import Pixels, Rule, Simple, Stroke, Symbol, casing_of, in_scale, together
from layers.timed import of_instant
from layers.view import MapView

Group = tuple[Symbol, NDArray[np.int64]]  # and the positions that look so
CASING_PX = 2.5  # thinner lines have no casing


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper a layer is drawn on: the view, its CRS (EPSG), metres on the ground per map unit, device
    pixels per pixel, the typeface of names, what styles are told is its scale if not its own, and the
    instant that is shown, in seconds since 1970."""

    view: MapView
    crs: int
    metres_per_unit: float = 1.0
    ratio: float = 1.0
    letters: Letters = ESTIMATED
    as_at: float | None = None
    at: float | None = None

    @property
    def scale(self) -> float:
        return self.as_at or self.view.scale(self.metres_per_unit)

    @property
    def metres_per_pixel(self) -> float:
        return self.view.units_per_pixel * self.metres_per_unit


def build(layer: Layer, sheet: Sheet, indexes: Indexes, progress: Progress) -> Scene:
    """Everything of `layer` that is to be seen on `sheet`. Raises UserError when its source fails."""
    if isinstance(layer.source, PixelSource):
        return _seen(layer, layer.source, sheet, progress)
    found = _found(layer.source, reach(layer, sheet), sheet.crs, progress)
    known = found.indexes or indexes
    narrowed = (_of_now(known.of(each, progress), layer, sheet, known) for each in found.features)
    return replace(laid_out(layer, narrowed, sheet, progress), notes=found.notes)


def reach(layer: Layer, sheet: Sheet) -> Extent:
    """Where the features lie that may be seen on `sheet`."""
    grouped = together(layer.style.rule, sheet.scale)
    return sheet.view.grown(2 * REACH_PX if grouped else REACH_PX).extent


def _found(source: Source, extent: Extent, crs: int, progress: Progress) -> Found:
    if isinstance(source, LocalSource):
        return source.around(extent, crs, progress)
    return Found(source.read(extent, crs, progress))


def _of_now(found: Index, layer: Layer, sheet: Sheet, indexes: Indexes) -> Index:
    """What there is of a layer with times at the instant that is shown."""
    if layer.timing is None or sheet.at is None:
        return found
    return indexes.narrowed(found, of_instant(layer.timing, found.looks, sheet.at))


def laid_out(layer: Layer, found: Iterable[Index], sheet: Sheet, progress: Progress) -> Scene:
    """These features of `layer` as they are to be seen on `sheet`."""
    marks: list[Mark] = []
    wanted: list[Names] = []
    view, label = sheet.view, layer.style.label
    for each in found:
        progress.check()
        drawn, rows = _drawn(each, layer.style.rule, sheet, progress)
        marks += drawn
        wanted += kept_free(drawn, view)
        if label and in_scale(label, sheet.scale) and each.features.counts is None:
            wanted += names(each.looks, rows(), layer.style, view, sheet.letters)
    return Scene(layer.id, view, tuple(marks), tuple(wanted))


def _drawn(
    found: Index, rule: Rule, sheet: Sheet, progress: Progress
) -> tuple[list[Mark], Callable[[], NDArray[np.int64]]]:
    """The marks of what is in view, and who tells the rows of the features that are drawn by themselves."""
    if found.features.shape is Shape.POINT and together(rule, sheet.scale):
        marks = gathered(found, rule, sheet.view, sheet.ratio)
        return marks, lambda: alone(marks)
    positions = found.within(sheet.view.grown(REACH_PX).extent)
    if isinstance(rule, Simple):  # of five million nothing is copied to say that all look the same
        return _marks(((rule.symbol, positions),), found, sheet, progress), lambda: found.order[positions]
    rows = found.order[positions]
    groups = tuple(chosen(rule, found.looks, rows, sheet.scale))
    drawn = np.zeros(len(rows), bool)
    for _symbol, picks in groups:
        drawn[picks] = True
    placed = tuple((symbol, positions[picks]) for symbol, picks in groups)
    return _marks(placed, found, sheet, progress), lambda: rows[drawn]


def _seen(layer: Layer, source: PixelSource, sheet: Sheet, progress: Progress) -> Scene:
    """A raster through the whole of the view."""
    rule = layer.style.rule if isinstance(layer.style.rule, Pixels) else Pixels()
    width, height = (max(1, round(side * sheet.ratio)) for side in (sheet.view.width, sheet.view.height))
    frame = Frame(sheet.crs, sheet.view.extent, width, height)
    look = source.look(frame, progress, smooth=rule.shaded)
    marks = () if look.pixels is None else (_raster(look.pixels, rule, sheet),)
    return Scene(layer.id, sheet.view, marks, credit=source.credit, notes=look.notes)


def _raster(pixels: NDArray[Any], rule: Pixels, sheet: Sheet) -> Raster:
    if pixels.ndim == 3:
        return Raster(sheet.view, lit(pixels, rule.brightness))
    seen = coloured(pixels, rule, sheet.metres_per_pixel / sheet.ratio)
    return Raster(sheet.view, lit(seen, rule.brightness), pixels)


def _marks(groups: tuple[Group, ...], found: Index, sheet: Sheet, progress: Progress) -> list[Mark]:
    """Casings of all classes first, so that crossing streets run into each other."""
    under: list[Mark] = []
    over: list[Mark] = []
    for symbol, positions in groups:
        progress.check()
        drawn = Drawn(found, positions)
        if not len(positions):
            continue
        if found.features.shape is Shape.POLYGON:
            over += _areas(drawn, symbol, sheet)
        elif found.features.shape is Shape.LINE and symbol.stroke:
            casing, line = _lines(symbol.stroke, drawn, sheet)
            under += casing
            over.append(line)
        elif symbol.marker:
            over.append(Signs(drawn, symbol.marker))
    return under + over


def _areas(drawn: Drawn, symbol: Symbol, sheet: Sheet) -> list[Mark]:
    """What stands for many has no outline: it has no edge."""
    stroke = symbol.stroke and _sized(symbol.stroke, sheet)
    counts = drawn.features.counts
    if counts is None or symbol.fill is None or stroke is None:
        return [Areas(drawn, symbol.fill, stroke)]
    many = counts[drawn.rows] > 1
    crowd, alone = (Drawn(drawn.index, drawn.positions[rows]) for rows in (many, ~many))
    return [Areas(crowd, symbol.fill, None), Areas(alone, symbol.fill, stroke)]


def _lines(stroke: Stroke, drawn: Drawn, sheet: Sheet) -> tuple[list[Mark], Lines]:
    """The casing, if it is to be seen, and the line itself."""
    stroke = _sized(stroke, sheet)
    line = Lines(drawn, replace(stroke, casing=""))
    if not stroke.casing or stroke.width_px < CASING_PX:
        return [], line
    return [Lines(drawn, casing_of(stroke))], line


def _sized(stroke: Stroke, sheet: Sheet) -> Stroke:
    """As wide in pixels as it is to be on this sheet."""
    return replace(stroke, width_px=max(stroke.width_px, stroke.width_m / sheet.metres_per_pixel))
