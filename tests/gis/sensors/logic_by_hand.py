"""The logic of a rule, one instant after another: a model that shares no code with the arrays."""

from bisect import bisect_right
from dataclasses import replace
from datetime import timedelta

from gis.model.sensor import Alarm, Joining, Measure


def told(sensor, measure, window_s, readings):
    """(time, measure) at each instant that tells it; `readings` are of this sensor, oldest first."""
    window, every = timedelta(seconds=window_s), timedelta(seconds=sensor.expected_every_s)
    doubtful, found, good = 0, [], []
    for reading in readings:
        if measure is Measure.DOUBT:
            doubtful = doubtful + 1 if reading.quality else 0
            found.append((reading.at, float(doubtful)))
        elif measure is Measure.SILENCE:
            found.append((reading.at, 0.0))
        elif not reading.quality:
            spoke = min(reading.at - good[-1][0], 3 * every) if good else every
            good.append((reading.at, reading.value, reading.value * (spoke / timedelta(hours=1))))
            if measure is Measure.VALUE:
                found.append((reading.at, reading.value))
            elif measure is Measure.SUM:
                column = 2 if sensor.unit.endswith("/h") else 1
                fell = sum(g[column] for g in good if g[0] > reading.at - window)
                found.append((reading.at, round(fell, 6)))
            else:
                then, was, _amount = next(g for g in good if g[0] >= reading.at - window)
                if reading.at - then >= window / 2 and reading.at > then:
                    hours = (reading.at - then) / timedelta(hours=1)
                    found.append((reading.at, round((reading.value - was) / hours, 6)))
    return found


def known(course, at):
    """What is known of a course at an instant: its last value, or None."""
    place = bisect_right([when for when, _value in course], at)
    return course[place - 1][1] if place else None


def met(condition, seen, at):
    """Does a condition hold at an instant? None while nothing is known of it."""
    state = known(seen, at)
    if state is None:
        return None
    return state <= condition.at if condition.falling else state >= condition.at


def looks(rule, own, terms):
    """Instant by instant: when, the value as last known, whether it is past the limit, over it with what else
    must hold, clear, enabled, and whether it is a reading of the rule's own sensor."""
    for at in sorted({when for course in (own, *(seen for _c, seen in terms)) for when, _v in course}):
        value = known(own, at)
        parts = [met(c, seen, at) for c, seen in terms if c.joining is Joining.AND]
        enabling = [met(c, seen, at) for c, seen in terms if c.joining is Joining.ENABLE]
        past = value is not None and (value <= rule.raise_at if rule.falling else value >= rule.raise_at)
        back = value is not None and (value > rule.clear_below if rule.falling else value < rule.clear_below)
        is_own = any(when == at for when, _v in own)
        yield at, value, past, past and all(parts), back or False in parts, False not in enabling, is_own


def run(rule, own, terms):
    """Every alarm of a rule over what is told of its own measure and of its conditions' (`told`)."""
    alarms, alarm, row, clear_since, often = [], None, 0, None, False
    for at, value, past, over, clear, enabled, is_own in looks(rule, own, terms):
        row = row + is_own if past else 0
        clear_since = (clear_since or at) if clear else None
        if alarm is None and over:
            alarm, often = Alarm(rule.id, rule.sensor_id, rule.severity, at, value, latch=rule.latch), False
        if alarm is None:
            continue
        often = often or row >= rule.count
        for_long = clear and at - clear_since >= timedelta(seconds=rule.off_s)
        if for_long or (clear and alarm.raised_at is None):
            alarms.append(replace(alarm, returned_at=at, suppressed=False))
            alarm = None
        else:
            alarm = stays(rule, alarm, at, value, often, enabled)
    return [*alarms, alarm] if alarm is not None else alarms


def stays(rule, alarm, at, value, often, enabled):
    """The alarm after one more instant in which it does not return."""
    if alarm.raised_at is not None:
        alarm = replace(alarm, suppressed=not enabled)
    elif often and at - alarm.since >= timedelta(seconds=rule.hold_s):
        alarm = replace(alarm, raised_at=at if enabled else None, suppressed=not enabled)
    return replace(alarm, peak=(min if rule.falling else max)(alarm.peak, value))
