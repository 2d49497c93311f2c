"""When do readings raise or return an alarm? Pure: no clock, no store, no surprises.

States and words after ISA-18.2: an alarm rings unacknowledged, is acknowledged by name, returns to
normal; it leaves the list only when it is both returned and acknowledged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from gis.model.record import from_us, to_us
from gis.model.sensor import Alarm, AlarmRule, Condition, Joining, Measure
from gis.sensors.measures import distinct, in_a_row
from gis.store.readings.chunks import Series
from gis.texts import _

_SECOND_US = 1_000_000
Term = tuple[Condition, Series]  # a condition, and the course of what it looks at


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What a rule sees, instant by instant (`at_us`, microseconds UTC, growing): the `value` it compares, as
    last known; whether that is `past` the limit, and the whole rule `over` it with what else must hold;
    whether it is `clear` of the dead-band; whether the instant is a reading of the rule's `own` sensor;
    whether the rule is `enabled`."""

    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    past: NDArray[np.bool_]
    over: NDArray[np.bool_]
    clear: NDArray[np.bool_]
    own: NDArray[np.bool_]
    enabled: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.at_us)

    def upto(self, until_us: int) -> "Course":
        """What was there at that instant or before."""
        stop = int(np.searchsorted(self.at_us, until_us, "right"))
        return Course(
            self.at_us[:stop],
            self.value[:stop],
            self.past[:stop],
            self.over[:stop],
            self.clear[:stop],
            self.own[:stop],
            self.enabled[:stop],
        )


def course(rule: AlarmRule, measured: Series, terms: Sequence[Term] = ()) -> Course:
    """What a rule sees of its own measure and of its conditions' (`measures.measured`).

    A condition stands as last known. Of which nothing is known yet, a part of the alarm (AND) does not hold,
    and what enables it (ENABLE) does: nobody must miss an alarm because a pump's contact is dead.
    """
    at_us, value = measured.at_us, measured.value
    known = own = np.ones(len(at_us), np.bool_)
    if terms:
        together = np.concatenate([at_us, *(seen.at_us for _condition, seen in terms)])
        at_us = distinct(np.sort(together, kind="stable"))  # of what is in order already, a merge
        value, known, own = _last_known(measured, at_us)
    past, clear = known & _passed(value, rule.raise_at, rule.falling), known & _within(value, rule)
    if rule.measure is Measure.SILENCE:
        clear = clear & own  # a report ends it, and nothing but a report
    over, enabled = past & (not rule.void), np.ones(len(at_us), np.bool_)
    for condition, seen in terms:
        holds, told = _holding(condition, seen, at_us)
        if condition.joining is Joining.AND:
            over, clear = over & holds, clear | (told & ~holds)
        else:
            enabled &= holds | ~told
    return Course(at_us, value, past, over, clear, own, enabled)


def _last_known(
    measured: Series, at_us: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """At each instant, the value as last known, whether any is, and whether it was told just then."""
    last = np.searchsorted(measured.at_us, at_us, "right") - 1
    known = last >= 0
    if not len(measured):
        return np.zeros(len(at_us)), known, known
    return measured.value[last], known, known & (measured.at_us[last] == at_us)


def _passed(value: NDArray[np.float64], at: float, falling: bool) -> NDArray[np.bool_]:
    return value <= at if falling else value >= at


def _within(value: NDArray[np.float64], rule: AlarmRule) -> NDArray[np.bool_]:
    return value > rule.clear_below if rule.falling else value < rule.clear_below


def _holding(
    condition: Condition, seen: Series, at_us: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """At each instant, whether a condition holds and whether anything is known of it."""
    value, told, _own = _last_known(seen, at_us)
    return told & _passed(value, condition.at, condition.falling), told


def run(rule: AlarmRule, alarm: Alarm | None, course: Course, first: int = 0) -> list[Alarm]:
    """The last state of each alarm that the course starts or moves from its place `first` on, in order of
    beginning; what lies before tells how long things have lasted.

    A value between `clear_below` and `raise_at` keeps whatever state there was. Readings from before `alarm`
    began change nothing. A rule that was struck out raises nothing more; an alarm it raised before still
    returns.
    """
    path = _Path(rule, course)
    moved: list[Alarm] = []
    start = first
    if alarm is not None and alarm.returned_at is None:
        start = max(first, int(np.searchsorted(course.at_us, to_us(alarm.since))))
    else:
        alarm = None
    while start < len(course):
        before = alarm
        if alarm is None:
            start = _next(path.over, start, len(course))
            if start == len(course):
                break
            alarm = _begun(rule, course, start)
        alarm, end = path.follow(alarm, start)
        if alarm != before:
            moved.append(alarm)
        if end < len(course):
            alarm = None
        start = end + 1
    return moved


def belated(rule: AlarmRule, alarm: Alarm | None, course: Course, first: int = 0) -> list[Alarm]:
    """What readings that came late make of the alarm of a rule: at most one alarm is moved.

    `course` goes up to the newest reading that the rule has seen, the late ones in their places: from the
    beginning of the alarm on, or `first` is the place of the first late reading when none stands. An alarm
    begins when the values say that it stands now; one that a newer value says is over stays unheard. One
    that stands gains the peak and the time it was held, and returns when nothing newer is over the limit.
    """
    if alarm is None or alarm.returned_at is not None:
        moved = run(rule, None, course, first)
        return [each for each in moved[-1:] if each.returned_at is None]
    over = np.flatnonzero(course.over)
    if len(over):
        clear = course.clear.copy()
        clear[: over[-1] + 1] = False
        course = replace(course, clear=clear)
    return run(rule, alarm, course)


class _Path:
    """Where along a course of a rule something begins, ripens or returns: places, growing."""

    def __init__(self, rule: AlarmRule, course: Course) -> None:
        self._rule, self._course = rule, course
        self.over = np.flatnonzero(course.over)
        self._clear = np.flatnonzero(course.clear)
        self._ripe = self.over if rule.count <= 1 else np.flatnonzero(_ripe(course, rule.count))
        self._off = self._clear
        if rule.off_s and len(self._clear):
            begun = course.at_us[np.arange(len(course)) - in_a_row(course.clear) + course.clear]
            lasted = course.at_us - begun >= rule.off_s * _SECOND_US
            self._off = np.flatnonzero(course.clear & lasted)

    def follow(self, alarm: Alarm, start: int) -> tuple[Alarm, int]:
        """The alarm at the end of the course or where it returned, and that place."""
        count, end = len(self._course), 0
        if alarm.raised_at is None:
            end = _next(self._clear, start, count)
            ripe = self._ripens(alarm, start)
            rings = self._enabled(ripe, end)
            if rings < end:
                alarm, start = replace(alarm, raised_at=self._at(rings), suppressed=False), rings
            elif ripe < end:
                alarm = replace(alarm, suppressed=True)
        if alarm.raised_at is not None:
            end = _next(self._off, start, count)
            alarm = replace(alarm, suppressed=not bool(self._course.enabled[end - 1 if end else 0]))
        alarm = replace(alarm, peak=self._worst(alarm, end))
        if end < count:
            alarm = replace(alarm, returned_at=self._at(end), suppressed=False)
        return alarm, end

    def _ripens(self, alarm: Alarm, start: int) -> int:
        """From where on the limit has been passed long enough, and by enough readings."""
        if self._rule.void:
            return len(self._course)
        since = to_us(alarm.since)
        held = np.searchsorted(self._course.at_us, since + self._rule.hold_s * _SECOND_US)
        often = _next(self._ripe, int(np.searchsorted(self._course.at_us, since)), len(self._course))
        return max(start, int(held), often if self._rule.count > 1 else start)

    def _enabled(self, start: int, end: int) -> int:
        """The first place from `start` on where the rule is enabled; `end` when there is none before it."""
        found = np.flatnonzero(self._course.enabled[start:end])
        return start + int(found[0]) if len(found) else max(start, end)

    def _worst(self, alarm: Alarm, end: int) -> float:
        since = int(np.searchsorted(self._course.at_us, to_us(alarm.since)))
        values = np.append(self._course.value[since:end], alarm.peak)
        return float(values.min() if self._rule.falling else values.max())

    def _at(self, place: int) -> datetime:
        return from_us(int(self._course.at_us[place]))


def _ripe(course: Course, count: int) -> NDArray[np.bool_]:
    """Where so many readings of the rule's own sensor in a row were past the limit."""
    counted = np.cumsum(course.own & course.past)
    before = np.maximum.accumulate(np.where(course.past, 0, counted)) if len(counted) else counted
    return course.past & (counted - before >= count)


def _next(places: NDArray[np.intp], start: int, otherwise: int) -> int:
    at = int(np.searchsorted(places, start))
    return int(places[at]) if at < len(places) else otherwise


def _begun(rule: AlarmRule, course: Course, start: int) -> Alarm:
    return Alarm(
        rule_id=rule.id,
        sensor_id=rule.sensor_id,
        severity=rule.severity,
        since=from_us(int(course.at_us[start])),
        peak=float(course.value[start]),
        latch=rule.latch,
    )


def told_late(alarm: Alarm, at: datetime) -> Alarm:
    """An alarm that readings raise which came late: it rings from `at` on, and says why."""
    note = _("The reading came late, at {time} UTC.").format(time=f"{at:%Y-%m-%d %H:%M}")
    return replace(alarm, raised_at=at if alarm.raised_at else None, note=note)
