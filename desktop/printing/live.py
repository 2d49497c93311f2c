"""Live symbols and names on paper: sharp at any fineness, and words that can be searched."""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from desktop.canvas.overlay import RADIUS_PX, draw_outlines
from desktop.symbols import draw_severity
from desktop.theme import INK, SEVERITY_FILL
from gis.model.incident import Severity
from layers.badges import Badges
from layers.colours import MapColours
from layers.glass import PLATE_PX, TEXT_PX, Glass, Plate, glass
from layers.labels import Label
from layers.style import LiveLook
from layers.view import MapView


def draw_live(
    painter: QPainter, shown: Sequence[Badges], view: MapView, scale: float, colours: MapColours
) -> None:
    """Areas, then symbols, then values, as over the map on the screen."""
    for badges in shown:
        draw_outlines(painter, badges, view)
    over = glass(shown)
    xy = view.to_pixels(over.xy)
    inside = np.all((xy >= 0) & (xy <= (view.width, view.height)), axis=1)
    for number in np.flatnonzero(inside & ~over.covered).tolist():
        _symbol(painter, *over.badge(number), QPointF(*xy[number].tolist()), colours)
    for plate in over.plates(view.units_per_pixel, scale):
        if inside[plate.number]:
            _value(painter, over, plate, xy[plate.number].tolist(), colours)


def _symbol(painter: QPainter, shown: Badges, entry: int, at: QPointF, colours: MapColours) -> None:
    digit, hollow = int(shown.severity[entry]), bool(shown.hollow[entry])
    severity = Severity.of_priority(digit)
    if shown.look is LiveLook.SENSOR:
        draw_sensor(painter, at, severity if digit else None, colours, old=hollow)
        return
    if shown.look is LiveLook.ALARM and not hollow:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(SEVERITY_FILL[severity]), 2.0))
        painter.drawEllipse(at, RADIUS_PX + 9, RADIUS_PX + 9)
    draw_severity(painter, at, RADIUS_PX, severity, hollow=hollow, on_map=True)


def draw_sensor(
    painter: QPainter, at: QPointF, over: Severity | None, colours: MapColours, *, old: bool
) -> None:
    """A small square; hollow when its value is old."""
    colour = QColor(SEVERITY_FILL[over]) if over else QColor(colours.of("muted"))
    painter.setPen(QPen(colour if old else QColor(INK), 1.4))
    painter.setBrush(QBrush(QColor(colours.of("halo")) if old else colour))
    painter.drawRect(QRectF(at.x() - 5, at.y() - 5, 10, 10))


def _value(painter: QPainter, over: Glass, plate: Plate, at: Sequence[float], colours: MapColours) -> None:
    badges, entry = over.badge(plate.number)
    digit, old = int(badges.severity[entry]), bool(badges.hollow[entry])
    edge = QColor(SEVERITY_FILL[Severity.of_priority(digit)]) if digit else QColor(colours.of("muted"))
    box = QRectF(at[0] + plate.x, at[1] + plate.y, plate.width, PLATE_PX)
    painter.setPen(QPen(edge, 1.2))
    painter.setBrush(QColor(colours.of("halo")))
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(font_of(TEXT_PX, bold=digit > 0, italic=old))
    painter.setPen(QColor(colours.of("muted" if old else "ink")))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, badges.labels[entry])


def draw_names(painter: QPainter, labels: Iterable[Label], rows: QRectF, colours: MapColours) -> None:
    """The names that touch `rows`: a halo as a line around the letters, and the letters once."""
    for label in labels:
        reach = label.width / 2 + label.rule.size_px
        if rows.adjusted(-reach, -reach, reach, reach).contains(label.x, label.y):
            _name(painter, label, colours)


def _name(painter: QPainter, label: Label, colours: MapColours) -> None:
    rule = label.rule
    font = font_of(rule.size_px, bold=rule.bold, italic=rule.italic)
    wide = QFontMetricsF(font).horizontalAdvance(label.text)
    painter.save()
    painter.translate(label.x, label.y)
    painter.rotate(label.angle)
    at = QPointF(-label.width / 2 if label.starts else -wide / 2, rule.size_px * 0.36)
    if rule.halo_px > 0:
        letters = QPainterPath()
        letters.addText(at, font, label.text)
        halo = QColor(colours.of(rule.halo))
        halo.setAlphaF(0.85)
        around = QPen(halo, 2 * min(rule.halo_px, 4.0), Qt.PenStyle.SolidLine)
        around.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(letters, around)
    painter.setFont(font)
    painter.setPen(QColor(colours.of(rule.colour)))
    painter.drawText(at, label.text)
    painter.restore()


def font_of(size_px: float, *, bold: bool = False, italic: bool = False) -> QFont:
    """A font without ligatures: a searched word must not end at an "fi" that has become one sign."""
    font = QFont()
    font.setPixelSize(max(1, round(size_px)))
    font.setFeature(QFont.Tag("liga"), 0)
    font.setBold(bold)
    font.setItalic(italic)
    return font
