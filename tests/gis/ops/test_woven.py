"""Rises, sums and rules on several sensors, at a desk that is fed bit by bit."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmState, Condition, Joining, Measure, Quantity
from gis.ops import readings
from gis.ops.watch import Watch
from gis.store import Operation, Store
from tests.build import SIX, a_gauge, a_rule
from tests.gis.sensors import logic_by_hand

MINUTE = timedelta(minutes=1)


def a_sensor(key, **but):
    return a_gauge(key=key, id=key, expected_every_s=60, quantity=Quantity.OTHER, low=None, high=None, **but)


RIVER, RAIN, PUMP = a_sensor("river"), a_sensor("rain", unit="mm"), a_sensor("pump")
LIMIT = a_rule(RIVER, raise_at=2.0, clear_below=1.5)
FAST = a_rule(RIVER, id="fast", raise_at=6.0, clear_below=3.0, measure=Measure.RISE, window_s=600)
OFTEN = a_rule(RIVER, id="often", raise_at=2.0, clear_below=1.5, count=3, off_s=180)
BOTH = a_rule(RIVER, id="both", raise_at=2.0, clear_below=1.5, hold_s=120)
WET = Condition("both", RAIN.id, Joining.AND, 3.0, Measure.SUM, 600, id="wet")
RUNS = Condition("both", PUMP.id, Joining.ENABLE, 1.0, id="runs")
RULES, CONDITIONS = [FAST, OFTEN, BOTH], [WET, RUNS]
SAID = st.lists(
    st.tuples(
        st.sampled_from(["river", "river", "rain", "pump"]),
        st.integers(0, 40),
        st.sampled_from([0.0, 1.0, 1.6, 2.0, 3.0]),
    ),
    max_size=60,
    unique_by=lambda each: each[:2],
)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


class Desk:
    def __init__(self, folder):
        self.clock, self.watch = ManualClock(SIX + timedelta(hours=1)), Watch()
        about = Operation("X", SIX)
        self.store = Store.create(folder / "x.kentongan", about, clock=self.clock, author="A")
        with self.store.writing("Set up") as tx:
            tx.put_all([RIVER, RAIN, PUMP])
            tx.put_all(RULES)
            tx.put_all(CONDITIONS)

    def hears(self, *said):
        batch = [Reading(key, SIX + n * MINUTE, value) for key, n, value in said]
        with self.store.writing("Readings") as tx:
            return readings.ingest(tx, batch, self.watch)

    def alarms(self, rule):
        with self.store.reading() as query:
            return query.find(Alarm, rule_id=rule.id)


def by_hand(rule, said):
    sensors = {each.id: each for each in (RIVER, RAIN, PUMP)}
    batch = sorted((Reading(key, SIX + n * MINUTE, value) for key, n, value in said), key=lambda r: r.at)

    def told(sensor_id, measure, window_s):
        mine = [each for each in batch if each.sensor_id == sensor_id]
        return logic_by_hand.told(sensors[sensor_id], measure, window_s, mine)

    terms = [
        (each, told(each.sensor_id, each.measure, each.window_s))
        for each in CONDITIONS
        if each.rule_id == rule.id
    ]
    return logic_by_hand.run(rule, told(rule.sensor_id, rule.measure, rule.window_s), terms)


def facts(alarms):
    return sorted((a.since, a.peak, a.raised_at, str(a.returned_at), a.suppressed) for a in alarms)


@given(SAID, st.lists(st.integers(0, 40), max_size=5))
@settings(max_examples=25, deadline=None)
def test_in_time_the_same_rings_however_the_readings_are_cut(said, cuts):
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for start, stop in pairwise([0, *sorted(cuts), 41]):
            desk.hears(*(each for each in said if start <= each[1] < stop))
        for rule in RULES:
            assert facts(desk.alarms(rule)) == facts(by_hand(rule, said)), rule.id
        desk.store.close()


@given(SAID, st.sets(st.integers(0, 40), max_size=10))
@settings(max_examples=25, deadline=None)
def test_after_late_readings_what_stands_is_what_all_in_order_say_stands(said, late):
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.hears(*(each for each in said if each[1] not in late))
        desk.hears(*(each for each in said if each[1] in late))
        for rule in RULES:
            stands = [each for each in desk.alarms(rule) if each.returned_at is None]
            wanted = [each for each in by_hand(rule, said) if each.returned_at is None]
            assert len(stands) <= 1
            assert not wanted or stands, "nobody must miss what stands"
        desk.store.close()


def test_water_that_rises_fast_rings_before_it_is_high(desk):
    assert desk.hears(*(("river", n, 0.5 + 0.02 * n) for n in range(20))) == []
    desk.hears(*(("river", 20 + n, 0.9 + 0.3 * n) for n in range(5)))
    (alarm,) = desk.alarms(FAST)
    assert alarm.peak >= 6.0, "in metres an hour"


def test_high_water_without_rain_is_another_matter(desk):
    desk.hears(*(("river", n, 2.5) for n in range(4)), ("pump", 0, 1.0))
    assert desk.alarms(BOTH) == []
    (alarm,) = desk.hears(("rain", 4, 3.2))
    assert alarm.since == SIX + 4 * MINUTE, "from when both hold"
    desk.hears(("river", 6, 2.6))
    (alarm,) = desk.alarms(BOTH)
    assert alarm.state is AlarmState.UNACK


def test_while_the_pump_stands_the_alarm_is_suppressed_and_rings_once_it_runs(desk):
    desk.hears(("pump", 0, 0.0), ("rain", 0, 3.5), *(("river", n, 2.5) for n in range(1, 5)))
    (alarm,) = desk.alarms(BOTH)
    assert alarm.state is AlarmState.SUPPRESSED
    (alarm,) = desk.hears(("pump", 5, 1.0))
    assert (alarm.state, alarm.raised_at) == (AlarmState.UNACK, SIX + 5 * MINUTE)
    (alarm,) = desk.hears(("pump", 6, 0.0))
    assert alarm.state is AlarmState.SUPPRESSED


def test_one_reading_below_does_not_end_what_returns_after_a_while(desk):
    desk.hears(*(("river", n, 2.5) for n in range(3)))
    assert desk.hears(("river", 3, 1.0), ("river", 4, 2.2), ("river", 5, 1.0), ("river", 7, 1.0)) == []
    (alarm,) = desk.hears(("river", 8, 1.0))
    assert alarm.returned_at == SIX + 8 * MINUTE


def test_a_restart_between_two_of_three_readings_in_a_row_changes_nothing(desk):
    desk.hears(("river", 0, 2.5), ("river", 1, 2.5))
    desk.watch = Watch()
    (alarm,) = desk.hears(("river", 2, 2.5))
    assert alarm.raised_at == SIX + 2 * MINUTE


def test_a_condition_set_while_the_desk_runs_holds_at_once(desk):
    desk.hears(("river", 0, 1.0), ("rain", 0, 1.0))
    with desk.store.writing("Set condition") as tx:
        tx.put(Condition(OFTEN.id, RAIN.id, Joining.AND, 10.0))
    desk.hears(*(("river", n, 2.5) for n in range(1, 5)))
    assert desk.alarms(OFTEN) == []
