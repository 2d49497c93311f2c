import numpy as np
import pytest
import shapely

from layers.hatches import origin, speck, tile
from layers.icons import GROUPS, icon, icon_names
from layers.style import Fill, Hatch, Pattern
from layers.view import MapView


@pytest.mark.parametrize("name", [name for group in GROUPS for name in icon_names(group)])
def test_a_pictogram_fills_its_square_and_stays_inside(name):
    rings = icon(name)
    corners = np.vstack(rings)
    assert np.abs(corners).max() <= 0.5
    assert np.ptp(corners, axis=0).max() > 0.7
    inked = sum(
        shapely.Polygon(ring).area * (1 if shapely.is_ccw(shapely.LinearRing(ring)) else -1) for ring in rings
    )
    assert 0.1 < abs(inked) < 0.8


def test_a_name_that_is_none_of_ours_has_no_picture():
    assert icon("../kentongan") == ()


@pytest.mark.parametrize("pattern", Pattern)
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_hatch_repeats_without_a_seam_and_leaves_the_ground_to_be_seen(pattern, ratio):
    hatch = Hatch(pattern, "#000000", 8.0, 1.5)
    made = tile(hatch, ratio)
    assert made.min() == 0
    assert made.max() > 0.9
    twice = np.tile(made, (2, 2))
    jumps = np.abs(np.diff(twice, axis=1))
    seam = len(made) - 1
    assert jumps[:, seam].max() <= jumps.max()
    assert 0.02 < made.mean() < 0.5


@pytest.mark.parametrize("spacing", [-3.0, 0.0, 1e9, 0.4])
@pytest.mark.parametrize("width", [-1.0, 0.0, 1e9])
def test_a_hatch_of_any_measure_stays_a_small_tile(spacing, width):
    made = tile(Hatch(Pattern.RISING, "#000000", spacing, width))
    assert 2 <= len(made) <= 400
    assert np.isfinite(made).all()


def test_a_hatch_lies_still_on_the_ground_when_the_map_moves():
    view = MapView(1_000.0, 2_000.0, 2.0, 640, 480)
    side = 11
    x, y = origin(view, side)
    moved = MapView(1_000.0 + 2 * 7, 2_000.0 - 2 * 3, 2.0, 640, 480)
    assert origin(moved, side) == ((x - 7) % side, (y - 3) % side)


def test_an_area_too_small_for_its_hatch_has_as_much_ink_as_the_hatch():
    hatch = Hatch(Pattern.LEVEL, "#0000ff", 8.0, 2.0)
    assert speck(Fill("#ff0000", 0.0, hatch)) == Fill("#0000ff", pytest.approx(0.25, abs=0.02))
    assert speck(Fill("#ff0000", 0.5, hatch)) == Fill("#ff0000", 0.5)
