"""A field above a list, for the words that its entries must hold."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gis.texts import _

PAUSE_MS = 60  # letters closer together than this are asked for as one


class SearchField(QLineEdit):
    """`wanted` when other words are asked for, or none any more; `left` when the operator goes on to the list
    (Enter, Down). Escape takes the words away, and once there are none, goes on to the list as well."""

    wanted = Signal()
    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(clearButtonEnabled=True)
        self.asked = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(_("{what}  {key}").format(what=name, key="Ctrl+F"))
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._ask)
        self.textChanged.connect(lambda text: self._soon.start() if text.strip() else self._ask())

    def _ask(self) -> None:
        self._soon.stop()
        words = " ".join(self.text().split())
        if words != self.asked:
            self.asked = words
            self.wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
            self.left.emit()
        else:
            super().keyPressEvent(event)
