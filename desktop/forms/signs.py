"""The signs of a rule in a list: what each looks like, what it means, and how many features wear it."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.widgets.buttons import tool
from desktop.widgets.swatch import HEIGHT, WIDTH, symbol_icon
from gis.texts import _
from layers.choose import Looks, counts
from layers.colours import MapColours
from layers.legend import case_title, range_title
from layers.restyle import signs
from layers.style import Categorised, Graduated, Rule, Ruled

COUNT_AFTER_MS = 150  # counting a large layer at every keystroke would hold the hand up


class SignList(QWidget):
    """`picked` when another sign is current; `added`, `removed` and `moved` (by how many) for rules."""

    picked = Signal()
    added = Signal()
    removed = Signal()
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.current = 0
        self._titles: list[str] = []
        self._asked: tuple[Rule, Sequence[Looks]] | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(_("Signs"))
        self.list.setIconSize(QSize(WIDTH, HEIGHT))
        self.list.setUniformItemSizes(True)
        self.buttons = QWidget()
        line = QHBoxLayout(self.buttons)
        line.setContentsMargins(0, 0, 0, 0)
        for text, name, signal in (
            ("+", _("Add a rule"), self.added.emit),
            ("−", _("Remove this rule"), self.removed.emit),
            ("↑", _("Ask this rule earlier"), lambda: self.moved.emit(-1)),
            ("↓", _("Ask this rule later"), lambda: self.moved.emit(1)),
        ):
            line.addWidget(tool(text, signal, name))
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.list)
        column.addWidget(self.buttons)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COUNT_AFTER_MS)
        self._soon.timeout.connect(self._count)
        self.list.currentRowChanged.connect(self._picked)

    def show_rule(self, rule: Rule, looks: Sequence[Looks], colours: MapColours) -> None:
        """List the signs of a rule; the same one stays current."""
        found = signs(rule)
        self._titles, self._asked = list(_titles(rule)), (rule, looks)
        self.setVisible(len(found) > 1 or isinstance(rule, Ruled))
        self.buttons.setVisible(isinstance(rule, Ruled))
        self.list.blockSignals(True)
        self.list.clear()
        for title, symbol in zip(self._titles, found, strict=True):
            QListWidgetItem(symbol_icon(symbol, colours), title, self.list).setToolTip(title)
        self.current = min(max(self.current, 0), max(len(found) - 1, 0))
        self.list.setCurrentRow(self.current)
        self.list.blockSignals(False)
        row = max(self.list.sizeHintForRow(0), 18)
        self.list.setFixedHeight(row * min(max(len(found), 2), 6) + 6)
        self._soon.start()

    def _picked(self, row: int) -> None:
        if row >= 0:
            self.current = row
            self.picked.emit()

    def _count(self) -> None:
        """Write behind each sign how many features wear it."""
        if self._asked is None:
            return
        rule, looks = self._asked
        each = [counts(rule, one) for one in looks]
        for n, title in enumerate(self._titles):
            item = self.list.item(n)
            total = sum(found[n] for found in each if n < len(found))
            if each:
                item.setText(f"{title}   {total:,}")
                item.setData(Qt.ItemDataRole.UserRole, total)


def _titles(rule: Rule) -> Sequence[str]:
    match rule:
        case Categorised(_column, classes):
            return [
                *(entry.title or entry.value for entry in classes),
                *([_("Others")] if rule.other else []),
            ]
        case Graduated(_column, edges, _symbols):
            ranges = [range_title(low, high) for low, high in pairwise(edges)]
            return [*ranges, *([_("Others")] if rule.other else [])]
        case Ruled(cases):
            return [case_title(case) for case in cases]
        case _:
            return [_("All")] * len(signs(rule))
