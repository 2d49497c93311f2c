"""What the desk knows about places: where the city is, what its places are called, what was clicked last."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from desktop.widgets.place_edit import Spot
from gis.geo.crs import utm_for
from gis.geo.extent import Extent, centre, contains
from gis.geo.gazetteer import Gazetteer
from gis.geo.wards import Wards
from gis.geo.zones import around_zone
from gis.intake.context import IntakeContext
from gis.intake.place import whole
from gis.model.incident import Incident
from gis.ops.entries import seen_from
from gis.store import Query
from gis.texts import _

CITY_SPAN_DEG = 6.0  # what is wider than a UTM zone is no city
ROOM_DEG = 0.02  # some 2 km around the outermost instrument
WORLD_CRS, WORLD = 3857, (-180.0, -80.0, 180.0, 80.0)

Carrying = Callable[[Collection[str]], Sequence[Incident]]


def map_crs(extent: Extent | None) -> int:
    """The EPSG code of the plane the map is drawn on: the UTM zone of the city, else one for the world."""
    return WORLD_CRS if extent is None else utm_for(*centre(extent))


def widened(extent: Extent, by: float) -> Extent:
    """The rectangle with so many degrees more on each side."""
    west, south, east, north = extent
    return west - by, south - by, east + by, north + by


def is_city(extent: Extent) -> bool:
    """True when all of it fits on the plane of one UTM zone."""
    west, south, east, north = extent
    return east - west <= CITY_SPAN_DEG and north - south <= CITY_SPAN_DEG and -80 < south < north < 84


class Whereabouts:
    """Answers "where is that?" for the log line, the forms and the search. One thread only: the window's."""

    def __init__(self, city: Extent | None, timezone: str = "UTC") -> None:
        self.context = IntakeContext(city=city)
        self._about = around_zone(timezone) or WORLD

    @property
    def home(self) -> Extent:
        """What the whole map is: the city; else what lies around instruments and open incidents; else, as a
        guess, the place by whose clocks the operation goes."""
        if self.context.city is not None:
            return self.context.city
        found = self.context.live.extent
        return widened(found, ROOM_DEG) if found else self._about

    def settle(self, city: Extent) -> None:
        """The city lies here (WGS84): coordinates inside it come first."""
        self.context = replace(self.context, city=city)

    def await_names(self, *, coming: bool) -> None:
        """The names of the city are being read, or will not be had."""
        self.context = replace(self.context, coming=coming)

    def learn(self, names: Gazetteer, wards: Wards) -> None:
        """The names of the city have arrived."""
        self.context = replace(self.context, places=names, wards=wards, coming=False)

    def learn_assets(self, assets: Gazetteer) -> None:
        """What can be found by name in the layers that were chosen for it."""
        self.context = replace(self.context, assets=assets)

    def look(self, query: Query) -> None:
        """Read again which sensors and open incidents there are."""
        self.context = seen_from(query, self.context)

    def offer(self, commands: Mapping[str, str], carrying: Carrying) -> None:
        """The words that may follow a `/`, each with what it does; and who knows the incidents by number."""
        self.context = replace(self.context, commands=commands, carrying=carrying)

    def show(self, view: Extent) -> None:
        """The map shows another piece of the earth (WGS84)."""
        self.context = replace(self.context, view=view)

    def click(self, lon: float, lat: float) -> None:
        self.context = replace(self.context, last_click=(lon, lat))

    def look_up(self, text: str) -> list[Spot]:
        """Every place that all of `text` can mean, best first."""
        return [
            Spot(
                found.words,
                found.lon,
                found.lat,
                f"{self._outside(found.lon, found.lat)} {found.note}".strip(),
            )
            for found in whole(text, self.context).spots
        ]

    def _outside(self, lon: float, lat: float) -> str:
        city = self.context.city
        return "" if city is None or contains(city, lon, lat) else _("This place is outside the city.")
