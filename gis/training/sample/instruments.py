"""The instruments of the city, the limits set on them, and what they reported through the night."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.random import Generator
from shapely import LineString, Point

from gis.model.incident import Severity
from gis.training.sample.city import City
from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points
from gis.training.sample.flow import Flow

GAUGE_S, RAIN_S, PUMP_S = 300, 600, 300
RAIN_GAUGES = 18
_LEVELS = (
    ("Siaga 3", Severity.MODERATE, 0.64),
    ("Siaga 2", Severity.SEVERE, 0.82),
    ("Siaga 1", Severity.EXTREME, 0.98),
)
_SURGE = (
    ("Rob 3", Severity.MODERATE, 0.8),
    ("Rob 2", Severity.SEVERE, 0.98),
    ("Rob 1", Severity.EXTREME, 1.15),
)


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """An instrument at `xy` in the projected CRS; `truth` is what it would report if nothing were wrong
    with it, one value each `every_s` from the start of the night."""

    key: str
    name: str
    quantity: str
    unit: str
    every_s: int
    low: float
    high: float
    xy: Points
    truth: Points


@dataclass(frozen=True, slots=True)
class Limit:
    """A line of rules.csv."""

    key: str
    level: str
    severity: Severity
    raise_at: float
    clear_below: float
    hold_s: int


def hours(night: dict[str, Any], every_s: int) -> Points:
    """The times of the reports, in hours from the start."""
    return np.arange(0, night["hours"] * 3600 + 1, every_s) / 3600


def gauges(rng: Generator, city: City, flow: Flow, night: dict[str, Any]) -> list[Instrument]:
    """River gauges in metres above their zero, and the tide gauge in metres above mean sea level."""
    hour, made = hours(night, GAUGE_S), []
    rivers = {river.name: river for river in flow.rivers}
    for gauge in night["gauges"]:
        river = rivers.get(gauge["water"])
        if river is None:
            xy, truth, low = _quay(city), flow.sea(hour), -2.0
        else:
            at_m = gauge["share"] * river.length_m
            xy = shapely.get_coordinates(LineString(river.line).interpolate(at_m))[0]
            truth, low = flow.stage(river, np.full(len(hour), at_m), hour), 0.0
        truth = np.round(truth + rng.normal(0, 0.012, len(hour)), 2)
        made.append(
            Instrument(gauge["key"], gauge["name"], "water level", "m", GAUGE_S, low, 6.0 + low, xy, truth)
        )
    return made


def _quay(city: City) -> Points:
    """A place in the water just off the port."""
    port = next(r for r in city.plan.reserves if r.kind == "port")
    coast = shapely.shortest_line(city.waters.sea.buffer(-40), Point(port.outline[:-1].mean(axis=0)))
    return shapely.get_coordinates(coast)[0]


def rain_gauges(rng: Generator, city: City, night: dict[str, Any]) -> list[Instrument]:
    """Rain in mm/h, the mean of ten minutes: heavy over the hills first, later over the city."""
    hour, made = hours(night, RAIN_S), []
    west, south, east, north = city.plan.sheet
    for i, ward in enumerate(_spread(city, RAIN_GAUGES), start=1):
        xy = shapely.get_coordinates(shapely.point_on_surface(city.wards.shapes[ward]))[0]
        inland, eastward = (xy[1] - south) / (north - south), (xy[0] - west) / (east - west)
        rain = np.zeros(len(hour))
        for at, peak, wide, coast in night["bursts"]:
            share = coast + (1 - coast) * inland
            centre = at + 0.5 * (1 - inland) + 0.2 * eastward + rng.normal(0, 0.06)
            rain += peak * share * rng.uniform(0.85, 1.15) * np.exp(-0.5 * ((hour - centre) / wide) ** 2)
        rain *= rng.lognormal(0, 0.22, len(hour))
        truth = np.round(np.where(rain < 0.3, 0, rain) / 0.2) * 0.2
        name = f"Hujan {city.wards.name[ward]}"
        made.append(
            Instrument(f"RAIN-{i:02d}", name, "rain", "mm/h", RAIN_S, 0.0, 250.0, xy, np.round(truth, 1))
        )
    return made


def _spread(city: City, count: int) -> list[int]:
    """Wards far from each other, the northernmost first."""
    centre = shapely.get_coordinates(shapely.centroid(city.wards.shapes))
    chosen = [int(np.argmax(centre[:, 1]))]
    while len(chosen) < count:
        gap = np.min([np.hypot(*(centre - centre[i]).T) for i in chosen], axis=0)
        chosen.append(int(np.argmax(gap)))
    return sorted(chosen, key=lambda i: -centre[i, 1])


def pumps(rng: Generator, city: City, flow: Flow, night: dict[str, Any]) -> list[Instrument]:
    """The current of each pump in ampere: 0 when it stands, more when it labours against high water."""
    hour, made = hours(night, PUMP_S), []
    start = datetime.fromisoformat(night["start"])
    for i, (xy, name) in enumerate(zip(city.pumps.xy, city.pumps.name, strict=True), start=1):
        key = f"POMPA-{i:02d}"
        away = [LineString(river.line).distance(Point(xy)) for river in flow.rivers]
        river = flow.rivers[int(np.argmin(away))]
        at_m = LineString(river.line).project(Point(xy))
        over = flow.over_bank(river, np.full(len(hour), at_m), hour)
        runs = over > rng.uniform(-1.5, -1.2)
        truth: Points = np.where(
            runs, 84 + 9 * np.clip(over + 1.2, 0, 2) + rng.normal(0, 1.3, len(hour)), 0.0
        )
        for stop in night["stops"]:
            if stop["key"] == key:
                down, up = (hour_of(start, stop[when]) for when in ("from", "to"))
                truth[(hour >= down) & (hour < up)] = 0
                labour = (hour >= down - 0.5) & (hour < down) & (truth > 0)
                truth[labour] += np.linspace(8, 34, int(labour.sum()))
        made.append(Instrument(key, name, "pump", "A", PUMP_S, 0.0, 160.0, xy, np.round(truth, 1)))
    return made


def hour_of(start: datetime, clock: str) -> float:
    """Hours from the start until the clock next shows `clock` ("03:42")."""
    at = start.replace(hour=int(clock[:2]), minute=int(clock[3:]))
    return ((at - start) % timedelta(days=1)).total_seconds() / 3600


def limits(instruments: list[Instrument], flow: Flow, night: dict[str, Any]) -> list[Limit]:
    """Alert levels of every gauge after the height of its bank, cloudbursts, labouring pumps."""
    rivers = {river.name: river for river in flow.rivers}
    found: list[Limit] = []
    for gauge in night["gauges"]:
        river = rivers.get(gauge["water"])
        for level, severity, share in _LEVELS if river else _SURGE:
            bank = river.bank_m[0] + (river.bank_m[1] - river.bank_m[0]) * gauge["share"] if river else 1.0
            at = round(bank * share * 20) / 20
            found.append(Limit(gauge["key"], level, severity, at, round(at - 0.1, 2), 300))
    for instrument in instruments:
        if instrument.quantity == "rain":
            found.append(Limit(instrument.key, "Hujan ekstrem", Severity.MODERATE, 50.0, 30.0, 600))
        if instrument.quantity == "pump":
            found.append(Limit(instrument.key, "Arus lebih", Severity.MODERATE, 112.0, 104.0, 300))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What one instrument sent: hours from the start, and the values as it sent them."""

    instrument: Instrument
    hour: Points
    value: Points


def reports(rng: Generator, instruments: list[Instrument], night: dict[str, Any]) -> list[Report]:
    """The truth with the faults of the night: a report lost here and there, and what `faults` lists."""
    start = datetime.fromisoformat(night["start"])
    sent: list[Report] = []
    for instrument in instruments:
        hour, value = hours(night, instrument.every_s), instrument.truth.copy()
        heard = rng.uniform(size=len(hour)) > 0.008
        for fault in night["faults"]:
            if fault["key"] == instrument.key:
                since = hour_of(start, fault["from"])
                until = hour_of(start, fault["to"]) if "to" in fault else float(night["hours"] + 1)
                during = np.flatnonzero((hour >= since - 1e-9) & (hour < until))
                _break(fault, during, value, heard)
        sent.append(Report(instrument, hour[heard], value[heard]))
    return sent


def _break(fault: dict[str, Any], during: Any, value: Points, heard: Any) -> None:
    match fault["kind"]:
        case "stuck":
            value[during] = value[during[0]]
        case "silent" | "gap":
            heard[during] = False
        case _:
            value[during[0]], heard[during[0]] = fault["value"], True
