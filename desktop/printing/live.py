"""Live symbols and names on paper: sharp at any fineness, and words that can be searched."""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from desktop.canvas.lettering import Face, picture_along
from desktop.canvas.overlay import draw_outlines
from desktop.canvas.painter import Paint
from desktop.canvas.stamps import RADIUS_PX
from desktop.symbols import draw_severity
from desktop.theme import INK, SEVERITY_FILL
from gis.model.incident import Severity
from layers.badges import Badges
from layers.colours import MapColours
from layers.glass import Glass, glass
from layers.labels import Label
from layers.plates import PLATE_PX, TEXT_PX, Plate, Plates
from layers.spots import ENDS, STARTS
from layers.style import LiveLook
from layers.view import MapView

NOWHERE = np.zeros((0, 4))
STRAIGHT_PX = 1.5  # a way that leaves its chord by no more is written straight


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
    values = Plates(over, view.units_per_pixel, scale)
    placed = values.see(view, NOWHERE)
    while values.pending:
        placed = values.see(view, NOWHERE)
    for plate in placed:
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
    exercise = bool(shown.exercise[entry])
    draw_severity(painter, at, RADIUS_PX, severity, hollow=hollow, on_map=True, exercise=exercise)


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
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, over.label(plate.number))


def draw_names(painter: QPainter, labels: Iterable[Label], rows: QRectF, style: Paint) -> None:
    """The names that touch `rows`: a halo as a line around the letters, and the letters once. What is bent
    with its street is a picture of its letters."""
    for label in labels:
        reach = label.width / 2 + label.rule.size_px
        if not rows.adjusted(-reach, -reach, reach, reach).contains(label.x, label.y):
            continue
        turn = _turn(label)
        if turn is None:
            picture, x, y = picture_along(label, Face.of(label, style))
            painter.drawImage(QRectF(QPointF(x, y), picture.deviceIndependentSize()), picture)
        else:
            _name(painter, label, turn, style.colours)


def _turn(label: Label) -> float | None:
    """By how many degrees a straight name is turned, clockwise; None for a bent one."""
    if not label.way:
        return 0.0
    way = np.array(label.way)
    along = way[-1] - way[0]
    off = way - way[0]
    apart = np.abs(along[0] * off[:, 1] - along[1] * off[:, 0]) / max(float(np.hypot(*along)), 1e-6)
    return float(np.degrees(np.arctan2(along[1], along[0]))) if apart.max() <= STRAIGHT_PX else None


def _name(painter: QPainter, label: Label, turn: float, colours: MapColours) -> None:
    rule = label.rule
    font = font_of(rule.size_px, bold=rule.bold, italic=rule.italic)
    wide = QFontMetricsF(font).horizontalAdvance(label.text)
    begin = {STARTS: -label.width / 2, ENDS: label.width / 2 - wide}.get(label.lean, -wide / 2)
    painter.save()
    painter.translate(label.x, label.y)
    painter.rotate(turn)
    at = QPointF(begin, rule.size_px * 0.36)
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
