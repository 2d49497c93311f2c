"""When do readings raise or return an alarm? Pure: no clock, no store, no surprises.

States and words after ISA-18.2: an alarm rings unacknowledged, is acknowledged by name, returns to
normal; it leaves the list only when it is both returned and acknowledged.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gis.model.record import from_us, to_us
from gis.model.sensor import Alarm, AlarmRule
from gis.store.readings.chunks import Series

_SECOND_US = 1_000_000


def believed(series: Series) -> Series:
    """What limits are compared with, of readings by time and value: no doubtful one, and of an instant the
    greatest."""
    good = series.take(series.quality == 0)
    return good.take(np.append(good.at_us[1:] != good.at_us[:-1], True)) if len(good) else good


def run(rule: AlarmRule, alarm: Alarm | None, course: Series) -> list[Alarm]:
    """The last state of each alarm that these readings (`believed`) start or move, in order of beginning.

    A value between `clear_below` and `raise_at` keeps whatever state there was. Readings from before `alarm`
    began change nothing. A rule that was struck out raises nothing more; an alarm it raised before still
    returns.
    """
    over, below = _over(rule, course), np.flatnonzero(course.value < rule.clear_below)
    moved: list[Alarm] = []
    start = 0
    if alarm is not None and alarm.returned_at is None:
        start = int(np.searchsorted(course.at_us, to_us(alarm.since)))
    else:
        alarm = None
    while start < len(course):
        before, first = alarm, start
        if alarm is None:
            start = _next(over, start, len(course))
            if start == len(course):
                break
            alarm, first = _begun(rule, course, start), start + 1
        end = _next(below, first, len(course))
        alarm = _lasting(rule, alarm, course, slice(start, end))
        if end < len(course):
            alarm = replace(alarm, returned_at=from_us(int(course.at_us[end])))
        if alarm != before:
            moved.append(alarm)
        if end < len(course):
            alarm = None
        start = end + 1
    return moved


def belated(rule: AlarmRule, alarm: Alarm | None, course: Series) -> list[Alarm]:
    """What readings that came late make of the alarm of a rule: at most one alarm is moved.

    `course` is what is `believed` up to the newest reading that the rule has seen, the late ones in their
    places: from the beginning of the alarm on, or from the first late reading when none stands. An alarm
    begins when the values say that it stands now; one that a newer value says is over stays unheard. One
    that stands gains the peak and the time it was held, and returns when nothing newer is over the limit.
    """
    if alarm is None or alarm.returned_at is not None:
        moved = run(rule, None, course)
        return [each for each in moved[-1:] if each.returned_at is None]
    over, below = _over(rule, course), course.value < rule.clear_below
    if len(over):
        below[over[-1] :] = False
        course = course.take(~below)
    return run(rule, alarm, course)


def _over(rule: AlarmRule, course: Series) -> NDArray[np.intp]:
    return np.flatnonzero((course.value >= rule.raise_at) & (not rule.void))


def _next(places: NDArray[np.intp], start: int, otherwise: int) -> int:
    at = int(np.searchsorted(places, start))
    return int(places[at]) if at < len(places) else otherwise


def _begun(rule: AlarmRule, course: Series, start: int) -> Alarm:
    return Alarm(
        rule_id=rule.id,
        sensor_id=rule.sensor_id,
        severity=rule.severity,
        since=from_us(int(course.at_us[start])),
        peak=float(course.value[start]),
    )


def _lasting(rule: AlarmRule, alarm: Alarm, course: Series, part: slice) -> Alarm:
    """The alarm after a part of the course in which it does not return."""
    at_us, value = course.at_us[part], course.value[part]
    if not len(value):
        return alarm
    alarm = replace(alarm, peak=max(alarm.peak, float(value.max())))
    held = int(np.searchsorted(at_us, to_us(alarm.since) + rule.hold_s * _SECOND_US))
    if alarm.raised_at is None and not rule.void and held < len(at_us):
        alarm = replace(alarm, raised_at=from_us(int(at_us[held])))
    return alarm
