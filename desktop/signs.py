"""The signs that stand for points, painted once and stamped many times."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPolygonF

from layers.colours import MapColours
from layers.icons import icon
from layers.signs import BIGGEST, EDGE_PX, RIM_PX, corners, drop, ink_on, room
from layers.style import Marker, MarkerShape


def outline(shape: MarkerShape, size: float) -> QPainterPath:
    """The edge of a sign, centred on (0, 0)."""
    path = QPainterPath()
    if shape is MarkerShape.CIRCLE:
        path.addEllipse(QPointF(0, 0), size / 2, size / 2)
    elif shape is not MarkerShape.NONE:
        _closed(path, *corners(shape, size).tolist())
    return path


def pictogram(name: str, size: float) -> QPainterPath:
    """An icon of ours, centred on (0, 0); empty for a name that is none."""
    path = QPainterPath()
    for ring in icon(name):
        _closed(path, *(ring * size).tolist())
    return path


def _closed(path: QPainterPath, *ring: Sequence[float]) -> None:
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring]))
    path.closeSubpath()


@lru_cache(maxsize=512)
def _stamp(marker: Marker, fill: str, edge: str, ink: str, ratio: float) -> QImage:
    side = round(marker.size_px * 1.3 + 4)
    image = QImage(QSize(round(side * ratio), round(side * ratio)), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(min(max(marker.opacity, 0.0), 1.0))
    painter.translate(side / 2, side / 2)
    if marker.shape is MarkerShape.NONE:
        _alone(painter, marker, QColor(fill), QColor(edge))
    else:
        painter.setPen(QPen(QColor(edge), EDGE_PX))
        painter.setBrush(QBrush(QColor(fill)))
        painter.drawPath(outline(marker.shape, marker.size_px))
        _inside(painter, marker, QColor(ink))
    painter.end()
    return image


def _alone(painter: QPainter, marker: Marker, fill: QColor, edge: QColor) -> None:
    """An icon without a plate, with a rim so that it stands off any ground."""
    shape = pictogram(marker.icon, marker.size_px)
    rim = QPen(edge, RIM_PX)
    rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(shape, rim)
    painter.fillPath(shape, fill)


def _inside(painter: QPainter, marker: Marker, ink: QColor) -> None:
    """The icon or letter on a plate; lower in a triangle, where there is room."""
    painter.translate(0, drop(marker))
    if marker.icon:
        painter.fillPath(pictogram(marker.icon, marker.size_px * room(marker.shape)), ink)
    elif marker.glyph:
        _glyph(painter, marker.glyph, marker.size_px * (room(marker.shape) + 0.02), ink)


def _glyph(painter: QPainter, text: str, size_px: float, colour: QColor) -> None:
    """A bold letter centred on (0, 0)."""
    font = QFont()
    font.setPixelSize(max(1, round(size_px)))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(colour)
    box = QRectF(-size_px, -size_px, size_px * 2, size_px * 2)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def sign(marker: Marker, colours: MapColours, ratio: float) -> QImage:
    """The picture of a marker, centred in its image. Safe from any thread: nobody paints on it again."""
    marker = replace(marker, size_px=min(max(marker.size_px, 1.0), BIGGEST))
    fill = colours.of(marker.colour)
    return _stamp(marker, fill, colours.of(marker.edge), ink_on(fill), ratio)
