"""Limits and whole courses of readings: the same alarms as one reading after another."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.model.record import Quality, Reading, to_us
from gis.sensors import alarms
from gis.sensors.alarms import belated, run
from gis.sensors.measures import believed
from gis.store.readings.chunks import Series
from tests.build import SIX, a_gauge, a_rule
from tests.gis.sensors import one_by_one

MINUTE = timedelta(minutes=1)
LEVELS = st.lists(st.tuples(st.sampled_from([0.5, 1.4, 1.5, 1.9, 2.0, 3.0]), st.booleans()), max_size=40)
HOLDS = st.sampled_from([0, 60, 120])


def series(readings):
    """Readings of one sensor as columns, by time and value."""
    told = sorted(readings, key=lambda reading: (reading.at, reading.value))
    return Series(
        np.array([to_us(each.at) for each in told], np.int64),
        np.array([each.value for each in told], np.float64),
        np.array([each.quality for each in told], np.uint8),
    )


def course(rule, readings):
    """What a rule sees of them."""
    return alarms.course(rule, believed(series(readings)))


def minutes(rule, levels):
    return [
        Reading(rule.sensor_id, SIX + n * MINUTE, level, Quality.SPIKE if doubt else Quality.GOOD)
        for n, (level, doubt) in enumerate(levels)
    ]


def facts(alarms):
    return [(each.since, each.peak, each.raised_at, each.returned_at) for each in alarms]


def last(alarms, before=None):
    return alarms[-1] if alarms else before


@given(LEVELS, st.integers(0, 40), HOLDS, st.booleans())
def test_a_course_cut_anywhere_moves_the_alarms_that_one_reading_after_another_moves(
    levels, cut, hold_s, struck
):
    rule = a_rule(a_gauge(), raise_at=2.0, clear_below=1.5, hold_s=hold_s)
    batch = minutes(rule, levels)
    first, model = run(rule, None, course(rule, batch[:cut])), one_by_one.run(rule, None, batch[:cut])
    assert facts(first) == facts(model)
    rule = replace(rule, void=struck)
    later = run(rule, last(first), course(rule, batch[cut:]))
    assert facts(later) == facts(one_by_one.run(rule, last(model), batch[cut:]))


@given(LEVELS, st.sets(st.integers(0, 40)), HOLDS)
def test_after_late_readings_an_alarm_stands_when_all_in_order_say_that_it_does(levels, late, hold_s):
    rule = a_rule(a_gauge(), raise_at=2.0, clear_below=1.5, hold_s=hold_s)
    batch = minutes(rule, levels)
    in_time = [each for n, each in enumerate(batch) if n not in late]
    standing = last(run(rule, None, course(rule, in_time)))
    if standing is not None and standing.returned_at is not None:
        standing = None
    came = [each for n, each in enumerate(batch) if n in late]
    since = standing.since if standing else min((each.at for each in came), default=SIX)
    after = last(belated(rule, standing, course(rule, [r for r in batch if r.at >= since])), standing)
    wanted = last(run(rule, None, course(rule, batch)))
    stands = wanted is not None and wanted.returned_at is None
    assert (after is not None and after.returned_at is None) == stands
    if stands:
        assert after.since == standing.since if standing else after.since == wanted.since
