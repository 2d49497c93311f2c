"""Rules that need more than a reading: the same alarms as by hand, however the readings come."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.model.record import Quality, Reading, to_us
from gis.model.sensor import Condition, Joining, Measure
from gis.sensors import alarms
from gis.sensors.logic import logics
from gis.store.readings.chunks import Series
from tests.build import SIX, a_gauge, a_rule
from tests.gis.sensors import logic_by_hand

MINUTE = timedelta(minutes=1)
RIVER = a_gauge(key="R", name="River", expected_every_s=60)
RAIN = a_gauge(key="H", name="Rain", unit="mm/h", expected_every_s=60)
PUMP = a_gauge(key="P", name="Pump", unit="", expected_every_s=60)
SENSORS = {sensor.id: sensor for sensor in (RIVER, RAIN, PUMP)}
VALUES = st.sampled_from([0.5, 1.4, 1.5, 1.9, 2.0, 3.0])
SAID = st.lists(
    st.tuples(
        st.sampled_from([RIVER.id, RIVER.id, *SENSORS]),
        st.integers(0, 24),
        VALUES,
        st.sampled_from([False, False, False, True]),
    ),
    min_size=12,
    max_size=60,
    unique_by=lambda each: each[:2],
)


@st.composite
def rules(draw):
    measure = draw(st.sampled_from([Measure.VALUE, Measure.RISE, Measure.SUM, Measure.DOUBT]))
    falling = draw(st.booleans())
    return a_rule(
        RAIN if measure is Measure.SUM and draw(st.booleans()) else RIVER,
        raise_at=1.5 if falling else 2.0,
        clear_below=2.0 if falling else 1.5,
        measure=measure,
        window_s=draw(st.sampled_from([120, 600])),
        falling=falling,
        hold_s=draw(st.sampled_from([0, 60, 180])),
        off_s=draw(st.sampled_from([0, 60, 180])),
        count=draw(st.sampled_from([1, 2, 3])),
        latch=draw(st.booleans()),
    )


@st.composite
def conditions(draw, rule):
    return [
        Condition(
            rule.id,
            draw(st.sampled_from([*SENSORS])),
            draw(st.sampled_from([*Joining])),
            draw(VALUES),
            draw(st.sampled_from([Measure.VALUE, Measure.SUM])),
            600,
            draw(st.booleans()),
        )
        for _n in range(draw(st.integers(0, 2)))
    ]


def readings(said):
    made = [
        Reading(sensor_id, SIX + n * MINUTE, value, Quality.SPIKE if doubt else Quality.GOOD)
        for sensor_id, n, value, doubt in said
    ]
    return sorted(made, key=lambda each: each.at)


def columns(batch, sensor_id):
    mine = [each for each in batch if each.sensor_id == sensor_id]
    return Series(
        np.array([to_us(each.at) for each in mine], np.int64),
        np.array([each.value for each in mine], np.float64),
        np.array([each.quality for each in mine], np.uint8),
    )


def seen(logic, batch):
    return logic.course({key: columns(batch, key) for key in SENSORS})


def by_hand(logic, batch):
    courses = [
        logic_by_hand.told(
            gauging.sensor,
            gauging.measure,
            gauging.window_s,
            [each for each in batch if each.sensor_id == gauging.sensor.id],
        )
        for gauging in logic.gaugings()
    ]
    terms = zip((condition for condition, _gauging in logic.terms), courses[1:], strict=True)
    return logic_by_hand.run(logic.rule, courses[0], [*terms])


def facts(found):
    return [
        (a.since, pytest.approx(a.peak), a.raised_at, a.returned_at, a.suppressed, a.latch) for a in found
    ]


@given(st.data(), SAID)
def test_the_arrays_say_what_one_instant_after_another_says(data, said):
    rule = data.draw(rules())
    (logic,) = logics([rule], data.draw(conditions(rule)), SENSORS)
    batch = readings(said)
    assert facts(alarms.run(rule, None, seen(logic, batch))) == facts(by_hand(logic, batch))


@given(st.data(), SAID, st.integers(0, 24))
def test_a_course_that_comes_in_two_parts_moves_the_same_alarms(data, said, cut):
    rule = data.draw(rules())
    (logic,) = logics([rule], data.draw(conditions(rule)), SENSORS)
    batch = readings(said)
    early = [each for each in batch if each.at < SIX + cut * MINUTE]
    whole, begun = seen(logic, batch), alarms.run(rule, None, seen(logic, early))
    first = int(np.searchsorted(whole.at_us, to_us(SIX + cut * MINUTE)))
    later = alarms.run(rule, begun[-1] if begun else None, whole, first)
    told = {each.id: each for each in (*begun, *later)}.values()
    assert facts(told) == facts(by_hand(logic, batch))


def test_a_rule_is_plain_while_each_reading_decides_by_itself():
    rule = a_rule(RIVER)
    pump = Condition(rule.id, PUMP.id, Joining.ENABLE, 1.0)
    assert logics([rule], [], SENSORS)[0].is_plain
    for narrowed in (
        replace(rule, count=2),
        replace(rule, off_s=60),
        replace(rule, falling=True),
        replace(rule, measure=Measure.RISE, window_s=600),
    ):
        assert not logics([narrowed], [], SENSORS)[0].is_plain
    assert not logics([rule], [pump], SENSORS)[0].is_plain
    assert logics([rule], [replace(pump, void=True)], SENSORS)[0].is_plain
    assert logics([a_rule(a_gauge())], [], SENSORS) == []
