"""What the desk knows while a line is being typed, and what a line turns out to mean."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from shapely import Point

from gis.geo.extent import Extent
from gis.geo.gazetteer import Gazetteer, Named
from gis.geo.wards import Wards
from gis.model.incident import Incident, Severity
from gis.model.sensor import Sensor
from gis.words.codebook import Code, Codebook, codebook

NOTHING_NAMED = Gazetteer(Named([], [], [], []))
NO_WARDS = Wards([], [])


def _nobody(_numbers: Collection[str]) -> Sequence[Incident]:
    return ()


@dataclass(frozen=True, slots=True)
class IntakeContext:
    """Everything a log line can refer to. Made anew when something changes, never changed.

    `places` are the names of the city, not all of them yet while they are `coming`; `live` are those of its
    sensors and open incidents (`live_places`).
    `assets` are those in layers whose things are to be found by name. `incidents` are the open ones.
    `carrying` gives those, closed or not, that carry one of these numbers: a small question to the store.
    Numbers given here begin with one of `letters`. `city` and `view` are lon/lat extents, the second what the
    map shows; `last_click` is lon, lat. `commands` maps a command word to what it does.
    """

    codes: Codebook = field(default_factory=codebook)
    places: Gazetteer = NOTHING_NAMED
    coming: bool = False
    live: Gazetteer = NOTHING_NAMED
    assets: Gazetteer = NOTHING_NAMED
    incidents: tuple[Incident, ...] = ()
    carrying: Callable[[Collection[str]], Sequence[Incident]] = _nobody
    letters: tuple[str, ...] = ()
    wards: Wards = NO_WARDS
    city: Extent | None = None
    view: Extent | None = None
    last_click: tuple[float, float] | None = None
    commands: Mapping[str, str] = field(default_factory=dict[str, str])


class Kind(Enum):
    """What Enter would do with a line."""

    EMPTY = "nothing to save"
    INCIDENT = "log an incident"
    NOTE = "write a note"
    ADDITION = "add to an incident"
    OPENING = "show an incident"
    COMMAND = "run a command"
    CODES = "list the codes"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a line may mean (WGS84): in which words, and what had to be assumed to get there.

    `named` is True for a name of the city, False for coordinates and clicks.
    """

    words: str
    lon: float
    lat: float
    note: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a line means so far. Nothing is stored; `raw` is the line exactly as it was typed.

    `where` is the place in words: the name of the `spot`, or the words that lead to no spot yet. `spots`
    are all the places it may be; `sure` says that there is no other. `ward` and `beside` (the nearest
    name, with its distance) describe the spot. `incident` is the one to add to or to open; `command` the
    words after `/`, or after `?`. `remarks` are sentences about what was assumed or not understood.
    """

    raw: str
    kind: Kind
    code: Code | None = None
    severity: Severity | None = None
    where: str = ""
    text: str = ""
    spot: Spot | None = None
    spots: tuple[Spot, ...] = ()
    sure: bool = False
    ward: str = ""
    beside: str = ""
    incident: Incident | None = None
    command: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def point(self) -> Point | None:
        """The chosen spot as a WGS84 point, as `Incident.place` wants it."""
        return Point(self.spot.lon, self.spot.lat) if self.spot else None


def live_places(sensors: Iterable[Sensor], incidents: Iterable[Incident]) -> Gazetteer:
    """The sensors by key and name, and the open incidents that have a place by number (`I-0036`, `i36`)."""
    rows = [(s.name, "sensor", s.place.x, s.place.y, s.key if s.key != s.name else "") for s in sensors]
    for incident in incidents:
        if incident.is_open and incident.place is not None and not incident.place.is_empty:
            at = incident.place.representative_point()
            short = f"i{digits_of(incident.number)}"
            rows.append((incident.number, "incident", at.x, at.y, short))
    names, kinds, lon, lat, aliases = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return Gazetteer(Named(names, kinds, lon, lat, aliases))


def digits_of(number: str) -> str:
    """The digits at the end of an incident's number, without leading noughts."""
    return (number[len(number.rstrip("0123456789")) :]).lstrip("0")
