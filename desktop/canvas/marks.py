"""What a sketch looks like while it is made: its line, corners, the cross of the keyboard, sizes in words."""

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from shapely.geometry.base import BaseGeometry

from desktop.canvas.decorations import distance_text
from gis.texts import _
from layers.colours import MapColours
from layers.sketch import Size

CORNER_PX, MIDDLE_PX, CROSS_PX = 4.0, 2.8, 11.0
MOST_CORNERS = 1_500  # shown as such; a line of more is one stroke of the pen
Pixels = NDArray[np.float32]


def area_text(square_metres: float) -> str:
    """An area as people say it: 850 m², 2.3 ha, 14 km²."""
    for unit, words in ((1e6, _("{area} km²")), (1e4, _("{area} ha"))):
        if square_metres >= unit:
            return words.format(area=_figures(square_metres / unit))
    return _("{area} m²").format(area=_figures(square_metres))


def _figures(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def size_text(size: Size) -> str:
    """What has been measured, in one line; empty while nothing has."""
    words: list[str] = []
    if size.radius_m is not None:
        words.append(_("radius {distance}").format(distance=distance_text(size.radius_m)))
    if size.area_m2 is not None:
        words.append(area_text(size.area_m2))
    if size.length_m is not None:
        length = distance_text(size.length_m)
        words.append(length if size.area_m2 is None else _("edge {distance}").format(distance=length))
    return "  ·  ".join(words)


def draw_line(painter: QPainter, pixels: Pixels, colours: MapColours, *, dashed: bool = False) -> None:
    """The line of a sketch, to be seen on any ground."""
    points = QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in (("halo", 5.0), ("accent", 2.2)):
        line = QPen(QColor(colours.of(colour)), width)
        if dashed and colour == "accent":
            line.setDashPattern([4.0, 2.5])
        painter.setPen(line)
        painter.drawPolyline(points)


def fill_area(painter: QPainter, pixels: Pixels, colours: MapColours) -> None:
    """A breath of colour inside, so that one sees which side is in."""
    inside = QColor(colours.of("accent"))
    inside.setAlphaF(0.14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inside)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in pixels.tolist()]))


def draw_corners(
    painter: QPainter, pixels: Pixels, colours: MapColours, current: int = -1, *, small: bool = False
) -> None:
    """Square corners, the current one full and larger; small round ones where a corner could be put in."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    accent, halo = QColor(colours.of("accent")), QColor(colours.of("halo"))
    half = MIDDLE_PX if small else CORNER_PX
    painter.setPen(QPen(accent, 1.4 if small else 1.8))
    painter.setBrush(halo)
    for number, (x, y) in enumerate(pixels[:MOST_CORNERS].tolist()):
        if number == current:
            continue
        if small:
            painter.drawEllipse(QPointF(x, y), half, half)
        else:
            painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
    if 0 <= current < len(pixels):
        x, y = pixels[current].tolist()
        half += 2.0
        painter.setPen(QPen(halo, 1.6))
        painter.setBrush(accent)
        painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))


def draw_cross(painter: QPainter, at: Pixels, colours: MapColours) -> None:
    """Where a key would put the next corner."""
    (x, y) = at.tolist()
    for colour, width in (("halo", 4.0), ("accent", 1.6)):
        painter.setPen(QPen(QColor(colours.of(colour)), width))
        for dx, dy in ((1, 0), (0, 1)):
            for way in (-1, 1):
                near = QPointF(x + way * dx * 3, y + way * dy * 3)
                painter.drawLine(near, QPointF(x + way * dx * CROSS_PX, y + way * dy * CROSS_PX))


def draw_snapped(painter: QPainter, at: Pixels, colours: MapColours, *, corner: bool) -> None:
    """What the next corner would meet: a square on a corner, a diamond on an edge."""
    (x, y), half = at.tolist(), 7.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    sides = ((-1, -1), (1, -1), (1, 1), (-1, 1)) if corner else ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0))
    mark = QPolygonF([QPointF(x + dx * half, y + dy * half) for dx, dy in sides])
    for colour, width in (("halo", 4.5), ("flood_edge", 2.0)):
        painter.setPen(QPen(QColor(colours.of(colour)), width))
        painter.drawPolygon(mark)


def draw_plate(painter: QPainter, at: Pixels, text: str, colours: MapColours, room: tuple[int, int]) -> None:
    """Words beside a place, inside a window of this width and height."""
    font = QFont()
    font.setPixelSize(12)
    font.setBold(True)
    painter.setFont(font)
    (x, y), wide = at.tolist(), QFontMetricsF(font).horizontalAdvance(text) + 12
    left = x + 14 if x + 14 + wide < room[0] else x - 14 - wide
    top = y - 26 if y > 30 else y + 10
    box = QRectF(min(max(left, 2.0), room[0] - wide - 2), min(max(top, 2.0), room[1] - 22), wide, 20)
    painter.setPen(QPen(QColor(colours.of("accent")), 1))
    painter.setBrush(QColor(colours.of("halo")))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(colours.of("ink")))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def draw_hold(painter: QPainter, at: Pixels, colours: MapColours, *, current: bool) -> None:
    """Where all of a drawing is taken hold of: a cross with four arrows."""
    (x, y), accent, halo = at.tolist(), QColor(colours.of("accent")), QColor(colours.of("halo"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(halo if current else accent, 1.6))
    painter.setBrush(accent if current else halo)
    painter.drawEllipse(QPointF(x, y), 9.0, 9.0)
    painter.setPen(QPen(halo if current else accent, 1.5))
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        tip = QPointF(x + dx * 6.0, y + dy * 6.0)
        painter.drawLine(QPointF(x, y), tip)
        for side in (-1, 1):
            painter.drawLine(tip, QPointF(x + dx * 3.6 + side * dy * 2.2, y + dy * 3.6 + side * dx * 2.2))


def lines_of(shape: BaseGeometry) -> list[NDArray[np.float64]]:
    """(n, 2) each line and ring of a shape."""
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts) if shapely.get_dimensions(shape) == 2 else parts
    return [shapely.get_coordinates(ring) for ring in rings]
