"""Readings against the limits that were set: which alarms begin, go on, return."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gis.model.record import Quality, Readings, to_us
from gis.model.sensor import Alarm, AlarmRule
from gis.ops.watch import Posted
from gis.ops.woven import decided
from gis.sensors.alarms import belated, course, run, told_late
from gis.sensors.measures import believed
from gis.store import Tx
from gis.store.readings.chunks import Series
from gis.store.readings.tail import NEVER


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Readings of one set of sensors, in any order: those that no rule has seen yet, and those that came in
    for a time up to which the rules had seen (`until_us`, by sensor, microseconds UTC)."""

    fresh: Readings
    late: Readings
    until_us: Mapping[str, int]

    def until(self, sensor_id: str) -> int:
        return self.until_us.get(sensor_id, NEVER)


def compared(tx: Tx, posted: Posted, heard: Heard) -> list[Alarm]:
    """Put what the readings make of the alarms; returns those that moved, as they are now.

    Of several good values for one instant the greatest counts, also when it comes after the others. A
    reading that is older than what the rules have seen and over a limit raises its alarm, for nobody has
    heard of it; it begins to ring when it came in, and says that it came late. When a newer good reading
    says that it is over, it does not ring: the excursion is in the chart, and there is nothing to do.
    A value that came late returns an alarm when none that is newer is over the limit.
    """
    fresh, late = _Courses(heard.fresh), _Courses(heard.late)
    standing = {alarm.rule_id: alarm for alarm in tx.find(Alarm, returned_at=None)}
    moved: dict[str, Alarm] = {}
    for no, sensor_id in enumerate(heard.fresh.sensors):
        for rule in posted.plain.get(sensor_id, ()):
            alarm = standing.get(rule.id)
            if late.concern(no, rule, alarm):
                after = _after_late(tx, rule, alarm, late.of(no), heard.until(sensor_id))
                moved |= {each.id: each for each in after}
                alarm = after[-1] if after else alarm
            if fresh.concern(no, rule, alarm):
                moved |= {each.id: each for each in run(rule, alarm, course(rule, fresh.of(no)))}
    if posted.woven:
        moved |= {
            each.id: each for each in decided(tx, posted, heard.fresh + heard.late, heard.until_us, standing)
        }
    _note_seen(tx, heard.fresh)
    return tx.put_all([*moved.values()])


class _Courses:
    """What is believed of many sensors' readings, and the least that tells whether it concerns a rule."""

    def __init__(self, readings: Readings) -> None:
        good = readings.take(np.flatnonzero(readings.quality == 0))
        good = good.take(np.lexsort((good.value, good.at_us, good.which)))
        self._at_us, self._value = good.at_us, good.value
        count = len(readings.sensors)
        self._bounds = np.searchsorted(good.which, np.arange(count + 1))
        self._most = np.full(count, -np.inf)
        np.maximum.at(self._most, good.which, good.value)

    def concern(self, no: int, rule: AlarmRule, alarm: Alarm | None) -> bool:
        """Can these readings begin or move the alarm of a rule?"""
        if alarm is None or alarm.returned_at is not None:
            return bool(self._most[no] >= rule.raise_at) and not rule.void
        start, stop = self._bounds[no : no + 2]
        return bool(start < stop and self._at_us[stop - 1] >= to_us(alarm.since))

    def of(self, no: int) -> Series:
        span = slice(*self._bounds[no : no + 2])
        at_us = self._at_us[span]
        return believed(Series(at_us, self._value[span], np.zeros(len(at_us), np.uint8)))


def _after_late(tx: Tx, rule: AlarmRule, alarm: Alarm | None, late: Series, until_us: int) -> list[Alarm]:
    """The alarm of a rule in the light of late readings, all that was seen since read again."""
    stands = alarm is not None and alarm.returned_at is None
    since = to_us(alarm.since) if alarm and stands else int(late.at_us[late.value >= rule.raise_at][0])
    stored = tx.sight.after({rule.sensor_id: since - 1})[rule.sensor_id]
    moved = belated(rule, alarm, course(rule, believed(stored.between(None, until_us))))
    if stands:
        return moved
    return [each if to_us(each.since) >= until_us else told_late(each, tx.at) for each in moved]


def _note_seen(tx: Tx, readings: Readings) -> None:
    """The rules have seen these; a time from the future must not hide what is still to come."""
    seen = readings.take(np.flatnonzero(readings.quality & int(Quality.CLOCK) == 0))
    newest = np.full(len(readings.sensors), NEVER)
    np.maximum.at(newest, seen.which, seen.at_us)
    tx.judge({readings.sensors[no]: int(newest[no]) for no in np.unique(seen.which).tolist()})
