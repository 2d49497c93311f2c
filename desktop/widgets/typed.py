"""Fields for a number and for a length of time, which say what they read; and the words of what is wrong."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from gis.texts import _
from gis.words.typed import number_typed, span_typed, typed_number, typed_span


class NumberEdit(QLineEdit):
    """A number in any script, with point or comma."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)

    def value(self) -> float:
        """Raises `ValueError`, in words, while none is typed."""
        return typed_number(self.text())

    def put(self, value: float | None) -> None:
        self.setText(number_typed(value))
        self.setCursorPosition(0)


class SpanEdit(QLineEdit):
    """A length of time: 10 min, 90 s, 3 h; empty is none."""

    def __init__(self, name: str, nothing: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(_("{name}: for example 10 min, 90 s, 3 h").format(name=name))
        self.setPlaceholderText(nothing)

    def seconds(self) -> int:
        """Raises `ValueError`, in words, while no time is typed."""
        return typed_span(self.text())

    def put(self, seconds: int) -> None:
        self.setText(span_typed(seconds))
        self.setCursorPosition(0)


class Wrong(QLabel):
    """What is wrong with the field above it; nothing while nothing is."""

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("strong", True)
        self.hide()

    def say(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
