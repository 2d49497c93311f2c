"""Rules that one reading cannot decide: rises, sums, several readings in a row, several sensors.

What they need of the past is read again from the store at every step, never carried: a restart, a merge or a
late reading finds the same as a desk that never slept.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from gis.model.record import Quality, Readings, to_us
from gis.model.sensor import Alarm
from gis.ops.watch import Posted
from gis.sensors.alarms import Course, belated, run, told_late
from gis.sensors.logic import Logic
from gis.store import Tx


def decided(
    tx: Tx,
    posted: Posted,
    new: Readings,
    until_us: Mapping[str, int],
    standing: Mapping[str, Alarm],
) -> Iterator[Alarm]:
    """The alarms that these readings move, through every rule that looks at their sensors.

    `new` are readings that are in the store already and that such rules have not seen; `until_us` says up
    to when they had seen the readings of each sensor (microseconds UTC).
    """
    first_us = _first(new)
    concerned = {logic.rule.id: logic for sensor_id in first_us for logic in posted.woven.get(sensor_id, ())}
    if not concerned:
        return
    begins = {
        key: min(first_us[s] for s in each.sensors & first_us.keys()) for key, each in concerned.items()
    }
    stored = tx.sight.after(_bounds(concerned.values(), begins, standing))
    for key, logic in concerned.items():
        seen_us = max((until_us[s] for s in logic.sensors if s in until_us), default=begins[key] - 1)
        yield from _moved(tx, logic, standing.get(key), logic.course(stored), (begins[key], seen_us))


def _first(new: Readings) -> dict[str, int]:
    """The time of the first new reading of each sensor that has one with a sound time."""
    new = new.take(np.flatnonzero(new.quality & int(Quality.CLOCK) == 0))
    order = np.lexsort((new.at_us, new.which))
    which, at_us = new.which[order], new.at_us[order]
    starts = np.flatnonzero(np.append(True, which[1:] != which[:-1])[: len(which)])
    return {new.sensors[which[place]]: int(at_us[place]) for place in starts.tolist()}


def _bounds(
    concerned: Iterable[Logic], begins: Mapping[str, int], standing: Mapping[str, Alarm]
) -> dict[str, int]:
    """After which instant each sensor's readings are needed."""
    bounds: dict[str, int] = {}
    for logic in concerned:
        alarm, begin = standing.get(logic.rule.id), begins[logic.rule.id]
        if alarm is not None and (alarm.raised_at is None or to_us(alarm.since) >= begin):
            begin = min(begin, to_us(alarm.since))
        for sensor_id in logic.sensors:
            bounds[sensor_id] = min(bounds.get(sensor_id, begin), begin - logic.reach_us - 1)
    return bounds


def _moved(
    tx: Tx, logic: Logic, alarm: Alarm | None, course: Course, times: tuple[int, int]
) -> Iterable[Alarm]:
    """`times`: the first new reading, and up to when the rule had seen."""
    begin, seen_us = times
    first = int(np.searchsorted(course.at_us, begin))
    if begin > seen_us:
        return run(logic.rule, alarm, course, first)
    seen = course.upto(seen_us)
    again = belated(logic.rule, alarm, seen, first)
    if alarm is None:
        again = [told_late(each, tx.at) for each in again]
    last = again[-1] if again else alarm
    later = run(logic.rule, last, course, len(seen))
    return {each.id: each for each in (*again, *later)}.values()
