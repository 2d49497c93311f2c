"""What hands do on the map, in words: panned, zoomed, boxed, clicked. Knows no map."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

NOTCH = 2**-0.5  # one click of the wheel
STEP = 2**-1.0  # one key
ARROW_PX = 120.0
CLICK_PX = 4.0  # a hand trembles this much without meaning to drag


Held = Qt.KeyboardModifier


class Grip(Protocol):
    """What a tool may want for itself before the map is moved."""

    def key(self, key: Qt.Key, held: Held, text: str) -> bool:
        """True when the tool has used this key."""
        ...

    def grab(self, at: QPointF) -> bool:
        """True when the tool takes hold of what is under the button: the drag is its own."""
        ...

    def drag(self, at: QPointF) -> None: ...

    def drop(self, at: QPointF) -> None: ...


class Gestures(QObject):
    """Watches a widget's mouse and keys. Positions and distances are in pixels of the widget."""

    panned = Signal(float, float)
    zoomed = Signal(float, QPointF)  # factor of units per pixel, the place that stays
    boxed = Signal(QRectF)  # the box that is to fill the window
    boxing = Signal(QRectF)  # the box so far
    clicked = Signal(QPointF)
    doubled = Signal(QPointF)
    pointed = Signal(QPointF)
    escaped = Signal()
    selection_wanted = Signal()

    def __init__(self, widget: QWidget, grip: Grip) -> None:
        super().__init__(widget)
        self._widget, self._grip = widget, grip
        self.boxes = False  # a plain drag is a box, too
        self._from: QPointF | None = None  # where the button went down
        self._last = QPointF()
        self._dragging = self._space = self._box = self._twice = self._gripped = False
        widget.setMouseTracking(True)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        match event:
            case QWheelEvent():
                return self._wheel(event)
            case QMouseEvent():
                return self._mouse(event)
            case QKeyEvent():
                return self._key(event)
            case _:
                return False

    def _wheel(self, event: QWheelEvent) -> bool:
        notches = event.angleDelta().y() / 120
        if notches:
            self.zoomed.emit(NOTCH**notches, event.position())
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        acts = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseMove: self._move,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.MouseButtonDblClick: self._double,
        }
        act = acts.get(event.type())
        if act:
            act(event)
        return act is not None

    def _press(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._from = self._last = event.position()
        self._dragging = event.button() == Qt.MouseButton.MiddleButton
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._box = (shift or self.boxes) and event.button() == Qt.MouseButton.LeftButton
        free = not self._box and event.button() == Qt.MouseButton.LeftButton
        self._gripped = free and self._grip.grab(event.position())

    def _move(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._gripped:
            self._grip.drag(at)
            self.pointed.emit(at)
            return
        if self._from is not None and not self._dragging:
            self._dragging = (at - self._from).manhattanLength() > CLICK_PX
        if self._box and self._from is not None:
            self.boxing.emit(QRectF(self._from, at).normalized())
        elif self._dragging or self._space:
            by = at - self._last
            self.panned.emit(by.x(), by.y())
        if self._dragging or self._space or self._from is None:
            self._last = at
        self.pointed.emit(at)

    def _release(self, event: QMouseEvent) -> None:
        start, self._from = self._from, None
        dragged, self._dragging = self._dragging, False
        box, self._box = self._box, False
        twice, self._twice = self._twice, False
        if self._gripped and event.button() == Qt.MouseButton.LeftButton:
            self._gripped = False
            self._grip.drop(event.position())
            return
        if start is None or event.button() == Qt.MouseButton.MiddleButton:
            return
        if box:
            self.boxing.emit(QRectF())
        if box and dragged:
            self.boxed.emit(QRectF(start, event.position()).normalized())
        elif not dragged and not twice:
            self.clicked.emit(event.position())

    def _double(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._twice = True
            self.doubled.emit(event.position())

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and self._grip.key(key, event.modifiers(), event.text()):
            return True
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = pressed
            return event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
        if not pressed:
            return False
        act = self._act(key, event.modifiers())
        if act:
            act()
        return act is not None

    def _act(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> Callable[[], None] | None:
        """What a key means on the map; None leaves it to others."""
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return self.selection_wanted.emit if key == Qt.Key.Key_J else None
        moves = {
            Qt.Key.Key_Left: (ARROW_PX, 0.0),
            Qt.Key.Key_Right: (-ARROW_PX, 0.0),
            Qt.Key.Key_Up: (0.0, ARROW_PX),
            Qt.Key.Key_Down: (0.0, -ARROW_PX),
        }
        zooms = {
            Qt.Key.Key_PageUp: STEP,
            Qt.Key.Key_Plus: STEP,
            Qt.Key.Key_Equal: STEP,
            Qt.Key.Key_PageDown: 1 / STEP,
            Qt.Key.Key_Minus: 1 / STEP,
        }
        if key in moves:
            return lambda: self.panned.emit(*moves[key])
        if key in zooms:
            return lambda: self.zoomed.emit(zooms[key], QRectF(self._widget.rect()).center())
        return self.escaped.emit if key == Qt.Key.Key_Escape else None
