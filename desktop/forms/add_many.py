"""What is in these files? Each layer with its guess, ticked to be added; what is wrong stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from desktop.forms.add_layer import LayerWish, RasterWish, role_word, wish_of
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.exchange.raster.answers import RasterFacts
from gis.exchange.vector.answers import Inspection, LayerFacts
from gis.texts import _, ngettext

WISH = Qt.ItemDataRole.UserRole
Wish = LayerWish | RasterWish


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked into: what is in it, or the `problem` why nobody knows."""

    path: Path
    inspection: Inspection | None = None
    problem: str = ""


class AddManyForm(Form):
    """`wanted` carries the wishes that are ticked, in the order of the list."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Add several layers"))
        self._known: list[tuple[str, str]] = []
        self.heading = QLabel()
        self.heading.setProperty("strong", True)
        self.list = QTreeWidget()
        self.list.setAccessibleName(_("Layers in the files"))
        self.list.setHeaderLabels([_("Layer"), _("It is")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.add = push(_("Add to the map"), self.submit)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.add)
        head.addWidget(push(_("Leave it"), self.left.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addWidget(self.list, 3)
        self.words = QTextBrowser()
        self.words.setAccessibleName(_("What is to be known of them"))
        column.addWidget(self.words, 2)
        self.list.itemChanged.connect(lambda _item, _column: self._count())

    def ask(self, looked: Sequence[Looked]) -> None:
        """Show what was found, file by file. Nothing of it is on the map yet."""
        self.list.clear()
        self._known.clear()
        for each in looked:
            if each.inspection is None:
                self._row(each.path.name, "", each.problem, None)
                continue
            there = (*each.inspection.layers, *each.inspection.rasters)
            for facts in there:
                self._layer(each.inspection, facts, alone=len(there) == 1)
        self.words.setHtml("".join(f"<p><b>{escape(a)}</b><br>{escape(b)}</p>" for a, b in self._known))
        self.words.setVisible(bool(self._known))
        self._count()
        self.add.setFocus()

    def _layer(self, inspection: Inspection, facts: LayerFacts | RasterFacts, *, alone: bool) -> None:
        wish = wish_of(inspection, facts, alone=alone)
        title = wish.title if alone else f"{inspection.path.name}: {wish.title}"
        kind = role_word(wish.role) if isinstance(wish, LayerWish) else facts_kind(facts)
        if facts.needs_crs:
            words = _("It does not say where on earth it lies: add it alone, and say it.")
            self._row(title, kind, words, None)
            return
        self._row(title, kind, " ".join(facts.findings), wish)

    def _row(self, name: str, kind: str, words: str, wish: Wish | None) -> None:
        item = QTreeWidgetItem(self.list, [name, kind])
        item.setToolTip(0, "\n".join(filter(None, (name, words))))
        if words:
            self._known.append((name, words))
        if wish is None:
            item.setFlags(Qt.ItemFlag.ItemIsSelectable)
            return
        item.setData(0, WISH, wish)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, Qt.CheckState.Checked)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.list.topLevelItem(n) for n in range(self.list.topLevelItemCount()))
        return [item for item in found if item is not None]

    def wishes(self) -> tuple[Wish, ...]:
        """What is ticked."""
        ticked = [item for item in self._items() if item.checkState(0) == Qt.CheckState.Checked]
        return tuple(item.data(0, WISH) for item in ticked if item.data(0, WISH) is not None)

    def _count(self) -> None:
        count, whole = len(self.wishes()), self.list.topLevelItemCount()
        sentence = ngettext(
            "{count} of {whole} layer will be added", "{count} of {whole} layers will be added", whole
        )
        self.heading.setText(sentence.format(count=count, whole=whole))
        self.add.setEnabled(count > 0)

    def submit(self) -> None:
        if wishes := self.wishes():
            self.wanted.emit(wishes)


def facts_kind(facts: LayerFacts | RasterFacts) -> str:
    """What a raster is, in few words."""
    values = isinstance(facts, RasterFacts) and facts.values
    return _("measurements") if values else _("a picture")
