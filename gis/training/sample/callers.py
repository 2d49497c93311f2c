"""What callers said in the night, put where the water was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gis.training.sample.city import City
from gis.training.sample.curves import Points
from gis.training.sample.flow import Flow
from gis.training.sample.instruments import Instrument, hour_of
from gis.training.sample.places import Named

# how deep it is, in metres, before anybody reports water with that severity
WET_M = {1: 0.6, 2: 0.4, 3: 0.25, 4: 0.12}
_NEAR_ENOUGH = 12  # streets that a caller may mean, the nearest ones


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A line of incidents.csv: local time with its offset, place in the projected CRS, water there in m."""

    key: str
    time: datetime
    code: str
    severity: int
    where: str
    xy: Points
    text: str
    affected: int | None
    source: str
    depth_m: float


@dataclass(frozen=True, slots=True)
class Update:
    """A line of updates.csv: what became of the incident `key`."""

    key: str
    time: datetime
    action: str
    field: str
    value: str


def calls(
    rng: Generator, city: City, flow: Flow, instruments: list[Instrument], night: dict[str, Any]
) -> list[Call]:
    """The incidents of the night in order of time; no place is named twice where another is near."""
    start = datetime.fromisoformat(night["start"])
    anchors = {instrument.key: instrument.xy for instrument in instruments}
    shores = flow.shores(city.terrain, city.gazetteer.xy)
    steep = np.hypot(*city.terrain.slope_at(city.gazetteer.xy).T)
    free = np.ones(len(city.gazetteer), bool)
    made: list[Call] = []
    for number, said in enumerate(night["incidents"], start=1):
        hour = hour_of(start, said["time"])
        depth = flow.depth(shores, hour)
        fits = _fits(said, depth, steep, free & _meant(said, city.gazetteer))
        i = _nearest(rng, city.gazetteer.xy, fits, said, anchors)
        free[i] = False
        where, time = str(city.gazetteer.name[i]), start + timedelta(hours=hour)
        made.append(
            Call(
                key=f"N{number:02d}",
                time=time,
                code=said["code"],
                severity=said["severity"],
                where=where,
                xy=city.gazetteer.xy[i],
                text=said["text"].format(place=where),
                affected=said.get("affected"),
                source=said["source"],
                depth_m=float(depth[i]),
            )
        )
    return made


def _meant(said: dict[str, Any], gazetteer: Named) -> NDArray[np.bool_]:
    """The places a caller can mean: a kind of place, or one by its name or the key of its pump."""
    if "pump" in said:
        pump = np.flatnonzero(gazetteer.kind == "pump")[int(said["pump"][-2:]) - 1]
        return np.arange(len(gazetteer)) == pump
    return (gazetteer.kind == said["at"]) | (gazetteer.name == said["at"])


def _fits(
    said: dict[str, Any], depth: Points, steep: Points, meant: NDArray[np.bool_]
) -> NDArray[np.integer]:
    """Of the places meant, those with the water that was reported; where there are none, the wettest."""
    match said.get("water", ""):
        case "wet":
            fits = meant & (depth >= WET_M[said["severity"]])
            best = depth
        case "dry":
            fits, best = meant & (depth == 0), -depth
        case "slope":
            fits, best = meant & (steep > 0.07), steep
        case _:
            fits, best = meant, depth
    if fits.any():
        return np.flatnonzero(fits)
    candidates = np.flatnonzero(meant)
    return candidates[best[candidates] == best[candidates].max()]


def _nearest(
    rng: Generator, xy: Points, fits: NDArray[np.integer], said: dict[str, Any], anchors: dict[str, Points]
) -> int:
    away = np.hypot(*(xy[fits] - anchors.get(said.get("near", ""), xy[fits[0]])).T)
    return int(rng.choice(fits[np.argsort(away)[: _NEAR_ENOUGH if said["at"] == "street" else 1]]))


def updates(night: dict[str, Any]) -> list[Update]:
    """What became of the incidents, in order of time."""
    start = datetime.fromisoformat(night["start"])
    made = [
        Update(
            f"N{update['incident']:02d}",
            start + timedelta(hours=hour_of(start, update["time"])),
            update["action"],
            update.get("field", ""),
            update["value"],
        )
        for update in night["updates"]
    ]
    return sorted(made, key=lambda update: (update.time, update.key))
