"""Brings tiles from their services into what is kept: in threads of its own, the newest wishes first."""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from gis.clock import Clock
from gis.errors import Cancelled, UserError
from gis.exchange.online.fetching import CONNECTIONS, NONE_THERE, Answer, Fetcher, NotFetched
from gis.exchange.online.kept import Kept, Tile
from gis.exchange.online.service import TileService
from gis.exchange.raster.answers import MOST_BYTES
from gis.progress import Progress
from gis.signal import Signal
from gis.texts import _

USUALLY_FRESH, ALWAYS_FRESH = timedelta(days=7), timedelta(minutes=10)  # where nothing is said; at least
NOTHING_FRESH = timedelta(days=1)  # that a service has no tile somewhere
LONGEST_REST_S, LONGEST_LATER_S = 120.0, 3_600.0
TORN_REST_S = 300.0  # a tile that came as something else is not asked for again so soon
MOST_TORN = 3  # one after the other: then it is the service
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
LOOK_EVERY_S = 0.05


@dataclass(slots=True)
class _Line:
    """One service: what is wanted of it, from the first; what is on its way; what is wrong with it."""

    service: TileService
    wishes: deque[Tile] = field(default_factory=deque[Tile])
    flying: set[Tile] = field(default_factory=set[Tile])
    torn: dict[Tile, float] = field(default_factory=dict[Tile, float])  # until when it is let alone
    threads: int = 0
    failures: int = 0
    in_a_row: int = 0
    rest_until: float = 0.0
    retried_at: float = 0.0
    trouble: str = ""


class Courier:
    """`changed` carries the key of a service of which tiles came in or which stands otherwise, in the thread
    of the courier. Nothing waits for it, and closing it waits for nothing. Without a `fetcher` it stays at
    home: what is kept is all there is."""

    def __init__(
        self, fetcher: Fetcher | None, kept: Kept, clock: Clock, *, first_rest_s: float = 5.0
    ) -> None:
        self._fetcher, self.kept, self._clock, self._first_rest_s = fetcher, kept, clock, first_rest_s
        self._lines: dict[str, _Line] = {}
        self._turn = threading.Condition()
        self._threads: set[threading.Thread] = set()
        self._closed = False
        self.changed: Signal[str] = Signal()

    def want(self, service: TileService, tiles: Iterable[Tile]) -> None:
        """These tiles are wanted now, the first first; what was wanted of the service before is not."""
        if self._fetcher is None:
            return
        with self._turn:
            line = self._lines.setdefault(service.key, _Line(service))
            now = monotonic()
            line.torn = {at: until for at, until in line.torn.items() if until > now}
            skipped = line.flying | line.torn.keys()
            line.wishes = deque(each for each in tiles if each not in skipped)
            self._man(line)

    def now(self) -> datetime:
        """The time by which tiles grow stale."""
        return self._clock.now()

    def trouble(self, key: str) -> str:
        """What is wrong with a service, in one sentence; empty when nothing is known to be."""
        with self._turn:
            line = self._lines.get(key)
            return line.trouble if line else ""

    def retry(self, key: str) -> None:
        """Ask a service again now that could not be asked."""
        with self._turn:
            line = self._lines.get(key)
            if line is not None:
                line.rest_until, line.failures, line.retried_at = 0.0, 0, monotonic()
                line.torn.clear()
                self._turn.notify_all()
        self.changed.emit(key)  # whoever shows it looks again, and wants what is missing

    def ask(self, address: str, most: int, progress: Progress) -> Answer:
        """One answer, for a person who waits. Raises UserError, or Cancelled also when the desk closes."""
        said: list[Answer | Exception] = []
        done, fetcher = threading.Event(), self._fetcher
        if fetcher is None:
            raise UserError(_("Nothing is fetched here."))

        def work() -> None:
            try:
                said.append(fetcher.get(address, most, lambda: self._closed))
            except Exception as error:  # noqa: BLE001 - carried into the thread that waits, and raised there
                said.append(error)
            done.set()

        threading.Thread(target=work, name="service", daemon=True).start()
        while not done.wait(LOOK_EVERY_S):
            progress.check()
            if self._closed:
                raise Cancelled
        outcome = said[0]
        if isinstance(outcome, Answer):
            return outcome
        if isinstance(outcome, NotFetched):
            hint = _("Nothing was added. Look whether the network is there and the address is right.")
            raise UserError(str(outcome), hint=hint) from outcome
        raise outcome

    def close(self) -> None:
        """Fetch nothing more. What is on its way is let go of by its thread, and nobody waits for that."""
        with self._turn:
            self._closed = True
            for line in self._lines.values():
                line.wishes.clear()
            self._turn.notify_all()
        if self._fetcher is not None:
            self._fetcher.close()

    def rest(self, longest_s: float) -> bool:
        """Wait until nothing is on its way any more; False when that takes longer."""
        deadline = monotonic() + longest_s
        with self._turn:
            return self._turn.wait_for(lambda: not self._threads, max(deadline - monotonic(), 0.0))

    def _man(self, line: _Line) -> None:
        """As many threads as there is work for; one alone while the service is in trouble."""
        most = 1 if line.trouble else CONNECTIONS
        while not self._closed and line.threads < min(most, len(line.wishes)):
            line.threads += 1
            assert self._fetcher is not None
            thread = threading.Thread(
                target=self._serve, args=(line, self._fetcher), name="tiles", daemon=True
            )
            self._threads.add(thread)
            thread.start()

    def _serve(self, line: _Line, fetcher: Fetcher) -> None:
        try:
            while (at := self._next(line)) is not None:
                self._bring(line, fetcher, at)
        except BaseException:  # whatever it was surfaces; the line must not count a thread that is gone
            with self._turn:
                line.threads -= 1
            raise
        finally:
            with self._turn:
                self._threads.discard(threading.current_thread())
                self._turn.notify_all()

    def _next(self, line: _Line) -> Tile | None:
        """The next wish, once the service has rested; None when this thread is not needed any more."""
        with self._turn:
            while True:
                if self._closed or not line.wishes or (line.trouble and line.threads > 1):
                    line.threads -= 1  # under the same turn: one of several has to stay and wait
                    return None
                rest = line.rest_until - monotonic()
                if rest <= 0:
                    at = line.wishes.popleft()
                    line.flying.add(at)
                    return at
                self._turn.wait(rest)

    def _bring(self, line: _Line, fetcher: Fetcher, at: Tile) -> None:
        trouble, torn, later, began = "", False, None, monotonic()
        try:
            answer = fetcher.get(line.service.address(*at), MOST_BYTES, lambda: self._closed)
            trouble, torn = self._taken(line.service, at, answer)
            later = answer.later_s
        except NotFetched as error:
            trouble, torn = str(error), not error.far
        except UserError as error:
            trouble, torn = str(error), True
        if not self._closed and self._note(line, at, (trouble, torn), (began, later)):
            self.changed.emit(line.service.key)

    def _taken(self, service: TileService, at: Tile, answer: Answer) -> tuple[str, bool]:
        """Keep what came. What is wrong with it, and whether only with this tile. Raises UserError where
        it cannot be kept."""
        host, now = service.host, self._clock.now()
        if answer.status in NONE_THERE:
            self.kept.put(service.key, at, b"", now, now + NOTHING_FRESH)
            return "", False
        if answer.status in (401, 403):
            return _("{host} does not let this desk in: it wants a key, or a contract.").format(
                host=host
            ), False
        if answer.status == 429:
            return _("{host} wants to be asked less often.").format(host=host), False
        if answer.status != 200:
            return _("{host} answers with an error ({code}).").format(host=host, code=answer.status), True
        if not answer.content.startswith(PICTURES):
            return _("{host} answers, but not with pictures (PNG, JPEG or WebP).").format(host=host), True
        fresh = USUALLY_FRESH if answer.fresh_s is None else timedelta(seconds=answer.fresh_s)
        self.kept.put(service.key, at, answer.content, now, now + max(fresh, ALWAYS_FRESH))
        return "", False

    def _note(
        self, line: _Line, at: Tile, wrong: tuple[str, bool], times: tuple[float, float | None]
    ) -> bool:
        """What came of it: a service in trouble rests, longer each time; one that answers goes on. True when
        there is something new to show."""
        with self._turn:
            (trouble, torn), (began, later_s) = wrong, times
            line.flying.discard(at)
            if not trouble:
                line.failures, line.in_a_row, line.trouble = 0, 0, ""
                self._man(line)
                return True
            if torn:
                line.torn[at] = monotonic() + TORN_REST_S
                line.in_a_row += 1
                if line.in_a_row < MOST_TORN:
                    return False
            else:
                line.wishes.appendleft(at)
            news, line.trouble = trouble != line.trouble, trouble
            resting = monotonic() < line.rest_until  # it failed together with others
            if not resting and began >= line.retried_at:
                rest = min(self._first_rest_s * 2.0 ** min(line.failures, 10), LONGEST_REST_S)
                line.rest_until = monotonic() + max(rest, min(later_s or 0.0, LONGEST_LATER_S))
                line.failures += 1
            return news
