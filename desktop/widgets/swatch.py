"""Small pictures of symbols for the legend."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from desktop.theme import INK
from layers.colours import MapColours
from layers.style import Categorised, Graduated, Marker, MarkerShape, Rule, Simple, Symbol

WIDTH, HEIGHT, RATIO = 18, 14, 3  # drawn three times as fine for dense displays


def swatch(rule: Rule, colours: MapColours) -> QIcon:
    """One picture for a whole layer: its symbol, or that of its middle class."""
    match rule:
        case Simple(symbol):
            return symbol_icon(symbol, colours)
        case Categorised(classes=classes) if classes:
            return symbol_icon(classes[0].symbol, colours)
        case Graduated(symbols=symbols) if symbols:
            return symbol_icon(symbols[len(symbols) // 2], colours)
        case _:
            return QIcon()


def symbol_icon(symbol: Symbol, colours: MapColours) -> QIcon:
    """A polygon's fill and edge, a line, or a marker."""
    pixmap = QPixmap(WIDTH * RATIO, HEIGHT * RATIO)
    pixmap.setDevicePixelRatio(RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if symbol.marker is not None and _is_sign(symbol):
        _draw_marker(painter, symbol.marker, colours)
    elif symbol.fill is not None:
        colour = _colour(symbol.fill.colour, colours, symbol.fill.opacity)
        style = Qt.BrushStyle.BDiagPattern if symbol.fill.hatched else Qt.BrushStyle.SolidPattern
        painter.setBrush(QBrush(colour, style))
        painter.setPen(_pen(symbol, colours))
        painter.drawRect(QRectF(1, 1, WIDTH - 2, HEIGHT - 2))
    elif symbol.stroke is not None:
        _draw_line(painter, symbol, colours)
    painter.end()
    return QIcon(pixmap)


def _is_sign(symbol: Symbol) -> bool:
    """True for a symbol made for points: one for every shape is better shown as an area."""
    marker = symbol.marker
    return marker is not None and (symbol.fill is None or bool(marker.glyph) or marker.edge == "halo")


def _pen(symbol: Symbol, colours: MapColours) -> QPen:
    if symbol.stroke is None:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(_colour(symbol.stroke.colour, colours, symbol.stroke.opacity))
    pen.setWidthF(min(max(symbol.stroke.width_px, 1.0), 5.0))
    if symbol.stroke.dash:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _draw_line(painter: QPainter, symbol: Symbol, colours: MapColours) -> None:
    pen = _pen(symbol, colours)
    ends = QPointF(1, HEIGHT / 2), QPointF(WIDTH - 1, HEIGHT / 2)
    if symbol.stroke is not None and symbol.stroke.casing:
        edge = _colour(symbol.stroke.casing, colours, 1.0)
        painter.setPen(QPen(edge, pen.widthF() + 2 * symbol.stroke.casing_px))
        painter.drawLine(*ends)
    painter.setPen(pen)
    painter.drawLine(*ends)


def _draw_marker(painter: QPainter, marker: Marker, colours: MapColours) -> None:
    x, y, r = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 1.5
    painter.setPen(QPen(_colour(marker.edge, colours, 1.0), 1))
    painter.setBrush(_colour(marker.colour, colours, 1.0))
    match marker.shape:
        case MarkerShape.SQUARE:
            painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
        case MarkerShape.DIAMOND:
            corners = (QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y))
            painter.drawPolygon(QPolygonF(corners))
        case MarkerShape.TRIANGLE:
            painter.drawPolygon(QPolygonF((QPointF(x, y - r), QPointF(x + r, y + r), QPointF(x - r, y + r))))
        case MarkerShape.CROSS:
            painter.setPen(QPen(_colour(marker.colour, colours, 1.0), 3))
            painter.drawLine(QPointF(x - r, y), QPointF(x + r, y))
            painter.drawLine(QPointF(x, y - r), QPointF(x, y + r))
        case _:
            painter.drawEllipse(QPointF(x, y), r, r)
    if marker.glyph and marker.shape is not MarkerShape.CROSS:
        font = painter.font()
        font.setPixelSize(9)
        font.setBold(True)
        painter.setFont(font)
        dark = _colour(marker.colour, colours, 1.0).lightnessF() < 0.5
        painter.setPen(QColor("#FFFFFF" if dark else INK))
        painter.drawText(QRectF(0, 0, WIDTH, HEIGHT), Qt.AlignmentFlag.AlignCenter, marker.glyph[:1])


def _colour(name: str, colours: MapColours, opacity: float) -> QColor:
    colour = QColor(colours.of(name))
    colour.setAlphaF(opacity)
    return colour
