"""Where a river is going, told from an hour of readings of which some are wrong."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.model.record import from_us
from gis.sensors.trend import FEWEST, HORIZON, Trend, trend
from gis.store.readings.chunks import Series

MINUTE_US = 60_000_000
EPOCH = from_us(0)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def series(values, every_min: float = 5.0, quality=None) -> Series:
    values = np.asarray(values, np.float64)
    at_us = (np.arange(len(values)) * every_min * MINUTE_US).astype(np.int64)
    return Series(at_us, values, np.zeros(len(values), np.uint8) if quality is None else quality)


def rising(count: int = 13, per_hour: float = 0.6, start: float = 3.0):
    return start + np.arange(count) * per_hour / 12


def test_a_river_that_rises_evenly_has_that_slope_and_no_doubt():
    found = trend(series(rising()))
    assert (found.slope, found.low, found.high) == pytest.approx((0.6, 0.6, 0.6))
    assert found.value == pytest.approx(3.6)


def test_wrong_readings_do_not_turn_it():
    values = rising()
    values[[2, 6, 9]] = (9.9, 0.0, 7.0)
    found = trend(series(values))
    assert found.slope == pytest.approx(0.6, abs=0.02)
    assert found.value == pytest.approx(3.6, abs=0.02)
    assert found.low < 0.6 < found.high


def test_doubtful_readings_do_not_count():
    values, quality = rising(), np.zeros(13, np.uint8)
    values[5:9], quality[5:9] = 9.0, 1
    found = trend(series(values, quality=quality))
    assert (found.slope, found.high) == pytest.approx((0.6, 0.6))


def test_only_the_last_hour_counts():
    falling = 9.0 - np.arange(40) * 0.1
    found = trend(series(np.append(falling, rising())))
    assert found.slope == pytest.approx(0.6)


@pytest.mark.parametrize("count", range(FEWEST))
def test_of_too_few_readings_nothing_is_told(count):
    assert trend(series(rising()[:count])) is None


def test_of_one_instant_nothing_is_told():
    assert trend(series(rising(), every_min=0.0)) is None


def test_of_very_many_readings_a_few_in_even_steps_tell_as_much():
    many = 3.0 + np.arange(3_600) * 0.6 / 3_600
    found = trend(series(many, every_min=1 / 60))
    assert found.slope == pytest.approx(0.6)
    assert found.value == pytest.approx(many[-1])
    odd = many.copy()
    odd[1::2] = 99.0  # half of them: only where most are passed over is the slope still that of the others
    told = np.linspace(0, 3_599, 120).astype(int)
    odd[told] = many[told]
    assert trend(series(odd, every_min=1 / 60)).slope == pytest.approx(0.6)


def test_time_that_has_gone_by_since_the_last_reading_is_taken_off():
    found = Trend(0, 3.6, 0.6, 0.4, 1.2)
    arrival = found.until(4.2, EPOCH + 40 * MINUTE)
    assert (arrival.soonest, arrival.likely, arrival.latest) == (0 * MINUTE, 20 * MINUTE, 50 * MINUTE)
    assert found.until(4.2, EPOCH + HOUR) is None, "it should be there by now, and nobody knows"


def test_the_band_leaves_out_the_true_slope_as_often_above_as_below():
    """Of noise around a river that stands still, at five readings."""
    rng = np.random.default_rng(4)
    found = [trend(series(rng.normal(0, 1, 5))) for _each in range(4_000)]
    below, above = (np.mean([each.low > 0 for each in found]), np.mean([each.high < 0 for each in found]))
    assert below < 0.05
    assert above < 0.05
    assert abs(below - above) < 0.01


def test_a_limit_is_reached_in_the_time_the_way_takes():
    arrival = Trend(0, 3.6, 0.6, 0.4, 1.2).until(4.2, EPOCH)
    assert arrival.likely == HOUR
    assert arrival.soonest == 30 * MINUTE
    assert arrival.latest == 90 * MINUTE


def test_a_limit_that_may_not_be_reached_has_no_latest():
    arrival = Trend(0, 3.6, 0.6, -0.1, 0.7).until(4.2, EPOCH)
    assert (arrival.likely, arrival.latest) == (HOUR, None)


@pytest.mark.parametrize(
    ("found", "limit"),
    [
        (Trend(0, 3.6, -0.2, -0.3, 0.1), 4.2),
        (Trend(0, 3.6, 0.0, 0.0, 0.0), 4.2),
        (Trend(0, 4.3, 0.6, 0.5, 0.7), 4.2),
        (Trend(0, 3.6, 0.05, 0.04, 0.06), 4.2),
    ],
    ids=["falling", "still", "over it", "in half a day"],
)
def test_nothing_is_foretold_of_a_limit_it_does_not_rise_to_soon(found, limit):
    assert found.until(limit, EPOCH) is None


@given(st.lists(st.floats(-50, 50), min_size=FEWEST, max_size=30), st.floats(-60, 60))
def test_the_band_holds_the_slope_and_an_arrival_is_in_order(values, limit):
    found = trend(series(values))
    assert found.low <= found.slope <= found.high
    arrival = found.until(limit, from_us(found.at_us))
    if arrival is not None:
        assert timedelta(0) <= arrival.soonest <= arrival.likely <= HORIZON
        assert arrival.latest is None or arrival.likely <= arrival.latest <= HORIZON
