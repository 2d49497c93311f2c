"""Lines beside the bands that exact geometry finds around them."""

import itertools

import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gis.paint import raster
from gis.paint.shapes import Affine, Cap, Join, Pen
from tests.gis.paint.pixels import BLACK, exact, opacity, rings_of, sheet

CAPS = {Cap.BUTT: "flat", Cap.ROUND: "round", Cap.SQUARE: "square"}
JOINS = {Join.ROUND: "round", Join.MITRE: "mitre", Join.BEVEL: "bevel"}
inside = st.tuples(st.floats(1, 39, width=32), st.floats(1, 29, width=32))


def painted(places, pen, colour=BLACK):
    surface = sheet()
    raster.lines(surface, Affine(), rings_of([np.array(places)]), pen, colour)
    return opacity(surface)


def band(places, pen) -> np.ndarray:
    line = shapely.LineString(places)
    return exact(
        shapely.buffer(
            line,
            pen.width_px / 2,
            quad_segs=32,
            cap_style=CAPS[pen.cap],
            join_style=JOINS[pen.join],
            mitre_limit=pen.mitre_limit,
        )
    )


def apart(places, least: float) -> bool:
    return all(np.hypot(b[0] - a[0], b[1] - a[1]) > least for a, b in itertools.pairwise(places))


def sharpest(places) -> float:
    """Cosine of the sharpest turn; -1 is straight back."""
    way = np.diff(np.array(places), axis=0)
    way /= np.hypot(*way.T)[:, None]
    return float((way[1:] * way[:-1]).sum(axis=1).min()) if len(way) > 1 else 1.0


@given(inside, inside, st.sampled_from([1.0, 1.5, 2.0, 2.6]), st.sampled_from(list(CAPS)))
@settings(max_examples=80, deadline=None)
def test_a_thin_line_has_the_ink_of_its_width_and_keeps_to_its_place(a, b, width, cap):
    assume(apart([a, b], 4))
    pen = Pen(width, cap)
    made, true = painted([a, b], pen), band([a, b], pen)
    assert made.sum() == pytest.approx(true.sum(), rel=0.06, abs=0.3)
    assert np.abs(made - true).sum() < 0.16 * np.hypot(a[0] - b[0], a[1] - b[1]) + 1.6 * width
    outside = exact(shapely.LineString([a, b]).buffer(width / 2 + 1.5)) == 0
    assert made[outside].max(initial=0.0) < 0.02, "ends are cut along the grid: a trace farther"


@given(
    st.lists(inside, min_size=2, max_size=4),
    st.sampled_from([3.0, 5.0, 9.0]),
    st.sampled_from(list(CAPS)),
    st.sampled_from(list(JOINS)),
)
@settings(max_examples=80, deadline=None)
def test_a_wide_line_is_the_band_around_it_with_its_caps_and_corners(places, width, cap, join):
    assume(apart(places, width + 1))
    assume(sharpest(places) > -0.7)
    assume(apart((places[0], places[-1]), width + 1))
    pen = Pen(width, cap, join, mitre_limit=20)
    made, true = painted(places, pen), band(places, pen)
    assert np.abs(made - true).max() < 0.5  # where pieces meet inside of one pixel their shares are added
    assert np.abs(made - true).sum() < 0.12 * (shapely.LineString(places).length + 4 * width)


def test_a_mitre_that_would_be_too_long_is_bevelled():
    spike = [(5, 10), (30, 14), (5, 18)]
    long, short = (painted(spike, Pen(4, join=Join.MITRE, mitre_limit=limit)) for limit in (20, 2))
    bevel = painted(spike, Pen(4, join=Join.BEVEL))
    assert (short == bevel).all()
    assert long[:, 34:].sum() > 4
    assert bevel[:, 34:].sum() == 0


@pytest.mark.parametrize("width", [1.0, 2.0, 5.0])
def test_a_line_over_itself_is_no_darker(width):
    crossing = [(5, 5), (35, 25), (35, 5), (5, 25), (5, 5), (35, 25)]
    half = painted(crossing, Pen(width), 0x80000000)
    assert half.max() <= 0x80 / 255


@pytest.mark.parametrize("width", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("cap", list(CAPS))
def test_dashes_are_as_long_as_their_pattern_says_around_corners_too(width, cap):
    places = [(2, 5.5), (36.5, 5.5), (36.5, 27)]
    made = painted(places, Pen(width, cap, dash=(6, 8), dash_offset_px=3))
    line = shapely.LineString(places)
    begins = np.arange(-3, line.length, 14)
    lit = [shapely.ops.substring(line, max(begin, 0), max(begin + 6, 0)) for begin in begins]
    true = exact(shapely.union_all([piece.buffer(width / 2, cap_style=CAPS[cap]) for piece in lit]))
    assert made.sum() == pytest.approx(true.sum(), rel=0.03)
    assert np.abs(made - true).max() < 0.51 if cap is Cap.ROUND else 0.3


def test_an_odd_pattern_is_taken_twice():
    line = [(0, 10), (40, 10)]
    assert (painted(line, Pen(2, dash=(5,))) == painted(line, Pen(2, dash=(5, 5)))).all()


def test_the_dashes_of_a_line_from_far_away_are_counted_and_not_walked():
    """A line of a million million pixels is as quick as any other, and its dashes are there."""
    far = painted([(-1e12, 10), (1e12, 10)], Pen(2, dash=(6, 6)))
    near = painted([(-40, 10), (1e12, 10)], Pen(2, dash=(6, 6)))
    assert 0.3 * 80 < far.sum() < 0.7 * 80
    assert near.sum() == pytest.approx(40, abs=8)


@given(inside, inside, st.integers(2, 12), st.sampled_from([0.6, 1.0, 2.0]))
@settings(max_examples=80, deadline=None)
def test_a_thin_line_of_many_vertices_is_the_line_of_two(a, b, pieces, width):
    """No lighter and no darker where one segment ends and the next begins."""
    assume(apart([a, b], 8))
    assume(abs(abs(a[0] - b[0]) - abs(a[1] - b[1])) > 0.5)  # else rounding says which pieces are flat
    cut = [tuple(place) for place in np.linspace(a, b, pieces + 1)]
    difference = np.abs(painted(cut, Pen(width)) - painted([a, b], Pen(width)))
    assert difference.max() < 0.08


@given(st.lists(inside, min_size=2, max_size=4), st.sampled_from([0.6, 1.0, 2.6]))
@settings(max_examples=80, deadline=None)
def test_thin_lines_that_hide_what_is_below_are_those_that_do_not_but_for_corners(places, width):
    assume(apart(places, 3 * width + 3))
    assume(sharpest(places) > 0.0)
    hiding, clear = painted(places, Pen(width)), painted(places, Pen(width), 0xFE000000)
    corners = shapely.MultiPoint(places).buffer(width + 2)
    away = exact(corners) == 0
    assert np.abs(hiding - clear)[away].max(initial=0.0) < 0.06
    assert hiding.sum() == pytest.approx(clear.sum(), rel=0.1, abs=1.0)


def test_a_line_far_out_does_not_reach_in():
    for pen in (Pen(1), Pen(2.6), Pen(8, Cap.SQUARE, Join.MITRE), Pen(200, dash=(9, 9))):
        assert painted([(-900, -900), (-500, 900), (900, 1900)], pen).sum() == 0


def test_a_line_through_the_whole_picture_is_true_in_its_middle():
    made = painted([(-1e6, -750_000), (1e6, 750_000)], Pen(4))
    assert np.abs(made - band([(-1e6, -750_000), (1e6, 750_000)], Pen(4))).max() < 0.02


def test_each_line_may_have_its_own_colour():
    surface, pair = sheet(), rings_of([np.array([(0, 5), (40, 5)]), np.array([(0, 15), (40, 15)])])
    raster.lines(surface, Affine(), pair, Pen(4), np.array([0xFF0000FF, 0xFF00FF00], np.uint32))
    assert surface.pixels[5, 20] == 0xFF0000FF
    assert surface.pixels[15, 20] == 0xFF00FF00


def test_a_dot_of_a_line_is_its_two_round_ends():
    assert painted([(20, 15), (20, 15)], Pen(8, Cap.ROUND)).sum() == pytest.approx(np.pi * 16, rel=0.02)
    assert painted([(20, 15), (20, 15)], Pen(8, Cap.BUTT)).sum() == 0
