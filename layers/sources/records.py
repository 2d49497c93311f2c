"""What the operation itself knows at the moment looked at: sensors with their values, alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from shapely import Point

from gis.geo.crs import transform
from gis.geo.features import WGS84, Features, Shape
from gis.geo.shapes import from_shapely
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Sensor, Suppression
from gis.progress import Progress
from gis.store import Query
from gis.store.moment import Moment
from gis.store.questions import Level, Ringing, levels_of, standing_of, withheld
from gis.texts import _
from gis.words.terms import figure
from layers.sources.base import Extent
from layers.sources.kept import Kept


@dataclass(frozen=True, slots=True)
class Dot:
    """One record as a point of the map: its id, place (WGS84) and columns."""

    id: str
    lon: float
    lat: float
    columns: Mapping[str, Any]


class SensorSource:
    """Every sensor with what it said last, and whether alarms of it are kept quiet."""

    kinds: frozenset[type] = frozenset({Sensor, Reading, AlarmRule, Alarm, Suppression})
    origin: Mapping[str, str] = {"kind": "sensors"}

    def __init__(self, moment: Moment) -> None:
        self._moment, self._kept = moment, Kept()

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        with self._moment.reading() as query:
            sensors, rules = self._kept.find(query, Sensor), self._kept.find(query, AlarmRule)
            found, now, quiet = levels_of(query, sensors, rules), query.at, _quiet(query, rules)
        progress.step(1, 2)
        seen = (level for level in found if not level.sensor.place.is_empty)
        return dots([_sensor(level, now, level.sensor.id in quiet) for level in seen], crs)


class AlarmSource:
    """Alarms that still stand, at their sensors; hollow once somebody has put a name to them. What is kept
    quiet has no mark of its own: its sensor says so."""

    kinds: frozenset[type] = frozenset({Alarm, Sensor, Suppression})
    origin: Mapping[str, str] = {"kind": "alarms"}

    def __init__(self, moment: Moment) -> None:
        self._moment, self._kept = moment, Kept()

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        with self._moment.reading() as query:
            sensors = self._kept.find(query, Sensor, void=None)
            found = standing_of(query, sensors, self._kept.find(query, AlarmRule, void=None))
        progress.step(1, 2)
        exercise = self._moment.operation.exercise
        seen = (r for r in found if not (r.is_quiet or r.sensor.place.is_empty))
        return dots([_alarm(r, exercise) for r in seen], crs)


def dots(found: Sequence[Dot], crs: int) -> tuple[Features, ...]:
    """Points of `crs` from dots that all have the same columns; those the CRS cannot show are left out."""
    xy = transform(np.array([(dot.lon, dot.lat) for dot in found], np.float64).reshape(-1, 2), WGS84, crs)
    seen = np.flatnonzero(np.isfinite(xy).all(axis=1))
    found = [found[int(i)] for i in seen]
    n = len(found)
    names = list(found[0].columns) if found else []
    columns = {name: np.array([dot.columns[name] for dot in found], object) for name in names}
    ids = np.array([dot.id for dot in found], object)
    return (Features(Shape.POINT, xy[seen], np.arange(n + 1), np.arange(n + 1), ids, columns, crs),)


def outlines(found: Sequence[Incident], crs: int) -> tuple[Features, ...]:
    """The lines and areas of incidents, in `crs`, each with its `severity`; none that the CRS cannot show."""
    wide = [each for each in found if not isinstance(each.place, Point)]
    places = np.array([each.place for each in wide], object)
    moved = np.array([shapely.transform(place, lambda xy: transform(xy, WGS84, crs)) for place in places])
    seen = [n for n, place in enumerate(moved) if np.isfinite(shapely.get_coordinates(place)).all()]
    if not seen:
        return ()
    ids = np.array([wide[n].id for n in seen], object)
    severity = np.array([wide[n].severity.priority for n in seen], np.int64)
    return from_shapely(moved[seen], ids=ids, columns={"severity": severity}, crs=crs)


def _quiet(query: Query, rules: Sequence[AlarmRule]) -> set[str]:
    """The sensors of which an alarm is shelved, out of service or suppressed by design."""
    kept, silenced = withheld(query), query.find(Alarm, returned_at=None, suppressed=True)
    named = {rule.sensor_id for rule in rules if kept.on(rule)} if kept.all else set[str]()
    return named | {each.sensor_id for each in kept.all if each.sensor_id} | {a.sensor_id for a in silenced}


def _sensor(level: Level, now: datetime, quiet: bool) -> Dot:
    silent = level.is_silent(now)
    value = _value(level, now, silent)
    return Dot(
        level.sensor.id,
        level.sensor.place.x,
        level.sensor.place.y,
        {
            "label": _("{value}, kept quiet").format(value=value) if quiet else value,
            "severity": 0 if silent or level.over is None else level.over.severity.priority,
            "hollow": int(silent),
            "name": level.sensor.name,
            "quantity": str(level.sensor.quantity),
        },
    )


def _value(level: Level, now: datetime, silent: bool) -> str:
    """The latest value as people read it; one too old to trust says how old it is."""
    if level.reading is None:
        return _("no value")
    value = f"{figure(level.reading.value)} {level.sensor.unit}"
    if not silent:
        return value
    minutes = max(0, int((now - level.reading.at).total_seconds() // 60))
    if minutes < 120:
        return _("{value}, {minutes} min ago").format(value=value, minutes=minutes)
    return _("{value}, {hours} h ago").format(value=value, hours=minutes // 60)


def _alarm(ringing: Ringing, exercise: bool) -> Dot:
    return Dot(
        ringing.alarm.id,
        ringing.sensor.place.x,
        ringing.sensor.place.y,
        {
            "label": ringing.rule.level,
            "severity": ringing.alarm.severity.priority,
            "hollow": int(ringing.alarm.state is AlarmState.ACKED),
            "exercise": int(exercise),
            "name": ringing.sensor.name,
            "state": str(ringing.alarm.state),
        },
    )
