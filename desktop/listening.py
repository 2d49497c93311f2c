"""The beat that notices what does not come: instruments whose rules say how long they may be silent."""

from PySide6.QtCore import QObject, QTimer

from desktop.errand import Errand
from desktop.notices import Notices
from gis.jobs import Jobs
from gis.ops.unheard import note_unheard, unheard
from gis.progress import Progress
from gis.store import Store
from gis.texts import _

BEAT_MS = 15_000


class Listening(QObject):
    """Looks off the window's thread, and writes only when something has fallen silent."""

    def __init__(self, store: Store, jobs: Jobs, notices: Notices) -> None:
        super().__init__()
        self._store, self._since = store, store.clock.now()
        self._errand = Errand(jobs, _("Listen for silence"), self._look, failed=notices.problem)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.look)

    def begin(self) -> None:
        """Listen from now on."""
        if not self._store.read_only:
            self._beat.start()

    def rest(self) -> None:
        """Listen no more; the desk is closing."""
        self._beat.stop()

    def look(self) -> None:
        """Ring for what was not heard in time."""
        self._errand.run()

    def _look(self, _progress: Progress) -> None:
        if not self._store.feeds_here():
            return  # only the desk that hears the feeds can know
        with self._store.reading() as query:
            found = unheard(query, self._since)
        if found:
            noted = _("Silent instruments")
            self._store.write(noted, lambda tx: note_unheard(tx, self._since), _("Instruments"))
