"""The only crossing from worker threads into the GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gis.store import Change

GATHER_MS = 12  # changes closer together than this are shown as one


class Bridge(QObject):
    """Carries calls and store changes into the thread this object lives in.

    `changed` tells of committed writes; a burst of them arrives as one merged `Change`.
    """

    changed = Signal(object)
    _call = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[Change] = []
        self._closed = False
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self._tell)
        self._call.connect(self._perform, Qt.ConnectionType.QueuedConnection)

    def call(self, function: Callable[[], object]) -> None:
        """Have `function` called in the GUI thread, soon, in the order of the calls. From any thread."""
        self._call.emit(function)

    def announce(self, change: Change) -> None:
        """Pass on what a committed write touched. From any thread."""
        self.call(lambda: self._gather(change))

    def close(self) -> None:
        """Drop what is on its way: whoever it was for is going."""
        self._closed = True
        self._soon.stop()

    def _perform(self, function: Callable[[], object]) -> None:
        if not self._closed:
            function()

    def _gather(self, change: Change) -> None:
        self._waiting.append(change)
        if not self._soon.isActive():
            self._soon.start()

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        kinds = frozenset[type]().union(*(change.kinds for change in waiting))
        ids = frozenset[str]().union(*(change.ids for change in waiting))
        self.changed.emit(Change(label=waiting[-1].label, kinds=kinds, ids=ids))
