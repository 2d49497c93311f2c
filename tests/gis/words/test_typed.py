"""What people type into a field is read as they mean it, or refused."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.words.typed import number_typed, span_typed, typed_number, typed_span


@pytest.mark.parametrize(
    ("text", "value"),
    [("4.5", 4.5), (" 4,5 ", 4.5), ("−0.5", -0.5), ("٤٫٥", 4.5), ("४.५", 4.5), ("7", 7.0), (".5", 0.5)],
)
def test_a_number_is_read_in_any_script_and_with_either_sign(text, value):
    assert typed_number(text) == value


@pytest.mark.parametrize("text", ["", "x", "1_000", "1e400", "nan", "inf", "1.000,5", "4.5 m", "--1", "+"])
def test_what_only_looks_like_a_number_is_refused(text):
    with pytest.raises(ValueError, match="A number is wanted"):
        typed_number(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("10", 600),
        ("10 min", 600),
        ("10min", 600),
        ("90 s", 90),
        ("90 sec", 90),
        ("1,5 h", 5400),
        ("1 h 30 min", 5400),
        ("7 d", 604_800),
        ("٣ h", 10_800),
    ],
)
def test_a_time_is_read_in_its_unit_and_in_minutes_without(text, seconds):
    assert typed_span(text) == seconds


@pytest.mark.parametrize("text", ["x", "-5", "10 weeks", "1:30", "123456789 h", "min"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="A time is wanted"):
        typed_span(text)


@given(st.integers(0, 366 * 86_400))
def test_a_time_shown_is_read_as_the_same(seconds):
    assert typed_span(span_typed(seconds)) == seconds


@given(st.floats(-1e12, 1e12, allow_nan=False).map(lambda n: round(n, 3)))
def test_a_number_shown_is_read_as_the_same(value):
    assert typed_number(number_typed(value)) == pytest.approx(value, rel=1e-14)


def test_nothing_is_shown_of_no_number():
    assert number_typed(None) == number_typed(nan) == ""
