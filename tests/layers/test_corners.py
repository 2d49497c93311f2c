"""Corners of drawings are moved, put in and taken out without harm to the rest."""

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Point, box

from gis.geo import measure
from gis.geo.figures import Circle, Rectangle
from layers.corners import handles, middles, moved, shifted, with_corner, without_corner

UTM = 32750
HOLED = box(116.7, -8.3, 116.8, -8.2).difference(box(116.72, -8.28, 116.74, -8.26))
SHAPES = (
    Point(116.7, -8.2),
    LineString([(116.7, -8.2), (116.8, -8.2), (116.8, -8.1)]),
    MultiLineString([[(116.7, -8.2), (116.8, -8.2)], [(116.9, -8.2), (116.9, -8.1), (116.8, -8.1)]]),
    HOLED,
    MultiPolygon([HOLED, box(117, -8, 117.1, -7.9)]),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.geom_type)
def test_every_corner_can_be_moved_and_only_that_one_moves(shape):
    before = handles(shape)
    for number in range(len(before)):
        to = (float(before[number, 0]) + 0.001, float(before[number, 1]) + 0.001)
        bent = moved(shape, number, to)
        assert bent.geom_type == shape.geom_type
        away = np.abs(handles(bent) - before).max(axis=1)
        assert np.flatnonzero(away > 1e-9).tolist() == [number]
        assert moved(bent, number, tuple(before[number].tolist())).equals_exact(shape, 1e-9)


@pytest.mark.parametrize("shape", SHAPES[1:], ids=lambda shape: shape.geom_type)
def test_a_corner_put_in_between_changes_no_size_and_can_be_taken_out(shape):
    places, after = middles(shape)
    for number, place in zip(after, places.tolist(), strict=True):
        more = with_corner(shape, number, tuple(place))
        assert len(handles(more)) == len(handles(shape)) + 1
        assert handles(more)[number + 1].tolist() == pytest.approx(place)
        assert more.length == pytest.approx(shape.length)
        assert without_corner(more, number + 1).equals_exact(shape, 1e-12)


def test_what_would_be_left_of_too_few_corners_is_none():
    assert without_corner(Point(1, 1), 0) is None
    assert without_corner(LineString([(0, 0), (1, 1)]), 0) is None
    triangle = shapely.Polygon([(0, 0), (1, 0), (0, 1)])
    assert without_corner(triangle, 0) is None
    assert without_corner(Circle(116.7, -8.2, 500), 0) is None


def test_a_circle_is_held_by_its_middle_and_by_its_edge():
    circle = Circle(116.7, -8.2, 500)
    assert moved(circle, 0, (116.8, -8.3)) == Circle(116.8, -8.3, 500)
    assert moved(circle, 1, (116.7, -8.2)) == circle, "no circle without a radius"
    wide = moved(circle, 1, (116.71, -8.2))
    assert wide.radius_m == pytest.approx(1102, abs=2)
    assert middles(circle)[1] == ()


def test_a_rectangle_keeps_its_far_corner_and_stays_upright():
    rectangle = Rectangle(UTM, 466_000, 9_090_000, 467_000, 9_091_000)
    for number in range(4):
        far = handles(rectangle)[(number + 2) % 4]
        to = handles(replaced := Rectangle(UTM, 465_500, 9_089_500, 467_500, 9_091_500))[number]
        bent = moved(rectangle, number, tuple(to.tolist()))
        assert replaced.west < bent.east
        assert np.abs(handles(bent) - far).max(axis=1).min() < 1e-7
        assert np.abs(handles(bent) - to).max(axis=1).min() < 1e-7


@pytest.mark.parametrize("shape", [*SHAPES, Circle(116.7, -8.2, 500), Rectangle(UTM, 1e5, 9e6, 2e5, 9.1e6)])
def test_all_of_it_goes_as_far_as_the_hand(shape):
    start, to = (116.7, -8.2), (116.705, -8.207)
    gone = shifted(shape, start, to, UTM)
    way = measure.distance_m(handles(shape)[:1], handles(gone)[:1])[0]
    assert way == pytest.approx(measure.distance_m(start, to)[0], rel=0.02)
    assert len(handles(gone)) == len(handles(shape))
