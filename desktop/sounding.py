"""Which alarm is to be heard now: each once when it comes, then the worst again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from desktop.rhythms import RHYTHMS, Wave
from gis.model.incident import Severity

QUIET_S = 120.0  # so long silence lasts
BREATH_S = 0.7  # between two sounds, so that each is heard as one


class Sounder(Protocol):
    """What makes a sound heard. `trouble` says why it cannot, and is empty while it can."""

    @property
    def trouble(self) -> str: ...

    def play(self, wave: Wave, volume: float) -> None:
        """Let a rhythm be heard, `volume` from 0 to 1; it ends what is still being heard."""
        ...

    def rest(self) -> None:
        """Be still, and let go of the device."""
        ...


class Speaker(Protocol):
    """What speaks. `trouble` says why it cannot, and is empty while it can."""

    @property
    def trouble(self) -> str: ...

    def say(self, text: str, volume: float) -> None: ...

    def rest(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """What is heard as one: an alarm that nobody has acknowledged, or in a flood a group of them. `severity`
    is that of the rhythm."""

    severity: Severity
    alarms: frozenset[str]


def next_higher(severity: Severity) -> Severity:
    """The rhythm of what nobody has taken in time."""
    return Severity.of_priority(max(severity.priority - 1, 1))


class Rounds:
    """What is heard when. Times are seconds on a clock that only goes on.

    What is there at the first look sounds as one, for nobody needs to hear a night again. After that each
    source is heard once by itself, and again when it becomes worse; then the worst of all is repeated in the
    rhythm's time until it is acknowledged. In silence nothing is repeated, and what is new is heard.
    """

    def __init__(self) -> None:
        self._heard: dict[str, Severity] | None = None
        self._free_s = self._last_s = self._quiet_until_s = float("-inf")

    def next(self, sources: Sequence[Source], now_s: float) -> Source | None:
        """What is to be heard now; None: nothing."""
        first = self._heard is None
        self._forget(sources)
        worst = min(sources, key=_rank, default=None)
        if worst is None or now_s < self._free_s:
            return None
        found = worst if first else min(filter(self._is_new, sources), key=_rank, default=None)
        if found is None and self._is_time(worst, now_s):
            found = worst
        if found is None:
            return None
        for source in sources if first else [found]:
            self._hear(source)
        self._last_s, self._free_s = now_s, now_s + RHYTHMS[found.severity].length_s + BREATH_S
        return found

    def silence(self, sources: Sequence[Source], now_s: float) -> None:
        """Nothing of what there is now is repeated for a while."""
        self._forget(sources)
        for source in sources:
            self._hear(source)
        self._quiet_until_s = now_s + QUIET_S

    def end_silence(self) -> None:
        self._quiet_until_s = float("-inf")

    def silent_s(self, now_s: float) -> float:
        """For how many seconds it is still silent."""
        return max(self._quiet_until_s - now_s, 0.0)

    def _forget(self, sources: Sequence[Source]) -> None:
        """Only of what is there it is remembered how it was heard; of what is heard as one, all of it."""
        heard = self._heard or {}
        self._heard = {}
        for source in sources:
            known = [heard[alarm] for alarm in source.alarms if alarm in heard]
            if known:
                worst = min(known, key=lambda severity: severity.priority)
                self._heard |= {alarm: heard.get(alarm, worst) for alarm in source.alarms}

    def _is_new(self, source: Source) -> bool:
        heard = self._heard or {}
        known = [heard[alarm].priority for alarm in source.alarms if alarm in heard]
        return not known or source.severity.priority < min(known)

    def _is_time(self, worst: Source, now_s: float) -> bool:
        return not self.silent_s(now_s) and now_s >= self._last_s + RHYTHMS[worst.severity].every_s

    def _hear(self, source: Source) -> None:
        self._heard = (self._heard or {}) | dict.fromkeys(source.alarms, source.severity)


def _rank(source: Source) -> tuple[int, str]:
    return source.severity.priority, min(source.alarms)
