"""Places with a name: hospitals, schools, shelters, pumps, and the gazetteer of them all."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString

from gis.training.sample.buildings import Buildings
from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points
from gis.training.sample.fabric import density
from gis.training.sample.plan import Plan
from gis.training.sample.water import Waters

Column = NDArray[Any]
_KEPT = (
    "hospital",
    "market",
    "sports hall",
    "government",
    "fire station",
    "police",
    "church",
    "temple",
    "hotel",
)
_SCHOOLS = ("SDN", "SDN", "SMPN", "SDN", "MI Al-Falah", "SDN", "SMAN", "SDN", "SMPN", "SDN")


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """n named points in the projected CRS; `alias` holds further names parted by `;`."""

    xy: Points
    name: Column
    kind: Column
    alias: Column

    def __len__(self) -> int:
        return len(self.name)

    def of(self, kind: str) -> "Named":
        return self.where(self.kind == kind)

    def where(self, which: NDArray[np.bool_]) -> "Named":
        return Named(self.xy[which], self.name[which], self.kind[which], self.alias[which])


def named(xy: Points, names: list[str] | Column, kind: str, alias: list[str] | None = None) -> Named:
    """The points as one kind of place."""
    n = len(names)
    return Named(
        xy[:n],
        np.array(names, object),
        np.full(n, kind, object),
        np.array(alias if alias is not None else [""] * n, object),
    )


def together(many: list[Named]) -> Named:
    return Named(*(np.concatenate([getattr(m, f) for m in many]) for f in ("xy", "name", "kind", "alias")))


def landmarks(houses: Buildings, ward_names: Column, words: dict[str, Any]) -> Named:
    """The landmarks among the buildings, each with a name; schools and clinics are numbered."""
    found: list[Named] = []
    for kind in _KEPT:
        xy = houses.centre[houses.use == kind]
        found.append(named(xy, words[kind][: len(xy)], kind))
    mosques = houses.centre[houses.use == "mosque"]
    names = [f"Masjid {name}" for name in words["mosque"][: len(mosques)]]
    found.append(named(mosques, names, "mosque", [name.removeprefix("Masjid ") for name in names]))
    clinics = np.flatnonzero(houses.use == "clinic")
    found.append(named(houses.centre[clinics], _clinics(ward_names[clinics]), "clinic"))
    schools = houses.centre[houses.use == "school"]
    names = _schools(len(schools))
    found.append(named(schools, names, "school", [_long_school(name) for name in names]))
    return together(found)


def _clinics(wards: Column) -> list[str]:
    """Health centres bear the name of their ward, further ones in it a number."""
    met: dict[str, int] = {}
    names: list[str] = []
    for ward in wards:
        met[ward] = met.get(ward, 0) + 1
        names.append(f"Puskesmas {ward}" + (f" {met[ward]}" if met[ward] > 1 else ""))
    return names


def _schools(count: int) -> list[str]:
    """Six in ten are primary schools; each kind is numbered."""
    kinds = [_SCHOOLS[i % 10] for i in range(count)]
    return [f"{kind} {1 + kinds[:i].count(kind)}" for i, kind in enumerate(kinds)]


def _long_school(name: str) -> str:
    for short, long in (("SDN", "SD Negeri"), ("SMPN", "SMP Negeri"), ("SMAN", "SMA Negeri")):
        name = name.replace(short, long)
    return name


@dataclass(frozen=True, slots=True, eq=False)
class Shelters:
    at: Named
    capacity: NDArray[np.int64]
    elevation_m: Points


def shelters(rng: Generator, known: Named, height_m: Points) -> Shelters:
    """Halls, and the schools and mosques on the higher ground, where people can sleep."""
    high = height_m > np.quantile(height_m, 0.35)
    chosen = (known.kind == "sports hall") | (
        high & np.isin(known.kind, ("school", "mosque")) & (np.arange(len(known)) % 4 == 1)
    )
    at = known.where(chosen)
    base = np.select([at.kind == "sports hall", at.kind == "school"], [900, 320], 160)
    capacity = (base * rng.uniform(0.7, 1.3, len(at)) / 10).astype(np.int64) * 10
    return Shelters(at, capacity, np.round(height_m[chosen], 1))


def pump_stations(rng: Generator, plan: Plan, waters: Waters, names: list[str]) -> Named:
    """Pumps on the banks where the city is low and dense, downstream first."""
    spots: list[Points] = []
    for channel, bed in zip(waters.channels, waters.beds, strict=True):
        bank = shapely.segmentize(LineString(channel.line), 25)
        offset = 11 + max(channel.width_m) * 0.62
        both = shapely.offset_curve(bank, [offset, -offset])
        beside = shapely.get_coordinates(both)[::3]
        spots.append(beside[~shapely.contains_xy(bed.buffer(3), beside[:, 0], beside[:, 1])])
    xy = np.concatenate(spots)
    dry = shapely.contains_xy(waters.land.buffer(-5), xy[:, 0], xy[:, 1])
    xy = xy[dry & (density(plan, xy) > 0.45)]
    xy = xy[np.argsort(xy[:, 1] + rng.uniform(0, 250, len(xy)))]
    chosen = [xy[0]]
    for spot in xy:
        if len(chosen) < len(names) and np.hypot(*(np.array(chosen) - spot).T).min() > 420:
            chosen.append(spot)
    return named(np.array(chosen), names, "pump")


def street_places(lines: Any, name: Column) -> Named:
    """One place for each street name, in the middle of its longest piece."""
    length = shapely.length(lines)
    order = np.lexsort((-length, name.astype(str)))
    first = order[np.unique(name[order].astype(str), return_index=True)[1]]
    middle = shapely.get_coordinates(shapely.point_on_surface(lines[first]))
    alias = [_short(n) for n in name[first]]
    return named(middle, name[first], "street", alias)


def _short(name: str) -> str:
    """What people say and write instead: Jl Kenanga; Jl. Kenanga; Kenanga."""
    kind, bare = name.split(" ", 1)
    short = {"Jalan": "Jl", "Gang": "Gg"}[kind]
    return f"{short} {bare}; {short}. {bare}; {bare}"


def junctions(plan: Plan, names: list[str]) -> Named:
    """Where the planned roads meet."""
    lines = [LineString(road.line) for road in plan.roads]
    found: list[Points] = []
    for i, line in enumerate(lines):
        for other in lines[:i]:
            meeting = shapely.intersection(line.buffer(25), other)
            if not meeting.is_empty:
                xy = shapely.get_coordinates(meeting.centroid)[0]
                if all(np.hypot(*(xy - known)) > 150 for known in found):
                    found.append(xy)
    return named(np.array(found), names[: len(found)], "junction")


def kampungs(rng: Generator, plan: Plan, houses: Buildings, names: list[str]) -> Named:
    """Neighbourhood names on houses well apart, the densest parts first."""
    some = rng.choice(np.flatnonzero(houses.use == "house"), 1500, replace=False)
    xy = houses.centre[some]
    xy = xy[np.argsort(-density(plan, xy) - rng.uniform(0, 0.5, len(xy)))]
    chosen = [xy[0]]
    for spot in xy:
        if len(chosen) < len(names) and np.hypot(*(np.array(chosen) - spot).T).min() > 420:
            chosen.append(spot)
    return named(np.array(chosen), names, "kampung")
