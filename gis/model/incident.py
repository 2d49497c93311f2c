"""What happened, where, how bad, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from gis.model.record import PERSONAL, Record


class Severity(StrEnum):
    """How bad it is, in the words of CAP 1.2."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"

    @property
    def priority(self) -> int:
        """1 (extreme) to 4 (minor), 5 when unknown: the digit on the symbol, and the sort order."""
        return list(Severity).index(self) + 1

    @classmethod
    def of_priority(cls, digit: int) -> "Severity":
        """The severity behind the digit 1 to 4; anything else is unknown."""
        return list(cls)[digit - 1] if 1 <= digit <= 4 else cls.UNKNOWN


class Status(StrEnum):
    """Where an incident stands in its life."""

    REPORTED = "reported"
    VERIFIED = "verified"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Confidence(StrEnum):
    """How far a statement can be trusted."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    ASSUMED = "assumed"
    CONTRADICTED = "contradicted"
    NOT_ASKED = "not yet asked"


@dataclass(frozen=True, slots=True)
class Incident(Record):
    """Something that happened and needs a response.

    `number` is what people say on the radio ("I-0036"); `code` is a code of the codebook ("fl");
    `place` is a WGS84 geometry or None while nobody knows where; `where` is the place in words;
    `source` is who said so, by name or number; `reported_at` is the first keystroke of the entry, in UTC;
    `affected` counts people, None when unknown.
    """

    number: str
    code: str
    text: str
    severity: Severity
    reported_at: datetime
    place: BaseGeometry | None = None
    where: str = ""
    source: str = field(default="", metadata=PERSONAL)
    confidence: Confidence = Confidence.REPORTED
    status: Status = Status.REPORTED
    affected: int | None = None
    closed_at: datetime | None = None
    alarm_id: str | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and not self.void


@dataclass(frozen=True, slots=True)
class Note(Record):
    """A line of the operational log that is not an incident; `incident_id` ties it to one."""

    text: str
    at: datetime
    incident_id: str | None = None
