"""What the line may become, floating above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from gis.texts import _

MOST_ROWS = 10
SMALLEST_ROW = 24  # pixels a finger or a mouse can hit


@dataclass(frozen=True, slots=True)
class Offer:
    """One row: its words, the icon before them, and what picking it means to whoever offered it."""

    text: str
    icon: QIcon
    meaning: object


class TypeAhead(QListWidget):
    """A list over the window, above the line it serves. It never takes the focus.

    `current` is None until a row was stepped to. `picked` carries the meaning of a clicked row.
    """

    picked = Signal(object)

    def __init__(self, line: QWidget) -> None:
        super().__init__(line.window())
        self._line = line
        self._offers: tuple[Offer, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("What the line may become"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.itemClicked.connect(lambda item: self.picked.emit(self._offers[self.row(item)].meaning))
        self.hide()

    @property
    def current(self) -> object:
        """What the row stepped to means; None while there is none."""
        row = self.currentRow()
        return self._offers[row].meaning if self.isVisible() and 0 <= row < len(self._offers) else None

    def offer(self, offers: Sequence[Offer]) -> None:
        """Show these rows instead, with none of them current; hide when there are none."""
        if tuple(o.text for o in offers) != tuple(o.text for o in self._offers) or not offers:
            self.clear()
            for one in offers:
                row = QListWidgetItem(one.icon, one.text, self)
                row.setSizeHint(QSize(0, max(SMALLEST_ROW, self.fontMetrics().height() + 6)))
        self._offers = tuple(offers)
        self.setCurrentRow(-1)
        self.setVisible(bool(offers))
        if offers:
            self.place()

    def step(self, by: int) -> None:
        """Make the next row current (1), or the one before (-1); above the first there is none."""
        row = min(self.currentRow() + by, self.count() - 1)
        self.setCurrentRow(max(row, -1))

    def place(self) -> None:
        """Stand on the upper edge of the line, inside the window."""
        window = self._line.window()
        if self.parentWidget() is not window:
            self.setParent(window)
            self.setVisible(bool(self._offers))
        side = self.fontMetrics().height() + 2
        self.setIconSize(QSize(side, side))
        row = self.sizeHintForRow(0)
        top = self._line.mapTo(window, QPoint(0, 0))
        height = min(row * min(self.count(), MOST_ROWS) + 2 * self.frameWidth(), top.y())
        widest = max(self.fontMetrics().horizontalAdvance(one.text) for one in self._offers)
        width = min(self._line.width(), max(480, widest + 3 * side))
        left = top.x() + (self._line.width() - width if self.isRightToLeft() else 0)
        self.setGeometry(left, top.y() - height, width, height)
        self.raise_()
