"""One box over the window for everything that has a name: type, step, Enter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gis.texts import _

MOST_SEEN, SMALLEST_ROW, PADDING_PX = 12, 24, 8


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was found: what it is called, what it is, and what choosing it does."""

    text: str
    kind: str
    do: Callable[[], object]


class Palette(QFrame):
    """`typed` carries the words; what is then offered is done when it is chosen, and the box goes away."""

    typed = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._over = window
        self.setObjectName("bar")
        self.setAccessibleName(_("Find anything"))
        self._answers: tuple[Answer, ...] = ()
        self._before: QWidget | None = None
        self.edit = QLineEdit(clearButtonEnabled=True)
        self.edit.setAccessibleName(_("Find an act, a place, a layer or an incident"))
        self.edit.setPlaceholderText(_("An act, a place, a coordinate, a layer, an incident"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("What was found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(AnswerDelegate(self.list))
        self.words = QLabel()
        self.words.setProperty("dim", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        for widget in (self.edit, self.list, self.words):
            column.addWidget(widget)
        self.edit.textEdited.connect(self.typed)
        self.edit.textChanged.connect(lambda text: self.typed.emit(text) if not text else None)
        self.list.itemClicked.connect(lambda item: self._choose(self.list.row(item)))
        self.edit.installEventFilter(self)
        window.installEventFilter(self)
        self.hide()

    def start(self) -> None:
        """Come up empty, with the keyboard; again: go away."""
        if self.isVisible():
            self.leave()
            return
        self._before = self.window().focusWidget()
        self.edit.clear()
        self.typed.emit("")
        self.show()
        self.place()
        self.raise_()
        self.edit.setFocus()

    def leave(self) -> None:
        """Go away; the keyboard goes back to where it was."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    def offer(self, answers: Sequence[Answer]) -> None:
        """Show these, the best of them chosen."""
        self._answers = tuple(answers)
        self.list.clear()
        high = max(SMALLEST_ROW, self.fontMetrics().height() + 8)
        for answer in answers:
            item = QListWidgetItem(answer.text, self.list)
            item.setData(Qt.ItemDataRole.UserRole, answer.kind)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{answer.text}, {answer.kind}")
            item.setSizeHint(QSize(0, high))
        self.list.setCurrentRow(0 if answers else -1)
        nothing = _(
            "Nothing of that name. A place can be a name, a coordinate, a grid reference or a map link."
        )
        self.words.setText("" if answers else nothing)
        self.words.setVisible(not answers)
        self.list.setVisible(bool(answers))
        self.list.setFixedHeight(high * min(max(len(answers), 1), MOST_SEEN) + 2 * self.list.frameWidth())
        self.place()

    def place(self) -> None:
        """In the middle above, as high as what it shows."""
        window = self._over
        width = min(max(480, window.width() * 2 // 5), window.width() - 40)
        self.adjustSize()
        self.setGeometry(
            (window.width() - width) // 2, max(24, window.height() // 12), width, self.sizeHint().height()
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        if watched is self.edit and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        elif watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: MOST_SEEN,
            Qt.Key.Key_PageUp: -MOST_SEEN,
        }
        if key in steps:
            row = self.list.currentRow() + steps[key]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentRow())
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            return False
        return True

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._answers):
            self.leave()
            self._answers[row].do()


class AnswerDelegate(QStyledItemDelegate):
    """The name, and in grey at its end what it is."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        look: Any = option  # PySide6 leaves most of it out of its stubs
        chosen = bool(look.state & QStyle.StateFlag.State_Selected)
        palette, metrics = look.palette, look.fontMetrics
        box = look.rect.adjusted(PADDING_PX, 0, -PADDING_PX, 0)
        name, kind = index.data(), index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        if chosen:
            painter.fillRect(look.rect, palette.highlight())
        painter.setPen(palette.highlightedText().color() if chosen else palette.placeholderText().color())
        most = box.width() * 3 // 5
        kind = metrics.elidedText(kind, Qt.TextElideMode.ElideRight, most)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, kind)
        painter.setPen(palette.highlightedText().color() if chosen else palette.text().color())
        left = box.adjusted(0, 0, -metrics.horizontalAdvance(kind) - 2 * PADDING_PX, 0)
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()
