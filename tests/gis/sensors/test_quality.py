"""A gauge that hangs and a gauge that jumps: doubted, but a real flood is believed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm, Quantity
from gis.ops import readings, sensors
from gis.sensors.quality import memory
from tests.build import SIX, a_gauge, a_rule
from tests.gis.sensors import one_by_one
from tests.gis.sensors.judging import judged, recalled

TEN = timedelta(minutes=10)
GAUGE = a_gauge()
LATER = SIX + 1000 * TEN


def every_ten_minutes(*levels, sensor=GAUGE, start=SIX):
    return [Reading(sensor.id, start + n * TEN, level) for n, level in enumerate(levels)]


def doubts(*levels, sensor=GAUGE):
    fresh = every_ten_minutes(*levels, sensor=sensor)
    return [r.quality for r in judged([sensor], fresh, LATER)[0]]


def test_a_jump_and_return_is_a_spike():
    assert doubts(2.0, 2.1, 7.9, 2.2, 2.3) == [0, 0, Quality.SPIKE, 0, 0]


def test_a_flash_flood_is_believed_from_its_second_report():
    assert doubts(2.0, 5.5, 5.9, 6.2) == [0, Quality.SPIKE, 0, 0]


def test_a_river_that_rises_fast_but_steadily_is_never_doubted():
    assert doubts(1.0, 3.0, 5.0, 7.0, 9.0) == [0] * 5


def test_a_jump_after_silence_proves_nothing():
    late = Reading(GAUGE.id, SIX + 4 * TEN, 8.0)
    told, _traces = judged([GAUGE], [*every_ten_minutes(2.0), late], LATER)
    assert [r.quality for r in told] == [0, 0]


def test_a_gauge_that_says_the_same_for_three_hours_is_stuck():
    quality = doubts(*[2.31] * 21)
    assert quality[:18] == [0] * 18
    assert quality[18:] == [Quality.STUCK] * 3


def test_a_gauge_that_moves_again_is_believed_again():
    assert doubts(*[2.31] * 20, 2.35)[-1] == 0


def test_a_gauge_that_stands_dry_is_not_stuck():
    assert doubts(*[0.0] * 30) == [0] * 30


@pytest.mark.parametrize("quantity", [Quantity.RAIN, Quantity.PUMP, Quantity.OTHER])
def test_only_water_levels_are_expected_to_move(quantity):
    other = a_gauge(quantity=quantity)
    assert doubts(*[1.0] * 30, 9.0, 1.0, sensor=other) == [0] * 32


def test_what_an_instrument_cannot_step_is_doubted_until_a_second_report_confirms_it():
    slow = a_gauge(quantity=Quantity.OTHER, low=None, high=None, step=0.5)
    assert doubts(2.0, 2.4, 3.1, 2.5, 2.6, sensor=slow) == [0, 0, Quality.STEP, 0, 0]
    assert doubts(2.0, 3.1, 3.2, sensor=slow) == [0, Quality.STEP, 0]
    assert doubts(2.0, 4.0, sensor=a_gauge(step=3.0)) == [0, 0], "its own word goes before its range"


@pytest.mark.parametrize("day", ["1970-01-01", "1980-01-06", "2000-01-01"])
def test_a_clock_that_began_anew_is_not_believed(day):
    begun = datetime.fromisoformat(f"{day}T00:00Z")
    stale = [Reading(GAUGE.id, begun + n * timedelta(hours=13), 2.0 + n / 100) for n in range(5)]
    told, _traces = judged([GAUGE], stale, LATER)
    assert [r.quality for r in told] == [Quality.CLOCK] * 4 + [0]


def test_a_doubt_that_a_reading_comes_with_stays_and_is_no_measure_for_the_next():
    fresh = every_ten_minutes(2.0, 2.1, 2.2)
    fresh[1] = replace(fresh[1], value=9.9, quality=Quality.UNIT)
    told, _traces = judged([GAUGE], fresh, LATER)
    assert [r.quality for r in told] == [0, Quality.UNIT, 0]


RUNS = st.lists(st.tuples(st.sampled_from([1.0, 1.1, 4.0, 9.0, 11.0]), st.integers(1, 25)), max_size=5)


@given(RUNS, st.integers(0, 80))
def test_it_does_not_matter_how_readings_are_cut_into_batches(runs, cut):
    fresh = every_ten_minutes(*(level for level, times in runs for _ in range(times)))
    whole, _traces = judged([GAUGE], fresh, LATER)
    first, traces = judged([GAUGE], fresh[:cut], LATER)
    assert [*first, *judged([GAUGE], fresh[cut:], LATER, traces)[0]] == whole
    again = recalled([GAUGE], [each for each in first if each.at >= SIX + (cut - 1) * TEN - memory(GAUGE)])
    assert [*first, *judged([GAUGE], fresh[cut:], LATER, again)[0]] == whole


SAID = st.tuples(
    st.sampled_from("abcde"), st.integers(0, 60), st.sampled_from([0.0, 1.0, 1.1, 4.0, 9.0, 11.0])
)


@given(st.lists(SAID, max_size=60), st.integers(0, 60))
def test_arrays_doubt_what_one_look_after_another_would_doubt(said, cut):
    gauges = [a_gauge(key=key, id=key, expected_every_s=60 * 10) for key in "ab"]
    gauges.append(a_gauge(key="c", id="c", quantity=Quantity.RAIN))
    gauges.append(a_gauge(key="d", id="d", quantity=Quantity.OTHER, step=2.5, expected_every_s=60 * 10))
    gauges.append(a_gauge(key="e", id="e", step=5.0, expected_every_s=60 * 10))
    batch = [Reading(key, SIX + n * TEN / 2, value) for key, n, value in said]
    model, traces = one_by_one.Quality(gauges), None
    for part in (batch[:cut], batch[cut:]):
        told, traces = judged(gauges, part, SIX + 50 * TEN / 2, traces)
        assert told == model.judged(part, SIX + 50 * TEN / 2)


@pytest.fixture
def gauge(store):
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge, raise_at=4.5, clear_below=4.2))
    return gauge


def ingest(store, clock, batch):
    for reading in batch:
        clock.advance(reading.at - clock.now())
        with store.writing("Readings", "feed") as tx:
            readings.ingest(tx, [reading])
    with store.reading() as query:
        return query.find(Alarm)


def test_a_spike_does_not_ring_and_is_still_on_record(store, clock, gauge):
    assert ingest(store, clock, every_ten_minutes(2.0, 9.0, 2.1, sensor=gauge)) == []
    with store.reading() as query:
        assert query.series(gauge.id).quality.tolist() == [0, Quality.SPIKE, 0]


def test_a_spike_downward_does_not_return_an_alarm(store, clock, gauge):
    (alarm,) = ingest(store, clock, every_ten_minutes(4.6, 0.1, 4.7, sensor=gauge))
    assert alarm.returned_at is None


def test_a_stuck_gauge_keeps_its_alarm(store, clock, gauge):
    (alarm,) = ingest(store, clock, every_ten_minutes(*[4.6] * 25, sensor=gauge))
    assert alarm.returned_at is None
    with store.reading() as query:
        assert query.latest()[gauge.id].quality == Quality.STUCK


def test_a_reading_from_the_future_neither_hides_later_ones_nor_stands_as_the_newest(store, clock, gauge):
    with store.writing("Readings", "feed") as tx:
        readings.ingest(tx, [Reading(gauge.id, SIX + timedelta(days=400), 2.0)])
    (alarm,) = ingest(store, clock, every_ten_minutes(4.0, 4.6, sensor=gauge))
    assert alarm.raised_at == SIX + TEN
    with store.reading() as query:
        assert query.latest()[gauge.id].value == 4.6
