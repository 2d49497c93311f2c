"""Rain is summed from amounts and from intensities, and nothing is invented while a gauge is silent."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.model.record import Quality, to_us
from gis.model.sensor import Quantity
from gis.sensors.rain import binned, fallen, is_intensity, sums
from gis.store import Series
from tests.build import SIX, a_gauge

HOUR = timedelta(hours=1)


def gauge(unit):
    return a_gauge(quantity=Quantity.RAIN, unit=unit, expected_every_s=600)


def series(values, minutes=None, quality=None):
    minutes = np.arange(len(values)) * 10 if minutes is None else np.array(minutes)
    flags = np.zeros(len(values), np.uint8) if quality is None else np.array(quality, np.uint8)
    return Series(to_us(SIX) + minutes * 60_000_000, np.array(values, float), flags)


@pytest.mark.parametrize(("unit", "true"), [("mm/h", True), ("mm / h", True), ("mm/hr", True), ("mm", False)])
def test_a_unit_tells_amounts_from_intensities(unit, true):
    assert is_intensity(unit) is true


def test_amounts_are_added_and_doubtful_ones_are_not():
    rain = series([1, 2, 4, 99], quality=[0, 0, 0, int(Quality.SPIKE)])
    assert sums(gauge("mm"), rain, SIX + HOUR, [HOUR, 3 * HOUR]) == [6.0, 7.0]


def test_an_intensity_counts_for_its_interval_and_not_for_a_silence():
    assert sums(gauge("mm/h"), series([6.0] * 7), SIX + HOUR, [HOUR]) == [pytest.approx(6.0)]
    after_silence = series([6.0, 6.0], minutes=[0, 600])
    assert fallen(gauge("mm/h"), after_silence)[1].tolist() == pytest.approx([1.0, 1.0])


@given(st.lists(st.floats(0, 50), min_size=1, max_size=80), st.integers(1, 30))
def test_bars_hold_all_that_fell_between_their_edges(values, bars):
    at_us, amount = fallen(gauge("mm"), series(values))
    edges = np.linspace(at_us[0] - 1, at_us[-1], bars + 1).astype(np.int64)
    assert binned(at_us, amount, edges).sum() == pytest.approx(amount.sum())
