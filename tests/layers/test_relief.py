"""Measurements become colours: a slope to the sun is bright, and nothing is made up."""

import numpy as np
import pytest

from layers.relief import COLOURS, coloured, lit, measured, stops, usual_look
from layers.scene import Raster, Scene
from layers.style import Pixels
from layers.view import MapView

EAST, SOUTH = np.meshgrid(np.arange(40.0), np.arange(30.0))


def test_low_is_the_first_colour_and_high_the_last():
    seen = coloured(np.array([[-5.0, 0.0, 10.0, 99.0]], np.float32), Pixels("blue", 0.0, 10.0), 1.0)
    first, last = (tuple(int(stops("blue")[n][i : i + 2], 16) for i in (1, 3, 5)) for n in (0, -1))
    assert [tuple(each[:3]) for each in seen[0].tolist()] == [first, first, last, last]
    assert (seen[..., 3] == 255).all()


def test_where_nothing_was_measured_nothing_is_drawn():
    seen = coloured(np.array([[1.0, np.nan, np.inf, -np.inf]], np.float32), Pixels(), 1.0)
    assert seen[0, 0, 3] == 255
    assert not seen[0, 1:].any()
    assert not coloured(np.full((3, 3), np.nan, np.float32), Pixels(), 1.0).any()


def test_a_slope_to_the_north_west_is_brighter_than_level_ground_and_that_brighter_than_its_back():
    slope = (EAST + SOUTH) * 0.3  # it falls to the north-west, where the sun stands
    rule = Pixels("blue", -1e6, 1e6, shaded=True)  # one colour for all heights: what differs is the light
    ways = (slope, slope * 0, -slope)
    sunny, level, dark = (coloured(v.astype(np.float32), rule, 1.0)[9:20, 9:20].mean() for v in ways)
    assert dark < level < sunny


def test_the_light_does_not_depend_on_how_finely_the_ground_is_looked_at():
    hill = np.sin(EAST / 6) * np.cos(SOUTH / 6)
    rule = Pixels("blue", -9.0, 9.0, shaded=True)
    fine = coloured(np.repeat(np.repeat(hill, 2, 0), 2, 1).astype(np.float32), rule, 0.5)
    coarse = coloured(hill.astype(np.float32), rule, 1.0)
    assert fine[..., :3].mean() == pytest.approx(coarse[..., :3].mean(), abs=3)


@pytest.mark.parametrize("name", ["SRTM 30 m", "dem", "Elevation of the city"])
def test_a_model_of_the_ground_is_shown_as_a_relief(name):
    assert usual_look(name, 0.0, 900.0) == Pixels("terrain", 0.0, 900.0, shaded=True)


def test_other_measurements_are_flat_and_a_picture_is_left_as_it_is():
    assert usual_look("flood depth", 0.0, 3.0) == Pixels("depth", 0.0, 3.0)
    assert usual_look("dem", None, None) == Pixels()
    assert "depth" in COLOURS


def test_the_light_may_come_from_anywhere():
    slope = (EAST * 2.0).astype(np.float32)  # rises to the east: it faces west
    west, east = (coloured(slope, Pixels("blue", 0, 80, shaded=True, light=d), 10.0) for d in (270.0, 90.0))
    assert west[15, 20, :3].sum() > east[15, 20, :3].sum()


def test_pixels_are_made_brighter_and_darker_and_stay_as_clear_as_they_are():
    pixels = np.array([[[100, 0, 200, 255], [50, 0, 10, 128], [0, 0, 0, 0]]], np.uint8)
    assert lit(pixels, 0.0) is pixels
    assert lit(pixels, 1.0)[0].tolist() == [[255] * 4, [128] * 4, [0] * 4]
    assert lit(pixels, -1.0)[0].tolist() == [[0, 0, 0, 255], [0, 0, 0, 128], [0] * 4]
    assert lit(pixels, -0.5)[0, 0].tolist() == [50, 0, 100, 255]


def test_what_was_measured_at_a_place_is_said_and_nothing_is_made_up():
    view = MapView(100.0, 200.0, 10.0, 4, 2)  # from 80 to 120 east, from 190 to 210 north
    values = np.array([[1.0, 2.0, 3.0, np.nan], [5.0, 6.0, 7.0, 8.0]], np.float32)
    scene = Scene("dem", view, (Raster(view, np.zeros((2, 4, 4), np.uint8), values),))
    assert measured(scene, 81.0, 209.0) == 1.0
    assert measured(scene, 119.0, 191.0) == 8.0
    assert measured(scene, 119.0, 209.0) is None
    assert measured(scene, 79.0, 200.0) is None
    assert measured(Scene("a", view, (Raster(view, np.zeros((2, 4, 4), np.uint8)),)), 81.0, 209.0) is None
