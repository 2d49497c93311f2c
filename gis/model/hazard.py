"""What others warn of: alerts of authorities (CAP 1.2) and earthquakes, each as it stands now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from gis.model.incident import Severity
from gis.model.record import Record


class AlertStatus(StrEnum):
    """How a message is meant (CAP 1.2 status). Only an actual one may be shown as real."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


@dataclass(frozen=True, slots=True)
class HazardAlert(Record):
    """One warning as its newest message has it; an update replaces it, a cancellation ends it.

    `names` are the names of that message, one a line ("sender,identifier" in CAP, every id of a quake),
    `earlier` those of the messages it replaced. One that says different things of different areas is told
    in several `part`s. `sent`, `onset`, `expires` and `ended_at` (taken back before it expired) are UTC;
    `place` is WGS84, None where an area is only named (`where`). `urgency`, `certainty` and `responses` are
    words of CAP. `source` is the feed it came by. `magnitude` and `depth_km` are of quakes.
    """

    names: str
    event: str
    sender: str
    sent: datetime
    expires: datetime
    severity: Severity = Severity.UNKNOWN
    status: AlertStatus = AlertStatus.ACTUAL
    part: int = 0
    earlier: str = ""
    headline: str = ""
    where: str = ""
    place: BaseGeometry | None = None
    onset: datetime | None = None
    ended_at: datetime | None = None
    urgency: str = "Unknown"
    certainty: str = "Unknown"
    responses: str = ""
    text: str = ""
    instruction: str = ""
    web: str = ""
    source: str = ""
    magnitude: float | None = None
    depth_km: float | None = None

    def holds(self, at: datetime) -> bool:
        """True while it is neither struck out, taken back nor expired."""
        over = self.ended_at is not None and self.ended_at <= at
        return not self.void and not over and at < self.expires

    @property
    def is_real(self) -> bool:
        return self.status is AlertStatus.ACTUAL


@dataclass(frozen=True, slots=True)
class HazardMessage:
    """What a source says of one hazard at one time: it begins, goes on otherwise, or is `over`.

    `names` are its own, `follows` those of the messages it replaces or ends. `alerts` are its parts in
    order; of one that is over, what is said of its end, or nothing where it only does not concern this desk.
    `sent` (UTC) decides which of two messages is the newer.
    """

    names: tuple[str, ...]
    sent: datetime
    alerts: tuple[HazardAlert, ...]
    over: bool = False
    follows: tuple[str, ...] = ()
