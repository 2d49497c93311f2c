"""The current row is strong only where the keyboard is; elsewhere it rests."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView


class RestingDelegate(QStyledItemDelegate):
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if not getattr(self.parent(), "hasFocus", bool)():
            rest(option)


def plain_rows(table: QTableView, delegate: RestingDelegate) -> None:
    """Dress a table whose rows are things: one is current, Tab leaves it, nothing is ruled or wrapped,
    and it asks for its own menu."""
    table.setItemDelegate(delegate)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)


def rest(option: QStyleOptionViewItem) -> None:
    """Let what is selected be drawn as resting."""
    palette = option.palette  # type: ignore[attr-defined] - PySide6 leaves it out of its stubs
    palette.setColor(QPalette.ColorRole.Highlight, palette.color(QPalette.ColorRole.Midlight))
    palette.setColor(QPalette.ColorRole.HighlightedText, palette.color(QPalette.ColorRole.Text))
