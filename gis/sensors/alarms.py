"""When does a reading raise or return an alarm? Pure: no clock, no store, no surprises.

States and words after ISA-18.2: an alarm rings unacknowledged, is acknowledged by name, returns to
normal; it leaves the list only when it is both returned and acknowledged.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule


def step(rule: AlarmRule, alarm: Alarm | None, reading: Reading) -> Alarm | None:
    """The alarm after one more reading; None while nothing is wrong.

    A value between `clear_below` and `raise_at` keeps whatever state there was. A doubtful reading
    neither raises nor returns an alarm; one from before the alarm began changes nothing. A rule that was
    struck out raises nothing more; an alarm it raised before still returns.
    """
    if reading.quality:
        return alarm
    if alarm is None or alarm.returned_at is not None:
        if rule.void or reading.value < rule.raise_at:
            return alarm
        fresh = Alarm(
            rule_id=rule.id,
            sensor_id=rule.sensor_id,
            severity=rule.severity,
            since=reading.at,
            peak=reading.value,
        )
        return fresh if rule.hold_s else replace(fresh, raised_at=reading.at)
    if reading.at < alarm.since:
        return alarm
    if reading.value < rule.clear_below:
        return replace(alarm, returned_at=reading.at)
    held = not rule.void and reading.at - alarm.since >= timedelta(seconds=rule.hold_s)
    raised_at = reading.at if alarm.raised_at is None and held else alarm.raised_at
    return replace(alarm, peak=max(alarm.peak, reading.value), raised_at=raised_at)


def run(rule: AlarmRule, alarm: Alarm | None, readings: Iterable[Reading]) -> list[Alarm]:
    """The last state of each alarm these readings (oldest first) start or move, in order of beginning."""
    moved: dict[str, Alarm] = {}
    for reading in readings:
        after = step(rule, alarm, reading)
        if after is not None and after != alarm:
            moved[after.id] = after
        alarm = after
    return list(moved.values())
