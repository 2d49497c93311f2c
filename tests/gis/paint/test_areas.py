"""Areas beside the areas that exact geometry finds in each pixel."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.paint import raster
from gis.paint.shapes import RUN, Affine, AreaLook, Hatch, Pen, Surface, colour
from tests.gis.paint.pixels import BLACK, WHITE, channels, exact, opacity, rings_of, shapes_of, sheet, star

ONE_LEVEL = 1 / 255
seeds = st.integers(0, 2**32 - 1)


def painted(geometry, affine=None, **look):
    surface = sheet()
    raster.areas(surface, affine or Affine(), shapes_of([geometry]), AreaLook(**({"fill": BLACK} | look)))
    return surface


def a_polygon(seed: int, reach: float = 25) -> shapely.Polygon:
    """A star of some corners, every other one with a hole; it may leave the picture on any side."""
    rng = np.random.default_rng(seed)
    ring = star(rng, int(rng.integers(3, 9)), rng.uniform(6, reach), tuple(rng.uniform((-3, -3), (43, 33))))
    whole = shapely.Polygon(ring)
    hole = shapely.point_on_surface(whole).buffer(2.4, quad_segs=2)
    if seed % 2 and whole.contains(hole):
        inside = shapely.get_coordinates(hole.exterior).astype(np.float32).astype(np.float64)
        return shapely.Polygon(ring, [inside])
    return whole


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_every_pixel_holds_the_share_of_it_that_the_area_covers(seed):
    area = a_polygon(seed)
    if area.is_valid and shapely.length(area.exterior) / (shapely.get_num_coordinates(area) - 1) > 2:
        whole = shapely.get_coordinates(area)
        if (np.abs(np.diff(whole, axis=0)).sum(axis=1) > 1).all():  # nothing for the painter to pass over
            assert np.abs(opacity(painted(area)) - exact(area)).max() < ONE_LEVEL


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_vertices_that_are_passed_over_move_an_edge_by_less_than_a_pixel(seed):
    rng = np.random.default_rng(seed)
    area = shapely.segmentize(a_polygon(seed), float(rng.uniform(0.1, 0.9)))
    if area.is_valid:
        made, near = opacity(painted(area)), 1.05
        assert (made <= (exact(area.buffer(near)) > 0) + ONE_LEVEL).all()
        assert (made >= (exact(area.buffer(-near)) > 1 - 1e-9) - ONE_LEVEL).all()


def test_holes_stay_empty_and_islands_in_them_do_not():
    lake = shapely.box(2, 2, 38, 28).difference(shapely.box(8, 8, 30, 22))
    island = shapely.box(12, 12, 20, 18)
    made = opacity(painted(shapely.MultiPolygon([lake, island])))
    assert np.abs(made - exact(lake) - exact(island)).max() < ONE_LEVEL


def test_parts_that_lie_over_each_other_do_not_cancel():
    both = shapely.MultiPolygon([shapely.box(4, 4, 20, 20), shapely.box(10, 10, 30, 26)])
    assert np.abs(opacity(painted(both, fill=0x80000080)) - exact(both.buffer(0)) * 128 / 255).max() < 0.005


def test_what_reaches_far_beyond_the_picture_is_cut_true():
    """A district seen from its own street: its corners are a million pixels away."""
    district = shapely.Polygon([(-1e6, -7e5), (9e5, -1e6), (1e6, 8e5), (20.5, 10.25), (-1e6, 1e6)])
    assert np.abs(opacity(painted(district)) - exact(district)).max() < ONE_LEVEL


def test_north_is_up_and_the_scale_is_the_views():
    affine = Affine.of_map((500_000.0, 9_000_000.0), (500_100.0, 9_000_200.0), 5.0)
    made = opacity(painted(shapely.box(120, 100, 200, 180), affine))  # metres from the origin
    assert np.argwhere(made > 0.5).min(axis=0).tolist() == [4, 4]
    assert made.sum() == pytest.approx(16 * 16)


@given(st.floats(0.02, 1.4), st.floats(0.02, 1.4), st.floats(3, 30), st.floats(3, 20))
@settings(max_examples=60, deadline=None)
def test_the_smallest_are_as_much_ink_as_they_cover(width, height, x, y):
    made = opacity(painted(shapely.Polygon([(x, y), (x + width, y), (x + width, y + height)])))
    assert made.sum() == pytest.approx(width * height / 2, abs=9 * ONE_LEVEL / 2)
    assert (made[: int(y)] == 0).all()


def test_the_smallest_are_painted_without_a_look_at_their_vertices():
    """A box and an area are enough: a million of them cost little."""
    shapes = rings_of([np.full((4, 2), np.nan)])
    shapes.boxes[0], shapes.areas[0] = (10.2, 10.2, 11.2, 11.2), 0.5
    surface = sheet()
    raster.areas(surface, Affine(), shapes, AreaLook(BLACK))
    assert opacity(surface).sum() == pytest.approx(0.5, abs=0.01)


def test_a_colour_lies_over_what_was_there_by_its_opacity():
    surface = sheet(colour=colour(200, 100, 0))
    raster.areas(surface, Affine(), shapes_of([shapely.box(5, 5, 20, 20)]), AreaLook(colour(0, 0, 255, 0.5)))
    assert surface.pixels[0, 0] == colour(200, 100, 0)
    assert np.abs(channels(surface)[10, 10] - (255, 100, 50, 128)).max() <= 1


def test_each_may_have_its_own_colours_and_the_last_lies_on_top():
    squares = shapes_of([shapely.box(0, 0, 20, 20), shapely.box(10, 10, 30, 30)])
    fills = np.array([0xFF0000FF, 0xFF00FF00], np.uint32)
    lines = np.array([0xFF000011, 0xFF001100], np.uint32)
    for order, top in (([0, 1], 0xFF00FF00), ([1, 0], 0xFF0000FF)):
        surface = sheet()
        raster.areas(surface, Affine(), squares, AreaLook(fills, lines), order=np.array(order))
        assert surface.pixels[15, 15] == top
        assert surface.pixels[25, 25] == fills[1]
    surface = sheet()
    raster.areas(surface, Affine(), squares, AreaLook(fills), order=np.array([1]))
    assert surface.pixels[5, 5] == 0


def test_an_outline_runs_around_holes_and_covers_nothing_else():
    ring = shapely.box(5, 5, 35, 25).difference(shapely.box(12, 12, 25, 20))
    for width in (1.0, 2.0, 4.0):
        made = opacity(painted(ring, fill=0, outline=0xFF112233, pen=Pen(width), outlined_px=0))
        band = ring.boundary.buffer(width / 2, join_style="round", quad_segs=16)
        assert np.abs(made - exact(band)).max() < 0.26, width
        assert made.sum() == pytest.approx(exact(band).sum(), rel=0.02)


@pytest.mark.parametrize("seed", range(6))
def test_below_an_outline_that_hides_it_the_edge_of_a_fill_cannot_be_told_from_a_smooth_one(seed):
    """Its steps lie below the outline."""
    polygon = a_polygon(seed)
    both = painted(polygon, fill=0xFFFFFFFF, outline=BLACK, outlined_px=0)
    under, over_it = (
        painted(polygon, **look)
        for look in ({"fill": 0xFFFFFFFF}, {"fill": 0, "outline": BLACK, "outlined_px": 0})
    )
    below, above = channels(under)[..., 1], channels(over_it)[..., 0]
    smooth = below * (255 - above) / 255
    assert np.abs(channels(both)[..., 1] - smooth).max() < 64, "in the tip of a corner"
    assert np.abs(channels(both)[..., 1] - smooth).mean() < 1.0


def test_runs_of_features_that_are_not_to_be_seen_are_passed_over():
    rng = np.random.default_rng(5)
    places = rng.uniform((-200, -200), (240, 230), (700, 2))
    order = np.lexsort(np.floor(places.T / 30))
    town = rings_of([star(rng, 6, 9.0, tuple(place)) for place in places[order]])
    boxes = [town.boxes[at : at + RUN] for at in range(0, len(town), RUN)]
    runs = np.array([(*b[:, :2].min(axis=0), *b[:, 2:].max(axis=0)) for b in boxes], np.float32)
    one, other = sheet(), sheet()
    for surface, shapes in ((one, town), (other, replace(town, runs=runs))):
        raster.areas(surface, Affine(), shapes, AreaLook(0xFF80C020, BLACK))
        raster.lines(surface, Affine(), shapes, Pen(2.0), 0xFF2040C0)
    assert (one.pixels == other.pixels).all()
    assert len(np.unique(one.pixels)) > 50


def around(size: float, look: AreaLook) -> Surface:
    made, square = sheet(colour=WHITE), shapely.box(10.5, 10.5, 10.5 + size, 10.5 + size)
    raster.areas(made, Affine(), shapes_of([square]), look)
    return made


@pytest.mark.parametrize("size", [0.4, 1.4, 2.0, 2.9])
def test_what_is_too_small_for_an_outline_has_its_colour(size):
    outlined, black = around(size, AreaLook(WHITE, BLACK)), around(size, AreaLook(BLACK))
    assert (outlined.pixels == black.pixels).all()
    assert not (outlined.pixels == WHITE).all()


def test_outlines_gain_with_the_size_of_what_they_surround():
    looks = AreaLook(WHITE, BLACK)
    ink = [int(255 - channels(around(size, looks))[..., 1].min()) for size in (3.0, 4.0, 5.0, 6.0)]
    assert ink == sorted(ink)
    assert 128 < ink[0] < 230
    assert ink[-1] == 255


def test_a_hatch_stays_where_it_is_on_the_map():
    tile = np.zeros((4, 4), np.uint8)
    tile[0, :] = 255
    look = AreaLook(BLACK, hatch=Hatch(tile, 0, 2))
    whole = sheet()
    raster.areas(whole, Affine(), shapes_of([shapely.box(3, 3, 37, 27)]), look)
    assert np.flatnonzero(opacity(whole)[:, 20]).tolist() == [6, 10, 14, 18, 22, 26]
    part = Surface(np.zeros((10, 15), np.uint32), 12, 9)
    raster.areas(part, Affine(), shapes_of([shapely.box(3, 3, 37, 27)]), look)
    assert (part.pixels == whole.pixels[9:19, 12:27]).all()


def test_what_cannot_be_placed_is_left_out():
    """A vertex without a place is not part of its ring; a feature whose box has none is not painted."""
    square = np.array([(5, 5), (np.nan, 9), (25, 5), (25, 20), (np.inf, 1), (5, 20), (5, 5)])
    shapes = rings_of([square, np.zeros((0, 2)), np.array([(np.nan, np.nan)]), np.array([(4.0, 4.0)])])
    assert not np.isfinite(shapes.boxes[0]).all()
    surface = sheet()
    raster.areas(surface, Affine(), shapes, AreaLook(BLACK))
    assert (surface.pixels == 0).all()
    shapes.boxes[0] = (5, 5, 25, 20)
    raster.areas(surface, Affine(), shapes, AreaLook(BLACK))
    assert np.abs(opacity(surface) - exact(shapely.box(5, 5, 25, 20))).max() < ONE_LEVEL


def test_a_ring_that_was_left_open_is_closed():
    surface = sheet()
    raster.areas(
        surface, Affine(), rings_of([np.array([(5, 5), (25, 5), (25, 20), (5, 20)])]), AreaLook(BLACK)
    )
    assert np.abs(opacity(surface) - exact(shapely.box(5, 5, 25, 20))).max() < ONE_LEVEL
