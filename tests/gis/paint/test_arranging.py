"""Features are put in order and their vertices brought together: the compiled way and the plain one."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gis.geo.ragged import ranges
from gis.paint.arranging import drawing_order, gathered, keys_in_columns, near
from gis.paint.compiled import compiled

thorough = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
places = st.floats(-1e6, 1e6)
boxes = st.lists(st.tuples(places, places, st.floats(0, 1e5), st.floats(0, 1e5)), max_size=40)


def corners(told):
    low = np.array([each[:2] for each in told], float).reshape(-1, 2)
    return low, low + np.array([each[2:] for each in told], float).reshape(-1, 2)


@thorough
@given(boxes, st.integers(0, 32))
def test_compiled_and_plain_put_boxes_in_the_same_order(told, huddle):
    low, high = corners(told)
    order = drawing_order(low, high, huddle)
    assert sorted(order.tolist()) == list(range(len(told)))
    if told:
        keys = keys_in_columns(low, high, huddle)
        assert order.tolist() == np.argsort(keys, kind="stable").tolist()


def test_the_large_come_first_and_then_neighbours_follow_each_other():
    rng = np.random.default_rng(8)
    low = rng.uniform(0, 1000, (2000, 2))
    high = low + 1.0
    high[77] = low[77] + 400.0
    order = drawing_order(low, high)
    assert order[0] == 77
    apart = np.hypot(*np.diff(low[order[1:]], axis=0).T)
    assert np.median(apart) < 40 < np.median(np.hypot(*np.diff(low, axis=0).T))
    assert drawing_order(low, high, 32).tolist()[1:] == [n for n in range(2000) if n != 77]


def test_runs_are_seen_from_an_origin_near_them():
    xy = np.array([(9e6 + n / 8, 5e5 - n / 8) for n in range(40)])
    starts, lengths = np.array([30, 0, 7]), np.array([10, 0, 3])
    found = gathered(xy, starts, lengths, (9e6, 5e5))
    assert found.tolist() == near(xy[ranges(starts, lengths)], (9e6, 5e5)).tolist()
    assert found[0].tolist() == [30 / 8, -30 / 8]


@pytest.mark.parametrize(
    ("starts", "lengths"), [([0], [5]), ([-1], [2]), ([2], [-1]), ([4], [1]), ([2**62], [2**62])]
)
def test_a_run_that_leaves_its_array_is_refused(starts, lengths):
    with pytest.raises(ValueError, match="starts"):
        compiled.gather(
            np.zeros((4, 2)), np.array(starts), np.array(lengths), 0.0, 0.0, np.zeros((5, 2), np.float32)
        )


kinds = st.sampled_from((np.float64, np.float32, np.int64, np.int32))
anything = st.one_of(
    st.none(),
    hnp.arrays(kinds, hnp.array_shapes(max_dims=3, max_side=4), elements=st.integers(0, 9)),
    hnp.arrays(np.int64, st.integers(0, 4), elements=st.integers(-2, 6)),
    hnp.arrays(np.float64, st.tuples(st.integers(0, 4), st.just(2))),
    hnp.arrays(np.float32, st.tuples(st.integers(0, 6), st.just(2)), elements=st.floats(-9, 9, width=32)),
)


@thorough
@given(anything, anything, st.integers(-1, 33), anything)
def test_arrays_of_any_kind_are_put_in_order_or_a_value_error(low, high, huddle, keys):
    try:
        compiled.keys(low, high, huddle, keys)
    except ValueError:
        return
    assert len(low) == len(high) == len(keys)


@thorough
@given(anything, anything, anything, st.floats(), anything)
def test_runs_of_any_kind_are_gathered_or_a_value_error(xy, starts, lengths, x, out):
    try:
        compiled.gather(xy, starts, lengths, x, x, out)
    except ValueError:
        return
    assert len(starts) == len(lengths)
    assert lengths.sum() == len(out)
