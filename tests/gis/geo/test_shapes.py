"""Geometries become columns and come back as they were."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.geo.features import Shape
from gis.geo.shapes import from_shapely, to_shapely

HOLED = "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1), (4 4, 4 5, 5 5, 5 4, 4 4))"
TEXTS = {
    Shape.POINT: ["POINT (1 2)", "MULTIPOINT ((1 1), (2 2), (3 3))"],
    Shape.LINE: ["LINESTRING (0 0, 1 1, 2 0)", "MULTILINESTRING ((0 0, 1 1), (5 5, 6 6, 7 7))"],
    Shape.POLYGON: [HOLED, "MULTIPOLYGON (((20 0, 21 0, 21 1, 20 0)), ((0 20, 9 20, 9 29, 0 20)))"],
}


@pytest.mark.parametrize("shape", Shape)
@given(choice=st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_geometries_of_one_shape_come_back_equal(shape, choice):
    made = np.array([None if n == 2 else shapely.from_wkt(TEXTS[shape][n]) for n in choice], object)
    if all(g is None for g in made):
        return
    (features,) = from_shapely(made)
    assert features.shape is shape
    back = to_shapely(features)
    assert [a is None for a in made] == [b is None for b in back]
    assert all(shapely.equals(a, b) for a, b in zip(made, back, strict=True) if a is not None)


def test_holes_turn_the_other_way_so_that_a_winding_fill_leaves_them_open():
    clockwise = shapely.reverse(shapely.from_wkt(HOLED))
    (features,) = from_shapely(np.array([clockwise]))
    rings = [features.xy[a:b] for a, b in zip(features.rings[:-1], features.rings[1:], strict=True)]
    assert [bool(shapely.is_ccw(shapely.linearrings(ring))) for ring in rings] == [True, False, False]


def test_mixed_shapes_are_told_apart_and_keep_their_attributes():
    mixed = shapely.from_wkt(
        [
            "POINT (1 2)",
            "GEOMETRYCOLLECTION (POINT (5 5), LINESTRING (0 0, 1 1))",
            None,
            "LINESTRING (3 3, 4 4)",
        ]
    )
    points, lines = from_shapely(mixed, ids=np.array([10, 11, 12, 13]), columns={"n": np.array(list("abcd"))})
    assert (points.shape, points.ids.tolist(), points.columns["n"].tolist()) == (
        Shape.POINT,
        [10, 11, 12],
        ["a", "b", "c"],
    )
    assert (lines.shape, lines.ids.tolist()) == (Shape.LINE, [11, 13])
    assert to_shapely(points)[2] is None


def test_heights_are_dropped_and_nothing_at_all_is_still_an_answer():
    (tall,) = from_shapely(np.array([shapely.from_wkt("POINT Z (1 2 3)")]))
    assert tall.xy.tolist() == [[1.0, 2.0]]
    (nothing,) = from_shapely(np.array([], object))
    assert len(nothing) == 0
