import numpy as np
import pytest

from gis.errors import Cancelled, UserError
from gis.geo.features import Shape
from gis.progress import Progress
from layers.build import Sheet, build
from layers.index import Indexes
from layers.layer import Layer
from layers.pixels import CROWD, parted, shapes, spots
from layers.roles import Role, role_style
from layers.scene import Areas, Signs
from layers.style import Categorised, Category, Fill, Graduated, Marker, Simple, Stroke, Style, Symbol
from layers.touch import at
from layers.view import MapView
from tests.shapes import UTM, Ruin, Shelf, features, lines, points, polygons, square

VIEW = MapView(0, 0, 1, 100, 100)
FILLED = Style(Simple(Symbol(Fill("#ff0000"), Stroke("#000000"), Marker("#00ff00"))))


def scene(held, style=FILLED, view=VIEW):
    layer = Layer("l", "Layer", Shelf(held), style)
    return build(layer, Sheet(view, UTM), Indexes(), Progress())


def found_at(made, x, y):
    return at(made, VIEW, x, y)


def test_a_polygon_is_found_in_its_area_but_not_in_its_hole():
    found = scene(polygons([square(0, 0, 60), square(0, 0, 20, hole=True)], name=["Pond"]))
    (hit,) = found_at(found, 30, 30)
    assert (hit.layer_id, hit.id, hit.columns) == ("l", 0, {"name": "Pond"})
    assert found_at(found, 50, 50) == ()
    assert found_at(found, 5, 50) == ()


def test_of_two_polygons_the_smaller_lies_on_top():
    found = scene(polygons([square(0, 0, 20)], [square(0, 0, 80)]))
    assert [hit.id for hit in found_at(found, 50, 50)] == [0, 1]
    assert [hit.id for hit in found_at(found, 20, 50)] == [1]


def test_an_island_in_a_hole_is_part_of_the_feature():
    made = polygons([square(0, 0, 80), square(0, 0, 40, hole=True), square(0, 0, 10)])
    assert len(found_at(scene(made), 50, 50)) == 1
    assert len(found_at(scene(made), 38, 50)) == 0


def test_a_line_is_found_near_it_and_not_between_two():
    found = scene(lines([[(-40, 20), (40, 20)]], [[(-40, -20), (40, -20)]]))
    assert [hit.id for hit in found_at(found, 50, 32)] == [0]
    assert [hit.id for hit in found_at(found, 50, 69)] == [1]
    assert found_at(found, 50, 50) == ()
    assert found_at(found, 99, 50) == ()


def test_a_point_is_found_under_its_sign():
    found = scene(points((0, 0), (30, 0), ids=["north", "south"]))
    assert [hit.id for hit in found_at(found, 53, 50)] == ["north"]
    assert found_at(found, 65, 50) == ()


def test_polygons_smaller_than_two_pixels_become_specks_of_their_own_size():
    (areas,) = scene(polygons([square(0, 0, 1)], [square(10, 0, 1.5)])).marks
    assert isinstance(areas, Areas)
    specks, large = parted(areas, VIEW)
    assert len(large.positions) == 0
    assert sorted(specks.cover.tolist()) == pytest.approx([1, 2.25])
    assert len(found_at(scene(polygons([square(0, 0, 1)])), 50, 50)) == 1


def test_a_crowd_of_points_becomes_a_cloud():
    rng = np.random.default_rng(1)
    crowd = features(Shape.POINT, *([[tuple(p)]] for p in rng.uniform(-40, 40, (CROWD + 1, 2))))
    (signs,) = scene(crowd).marks
    assert isinstance(signs, Signs)
    assert 0 < len(spots(signs, VIEW)) <= 41 * 41


def test_a_class_hides_when_the_map_is_too_small_for_it():
    style = Style(
        Categorised("class", (Category("lane", Symbol(stroke=Stroke("ink")), max_scale=5_000.0),), other=None)
    )
    lane = lines([[(-40, 0), (40, 0)]], **{"class": ["lane"]})
    assert len(scene(lane, style).marks) == 1
    assert scene(lane, style, VIEW.zoomed(2)).marks == ()


def test_values_without_a_class_take_the_other_symbol():
    style = Style(
        Categorised(
            "n",
            (Category("3", Symbol(Fill("#111111"))), Category("", Symbol(Fill("#222222")))),
            Symbol(Fill("#333333")),
        )
    )
    made = polygons(*([square(20 * i - 40, 0, 10)] for i in range(4)), n=[3.0, None, "x", 3])
    colours = {id(m.fill): m for m in scene(made, style).marks}.values()
    assert {m.fill.colour: sorted(m.drawn.rows.tolist()) for m in colours} == {
        "#333333": [2],
        "#111111": [0, 3],
        "#222222": [1],
    }


def test_numbers_fall_into_their_classes_and_the_last_edge_belongs_to_the_last():
    symbols = tuple(Symbol(Fill(c)) for c in ("#111111", "#222222"))
    style = Style(Graduated("depth", (0.0, 1.0, 2.0), symbols))
    made = polygons(*([square(20 * i - 50, 0, 10)] for i in range(6)), depth=[0, 1, 2, 2.5, None, "?"])
    assert {m.fill.colour: sorted(m.drawn.rows.tolist()) for m in scene(made, style).marks} == {
        "#111111": [0],
        "#222222": [1, 2],
    }


def test_casings_of_all_streets_lie_under_all_streets():
    streets = lines(
        [[(-40, 0), (40, 0)]],
        [[(0, -40), (0, 40)]],
        **{"class": ["primary", "residential"], "name": ["A", "B"]},
    )
    marks = scene(streets, role_style(Role.STREETS), MapView(0, 0, 0.5, 100, 100)).marks
    assert [mark.stroke.colour for mark in marks] == [
        "street_edge",
        "street_edge",
        "street_minor",
        "street_major",
    ]


def test_streets_are_as_wide_as_on_the_ground_but_never_thinner_than_they_can_be_seen():
    street = lines([[(-40, 0), (40, 0)]])
    style = Style(Simple(Symbol(stroke=Stroke("ink", 2.0, width_m=10.0))))
    widths = [scene(street, style, VIEW.zoomed(f)).marks[0].stroke.width_px for f in (0.5, 1, 10)]
    assert widths == [20, 10, 2]


def test_a_polygon_around_the_whole_window_keeps_few_corners():
    turn = np.linspace(0, 2 * np.pi, 20_001)
    coast = [tuple(p) for p in 1e6 * np.column_stack((np.cos(turn), np.sin(turn)))]
    found = scene(polygons([[*coast[:-1], coast[0]]]))
    assert 0 < len(shapes(found.marks[0].drawn, VIEW).xy) < 20_001
    assert len(found_at(found, 50, 50)) == 1


def test_what_lies_outside_is_not_drawn():
    assert scene(polygons([square(500, 0, 50)])).marks == ()


def test_a_source_that_fails_says_why():
    layer = Layer("l", "Layer", Ruin(), FILLED)
    with pytest.raises(UserError, match="not there"):
        build(layer, Sheet(VIEW, UTM), Indexes(), Progress())


def test_building_stops_when_nobody_wants_it():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        build(Layer("l", "Layer", Shelf(points((0, 0))), FILLED), Sheet(VIEW, UTM), Indexes(), progress)
