"""Values in another unit: converted where the way is exact, and otherwise not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.sensors.units import _KINDS, converted


@pytest.mark.parametrize(
    ("value", "given", "wanted", "same"),
    [
        (57.0, "cm", "m", 0.57),
        (1.1, "ft", "m", 0.33528),
        (12.0, "in", "ft", 1.0),
        (1.0, "in", "mm", 25.4),
        (3.5, "m", "m", 3.5),
        (212.0, "degF", "Cel", 100.0),
        (-40.0, "°F", "°C", -40.0),
        (0.0, "K", "Cel", -273.15),
        (36.0, "km/h", "m/s", 10.0),
        (1013.25, "hPa", "Pa", 101325.0),
        (1000.0, "l/s", "m3/s", 1.0),
        (35.31466672148859, "ft3/s", "m³/s", 1.0),
        (10.0, "mm/hr", "mm/h", 10.0),
        (0.5, "/", "%", 50.0),
    ],
)
def test_what_is_known_is_exact(value, given, wanted, same):
    assert converted(value, given, wanted) == pytest.approx(same, rel=1e-15)


@pytest.mark.parametrize(
    ("given", "wanted"), [("psi", "m"), ("m", "Cel"), ("mm", "mm/h"), ("M", "m"), ("", "m"), ("%", "%RH")]
)
def test_what_is_not_known_is_not_guessed(given, wanted):
    assert converted(1.0, given, wanted) is None


def test_a_unit_nobody_knows_is_its_own():
    assert converted(7.0, "bushels", "bushels") == 7.0


PAIRS = [(a, b) for units in _KINDS.values() for a in units for b in units]


@given(st.sampled_from(PAIRS), st.floats(-1e6, 1e6))
def test_there_and_back_is_the_same(pair, value):
    there = converted(value, *pair)
    assert there is not None
    assert converted(there, *pair[::-1]) == pytest.approx(value, rel=1e-12, abs=1e-9)
