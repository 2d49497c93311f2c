import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.progress import Progress
from layers.build import Sheet, build
from layers.geometry import Ragged
from layers.index import Indexes
from layers.joining import joined
from layers.labels import avoided, place
from layers.layer import Layer
from layers.letters import text_width
from layers.spots import ENDS, STARTS
from layers.style import Categorised, Category, LabelRule, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.shapes import UTM, Shelf, lines, points, polygons, square

VIEW = MapView(0, 0, 1, 400, 300)
SYMBOL = Symbol(stroke=Stroke("ink"), marker=Marker("ink", size_px=10))


def wanted(held, rule, view=VIEW):
    layer = Layer("l", "Layer", Shelf(held), Style(Simple(SYMBOL), rule))
    return build(layer, Sheet(view, UTM), Indexes(), Progress()).names


def labels(held, rule, view=VIEW):
    return place(wanted(held, rule, view), view.width, view.height)


def slant(label):
    """Degrees clockwise from where its letters begin to where they end."""
    (ax, ay), (bx, by) = label.way[0], label.way[-1]
    return float(np.degrees(np.arctan2(by - ay, bx - ax)))


def test_a_ward_has_its_name_in_its_middle():
    (label,) = labels(polygons([square(0, 0, 200)], name=["Kampung Sari"]), LabelRule("name", capitals=True))
    assert (label.text, label.x, label.y, label.way) == ("KAMPUNG SARI", 200, 150, ())


def test_a_ward_that_fills_the_window_is_named_where_it_can_be_seen():
    (label,) = labels(polygons([square(9_900, 0, 20_000)], name=["Big"]), LabelRule("name"))
    assert 200 < label.x < 400


def test_a_name_longer_than_its_ward_is_left_out():
    assert labels(polygons([square(0, 0, 30)], name=["Kampung Nelayan Baru"]), LabelRule("name")) == ()


def test_a_name_keeps_off_the_border_of_its_ward_where_there_is_room():
    column_with_a_foot = [(0, 0), (180, 0), (180, 30), (60, 30), (60, 140), (0, 140), (0, 0)]
    (label,) = labels(polygons([column_with_a_foot], name=["L"]), LabelRule("name", size_px=10.0))
    assert label.x + label.width / 2 <= 200 + 60 - 5


def test_the_name_of_a_point_starts_beside_its_sign():
    (label,) = labels(points((0, 0), name=["RS Harapan"]), LabelRule("name"))
    assert label.lean == STARTS
    assert label.x - label.width / 2 == pytest.approx(200 + 9)


def boxes(placed):
    return [shapely.box(at.x - at.width / 2, at.y - 5, at.x + at.width / 2, at.y + 5) for at in placed]


def test_the_important_name_has_its_place_and_the_other_gives_way():
    school = wanted(points((0, 0), name=["School"]), LabelRule("name", priority=1))
    hospital = wanted(points((2, 2), name=["Hospital"]), LabelRule("name", priority=5))
    important, other = place((*school, *hospital), 400, 300)
    assert (important.text, important.lean) == ("Hospital", STARTS)
    assert (other.text, other.lean) == ("School", ENDS)


@given(
    st.lists(st.tuples(st.integers(-190, 190), st.integers(-140, 140)), min_size=1, max_size=80, unique=True)
)
@settings(max_examples=30, deadline=None)
def test_no_name_covers_another_or_leaves_the_map(places):
    texts = [f"Place {i}" for i in range(len(places))]
    placed = labels(points(*places, name=texts), LabelRule("name", 10.0))
    made = boxes(placed)
    assert placed
    assert not any(a.intersects(b) for i, a in enumerate(made) for b in made[:i])
    assert all(shapely.box(0, 0, 400, 300).contains(box) for box in made)


def test_the_greater_number_is_named_where_there_is_room_for_one():
    crowd = points(*[(0, 0)] * 40, name=[f"Town {i}" for i in range(40)], people=list(range(40)))
    first, *_rest = labels(crowd, LabelRule("name", rank="people"))
    assert first.text == "Town 39"


def test_a_name_does_not_lie_on_the_sign_of_another():
    pair = points((0, 0), (60, 0), name=["A rather long one", "B"])
    long = next(label for label in labels(pair, LabelRule("name", 10.0)) if label.text != "B")
    assert long.lean == ENDS


def test_a_name_gives_way_to_what_is_live():
    names = wanted(points((0, 0), name=["School"]), LabelRule("name", 10.0))
    live = avoided([np.array([(30.0, 0.0)])], VIEW)
    assert place(names, 400, 300)[0].lean == STARTS
    assert place((*names, live), 400, 300)[0].lean == ENDS
    everywhere = avoided([np.random.default_rng(1).uniform(-200, 200, (5_000, 2))], VIEW)
    assert place((*names, everywhere), 400, 300)[0].lean == STARTS


def test_of_features_that_are_not_drawn_no_name_is_wanted():
    held = points((0, 0), (50, 50), name=["Drawn", "Hidden"], kind=["a", "b"])
    rule = Categorised("kind", (Category("a", SYMBOL),))
    layer = Layer("l", "Layer", Shelf(held), Style(rule, LabelRule("name")))
    (names,) = build(layer, Sheet(VIEW, UTM), Indexes(), Progress()).names
    assert names.texts == ("Drawn",)


def test_a_bent_ward_is_named_where_it_is_wide():
    hook = [(-180, -130), (180, -130), (180, -90), (-150, -90), (-150, 130), (-180, 130), (-180, -130)]
    (label,) = labels(polygons([hook], name=["Kampung Tepi Sungai"]), LabelRule("name"))
    assert shapely.Polygon(hook).contains(shapely.Point(label.x - 200, 150 - label.y))
    assert (label.width, label.y) == (pytest.approx(label.width), pytest.approx(260, abs=20))


def test_a_name_may_be_wider_than_its_building_where_the_rule_says_so():
    held = polygons([square(0, 0, 30)], name=["Kampung Nelayan Baru"])
    assert labels(held, LabelRule("name")) == ()
    (label,) = labels(held, LabelRule("name", beyond=True))
    assert (label.x, label.y) == (200, 150)


def test_street_names_follow_the_street_and_stay_upright():
    street = lines([[(100, 100), (-100, -100)]], name=["Jalan Raya"])
    (label,) = labels(street, LabelRule("name", along=True))
    assert slant(label) == pytest.approx(-45)
    assert (label.x, label.y) == pytest.approx((200, 150), abs=5)


def arc(radius: float, first: float, last: float) -> list[tuple[float, float]]:
    turn = np.radians(np.linspace(first, last, 60))
    return [(radius * float(np.cos(t)), radius * float(np.sin(t))) for t in turn]


def test_a_name_bends_with_its_street():
    (label,) = labels(lines([arc(120, 30, 150)], name=["Jalan Lingkar Utara"]), LabelRule("name", along=True))
    away = np.hypot(*(np.array(label.way) - (200, 150)).T)
    assert away == pytest.approx(120, abs=2)
    assert label.way[0][0] < label.way[-1][0]


@given(st.integers(-180, 180), st.integers(30, 160), st.integers(60, 140))
@settings(max_examples=40, deadline=None)
def test_no_name_stands_on_its_head(first, span, radius):
    held = lines([arc(radius, first, first + span)], name=["Jalan Raya"])
    for label in labels(held, LabelRule("name", along=True)):
        (ax, ay), (bx, by) = label.way[0], label.way[-1]
        assert (ax, -ay) <= (bx + 1e-6, -by)
        steps = np.diff(np.array(label.way), axis=0)
        assert (steps[:, 0] >= -0.2 * np.hypot(*steps.T) - 1e-6).all()


def test_a_script_that_hangs_together_takes_straight_stretches_alone():
    rule, curve = LabelRule("name", along=True), [arc(80, 30, 150)]
    assert len(labels(lines(curve, name=["Jalan Lingkar"]), rule)) == 1
    assert labels(lines(curve, name=["شارع الملك عبد العزيز"]), rule) == ()
    assert len(labels(lines([[(-190, 0), (190, 10)]], name=["شارع الملك عبد العزيز"]), rule)) == 1


def test_a_long_road_says_its_name_again():
    road = lines([[(-950, 0), (950, 0)]], name=["Jalan Raya"])
    found = labels(road, LabelRule("name", along=True), MapView(0, 0, 1, 2_000, 300))
    assert sorted(round(label.x) for label in found) == pytest.approx([367, 1000, 1633], abs=15)


def test_a_name_that_does_not_follow_its_line_stands_upright_on_its_middle():
    (label,) = labels(lines([[(-100, -100), (100, 100)]], name=["Pipe 3"]), LabelRule("name"))
    assert (label.x, label.y, label.way) == (200, 150, ())


def river(width: float, *bend: tuple[float, float]) -> list[tuple[float, float]]:
    """A closed ring around a bent course."""
    return list(shapely.LineString(bend).buffer(width / 2, cap_style="flat").exterior.coords)


def test_a_river_is_named_in_the_water_and_along_its_course():
    bent = river(20, (-180, -120), (-180, 100), (180, 100))
    rule = LabelRule("name", along=True)
    (label,) = labels(polygons([bent], name=["Kali"]), rule)
    assert shapely.Polygon(bent).contains(shapely.Point(label.x - 200, 150 - label.y))
    assert slant(label) % 90 == pytest.approx(0, abs=20)


def test_a_river_that_runs_out_of_the_window_is_named_inside():
    bent = river(30, (-5000, 120), (-100, 120), (-100, -100), (5000, -100))
    (label,) = labels(polygons([bent], name=["Kali"]), LabelRule("name", along=True))
    assert shapely.Polygon(bent).contains(shapely.Point(label.x - 200, 150 - label.y))


def test_a_winding_lane_is_named_on_its_straightest_stretch():
    bends = [(-190 + 8 * i, 100 + 9 * (i % 2)) for i in range(20)] + [(-30, 100), (150, -80)]
    (label,) = labels(lines([bends], name=["Gang Melati"]), LabelRule("name", along=True))
    assert slant(label) == pytest.approx(45, abs=4)


def test_a_lane_without_a_straight_stretch_has_no_name():
    turn = np.linspace(0, 2 * np.pi, 40)
    ring = [(30 * np.cos(t), 30 * np.sin(t)) for t in turn]
    assert labels(lines([ring], name=["Jalan Bundaran"]), LabelRule("name", along=True)) == ()


def test_a_street_cut_into_pieces_is_named_once():
    pieces = lines([[(-190, 0), (0, 0)]], [[(0, 0), (190, 0)]], name=["Jalan Raya", "Jalan Raya"])
    assert len(labels(pieces, LabelRule("name", along=True))) == 1


def test_a_street_whose_pieces_are_each_too_short_is_named_over_all_of_them():
    pieces = [[(x, 0), (x + 25, 0)] for x in range(-150, 150, 25)]
    lane = [[(-150, 80), (-130, 80)]]
    held = lines(
        *([piece[:: (-1) ** n]] for n, piece in enumerate(pieces)), lane, name=["Jalan Raya"] * 12 + ["Gang"]
    )
    (label,) = labels(held, LabelRule("name", along=True))
    assert (label.text, label.y) == ("Jalan Raya", 150)


@given(st.permutations(range(8)), st.integers(0, 255), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_pieces_that_meet_are_one_line_whatever_their_order_and_direction(order, turned, names):
    way = [(30.0 * i, 10.0 * (i % 3)) for i in range(9)]
    pieces = [way[i : i + 2][:: -1 if turned >> i & 1 else 1] for i in order]
    xy = np.array(pieces).reshape(-1, 2)
    texts = [f"Street {i % names}" for i in order]
    held = Ragged(xy, np.arange(9) * 2, np.arange(9))
    made, bearer = joined(held, texts, np.ones(8))
    total = np.hypot(*(xy[1::2] - xy[0::2]).T).sum()
    assert shapely.MultiLineString(
        [made.xy[a:b] for a, b in zip(made.rings[:-1], made.rings[1:], strict=True)]
    ).length == pytest.approx(total)
    assert {texts[i] for i in bearer} == set(texts)
    assert len(bearer) == (1 if names == 1 else 8)


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
    assert names.signs.tolist() == [[230, 140]]
    assert names.spots.xy[0].tolist() == (scene.names[0].spots.xy[0] + (30, -10)).tolist()
    assert scene.names_on(VIEW.zoomed(0.5)) == ()
