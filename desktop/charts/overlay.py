"""What is painted over or under a plot in the pixels of its view box."""

from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem


class Overlay(QGraphicsItem):
    """Follows what the view box shows, until it is ended, which must come before the plot goes."""

    def __init__(self, box: Any, height: float) -> None:
        super().__init__(box)
        self._box: Any = box
        self.setZValue(height)
        box.sigRangeChanged.connect(self._moved)
        box.sigResized.connect(self._moved)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._box.width(), self._box.height()) if self._box is not None else QRectF()

    def end(self) -> None:
        """Let go of the plot."""
        box: Any = self._box
        self._box = None
        box.sigRangeChanged.disconnect(self._moved)
        box.sigResized.disconnect(self._moved)
        scene: Any = self.scene()
        if scene is not None:
            scene.removeItem(self)

    def _moved(self, *_what: object) -> None:
        self.prepareGeometryChange()
        self.update()
