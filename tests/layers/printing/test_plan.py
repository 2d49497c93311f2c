"""A sheet of paper: true to scale, on whole dots, with room for what is wanted."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.geo.measure import distance_m
from layers.grid.lines import GridKind
from layers.ground import lonlat, on_map
from layers.printing.north import convergence_deg
from layers.printing.papers import FINENESSES, PAPERS, PX_PER_MM
from layers.printing.plan import Wish, bands, plan
from layers.view import MapView

CRS = 32748
X, Y = on_map(106.83, -6.18, CRS)
SEEN = MapView(X, Y, 10.0, 1200, 800)

wishes = st.builds(
    Wish,
    paper=st.sampled_from(PAPERS),
    landscape=st.booleans(),
    dpi=st.sampled_from(FINENESSES),
    scale=st.one_of(st.none(), st.floats(500, 1e6)),
    legend=st.booleans(),
    grid=st.sampled_from(GridKind),
)


@given(wishes, st.booleans())
def test_nothing_on_a_sheet_lies_on_anything_else_or_off_the_paper(wish, exercise):
    made = plan(wish, SEEN, CRS, exercise=exercise)
    areas = [each for each in (made.head, made.frame, made.foot, made.legend, made.mark) if each]
    for n, a in enumerate(areas):
        assert a.x >= 0
        assert a.y >= 0
        assert a.right <= made.width
        assert a.bottom <= made.height
        for b in areas[n + 1 :]:
            assert a.right <= b.x or b.right <= a.x or a.bottom <= b.y + 1e-6 or b.bottom <= a.y + 1e-6
    assert (made.mark is not None) == exercise


@given(wishes, st.integers(10_000, 50_000_000))
def test_bands_follow_each_other_on_whole_dots(wish, most):
    made = plan(wish, SEEN, CRS, exercise=False)
    runs = bands(made, most)
    assert runs[0][0] == 0
    assert runs[-1][1] == made.view.height
    assert all(a[1] == b[0] for a, b in pairwise(runs))
    edges = [made.frame.x, made.frame.y, *(made.frame.y + bottom for _top, bottom in runs)]
    dots = np.array(edges) * made.ratio
    assert np.allclose(dots, dots.round())


def test_a_typed_scale_is_true_with_a_ruler_on_the_paper():
    made = plan(Wish(PAPERS[0], scale=25_000), SEEN, CRS, exercise=False)
    ten_centimetres = 100 * PX_PER_MM
    west, north = made.view.to_map(0, 100)
    east, _north = made.view.to_map(ten_centimetres, 100)
    metres = distance_m(lonlat(west, north, CRS), lonlat(east, north, CRS))[0]
    assert metres == pytest.approx(2500, rel=1e-3)
    assert made.scale == pytest.approx(25_000)


@given(wishes)
def test_what_is_seen_is_all_on_the_sheet(wish):
    made = plan(wish, SEEN, CRS, exercise=True)
    if wish.scale is None:
        assert made.view.grown(1).covers(SEEN)


@pytest.mark.parametrize(("lon", "lat", "east"), [(107.5, 45.0, True), (102.5, 45.0, False)])
def test_grid_north_lies_east_of_true_north_on_the_east_of_a_northern_zone(lon, lat, east):
    x, y = on_map(lon, lat, 32648)
    angle = convergence_deg(x, y, 32648)
    known = np.degrees(np.arctan(np.tan(np.radians(lon - 105)) * np.sin(np.radians(lat))))
    assert (angle > 0) == east
    assert angle == pytest.approx(known, abs=0.01)


def test_south_of_the_equator_it_is_the_other_way_round_and_nothing_on_the_meridian():
    x, y = on_map(107.5, -45.0, 32748)
    assert convergence_deg(x, y, 32748) < 0
    assert convergence_deg(*on_map(105.0, -6.0, 32748), 32748) == pytest.approx(0, abs=1e-9)
