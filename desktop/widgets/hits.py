"""What all lies under one click: a line to choose from, grouped by layer from the top."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.widgets.buttons import tool
from gis.texts import _
from layers.attributes.wording import is_missing, shown
from layers.scene import Hit

_NAMING = ("label", "name", "nama", "title", "number")  # columns that say what a thing is called


class HitsLine(QWidget):
    """Hidden unless there are several. `chosen` carries the number of the one to look at."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName(_("What lies under the pointer"))
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.activated.connect(self._choose)
        self.count = QLabel()
        self.count.setProperty("dim", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 2)
        row.setSpacing(4)
        row.addWidget(self.count)
        row.addWidget(self.box, 1)
        row.addWidget(tool("◂", lambda: self.step(-1), _("The one above it (Ctrl+Shift+PgUp)")))
        row.addWidget(tool("▸", lambda: self.step(1), _("The one below it (Ctrl+Shift+PgDown)")))
        self.hide()

    def show_hits(self, hits: Sequence[tuple[str, Hit]]) -> None:
        """These, each with the title of its layer, the topmost first and chosen."""
        self.box.clear()
        self.box.addItems([f"{title}: {called(hit)}" for title, hit in hits])
        self._count(0)
        self.setVisible(len(hits) > 1)

    def step(self, by: int) -> None:
        """To the next one, or the one before; after the last comes the first."""
        if self.box.count() > 1:
            self.box.setCurrentIndex((self.box.currentIndex() + by) % self.box.count())
            self._choose(self.box.currentIndex())

    def _choose(self, number: int) -> None:
        self._count(number)
        self.chosen.emit(number)

    def _count(self, number: int) -> None:
        words = _("{number} of {count} here")
        self.count.setText(words.format(number=number + 1, count=self.box.count()))


def called(hit: Hit) -> str:
    """What a feature is called: by the column that names it, else by the first that says anything."""
    small = {name.casefold(): value for name, value in hit.columns.items()}
    named = [small[name] for name in _NAMING if name in small and not is_missing(small[name])]
    said = named or [value for value in hit.columns.values() if not is_missing(value) and value != ""]
    return shown(said[0])[:60] if said else str(hit.id)
