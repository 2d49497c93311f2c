"""What must never wait for a picture: live symbols, the selection, the place being typed."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from desktop.symbols import draw_severity
from desktop.theme import INK, SEVERITY_FILL
from gis.model.incident import Severity
from layers.badges import Badges
from layers.colours import MapColours
from layers.style import LiveLook
from layers.view import MapView

STAMP_PX = 28
RADIUS_PX = 11.0  # of a symbol: under 22 pixels across the digit cannot be read


def draw_badges(painter: QPainter, shown: Badges, view: MapView, colours: MapColours) -> None:
    """All symbols of a layer that lie in the view, the most severe on top."""
    xy = view.to_pixels(shown.xy)
    for i, (x, y) in enumerate(xy.tolist()):
        if not (-RADIUS_PX < x < view.width + RADIUS_PX and -RADIUS_PX < y < view.height + RADIUS_PX):
            continue
        painter.save()
        painter.translate(round(x), round(y))  # on whole pixels a stamp stays sharp
        digit, hollow = int(shown.severity[i]), bool(shown.hollow[i])
        severity = Severity.of_priority(digit)
        if shown.look is LiveLook.SENSOR:
            _sensor(painter, severity if digit else None, hollow, shown.labels[i], colours)
        else:
            if shown.look is LiveLook.ALARM and not hollow:
                _ring(painter, RADIUS_PX + 9, QColor(SEVERITY_FILL[severity]), 2.0)
            stamp = _stamp(severity, hollow, bool(shown.exercise[i]), painter.device().devicePixelRatioF())
            painter.drawImage(QPointF(-STAMP_PX / 2, -STAMP_PX / 2), stamp)
        painter.restore()


@lru_cache(maxsize=64)
def _stamp(severity: Severity, hollow: bool, exercise: bool, ratio: float) -> QImage:
    """A symbol painted once: hundreds of them are then as quick as one."""
    side = round(STAMP_PX * ratio)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    centre = QPointF(STAMP_PX / 2, STAMP_PX / 2)
    draw_severity(painter, centre, RADIUS_PX, severity, hollow=hollow, on_map=True, exercise=exercise)
    painter.end()
    return image


def _sensor(painter: QPainter, over: Severity | None, old: bool, value: str, colours: MapColours) -> None:
    """A small square with its latest value; grey and slanted when the value is too old to trust."""
    over = None if old else over
    colour = QColor(SEVERITY_FILL[over or Severity.UNKNOWN])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(INK), 1.4))
    painter.setBrush(QColor(colours.of("halo")) if old else colour)
    painter.drawRect(QRectF(-5, -5, 10, 10))
    if not value:
        return
    font = QFont()
    font.setPixelSize(11)
    font.setBold(over is not None)
    font.setItalic(old)
    box = QRectF(9, -8, QFontMetricsF(font).horizontalAdvance(value) + 8, 16)
    painter.setPen(QPen(colour if over else QColor(colours.of("muted")), 1.2))
    painter.setBrush(QColor(colours.of("halo")))
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(font)
    painter.setPen(QColor(colours.of("muted" if old else "ink")))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, value)


def draw_selected(painter: QPainter, x: float, y: float, colours: MapColours) -> None:
    """The ring around a selected symbol: accent between two dark lines, seen on any ground."""
    painter.save()
    painter.translate(x, y)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _ring(painter, 18, QColor(INK), 5.0)
    _ring(painter, 18, QColor(colours.of("accent")), 2.5)
    painter.restore()


def draw_typed(painter: QPainter, x: float, y: float, colours: MapColours) -> None:
    """The hollow ring at a place that is still being typed."""
    painter.save()
    painter.translate(x, y)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _ring(painter, 14, QColor(colours.of("halo")), 5.0)
    painter.setPen(QPen(QColor(colours.of("ink")), 2.0, Qt.PenStyle.DashLine))
    painter.drawEllipse(QPointF(0, 0), 14, 14)
    painter.drawPoint(QPointF(0, 0))
    painter.restore()


def _ring(painter: QPainter, radius: float, colour: QColor, width: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
    painter.drawEllipse(QPointF(0, 0), radius, radius)
