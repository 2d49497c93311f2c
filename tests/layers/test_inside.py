"""What lies in an area that somebody drew."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from gis.geo.shapes import to_shapely
from gis.progress import Progress
from layers.build import Sheet, build
from layers.index import Indexes
from layers.inside import area_of, touched, touched_points
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.view import MapView
from tests.shapes import UTM, Shelf, lines, points, polygons, square

VIEW = MapView(0.0, 0.0, 1.0, 400, 400)


def scene_of(held):
    layer = Layer("a", "A", Shelf(held), role_style(Role.OTHER))
    return build(layer, Sheet(VIEW, UTM), Indexes(), Progress())


def test_an_area_needs_three_corners_that_enclose_something():
    assert area_of([(0, 0), (1, 1)]) is None
    assert area_of([(0, 0), (1, 1), (2, 2)]) is None
    assert area_of([(0, 0), (4, 0), (4, 4), (4, 4)]) is not None


def test_lines_count_where_the_area_meets_them_and_not_where_only_their_boxes_do():
    found = lines([[(-50.0, -50.0), (50.0, 50.0)]], [[(40.0, -40.0), (60.0, -40.0)]])
    assert touched(scene_of(found), Polygon([(30, -45), (45, -45), (45, -30), (30, -30)]), Progress()) == [1]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-150, 150), st.integers(-150, 150)), min_size=3, max_size=6),
    st.lists(st.tuples(st.integers(-150, 150), st.integers(-150, 150)), min_size=1, max_size=20),
)
def test_what_is_found_is_what_geometry_says(corners, places):
    area = area_of(corners)
    if area is None:
        return
    held = polygons(*([square(x, y, 10.0)] for x, y in places))
    said = np.flatnonzero(shapely.intersects(area, to_shapely(held))).tolist()
    assert sorted(touched(scene_of(held), area, Progress())) == said
    dots = points(*((float(x), float(y)) for x, y in places))
    said = np.flatnonzero(shapely.intersects(area, to_shapely(dots))).tolist()
    assert sorted(touched_points(dots, area)) == said
