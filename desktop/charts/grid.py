"""Faint lines below a plot, at its ticks; drawn by hand, for pyqtgraph's own take most of a frame."""

from typing import Any

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.charts.overlay import Overlay
from desktop.theme import Theme

SHARE = 0.35  # of the way from the ground to the colour of lines


class Grid(Overlay):
    """Below everything in the plot it is given, in the pixels of its view box."""

    def __init__(self, plot: Any, theme: Theme) -> None:
        super().__init__(plot.vb, -2)
        self._axes: Any = plot.getAxis("bottom"), plot.getAxis("left")
        ground, line = QColor(theme.base), QColor(theme.line)
        mixed = (
            round(a + (b - a) * SHARE)
            for a, b in zip(ground.getRgb()[:3], line.getRgb()[:3], strict=True)  # pyright: ignore
        )
        self._pen = QPen(QColor(*mixed), 1)

    def end(self) -> None:
        super().end()
        self._axes = None

    def paint(self, painter: QPainter, *_how: object) -> None:
        (begin, end), (low, high) = self._box.viewRange()
        wide, tall = self._box.width(), self._box.height()
        bottom, left = self._axes
        across = bottom.tickValues(begin, end, wide)[0][1]
        up = left.tickValues(low, high, tall)[0][1]
        flip = self._box.yInverted()
        xs = [(at - begin) / (end - begin) * wide for at in across]
        ys = [((at - low) if flip else (high - at)) / (high - low) * tall for at in up]
        painter.setPen(self._pen)
        painter.drawLines([QLineF(round(x), 0, round(x), tall) for x in xs])
        painter.drawLines([QLineF(0, round(y), wide, round(y)) for y in ys])
