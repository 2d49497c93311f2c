"""What a situation report says, as frozen values: gathered once, then only laid out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.exchange.raster.answers import Look
from gis.geo.features import Features, Shape
from gis.geo.mesh import Frame
from gis.model.incident import Incident, Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, Sensor

MOST_NAMED_AREAS = 60
HATCH_DPI = 400  # finer than any map is printed


class Mark(StrEnum):
    """What became of an incident since the last report."""

    SAME = ""
    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an incident's code stands for: its name here, and its event, category and response in CAP 1.2."""

    name: str
    event: str = ""
    category: str = "Other"
    response: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an incident that is not what the last report said, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident as it stands; `was` is how it stood in the last report, None when it was not in it."""

    incident: Incident
    meaning: Meaning
    mark: Mark = Mark.SAME
    was: Incident | None = None
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmLine:
    alarm: Alarm
    rule: AlarmRule
    sensor: Sensor


@dataclass(frozen=True, slots=True)
class SensorLine:
    """An instrument with its newest reading, how old that is, and the limit it stands at or above.

    `silent` when it has missed three of its reports, or never sent one.
    """

    sensor: Sensor
    latest: Reading | None = None
    age: timedelta | None = None
    limit: AlarmRule | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One side of a conflict: what was said, by whom, when."""

    value: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A field of a record that stands with different values, waiting for a person to decide."""

    name: str
    field: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class NoteLine:
    at: datetime
    text: str
    author: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the desk does not know, as a sentence, and what it is about."""

    sentence: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SitrepContent:
    """Everything one report says. Covers (`since`, `as_of`], UTC; `timezone` is an IANA name for text.

    `incidents` holds the open ones and those closed or withdrawn in the period, worst first.
    `digest` is the SHA-256 of the report's data file, in hex; "" before it is sealed.
    """

    number: int
    city: str
    desk: str
    exercise: bool
    timezone: str
    since: datetime
    as_of: datetime
    author: str
    assessment: str = ""
    incidents: tuple[IncidentLine, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    sensors: tuple[SensorLine, ...] = ()
    conflicts: tuple[ConflictLine, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    digest: str = ""

    @property
    def open_incidents(self) -> tuple[IncidentLine, ...]:
        return tuple(line for line in self.incidents if line.incident.is_open)

    @property
    def ended_incidents(self) -> tuple[IncidentLine, ...]:
        return tuple(line for line in self.incidents if not line.incident.is_open)

    @property
    def affected(self) -> int:
        """People affected in the open incidents where a number is known."""
        return sum(line.incident.affected or 0 for line in self.open_incidents)

    @property
    def affected_unknown(self) -> int:
        """Open incidents for which nobody has given a number of people."""
        return sum(line.incident.affected is None for line in self.open_incidents)

    def open_of(self, severity: Severity) -> int:
        return sum(line.incident.severity is severity for line in self.open_incidents)


@dataclass(frozen=True, slots=True, eq=False)
class Hatching:
    """A hatch in one colour: `tile` (s, s) are shares of ink, 0 to 1, at HATCH_DPI."""

    tile: NDArray[np.float32]
    colour: str


@dataclass(frozen=True, slots=True)
class MapClass:
    """One entry of a layer's legend: how its features are drawn.

    Colours are "#rrggbb" or "#rrggbbaa", "" for none; `width_px` is a line's width or a marker's height
    on a picture of 100 dots per inch; `marker` is circle, square, diamond, triangle, pentagon, star, cross
    or none. `hatch` is a tile of ink that repeats, `HATCH_DPI` dots per inch. `dash` alternates line and gap,
    `casing` is the colour of an edge of `casing_px` on each side. `icon` are the rings of a pictogram in a
    square of 1 around (0, 0), y down; it or `glyph`, a letter, stands on the marker in `icon_ink`.
    """

    label: str
    features: Features
    fill: str = ""
    stroke: str = ""
    width_px: float = 1.0
    marker: str = "circle"
    hatch: Hatching | None = None
    dash: tuple[float, ...] = ()
    casing: str = ""
    casing_px: float = 0.0
    icon: tuple[NDArray[np.float64], ...] = ()
    glyph: str = ""
    icon_ink: str = ""


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A styled layer, handed in as plain values, lowest first.

    `names` is the column whose text names a feature on the map, "" for none. In the page every layer is
    part of the background picture; one with names and few features can be touched as well. A raster has no
    classes: `look` gives its pixels for a frame, and `credit` is who is to be named for it.

    `paint` gives the pixels (h, w) of all classes on a frame, premultiplied 0xAARRGGBB, with so many of them
    to a hundredth of an inch; without it they are painted from `classes`.
    """

    title: str
    classes: tuple[MapClass, ...]
    opacity: float = 1.0
    names: str = ""
    look: Callable[[Frame], Look] | None = None
    credit: str = ""
    paint: Callable[[Frame, float], NDArray[np.uint32]] | None = None

    @property
    def names_the_city(self) -> bool:
        """True when its names orient a reader on a map of everything: a few areas, such as wards."""
        areas = all(drawn.features.shape is Shape.POLYGON for drawn in self.classes)
        few = 0 < sum(len(drawn.features) for drawn in self.classes) <= MOST_NAMED_AREAS
        return areas and bool(self.names) and few
