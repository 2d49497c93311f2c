"""Saved views: what the map shows, worth going back to, on Ctrl+1 to Ctrl+9."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QMenu, QWidget

from desktop.pen import Pen
from desktop.widgets.buttons import tool
from desktop.widgets.pane import Pane
from desktop.widgets.resting import RestingDelegate
from gis.store import Store
from gis.texts import _

KEPT_AS = "views"
MOST = 9
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class SavedView:
    """A name, an extent in WGS84 (west, south, east, north), the scale's denominator (0: as it fits), and
    which layers are on, by id: those that are not named stay as they are."""

    name: str
    extent: tuple[float, float, float, float]
    scale: float = 0.0
    shown: Mapping[str, bool] = field(default_factory=dict[str, bool])


class ViewsPanel(Pane):
    """`wanted` carries a `SavedView`; `asked` wants the present view to be kept through `keep`, or, given the
    number of a view, through `keep_again`; `removed` carries a view that went, and what puts it back."""

    wanted = Signal(object)
    asked = Signal(int)
    removed = Signal(object, object)

    def __init__(self, store: Store, pen: Pen) -> None:
        self._store, self._pen = store, pen
        self.views: list[SavedView] = []
        self.list = ViewList(self)
        self.add = tool("+", lambda: self.asked.emit(-1), _("Save what the map shows now"))
        super().__init__(_("Views   Ctrl+1..9"), self.list, self.add)
        self.name = NameEdit(self)
        self.below(self.name)
        self.when_empty()
        self.list.itemActivated.connect(lambda item: self.go(self.list.row(item)))
        self.list.itemClicked.connect(lambda item: self.go(self.list.row(item)))
        self.list.customContextMenuRequested.connect(self._ask)
        with store.reading() as query:
            self._show(kept_views(query.kept(KEPT_AS)))

    def go(self, row: int) -> None:
        """Ask for the view in this row; rows that do not exist ask for nothing."""
        if 0 <= row < len(self.views):
            self.list.setCurrentRow(row)
            self.wanted.emit(self.views[row])

    def keep(self, view: SavedView) -> bool:
        """Save this under a name the operator can change at once; False where there is no room for more."""
        if len(self.views) >= MOST:
            return False
        taken = {each.name for each in self.views}
        names = (_("View {number}").format(number=n) for n in range(1, MOST + 2))
        named = replace(view, name=next(name for name in names if name not in taken))
        self._set([*self.views, named], len(self.views))
        return True

    def keep_again(self, row: int, view: SavedView) -> None:
        """Let a view that there is show this from now on."""
        self._set([*self.views[:row], replace(view, name=self.views[row].name), *self.views[row + 1 :]], row)

    def remove(self, row: int) -> None:
        """Take a view away; it can be put back as long as that is offered."""
        if not 0 <= row < len(self.views):
            return
        gone = self.views[row]
        self._set(self.views[:row] + self.views[row + 1 :], row)

        def restore() -> None:
            if len(self.views) < MOST:
                self._set([*self.views[:row], gone, *self.views[row:]], row)

        self.removed.emit(gone, restore)

    def move(self, row: int, by: int) -> None:
        """Another digit for a view: past its neighbour."""
        to = row + by
        if 0 <= row < len(self.views) and 0 <= to < len(self.views):
            views = [*self.views]
            views[row], views[to] = views[to], views[row]
            self._set(views, to)

    def rename(self, row: int) -> None:
        """Let its name be typed over."""
        item = self.list.item(row) if 0 <= row < len(self.views) else None
        if item is not None:
            self.list.setCurrentItem(item)
            self.name.ask(row, self.views[row].name)

    def call(self, row: int, name: str) -> None:
        """Give a view another name; an empty one is none."""
        if not 0 <= row < len(self.views):
            return
        view = self.views[row]
        named = replace(view, name=" ".join(name.split())[:LONGEST_NAME] or view.name)
        if named != view:
            self._set([*self.views[:row], named, *self.views[row + 1 :]], row)

    def _show(self, views: list[SavedView], row: int = 0) -> None:
        self.views = views
        self.list.clear()
        self.list.addItems([f"{n}  {view.name}" for n, view in enumerate(views, 1)])
        if views:
            self.list.setCurrentRow(min(max(row, 0), len(views) - 1))
        self.say_empty("" if views else _("No saved views."))

    def _set(self, views: list[SavedView], row: int) -> None:
        self._show(views, row)
        kept = [asdict(view) | {"shown": dict(view.shown)} for view in views]
        self._pen.keep(_("Save views"), lambda tx: tx.keep(KEPT_AS, kept))

    def _ask(self, at: QPoint) -> None:
        if not self.views:
            return
        row = self.list.row(self.list.itemAt(at) or self.list.currentItem())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            (_("Rename…"), lambda: self.rename(row)),
            (_("Save what the map shows now here"), lambda: self.asked.emit(row)),
            (_("Move up\tAlt+Up"), lambda: self.move(row, -1)),
            (_("Move down\tAlt+Down"), lambda: self.move(row, 1)),
            (_("Remove\tDel"), lambda: self.remove(row)),
        ):
            menu.addAction(text).triggered.connect(lambda _checked=False, act=act: act())
        menu.popup(self.list.mapToGlobal(at))


class NameEdit(QLineEdit):
    """Takes the name of one view, under their list: Enter or going elsewhere keeps it, Escape does not."""

    def __init__(self, panel: ViewsPanel) -> None:
        super().__init__()
        self._panel, self._row = panel, -1
        self._from: QWidget | None = None
        self.setAccessibleName(_("Name of this view"))
        self.setMaxLength(LONGEST_NAME)
        self.editingFinished.connect(self._take)
        self.hide()

    def ask(self, row: int, name: str) -> None:
        """The keyboard comes here, and goes back to where it was."""
        self._row, self._from = row, QApplication.focusWidget()
        self.setText(name)
        self.show()
        self.setFocus()
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._row = -1
            self._leave()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        row, self._row = self._row, -1
        if row >= 0:
            self._panel.call(row, self.text())
            self._leave()

    def _leave(self) -> None:
        back, self._from = self._from, None
        if self.hasFocus():
            (back if back is not None and back.isVisible() else self._panel.list).setFocus()
        self.hide()


class ViewList(QListWidget):
    """The views, to be renamed, moved and removed from the keyboard as well."""

    def __init__(self, panel: ViewsPanel) -> None:
        super().__init__()
        self._panel = panel
        self.setAccessibleName(_("Saved views"))
        self.setItemDelegate(RestingDelegate(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        row, key = self.currentRow(), event.key()
        if key == Qt.Key.Key_Delete:
            self._panel.remove(row)
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._panel.move(row, -1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def kept_views(kept: Any) -> list[SavedView]:
    """The views that were kept; what cannot be read any more is left out."""
    views: list[SavedView] = []
    for each in kept if isinstance(kept, list) else ():
        try:
            west, south, east, north = (float(value) for value in each["extent"])
            shown = {str(name): bool(on) for name, on in dict(each.get("shown") or {}).items()}
            name, scale = str(each["name"]), float(each.get("scale") or 0.0)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            continue
        if all(map(isfinite, (west, south, east, north, scale))):
            views.append(SavedView(name, (west, south, east, north), scale, shown))
    return views[:MOST]
