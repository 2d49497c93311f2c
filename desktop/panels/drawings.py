"""The drawings as a table: the twin of the map for whoever has no mouse, or cannot see it."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.canvas.marks import size_text
from desktop.outlook import Outlook
from desktop.times import hms
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.drawing import Drawing
from gis.ops.drawings import form_of, form_word
from gis.store import Change, Query
from gis.texts import _
from layers.drawn import size_of

SHOWN = 2_000  # the newest; measuring more would be felt


class DrawingsPanel(QWidget):
    """Every drawing that is not struck out, newest first. `picked` carries the one stepped to, `opened` one
    that Enter asks for."""

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, outlook: Outlook, zone: ZoneInfo) -> None:
        super().__init__()
        self._outlook, self._stale = outlook, True
        self.setAccessibleName(_("Drawings"))
        self.table = RecordTable[Drawing](_("Drawings"), _columns(zone), _row(zone))
        self.empty = QLabel(
            _("Nothing is drawn yet. Ctrl+D, then P draws an area, L a line, M a marker."), wordWrap=True
        )
        self.empty.setProperty("dim", True)
        self.empty.setContentsMargins(8, 8, 8, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self.table.picked.connect(self.picked.emit)
        self.table.opened.connect(self.opened.emit)
        outlook.changed.connect(self._on_changed)

    def look(self) -> None:
        """Read the drawings again."""
        self._stale = False
        self._outlook.ask(self, _newest, self._show)

    def _show(self, found: list[Drawing]) -> None:
        self.table.show_records(found)
        self.empty.setVisible(not found)
        self.table.setVisible(bool(found))

    def show_drawing(self, drawing_id: str) -> None:
        """Make this one the current row, without announcing it."""
        self.table.pick(drawing_id, quietly=True)

    def showEvent(self, event: object) -> None:
        if self._stale:
            self.look()
        super().showEvent(event)  # type: ignore[arg-type]

    def _on_changed(self, change: Change) -> None:
        if change.touches(Drawing):
            self._stale = True
            if self.isVisible():
                self.look()


def _newest(query: Query) -> list[Drawing]:
    return sorted(query.find(Drawing), key=lambda each: each.drawn_at, reverse=True)[:SHOWN]


@lru_cache(maxsize=2 * SHOWN)
def _told(drawing: Drawing) -> tuple[str, str]:
    """What it is and how large, measured once."""
    return form_word(form_of(drawing)), size_text(size_of(drawing))


def _columns(zone: ZoneInfo) -> list[Column[Drawing]]:
    return [
        Column(_("Drawn"), lambda each: hms(each.drawn_at, zone), widest="00:00:00"),
        Column(_("Kind"), lambda each: _told(each)[0], widest=_("Rectangle")),
        Column(_("Size"), lambda each: _told(each)[1].partition("  ·  ")[0], widest=_("radius 0.00 km")),
        Column(_("Title"), lambda each: each.title),
    ]


def _row(zone: ZoneInfo) -> Row[Drawing]:
    def words(each: Drawing) -> str:
        kind, size = _told(each)
        parts = (kind, each.title, size, hms(each.drawn_at, zone))
        return ", ".join(part for part in parts if part)

    return Row(key=lambda each: each.id, words=words)
