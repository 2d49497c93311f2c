"""Where a river is going, told from an hour of readings of which some are wrong."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.sensors.trend import FEWEST, HORIZON, MOST, Trend, trend
from gis.store.readings.chunks import Series

MINUTE_US = 60_000_000
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


def test_of_very_many_readings_some_tell_as_much():
    many = 3.0 + np.arange(3_600) * 0.6 / 3_600
    found = trend(series(many, every_min=1 / 60))
    assert found.slope == pytest.approx(0.6)
    assert MOST < 3_600


def test_a_limit_is_reached_in_the_time_the_way_takes():
    arrival = Trend(3.6, 0.6, 0.4, 1.2).until(4.2)
    assert arrival.likely == HOUR
    assert arrival.soonest == 30 * MINUTE
    assert arrival.latest == 90 * MINUTE


def test_a_limit_that_may_not_be_reached_has_no_latest():
    arrival = Trend(3.6, 0.6, -0.1, 0.7).until(4.2)
    assert (arrival.likely, arrival.latest) == (HOUR, None)


@pytest.mark.parametrize(
    ("found", "limit"),
    [
        (Trend(3.6, -0.2, -0.3, 0.1), 4.2),
        (Trend(3.6, 0.0, 0.0, 0.0), 4.2),
        (Trend(4.3, 0.6, 0.5, 0.7), 4.2),
        (Trend(3.6, 0.05, 0.04, 0.06), 4.2),
    ],
    ids=["falling", "still", "over it", "in half a day"],
)
def test_nothing_is_foretold_of_a_limit_it_does_not_rise_to_soon(found, limit):
    assert found.until(limit) is None


@given(st.lists(st.floats(-50, 50), min_size=FEWEST, max_size=30), st.floats(-60, 60))
def test_the_band_holds_the_slope_and_an_arrival_is_in_order(values, limit):
    found = trend(series(values))
    assert found.low <= found.slope <= found.high
    arrival = found.until(limit)
    if arrival is not None:
        assert timedelta(0) <= arrival.soonest <= arrival.likely <= HORIZON
        assert arrival.latest is None or arrival.likely <= arrival.latest <= HORIZON
