"""What must never wait for a picture: live symbols, the selection, the place being typed."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from desktop.canvas.paths import path
from desktop.symbols import draw_severity
from desktop.theme import INK, SEVERITY_FILL
from gis.model.incident import Severity
from layers.badges import Badges, severities
from layers.colours import MapColours
from layers.geometry import clamped, gather
from layers.glass import FAR, PLATE_PX, TEXT_PX, Plate, glass
from layers.scene import Hit
from layers.style import LiveLook
from layers.view import MapView

STAMP_PX = 28
RADIUS_PX = 11.0  # of a symbol: under 22 pixels across the digit cannot be read


class Pane:
    """The live symbols of all layers, and their values where there is room for them."""

    def __init__(self) -> None:
        self._glass = glass(())
        self._plates: tuple[Plate, ...] = ()
        self._unit = 0.0

    def show(self, shown: Sequence[Badges]) -> None:
        """From now on these layers, the uppermost last."""
        if self._glass.shown != tuple(shown):
            self._glass, self._unit = glass(shown), 0.0

    def at(self, view: MapView, x: float, y: float) -> tuple[Hit, ...]:
        """Symbols under the pixel (x, y), topmost first."""
        return self._glass.at(view, x, y)

    def draw(self, painter: QPainter, view: MapView, scale: float, colours: MapColours) -> None:
        """Areas, then symbols, then values: what is worse covers what is less so."""
        for badges in self._glass.shown:
            draw_outlines(painter, badges, view)
        xy = view.to_pixels(self._glass.xy)
        near = (
            np.abs(xy - (view.width / 2, view.height / 2)) <= (view.width / 2 + 20, view.height / 2 + 20)
        ).all(axis=1)
        far = scale > FAR
        for number in np.flatnonzero(near & ~self._glass.covered).tolist():
            _badge(painter, *self._glass.badge(number), xy[number].tolist(), colours, far)
        if self._unit != view.units_per_pixel:  # places depend on the scale alone: a pan moves all of them
            self._plates, self._unit = self._glass.plates(view.units_per_pixel, scale), view.units_per_pixel
        for plate in self._plates:
            _value(painter, plate, *self._glass.badge(plate.number), xy[plate.number].tolist(), colours)


def draw_outlines(painter: QPainter, shown: Badges, view: MapView) -> None:
    """The lines and areas that incidents stand for, thin, in the colour of how severe they are."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for features in shown.outlines:
        rows = np.arange(len(features))
        severity = severities(features, rows)
        for digit in np.unique(severity)[::-1].tolist():
            shapes = clamped(gather(features, rows[severity == digit], view), view.width, view.height)
            outline = path(shapes.xy.astype(np.float32), shapes.rings)
            colour = QColor(SEVERITY_FILL[Severity.of_priority(digit)])
            for ink, width in ((QColor(20, 24, 28, 150), 3.4), (colour, 1.8)):
                painter.strokePath(outline, QPen(ink, width))


def _badge(
    painter: QPainter, shown: Badges, entry: int, at: Sequence[float], colours: MapColours, far: bool
) -> None:
    painter.save()
    painter.translate(round(at[0]), round(at[1]))  # on whole pixels a stamp stays sharp
    digit, hollow = int(shown.severity[entry]), bool(shown.hollow[entry])
    severity = Severity.of_priority(digit)
    if shown.look is LiveLook.SENSOR:
        _sensor(painter, severity if digit else None, hollow, colours, far)
    else:
        if shown.look is LiveLook.ALARM and not hollow:
            _ring(painter, RADIUS_PX + 9, QColor(SEVERITY_FILL[severity]), 2.0)
        stamp = _stamp(severity, hollow, bool(shown.exercise[entry]), painter.device().devicePixelRatioF())
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


def _sensor(painter: QPainter, over: Severity | None, old: bool, colours: MapColours, far: bool) -> None:
    """A small square, smaller where nothing is wrong and the map is far off; hollow when its value is old."""
    colour = QColor(SEVERITY_FILL[over]) if over else QColor(colours.of("muted"))
    half = 3.0 if far and not over else 5.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour if old else QColor(INK), 1.4))
    painter.setBrush(QColor(colours.of("halo")) if old else colour)
    painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))


def _value(
    painter: QPainter, plate: Plate, shown: Badges, entry: int, at: Sequence[float], colours: MapColours
) -> None:
    """The latest value on a plate; grey and slanted when it is too old to trust."""
    digit, old = int(shown.severity[entry]), bool(shown.hollow[entry])
    edge = QColor(SEVERITY_FILL[Severity.of_priority(digit)]) if digit else QColor(colours.of("muted"))
    box = QRectF(round(at[0]) + plate.x, round(at[1]) + plate.y, plate.width, PLATE_PX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1.2))
    painter.setBrush(QColor(colours.of("halo")))
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(_font(digit > 0, old))
    painter.setPen(QColor(colours.of("muted" if old else "ink")))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown.labels[entry])


@lru_cache(maxsize=4)
def _font(bold: bool, italic: bool) -> QFont:
    font = QFont()
    font.setPixelSize(round(TEXT_PX))
    font.setBold(bold)
    font.setItalic(italic)
    return font


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
