"""Instruments, the limits set on them, and the alarms those raise."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shapely import Point

from gis.model.incident import Severity
from gis.model.record import Record


class Quantity(StrEnum):
    """What an instrument measures."""

    LEVEL = "water level"
    RAIN = "rain"
    PUMP = "pump"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sensor(Record):
    """An instrument at a place (WGS84), reporting every `expected_every_s` seconds.

    `key` is its name in the feed ("KALI-3"), `name` what people say ("Kali 3").
    `low` and `high` bound what the instrument can measure, in `unit`.
    """

    key: str
    name: str
    quantity: Quantity
    unit: str
    place: Point
    expected_every_s: int = 600
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class AlarmRule(Record):
    """Raise at or above `raise_at`, return below `clear_below` (dead-band), after `hold_s` seconds.

    `level` is the local word for the limit ("Siaga 2", "HIGH-HIGH").
    """

    sensor_id: str
    level: str
    severity: Severity
    raise_at: float
    clear_below: float
    hold_s: int = 0


class AlarmState(StrEnum):
    """The states of ISA-18.2 that a first alarm passes through."""

    PENDING = "pending"  # over the limit, not yet for `hold_s`
    UNACK = "unacknowledged"
    ACKED = "acknowledged"
    RTN_UNACK = "returned, unacknowledged"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Alarm(Record):
    """One excursion over a limit: since when, how far, who took note, and when it ended.

    `since` is the first reading over the limit; `peak` the worst value so far; `raised_at` when it
    began to ring; `returned_at` when the value came back. Times in UTC.
    """

    rule_id: str
    sensor_id: str
    severity: Severity
    since: datetime
    peak: float
    raised_at: datetime | None = None
    returned_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    note: str = ""

    @property
    def state(self) -> AlarmState:
        match self.raised_at, self.returned_at, self.acknowledged_at:
            case None, None, _:
                return AlarmState.PENDING
            case None, _, _:
                return AlarmState.NORMAL
            case _, None, None:
                return AlarmState.UNACK
            case _, None, _:
                return AlarmState.ACKED
            case _, _, None:
                return AlarmState.RTN_UNACK
            case _:
                return AlarmState.NORMAL

    @property
    def needs_attention(self) -> bool:
        """True until somebody has put a name to it."""
        return self.state in (AlarmState.UNACK, AlarmState.RTN_UNACK)
