from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from layers.classify import CATEGORIES, RAMPS, Method, breaks, graduated, manual, ramp

numbers = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60)


def test_equal_intervals_are_equally_wide():
    assert breaks(np.array([0.0, 1, 2, 10]), 5, Method.EQUAL) == (0, 2, 4, 6, 8, 10)


def test_quantiles_hold_equally_many():
    assert breaks(np.arange(101.0), 4, Method.QUANTILE) == (0, 25, 50, 75, 100)


def test_natural_breaks_fall_into_the_gaps():
    values = np.array([1, 2, 3, 40, 41, 42, 900, 901.0])
    assert breaks(values, 3, Method.NATURAL) == (1, 40, 900, 901)


def spread(values, edges) -> float:
    which = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return sum(((values[which == k] - values[which == k].mean()) ** 2).sum() for k in set(which.tolist()))


@given(st.lists(st.integers(0, 60), min_size=4, max_size=12, unique=True))
def test_no_other_three_classes_are_more_natural(found):
    values = np.array(sorted(found), np.float64)
    ours = spread(values, breaks(values, 3, Method.NATURAL))
    others = (
        spread(values, np.array([values[0], values[a], values[b], values[-1]]))
        for a, b in combinations(range(1, len(values)), 2)
    )
    assert ours <= min(others) + 1e-6


@given(numbers, st.integers(1, 9), st.sampled_from(Method))
def test_classes_cover_every_value_once(found, count, method):
    edges = breaks(np.array(found, np.float64), count, method)
    assert edges[0] == min(found)
    assert edges[-1] == max(found)
    assert list(edges) == sorted(edges)
    assert 2 <= len(edges) <= count + 1


def test_what_is_no_number_is_passed_over_and_nothing_at_all_is_said():
    assert breaks(np.array([np.nan, 1, np.inf, 3]), 1, Method.EQUAL) == (1, 3)
    with pytest.raises(UserError, match="no number"):
        breaks(np.array([np.nan]), 3, Method.QUANTILE)


def test_typed_edges_are_put_in_order():
    assert manual((3.0, 1.0, 2.0, 2.0)) == (1, 2, 3)
    with pytest.raises(UserError):
        manual((1.0, 1.0))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("name", RAMPS)
def test_ramps_darken_step_by_step_so_that_no_colour_vision_is_needed(name):
    light = [luminance(colour) for colour in ramp(name, 7)]
    assert all(a > b * 1.15 for a, b in pairwise(light))


def test_categories_are_all_different():
    assert len(set(CATEGORIES)) == len(CATEGORIES) == 8


def test_a_graduated_look_has_a_symbol_for_each_class():
    look = graduated("depth", (0.0, 1.0, 2.0, 3.0))
    assert [s.fill.colour for s in look.symbols] == list(ramp("blue", 3))
    assert graduated("depth", (0.0, 1.0)).symbols[0].fill is not None
