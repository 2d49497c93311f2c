"""Rings are measured: the compiled way and the plain one, side by side."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gis.paint.compiled import compiled
from gis.paint.measuring import in_columns, measured

thorough = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
coordinates = st.one_of(st.floats(-1e4, 1e4), st.sampled_from((np.nan, np.inf, -np.inf)))
runs = st.lists(st.lists(st.tuples(coordinates, coordinates), max_size=7), max_size=9)


def arrays(rings):
    xy = np.array([corner for ring in rings for corner in ring], float).reshape(-1, 2)
    return xy, np.cumsum([0, *map(len, rings)], dtype=np.int64)


@thorough
@given(runs)
def test_compiled_and_plain_measure_the_same(rings):
    (boxes, areas), (plain_boxes, plain_areas) = measured(*arrays(rings)), in_columns(*arrays(rings))
    np.testing.assert_array_equal(boxes, plain_boxes)
    sound = np.isfinite(boxes).all(axis=1)
    assert sound.tolist() == [bool(ring) and bool(np.isfinite(ring).all()) for ring in rings]
    np.testing.assert_allclose(areas[sound], plain_areas[sound], rtol=1e-9, atol=1e-3)


def test_a_yard_far_from_zero_has_the_area_that_geos_says():
    yard = shapely.Point(500_000.3, 9_000_000.7).buffer(0.8)
    corners = [*yard.exterior.coords]
    for rings, way in (([corners[::-1]], 1), ([corners], -1)):
        for boxes, areas in (measured(*arrays(rings)), in_columns(*arrays(rings))):
            assert boxes[0].tolist() == list(yard.bounds)
            assert areas[0] == pytest.approx(way * yard.area)


kinds = st.sampled_from((np.float64, np.float32, np.int64, np.int32, np.uint8))
anything = st.one_of(
    st.none(),
    hnp.arrays(kinds, hnp.array_shapes(max_dims=3, max_side=5), elements=st.integers(0, 9)),
    hnp.arrays(np.int64, st.integers(0, 5), elements=st.integers(-2, 9)),
    hnp.arrays(np.float64, st.tuples(st.integers(0, 5), st.sampled_from((2, 4)))),
    hnp.arrays(np.float64, st.integers(0, 5)),
)


@thorough
@given(anything, anything, anything, anything)
def test_arrays_of_any_kind_are_measured_or_a_value_error(xy, rings, boxes, areas):
    try:
        compiled.measure(xy, rings, boxes, areas)
    except ValueError:
        return
    assert len(boxes) == len(areas) == len(rings) - 1
    assert (np.diff(rings) >= 0).all()


def test_boxes_that_are_written_over_the_offsets_lead_nowhere():
    memory = np.zeros(16, np.int64)
    rings, boxes = memory[:4], memory[:12].view(np.float64).reshape(3, 4)
    rings[:] = 0, 2, 4, 6
    xy = np.zeros((6, 2))
    xy[1, 0] = 1000 * 5e-324  # which is 1000 as a whole number
    with pytest.raises(ValueError, match="rings"):
        compiled.measure(xy, rings, boxes, np.zeros(3))


@pytest.mark.parametrize("rings", [[0, 3, 2], [0, 9], [-1, 2]])
def test_offsets_that_lead_astray_are_refused(rings):
    with pytest.raises(ValueError, match="rings"):
        measured(np.zeros((4, 2)), np.array(rings, np.int64))
