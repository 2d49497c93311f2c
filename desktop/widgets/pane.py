"""The frame of a region: a title line, a body, and what it says while there is nothing to show."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.elided import ElidedLabel


class Pane(QWidget):
    """`title` is a line of text above `body`; `extras` stand at the right end of that line."""

    def __init__(self, name: str, body: QWidget, *extras: QWidget) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.title = ElidedLabel(name, dim=True)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(4, 0, 0, 0)
        self.head.setSpacing(4)
        self.head.addWidget(self.title, 1)
        for extra in extras:
            self.head.addWidget(extra)
        self._pages = QStackedWidget()
        self.setFocusProxy(body)
        self._pages.addWidget(body)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(self.head)
        self._column.addWidget(self._pages, 1)
        self._empty: QLabel | None = None

    def above(self, widget: QWidget) -> None:
        """Put something between the title and the body."""
        self._column.insertWidget(1, widget)

    def below(self, widget: QWidget) -> None:
        """Put something under the body."""
        self._column.addWidget(widget)

    def when_empty(self, offer: str = "", act: Callable[[], object] | None = None) -> None:
        """Prepare the empty state, with one thing to do about it."""
        page = QWidget()
        page.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # the body needs less
        column = QVBoxLayout(page)
        column.addStretch(1)
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setProperty("dim", True)
        column.addWidget(self._empty)
        if act is not None:
            button = QPushButton(offer)
            button.setAccessibleName(offer)
            button.clicked.connect(lambda: act())
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._pages.addWidget(page)

    def say_empty(self, text: str) -> None:
        """Show the empty state with these words, or the body when there are none."""
        if self._empty is not None:
            self._empty.setText(text)
            self._pages.setCurrentIndex(1 if text else 0)

    def said_empty(self) -> str:
        """What stands in the place of the body; empty while the body shows."""
        return self._empty.text() if self._empty is not None else ""
