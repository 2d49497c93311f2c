"""What hands mean on the map: the seam of all tools, and the one at rest."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from desktop.canvas.gestures import Held
from layers.colours import MapColours
from layers.view import MapView


class Tool(Protocol):
    """Hears of clicks and moves in map units, of keys and drags before the map does, and draws its own marks
    over the map."""

    cursor: Qt.CursorShape

    def click(self, x: float, y: float) -> None: ...
    def move(self, x: float, y: float) -> None: ...
    def finish(self) -> bool:
        """The last click came twice. True when the tool wanted that; else the map zooms in."""
        ...

    def cancel(self) -> None:
        """It is put down."""
        ...

    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None: ...

    def key(self, key: Qt.Key, held: Held, text: str, /) -> bool:
        """True when the tool has used this key."""
        ...

    def grab(self, x: float, y: float, /) -> bool:
        """True when it takes hold of what is there: `drag` and `drop` follow, and the map stays."""
        ...

    def drag(self, x: float, y: float, /) -> None: ...
    def drop(self, x: float, y: float, /) -> None: ...


class PlainTool:
    """What a tool is that clicks alone concern."""

    cursor = Qt.CursorShape.ArrowCursor

    def click(self, x: float, y: float) -> None: ...
    def move(self, x: float, y: float) -> None: ...
    def finish(self) -> bool:
        return False

    def cancel(self) -> None: ...
    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None: ...
    def key(self, _key: Qt.Key, _held: Held, _text: str, /) -> bool:
        return False

    def grab(self, _x: float, _y: float, /) -> bool:
        return False

    def drag(self, x: float, y: float) -> None: ...
    def drop(self, x: float, y: float) -> None: ...


class SelectTool(PlainTool):
    """The tool at rest: a click asks what is there."""

    def __init__(self, clicked: Callable[[float, float], None]) -> None:
        self._clicked = clicked

    def click(self, x: float, y: float) -> None:
        self._clicked(x, y)


class ToolGrip:
    """Hands the tool of the moment what it may want for itself, in map units."""

    def __init__(
        self, tool: Callable[[], Tool], view: Callable[[], MapView], used: Callable[[], object]
    ) -> None:
        self._tool, self._view, self._used = tool, view, used

    def key(self, key: Qt.Key, held: Held, text: str) -> bool:
        used = self._tool().key(key, held, text)
        if used:
            self._used()
        return used

    def grab(self, at: QPointF) -> bool:
        return self._tool().grab(*self._view().to_map(at.x(), at.y()))

    def drag(self, at: QPointF) -> None:
        self._tool().drag(*self._view().to_map(at.x(), at.y()))
        self._used()

    def drop(self, at: QPointF) -> None:
        self._tool().drop(*self._view().to_map(at.x(), at.y()))
        self._used()
