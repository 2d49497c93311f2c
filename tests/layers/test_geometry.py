import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.geo.ragged import ranges
from layers.geometry import Ragged, centroids, clamped, gather, thinned
from layers.view import MapView
from tests.shapes import polygons, square

corner = st.tuples(st.integers(-500, 600), st.integers(-500, 600))


def ring(corners) -> Ragged:
    xy = np.array([*corners, corners[0]], np.float64)
    return Ragged(xy, np.array([0, len(xy)]), np.array([0, 1]))


def winding(xy, x, y) -> int:
    """Turns of a closed line around (x, y), by adding up angles."""
    z = (xy[:, 0] - x) + 1j * (xy[:, 1] - y)
    return round(np.angle(z[1:] / z[:-1]).sum() / (2 * np.pi))


@given(
    st.lists(corner, min_size=3, max_size=12),
    st.tuples(st.floats(1, 99, width=32), st.floats(1, 99, width=32)),
)
def test_folding_far_corners_onto_the_border_changes_nothing_inside(corners, place):
    before = ring(corners)
    x, y = place
    edges = shapely.linestrings(before.xy)
    if shapely.distance(edges, shapely.Point(x, y)) < 1e-6:
        return
    after = clamped(before, 100, 100, reach=10)
    assert after.xy.min() >= -10
    assert after.xy.max() <= 110
    assert winding(after.xy, x, y) == winding(before.xy, x, y)


def test_shapes_inside_are_left_as_they_are():
    inside = ring([(1, 1), (50, 2), (30, 70)])
    assert clamped(inside, 100, 100) is inside


def test_rows_are_gathered_in_the_order_asked_for():
    made = polygons([square(0, 0, 2)], [], [square(10, 0, 2), square(10, 0, 1, hole=True)])
    shapes = gather(made, np.array([2, 0]), MapView(0, 0, 1, 100, 100))
    assert shapes.parts.tolist() == [0, 2, 3]
    assert shapes.rings.tolist() == [0, 5, 10, 15]
    assert shapes.xy[0].tolist() == [59, 51]


def test_thinning_drops_what_no_pixel_shows_and_keeps_the_ends():
    way = np.column_stack((np.linspace(0, 10, 1001), np.zeros(1001)))
    thin = thinned(Ragged(way, np.array([0, 1001]), np.array([0, 1])), cell=1.0)
    assert len(thin.xy) < 20
    assert thin.xy[0].tolist() == [0, 0]
    assert thin.xy[-1].tolist() == [10, 0]
    assert thin.rings.tolist() == [0, len(thin.xy)]


def test_each_ring_is_thinned_by_itself():
    two = Ragged(np.array([[0, 0], [9, 0], [9, 0.1], [9, 5.0]]), np.array([0, 2, 4]), np.array([0, 1, 2]))
    assert thinned(two, cell=1.0).rings.tolist() == [0, 2, 4]


def test_the_centroid_of_polygons_is_that_of_shapely():
    corners = [(500_000, 9_000_000), (500_400, 9_000_000), (500_100, 9_000_300)]
    xy = np.array([*corners, corners[0]], np.float64)
    found = centroids(Ragged(xy, np.array([0, 4]), np.array([0, 1])))
    assert found[0] == pytest.approx(shapely.Polygon(xy).centroid.coords[0])


def test_ranges_are_joined():
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ranges(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []
