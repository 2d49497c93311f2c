"""The current row is strong only where the keyboard is; elsewhere it rests."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem


class RestingDelegate(QStyledItemDelegate):
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if not getattr(self.parent(), "hasFocus", bool)():
            rest(option)


def rest(option: QStyleOptionViewItem) -> None:
    """Let what is selected be drawn as resting."""
    palette = option.palette  # type: ignore[attr-defined] - PySide6 leaves it out of its stubs
    palette.setColor(QPalette.ColorRole.Highlight, palette.color(QPalette.ColorRole.Midlight))
    palette.setColor(QPalette.ColorRole.HighlightedText, palette.color(QPalette.ColorRole.Text))
