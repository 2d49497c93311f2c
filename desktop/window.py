"""The frame around the regions. It arranges them; it does not know what they do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import make_actions
from desktop.panels.pastbanner import PastBanner
from desktop.panels.status import StatusLine
from desktop.panels.strip import AlarmStrip
from desktop.panels.timebar import TimeBar
from desktop.symbols import app_icon
from gis.texts import _

SHARES = (29, 38, 33)  # alarms, incidents, detail: of the height, in hundredths
NARROW = 1150  # pixels below which the layers fold away to F7
TEXT_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)


@dataclass(frozen=True, slots=True)
class Regions:
    """The parts of the window, by their place in it."""

    strip: AlarmStrip
    notices: QWidget
    past: PastBanner
    layers: QWidget
    views: QWidget
    map: QWidget
    table: QWidget
    time: TimeBar
    alarms: QWidget
    incidents: QWidget
    logbook: QWidget
    changes: QWidget
    detail: QWidget
    logline: QWidget
    status: StatusLine


class MainWindow(QMainWindow):
    """Regions in splitters, the menus, and the keys that work everywhere.

    `type_ahead` is given the first letter typed while no field has the focus; `closing` is told once
    before the window goes.
    """

    closing = Signal()
    again = Signal()  # the exercise shall begin anew, in a folder and a window of its own
    undoing = Signal(QAction, QAction)  # undo and redo are about to be shown in their menu
    elsewhere = Signal(object)  # Path of another operation that this window shall show
    escaped = Signal()  # Escape, where nothing else had a use for it
    dropped = Signal(object)  # tuple of the Paths of files and folders that were let go over the window

    def __init__(
        self,
        title: str,
        regions: Regions,
        type_ahead: Callable[[str], object],
    ) -> None:
        super().__init__()
        self.regions, self._type_ahead = regions, type_ahead
        self.actions_by_id: dict[str, QAction] = {}
        self._folded = False
        self.setWindowTitle(title)
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self._arrange()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def _arrange(self) -> None:
        parts = self.regions
        self.left = _splitter(Qt.Orientation.Vertical, (parts.layers, 5), (parts.views, 1))
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        parts.table.hide()
        column.addWidget(_splitter(Qt.Orientation.Vertical, (parts.map, 3), (parts.table, 2)), 1)
        column.addWidget(parts.time)
        self.tabs = self._tabs()
        self.right = _splitter(Qt.Orientation.Vertical, (parts.alarms, 4), (self.tabs, 6), (parts.detail, 5))
        self.middle = _splitter(Qt.Orientation.Horizontal, (self.left, 13), (centre, 58), (self.right, 29))
        self.middle.setStretchFactor(0, 0)
        self.middle.setStretchFactor(2, 0)
        self.stage = QFrame()
        self.stage.setObjectName("stage")
        inside = QVBoxLayout(self.stage)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.setSpacing(0)
        inside.addWidget(parts.past)
        inside.addWidget(self.middle, 1)
        root = QWidget()
        rows = QVBoxLayout(root)
        rows.setContentsMargins(4, 2, 4, 2)
        rows.setSpacing(4)
        for widget, stretch in (
            (parts.strip, 0),
            (parts.notices, 0),
            (self.stage, 1),
            (parts.logline, 0),
            (parts.status, 0),
        ):
            rows.addWidget(widget, stretch)
        self.setCentralWidget(root)

    def _tabs(self) -> QTabWidget:
        """Incidents, the log, and in the past what has changed since."""
        parts = self.regions
        tabs = QTabWidget(documentMode=True)
        tabs.setUsesScrollButtons(False)  # names give way rather than hide behind arrows
        tabs.setElideMode(Qt.TextElideMode.ElideRight)
        tabs.setAccessibleName(_("Incidents and log"))
        tabs.tabBar().setAccessibleName(_("Incidents or log"))
        tabs.addTab(parts.incidents, parts.incidents.windowTitle())
        parts.incidents.windowTitleChanged.connect(lambda title: tabs.setTabText(0, title))
        tabs.setTabToolTip(tabs.addTab(parts.logbook, _("Log")), _("Operational log"))
        tabs.addTab(parts.changes, _("Changed since"))
        tabs.setTabVisible(2, False)
        return tabs

    def offer(self, do: Mapping[str, Callable[[], object]]) -> None:
        """Fill the menus with what can be done. Raises KeyError for an act nobody performs."""
        own: dict[str, Callable[[], object]] = {
            "quit": self.close,
            "full_screen": self.toggle_full_screen,
            "layers": self.go_to_layers,
            "next_pane": lambda: self.step_pane(1),
            "previous_pane": lambda: self.step_pane(-1),
        }
        offered = self.actions_by_id = make_actions(self, own | dict(do))
        for menu in self.menuBar().findChildren(QMenu):
            if offered["undo"] in menu.actions():
                menu.aboutToShow.connect(lambda: self.undoing.emit(offered["undo"], offered["redo"]))

    def perform(self, act_id: str) -> bool:
        """Do an act by its name; False when there is none."""
        action = self.actions_by_id.get(act_id)
        if action is None or not action.isVisible():
            return False
        action.trigger()
        return True

    def proportion(self) -> None:
        """Give every region its usual share of the window."""
        width, height = self.width(), self.middle.height()
        left = min(max(round(width * 0.13), 190), 300)
        right = min(max(round(width * 0.31), 400), 620)
        self.middle.setSizes([left, width - left - right, right])
        self.left.setSizes([height * 5 // 6, height // 6])
        self.right.setSizes([height * share // 100 for share in SHARES])

    def make_room(self, wanted: bool) -> None:
        """Give the detail more of the right side while a form is open there, and take it back after."""
        height = sum(self.right.sizes())
        shares = (22, 26, 52) if wanted else SHARES
        self.right.setSizes([height * share // 100 for share in shares])

    def show_past(self, at: object) -> None:
        """Frame what shows an earlier instant, and offer what has changed since; None: it is now again."""
        self.stage.setProperty("past", at is not None)
        self.stage.style().unpolish(self.stage)
        self.stage.style().polish(self.stage)
        self.stage.update()  # a polish alone does not always paint
        if at is None and self.tabs.currentWidget() is self.regions.changes:
            self.tabs.setCurrentWidget(self.regions.incidents)
        self.tabs.setTabVisible(2, at is not None)

    def show_changes(self) -> None:
        """What has changed since the instant that is shown."""
        self.tabs.setCurrentWidget(self.regions.changes)
        self._focus_into(self.regions.changes)

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def go_to_layers(self) -> None:
        """Put the focus into the layers; fold them away when it is there and the window is narrow."""
        if self.left.isVisible() and self._has_focus(self.regions.layers) and self._folded:
            self.left.hide()
            return
        self.left.show()
        self._focus_into(self.regions.layers)

    def step_pane(self, by: int) -> None:
        """Move the focus to the next region, in the order of their use."""
        panes = [pane for pane in self._panes() if pane.isVisible()]
        here = next((n for n, pane in enumerate(panes) if self._has_focus(pane)), -1 if by > 0 else 0)
        for offset in range(1, len(panes) + 1):
            if self._focus_into(panes[(here + by * offset) % len(panes)]):
                return

    def _panes(self) -> tuple[QWidget, ...]:
        parts = self.regions
        return (
            parts.logline,
            parts.strip,
            parts.notices,
            parts.alarms,
            self.tabs.currentWidget(),
            parts.detail,
            parts.map,
            parts.table,
            parts.past,
            parts.time,
            parts.layers,
            parts.views,
        )

    @staticmethod
    def _has_focus(pane: QWidget) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is pane or pane.isAncestorOf(focus))

    @staticmethod
    def _focus_into(pane: QWidget) -> bool:
        """Focus what a pane is about, or the first thing in it that takes the keyboard."""
        first = pane.focusProxy()
        inside = [first, *pane.findChildren(QWidget)] if first is not None else pane.findChildren(QWidget)
        for widget in inside:
            takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if takes and widget.isVisible() and widget.isEnabled():
                widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter typed where no field has the focus starts the log line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_for_line(event):
            self._type_ahead(event.text())
            return True
        return super().eventFilter(watched, event)

    def _is_for_line(self, event: QKeyEvent) -> bool:
        if not self.isActiveWindow() or not event.text().isalpha():
            return False
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        focus = QApplication.focusWidget()
        typing = isinstance(focus, TEXT_FIELDS) or (isinstance(focus, QComboBox) and focus.isEditable())
        elsewhere = QApplication.activePopupWidget() is not None or isinstance(focus, QComboBox)
        return not held and not typing and not elsewhere

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        local = (url for url in event.mimeData().urls() if url.isLocalFile())
        if paths := tuple(Path(url.toLocalFile()) for url in local):
            self.dropped.emit(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._folded:
            self._folded = narrow
            self.left.setVisible(not narrow)

    def closeEvent(self, event: QCloseEvent) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.closing.emit()
        super().closeEvent(event)


def _splitter(orientation: Qt.Orientation, *parts: tuple[QWidget, int]) -> QSplitter:
    splitter = QSplitter(orientation, childrenCollapsible=False, handleWidth=5)
    for n, (widget, share) in enumerate(parts):
        splitter.addWidget(widget)
        splitter.setStretchFactor(n, share)
    return splitter
