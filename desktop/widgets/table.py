"""A read-only table over a list of records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from desktop.widgets.resting import RestingDelegate, plain_rows

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


def _no_icon(record: Any) -> QIcon | None:  # noqa: ARG001 - the shape of Column.icon
    return None


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: heading, text, icon, and the widest text it must show (empty: it takes the rest)."""

    title: str
    text: Callable[[R], str]
    icon: Callable[[R], QIcon | None] = _no_icon
    widest: str = ""


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """How a whole row reads: what identifies it, aloud, how heavy, and what the pointer is told."""

    key: Callable[[R], str]
    words: Callable[[R], str]
    heavy: Callable[[R], bool] = lambda _record: False
    struck: Callable[[R], bool] = lambda _record: False


class RecordModel(QAbstractTableModel, Generic[R]):
    def __init__(self, columns: Sequence[Column[R]], row: Row[R]) -> None:
        super().__init__()
        self._columns, self._row = tuple(columns), row
        self.records: tuple[R, ...] = ()

    def show(self, records: Sequence[R]) -> None:
        """Show these records; rows that stay in place keep selection and scroll."""
        before = [self._row.key(record) for record in self.records]
        after = [self._row.key(record) for record in records]
        if before == after:
            self.records = tuple(records)
            if after:
                self.dataChanged.emit(self.index(0, 0), self.index(len(after) - 1, len(self._columns) - 1))
            return
        self.beginResetModel()
        self.records = tuple(records)
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """The row showing the record with this key, or -1."""
        return next((n for n, record in enumerate(self.records) if self._row.key(record) == key), -1)

    def key_at(self, row: int) -> str | None:
        return self._row.key(self.records[row]) if 0 <= row < len(self.records) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        record, column = self.records[index.row()], self._columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(record)
            case Qt.ItemDataRole.DecorationRole:
                return column.icon(record)
            case Qt.ItemDataRole.ToolTipRole:
                return self._row.words(record)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._row.words(record) if index.column() == 0 else column.text(record)
            case Qt.ItemDataRole.FontRole:
                return self._font(record)
            case _:
                return None

    def _font(self, record: R) -> QFont | None:
        heavy, struck = self._row.heavy(record), self._row.struck(record)
        if not (heavy or struck):
            return None
        font = QFont()
        font.setBold(heavy)
        font.setStrikeOut(struck)
        return font

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


class RecordTable(QTableView, Generic[R]):
    """`picked` when the operator moves to a record or clicks it, `opened` on Enter or double click, `asked`
    on a context menu (record, global position). Refreshing never emits `picked`."""

    picked = Signal(object)
    opened = Signal(object)
    asked = Signal(object, QPoint)

    def __init__(self, name: str, columns: Sequence[Column[R]], row: Row[R]) -> None:
        super().__init__()
        self._showing, self._columns = False, tuple(columns)
        self._stood = -1  # the current row as a mouse button went down
        self._left = 0  # where the current row was before it went
        self.records = RecordModel(columns, row)
        self.setModel(self.records)
        self.setAccessibleName(name)
        plain_rows(self, RestingDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.clicked.connect(self._pick_again)
        self.activated.connect(lambda index: self.opened.emit(self.records.records[index.row()]))
        self.customContextMenuRequested.connect(self._ask)
        self._measure()

    def show_records(self, records: Sequence[R], current: str = "") -> None:
        """Show these; the current record stays current, else its neighbour becomes it. Given the key of what
        is `current`, that one is, or none."""
        at = self.currentIndex().row()
        key = current or self.records.key_at(at)
        if at >= 0:
            self._left = at
        scrolled = self.verticalScrollBar().value()
        self._showing = True
        self.setAutoScroll(False)  # what arrives never moves the list under the eyes of who reads it
        self.records.show(records)
        row = self.records.row_of(key) if key else -1
        if row < 0 and records and not current:
            row = min(max(at, 0), len(records) - 1)
        if row != self.currentIndex().row():
            self.setCurrentIndex(self.records.index(row, 0))
        self.setAutoScroll(True)
        self.verticalScrollBar().setValue(scrolled)
        self._showing = False

    def current(self) -> R | None:
        row = self.currentIndex().row()
        return self.records.records[row] if 0 <= row < len(self.records.records) else None

    def pick(self, key: str, *, quietly: bool = False) -> bool:
        """Make the record with this key current; False when it is not shown."""
        row = self.records.row_of(key)
        if row < 0:
            return False
        self._showing = quietly
        self.setCurrentIndex(self.records.index(row, 0))
        self._showing = False
        return True

    def step(self, by: int) -> None:
        """Move the current row up or down."""
        row = min(max(self._here(by) + by, 0), len(self.records.records) - 1)
        if row >= 0:
            self.setCurrentIndex(self.records.index(row, 0))

    def _here(self, by: int) -> int:
        """The current row; where there is none, the gap that it left, seen from the side of a step."""
        row = self.currentIndex().row()
        return row if row >= 0 else self._left - (by > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if self.current() is None and event.key() in ways:
            self.step(ways[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._showing and now.isValid():
            self.picked.emit(self.records.records[now.row()])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._stood = self.currentIndex().row()
        super().mousePressEvent(event)

    def _pick_again(self, index: QModelIndex) -> None:
        """The row may be current since the start, and nobody has picked it yet."""
        if index.row() == self._stood:
            self.picked.emit(self.records.records[index.row()])

    def _ask(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if index.isValid():
            self.asked.emit(self.records.records[index.row()], self.viewport().mapToGlobal(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is asked about a row comes up below the table, and the row stays in sight."""
        super().resizeEvent(event)
        if event.size().height() < event.oldSize().height() and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        """Widths and heights from the font, so that they grow with it."""
        metrics = self.fontMetrics()
        side = max(18, round(metrics.height() * 1.25))
        self.setIconSize(QSize(side, side))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(side + 2)
        self.verticalHeader().setDefaultSectionSize(side + 4)
        for n, column in enumerate(self._columns):
            if column.widest:
                text = max(metrics.horizontalAdvance(column.widest), metrics.horizontalAdvance(column.title))
                self.setColumnWidth(n, round(text * 1.06) + 16)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 46, self.rowHeight(0) * 6 or 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 20, 70)
