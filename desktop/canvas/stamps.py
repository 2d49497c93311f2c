"""Live symbols painted once each, and put on the map by the ten thousand in one call."""

import math
from functools import lru_cache
from typing import cast

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap

from desktop.symbols import draw_severity
from desktop.theme import INK, SEVERITY_FILL
from gis.model.incident import Severity
from gis.texts import _
from layers.colours import MapColours
from layers.glass import KINDS, Kind
from layers.plates import PLATE_PX, TEXT_PX
from layers.style import LiveLook

RADIUS_PX = 11.0  # of a symbol: under 22 pixels across the digit cannot be read
SIDES = {LiveLook.INCIDENT: 28, LiveLook.SENSOR: 14, LiveLook.ALARM: 44}
RING_SIDE = 44
_SENSORS = np.array([kind.look is LiveLook.SENSOR for kind in KINDS])
_FROM_AFAR = np.where(_SENSORS, len(KINDS) + np.cumsum(_SENSORS) - 1, np.arange(len(KINDS)))
RING = len(KINDS) + int(_SENSORS.sum())  # the number of the ring around what is selected


class Stamps:
    """All looks that a symbol can have, on one picture, for one theme and density of pixels."""

    def __init__(self, colours: MapColours, ratio: float) -> None:
        self.colours, self.ratio = colours, ratio
        drawn = [*KINDS, *(kind for kind in KINDS if kind.look is LiveLook.SENSOR), None]
        sides = [SIDES[kind.look] if kind else RING_SIDE for kind in drawn]
        self._sides = np.array([round(side * ratio) for side in sides], np.float64)
        self._tops = np.concatenate(([0.0], np.cumsum(self._sides)[:-1]))
        self._sheet = QPixmap(int(self._sides.max()), int(self._sides.sum()))
        self._sheet.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._sheet)
        for number, kind in enumerate(drawn):
            painter.resetTransform()
            half = self._sides[number] / 2
            painter.translate(half, self._tops[number] + half)
            painter.scale(ratio, ratio)
            if kind is None:
                _draw_ring(painter, colours)
            else:
                _draw(painter, kind, colours, far=number >= len(KINDS))
        painter.end()

    def put(
        self, painter: QPainter, kinds: NDArray[np.int64], xy: NDArray[np.float32], *, far: bool = False
    ) -> None:
        """Symbols at pixels `xy` (n, 2) of the map, the last on top; `far` makes what is right small.

        They stand on whole pixels, where they stay sharp.
        """
        if not len(kinds):
            return
        numbers = _FROM_AFAR[kinds] if far else kinds
        sides = self._sides[numbers]
        fragments = np.zeros(
            (len(kinds), 10)
        )  # as Qt has them: place, part of the sheet, scale, turn, opacity
        fragments[:, :2] = np.rint(np.rint(xy) * self.ratio - sides[:, None] / 2) + sides[:, None] / 2
        fragments[:, 3] = self._tops[numbers]
        fragments[:, 4] = fragments[:, 5] = sides
        fragments[:, 6] = fragments[:, 7] = fragments[:, 9] = 1.0
        painter.save()
        painter.scale(1 / self.ratio, 1 / self.ratio)
        first = cast(
            QPainter.PixmapFragment, shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        )
        painter.drawPixmapFragments(first, len(fragments), self._sheet)
        painter.restore()

    def ring(self, painter: QPainter, xy: NDArray[np.float32]) -> None:
        """The ring around selected symbols: accent between two dark lines, seen on any ground."""
        self.put(painter, np.full(len(xy), RING), xy)


def _draw(painter: QPainter, kind: Kind, colours: MapColours, *, far: bool) -> None:
    """One symbol around (0, 0)."""
    severity = Severity.of_priority(kind.severity)
    if kind.look is LiveLook.SENSOR:
        _draw_sensor(painter, severity if kind.severity else None, kind.hollow, colours, far=far)
        return
    if kind.look is LiveLook.ALARM and not kind.hollow:
        circle(painter, RADIUS_PX + 9, QColor(SEVERITY_FILL[severity]), 2.0)
    middle, hollow, exercise = QPointF(0, 0), kind.hollow, kind.exercise
    draw_severity(painter, middle, RADIUS_PX, severity, hollow=hollow, on_map=True, exercise=exercise)


def _draw_sensor(
    painter: QPainter, over: Severity | None, old: bool, colours: MapColours, *, far: bool
) -> None:
    """A small square, smaller where nothing is wrong and the map is far off; hollow when its value is old."""
    colour = QColor(SEVERITY_FILL[over]) if over else QColor(colours.of("muted"))
    half = 3.0 if far and not over else 5.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour if old else QColor(INK), 1.4))
    painter.setBrush(QColor(colours.of("halo")) if old else colour)
    painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))


def _draw_ring(painter: QPainter, colours: MapColours) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    circle(painter, 18, QColor(INK), 5.0)
    circle(painter, 18, QColor(colours.of("accent")), 2.5)


def circle(painter: QPainter, radius: float, colour: QColor, width: float) -> None:
    """The line of a circle around (0, 0)."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
    painter.drawEllipse(QPointF(0, 0), radius, radius)


def cell(count: int, colours: MapColours, ratio: float) -> QImage:
    """How many there are in a cell of the map, on a disc that grows with the figure."""
    size = round(2.2 * math.log10(count))
    thousands = f"{count / 1_000:.1f}" if count < 10_000 else f"{count / 1_000:.0f}"
    text = str(count) if count < 1_000 else _("{thousands}k").format(thousands=thousands)
    return _cell(text, 10.0 + size, (colours.of("ink"), colours.of("halo")), ratio)


@lru_cache(maxsize=512)
def _cell(text: str, radius: float, inks: tuple[str, str], ratio: float) -> QImage:
    image = _blank(2 * radius + 4, 2 * radius + 4, ratio)
    painter = QPainter(image)
    painter.translate(radius + 2, radius + 2)
    ink, ground = map(QColor, inks)
    circle(painter, radius, ground, 4.0)
    painter.setBrush(ground)
    painter.setPen(QPen(ink, 1.6))
    painter.drawEllipse(QPointF(0, 0), radius, radius)
    painter.setFont(_font(bold=True))
    painter.drawText(QRectF(-radius, -radius, 2 * radius, 2 * radius), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return image


def value(text: str, width: float, kind: Kind, colours: MapColours, ratio: float) -> QImage:
    """The latest value on a plate, with a pixel around it; grey and slanted when it is too old to trust."""
    severity = Severity.of_priority(kind.severity)
    edge = SEVERITY_FILL[severity] if kind.severity else colours.of("muted")
    ink = colours.of("muted" if kind.hollow else "ink")
    inks = edge, colours.of("halo"), ink
    return _value(text, width, kind.severity > 0, kind.hollow, inks, ratio)


@lru_cache(maxsize=1024)
def _value(
    text: str, width: float, bold: bool, slanted: bool, inks: tuple[str, str, str], ratio: float
) -> QImage:
    image = _blank(width + 2, PLATE_PX + 2, ratio)
    edge, ground, ink = map(QColor, inks)
    box = QRectF(1, 1, width, PLATE_PX)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1.2))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(_font(bold=bold, slanted=slanted))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return image


def _blank(width: float, height: float, ratio: float) -> QImage:
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _font(*, bold: bool, slanted: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(round(TEXT_PX))
    font.setBold(bold)
    font.setItalic(slanted)
    return font
