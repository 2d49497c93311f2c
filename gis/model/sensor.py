"""Instruments, the limits set on them, and the alarms those raise."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shapely import Point

from gis.model.incident import Severity
from gis.model.record import PERSONAL, Record


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
    `low` and `high` bound what the instrument can measure, in `unit`; `step` is the most it can truly change
    from one report to the next. `contact` is who looks after it, with a number to call.
    """

    key: str
    name: str
    quantity: Quantity
    unit: str
    place: Point
    expected_every_s: int = 600
    low: float | None = None
    high: float | None = None
    step: float | None = None
    contact: str = field(default="", metadata=PERSONAL)


class Measure(StrEnum):
    """What of a sensor's readings a limit is compared with."""

    VALUE = "value"  # each reading, in the sensor's unit
    RISE = "rise"  # the change over `window_s`, in the sensor's unit per hour
    SUM = "sum"  # what fell in `window_s`, of a sensor that reports amounts (mm) or intensities (mm/h)
    SILENCE = "silence"  # minutes since the last report
    DOUBT = "doubt"  # doubtful reports in a row

    @property
    def of_trouble(self) -> bool:
        """True for what says something about the instrument and nothing about the city."""
        return self in (Measure.SILENCE, Measure.DOUBT)


class Response(StrEnum):
    """What a level asks of people (CAP 1.2 responseType): the scale that the local names of levels share."""

    NONE = "None"
    MONITOR = "Monitor"
    PREPARE = "Prepare"
    SHELTER = "Shelter"
    EVACUATE = "Evacuate"


@dataclass(frozen=True, slots=True)
class AlarmRule(Record):
    """One limit on one sensor: when an alarm is raised, when it returns, and what is to be done.

    `level` is the local word for the limit ("Siaga 2", "HIGH-HIGH"), `response` what it asks of people.
    Raised at or above `raise_at`, returned below `clear_below` (dead-band); of a `falling` limit at or below,
    and above. `measure` says what is compared, over `window_s` where that is needed. It rings once the limit
    was passed for `hold_s` seconds (on-delay) and by `count` readings in a row, and returns once nothing was
    over the dead-band for `off_s` seconds (off-delay). A `latch`ed alarm stays until somebody resets it.
    `meaning`, `steps` (one a line) and `call` are its guidance card. Not acknowledged within `escalate_s`
    seconds (0: never) it is passed on to `escalate_to`. `Condition`s narrow it further.
    """

    sensor_id: str
    level: str
    severity: Severity
    raise_at: float
    clear_below: float
    hold_s: int = 0
    measure: Measure = Measure.VALUE
    window_s: int = 0
    falling: bool = False
    off_s: int = 0
    count: int = 1
    latch: bool = False
    response: Response = Response.NONE
    meaning: str = ""
    steps: str = ""
    call: str = field(default="", metadata=PERSONAL)
    escalate_s: int = 0
    escalate_to: str = ""


class Joining(StrEnum):
    """How a condition narrows a rule."""

    AND = "and"  # part of the alarm: without it there is none
    ENABLE = "enable"  # without it the alarm is suppressed by design: it is there, and does not ring


@dataclass(frozen=True, slots=True)
class Condition(Record):
    """What must hold beside a rule's own limit: `measure` of a sensor at or above `at` (`falling`: at or
    below).

    A sensor that is silent or doubtful leaves a condition as it was last known, for six hours or three
    reports; of which nothing is known, AND does not hold and ENABLE does.
    """

    rule_id: str
    sensor_id: str
    joining: Joining
    at: float
    measure: Measure = Measure.VALUE
    window_s: int = 0
    falling: bool = False


class Withholding(StrEnum):
    """Why an alarm is kept from ringing by people (ISA-18.2): for a while, or with its instrument."""

    SHELVED = "shelved"
    OUT_OF_SERVICE = "out of service"


@dataclass(frozen=True, slots=True)
class Suppression(Record):
    """Somebody keeps alarms from ringing: those of one rule (shelved), or of a sensor (out of service).

    It ends by itself at `until` (UTC; never None for what is shelved) or when somebody ends it before
    (`ended_at`). `reason` and `by` are never empty.
    """

    why: Withholding
    since: datetime
    reason: str
    by: str
    rule_id: str | None = None
    sensor_id: str | None = None
    until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""

    def holds(self, at: datetime) -> bool:
        """True while it keeps an alarm from ringing."""
        over = self.ended_at is not None and self.ended_at <= at
        return not self.void and self.since <= at and not over and (self.until is None or at < self.until)


class AlarmState(StrEnum):
    """The states of ISA-18.2 (its letters beside them), and the one before an alarm is there."""

    PENDING = "pending"  # over the limit, not yet for `hold_s` or not yet by `count` readings
    NORMAL = "normal"  # A
    UNACK = "unacknowledged"  # B
    ACKED = "acknowledged"  # C
    RTN_UNACK = "returned, unacknowledged"  # D
    LATCHED_UNACK = "latched, unacknowledged"  # E
    LATCHED_ACKED = "latched, acknowledged"  # F
    SHELVED = "shelved"  # G
    SUPPRESSED = "suppressed by design"  # H
    OUT_OF_SERVICE = "out of service"  # I


@dataclass(frozen=True, slots=True)
class Alarm(Record):
    """One excursion over a limit: since when, how far, who took note, and when it ended.

    `since` is the first reading over the limit; `peak` the worst value so far; `raised_at` when it
    began to ring; `returned_at` when the value came back; `reset_at` when a `latch`ed one was reset.
    `suppressed` while it would ring, or has rung, and the rule's enabling conditions do not hold. Times in
    UTC.
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
    latch: bool = False
    reset_at: datetime | None = None
    reset_by: str = ""
    suppressed: bool = False
    escalated_at: datetime | None = None

    @property
    def state(self) -> AlarmState:
        """Of itself: whether people keep it from ringing is told by the `Suppression`s that hold."""
        if self.suppressed and self.returned_at is None:
            return AlarmState.SUPPRESSED
        if self.raised_at is None:
            return AlarmState.PENDING if self.returned_at is None else AlarmState.NORMAL
        acked = self.acknowledged_at is not None
        if self.returned_at is None:
            return AlarmState.ACKED if acked else AlarmState.UNACK
        if self.latch and self.reset_at is None:
            return AlarmState.LATCHED_ACKED if acked else AlarmState.LATCHED_UNACK
        return AlarmState.NORMAL if acked else AlarmState.RTN_UNACK

    @property
    def needs_attention(self) -> bool:
        """True until somebody has put a name to it."""
        return self.state in (AlarmState.UNACK, AlarmState.RTN_UNACK, AlarmState.LATCHED_UNACK)
