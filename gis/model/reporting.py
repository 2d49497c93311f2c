"""Who is expected to report, how often, and the calls made to those who did not."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shapely import Point

from gis.model.record import PERSONAL, Record


class PointKind(StrEnum):
    """What it is that reports."""

    WARD = "ward"
    SHELTER = "shelter"
    TEAM = "team"
    OTHER = "other"


class Hazard(StrEnum):
    """How much harm may come to those who cannot tell of it."""

    EXTREME = "extreme"
    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class ReportingPoint(Record):
    """A ward, shelter or team that is to be heard from every `expected_every_s` seconds.

    `since` and `until` (UTC; None: without an end) say when that applies, as in the nights of an event;
    `suspended` is a pause that somebody made. `place` (WGS84) is where it is, of a ward a point inside: its
    outline is that of the ward of this `name` in the city's layer. `people` are those who depend on its word,
    None while nobody has said how many; `contact` is who answers, with a number.
    """

    kind: PointKind
    name: str
    since: datetime
    place: Point | None = None
    expected_every_s: int = 21_600
    people: int | None = None
    hazard: Hazard = Hazard.MODERATE
    contact: str = field(default="", metadata=PERSONAL)
    until: datetime | None = None
    suspended: bool = False

    def applies(self, at: datetime) -> bool:
        """True while somebody waits for its word."""
        return not self.suspended and self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Call(Record):
    """Somebody at the desk heard from a reporting point or an instrument's keeper, or tried and did not.

    `about` is the id of a `ReportingPoint` or a `Sensor`; `at` in UTC, `by` who was at the desk.
    """

    about: str
    at: datetime
    answered: bool
    by: str
    note: str = ""
