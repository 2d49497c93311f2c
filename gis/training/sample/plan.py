"""The plan of the sample city, read from resources/sample/plan.toml."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gis.training.sample.curves import Points, smooth
from gis.training.sample.given import resource


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """Running water: its centre line from upstream to the sea and its width there and there, in metres."""

    name: str
    kind: str
    line: Points
    width_m: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Lake:
    name: str
    at: Points
    radius_m: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Hill:
    at: Points
    height_m: float
    radius_m: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    name: str
    rank: str
    line: Points


@dataclass(frozen=True, slots=True, eq=False)
class Reserve:
    """Ground with one use; `angle_deg` is how its plots lie."""

    name: str
    kind: str
    outline: Points
    angle_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class Quarter:
    """A part of the city with a building pattern of its own."""

    name: str
    pattern: str
    density: float
    outline: Points
    angle_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class Centre:
    """Where people want to be: half of `weight` is left `reach_m` away."""

    at: Points
    weight: float
    reach_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All coordinates in metres of the projected CRS `epsg`; `sheet` is west, south, east, north."""

    recipe: int
    city: str
    timezone: str
    epsg: int
    sheet: tuple[float, float, float, float]
    coast: Points
    channels: tuple[Channel, ...]
    lakes: tuple[Lake, ...]
    hills: tuple[Hill, ...]
    roads: tuple[Road, ...]
    reserves: tuple[Reserve, ...]
    quarters: tuple[Quarter, ...]
    centres: tuple[Centre, ...]


def read_plan() -> Plan:
    """The plan as it ships with the program."""
    raw = resource("plan")
    origin = np.array(raw["origin_m"], float)

    def metres(points: Any) -> Points:
        return np.asarray(points, float) * 1000 + origin

    width, height = (1000 * km for km in raw["sheet_km"])
    return Plan(
        recipe=raw["recipe"],
        city=raw["city"],
        timezone=raw["timezone"],
        epsg=raw["epsg"],
        sheet=(origin[0], origin[1], origin[0] + width, origin[1] + height),
        coast=smooth(metres(raw["coast"])),
        channels=tuple(
            Channel(w["name"], w["kind"], smooth(metres(w["through"])), tuple(w["width_m"]))
            for w in raw["waters"]
        ),
        lakes=tuple(Lake(k["name"], metres(k["at"]), tuple(k["radius_m"])) for k in raw["lakes"]),
        hills=tuple(Hill(metres(h["at"]), h["height_m"], tuple(h["radius_m"])) for h in raw["hills"]),
        roads=tuple(Road(r["name"], r["class"], smooth(metres(r["through"]))) for r in raw["roads"]),
        reserves=tuple(
            Reserve(r["name"], r["kind"], _outline(metres(r["outline"]), r["kind"]), r.get("angle_deg", 0))
            for r in raw["reserves"]
        ),
        quarters=tuple(
            Quarter(q["name"], q["pattern"], q["density"], metres(q["outline"]), q.get("angle_deg", 0))
            for q in raw["quarters"]
        ),
        centres=tuple(Centre(metres(c["at"]), c["weight"], c["reach_m"]) for c in raw["centres"]),
    )


def _outline(points: Points, kind: str) -> Points:
    ring = np.vstack([points, points[:1]])
    return smooth(ring, 5) if kind in ("park", "mangrove", "pond", "paddy") else ring
