"""All sources of a desk at work, each in a thread of its own."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from gis.collecting.line import Line, Opener, Standing, State
from gis.collecting.source import Source
from gis.ops.watch import Watch
from gis.store import Store

_PATIENCE_S = 2.0  # so long the desk waits for its feeds when it closes; one that hangs is left behind


class Collecting:
    """Runs the sources it is given. Every call returns at once, but `close`; all from one thread."""

    def __init__(
        self, store: Store, opener: Opener, every_s: Callable[[Source], float], watch: Watch | None = None
    ) -> None:
        self._store, self._open, self._every_s, self._watch = store, opener, every_s, watch or Watch()
        self._lines: dict[str, Line] = {}
        self._leaving: list[Line] = []  # told to stop, not through yet
        self._rested: dict[str, Line] = {}  # those of paused sources: they know how it did
        self._known: dict[str, Source] = {}

    def serve(self, wanted: Sequence[Source]) -> None:
        """Run these from now on and no others. One that is the same as before goes on undisturbed."""
        before, self._known = self._known, {source.id: source for source in wanted}
        for source_id in before | self._known:
            if before.get(source_id) != self._known.get(source_id):
                self._turn(source_id)

    def renew(self) -> None:
        """Open all sources again: what they know of the instruments is no longer true."""
        for source_id in self._known:
            self._turn(source_id)

    def ask_now(self, source_id: str) -> None:
        """Do not wait until this source is asked again by itself."""
        if source_id in self._lines:
            self._lines[source_id].ask_now()

    def standings(self) -> list[Standing]:
        """How each source does, in their order."""
        now_s = time.monotonic()
        return [self._standing(source, now_s) for source in self._known.values()]

    def close(self) -> None:
        """Let go of all sources; waits a little for what is being written down."""
        lines = [*self._lines.values(), *self._leaving]
        for line in lines:
            line.stop()
        until_s = time.monotonic() + _PATIENCE_S
        for line in lines:
            line.join(max(until_s - time.monotonic(), 0.0))
        self._known, self._lines, self._leaving = {}, {}, []

    def _turn(self, source_id: str) -> None:
        """Stop what served this source, and serve it as it is known now: once the other has let go of it."""
        old, source = self._lines.pop(source_id, None), self._known.get(source_id)
        if old is not None:
            old.stop()
            self._leaving.append(old)
        self._leaving = [line for line in self._leaving if line.busy]
        if source is None or not source.paused:
            self._rested.pop(source_id, None)
        elif old is not None:
            self._rested[source_id] = old
        if source is None or source.paused:
            return
        self._lines[source_id] = line = Line(
            self._store, source, self._open, self._every_s(source), self._watch
        )
        line.start(after=[gone for gone in self._leaving if gone.source.id == source_id])

    def _standing(self, source: Source, now_s: float) -> Standing:
        if source.id in self._lines:
            return self._lines[source.id].standing(now_s)
        rested = self._rested.get(source.id)
        last = Standing(source) if rested is None else rested.standing(now_s)
        state = State.ENDED if last.state is State.ENDED else State.PAUSED
        return replace(last, source=source, state=state, trouble="")
