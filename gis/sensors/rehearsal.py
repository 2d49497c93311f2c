"""A set of rules over recorded readings: which alarms would have rung, and how that compares with what was.

The same judgement as at a desk (`quality.marked`, `alarms.run`), over whole recordings at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from gis.model.record import Readings, from_us, to_us
from gis.model.sensor import Alarm, Measure, Sensor
from gis.progress import Progress
from gis.sensors import alarms
from gis.sensors.logic import Logic
from gis.sensors.quality import Gauges, blank, marked
from gis.store.readings.chunks import Series
from gis.texts import _

_MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Label:
    """What truly was, called `name`, from when to when (UTC); `sensors` are those that should have told of
    it, None any. Nothing else was."""

    begin: datetime
    end: datetime
    sensors: frozenset[str] | None = None
    name: str = ""

    def covers(self, alarm: Alarm, early: timedelta) -> bool:
        """Did the alarm ring during this, or not longer before than `early`?"""
        rang = alarm.raised_at
        here = self.sensors is None or alarm.sensor_id in self.sensors
        return here and rang is not None and self.begin - early <= rang <= self.end


@dataclass(frozen=True, slots=True)
class Compared:
    """Alarms beside what truly was: `right` ones, `false` ones, and what was `missed` altogether."""

    right: tuple[Alarm, ...]
    false: tuple[Alarm, ...]
    missed: tuple[Label, ...]


def rehearse(
    logics: Sequence[Logic], readings: Mapping[str, Series], until: datetime, progress: Progress
) -> list[Alarm]:
    """Every alarm that would have begun by `until` (UTC), by time: those that rang, and those that ended
    before (`raised_at` None).

    `readings` by id of the sensor, each by time and value, with their doubts (`doubted` finds them). Readings
    later than `until` are not known. Raises `Cancelled`.
    """
    found: list[Alarm] = []
    known = {key: series.between(None, to_us(until)) for key, series in readings.items()}
    for number, logic in enumerate(logics):
        progress.step(number, len(logics), _("Rehearsing the rules"))
        if logic.rule.measure is Measure.SILENCE:
            found += _silences(logic, known, until)
        else:
            found += alarms.run(logic.rule, None, logic.course(known))
    return sorted(found, key=lambda alarm: alarm.raised_at or alarm.since)


def doubted(sensors: Iterable[Sensor], readings: Mapping[str, Series], now: datetime) -> dict[str, Series]:
    """Readings with the doubts a desk would have had as they came; those they carry stay."""
    return {
        sensor.id: _doubted(sensor, readings[sensor.id], now) for sensor in sensors if sensor.id in readings
    }


def _doubted(sensor: Sensor, series: Series, now: datetime) -> Series:
    which = np.zeros(len(series), np.int32)
    said = Readings((sensor.id,), which, series.at_us, series.value, series.quality)
    judged = marked(Gauges.of([sensor]), said, now, blank(1)).readings
    return replace(series, quality=judged.quality)


def _silences(logic: Logic, readings: Mapping[str, Series], until: datetime) -> list[Alarm]:
    """A sensor rings once it has not reported for so many minutes, and returns with its next report."""
    heard = logic.course(readings).at_us[logic.course(readings).own]
    if not len(heard) or logic.rule.void:
        return []
    ends = np.append(heard[1:], to_us(until))
    begins = heard + int(logic.rule.raise_at * _MINUTE_US)
    rang = np.flatnonzero(begins < ends)
    return [
        Alarm(
            rule_id=logic.rule.id,
            sensor_id=logic.rule.sensor_id,
            severity=logic.rule.severity,
            since=from_us(int(begins[n])),
            raised_at=from_us(int(begins[n])),
            peak=float((ends[n] - heard[n]) / _MINUTE_US),
            returned_at=from_us(int(ends[n])) if n + 1 < len(heard) else None,
            latch=logic.rule.latch,
        )
        for n in rang.tolist()
    ]


def compared(
    rang: Iterable[Alarm], labels: Sequence[Label], early: timedelta = timedelta(hours=1)
) -> Compared:
    """Alarms that rang, held against what truly was. One that rang up to `early` before it began is right: it
    was a warning."""
    heard = [alarm for alarm in rang if alarm.raised_at is not None]
    right = [alarm for alarm in heard if any(label.covers(alarm, early) for label in labels)]
    false = [alarm for alarm in heard if not any(label.covers(alarm, early) for label in labels)]
    missed = [label for label in labels if not any(label.covers(alarm, early) for alarm in heard)]
    return Compared(tuple(right), tuple(false), tuple(missed))
