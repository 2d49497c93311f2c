"""Looks around once a second: what other windows wrote, and what the guards of the store have found."""

from PySide6.QtCore import QObject, QTimer

from desktop.notices import Notices
from gis.errors import UserError
from gis.jobs import Jobs, Lane
from gis.store import Store
from gis.texts import _

LOOK_MS = 1_000


class Lookout(QObject):
    """Tells each finding once, and at the start why nothing can be written, where that is so."""

    def __init__(self, parent: QObject, store: Store, jobs: Jobs, notices: Notices) -> None:
        super().__init__(parent)
        self._store, self._jobs, self._notices = store, jobs, notices
        self._told, self._busy = 0, False
        if store.read_only:
            notices.problem(_("Open the operation"), UserError(store.read_only))
        self._tell()
        self._beat = QTimer(self, interval=LOOK_MS)
        self._beat.timeout.connect(self._look)
        self._beat.start()

    def rest(self) -> None:
        """Look no more; the desk is closing."""
        self._beat.stop()

    def _look(self) -> None:
        if self._busy:
            return
        self._busy = True
        self._jobs.run(
            _("Look around"),
            lambda _progress: self._store.look_around(),
            lane=Lane.WORK,
            done=lambda _done: self._rest(),
            failed=self._fail,
        )

    def _rest(self) -> None:
        self._busy = False
        self._tell()

    def _fail(self, error: Exception) -> None:
        """Said once: what cannot be looked at now will not be in a second either."""
        self._beat.stop()
        self._notices.problem(_("Look around"), error)

    def _tell(self) -> None:
        found = self._store.findings
        for finding in found[self._told :]:
            self._notices.problem(_("Look around"), UserError(finding))
        self._told = len(found)
