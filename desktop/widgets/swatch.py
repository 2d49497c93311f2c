"""Small pictures of symbols for the legend, drawn with the very brushes, pens and signs of the map."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap, QPolygonF

from desktop.brushes import brush, pen
from desktop.signs import sign
from layers.colours import MapColours
from layers.heat import glow
from layers.relief import stops
from layers.style import (
    Categorised,
    Clusters,
    Graduated,
    Heat,
    Marker,
    MarkerShape,
    Own,
    Pixels,
    Rule,
    Ruled,
    Simple,
    Stroke,
    Symbol,
    casing_of,
)

WIDTH, HEIGHT, RATIO = 24, 16, 3  # drawn three times as fine for dense displays
FAINT = 0.35
WIDEST = 5.0


def swatch(rule: Rule, colours: MapColours, *, faint: bool = False) -> QIcon:
    """One picture for a whole layer: its symbol, or that of its middle class."""
    match rule:
        case Simple(symbol) | Own(symbol=symbol):
            return symbol_icon(symbol, colours, faint=faint)
        case Clusters(_symbol, colour):
            crowd = Symbol(marker=Marker(colour, edge="halo", glyph="9"))
            return symbol_icon(crowd, colours, faint=faint)
        case Heat(_symbol, ramp):
            return _raster_icon(glow(ramp))
        case Categorised(classes=classes) if classes:
            return symbol_icon(classes[len(classes) // 2].symbol, colours, faint=faint)
        case Graduated(symbols=symbols) if symbols:
            return symbol_icon(symbols[len(symbols) // 2], colours, faint=faint)
        case Ruled(cases=cases) if cases:
            return symbol_icon(cases[0].symbol, colours, faint=faint)
        case Pixels(ramp):
            return _raster_icon(stops(ramp))
        case _:
            return QIcon()


def _raster_icon(inks: tuple[str, ...]) -> QIcon:
    """A raster: six cells, in the colours of its ramp."""
    pixmap = QPixmap(WIDTH * RATIO, HEIGHT * RATIO)
    pixmap.setDevicePixelRatio(RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    for cell in range(6):
        x, y = 1 + (cell % 3) * (WIDTH - 2) / 3, 1 + (cell // 3) * (HEIGHT - 2) / 2
        ink = QColor(inks[cell * len(inks) // 6])
        painter.fillRect(QRectF(x, y, (WIDTH - 2) / 3 - 0.5, (HEIGHT - 2) / 2 - 0.5), ink)
    painter.end()
    return _untinted(pixmap)


def _untinted(pixmap: QPixmap) -> QIcon:
    """In a chosen row, too, a sign has the colours of the map."""
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Disabled):
        icon.addPixmap(pixmap, mode)
    return icon


def symbol_icon(symbol: Symbol, colours: MapColours, *, faint: bool = False) -> QIcon:
    """A polygon's fill and edge, a line, or a marker; `faint` when it is not drawn at this scale."""
    pixmap = QPixmap(WIDTH * RATIO, HEIGHT * RATIO)
    pixmap.setDevicePixelRatio(RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(FAINT if faint else 1.0)
    draw_symbol(painter, symbol, colours)
    painter.end()
    return _untinted(pixmap)


def draw_symbol(painter: QPainter, symbol: Symbol, colours: MapColours) -> None:
    """A symbol in a box of WIDTH by HEIGHT pixels at the origin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if symbol.marker is not None and _is_sign(symbol):
        _draw_marker(painter, symbol.marker, colours)
    elif symbol.fill is not None:
        _draw_area(painter, symbol, colours)
    elif symbol.stroke is not None:
        _draw_line(painter, symbol.stroke, colours)


def _is_sign(symbol: Symbol) -> bool:
    """True for a symbol made for points: one for every shape is better shown as an area."""
    marker = symbol.marker
    return marker is not None and (
        symbol.fill is None or bool(marker.glyph or marker.icon) or marker.edge == "halo"
    )


def _draw_area(painter: QPainter, symbol: Symbol, colours: MapColours) -> None:
    box = QRectF(1.5, 1.5, WIDTH - 3, HEIGHT - 3)
    if symbol.fill is not None:
        painter.fillRect(box, brush(symbol.fill, colours, RATIO))
    if symbol.stroke is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(_narrow(symbol.stroke), colours))
        painter.drawRect(box)


def _draw_line(painter: QPainter, stroke: Stroke, colours: MapColours) -> None:
    """A line with a turn in it: its casing, dashes, ends and joins are to be seen."""
    stroke = _narrow(stroke)
    m = 1 + stroke.width_px / 2
    low, high = HEIGHT - m - 2, m + 2
    corners = ((m, low), (WIDTH * 0.38, high), (WIDTH * 0.62, low), (WIDTH - m, high))
    way = QPolygonF([QPointF(x, y) for x, y in corners])
    if stroke.casing:
        painter.setPen(pen(casing_of(stroke), colours))
        painter.drawPolyline(way)
    painter.setPen(pen(stroke, colours))
    painter.drawPolyline(way)


def _narrow(stroke: Stroke) -> Stroke:
    return replace(stroke, width_px=min(max(stroke.width_px, 1.0), WIDEST))


def _draw_marker(painter: QPainter, marker: Marker, colours: MapColours) -> None:
    size = min(marker.size_px, HEIGHT - 1.0 if marker.shape is not MarkerShape.STAR else HEIGHT - 4.0)
    stamp = sign(replace(marker, size_px=size), colours, RATIO)
    half = stamp.deviceIndependentSize() / 2
    painter.drawImage(QPointF(WIDTH / 2 - half.width(), HEIGHT / 2 - half.height()), stamp)


def strip(inks: Sequence[str]) -> QIcon:
    """A strip of colours that run into each other."""
    image = QImage(48, 14, QImage.Format.Format_RGB32)
    at = np.linspace(0, len(inks) - 1, 48)
    tones = np.array([(each.red(), each.green(), each.blue()) for each in map(QColor, inks)], np.float64)
    mixed = [np.interp(at, np.arange(len(inks)), tones[:, i]).round().astype(int) for i in range(3)]
    for x, (red, green, blue) in enumerate(zip(*mixed, strict=True)):
        for y in range(14):
            image.setPixelColor(x, y, QColor(int(red), int(green), int(blue)))
    return QIcon(QPixmap.fromImage(image))
