import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.geo.features import Shape
from gis.progress import Progress
from layers import index as index_module
from layers.index import Indexes, as_read, index
from layers.scene import Drawn
from tests.shapes import features, lines, points, polygons, square

boxes = st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(0.01, 3e4))


@given(
    st.lists(boxes, max_size=300), st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(1, 1e5))
)
def test_no_feature_that_touches_the_extent_is_left_out(squares, window):
    x, y, side = window
    extent = (x, y, x + side, y + side)
    found = index(polygons(*([square(*each)] for each in squares)), Progress())
    touching = {
        i
        for i, (cx, cy, s) in enumerate(squares)
        if cx - s / 2 <= x + side and cx + s / 2 >= x and cy - s / 2 <= y + side and cy + s / 2 >= y
    }
    assert set(found.order[found.within(extent)].tolist()) == touching


@pytest.mark.parametrize("count", [128, 200, 257, 1000])
def test_points_are_found_wherever_their_run_ends(count):
    rng = np.random.default_rng(count)
    places = rng.uniform(0, 100, (count, 2))
    found = index(points(*map(tuple, places.tolist())), Progress())
    for corner in np.linspace(-20, 100, 13):
        extent = (corner, -5.0, corner + 40, 105.0)
        inside = (places[:, 0] >= corner) & (places[:, 0] <= corner + 40)
        positions = found.within(extent)
        assert (np.diff(positions) > 0).all()
        assert set(found.order[positions].tolist()) == set(np.flatnonzero(inside).tolist())


def test_signs_that_lie_over_each_other_do_so_as_they_were_read():
    rng = np.random.default_rng(2)
    places = rng.uniform(0, 100, (900, 2))
    assert index(points(*map(tuple, places.tolist())), Progress()).order.tolist() == list(range(900))


def test_large_polygons_come_first_so_that_small_ones_lie_on_them():
    found = index(polygons([square(0, 0, 1)], [square(5, 5, 1000)], [square(9, 9, 30)]), Progress())
    assert found.order.tolist() == [1, 2, 0]


def test_features_without_a_place_are_left_out():
    broken = points((1, 1), (float("nan"), 2), (float("inf"), 3))
    assert index(broken, Progress()).order.tolist() == [0]
    assert index(polygons([], [square(0, 0, 2)], []), Progress()).order.tolist() == [1]
    assert len(index(polygons(), Progress()).within((0, 0, 1, 1))) == 0


def test_a_hole_takes_its_area_away_even_far_from_the_origin():
    ring, hole = square(500_000, 9_000_000, 10), square(500_000, 9_000_000, 4, hole=True)
    assert index(polygons([ring, hole]), Progress()).area.tolist() == [pytest.approx(84.0)]


@given(st.lists(st.one_of(st.none(), boxes), max_size=40))
def test_a_piece_in_its_own_order_is_drawn_from_the_same_vertices_as_when_it_is_put_in_order(squares):
    piece = polygons(*([square(*each)] if each else [] for each in squares))
    drawn = {}
    for found in (as_read(piece, Progress()), index(piece, Progress())):
        for chunk in found.chunks:
            shapes = chunk.shapes
            for n, row in enumerate(found.order[chunk.first : chunk.first + len(shapes)].tolist()):
                first, last = shapes.rings[shapes.parts[n]], shapes.rings[shapes.parts[n + 1]]
                told = (shapes.xy[first:last].tolist(), shapes.boxes[n].tolist(), float(shapes.areas[n]))
                assert drawn.setdefault(row, told) == told
    assert sorted(drawn) == [n for n, each in enumerate(squares) if each]
    assert as_read(piece, Progress()).order.tolist() == sorted(drawn)


def test_lines_have_boxes_and_no_area():
    found = index(lines([[(0, 0), (10, 5)]], [[(3, -2), (4, 8), (1, 1)]]), Progress())
    assert sorted(found.boxes(np.arange(2)).tolist()) == [[0, 0, 10, 5], [1, -2, 4, 8]]
    assert found.area.tolist() == [0, 0]


def test_the_same_features_are_measured_once_and_old_ones_forgotten():
    kept, first, second = Indexes(room=1), points((1, 1)), points((2, 2))
    found = kept.of(first, Progress())
    assert kept.of(first, Progress()) is found
    kept.of(second, Progress())
    assert kept.of(first, Progress()) is not found


def test_multi_parts_are_one_feature():
    two = features(Shape.POLYGON, [square(0, 0, 2), square(100, 0, 2)])
    assert index(two, Progress()).boxes(np.arange(1)).tolist() == [[-1, -1, 101, 1]]
    assert np.isclose(index(two, Progress()).area, 8).all()


def test_single_points_have_one_array_of_corners_and_only_their_places_in_the_chunks():
    found = index(points((1, 1), (5, 5), (float("nan"), 2)), Progress())
    assert found.high is found.low
    (chunk,) = found.chunks
    assert chunk.shapes.boxes.strides == (0, 0)
    assert (chunk.shapes.xy + chunk.origin).tolist() == found.low.tolist() == [[1, 1], [5, 5]]


def test_features_are_measured_in_parts_as_they_would_be_at_once(monkeypatch):
    squares = [[square(9 * n, 7 * n, 1 + n), square(9 * n, 7 * n, n, hole=True)] for n in range(1, 12)]
    some = polygons([], *squares[:6], [], *squares[6:], [])
    whole = index(some, Progress())
    monkeypatch.setattr(index_module, "CHUNK", 2)
    parted = index(some, Progress())
    every = np.arange(11)
    assert parted.order.tolist() == whole.order.tolist()
    assert np.array_equal(parted.boxes(every), whole.boxes(every))
    assert parted.area == pytest.approx(whole.area)
    assert parted.area.sum() == pytest.approx(sum((n + 1) ** 2 - n**2 for n in range(1, 12)))


@given(st.sets(st.integers(0, 60)), st.tuples(st.floats(-5, 70), st.floats(0, 40)))
def test_of_what_is_drawn_the_part_in_a_box_is_found_in_drawing_order(shown, window):
    found = index(points(*((n, n) for n in range(60))), Progress())
    drawn = Drawn(found, np.array(sorted(n for n in shown if n < 60), np.int64))
    west, wide = window
    box = (west, -1.0, west + wide, 99.0)
    near = drawn.near(box).positions.tolist()
    assert near == [each for each in drawn.positions.tolist() if west <= found.low[each, 0] <= west + wide]
