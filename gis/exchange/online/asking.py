"""What every kind of server that is asked again and again has in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gis.errors import UserError
from gis.exchange.online.fetching import NotFetched
from gis.model.sensor import Sensor
from gis.sensors.feeds.feed import Batch


@dataclass(frozen=True, slots=True)
class Told:
    """What one round of questions gave. `more`: there is more to be had at once. `failed` says what went
    wrong on the way, so that what came before it is not lost; `fresh_s` for how long it is good."""

    batch: Batch
    more: bool = False
    failed: NotFetched | UserError | None = None
    fresh_s: float | None = None


class Asking(Protocol):
    """One kind of server, asked by one thread at a time; what it gave counts once it was `kept`."""

    def ask(self, at: datetime) -> Told:
        """All that is new up to `at` (UTC), of bounded size. Raises NotFetched or UserError where nothing
        could be had at all."""
        ...

    def kept(self) -> None: ...

    def reread(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Bound:
    """A station elsewhere and the instrument it belongs to; `last` is its newest reading known here (UTC)."""

    station: str
    sensor: Sensor
    last: datetime | None = None


class Marks:
    """Up to when each station was heard (UTC): what is asked for begins there, once it was kept."""

    def __init__(self, bound: Mapping[str, datetime]) -> None:
        self._kept, self._given = dict(bound), dict[str, datetime]()

    def at(self, station: str) -> datetime | None:
        return self._given.get(station) or self._kept.get(station)

    def give(self, station: str, at: datetime) -> None:
        """Readings up to `at` were given."""
        before = self.at(station)
        self._given[station] = at if before is None else max(at, before)

    def keep(self) -> None:
        self._kept |= self._given
        self._given.clear()

    def lose(self) -> None:
        self._given.clear()
