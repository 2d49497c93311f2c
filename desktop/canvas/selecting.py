"""Drawing around what shall be selected: a box by dragging, any area by its corners."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop.canvas.gestures import Held
from desktop.canvas.tools import PlainTool
from layers.colours import MapColours
from layers.view import Box, MapView

Corners = Sequence[tuple[float, float]]


@runtime_checkable
class TakesBoxes(Protocol):
    """A tool for which a drag is a box and not a way to move the map."""

    def box(self, box: Box) -> None: ...


class AreaTool(PlainTool):
    """`taken` is given the corners (map units) of a box that was dragged, or of an area once a double click
    or Enter ended it; Backspace takes its last corner back."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, taken: Callable[[Corners], None]) -> None:
        self._taken = taken
        self._corners: list[tuple[float, float]] = []
        self._pointer: tuple[float, float] | None = None

    def click(self, x: float, y: float) -> None:
        self._corners.append((x, y))

    def move(self, x: float, y: float) -> None:
        self._pointer = (x, y)

    def finish(self) -> bool:
        corners, self._corners = self._corners, []
        self._taken(corners)
        return True

    def key(self, key: Qt.Key, _held: Held, _text: str, /) -> bool:
        if not self._corners:
            return False
        if key == Qt.Key.Key_Backspace:
            self._corners.pop()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        else:
            return False
        return True

    def box(self, box: Box) -> None:
        self._corners = []
        west, south, east, north = box
        self._taken([(west, south), (east, south), (east, north), (west, north)])

    def cancel(self) -> None:
        self._corners, self._pointer = [], None

    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None:
        if not self._corners:
            return
        corners = [*self._corners, self._pointer] if self._pointer else self._corners
        ring = QPolygonF([QPointF(x, y) for x, y in view.to_pixels(np.array(corners)).tolist()])
        ground = QColor(colours.of("accent"))
        ground.setAlphaF(0.18)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        for colour, width in (("halo", 4.0), ("accent", 1.8)):
            painter.setPen(QPen(QColor(colours.of(colour)), width, Qt.PenStyle.DashLine))
            painter.drawPolygon(ring)
            painter.setBrush(Qt.BrushStyle.NoBrush)
