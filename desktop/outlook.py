"""What the window looks at, now or an earlier instant: the regions ask through it, and hear when to."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.bridge import Bridge
from gis.errors import UserError
from gis.jobs import Jobs, Lane
from gis.model.record import Reading
from gis.progress import Progress
from gis.store import Change, Query
from gis.store.moment import Moment
from gis.store.tables.rows import KINDS
from gis.texts import _

T = TypeVar("T")
Question = Callable[[Query], Any]
Show = Callable[[Any], object]


class Outlook(QObject):
    """`moved` carries the instant (UTC; None: now). `changed` carries a Change: look again at what it
    touches. `answered`: every question about the past has its answer.

    The present is asked at once, by small questions. The past costs more: its questions are answered
    together in a thread of their own, and while they are, only the newest of each region waits.
    """

    moved = Signal(object)
    changed = Signal(object)
    answered = Signal()

    def __init__(
        self, moment: Moment, jobs: Jobs, bridge: Bridge, failed: Callable[[str, Exception], None]
    ) -> None:
        super().__init__()
        self.moment, self._jobs, self._failed = moment, jobs, failed
        self._waiting: dict[object, tuple[Question, Show]] = {}
        self._later: dict[object, tuple[Question, Show] | None] = {}  # whose answer from now is on its way
        self._busy = False
        bridge.changed.connect(self._on_changed)

    @property
    def at(self) -> datetime | None:
        return self.moment.at

    @property
    def live(self) -> bool:
        return self.moment.at is None

    @property
    def busy(self) -> bool:
        """True while answers about the past are on their way."""
        return self._busy

    def go(self, at: datetime | None) -> None:
        """Look at another instant; at now from None on, or from one that has not come yet."""
        wanted = None if at is None or at >= self.moment.clock.now() else at
        if wanted == self.moment.at:
            return
        self.moment.at = wanted
        self._waiting.clear()
        self.moved.emit(wanted)
        self.changed.emit(Change("", frozenset({*KINDS.values(), Reading}), frozenset(), whole=True))

    def ask(self, who: object, question: Callable[[Query], T], show: Callable[[T], object]) -> None:
        """Have `show` called with the answer; what `who` asked before and was not answered is dropped."""
        if self.live:
            with self.moment.reading() as query:
                answer = question(query)
            show(answer)
            return
        self._waiting[who] = (question, show)
        self._work()

    def ask_now(
        self, question: Callable[[Query], T], show: Callable[[T], object], who: object = None
    ) -> None:
        """Ask the present, in the thread of the past: for what takes longer than a small question. What `who`
        asks while an answer is on its way to it is asked after that, the newest alone."""
        if who is not None and who in self._later:
            self._later[who] = (question, show)
            return
        if who is not None:
            self._later[who] = None

        def work(_progress: Progress) -> T:
            with self.moment.now() as query:
                return question(query)

        def done(answer: T) -> None:
            self._go_on(who)
            show(answer)

        def failed(error: Exception) -> None:
            self._go_on(who)
            self._failed(_("Look into the log"), error)

        self._jobs.run(_("Look into the log"), work, lane=Lane.ASK, done=done, failed=failed)

    def _go_on(self, who: object) -> None:
        later = self._later.pop(who, None)
        if later is not None:
            self.ask_now(*later, who)

    def _work(self) -> None:
        if self._busy or not self._waiting:
            return
        self._busy = True
        asked, self._waiting = [*self._waiting.values()], {}

        def work(_progress: Progress) -> list[Callable[[], object]]:
            with self.moment.reading() as query:
                return [self._answer(query, question, show) for question, show in asked]

        self._jobs.run(_("Look into the past"), work, lane=Lane.ASK, done=self._tell, failed=self._fail)

    def _answer(self, query: Query, question: Question, show: Show) -> Callable[[], object]:
        try:
            return partial(show, question(query))
        except UserError as error:  # one region that cannot look must not blind the others
            return partial(self._failed, _("Look into the past"), error)

    def _tell(self, answers: list[Callable[[], object]]) -> None:
        self._busy = False
        if not self.live:
            for show in answers:
                show()
        self._work()
        if not self._busy:
            self.answered.emit()

    def _fail(self, error: Exception) -> None:
        self._busy = False
        self._failed(_("Look into the past"), error)

    def _on_changed(self, change: Change) -> None:
        if self.live:
            self.changed.emit(change)
