"""Images and dots at points."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.paint import raster
from gis.paint.shapes import Affine, Marks, Surface, discs, images
from tests.gis.paint.pixels import BLACK, exact, opacity, sheet

ARROW = np.array([[0, 0xFF0000FF, 0], [0xFF00FF00, 0xFFFF0000, 0x80800000], [0, 0xFF0000FF, 0]], np.uint32)


def fine(*pictures: np.ndarray) -> np.ndarray:
    """Each pixel as the sixteen that an atlas is made of."""
    return np.stack(pictures).repeat(4, axis=1).repeat(4, axis=2)


def at(*places) -> np.ndarray:
    return np.array(places, np.float32).reshape(-1, 2)


@given(st.floats(6, 34, width=32), st.floats(6, 24, width=32), st.sampled_from([0.8, 2.0, 3.5, 5.0]))
@settings(max_examples=60, deadline=None)
def test_a_dot_is_a_disc_to_a_quarter_of_a_pixel(x, y, radius):
    surface = sheet()
    raster.stamps(surface, Affine(), Marks(at((x, y))), discs((radius,)), BLACK)
    placed = shapely.Point(np.round(x * 4) / 4, np.round(y * 4) / 4).buffer(radius, quad_segs=64)
    assert np.abs(opacity(surface) - exact(placed)).max() < 0.04
    share = opacity(surface)
    middle = [(share.sum(axis=axis) @ (np.arange(n) + 0.5)) / share.sum() for axis, n in ((0, 40), (1, 30))]
    assert middle == pytest.approx((x, y), abs=0.2)


def test_an_image_on_a_whole_pixel_is_the_image():
    surface = sheet()
    raster.sprites(surface, Affine(), Marks(at((10.5, 10.5))), images(fine(ARROW)))
    assert (surface.pixels[9:12, 9:12] == ARROW).all()
    assert np.count_nonzero(surface.pixels) == 5


def test_a_moved_image_keeps_its_ink():
    for shift in (0.25, 0.5, 0.75):
        surface = sheet()
        raster.sprites(surface, Affine(), Marks(at((10.5 + shift, 10.5 - shift))), images(fine(ARROW)))
        assert opacity(surface).sum() == pytest.approx(opacity(Surface(ARROW)).sum(), rel=0.01)


def test_a_disc_is_as_sharp_between_two_pixels_as_on_one():
    side = np.arange(40) + 0.5 - 20
    disc = np.where(side[:, None] ** 2 + side**2 <= 16**2, BLACK, 0).astype(np.uint32)
    for x, y in ((10.0, 10.0), (10.25, 10.5), (10.75, 10.25)):
        surface = sheet()
        raster.sprites(surface, Affine(), Marks(at((x, y))), images(disc[None]))
        assert np.abs(opacity(surface) - exact(shapely.Point(x, y).buffer(4, quad_segs=64))).max() < 0.06


def test_each_point_has_its_kind_and_the_last_lies_on_top():
    red, blue = np.full((5, 5), 0xFFFF0000, np.uint32), np.full((5, 5), 0xFF0000FF, np.uint32)
    atlas, places = images(fine(red, blue)), at((10.5, 10.5), (12.5, 10.5))
    for order, top in ((None, 0xFF0000FF), ([1, 0], 0xFFFF0000)):
        surface = sheet()
        kinds = Marks(places, np.array([0, 1], np.int32))
        raster.sprites(surface, Affine(), kinds, atlas, order=None if order is None else np.array(order))
        assert surface.pixels[10, 11] == top


def test_of_a_crowd_in_one_cell_the_last_stays():
    rng = np.random.default_rng(3)
    places = rng.uniform((0, 0), (40, 30), (20_000, 2)).astype(np.float32)
    colours = rng.integers(0xFF000000, 0xFFFFFFFF, 20_000).astype(np.uint32)
    thinned, whole = sheet(), sheet()
    dot = discs((1.0,))
    raster.stamps(thinned, Affine(), Marks(places, cell_px=2), dot, colours)
    raster.stamps(whole, Affine(), Marks(places), dot, colours)
    assert (opacity(thinned).reshape(15, 2, 20, 2).max(axis=(1, 3)) > 0.4).all()
    assert opacity(thinned).sum() < 0.99 * opacity(whole).sum()
    one = sheet()
    pair = Marks(at((10.2, 10.2), (10.6, 10.6)), cell_px=2)
    raster.stamps(one, Affine(), pair, dot, np.array([0xFF0000FF, 0xFF00FF00], np.uint32))
    assert set(one.pixels[one.pixels > 0] & 0xFF) == {0}


def test_marks_are_cut_at_every_side():
    rng = np.random.default_rng(4)
    places = rng.uniform((-20, -20), (60, 50), (500, 2)).astype(np.float32)
    wide = Surface(np.zeros((90, 100), np.uint32), -30, -30)
    raster.stamps(wide, Affine(), Marks(places), discs((6.0,)), 0x80000080)
    surface = sheet()
    raster.stamps(surface, Affine(), Marks(places), discs((6.0,)), 0x80000080)
    assert (surface.pixels == wide.pixels[30:60, 30:70]).all()


def test_points_without_a_place_are_left_out():
    surface = sheet()
    lost = at((np.nan, 3), (3, np.inf), (-np.inf, np.nan), (1e30, -1e30), (3e9, 3))
    raster.stamps(surface, Affine(), Marks(lost), discs((3.0,)), BLACK)
    raster.stamps(surface, Affine(1e300, 1e300), Marks(at((3e30, 3e30))), discs((3.0,)), BLACK)
    assert (surface.pixels == 0).all()
