"""What must never wait for a picture: live symbols, the selection, the place being typed."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop.canvas.signs import glyph, outline
from layers.badges import Badges
from layers.colours import MapColours
from layers.style import LiveLook, MarkerShape
from layers.view import MapView

SIZE_PX = 22.0
DARK = QColor("#14181c")


@dataclass(frozen=True, slots=True)
class SeverityLook:
    """Shape, digit and colour together: none of the three has to be seen alone."""

    shape: MarkerShape
    colour: str
    digit: str


SEVERITY = {
    1: SeverityLook(MarkerShape.TRIANGLE, "#FF3C7C", "1"),
    2: SeverityLook(MarkerShape.DIAMOND, "#EE8819", "2"),
    3: SeverityLook(MarkerShape.SQUARE, "#FDE07B", "3"),
    4: SeverityLook(MarkerShape.CIRCLE, "#4EB7D5", "4"),
    5: SeverityLook(MarkerShape.CIRCLE, "#98A3AD", "?"),
}
CALM = "#98A3AD"


def draw_badges(painter: QPainter, shown: Badges, view: MapView, colours: MapColours) -> None:
    """All symbols of a layer that lie in the view, the most severe on top."""
    xy = view.to_pixels(shown.xy)
    for i, (x, y) in enumerate(xy.tolist()):
        if not (-SIZE_PX < x < view.width + SIZE_PX and -SIZE_PX < y < view.height + SIZE_PX):
            continue
        painter.save()
        painter.translate(x, y)
        severity, hollow = int(shown.severity[i]), bool(shown.hollow[i])
        if shown.look is LiveLook.SENSOR:
            _sensor(painter, severity, hollow, shown.labels[i], colours)
        else:
            if shown.look is LiveLook.ALARM and not hollow:
                _ring(painter, SIZE_PX * 0.95, QColor(SEVERITY.get(severity, SEVERITY[5]).colour), 2.0)
            draw_severity(painter, severity, SIZE_PX, hollow=hollow, hatched=bool(shown.exercise[i]))
        painter.restore()


def draw_severity(
    painter: QPainter, severity: int, size_px: float, *, hollow: bool = False, hatched: bool = False
) -> None:
    """The symbol of a severity (1 to 4, else unknown) around (0, 0): the same on map, strip and tables."""
    look = SEVERITY.get(severity, SEVERITY[5])
    shape, colour = outline(look.shape, size_px - 3), QColor(look.colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(DARK, 1.8))
    painter.setBrush(QBrush(DARK if hollow else colour))
    painter.drawPath(shape)
    if hatched and not hollow:
        painter.fillPath(shape, QBrush(QColor(20, 24, 28, 120), Qt.BrushStyle.BDiagPattern))
    if hollow:
        painter.setPen(QPen(colour, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline(look.shape, size_px - 6))
    lower = size_px * 0.1 if look.shape is MarkerShape.TRIANGLE else 0.0
    glyph(painter, look.digit, size_px * 0.55, colour if hollow else DARK, lower)


def _sensor(painter: QPainter, severity: int, old: bool, value: str, colours: MapColours) -> None:
    """A small square with its latest value; grey and slanted when the value is too old to trust."""
    colour = QColor(CALM if old or not severity else SEVERITY[severity].colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(DARK, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush if old else QBrush(colour))
    painter.drawRect(QRectF(-5, -5, 10, 10))
    if not value:
        return
    font = QFont()
    font.setPixelSize(11)
    font.setBold(severity in SEVERITY and not old)
    font.setItalic(old)
    box = QRectF(9, -8, QFontMetricsF(font).horizontalAdvance(value) + 8, 16)
    painter.setPen(QPen(colour if severity and not old else QColor(colours.of("muted")), 1.2))
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
    _ring(painter, 18, DARK, 5.0)
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
