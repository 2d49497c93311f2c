"""Points shown together: none is lost in the counting, and a circle stands for those that are under it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.progress import Progress
from layers.build import Sheet, build
from layers.crowds import FINEST, members, most, tally
from layers.gathering import radius_px, said
from layers.index import Indexes, index, narrowed
from layers.labels import place
from layers.layer import Layer
from layers.legend import legend
from layers.scene import Bubbles, Raster, Signs
from layers.style import Clusters, Heat, LabelRule, Marker, Style, Symbol
from layers.stylejson import style_from_json, style_to_json
from layers.touch import at, crowd_at
from layers.view import MapView
from tests.shapes import UTM, Shelf, lines, points

SYMBOL = Symbol(marker=Marker("ink"))
VIEW = MapView(0, 0, 1, 800, 600)
EVERYWHERE = (-1e9, -1e9, 1e9, 1e9)
places = st.lists(st.tuples(st.integers(-3_000, 3_000), st.integers(-3_000, 3_000)), min_size=1, max_size=60)


def scene(rule, *where, view=VIEW, label=None, **columns):
    layer = Layer("l", "Layer", Shelf(points(*where, **columns)), Style(rule, label))
    return build(layer, Sheet(view, UTM), Indexes(), Progress())


@given(places, st.integers(-8, 14))
@settings(max_examples=60, deadline=None)
def test_every_point_is_counted_once_at_every_level(where, level):
    found = index(points(*where), Progress())
    held = tally(found, level, EVERYWHERE)
    assert held.counts.sum() == len(where)
    size = 2.0**level
    cells, counts = np.unique(np.floor(np.array(where) / size), axis=0, return_counts=True)
    ours = sorted(
        (*cell, count) for cell, count in zip(held.cells.tolist(), held.counts.tolist(), strict=True)
    )
    assert ours == sorted((*cell, count) for cell, count in zip(cells.tolist(), counts.tolist(), strict=True))
    for cell, count, only in zip(held.cells.tolist(), held.counts, held.position, strict=True):
        inside = members(found, level, tuple(cell))
        assert len(inside) == count
        assert only == (inside[0] if count == 1 else -1)


def test_levels_made_from_each_other_are_those_made_from_the_points():
    where = np.random.default_rng(2).uniform(-FINEST * 8, FINEST * 8, (5_000, 2))
    found = index(points(*map(tuple, where)), Progress())
    for level in (4, 6, 9):
        held = tally(found, level, EVERYWHERE)
        mean = (held.xy * held.counts[:, None]).sum(axis=0) / 5_000
        assert mean == pytest.approx(where.mean(axis=0), abs=1e-6)
        assert most(found, level) == held.counts.max()


def test_of_features_that_are_not_of_this_instant_none_is_counted():
    whole = index(points((0, 0), (1, 1), (500, 500), (501, 501)), Progress())
    assert tally(whole, 5, EVERYWHERE).counts.tolist() == [2, 2]
    part = narrowed(whole, np.array([True, False, True, True]))
    held = tally(part, 5, EVERYWHERE)
    assert sorted(held.counts.tolist()) == [1, 2]
    assert part.order[held.position[held.position >= 0]].tolist() == [0]
    assert most(part, 9) == 3


def test_a_pan_moves_no_circle():
    where = [tuple(each) for each in np.random.default_rng(3).uniform(-900, 900, (400, 2))]
    circles = []
    for view in (VIEW, VIEW.panned(100, 37)):
        (marks,) = (mark for mark in scene(Clusters(SYMBOL), *where, view=view) if isinstance(mark, Bubbles))
        circles.append({(*xy, n) for xy, n in zip(marks.xy.tolist(), marks.tally.counts, strict=True)})
    seen_by_both = {each for each in circles[0] if abs(each[0]) < 250 and abs(each[1]) < 200}
    assert seen_by_both
    assert seen_by_both <= circles[1]


def test_circles_do_not_cover_each_other():
    where = [tuple(each) for each in np.random.default_rng(4).uniform(-400, 400, (3_000, 2))]
    (marks,) = (mark for mark in scene(Clusters(SYMBOL), *where) if isinstance(mark, Bubbles))
    radius = np.array([radius_px(count) for count in marks.tally.counts])
    apart = np.hypot(*(marks.xy[:, None] - marks.xy).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert (apart >= radius[:, None] + radius - 1e-6).all()


def test_who_stands_alone_has_a_sign_and_a_name():
    drawn = scene(
        Clusters(SYMBOL), (0, 0), (3, 3), (200, 200), label=LabelRule("name"), name=["A", "B", "Lonely"]
    )
    signs, crowd = drawn.marks
    assert isinstance(signs, Signs)
    assert signs.drawn.rows.tolist() == [2]
    assert crowd.tally.counts.tolist() == [2]
    circle, names = drawn.names
    assert names.texts == ("Lonely",)
    assert circle.texts == ("",)
    assert [label.text for label in place(drawn.names, 800, 600)] == ["Lonely"]


def test_nearer_than_its_scale_every_point_has_its_sign():
    rule = Clusters(SYMBOL, min_scale=10_000)
    (near,) = scene(rule, (0, 0), (3, 3))
    assert isinstance(near, Signs)
    far = scene(rule, (0, 0), (3, 3), view=VIEW.zoomed(5))
    assert [type(mark) for mark in far] == [Bubbles]


def test_a_click_on_a_circle_finds_those_it_stands_for():
    drawn = scene(Clusters(SYMBOL), (0, 0), (10, 6), (300, 200))
    (circle,) = (mark for mark in drawn if isinstance(mark, Bubbles))
    x, y = VIEW.to_pixels(circle.xy)[0]
    assert crowd_at(drawn, VIEW, x, y) == (0, 0, 10, 6)
    assert {hit.id for hit in at(drawn, VIEW, x, y)} == {0, 1}
    assert crowd_at(drawn, VIEW, 700, 100) is None


def test_points_on_one_spot_part_no_further_and_are_all_found():
    drawn = scene(Clusters(SYMBOL), (5, 5), (5, 5), (5, 5))
    x, y = VIEW.to_pixels(drawn.marks[0].xy)[0]
    assert crowd_at(drawn, VIEW, x, y) is None
    assert len(at(drawn, VIEW, x, y)) == 3


def test_a_part_of_a_picture_has_the_circles_that_reach_into_it():
    drawn = scene(Clusters(SYMBOL), (0, 0), (3, 3), (300, 200), (303, 203))
    part = drawn.on(VIEW.sized(100, 100))
    assert [mark.tally.counts.tolist() for mark in part] == [[2.0]]
    assert drawn.on(MapView(5_000, 5_000, 1, 50, 50)).marks == ()


def test_lines_are_never_counted():
    layer = Layer("l", "L", Shelf(lines([[(0, 0), (9, 9)]])), Style(Clusters(SYMBOL)))
    assert not any(isinstance(m, Bubbles) for m in build(layer, Sheet(VIEW, UTM), Indexes(), Progress()))


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (2, "2"),
        (950, "950"),
        (1_000, "1.0k"),
        (1_234, "1.2k"),
        (9_960, "10k"),
        (48_000, "48k"),
        (3.1e6, "3.1M"),
    ],
)
def test_a_number_fits_into_its_circle(count, text):
    assert said(count) == text


def warmth(rule, *where, view=VIEW, **columns):
    (mark,) = scene(rule, *where, view=view, **columns)
    assert isinstance(mark, Raster)
    return mark


def test_it_is_warm_where_points_stand_and_clear_where_none_is():
    mark = warmth(Heat(SYMBOL), *[(-200, 100)] * 40, (200, -100))
    ((hot, cool, none),) = (
        [mark.pixels[int(y), int(x), 3] for x, y in mark.view.to_pixels(np.array(spots))]
        for spots in ([(-200.0, 100.0), (200.0, -100.0), (0.0, 0.0)],)
    )
    assert hot > cool > none == 0


def test_a_weight_makes_one_point_as_warm_as_many():
    mark = warmth(Heat(SYMBOL, weight="people"), (-200, 0), (200, 0), people=[500, 5])
    x, y = mark.view.to_pixels(np.array([(-200.0, 0.0), (200.0, 0.0)])).astype(int).T
    heavy, light = mark.pixels[y, x, 3].tolist()
    assert heavy > 3 * light


def test_a_pan_changes_no_colour():
    where = [tuple(each) for each in np.random.default_rng(5).normal(0, 300, (3_000, 2))]
    one, other = (warmth(Heat(SYMBOL), *where, view=view) for view in (VIEW, VIEW.panned(96, 32)))
    spots = np.random.default_rng(6).uniform(-200, 200, (50, 2))
    colours = []
    for mark in (one, other):
        x, y = mark.view.to_pixels(spots).astype(int).T
        colours.append(mark.pixels[y, x].astype(int))
    assert np.abs(colours[0] - colours[1]).max() <= 3


def test_warmth_is_as_fine_as_the_screen():
    layer = Layer("l", "L", Shelf(points((0, 0), (5, 5))), Style(Heat(SYMBOL)))
    (mark,) = build(layer, Sheet(VIEW, UTM, ratio=1.5), Indexes(), Progress())
    assert mark.pixels.shape[:2] == (mark.view.height * 1.5, mark.view.width * 1.5)


@pytest.mark.parametrize(
    "rule", [Clusters(SYMBOL, "#e69f00", 60, 5_000), Heat(SYMBOL, "blue", 30, "n", None)]
)
def test_they_are_kept_with_the_layer_and_explained_in_its_legend(rule):
    style = Style(rule, LabelRule("name", beyond=True, rank="people"))
    assert style_from_json(style_to_json(style)) == style
    assert len(legend(style, "Shelters")) == 2
