"""The signs that stand for points, painted once and stamped many times."""

from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPolygonF

from layers.colours import MapColours
from layers.style import Marker, MarkerShape

BIGGEST = 96.0


def outline(shape: MarkerShape, size: float) -> QPainterPath:
    """The edge of a sign, centred on (0, 0). All shapes look equally large, so the square is the smallest."""
    r = size / 2
    path = QPainterPath()
    match shape:
        case MarkerShape.CIRCLE:
            path.addEllipse(QPointF(0, 0), r, r)
        case MarkerShape.SQUARE:
            path.addRect(QRectF(-r * 0.88, -r * 0.88, r * 1.76, r * 1.76))
        case MarkerShape.DIAMOND:
            _closed(path, (0, -r * 1.15), (r * 1.15, 0), (0, r * 1.15), (-r * 1.15, 0))
        case MarkerShape.TRIANGLE:
            _closed(path, (0, -r * 1.12), (r * 1.18, r * 0.92), (-r * 1.18, r * 0.92))
        case MarkerShape.CROSS:
            a = r * 0.36
            _closed(
                path, (-a, -r), (a, -r), (a, -a), (r, -a), (r, a), (a, a),
                (a, r), (-a, r), (-a, a), (-r, a), (-r, -a), (-a, -a),
            )  # fmt: skip
    return path


def _closed(path: QPainterPath, *corners: tuple[float, float]) -> None:
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()


@lru_cache(maxsize=256)
def _stamp(marker: Marker, fill: str, edge: str, ink: str, ratio: float) -> QImage:
    side = round(marker.size_px * 1.3 + 4)
    image = QImage(QSize(round(side * ratio), round(side * ratio)), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2, side / 2)
    painter.setPen(QPen(QColor(edge), 1.2))
    painter.setBrush(QBrush(QColor(fill)))
    painter.drawPath(outline(marker.shape, marker.size_px))
    if marker.glyph:
        _glyph(painter, marker.glyph, marker.size_px * 0.72, QColor(ink))
    painter.end()
    return image


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
