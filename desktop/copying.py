"""The second copy of the operation on show: kept seconds behind for as long as the desk is open."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock

from PySide6.QtCore import QObject, Signal

from desktop.errand import Errand
from gis.clock import Clock
from gis.errors import UserError
from gis.jobs import Jobs, Lane
from gis.progress import Progress
from gis.store import Store
from gis.store.second import CopyState, SecondCopy
from gis.texts import _

LAST_S, GRACE_S = 5.0, 2.0  # how long a closing desk waits for the last entries, and for what was stopped


class Copying(QObject):
    """`changed` when it stands otherwise. Nothing of it happens in the window's thread."""

    changed = Signal()

    def __init__(
        self, store: Store, jobs: Jobs, clock: Clock, failed: Callable[[str, Exception], object]
    ) -> None:
        super().__init__()
        self._store, self._jobs, self._clock, self._failed = store, jobs, clock, failed
        self.folder: Path | None = None
        self.state: CopyState | None = None
        self._copy: SecondCopy | None = None  # touched under `_turn` only
        self._turn = Lock()
        self._errand = Errand(jobs, _("Second copy"), self._step, done=self._show, failed=self._fail)

    @property
    def busy(self) -> bool:
        return self._errand.busy

    @property
    def part(self) -> tuple[int, int, str]:
        """How far the copying is that goes on now: done, of all, what it is at."""
        return self._errand.part

    def use(self, folder: Path | None) -> None:
        """Keep the copy in this folder from now on; in none when it is None. What is there stays there."""
        self._errand.stop()
        self.folder = folder
        self.state = CopyState(folder) if folder is not None else None
        self.changed.emit()
        self._errand.run()

    def go_on(self) -> None:
        """Bring the copy up to date; soon, when that goes on already."""
        if self.folder is not None:
            self._errand.run()

    def stop(self) -> None:
        """Leave it at what is copied until now; it goes on with the next beat."""
        self._errand.stop()

    def close(self) -> None:
        """Copy what was written last, once everything that waits is written, and let go of the medium.

        Waits, but not for longer than a person does: what is left out is copied in the next sitting.
        """
        self._errand.stop()
        finished = Event()

        def last(progress: Progress) -> None:
            try:
                self._step(progress)
            finally:
                self._leave()
                finished.set()

        job = self._jobs.run(_("Second copy"), last, lane=Lane.STORE, failed=lambda _error: None)
        if not finished.wait(LAST_S):
            job.cancel()
            finished.wait(GRACE_S)

    def _step(self, progress: Progress) -> CopyState | None:
        with self._turn:
            wanted = self.folder
            if self._copy is not None and (wanted is None or self._copy.folder.parent != wanted):
                self._copy.close()
                self._copy = None
            if wanted is None:
                return None
            if self._copy is None:
                self._copy = SecondCopy(self._store, wanted, clock=self._clock)
            return self._copy.step(progress)

    def _leave(self) -> None:
        with self._turn:
            if self._copy is not None:
                self._copy.close()
                self._copy = None

    def _show(self, state: CopyState | None) -> None:
        if self.folder is None or state is None or state.folder.parent == self.folder:
            self.state = state
            self.changed.emit()

    def _fail(self, label: str, error: Exception) -> None:
        if self.folder is not None:
            self.state = CopyState(self.folder, problem=_in_words(error))
            self.changed.emit()
        self._failed(label, error)


def _in_words(error: Exception) -> str:
    return f"{error} {error.hint}" if isinstance(error, UserError) else str(error)
