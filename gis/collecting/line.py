"""One source at work in a thread of its own: asked, taken in, told what was kept, asked again."""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from threading import Event, Lock, Thread

from gis.collecting.source import Source
from gis.errors import Cancelled, UserError
from gis.model.sensor import Sensor
from gis.ops import readings
from gis.ops.watch import Watch
from gis.progress import Progress
from gis.sensors.feeds.feed import Batch, Feed, Link
from gis.store import Store
from gis.texts import _

log = logging.getLogger(__name__)
Opener = Callable[[Source, Sequence[Sensor]], Feed]
LONGEST_REST_S = 60.0  # so often at least a source in trouble is asked again
_ELSEWHERE_S = 1.0  # so often it is asked whether another desk has let go of the feeds
_MINUTE_S = 60.0


class State(StrEnum):
    """How a source does, for a person."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"
    ENDED = "ended"  # it has given all it had
    PAUSED = "paused"
    ELSEWHERE = "elsewhere"  # another desk on this operation lets readings in


@dataclass(frozen=True, slots=True)
class Standing:
    """How one source does, in figures of this sitting.

    `last_at` is when it last gave a reading, by the operation's clock; `per_minute` counts the readings of
    the last minute, `errors` the times it could not be asked or what it gave could not be kept.
    """

    source: Source
    state: State = State.CONNECTING
    trouble: str = ""
    last_at: datetime | None = None
    per_minute: int = 0
    readings: int = 0
    rejected: int = 0
    errors: int = 0
    overflow: int = 0

    @property
    def ails(self) -> bool:
        """True when somebody should look."""
        return self.state is State.FAILED or bool(self.trouble)


class Line:
    """Serves one source until it is stopped. `turn` is what its thread does again and again.

    A source that fails, hangs or bursts costs the others nothing but their turn at the store. It rests
    `every_s` between two polls, longer and longer while it fails, and not at all while it has more to give.
    """

    def __init__(self, store: Store, source: Source, opener: Opener, every_s: float, watch: Watch) -> None:
        self.source = source
        self._store, self._open, self._every_s, self._watch = store, opener, every_s, watch
        self._progress, self._feed = Progress(), None
        self._standing, self._fails = Standing(source), 0
        self._came: deque[tuple[float, int]] = deque()
        self._counted, self._wake, self._stopped = Lock(), Event(), Event()
        self._thread: Thread | None = None

    def start(self, after: Sequence["Line"] = ()) -> None:
        """Serve it from now on; once those of `after`, that served it until now, have let go of it."""
        self._thread = Thread(target=self._run, args=(after,), name=f"feed {self.source.name}", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """True until its thread is through."""
        return self._thread is not None and self._thread.is_alive()

    def join(self, patience_s: float | None = None) -> None:
        """Wait until its thread is through, for so long at most."""
        if self._thread is not None:
            self._thread.join(patience_s)

    def stop(self) -> None:
        """Let go of the source, soon. Waits for nothing; what was not kept comes again another time."""
        self._stopped.set()
        self._progress.cancel()
        self._wake.set()

    def ask_now(self) -> None:
        """Do not rest any longer."""
        self._wake.set()

    def standing(self, now_s: float) -> Standing:
        """How it does at `now_s` (monotonic seconds). From any thread."""
        with self._counted:
            self._forget(now_s)
            return replace(self._standing, per_minute=sum(count for _at, count in self._came))

    def _run(self, after: Sequence["Line"]) -> None:
        for line in after:
            line.join()
        try:
            while not self._stopped.is_set():
                rest_s = self.turn(time.monotonic())
                if self._standing.state is State.ENDED:
                    break
                self._wake.wait(rest_s)
                self._wake.clear()
        finally:
            self._let_go()

    def turn(self, now_s: float) -> float:
        """Ask once and take in what came; returns for how many seconds to rest."""
        if not self._store.feeds_here():
            self._let_go()
            self._show(state=State.ELSEWHERE, trouble="")
            return _ELSEWHERE_S
        try:
            feed = self._feed = self._feed or self._opened()
            batch = self._kept(feed)
        except Cancelled:
            return 0.0
        except Exception as error:  # noqa: BLE001 - an edge: no source may end the others, or the desk
            return self._failed(error)
        self._fails = 0
        self._note(feed, batch, now_s)
        return 0.0 if len(batch.readings) >= readings.STEP else self._every_s

    def _opened(self) -> Feed:
        with self._store.reading() as query:
            known = query.find(Sensor)
        return self._open(self.source, known)

    def _kept(self, feed: Feed) -> Batch:
        """What the feed gave, on the disk; or the feed knows that it is not."""
        batch = feed.poll(self._store.clock.now())
        try:
            if batch != Batch():
                readings.take_in(self._store, batch, _("Instruments"), self._progress, self._watch)
        except BaseException:  # whatever it was: what was not kept is given again
            feed.reread()
            raise
        feed.kept()
        return batch

    def _failed(self, error: Exception) -> float:
        if self._stopped.is_set():
            return 0.0  # the store may be closed under it: nothing is lost, what was not kept comes again
        if not isinstance(error, UserError):
            log.error("the source %r failed", self.source.name, exc_info=error)
        said = (
            f"{error} {error.hint}"
            if isinstance(error, UserError)
            else _("This is an error of the program; it is written down in its log. Reason: {reason}").format(
                reason=error
            )
        )
        self._fails += 1
        with self._counted:
            errors = self._standing.errors + 1
            self._standing = replace(self._standing, state=State.FAILED, trouble=said.strip(), errors=errors)
        return min(
            max(self._every_s, 1.0) * 2 ** min(self._fails - 1, 10), max(LONGEST_REST_S, self._every_s)
        )

    def _note(self, feed: Feed, batch: Batch, now_s: float) -> None:
        state, taken = _STATES[feed.link], len(batch.readings)
        with self._counted:
            self._forget(now_s)
            before = self._standing
            if taken:
                self._came.append((now_s, taken))
            self._standing = replace(
                before,
                state=state,
                trouble=feed.trouble,
                last_at=self._store.clock.now() if taken else before.last_at,
                readings=before.readings + taken,
                rejected=before.rejected + len(batch.rejected),
                errors=before.errors + (state is State.FAILED and before.state is not State.FAILED),
                overflow=getattr(feed, "overflow", 0),
            )

    def _show(self, **changes: object) -> None:
        with self._counted:
            self._standing = replace(self._standing, **changes)  # type: ignore[arg-type]

    def _forget(self, now_s: float) -> None:
        while self._came and self._came[0][0] <= now_s - _MINUTE_S:
            self._came.popleft()

    def _let_go(self) -> None:
        feed, self._feed = self._feed, None
        if feed is None:
            return
        try:
            feed.close()
        except Exception:  # an edge: what ends badly is over all the same
            log.exception("the source %r did not end well", self.source.name)


_STATES = {
    Link.CONNECTING: State.CONNECTING,
    Link.CONNECTED: State.CONNECTED,
    Link.FAILED: State.FAILED,
    Link.ENDED: State.ENDED,
}
