"""What a chart shows of one sensor: its readings, its limits, its alarms, and where it is going."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from desktop.charts.episodes import Episode, episodes
from gis.model.record import Quality
from gis.model.sensor import Alarm, AlarmRule, Measure, Sensor, Suppression
from gis.sensors.trend import Arrival, Trend, trend
from gis.store import Query, Series

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
LOOK_BACK = timedelta(hours=12)  # before the newest reading
FRESH = 2.5  # expected intervals after which the newest readings say nothing of what is to come
GAP = 4.0  # expected intervals: more than three reports are missing


@dataclass(frozen=True, eq=False)
class Course:
    """One sensor, its readings, its rules, its alarms and what withheld them, at `now` (UTC)."""

    sensor: Sensor
    series: Series
    rules: tuple[AlarmRule, ...]
    alarms: tuple[Alarm, ...]
    now: datetime
    past: bool = False  # `now` is an earlier instant
    withheld: tuple[Suppression, ...] = ()

    @cached_property
    def trend(self) -> Trend | None:
        """Where the newest good readings are going; None when they are too few, or too old to say."""
        found = trend(self.series)
        if found is None:
            return None
        late = self.now.timestamp() - found.at_us / 1e6
        return found if late <= FRESH * self.sensor.expected_every_s else None

    @cached_property
    def coming(self) -> tuple[AlarmRule, Arrival] | None:
        """The limit that would be reached next, and when; None when it is not rising to any."""
        if self.trend is None:
            return None
        above = [rule for rule in self.rules if rule.raise_at > self.trend.value and _is_reached(rule)]
        rule = min(above, key=lambda rule: rule.raise_at, default=None)
        arrival = rule and self.trend.until(rule.raise_at, self.now)
        return (rule, arrival) if rule and arrival else None

    @property
    def limits(self) -> list[AlarmRule]:
        """The rules that are a line across the values, the highest first."""
        lines = [rule for rule in self.rules if rule.measure is Measure.VALUE]
        return sorted(lines, key=lambda rule: -rule.raise_at)

    @cached_property
    def episodes(self) -> list[Episode]:
        return episodes(self.alarms, self.rules, self.withheld, self.now)


def _is_reached(rule: AlarmRule) -> bool:
    """A rise leads to it."""
    return rule.measure is Measure.VALUE and not rule.falling


def course_of(query: Query, sensor_id: str, *, past: bool = False) -> Course | None:
    """The newest half day of a sensor at the moment of this look; None when there was no such sensor."""
    sensor = query.known(Sensor, sensor_id)
    if sensor is None:
        return None
    latest = query.latest().get(sensor_id)
    newest = query.at if latest is None else min(query.at, latest.at)
    rules = query.find(AlarmRule, sensor_id=sensor_id)
    return Course(
        sensor,
        query.series(sensor_id, newest - LOOK_BACK, query.at),
        tuple(rules),
        tuple(query.find(Alarm, sensor_id=sensor_id)),
        query.at,
        past,
        tuple(withheld(query, sensor_id, rules)),
    )


def withheld(query: Query, sensor_id: str, rules: Sequence[AlarmRule]) -> list[Suppression]:
    """What kept alarms of a sensor, or of one of its rules, from ringing."""
    found = query.find(Suppression, sensor_id=sensor_id)
    return found + [each for rule in rules for each in query.find(Suppression, rule_id=rule.id)]


def trace(series: Series, gap_s: float) -> Points:
    """Good readings as (seconds UTC, value), with a NaN wherever more than `gap_s` lies between two."""
    good = series.quality == Quality.GOOD
    at, value = series.at_us[good] / 1e6, series.value[good]
    breaks = np.flatnonzero(np.diff(at) > gap_s) + 1
    middle = (at[breaks] + at[breaks - 1]) / 2 if len(breaks) else at[:0]
    return np.insert(at, breaks, middle), np.insert(value, breaks, np.nan)


def doubtful(series: Series) -> Points:
    """Readings that quality control marked, as (seconds UTC, value)."""
    bad = series.quality != Quality.GOOD
    return series.at_us[bad] / 1e6, series.value[bad]
