"""Lines of a grid are where the ellipsoid has them, and their figures are those that people read out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geo.coords.mgrs import to_mgrs
from gis.geo.crs import WEB_MERCATOR, transform, utm_for, utm_zone
from gis.geo.features import WGS84
from layers.grid.figures import Side, degrees_text, figures, headline, square_name, squares
from layers.grid.lines import Axis, GridKind, grid
from layers.grid.zones import strips
from layers.ground import metres_per_unit, on_map
from layers.view import MapView

JAKARTA = (106.83, -6.18)
PLACE = (
    st.floats(-179.9, 179.9).map(lambda lon: round(lon, 5) + 3e-6),
    st.floats(-79.9, 83.9).map(lambda lat: round(lat, 5) + 3e-6),
)


def looking_at(lon, lat, crs, unit, width=1200, height=800):
    x, y = on_map(lon, lat, crs)
    view = MapView(x, y, unit, width, height)
    return view, metres_per_unit(x, y, crs)


def shown(kind, lon, lat, crs, unit):
    view, metres = looking_at(lon, lat, crs, unit)
    return grid(kind, view, crs, metres), view


@given(lon=st.floats(-179, 179), lat=st.floats(-78, 82), unit=st.sampled_from([0.5, 3.0, 25.0, 400.0]))
@settings(max_examples=40, deadline=None)
def test_every_point_of_a_line_lies_on_it_to_half_a_pixel(lon, lat, unit):
    crs = utm_for(*JAKARTA) if abs(lon - JAKARTA[0]) < 20 and -60 < lat < 60 else WEB_MERCATOR
    made, view = shown(GridKind.UTM, lon, lat, crs, unit)
    for line in made.lines:
        if line.strip is None:
            continue
        middles = (line.xy[:-1] + line.xy[1:]) / 2  # the worst of a piece that is drawn straight
        off = transform(middles, crs, line.strip.crs)[:, line.axis] - line.value
        assert np.abs(off).max(initial=0) < 0.5 * unit * max(1.0, metres_per_unit(view.x, view.y, crs))


def test_at_1_to_50_000_the_lines_stand_a_kilometre_apart():
    made, _view = shown(GridKind.UTM, *JAKARTA, utm_for(*JAKARTA), 50_000 * 0.0254 / 96)
    assert made.spacing == 1000


def test_a_grid_ends_at_the_border_of_its_zone_and_another_begins():
    made, _view = shown(GridKind.UTM, 108.0, -6.5, WEB_MERCATOR, 60.0)
    assert {strip.zone for strip in made.strips} == {48, 49}
    for line in made.lines:
        if line.strip is not None:
            lon = transform(line.xy, WEB_MERCATOR, WGS84)[:, 0]
            assert lon.min() >= line.strip.west - 1e-4
            assert lon.max() <= line.strip.east + 1e-4
    assert any(line.axis is Axis.BORDER for line in made.lines)


def test_the_figures_of_utm_are_small_large_small_and_whole_once_a_side():
    made, view = shown(GridKind.UTM, *JAKARTA, utm_for(*JAKARTA), 10.0)
    east = [each for each in figures(made, view) if each.side is Side.BOTTOM]
    whole = [each for each in east if each.after]
    assert len(whole) == 1
    assert whole[0].after == "000m E"
    assert len(east) > 5
    spoken = [int(each.before + each.large) for each in east]
    assert spoken == list(range(spoken[0], spoken[-1] + 1))


def test_the_figures_of_mgrs_are_the_digits_of_the_reference():
    crs = utm_for(*JAKARTA)
    made, view = shown(GridKind.MGRS, *JAKARTA, crs, 1.0)
    for each in figures(made, view):
        if each.side is Side.BOTTOM:
            x, y = view.to_map(each.at + 0.01, view.height)
            digits = to_mgrs(*transform([[x, y]], crs, WGS84)[0]).split()[2]
            assert digits.startswith(each.large + each.after)


@pytest.mark.parametrize("east", np.linspace(0, 0.02, 9).tolist())
def test_no_figure_is_cut_by_the_ends_of_its_side(east):
    made, view = shown(GridKind.DEGREES, JAKARTA[0] + east, JAKARTA[1], utm_for(*JAKARTA), 8.0)
    found = [each for each in figures(made, view) if each.side in (Side.TOP, Side.BOTTOM)]
    assert found
    for each in found:
        assert each.at - each.width / 2 >= -16
        assert each.at + each.width / 2 <= view.width + 16


@given(*PLACE)
@settings(max_examples=200, deadline=None)
def test_squares_are_called_as_their_references_are(lon, lat):
    reference = to_mgrs(lon, lat).split()
    east, north = transform([[lon, lat]], WGS84, utm_for(lon, lat))[0] // 100_000
    assert square_name(utm_zone(lon, lat), int(east), int(north)) == reference[1]


@given(*PLACE)
@settings(max_examples=200, deadline=None)
def test_every_place_lies_in_the_strip_of_its_zone_norway_and_svalbard_too(lon, lat):
    here = [
        strip
        for strip in strips((lon - 1, lat - 0.01, lon + 1, lat + 0.01))
        if 0 <= (lon - strip.west) % 360 < strip.east - strip.west and strip.south <= lat < strip.north
    ]
    assert [strip.zone for strip in here] == [utm_zone(lon, lat)]


def test_where_squares_meet_each_says_its_name_and_a_single_one_stands_in_the_headline():
    crs = utm_for(*JAKARTA)
    made, view = shown(GridKind.MGRS, 106.7, -6.18, crs, 10.0)
    assert squares(made, view) == ()
    assert headline(made, view) == "MGRS  48M XU  1 km"
    far, view = shown(GridKind.MGRS, *JAKARTA, crs, 400.0)
    assert {"XU", "YU", "XT", "YT"} <= {each.name for each in squares(far, view)}
    world, view = shown(GridKind.MGRS, *JAKARTA, crs, 2000.0)
    assert world.spacing == 0
    assert "48M" in {each.name for each in squares(world, view)}


def test_near_a_pole_utm_is_refused_in_words_and_degrees_go_on():
    made, view = shown(GridKind.UTM, 20.0, 87.0, 32661, 50.0)
    assert made.strips == ()
    assert "84°" in headline(made, view)
    assert shown(GridKind.DEGREES, 20.0, 87.0, 32661, 50.0)[0].lines
    partly, view = shown(GridKind.MGRS, 20.0, 83.9, 32633, 100.0)
    assert partly.lines
    assert "beyond" in headline(partly, view)


def test_across_the_date_line_both_sides_have_their_zone():
    made, _view = shown(GridKind.UTM, 179.99, -18.0, 32760, 30.0)
    assert {strip.zone for strip in made.strips} == {60, 1}


@pytest.mark.parametrize(
    ("seconds", "step", "axis", "said"),
    [
        (-8 * 3600 - 39 * 60, 60, Axis.NORTH, "8°39′S"),
        (115 * 3600 + 30, 30, Axis.EAST, "115°00′30″E"),
        (0, 3600, Axis.NORTH, "0°"),
        (181 * 3600, 3600, Axis.EAST, "179°W"),
    ],
)
def test_degrees_are_said_as_exactly_as_the_lines_stand(seconds, step, axis, said):
    assert degrees_text(seconds, step, axis) == said


def test_nothing_of_the_earth_has_no_grid():
    view = MapView(1e12, 1e12, 1.0, 300, 200)
    assert grid(GridKind.UTM, view, 32748, 1.0).lines == ()
