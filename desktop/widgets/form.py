"""A form in region 7: something to fill in, left with Escape, sent with Ctrl+Enter."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame


class Form(QFrame):
    """`left` says that the operator went away; `submit` is what Ctrl+Enter does."""

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(name)

    def submit(self) -> None:
        """Send what was filled in; a form that acts at once has nothing to send."""

    def cancel(self) -> None:
        """Go away without sending; a form that acts at once takes back what it did."""
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            super().keyPressEvent(event)
