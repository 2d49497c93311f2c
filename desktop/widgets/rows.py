"""Rows by the million on the screen: what is not seen costs nothing."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTableView

from desktop.widgets.resting import RestingDelegate, plain_rows
from gis.texts import _
from layers.attributes.table import Attributes, Rows, title_of
from layers.attributes.wording import is_missing, is_number, sample, shown, worded

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
MARKED = Qt.ItemDataRole.UserRole
WIDEST, NARROWEST = 42, 5  # letters
CELLS_ALOUD = 12  # of a row that is read aloud
TICK = "✓"
ROWS_HINTED = 9
_MOVES = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)


class RowsModel(QAbstractTableModel):
    """Some rows of a table in some order; every cell is put into words when it comes into sight."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self.table = Attributes(())
        self.rows: Rows = np.zeros(0, np.int64)
        self.marks: NDArray[np.bool_] = np.zeros(0, bool)
        self._empty = QFont()
        self._empty.setItalic(True)

    def show_table(self, table: Attributes) -> None:
        """Another table, with none of its rows shown yet."""
        self.beginResetModel()
        self.table, self.rows = table, np.zeros(0, np.int64)
        self.marks = np.zeros(len(table), bool)
        self.endResetModel()

    def show_rows(self, rows: Rows) -> None:
        """These rows of the table, in this order."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def mark(self, marks: NDArray[np.bool_]) -> None:
        """These rows of the table (n,) are selected."""
        self.marks = marks
        if len(self.rows):
            last = self.index(len(self.rows) - 1, max(self.columnCount() - 1, 0))
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self.rows) - 1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.table.names)

    def value(self, index: Index) -> Any:
        """What stands in a cell, as it is kept."""
        return self.table.values(self.table.names[index.column()])[self.rows[index.row()]]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown(self.value(index), self._zone)
            case Qt.ItemDataRole.ToolTipRole:
                return worded(self.value(index), self._zone)[:2_000]
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._side(index.column())
            case Qt.ItemDataRole.FontRole:
                return self._empty if is_missing(self.value(index)) else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._aloud(index)
            case _ if role == MARKED:
                return bool(self.marks[self.rows[index.row()]])
            case _:
                return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        number = is_number(self.table.values(self.table.names[column]))
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _aloud(self, index: Index) -> str:
        """The whole row in words in its first column, so that a reader says it at once."""
        if index.column():
            return shown(self.value(index), self._zone)
        row = self.rows[index.row()]
        names = self.table.names[:CELLS_ALOUD]
        said = [f"{title_of(name)}: {shown(self.table.values(name)[row], self._zone)}" for name in names]
        return ", ".join(([_("selected")] if self.marks[row] else []) + said)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            marked = role == Qt.ItemDataRole.DisplayRole and self.marks[self.rows[section]]
            return TICK if marked else ("" if role == Qt.ItemDataRole.DisplayRole else None)
        name = self.table.names[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _("{name}: a click sorts by it, a drag moves it").format(name=title_of(name))
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None


class MarkingDelegate(RestingDelegate):
    """Selected rows lie on a ground of their own; the current one is strong where the keyboard is, and looks
    like any other where it is not: at rest it would seem selected."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        palette = option.palette  # type: ignore[attr-defined] - PySide6 leaves it out of its stubs
        if index.data(MARKED):
            option.backgroundBrush = palette.midlight()  # type: ignore[attr-defined]
        elif not getattr(self.parent(), "hasFocus", bool)():
            palette.setBrush(palette.ColorRole.Highlight, palette.base())
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:  # type: ignore[attr-defined]
            option.text += "\u2002"  # type: ignore[attr-defined] - or a number touches the text beside it
        if is_missing(index.model().value(index)):  # type: ignore[attr-defined] - a RowsModel
            palette.setBrush(palette.ColorRole.Text, palette.placeholderText())


class RowsView(QTableView):
    """`marked` carries rows of the table (an array) and whether they are added, taken away or put in place of
    what was selected; `opened` a row of the table; `sort_wanted` a column's number; `asked` a cell and a
    position on the screen; `copied` that the selected rows are wanted as text."""

    marked = Signal(object, str)
    opened = Signal(int)
    sort_wanted = Signal(int)
    asked = Signal(object, QPoint)
    copied = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self.rows = RowsModel(zone)
        self._anchor = 0
        self._current: object = None  # its id: it stays current whatever is shown
        self.setModel(self.rows)
        plain_rows(self, MarkingDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.customContextMenuRequested.connect(self._ask)
        self.selectionModel().currentRowChanged.connect(self._stand)
        self.doubleClicked.connect(lambda index: self.opened.emit(int(self.rows.rows[index.row()])))
        self._dress_heads()
        self._measure()

    def _dress_heads(self) -> None:
        head = self.horizontalHeader()
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.sectionClicked.connect(self.sort_wanted)
        side = self.verticalHeader()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setHighlightSections(False)
        side.setSectionsClickable(True)
        side.sectionClicked.connect(lambda row: self.marked.emit(self.rows.rows[row : row + 1], "toggle"))

    def show_table(self, table: Attributes) -> None:
        self.rows.show_table(table)
        self.fit_columns()

    def show_rows(self, rows: Rows, *, top: bool) -> None:
        """These, in this order. From the `top`; else what is current stays so, and the eyes stay too."""
        kept, column, scrolled = (
            self._current,
            max(self.currentIndex().column(), 0),
            self.verticalScrollBar().value(),
        )
        self.rows.show_rows(rows)
        found = np.flatnonzero(self.rows.table.ids[rows] == kept)
        row = 0 if top or not len(found) else int(found[0])
        self._anchor = row
        if not len(rows):
            return
        self.setAutoScroll(False)
        self.setCurrentIndex(self.rows.index(row, column))
        self.setAutoScroll(True)
        self.verticalScrollBar().setValue(0 if top else scrolled)

    def _stand(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self._current = self.rows.table.ids[self.rows.rows[now.row()]]

    def current_row(self) -> int:
        """The row of the table that is current; -1 for none."""
        at = self.currentIndex()
        return int(self.rows.rows[at.row()]) if at.isValid() else -1

    def columns_in_order(self) -> list[str]:
        """The columns that are shown, from left to right."""
        head = self.horizontalHeader()
        order = (head.logicalIndex(n) for n in range(head.count()))
        return [self.rows.table.names[n] for n in order if not head.isSectionHidden(n)]

    def fit_columns(self) -> None:
        """Widths from a bounded number of cells: nobody waits for a million to be measured."""
        metrics = self.fontMetrics()
        letter = metrics.averageCharWidth()
        for n, name in enumerate(self.rows.table.names):
            texts: Sequence[str] = sample(self.rows.table.values(name))
            longest = sorted(set(texts), key=len)[-3:]
            widest = max((metrics.horizontalAdvance(text) for text in longest), default=0)
            widest = max(widest, metrics.horizontalAdvance(title_of(name)) + 2 * letter)
            self.setColumnWidth(n, min(max(widest, NARROWEST * letter), WIDEST * letter) + 2 * letter)

    # -- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        before = self._anchor
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if shift:
            self._mark_range(before, index.row(), keep=control)
        else:
            self._anchor = index.row()
            self.marked.emit(self.rows.rows[index.row() : index.row() + 1], "toggle" if control else "set")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = Qt.Key(event.key()), self.currentIndex().row()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.marked.emit(self.rows.rows, "set")
        elif self._shifts_column(event):
            self.move_column(1 if key == Qt.Key.Key_Right else -1)
        elif row >= 0 and key == Qt.Key.Key_Space:
            self._anchor = row
            self.marked.emit(self.rows.rows[row : row + 1], "toggle")
        elif row >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(int(self.rows.rows[row]))
        else:
            super().keyPressEvent(event)
            self._moved(key, shift)

    @staticmethod
    def _shifts_column(event: QKeyEvent) -> bool:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return held == both and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)

    def _moved(self, key: Qt.Key, shift: bool) -> None:
        if key not in _MOVES or not self.currentIndex().isValid():
            return
        if shift:
            self._mark_range(self._anchor, self.currentIndex().row(), keep=False)
        else:
            self._anchor = self.currentIndex().row()

    def _mark_range(self, start: int, end: int, *, keep: bool) -> None:
        low, high = min(start, end), max(start, end)
        self.marked.emit(self.rows.rows[low : high + 1], "add" if keep else "set")

    def move_column(self, by: int) -> None:
        """The current column one place to the right, or to the left."""
        head, column = self.horizontalHeader(), self.currentIndex().column()
        at = head.visualIndex(column)
        if column >= 0 and 0 <= at + by < head.count():
            head.moveSection(at, at + by)

    def keyboardSearch(self, _search: str) -> None:
        """The field above the table is for that; going through a million rows a letter would take a while."""

    def _ask(self, at: QPoint) -> None:
        index = self.indexAt(at)
        index = index if index.isValid() else self.currentIndex()
        if index.isValid():
            self.setCurrentIndex(index)
            self.asked.emit(index, self.viewport().mapToGlobal(at))

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        """Heights from the font, so that they grow with it."""
        metrics = self.fontMetrics()
        self.verticalHeader().setMinimumSectionSize(metrics.height())
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 6)
        self.verticalHeader().setFixedWidth(metrics.horizontalAdvance(TICK) + 12)

    def sizeHint(self) -> QSize:
        row = self.verticalHeader().defaultSectionSize()
        return QSize(60 * self.fontMetrics().averageCharWidth(), ROWS_HINTED * row)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 4 * self.verticalHeader().defaultSectionSize())
