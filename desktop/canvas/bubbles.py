"""Circles that stand for several points, with their number."""

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from layers.colours import MapColours
from layers.gathering import radius_px, said
from layers.scene import Bubbles
from layers.view import MapView

RIM_PX, GLOW_PX = 1.5, 3.5
KEPT = 1_024


def draw_bubbles(painter: QPainter, mark: Bubbles, view: MapView, colours: MapColours, ratio: float) -> None:
    """Each on its place, at `ratio` device pixels per pixel."""
    inside, rim = colours.of(mark.colour), colours.of("halo")
    for (x, y), count in zip(view.to_pixels(mark.xy).tolist(), mark.tally.counts.tolist(), strict=True):
        stamp = _bubble(said(count), radius_px(count), inside, rim, ratio)
        half = stamp.deviceIndependentSize() / 2
        left, top = round((x - half.width()) * ratio), round((y - half.height()) * ratio)
        painter.drawImage(QPointF(left / ratio, top / ratio), stamp)


@lru_cache(maxsize=KEPT)
def _bubble(text: str, radius: float, colour: str, rim: str, ratio: float) -> QImage:
    side = 2 * ceil(radius + GLOW_PX)
    image = QImage(ceil(side * ratio), ceil(side * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    inside = QColor(colour)
    around = QColor(inside)
    around.setAlphaF(0.3)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    middle, radius = QPointF(side / 2, side / 2), radius - RIM_PX - 1
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(around)
    painter.drawEllipse(middle, radius + GLOW_PX, radius + GLOW_PX)
    painter.setPen(QPen(QColor(rim), RIM_PX))
    painter.setBrush(inside)
    painter.drawEllipse(middle, radius, radius)
    painter.setPen(QColor("#ffffff" if inside.lightnessF() < 0.55 else "#14181c"))
    painter.setFont(_font(text))
    painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return image


def _font(text: str) -> QFont:
    font = QFont()
    font.setPixelSize(12 if len(text) < 3 else 11)
    font.setBold(True)
    return font
