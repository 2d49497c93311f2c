"""Work that comes round again and again: never twice at once, never in a queue behind itself."""

from collections.abc import Callable
from typing import Any

from gis.jobs import Job, Jobs, JobState, Lane
from gis.progress import Progress


def _unheard(*_said: Any) -> None:
    """Nobody waits for it."""


class Errand:
    """Asked for while it is being done, it is done once more afterwards; however often it was asked for.

    What it is told lives in the thread that `jobs` delivers to. A failure is told once, until it succeeds.
    """

    def __init__(
        self,
        jobs: Jobs,
        label: str,
        work: Callable[[Progress], Any],
        *,
        done: Callable[[Any], object] = _unheard,
        failed: Callable[[str, Exception], object] = _unheard,
    ) -> None:
        self._jobs, self.label, self._work = jobs, label, work
        self._done, self._failed = done, failed
        self._job: Job | None = None
        self._again, self._said = False, ""
        self.part: tuple[int, int, str] = (0, 0, "")  # done, of all, what it is at
        jobs.changed.connect(self._hear)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def run(self) -> None:
        """Have it done, soon."""
        if self.busy:
            self._again = True
            return
        self._again, self.part = False, (0, 0, "")
        self._job = self._jobs.run(
            self.label, self._work, lane=Lane.UPKEEP, done=self._succeed, failed=self._fail
        )

    def stop(self) -> None:
        """Do no more than is done."""
        self._again = False
        if self._job is not None:
            self._job.cancel()

    def _succeed(self, outcome: Any) -> None:
        self._said = ""
        self._done(outcome)

    def _fail(self, error: Exception) -> None:
        words = str(error)
        if words != self._said:
            self._said = words
            self._failed(self.label, error)

    def _hear(self, state: JobState) -> None:
        if self._job is None or state.number != self._job.number:
            return
        if not state.finished:
            self.part = (state.done, state.total, state.note)
            return
        self._job = None
        if self._again:
            self.run()
