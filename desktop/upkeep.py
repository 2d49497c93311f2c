"""What keeps an operation safe without being asked: proof, second copy, sealing, news of other desks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.assurance import Assurance
from desktop.bridge import Bridge
from desktop.copying import Copying
from desktop.errand import Errand
from gis.clock import Clock, SystemClock
from gis.jobs import Jobs
from gis.progress import Progress
from gis.store import Change, Store, checkup
from gis.store.trust import Trust, prove
from gis.store.upkeep import maintain
from gis.texts import _

BEAT_MS = 1_000
FOLLOW_BEATS = 2  # proof and second copy follow what was written
CHECK_BEATS = 10  # is the second medium still there?
TEND_BEATS = 60  # sealing, and what is past keeping


class Upkeep(QObject):
    """One beat a second; all work on the lane for it, each kind once at a time.

    `changed` when another promise holds than before, `found` carries sentences a person must hear,
    `examined` the faults of the files after a sitting that was never closed.
    """

    changed = Signal()
    found = Signal(str)
    examined = Signal(object)

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        bridge: Bridge,
        failed: Callable[[str, Exception], object],
        clock: Clock | None = None,
    ) -> None:
        super().__init__()
        self._store, self._clock = store, clock or SystemClock()
        self._trust, self._anew = Trust(), True
        self._saved_at: datetime | None = None
        self._seen: tuple[Assurance, datetime | None] | None = None
        self._heard, self._beats = 0, 0
        self._unproven = self._uncopied = False
        self.copying = Copying(store, jobs, self._clock, failed)
        self._proof = Errand(jobs, _("Prove the log"), self._prove, done=self._proven, failed=failed)
        self._tending = Errand(
            jobs, _("Put the readings in order"), lambda p: maintain(store, p), failed=failed
        )
        self._looking = Errand(jobs, _("Look around"), lambda _p: store.look_around(), failed=failed)
        self._examining = Errand(
            jobs,
            _("Examine the files"),
            lambda _p: checkup.faults(store.folder),
            done=self.examined.emit,
            failed=failed,
        )
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.beat)
        self.copying.changed.connect(self._tell)
        bridge.changed.connect(self._on_changed)

    @property
    def assurance(self) -> Assurance:
        """What holds now."""
        done, total, _note = self._proof.part
        proving = min(done * 100 // max(total, 1), 99) if self._anew else None
        return Assurance(
            trust=self._trust,
            proving=proving,
            saved_at=self._saved_at,
            unsaved=self._store.unsaved,
            read_only=self._store.read_only,
            copy=self.copying.state,
            exercise=self._store.operation.exercise,
        )

    def begin(self) -> None:
        """Prove what is there, and keep at it; examine the files when the last sitting was cut off."""
        self._beat.start()
        self._proof.run()
        if not self._store.closed_well:
            self._examining.run()
        self._hear()

    def prove_again(self) -> None:
        """Prove every entry anew, also those that were proven before."""
        self._proof.stop()
        self._trust, self._anew = Trust(), True
        self._proof.run()
        self._tell()

    def close(self) -> None:
        """Stop, with a last look of the second copy. Waits for that a few seconds."""
        self._beat.stop()
        for errand in (self._proof, self._tending, self._looking, self._examining):
            errand.stop()
        self.copying.close()

    def beat(self) -> None:
        """Do what has come due."""
        self._beats += 1
        self._hear()
        if not self._store.read_only:
            self._looking.run()
            if self._beats % TEND_BEATS == 0:
                self._tending.run()
        if self._beats % FOLLOW_BEATS == 0:
            self._follow()
        self._tell()

    def _follow(self) -> None:
        if self._unproven and self._trust.altered is None:
            self._unproven = False
            self._proof.run()
        if self._uncopied or self._beats % CHECK_BEATS == 0:
            self._uncopied = False
            self.copying.go_on()

    def _prove(self, progress: Progress) -> Trust:
        return prove(self._store, progress, self._trust)

    def _proven(self, trust: Trust) -> None:
        self._trust, self._anew = trust, False
        self._tell()

    def _on_changed(self, _change: Change) -> None:
        self._saved_at = self._clock.now()
        self._unproven = self._uncopied = True
        self._tell()

    def _hear(self) -> None:
        """Findings of the store: those of its opening, and those of a disk that fails later."""
        for said in self._store.findings[self._heard :]:
            self.found.emit(said)
        self._heard = len(self._store.findings)

    def _tell(self) -> None:
        """Only where it is news: ages are told by whoever shows them."""
        now = replace(self.assurance, saved_at=None), self._saved_at
        if now != self._seen:
            self._seen = now
            self.changed.emit()
