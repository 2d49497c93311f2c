"""Saved views: places on the map worth going back to, on Ctrl+1 to Ctrl+9."""

from dataclasses import asdict, dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QListWidget, QMenu

from desktop.pen import Pen
from desktop.widgets.buttons import tool
from desktop.widgets.pane import Pane
from desktop.widgets.resting import RestingDelegate
from gis.store import Store
from gis.texts import _

KEPT_AS = "views"
MOST = 9


@dataclass(frozen=True, slots=True)
class SavedView:
    """A name and an extent in WGS84: west, south, east, north."""

    name: str
    extent: tuple[float, float, float, float]


class ViewsPanel(Pane):
    """`wanted` carries a `SavedView`; `asked` wants the present view to be kept through `keep`."""

    wanted = Signal(object)
    asked = Signal()

    def __init__(self, store: Store, pen: Pen) -> None:
        self._store, self._pen = store, pen
        self.views: list[SavedView] = []
        self.list = QListWidget()
        self.list.setAccessibleName(_("Saved views"))
        self.list.setItemDelegate(RestingDelegate(self.list))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.add = tool("+", lambda: self.asked.emit(), _("Save what the map shows now"))
        super().__init__(_("Views   Ctrl+1..9"), self.list, self.add)
        self.when_empty()
        self.list.itemActivated.connect(lambda item: self.go(self.list.row(item)))
        self.list.itemClicked.connect(lambda item: self.go(self.list.row(item)))
        self.list.customContextMenuRequested.connect(self._ask)
        with store.reading() as query:
            self._show([SavedView(v["name"], tuple(v["extent"])) for v in query.kept(KEPT_AS) or []])

    def go(self, row: int) -> None:
        """Ask for the view in this row; rows that do not exist ask for nothing."""
        if 0 <= row < len(self.views):
            self.wanted.emit(self.views[row])

    def keep(self, extent: tuple[float, float, float, float]) -> None:
        """Save an extent under a name the operator can change at once."""
        if len(self.views) >= MOST:
            self.views.pop()
        self._set([*self.views, SavedView(_("View {number}").format(number=len(self.views) + 1), extent)])

    def _show(self, views: list[SavedView]) -> None:
        self.views = views
        self.list.clear()
        self.list.addItems([f"{n}  {view.name}" for n, view in enumerate(views, 1)])
        if views:
            self.list.setCurrentRow(0)
        self.say_empty("" if views else _("No saved views."))

    def _set(self, views: list[SavedView]) -> None:
        self._show(views)
        kept = [asdict(view) for view in views]
        self._pen.keep(_("Save views"), lambda tx: tx.keep(KEPT_AS, kept))

    def _ask(self, at: QPoint) -> None:
        item = self.list.itemAt(at)
        if item is None:
            return
        row = self.list.row(item)
        menu = QMenu(self)
        menu.addAction(_("Rename…")).triggered.connect(lambda: self._rename(row))
        menu.addAction(_("Remove")).triggered.connect(
            lambda: self._set(self.views[:row] + self.views[row + 1 :])
        )
        menu.popup(self.list.mapToGlobal(at))

    def _rename(self, row: int) -> None:
        view = self.views[row]
        ask = QInputDialog(self)
        ask.setTextValue(view.name)
        ask.setLabelText(_("Name of this view"))
        ask.setWindowTitle(_("Rename view"))
        ask.setModal(False)
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def rename(name: str) -> None:
            renamed = [*self.views]
            renamed[row] = SavedView(name.strip() or view.name, view.extent)
            self._set(renamed)

        ask.textValueSelected.connect(rename)
        ask.show()
