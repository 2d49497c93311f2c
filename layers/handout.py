"""Styled layers as plain values, for reports that paint without a window."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange.raster.answers import Look
from gis.geo.crs import transform
from gis.geo.features import Features, Shape
from gis.geo.mesh import Frame
from gis.geo.ragged import offsets, ranges
from gis.paint import raster
from gis.progress import Progress
from gis.report.content import HATCH_DPI, Hatching, MapClass, MapLayer
from gis.texts import _
from layers import ink
from layers.build import Sheet, build
from layers.choose import Looks, Rows, chosen
from layers.colours import DAY
from layers.ground import metres_per_unit
from layers.hatches import tile
from layers.icons import icon
from layers.index import Indexes
from layers.ink import Ink
from layers.layer import Layer
from layers.legend import legend
from layers.relief import coloured, lit
from layers.signs import stamp
from layers.sources.base import Extent, PixelSource
from layers.sources.seen import from_afar
from layers.style import Clusters, Heat, Live, Marker, MarkerShape, Pixels, Rule, Symbol
from layers.timed import of_instant
from layers.view import MapView

SCALE = 25_000.0  # a printed map of a city: classes that leave farther out than this are left out


def handout(
    layers: Iterable[Layer], crs: int, progress: Progress, at: float | None = None
) -> tuple[MapLayer, ...]:
    """The visible layers of files, lowest first, in day colours. A layer that cannot be read is left out:
    the desk shows its problem where the layer stands. Rasters are looked at later, through the report's
    frame.

    Live layers are left out too: a report draws incidents and sensors from what it has gathered itself.
    Layers that follow time show what belongs to the instant `at` (seconds since 1970), or all they have.
    """
    shown = [a for a in layers if a.visible and not a.problem and not isinstance(a.style.rule, Live)]
    made: list[MapLayer] = []
    for number, layer in enumerate(shown):
        progress.step(number, len(shown), layer.title)
        if isinstance(layer.source, PixelSource):
            look = partial(_look, layer.source, layer.style.rule, progress)
            made.append(MapLayer(layer.title, (), layer.opacity, look=look, credit=layer.source.credit))
            continue
        try:
            seen = from_afar(layer.source, crs, progress)
        except UserError:
            continue
        found = _of_time(layer, seen.features, at)
        if seen.notes:
            layer = _overview(layer)
        classes = tuple(entry for features in found for entry in _classes(layer, features))
        if classes:
            paint = partial(_paint, layer, found, progress) if _is_painted(layer) else None
            made.append(MapLayer(layer.title, classes, layer.opacity, _names(layer, found), paint=paint))
    return tuple(made)


def _overview(layer: Layer) -> Layer:
    """A vast layer is called so, and none of its marks has a name."""
    title = _("{layer} (overview)").format(layer=layer.title)
    return replace(layer, title=title, style=replace(layer.style, label=None))


def _of_time(layer: Layer, found: tuple[Features, ...], at: float | None) -> tuple[Features, ...]:
    timing = layer.timing
    if timing is None or at is None:
        return found
    return tuple(only(each, np.flatnonzero(of_instant(timing, Looks(each), at))) for each in found)


def _is_painted(layer: Layer) -> bool:
    """Circles with figures and warmth are not: on paper each point has its sign."""
    return raster.available and not isinstance(layer.style.rule, Clusters | Heat)


def _paint(
    layer: Layer, found: tuple[Features, ...], progress: Progress, frame: Frame, zoom: float
) -> NDArray[np.uint32]:
    """A layer as the screen shows it, on the report's frame, `zoom` pixels to each of a screen's."""
    west, _south, east, north = frame.box
    unit = (east - west) / frame.width * zoom
    width, height = ceil(frame.width / zoom), ceil(frame.height / zoom)
    view = MapView(west + width * unit / 2, north - height * unit / 2, unit, width, height)
    there = replace(layer, source=_Held(tuple(_moved(features, frame.crs) for features in found)))
    metres = metres_per_unit(view.x, view.y, frame.crs)
    scene = build(there, Sheet(view, frame.crs, metres, zoom, as_at=SCALE), Indexes(), progress)
    pixels = np.zeros((frame.height, frame.width), np.uint32)
    ink.paint(scene, pixels, Ink(DAY, zoom, progress, lambda marker, ratio: stamp(marker, DAY, ratio)))
    return pixels


def _moved(features: Features, crs: int) -> Features:
    if features.crs == crs:
        return features
    return replace(features, xy=transform(features.xy, features.crs, crs), crs=crs)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """Features that were read before."""

    found: tuple[Features, ...]
    kinds: frozenset[type] = frozenset()
    origin: Mapping[str, str] = field(default_factory=dict[str, str])

    def read(self, _extent: Extent, _crs: int, _progress: Progress, /) -> tuple[Features, ...]:
        return self.found


def _look(source: PixelSource, rule: Rule, progress: Progress, frame: Frame) -> Look:
    """The pixels of a raster on the report's frame; nothing where it cannot be read."""
    style = rule if isinstance(rule, Pixels) else Pixels()
    try:
        seen = source.look(frame, progress, smooth=style.shaded)
    except UserError:
        return Look(None)
    if seen.pixels is None:
        return seen
    if seen.pixels.ndim == 3:
        return Look(lit(seen.pixels, style.brightness), seen.notes)
    west, _south, east, _north = frame.box
    return Look(lit(coloured(seen.pixels, style, (east - west) / frame.width), style.brightness))


def _names(layer: Layer, found: tuple[Features, ...]) -> str:
    rule = layer.style.label
    return rule.column if rule and all(rule.column in features.columns for features in found) else ""


def _classes(layer: Layer, features: Features) -> Iterator[MapClass]:
    """One class for each look that some feature has."""
    titles = {row.symbol: row.title for row in legend(layer.style, layer.title) if row.symbol}
    for symbol, rows in chosen(layer.style.rule, Looks(features), np.arange(len(features)), SCALE):
        if len(rows):
            yield _class(titles.get(symbol, layer.title), symbol, only(features, rows))


def _class(title: str, symbol: Symbol, features: Features) -> MapClass:
    if features.shape is Shape.POINT and symbol.marker is not None:
        marker = symbol.marker
        return _signs(title, marker, features)
    made = MapClass(title, features)
    fill, stroke = symbol.fill, symbol.stroke
    if fill and features.shape is not Shape.LINE:
        hatch = fill.hatch
        hatching = hatch and Hatching(tile(hatch, HATCH_DPI / 100), _ink(hatch.colour, hatch.opacity))
        made = replace(made, fill=_ink(fill.colour, fill.opacity) if fill.opacity > 0 else "", hatch=hatching)
    if stroke:
        made = replace(made, stroke=_ink(stroke.colour, stroke.opacity), width_px=stroke.width_px)
        made = replace(made, dash=stroke.dash)
    if stroke and stroke.casing:
        made = replace(made, casing=_ink(stroke.casing, stroke.opacity), casing_px=stroke.casing_px)
    return made


def _signs(title: str, marker: Marker, features: Features) -> MapClass:
    """What stands on a plate is light on a dark one; without a plate it has the colour itself."""
    fill, edge = _ink(marker.colour, marker.opacity), _ink(marker.edge, marker.opacity)
    light = sum(int(DAY.of(marker.colour)[at : at + 2], 16) for at in (1, 3, 5)) < 3 * 128
    alone = marker.shape is MarkerShape.NONE
    ink = fill if alone else "#ffffff" if light else "#14181c"
    made = MapClass(title, features, fill, edge, marker.size_px, str(marker.shape))
    return replace(made, icon=icon(marker.icon), glyph=marker.glyph, icon_ink=ink)


def _ink(colour: str, opacity: float = 1.0) -> str:
    """ "#rrggbb", with two more digits where it is not opaque."""
    solid = DAY.of(colour)
    return solid if opacity >= 1 else f"{solid}{round(opacity * 255):02x}"


def only(features: Features, rows: Rows) -> Features:
    """Some of the features, with their columns, in the order of `rows`."""
    counts = features.parts[rows + 1] - features.parts[rows]
    which = ranges(features.parts[rows], counts)
    lengths = features.rings[which + 1] - features.rings[which]
    vertices = ranges(features.rings[which], lengths)
    columns = {name: column[rows] for name, column in features.columns.items()}
    return Features(
        features.shape,
        features.xy[vertices],
        offsets(lengths),
        offsets(counts),
        features.ids[rows],
        columns,
        features.crs,
        None if features.counts is None else features.counts[rows],
    )
