"""Time comes in through here, so an exercise can run fast and a test can stand still. UTC only."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where everything in the program learns what time it is."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


class SystemClock:
    """The time of this computer."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told to."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        self._now += step


class ScenarioClock:
    """Time inside an exercise: starts at `start`, runs `speed` times as fast as `beat`, can be paused."""

    def __init__(self, start: datetime, *, beat: Clock, speed: float = 1.0) -> None:
        self._beat = beat
        self._anchor, self._since = start.astimezone(UTC), beat.now()
        self._speed, self._paused = speed, False

    def now(self) -> datetime:
        if self._paused:
            return self._anchor
        return self._anchor + (self._beat.now() - self._since) * self._speed

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def paused(self) -> bool:
        return self._paused

    def run_at(self, speed: float) -> None:
        """Go on from the present moment `speed` times as fast as real time."""
        self._turn(self.now(), speed, self._paused)

    def pause(self) -> None:
        self._turn(self.now(), self._speed, True)

    def jump(self, to: datetime) -> None:
        """Go to another moment, running or paused as before."""
        self._turn(to.astimezone(UTC), self._speed, self._paused)

    def resume(self) -> None:
        self._turn(self._anchor, self._speed, False)

    def _turn(self, anchor: datetime, speed: float, paused: bool) -> None:
        self._anchor, self._since, self._speed, self._paused = anchor, self._beat.now(), speed, paused
