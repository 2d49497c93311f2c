"""A sketch grows corner by corner, every step can be taken back, and its size is that on the ground."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.geo import measure
from gis.geo.figures import Circle, Rectangle
from layers.sketch import Sketch, Task, made, outline, size

UTM = 32750
CORNERS = ((116.70, -8.25), (116.71, -8.25), (116.71, -8.24))
acts = st.lists(st.sampled_from(["add", "drop", "clear", "undo", "redo"]), max_size=40)


@given(acts)
def test_what_is_taken_back_step_by_step_comes_back_step_by_step(done):
    sketch = Sketch(Task.LINE)
    for number, act in enumerate(done):
        match act:
            case "add":
                sketch.add((float(number), 0.0))
            case "drop":
                sketch.drop_last()
            case "clear":
                sketch.clear()
            case "undo":
                sketch.undo()
            case _:
                sketch.redo()
    now, steps = sketch.corners, 0
    while sketch.undo():
        steps += 1
    assert sketch.corners == ()
    for _step in range(steps):
        assert sketch.redo()
    assert sketch.corners == now or sketch.redo()


def test_a_stroke_is_one_step():
    sketch = Sketch(Task.FREEHAND)
    sketch.add(*CORNERS)
    assert sketch.undo()
    assert sketch.corners == ()


@pytest.mark.parametrize(
    ("task", "least"), [(Task.MARKER, 1), (Task.LINE, 2), (Task.AREA, 3), (Task.CIRCLE, 2)]
)
def test_too_few_corners_become_nothing(task, least):
    assert made(task, CORNERS[: least - 1], UTM) is None
    assert made(task, CORNERS[:least], UTM) is not None


def test_two_corners_on_one_spot_are_no_circle():
    assert made(Task.CIRCLE, (CORNERS[0], CORNERS[0]), UTM) is None
    assert made(Task.CIRCLE, CORNERS[:2], UTM).radius_m == pytest.approx(1101, abs=2)


def test_a_rectangle_is_upright_on_the_plane_of_the_map():
    box = made(Task.RECTANGLE, (CORNERS[0], CORNERS[2]), UTM)
    assert isinstance(box, Rectangle)
    assert box.crs == UTM
    assert outline(Task.RECTANGLE, (CORNERS[0], CORNERS[2]), UTM).shape == (5, 2)


def test_the_size_of_an_area_is_that_on_the_ellipsoid():
    told = size(Task.AREA, CORNERS, UTM)
    assert told.area_m2 == pytest.approx(measure.area_m2(shapely.Polygon(CORNERS)))
    assert told.length_m == pytest.approx(measure.length_m(shapely.Polygon(CORNERS)))
    assert size(Task.AREA, CORNERS[:2], UTM).area_m2 is None
    assert size(Task.LINE, CORNERS[:1], UTM).length_m is None


def test_a_circle_says_its_radius_and_area():
    told = size(Task.CIRCLE, CORNERS[:2], UTM)
    assert told.area_m2 == pytest.approx(3.14159 * told.radius_m**2, rel=0.003)
    assert isinstance(made(Task.CIRCLE, CORNERS[:2], UTM), Circle)
