"""Fills and strokes of a style as Qt's brushes and pens: the same on the map and in the legend."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPen, QTransform

from layers.colours import MapColours
from layers.hatches import tile
from layers.style import Cap, Fill, Join, Stroke

WIDEST = 200.0  # pixels: a wider line is a mistake in a style, and would take seconds
_CAPS = {
    Cap.ROUND: Qt.PenCapStyle.RoundCap,
    Cap.FLAT: Qt.PenCapStyle.FlatCap,
    Cap.SQUARE: Qt.PenCapStyle.SquareCap,
}
_JOINS = {
    Join.ROUND: Qt.PenJoinStyle.RoundJoin,
    Join.MITRE: Qt.PenJoinStyle.MiterJoin,
    Join.BEVEL: Qt.PenJoinStyle.BevelJoin,
}


def ink(colours: MapColours, name: str, opacity: float = 1.0) -> QColor:
    """A colour of a style, `opacity` 0 to 1."""
    colour = QColor(colours.of(name))
    colour.setAlphaF(colour.alphaF() * min(max(opacity, 0.0), 1.0))
    return colour


def brush(
    fill: Fill, colours: MapColours, ratio: float = 1.0, at: tuple[float, float] = (0.0, 0.0)
) -> QBrush:
    """A fill; its hatch begins at `at` in pixels, for a picture of `ratio` device pixels per pixel."""
    ground = ink(colours, fill.colour, fill.opacity)
    if fill.hatch is None:
        return QBrush(ground)
    lines = ink(colours, fill.hatch.colour, fill.hatch.opacity)
    made = QBrush(_tile(tile(fill.hatch, ratio), ground, lines))
    made.setTransform(QTransform().translate(*at).scale(1 / ratio, 1 / ratio))
    return made


def _tile(share: np.ndarray, ground: QColor, lines: QColor) -> QImage:
    """Lines over ground, premultiplied, as a picture that keeps its own pixels."""
    over = share[..., None] * lines.alphaF()
    under = ground.alphaF() * (1 - over)
    pixels = np.empty((*share.shape, 4), np.float32)
    for n, part in enumerate(("blueF", "greenF", "redF")):
        pixels[..., n : n + 1] = getattr(lines, part)() * over + getattr(ground, part)() * under
    pixels[..., 3:] = over + under
    whole = np.ascontiguousarray((pixels * 255).round().astype(np.uint8))
    side = share.shape[0]
    return QImage(whole.data, side, side, side * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()


def pen(stroke: Stroke, colours: MapColours) -> QPen:
    """A stroke without its casing."""
    made = QPen(ink(colours, stroke.colour, stroke.opacity), min(max(stroke.width_px, 0.1), WIDEST))
    made.setJoinStyle(_JOINS[stroke.join])
    made.setCapStyle(_CAPS[stroke.ends])
    if stroke.dash:
        dash = stroke.dash if len(stroke.dash) % 2 == 0 else stroke.dash * 2
        made.setDashPattern([max(d / made.widthF(), 0.01) for d in dash])
    return made
