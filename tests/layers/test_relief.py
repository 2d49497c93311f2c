"""Measurements become colours: a slope to the sun is bright, and nothing is made up."""

import numpy as np
import pytest

from layers.relief import COLOURS, coloured, stops, usual_look
from layers.style import Pixels

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
