"""The box the caller's words are typed into."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontDatabase, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gis.texts import _

KEPT_LINES = 50
MOST_CHARACTERS = 1_000_000  # a paste from a chat is never cut short
_COMPOSED_MS = 100


class CallEdit(QLineEdit):
    """A line of monospace text whose keys are told apart before they act.

    `entered`: Enter, but never the one that ends a composition. `stepped`: Up (-1) or Down (1).
    `tabbed`: Tab in a line with text. `left`: Esc; the text stays.
    """

    entered = Signal()
    stepped = Signal(int)
    tabbed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._composing = False
        self._composed = QTimer(self, singleShot=True, interval=_COMPOSED_MS)
        self.setMaxLength(MOST_CHARACTERS)
        self.setAccessibleName(_("Log line"))
        self.setPlaceholderText(_("F2  type: code severity @place text      ? for codes      / for commands"))
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font = QFont()  # says nothing of the size, so it follows that of all text
        font.setFamilies(fixed.families())
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.setFont(font)

    def event(self, event: QEvent) -> bool:
        """Tab and undo belong to the line while there is text in it, else to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self.text():
            event.ignore()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if event.key() == Qt.Key.Key_Tab and plain and self.text():
                self.tabbed.emit()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not self._composing and not self._composed.isActive():
                    self.entered.emit()
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                self._composed.stop()
                super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._composed.stop()
        super().keyReleaseEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Some input methods send the Enter that ended a composition on to the line: it is not for us."""
        before, self._composing = self._composing, bool(event.preeditString())
        if before and not self._composing:
            self._composed.start()
        super().inputMethodEvent(event)


class Recall:
    """The lines that were entered, stepped through by Up and Down; the one being typed waits at the end."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._back, self._typed = 0, ""

    @property
    def is_back(self) -> bool:
        """True while an older line is shown."""
        return self._back > 0

    def remember(self, line: str) -> None:
        self._lines = [*(old for old in self._lines if old != line), line][-KEPT_LINES:]
        self._back, self._typed = 0, ""

    def step(self, by: int, shown: str) -> str:
        """The line `by` steps later (or, below zero, older) than the one shown."""
        if not self._back:
            self._typed = shown
        self._back = min(max(self._back - by, 0), len(self._lines))
        return self._lines[-self._back] if self._back else self._typed

    def stop(self) -> None:
        """The line shown was changed: it is the one being typed now."""
        self._back = 0
