import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.view import MapView

VIEW = MapView(500_000, 9_000_000, 2.0, 800, 600)


def test_the_centre_of_the_map_is_the_centre_of_the_window():
    assert VIEW.to_pixels(np.array([[500_000.0, 9_000_000.0]])).tolist() == [[400, 300]]


def test_north_is_up():
    assert VIEW.to_pixels(np.array([[500_000.0, 9_000_100.0]])).tolist() == [[400, 250]]
    assert VIEW.extent == (499_200, 8_999_400, 500_800, 9_000_600)


@given(st.floats(0, 800), st.floats(0, 600))
def test_a_pixel_and_its_place_find_each_other(px, py):
    assert VIEW.to_pixels(np.array([VIEW.to_map(px, py)]))[0] == pytest.approx((px, py), abs=0.01)


@given(st.floats(0.01, 100), st.floats(0, 800), st.floats(0, 600))
def test_zooming_keeps_the_place_under_the_pointer(factor, px, py):
    zoomed = VIEW.zoomed(factor, px, py)
    assert zoomed.to_map(px, py) == pytest.approx(VIEW.to_map(px, py), abs=1e-6)
    assert zoomed.units_per_pixel == pytest.approx(2 * factor)


def test_dragging_takes_the_place_along():
    assert VIEW.panned(30, -20).to_map(130, 80) == pytest.approx(VIEW.to_map(100, 100))


def test_fitting_shows_all_of_an_extent_with_a_margin():
    view = VIEW.fit((0, 0, 4000, 1000), margin=0.1)
    west, south, east, north = view.extent
    assert (west, east) == pytest.approx((-500, 4500))
    assert south < 0
    assert north > 1000


def test_fitting_a_point_keeps_the_scale():
    assert VIEW.fit((7, 8, 7, 8)).units_per_pixel == 2.0
    assert VIEW.fit((7, 8, 7, 8)).extent[0] == 7 - 800


def test_a_screen_pixel_is_a_ninety_sixth_of_an_inch():
    assert VIEW.scale() == pytest.approx(7559.06, abs=0.01)
    assert VIEW.scale(metres_per_unit=111_000) == pytest.approx(839_055_118, rel=1e-6)


def test_a_grown_view_covers_the_smaller_until_it_is_dragged_out():
    grown = VIEW.grown(100)
    assert grown.covers(VIEW)
    assert grown.covers(VIEW.panned(100, -100))
    assert not grown.covers(VIEW.panned(101, 0))
    assert not VIEW.covers(grown)
