import numpy as np
import pytest
import shapely

from gis.progress import Progress
from layers.build import Sheet, build
from layers.index import Indexes
from layers.labels import place
from layers.layer import Layer
from layers.letters import text_width
from layers.style import LabelRule, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.shapes import UTM, Shelf, lines, points, polygons, square

VIEW = MapView(0, 0, 1, 400, 300)
SYMBOL = Symbol(stroke=Stroke("ink"), marker=Marker("ink", size_px=10))


def wanted(held, rule, view=VIEW):
    layer = Layer("l", "Layer", Shelf(held), Style(Simple(SYMBOL), rule))
    return build(layer, Sheet(view, UTM), Indexes(), Progress()).names


def labels(held, rule, view=VIEW):
    return place(wanted(held, rule, view), view.width, view.height)


def test_a_ward_has_its_name_in_its_middle():
    (label,) = labels(polygons([square(0, 0, 200)], name=["Kampung Sari"]), LabelRule("name", capitals=True))
    assert (label.text, label.x, label.y, label.angle) == ("KAMPUNG SARI", 200, 150, 0)


def test_a_ward_that_fills_the_window_is_named_where_it_can_be_seen():
    (label,) = labels(polygons([square(9_900, 0, 20_000)], name=["Big"]), LabelRule("name"))
    assert 200 < label.x < 400


def test_a_name_longer_than_its_ward_is_left_out():
    assert labels(polygons([square(0, 0, 30)], name=["Kampung Nelayan Baru"]), LabelRule("name")) == ()


def test_the_name_of_a_point_starts_beside_its_sign():
    (label,) = labels(points((0, 0), name=["RS Harapan"]), LabelRule("name"))
    assert label.starts
    assert label.x - label.width / 2 == pytest.approx(200 + 9)


def test_names_do_not_cover_each_other_and_the_important_stays():
    crowd = wanted(points((0, 0), name=["School"]), LabelRule("name", priority=1))
    hospital = wanted(points((2, 2), name=["Hospital"]), LabelRule("name", priority=5))
    assert [label.text for label in place((*crowd, *hospital), 400, 300)] == ["Hospital"]


def test_street_names_follow_the_street_and_stay_upright():
    street = lines([[(100, 100), (-100, -100)]], name=["Jalan Raya"])
    (label,) = labels(street, LabelRule("name", along=True))
    assert label.angle == pytest.approx(-45)
    assert (label.x, label.y) == (200, 150)


def river(width: float, *bend: tuple[float, float]) -> list[tuple[float, float]]:
    """A closed ring around a bent course."""
    return list(shapely.LineString(bend).buffer(width / 2, cap_style="flat").exterior.coords)


def test_a_river_is_named_in_the_water_and_along_its_course():
    bent = river(20, (-180, -120), (-180, 100), (180, 100))
    rule = LabelRule("name", along=True)
    (label,) = labels(polygons([bent], name=["Kali"]), rule)
    assert shapely.Polygon(bent).contains(shapely.Point(label.x - 200, 150 - label.y))
    assert label.angle % 90 == pytest.approx(0, abs=20)


def test_a_river_that_runs_out_of_the_window_is_named_inside():
    bent = river(30, (-5000, 120), (-100, 120), (-100, -100), (5000, -100))
    (label,) = labels(polygons([bent], name=["Kali"]), LabelRule("name", along=True))
    assert shapely.Polygon(bent).contains(shapely.Point(label.x - 200, 150 - label.y))


def test_a_winding_lane_is_named_on_its_straightest_stretch():
    bends = [(-190 + 8 * i, 100 + 9 * (i % 2)) for i in range(20)] + [(-30, 100), (150, -80)]
    (label,) = labels(lines([bends], name=["Gang Melati"]), LabelRule("name", along=True))
    assert label.angle == pytest.approx(45, abs=1)


def test_a_lane_without_a_straight_stretch_has_no_name():
    turn = np.linspace(0, 2 * np.pi, 40)
    ring = [(30 * np.cos(t), 30 * np.sin(t)) for t in turn]
    assert labels(lines([ring], name=["Jalan Bundaran"]), LabelRule("name", along=True)) == ()


def test_a_street_cut_into_pieces_is_named_once():
    pieces = lines([[(-190, 0), (0, 0)]], [[(0, 0), (190, 0)]], name=["Jalan Raya", "Jalan Raya"])
    assert len(labels(pieces, LabelRule("name", along=True))) == 1


def test_empty_names_and_missing_columns_ask_for_nothing():
    assert labels(points((0, 0), (9, 9), (20, 20), name=["", None, "  "]), LabelRule("name")) == ()
    assert labels(points((0, 0)), LabelRule("name")) == ()


def test_names_wait_until_the_map_is_close_enough():
    rule = LabelRule("name", max_scale=5_000)
    assert len(labels(points((0, 0), name=["A street"]), rule)) == 1
    assert labels(points((0, 0), name=["A street"]), rule, VIEW.zoomed(2)) == ()


def test_asian_letters_are_wide_and_accents_take_no_room():
    assert text_width("避難所", 10) > text_width("abc", 10) > 0
    assert text_width("e\u0301", 10) == text_width("e", 10)


def test_names_move_with_the_view():
    layer = Layer("l", "L", Shelf(points((0, 0), name=["Here"])), Style(Simple(SYMBOL), LabelRule("name")))
    scene = build(layer, Sheet(VIEW, UTM), Indexes(), Progress())
    (names,) = scene.names_on(VIEW.panned(30, -10))
    assert names.xy.tolist() == [[230, 140]]
    assert scene.names_on(VIEW.zoomed(0.5)) == ()
    assert np.isinf(names.room).all()
