"""Work off the GUI thread. Six lanes, one way to run, one way to fail."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from typing import TypeVar

from gis.errors import Cancelled
from gis.progress import Progress
from gis.signal import Signal

log = logging.getLogger(__name__)
T = TypeVar("T")
_numbers = count(1)


class Lane(Enum):
    """Which thread a job runs on."""

    STORE = "store"  # one thread: writes never race
    MAP = "map"  # pictures of the map; newest wins
    FRAME = "frame"  # what the next frame waits for: short steps only
    WORK = "work"  # import, export, feeds
    ASK = "ask"  # short questions that somebody waits for
    UPKEEP = "upkeep"  # what keeps the operation safe: never behind an import


def lanes() -> dict[Lane, Executor]:
    """The threads of a running desk."""
    sizes = {Lane.STORE: 1, Lane.MAP: 2, Lane.FRAME: 1, Lane.WORK: 2, Lane.ASK: 1, Lane.UPKEEP: 3}
    return {lane: ThreadPoolExecutor(size, lane.value) for lane, size in sizes.items()}


@dataclass(frozen=True, slots=True)
class JobState:
    """Where one job is; what a view of running work shows."""

    number: int
    label: str
    done: int = 0
    total: int = 0
    note: str = ""
    finished: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A running piece of work: its label, and a way to stop it."""

    label: str
    progress: Progress
    number: int = field(default_factory=lambda: next(_numbers))

    def cancel(self) -> None:
        self.progress.cancel()


class Jobs:
    """Runs work in a lane and delivers its outcome where `deliver` says (the GUI thread).

    `failed(label, error)` hears of everything but `Cancelled`. `changed` reports progress, also delivered.
    """

    def __init__(
        self,
        *,
        deliver: Callable[[Callable[[], None]], None],
        failed: Callable[[str, Exception], None],
        lanes: Mapping[Lane, Executor],
    ) -> None:
        self._deliver, self._failed, self._lanes = deliver, failed, lanes
        self._closed = False
        self.changed: Signal[JobState] = Signal()

    def run(
        self,
        label: str,
        work: Callable[[Progress], T],
        *,
        lane: Lane = Lane.WORK,
        done: Callable[[T], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Start `work`; `done` gets its value, `failed` (or the common one) its error, both delivered."""

        def report(part: int, total: int, note: str) -> None:
            self._tell(JobState(job.number, label, part, total, note))

        job = Job(label, Progress(report))
        if self._closed:  # a last timer may still fire while the window goes down
            job.cancel()
            return job
        self._lanes[lane].submit(self._perform, job, work, done, failed)
        return job

    def _perform(
        self,
        job: Job,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        try:
            result = work(job.progress)
        except Cancelled:
            log.info("cancelled: %s", job.label)
        except Exception as error:  # noqa: BLE001 - an edge: the one place a job's failure is caught
            failure = error
            self._deliver(lambda: failed(failure) if failed else self._failed(job.label, failure))
        else:
            self._deliver(lambda: done(result))
        self._tell(JobState(job.number, job.label, finished=True))

    def _tell(self, state: JobState) -> None:
        self._deliver(lambda: self.changed.emit(state))

    def close(self) -> None:
        """Finish what runs and every write that waits, drop what else waits, refuse what comes."""
        self._closed = True
        for lane, executor in self._lanes.items():
            executor.shutdown(wait=True, cancel_futures=lane is not Lane.STORE)
