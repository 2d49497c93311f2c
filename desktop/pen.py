"""How the window writes: every act on the store's own lane, its outcome back in the GUI thread."""

from collections.abc import Callable
from typing import TypeVar

from gis.jobs import Job, Jobs, Lane
from gis.progress import Progress
from gis.store import Store, Tx

T = TypeVar("T")


class Pen:
    """Writes to one store. What fails is said where `jobs` says it; nothing half-written stays.

    A verb is done a second time where the disk was full and the room kept back has been given up for it.
    """

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store, self._jobs = store, jobs

    def write(
        self,
        label: str,
        verb: Callable[[Tx], T],
        done: Callable[[T], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Perform `verb` in one transaction, then `done` with its value, or `failed` with what went wrong."""

        def work(_progress: Progress) -> T:
            return self._store.write(label, verb)

        return self.do(label, work, done, failed)

    def do(
        self,
        label: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """The same for what takes care of its transactions itself."""
        return self._jobs.run(label, work, lane=Lane.STORE, done=done, failed=failed)
