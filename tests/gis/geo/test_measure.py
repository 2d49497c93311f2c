"""Metres that can be checked with a tape."""

import numpy as np
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gis.geo.features import Features, Shape
from gis.geo.measure import (
    area_m2,
    areas_m2,
    buffer_m,
    distance_m,
    distance_to_m,
    length_m,
    lengths_m,
    nearest,
    within,
)

HERE = (115.21, -8.65)


def test_a_degree_on_the_equator_is_what_the_ellipsoid_says():
    assert distance_m((0, 0), (1, 0))[0] == pytest.approx(111319.491, abs=0.001)


def test_one_place_is_measured_to_many():
    assert distance_m(HERE, [HERE, (115.22, -8.65)]) == pytest.approx([0, 1100.7], abs=0.1)


def test_a_quadrant_is_as_long_as_the_earth_is_round():
    assert length_m(LineString([(0, 0), (0, 90)])) == pytest.approx(10001965.7, abs=0.1)


def test_a_hole_is_taken_off_whichever_way_its_ring_turns():
    square, hole = box(115, -8, 115.1, -7.9), box(115.02, -7.98, 115.04, -7.96)
    both = [area_m2(Polygon(square.exterior, [ring])) for ring in (hole.exterior, hole.exterior.reverse())]
    assert both == pytest.approx([area_m2(square) - area_m2(hole)] * 2)
    assert area_m2(MultiPolygon([square])) == pytest.approx(121.8e6, rel=1e-2)


def test_features_are_measured_like_their_geometries():
    a, b = box(115, -8, 115.1, -7.9), box(115.2, -8, 115.21, -7.99)
    hole = box(115.02, -7.98, 115.04, -7.96).exterior.reverse()
    rings = [np.array(r.coords) for r in (a.exterior, hole, b.exterior)]
    features = Features(
        Shape.POLYGON,
        np.vstack(rings),
        np.array([0, 5, 10, 15]),
        np.array([0, 2, 2, 3]),  # the second has no geometry
        np.arange(3),
    )
    assert areas_m2(features) == pytest.approx([area_m2(Polygon(a.exterior, [hole])), 0, area_m2(b)])
    assert lengths_m(features) == pytest.approx([length_m(a) + length_m(hole), 0, length_m(b)])


def test_no_features_have_no_length():
    empty = Features(Shape.LINE, np.empty((0, 2)), np.array([0]), np.array([0]), np.empty(0))
    assert len(lengths_m(empty)) == len(areas_m2(empty)) == 0


def test_a_buffer_is_as_wide_north_as_east():
    west, south, east, north = buffer_m(Point(HERE), 500).bounds
    for edge in ((west, HERE[1]), (east, HERE[1]), (HERE[0], south), (HERE[0], north)):
        assert distance_m(HERE, edge)[0] == pytest.approx(500, abs=0.5)


def test_a_buffer_across_the_date_line_stays_in_one_piece():
    around = buffer_m(Point(179.999, -16.8), 1000)
    assert area_m2(around) == pytest.approx(np.pi * 1e6, rel=0.01)
    assert around.bounds[2] > 180


def test_the_nearest_is_found_across_the_date_line():
    index, metres = nearest([(179.9, -16.8), (-179.99, -16.8)], 179.999, -16.8)
    assert index == 1
    assert metres == pytest.approx(1172, abs=1)
    assert nearest([], 0, 0) is None


def test_what_is_near_comes_nearest_first():
    points = [(115.22, -8.65), (115.2105, -8.65), (115.211, -8.65), (115.215, -8.65)]
    indices, metres = within(points, *HERE, 300)
    assert indices.tolist() == [1, 2]
    assert metres == pytest.approx([55.0, 110.1], abs=0.1)
    assert within(points, 0, 0, 300)[0].tolist() == []


def test_a_place_inside_an_area_is_no_way_from_it():
    area = box(115.2, -8.7, 115.22, -8.6)
    assert distance_to_m(area, *HERE) == 0
    assert distance_to_m(area, 115.23, -8.65) == pytest.approx(1100.7, abs=0.2)
    assert distance_to_m(Polygon(), *HERE) == float("inf")
