"""Layer + view -> scene. Runs in a worker; touches nothing shared, because nothing here can change."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape
from gis.progress import Progress
from layers.choose import chosen
from layers.geometry import clamped, gather, ranges, thinned
from layers.index import Index, Indexes
from layers.layer import Layer
from layers.names import names
from layers.scene import Drawn, Mark, Markers, Names, Paths, Scene, Specks
from layers.style import Marker, Stroke, Symbol
from layers.view import MapView

SPECK_PX = 2.0  # polygons below this size are dots of ink
OUTLINE_PX = 5.0  # outlines of polygons that are mostly smaller than this would be all one sees
CASING_PX = 2.5  # thinner lines have no casing
CELL_PX = 2.0  # of the markers that share a cell of this size only one is drawn
CROWD = 5_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper a layer is drawn on: the view, its CRS (EPSG), and metres on the ground per map unit."""

    view: MapView
    crs: int
    metres_per_unit: float = 1.0

    @property
    def scale(self) -> float:
        return self.view.scale(self.metres_per_unit)

    @property
    def metres_per_pixel(self) -> float:
        return self.view.units_per_pixel * self.metres_per_unit


def build(layer: Layer, sheet: Sheet, indexes: Indexes, progress: Progress) -> Scene:
    """Everything of `layer` that is to be seen on `sheet`. Raises UserError when its source fails."""
    marks: list[Mark] = []
    wanted: list[Names] = []
    for features in layer.source.read(sheet.view.extent, sheet.crs, progress):
        progress.check()
        found = indexes.of(features, progress)
        positions = found.within(_reach(sheet.view))
        marks += _marks(layer, found, positions, sheet, progress)
        if layer.style.label and (layer.style.label.max_scale or np.inf) >= sheet.scale:
            wanted += names(features, found.order[positions], layer.style, sheet.view)
    return Scene(layer.id, sheet.view, tuple(marks), tuple(wanted))


def _reach(view: MapView) -> tuple[float, float, float, float]:
    """The extent with room for symbols whose centre lies just outside."""
    return view.grown(32).extent


def _marks(
    layer: Layer, found: Index, positions: NDArray[np.int64], sheet: Sheet, progress: Progress
) -> list[Mark]:
    """Casings of all classes first, so that crossing streets run into each other."""
    under: list[Mark] = []
    over: list[Mark] = []
    rows = found.order[positions]
    for symbol, picks in chosen(layer.style.rule, found.features, rows, sheet.scale):
        progress.check()
        if len(picks) and found.features.shape is Shape.POLYGON:
            over += _polygons(symbol, found, positions[picks], sheet)
        elif len(picks) and found.features.shape is Shape.LINE and symbol.stroke:
            casing, line = _lines(symbol.stroke, found.features, rows[picks], sheet)
            under += casing
            over += line
        elif len(picks) and symbol.marker:
            over.append(_markers(symbol.marker, found.features, rows[picks], sheet.view))
    return under + over


def _polygons(symbol: Symbol, found: Index, positions: NDArray[np.int64], sheet: Sheet) -> list[Mark]:
    unit = sheet.view.units_per_pixel
    boxes = found.boxes[positions]
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / unit
    small = (size < SPECK_PX) if symbol.fill else np.zeros(len(size), bool)
    marks: list[Mark] = []
    if symbol.fill and small.any():
        centres = sheet.view.to_pixels((boxes[small, :2] + boxes[small, 2:]) / 2)
        cover = (found.area[positions[small]] / unit**2).astype(np.float32)
        drawn = Drawn(found.features, found.order[positions[small]])
        marks.append(Specks(drawn, centres, cover, symbol.fill))
    large = positions[~small]
    if len(large):
        rows = found.order[large]
        stroke = symbol.stroke if not symbol.fill or np.median(size[~small]) >= OUTLINE_PX else None
        shapes = _shapes(found.features, rows, sheet.view)
        drawn = Drawn(found.features, rows)
        marks.append(Paths(drawn, *shapes, fill=symbol.fill, stroke=_sized(stroke, sheet), closed=True))
    return marks


def _lines(
    stroke: Stroke, features: Features, rows: NDArray[np.int64], sheet: Sheet
) -> tuple[list[Mark], list[Mark]]:
    """The casing, if it is to be seen, and the line itself."""
    stroke = replace(stroke, width_px=_width(stroke, sheet))
    shapes = _shapes(features, rows, sheet.view)
    drawn = Drawn(features, rows)
    line = Paths(drawn, *shapes, stroke=replace(stroke, casing=""))
    if not stroke.casing or stroke.width_px < CASING_PX:
        return [], [line]
    edge = Stroke(stroke.casing, stroke.width_px + 2 * stroke.casing_px, opacity=stroke.opacity)
    return [Paths(drawn, *shapes, stroke=edge)], [line]


def _shapes(
    features: Features, rows: NDArray[np.int64], view: MapView
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    shapes = thinned(clamped(gather(features, rows, view), view.width, view.height))
    return shapes.xy.astype(np.float32), shapes.rings, shapes.parts


def _sized(stroke: Stroke | None, sheet: Sheet) -> Stroke | None:
    return replace(stroke, width_px=_width(stroke, sheet)) if stroke else None


def _width(stroke: Stroke, sheet: Sheet) -> float:
    return max(stroke.width_px, stroke.width_m / sheet.metres_per_pixel)


def _markers(marker: Marker, features: Features, rows: NDArray[np.int64], view: MapView) -> Markers:
    """One sign per point; of a crowd in one cell only the last."""
    points = ranges(features.rings[features.parts[rows]], features.parts[rows + 1] - features.parts[rows])
    owner = np.repeat(rows, features.parts[rows + 1] - features.parts[rows])
    xy = view.to_pixels(features.xy[points])
    if len(xy) > CROWD:
        cells = np.floor(xy * (1 / CELL_PX)).astype(np.int64)
        _cells, last = np.unique(cells[::-1, 0] << 32 | cells[::-1, 1] & 0xFFFFFFFF, return_index=True)
        pick = np.sort(len(xy) - 1 - last)
        xy, owner = xy[pick], owner[pick]
    return Markers(Drawn(features, owner), xy, marker)
