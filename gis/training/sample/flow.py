"""The water of the night: how high it stands in every river, and how deep over the ground beside it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.training.sample.curves import Points, chainage, distance_along, spaced
from gis.training.sample.terrain import Terrain
from gis.training.sample.water import Waters

_STEP_H = 1 / 12
_BACKWATER_M = 2600.0  # how far up the tide is felt: 1/e of it is left there
_SLOPE_LOSS = 0.0024  # metres of water lost for each metre away from the bank
_REACH_M = 1500.0


@dataclass(frozen=True, slots=True, eq=False)
class River:
    """One river in the night; `stations` are metres along `line`, `bank_z` the ground beside it there."""

    name: str
    line: Points
    stations: Points
    bank_z: Points
    dry_m: float
    rise_m: tuple[float, float]
    bank_m: tuple[float, float]
    enters_h: float
    speed_kmh: float

    @property
    def length_m(self) -> float:
        return float(self.stations[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """The true state of the water; hours count from the start of the night."""

    rivers: tuple[River, ...]
    wave: Points
    tide: dict[str, float]

    def sea(self, hour: Points) -> Points:
        """Metres above mean sea level: the half-day tide, on it a little of the full day and of the wind."""
        phase = hour - self.tide["high_at_h"]
        level = np.cos(2 * np.pi * phase / 12.42) + 0.28 * np.cos(2 * np.pi * phase / 24.84)
        surge = 0.16 * np.exp(-((phase + 0.5) ** 2) / 18)
        return self.tide["mean_m"] + self.tide["range_m"] / 1.28 * level + surge

    def stage(self, river: River, at_m: Points, hour: Points) -> Points:
        """Metres above the zero of a gauge `at_m` along the river: dry weather, flood wave and tide."""
        share = at_m / river.length_m
        delay = river.enters_h + at_m / 1000 / river.speed_kmh
        rise = river.rise_m[0] + (river.rise_m[1] - river.rise_m[0]) * share
        flood = np.interp(hour - delay, np.arange(len(self.wave)) * _STEP_H, self.wave, left=0)
        tide = np.exp((at_m - river.length_m) / _BACKWATER_M) * 0.55 * self.sea(hour)
        return river.dry_m + rise * flood + tide

    def over_bank(self, river: River, at_m: Points, hour: Points) -> Points:
        """Metres of water above the bank there; negative while the river keeps to its bed."""
        bank = river.bank_m[0] + (river.bank_m[1] - river.bank_m[0]) * at_m / river.length_m
        return self.stage(river, at_m, hour) - bank

    def shores(self, terrain: Terrain, xy: Points) -> "Shores":
        """Where the (n, 2) places lie beside each river: reckoned once, asked for any hour."""
        where = [chainage(spaced(river.line, 60), xy) for river in self.rivers]
        return Shores(xy, terrain.at(xy), [at_m for at_m, _ in where], [away for _, away in where])

    def depth(self, shores: "Shores", hour: float) -> Points:
        """Metres of water over the ground at each place; 0 where it is dry."""
        best = np.zeros(len(shores.ground))
        for river, at_m, away in zip(self.rivers, shores.at_m, shores.away_m, strict=True):
            over = self.over_bank(river, at_m, np.full(len(at_m), hour))
            surface = np.interp(at_m, river.stations, river.bank_z) + over - _SLOPE_LOSS * away
            reached = (away < _REACH_M) & (over > 0)
            best = np.maximum(best, np.where(reached, surface - shores.ground, 0.0))
        return best


@dataclass(frozen=True, slots=True, eq=False)
class Shores:
    """Places with, for each river, how far along it they lie and how far from it, in metres."""

    xy: Points
    ground: Points
    at_m: list[Points]
    away_m: list[Points]


def night_flow(waters: Waters, terrain: Terrain, night: dict[str, Any]) -> Flow:
    """The water of the night that resources/sample/night.toml describes."""
    given = {river.pop("water"): river for river in night["rivers"]}
    rivers = [
        River(c.name, c.line, distance_along(c.line), _bank(c.line, terrain), **_pairs(given[c.name]))
        for c in waters.channels
    ]
    return Flow(tuple(rivers), _wave(night["bursts"], night["hours"]), night["tide"])


def _pairs(river: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in river.items()}


def _bank(line: Points, terrain: Terrain) -> Points:
    """The height of the ground on both banks, smoothed along the river, never rising downstream."""
    along = np.gradient(line, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(along[:, 0], along[:, 1])[:, None]
    sides = [terrain.at(line + across * reach) for reach in (-140, -110, 110, 140)]
    ground = np.median(sides, axis=0)
    wide = np.convolve(np.pad(ground, 20, mode="edge"), np.full(41, 1 / 41), mode="valid")
    return np.minimum.accumulate(wide)


def _wave(bursts: list[list[float]], hours: int) -> Points:
    """Rain over the hills turned into a wave of height 1 (gamma unit hydrograph, Nash 1957: k=3, n=4)."""
    hour = np.arange(0, hours, _STEP_H)
    rain = sum(peak * np.exp(-0.5 * ((hour - at) / wide) ** 2) for at, peak, wide, _ in bursts)
    unit = hour**3 * np.exp(-hour / 0.85)
    wave: NDArray[np.float64] = np.convolve(np.asarray(rain), unit)[: len(hour)]
    return wave / wave.max()
