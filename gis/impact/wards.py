"""The night ward by ward: which wards are hit, how badly, and how many people live there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gis.geo.features import WGS84, Features
from gis.geo.shapes import to_shapely
from gis.model.incident import Incident, Severity

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True)
class WardTally:
    """One ward with its open incidents.

    `population` is None where the layer does not tell. `affected` adds up the known numbers of people;
    `unasked` counts the incidents whose number nobody has given yet, so 0 affected is not "nobody".
    """

    ward: str
    population: int | None
    incidents: int
    worst: Severity
    affected: int
    unasked: int


def by_ward(wards: Features, incidents: Sequence[Incident]) -> list[WardTally]:
    """The wards with open incidents, worst first, then most incidents.

    `wards` are polygons with a `name` and, if known, a `population` column, in any CRS. An incident is
    counted in each ward its place touches; those without a place, or outside all wards, in none.
    """
    placed = [i for i in incidents if i.is_open and i.place is not None]
    if not placed or not len(wards):
        return []
    joined = _located(wards, placed)
    tallies = [_tally(str(name), group, placed) for name, group in joined.groupby("name")]
    return sorted(tallies, key=lambda t: (t.worst.priority, -t.incidents, t.ward))


def _located(wards: Features, placed: Sequence[Incident]) -> "GeoDataFrame":
    import geopandas  # here, because pandas takes a third of a second to load and a start does without

    columns: dict[str, Any] = {
        name: wards.columns[name] for name in ("name", "population") if name in wards.columns
    }
    ground = geopandas.GeoDataFrame(columns, geometry=geopandas.GeoSeries(to_shapely(wards)), crs=wards.crs)
    spots: list[Any] = [incident.place for incident in placed]
    places = geopandas.GeoSeries(spots, crs=WGS84)
    points = geopandas.GeoDataFrame({"nth": range(len(placed))}, geometry=places)
    return points.to_crs(wards.crs).sjoin(ground, predicate="intersects")


def _tally(ward: str, group: Any, placed: Sequence[Incident]) -> WardTally:
    inside = [placed[nth] for nth in group["nth"]]
    population = group["population"].iloc[0] if "population" in group else None
    known = [i.affected for i in inside if i.affected is not None]
    return WardTally(
        ward=ward,
        population=None if population is None or population != population else int(population),
        incidents=len(inside),
        worst=min(inside, key=_priority).severity,
        affected=sum(known),
        unasked=len(inside) - len(known),
    )


def _priority(incident: Incident) -> int:
    return incident.severity.priority
