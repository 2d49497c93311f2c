"""What a click means: look, or measure. Tools for drawing take the same seam."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from desktop.canvas.decorations import distance_text
from gis.geo.crs import ellipsoid, transform
from gis.geo.features import WGS84
from layers.colours import MapColours
from layers.view import MapView


class Tool(Protocol):
    """Hears of clicks and moves in map units, and draws its own marks over the map."""

    cursor: Qt.CursorShape

    def click(self, x: float, y: float) -> None: ...
    def move(self, x: float, y: float) -> None: ...
    def finish(self) -> bool:
        """The last click came twice. True when the tool wanted that; else the map zooms in."""
        ...

    def cancel(self) -> None:
        """Begin again with nothing."""
        ...

    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None: ...


class SelectTool:
    """The tool at rest: a click asks what is there."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, clicked: Callable[[float, float], None]) -> None:
        self._clicked = clicked

    def click(self, x: float, y: float) -> None:
        self._clicked(x, y)

    def move(self, x: float, y: float) -> None: ...

    def finish(self) -> bool:
        return False

    def cancel(self) -> None: ...

    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None: ...


class MeasureTool:
    """The length of a line over the ellipsoid, corner by corner. `measured(metres)` hears every change."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, crs: int, measured: Callable[[float], None] = lambda _metres: None) -> None:
        self._crs, self._measured = crs, measured
        self._corners: list[tuple[float, float]] = []
        self._pointer: tuple[float, float] | None = None
        self._ended = False

    @property
    def metres(self) -> float:
        """The length from the first corner to the pointer, or to the last corner once ended."""
        line = self._line()
        if len(line) < 2:
            return 0.0
        lon, lat = transform(np.array(line), self._crs, WGS84).T
        return float(ellipsoid().line_length(lon, lat))

    def click(self, x: float, y: float) -> None:
        if self._ended:
            self.cancel()
        self._corners.append((x, y))
        self._measured(self.metres)

    def move(self, x: float, y: float) -> None:
        if self._corners and not self._ended:
            self._pointer = (x, y)
            self._measured(self.metres)

    def finish(self) -> bool:
        self._ended, self._pointer = True, None
        self._measured(self.metres)
        return True

    def cancel(self) -> None:
        self._corners, self._pointer, self._ended = [], None, False

    def _line(self) -> list[tuple[float, float]]:
        return [*self._corners, self._pointer] if self._pointer else self._corners

    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None:
        line = self._line()
        if not line:
            return
        points = [QPointF(x, y) for x, y in view.to_pixels(np.array(line)).tolist()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in (("halo", 5.0), ("accent", 2.2)):
            painter.setPen(QPen(QColor(colours.of(colour)), width))
            painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(colours.of("halo")))
        painter.setPen(QPen(QColor(colours.of("accent")), 1.8))
        for point in points:
            painter.drawEllipse(point, 3.5, 3.5)
        if len(points) > 1:
            _plate(painter, points[-1], distance_text(self.metres), colours)


def _plate(painter: QPainter, at: QPointF, text: str, colours: MapColours) -> None:
    font = QFont()
    font.setPixelSize(12)
    font.setBold(True)
    painter.setFont(font)
    box = QRectF(at.x() + 12, at.y() - 24, QFontMetricsF(font).horizontalAdvance(text) + 12, 20)
    painter.setPen(QPen(QColor(colours.of("accent")), 1))
    painter.setBrush(QColor(colours.of("halo")))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(colours.of("ink")))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
