"""The signs that stand for points, painted once and stamped many times."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPolygonF

from layers.colours import MapColours
from layers.icons import icon
from layers.style import Marker, MarkerShape

BIGGEST = 96.0
ROOM = {
    MarkerShape.SQUARE: 0.72,
    MarkerShape.TRIANGLE: 0.54,
    MarkerShape.STAR: 0.48,
    MarkerShape.CIRCLE: 0.66,
}


def outline(shape: MarkerShape, size: float) -> QPainterPath:
    """The edge of a sign, centred on (0, 0). All shapes look equally large, so the square is the smallest."""
    path = QPainterPath()
    if shape is MarkerShape.CIRCLE:
        path.addEllipse(QPointF(0, 0), size / 2, size / 2)
    elif shape is not MarkerShape.NONE:
        _closed(path, *_corners(shape, size / 2))
    return path


def _corners(shape: MarkerShape, r: float) -> list[tuple[float, float]]:
    match shape:
        case MarkerShape.DIAMOND:
            return _around(4, r * 1.15)
        case MarkerShape.TRIANGLE:
            return [(0, -r * 1.12), (r * 1.18, r * 0.92), (-r * 1.18, r * 0.92)]
        case MarkerShape.PENTAGON:
            return _around(5, r * 1.12)
        case MarkerShape.STAR:
            pairs = zip(_around(5, r * 1.25), _around(5, r * 0.55, 36), strict=True)
            return [corner for pair in pairs for corner in pair]
        case MarkerShape.CROSS:
            a = r * 0.36
            return [
                (-a, -r), (a, -r), (a, -a), (r, -a), (r, a), (a, a),
                (a, r), (-a, r), (-a, a), (-r, a), (-r, -a), (-a, -a),
            ]  # fmt: skip
        case _:
            s = r * 0.88
            return [(-s, -s), (s, -s), (s, s), (-s, s)]


def _around(count: int, radius: float, turn: float = 0.0) -> list[tuple[float, float]]:
    """Corners of a regular polygon, the first on top, `turn` degrees on."""
    at = np.radians(np.arange(count) * 360 / count + turn)
    return list(zip((radius * np.sin(at)).tolist(), (-radius * np.cos(at)).tolist(), strict=True))


def pictogram(name: str, size: float) -> QPainterPath:
    """An icon of ours, centred on (0, 0); empty for a name that is none."""
    path = QPainterPath()
    for ring in icon(name):
        _closed(path, *(ring * size).tolist())
    return path


def _closed(path: QPainterPath, *corners: tuple[float, float]) -> None:
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
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
        painter.setPen(QPen(QColor(edge), 1.2))
        painter.setBrush(QBrush(QColor(fill)))
        painter.drawPath(outline(marker.shape, marker.size_px))
        _inside(painter, marker, QColor(ink))
    painter.end()
    return image


def _alone(painter: QPainter, marker: Marker, fill: QColor, edge: QColor) -> None:
    """An icon without a plate, with a rim so that it stands off any ground."""
    shape = pictogram(marker.icon, marker.size_px)
    rim = QPen(edge, 2.4)
    rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(shape, rim)
    painter.fillPath(shape, fill)


def _inside(painter: QPainter, marker: Marker, ink: QColor) -> None:
    """The icon or letter on a plate; lower in a triangle, where there is room."""
    if marker.shape is MarkerShape.TRIANGLE:
        painter.translate(0, marker.size_px * 0.16)
    if marker.icon:
        painter.fillPath(pictogram(marker.icon, marker.size_px * ROOM.get(marker.shape, 0.7)), ink)
    elif marker.glyph:
        _glyph(painter, marker.glyph, marker.size_px * (ROOM.get(marker.shape, 0.7) + 0.02), ink)


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
    dark = QColor(fill).lightnessF() < 0.5
    return _stamp(marker, fill, colours.of(marker.edge), "#ffffff" if dark else "#14181c", ratio)
