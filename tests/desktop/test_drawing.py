"""Drawing on the map by mouse and by keys, with everything real but the screen."""

from datetime import timedelta
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from shapely import LineString, box

from desktop.canvas.editing import EditTool
from desktop.canvas.sketching import SketchTool
from desktop.legends import Legends
from gis.geo import measure
from gis.geo.figures import Circle, figure_of
from gis.jobs import Lane
from gis.model.drawing import Sign
from gis.ops import drawings
from gis.ops.drawings import Form, form_of
from layers.ground import lonlat, on_map
from layers.sketch import Task
from tests.desktop.maphands import Hands

MIDDLE = (116.70, -8.25)


@pytest.fixture
def map_(sitting):
    """The hands on the map of a desk that looks at a place from close by."""
    canvas = sitting.panels.map.canvas
    canvas.fly_to(*MIDDLE, 10_000.0)
    return Hands(sitting)


def test_an_area_by_mouse_is_on_the_disk_before_anybody_has_named_it(map_):
    map_.take("P")
    for corner in ((-100, -80), (120, -80), (120, 90)):
        map_.click(*corner)
    map_.sitting.press("Return")
    flood = map_.one()
    assert (flood.title, flood.place.geom_type) == ("Area 1", "Polygon")
    assert measure.area_m2(flood.place) == pytest.approx(map_.metres(220) * map_.metres(170) / 2, rel=0.01)
    form = map_.altering.form
    map_.sitting.wait(form.isVisible)
    assert form.name.hasFocus()
    map_.sitting.press("type:Pasar Lama", "Return")
    map_.sitting.wait(lambda: map_.one().title == "Pasar Lama")
    map_.sitting.wait(lambda: "Pasar Lama" in map_.altering.page.text.toPlainText())
    assert " ha" in map_.altering.page.text.toPlainText()
    assert "R. Sari" in map_.altering.page.text.toPlainText()


def test_the_ground_stays_under_the_pointer_while_a_tool_shows_its_bar(map_):
    canvas, window = map_.canvas, map_.sitting.window

    def seen() -> tuple[float, float]:
        ((x, y),) = canvas.view.to_pixels(np.array([on_map(*MIDDLE, canvas.crs)])).tolist()
        at = canvas.mapTo(window, QPoint(0, 0))
        return at.x() + x, at.y() + y

    before, high = seen(), canvas.height()
    map_.take("P")
    map_.sitting.wait(lambda: canvas.height() < high)
    assert seen() == pytest.approx(before, abs=0.5)
    map_.sitting.press("Esc")
    map_.sitting.wait(lambda: canvas.height() == high)
    assert seen() == pytest.approx(before, abs=0.5)


def test_an_area_by_keys_alone(map_):
    map_.take("P")
    assert map_.canvas.hasFocus()
    for way in ("Right", "Down", "Left"):
        map_.sitting.press(*[f"Shift+{way}"] * 10, "Ins")
    map_.sitting.press("Return")
    area = map_.one().place
    assert measure.area_m2(area) == pytest.approx(map_.metres(100) ** 2 / 2, rel=0.02)


def test_figures_say_where_the_next_corner_is(map_):
    map_.take("L")
    field = map_.board.bar.field
    map_.sitting.press("type:8")
    assert field.hasFocus()
    assert field.text() == "8"
    field.clear()
    map_.sitting.press(
        "type:8.25 S 116.70 E", "Return", "type:120 m 045", "Return", "type:1.2 km 180", "Return"
    )
    map_.sitting.press("Return")
    line = map_.one().place
    first, second, third = (tuple(corner) for corner in line.coords)
    assert first == pytest.approx(MIDDLE, abs=1e-7)
    assert measure.distance_m(first, second)[0] == pytest.approx(120, abs=0.02)
    assert measure.distance_m(second, third)[0] == pytest.approx(1200, abs=0.02)
    assert third[1] < second[1]


def test_a_circle_takes_its_radius_in_figures_and_is_asked_for_no_more(map_):
    map_.take("C")
    map_.click(0, 0)
    map_.sitting.press("type:500 m", "Return")
    made = map_.one()
    assert form_of(made) is Form.CIRCLE
    assert figure_of(made.made_of, made.place).radius_m == pytest.approx(500, abs=0.01)


def test_a_rectangle_is_two_clicks_a_marker_one_and_words_stand_alone(map_):
    map_.take("R")
    map_.click(-50, -50)
    map_.click(50, 50)
    assert form_of(map_.one()) is Form.RECTANGLE
    map_.leave_title()
    map_.take("M")
    map_.click(0, 100)
    map_.sitting.wait(lambda: len(map_.drawn()) == 2)
    map_.leave_title()
    map_.take("T")
    map_.click(0, 130)
    map_.sitting.wait(lambda: len(map_.drawn()) == 3)
    signs = {each.title: each.sign for each in map_.drawn() if each.place.geom_type == "Point"}
    assert signs == {"Marker 1": Sign.CIRCLE, "Text 1": Sign.NONE}


def test_freehand_follows_the_hand_and_is_smoothed(map_):
    map_.take("freehand")
    map_.drag(*[(x, round(30 * np.sin(x / 20))) for x in range(-150, 151, 2)])
    line = map_.one().place
    assert 8 < len(line.coords) < 120
    assert map_.canvas.tool is not None


def test_corners_are_taken_back_one_by_one_and_put_back(map_):
    map_.take("P")
    for corner in ((-100, -80), (120, -80), (120, 90)):
        map_.click(*corner)
    sketch = map_.board.sketches[Task.AREA]
    map_.sitting.press("Backspace")
    assert len(sketch.corners) == 2
    map_.sitting.press("Ctrl+Z")
    assert len(sketch.corners) == 3
    map_.sitting.press("Ctrl+Z", "Ctrl+Z")
    assert len(sketch.corners) == 1
    map_.sitting.press("Ctrl+Shift+Z")
    assert len(sketch.corners) == 2
    map_.sitting.press("Delete")
    assert sketch.corners == ()
    map_.sitting.press("Ctrl+Z")
    assert len(sketch.corners) == 2
    assert map_.drawn() == []


def test_a_half_drawn_sketch_outlives_another_tool_an_f_key_and_fresh_records(map_):
    map_.take("P")
    map_.click(-100, -80)
    map_.click(120, -80)
    map_.take("L")
    map_.sitting.press("F2")
    map_.sitting.press("type:fl2 tree fell", "Return")
    map_.sitting.wait(lambda: len(map_.sitting.incidents()) == 4)
    map_.take("P")
    assert len(map_.canvas.tool.sketch.corners) == 2
    map_.click(120, 90)
    map_.sitting.press("Return")
    assert len(map_.one().place.exterior.coords) == 4


def test_a_half_drawn_sketch_is_there_again_after_the_desk_was_closed(map_):
    map_.take("P")
    map_.click(-100, -80)
    map_.click(120, -80)
    corners = map_.board.sketches[Task.AREA].corners
    again = map_.sitting.reopen()
    again.wait(lambda: again.desk.altering.board.sketches[Task.AREA].corners == corners)


def test_an_outline_that_crosses_itself_is_refused_and_the_sketch_stays(map_):
    map_.take("P")
    for corner in ((-100, -80), (100, 80), (100, -80), (-100, 80)):
        map_.click(*corner)
    map_.sitting.press("Return")
    notices = map_.sitting.desk.ground.notices
    map_.sitting.wait(lambda: "crosses itself" in notices.words.text())
    assert len(map_.board.sketches[Task.AREA].corners) == 4
    map_.sitting.press("Backspace", "Return")
    assert map_.one().place.is_valid


def test_esc_leaves_the_tool_and_keeps_what_was_begun(map_):
    map_.take("P")
    map_.click(-100, -80)
    map_.sitting.press("Esc")
    assert map_.canvas.tool is map_.canvas.select_tool
    assert not map_.board.bar.isVisible()
    assert len(map_.board.sketches[Task.AREA].corners) == 1


def test_the_next_corner_meets_what_is_shown_unless_ctrl_is_held(map_):
    store = map_.sitting.desk.store
    view = map_.canvas.view
    lon, lat = lonlat(view.x, view.y, map_.canvas.crs)
    wall = LineString([(lon, lat), (lon + 0.01, lat)])
    store.write("Draw", lambda tx: drawings.draw(tx, Form.LINE, wall, "Wall"))
    map_.sitting.wait(lambda: not map_.canvas.composer.busy and map_.board.snap(view.x, view.y) is not None)
    map_.take("L")
    map_.sitting.wait(map_.board.bar.isVisible)
    ((x, y),) = map_.canvas.view.to_pixels(np.array([[view.x, view.y]])).round().astype(int).tolist()
    x, y = x - map_.canvas.width() // 2, y - map_.canvas.height() // 2
    map_.click(x + 4, y - 5)
    map_.click(x + 30, y + 4)
    first, second = map_.board.sketches[Task.LINE].corners
    assert first == pytest.approx((lon, lat), abs=1e-6), "the corner"
    assert second[1] == pytest.approx(lat, abs=2e-6), "the edge"


def test_a_measured_line_and_area_are_said_and_nothing_is_written(map_):
    map_.take("measure")
    map_.click(-100, 0)
    map_.click(100, 0)
    map_.sitting.press("Return")
    assert map_.board.bar.hint.text() == "The next corner begins anew."
    tool = map_.canvas.tool
    assert isinstance(tool, SketchTool)
    assert tool.size.length_m == pytest.approx(map_.metres(200), rel=0.01)
    map_.click(0, 0)
    assert len(tool.sketch.corners) == 1, "the next corner begins a new measure"
    map_.take("measure_area")
    for corner in ((-100, -100), (100, -100), (100, 100), (-100, 100)):
        map_.click(*corner)
    assert map_.canvas.tool.size.area_m2 == pytest.approx(map_.metres(200) ** 2, rel=0.01)
    assert map_.drawn() == []


@pytest.fixture
def square(map_):
    """An area of 200 pixels around the middle, selected."""
    map_.take("P")
    for corner in ((-100, -100), (100, -100), (100, 100), (-100, 100)):
        map_.click(*corner)
    map_.sitting.press("Return")
    made = map_.one()
    map_.leave_title()
    map_.sitting.wait(lambda: isinstance(map_.canvas.tool, EditTool))
    return made


def test_a_late_answer_does_not_take_the_corner_out_of_the_hand(map_, square):
    tool = map_.altering.tool
    map_.drag((0, 100), (0, 150), (0, 180))
    now, held = tool.shape, tool.current
    tool.show(square.place)
    assert tool.current is None or tool.current < 4
    tool.show(now)
    assert tool.current == held
    map_.sitting.press("Delete")
    map_.sitting.wait(lambda: len(tool.shape.exterior.coords) - 1 == 4)


def test_a_corner_is_dragged_one_is_put_in_and_taken_out_and_each_is_a_step(map_, square):
    corners = lambda: len(map_.one().place.exterior.coords) - 1  # noqa: E731
    map_.drag((100, -100), (120, -130), (160, -160))
    map_.sitting.wait(lambda: measure.area_m2(map_.one().place) > 1.05 * measure.area_m2(square.place))
    map_.drag((0, 100), (0, 150), (0, 180))
    map_.sitting.wait(lambda: corners() == 5)
    map_.sitting.press("Delete")
    map_.sitting.wait(lambda: corners() == 4)
    for _n in range(3):
        map_.sitting.press("Ctrl+Z")
    map_.sitting.wait(lambda: map_.one().place.equals(square.place))
    assert map_.one().title == "Area 1"


def test_a_corner_taken_out_is_called_a_new_shape_and_no_move(map_, square):
    said: list[str] = []
    map_.sitting.desk.ground.notices.told.connect(said.append)
    map_.canvas.setFocus()
    map_.sitting.press("Tab", "Del")
    map_.sitting.wait(lambda: map_.one().place != square.place)
    map_.sitting.press("Ctrl+Z")
    map_.sitting.wait(lambda: said)
    assert said == ["Undone: Reshape Area 1. Both stay in the log."]


def test_an_answer_about_the_change_before_is_not_shown_over_a_newer_one(map_, square):
    """The store is still busy with something when the second drag ends."""
    tool, jobs, free, first = map_.altering.tool, map_.sitting.desk.ground.jobs, Event(), []
    map_.drag((100, -100), (120, -130), (160, -160))
    jobs.run("First", lambda _p: None, lane=Lane.STORE, done=first.append)
    jobs.run("Busy", lambda _p: free.wait(60), lane=Lane.STORE)
    map_.drag((0, 100), (0, 150), (0, 180))
    map_.sitting.wait(lambda: first)
    assert len(tool.shape.exterior.coords) - 1 == 5
    map_.sitting.press("Delete")
    free.set()
    map_.sitting.wait(lambda: len(map_.one().place.exterior.coords) - 1 == 4)
    map_.sitting.wait(lambda: len(map_.altering.page.drawing.place.exterior.coords) - 1 == 4)


def test_the_whole_is_moved_by_its_middle(map_, square):
    tool = map_.canvas.tool
    ((x, y),) = map_.canvas.view.to_pixels(np.array([on_map(*tool.hold, map_.canvas.crs)])).tolist()
    start = (round(x) - map_.canvas.width() // 2, round(y) - map_.canvas.height() // 2)
    map_.drag(start, (start[0] + 40, start[1]), (start[0] + 60, start[1]))
    map_.sitting.wait(lambda: not map_.one().place.equals(square.place))
    moved = map_.one().place
    assert measure.area_m2(moved) == pytest.approx(measure.area_m2(square.place), rel=1e-3)
    way = measure.distance_m(square.place.centroid.coords[0], moved.centroid.coords[0])[0]
    assert way == pytest.approx(map_.metres(60), rel=0.05)


def test_corners_are_bent_by_keys_alone(map_, square):
    map_.canvas.setFocus()
    map_.sitting.press("Tab", *["Shift+Left"] * 3, *["Left"] * 2)
    first = lambda: map_.one().place.exterior.coords[0]  # noqa: E731
    before = square.place.exterior.coords[0]
    map_.sitting.wait(lambda: first() != before)
    assert measure.distance_m(before, first())[0] == pytest.approx(map_.metres(32), rel=0.02)
    map_.sitting.press("Tab", "Delete")
    map_.sitting.wait(lambda: len(map_.one().place.exterior.coords) == 4)
    map_.sitting.press("Tab", "type:8", "Ctrl+A", "type:8.2525 S 116.7025 E", "Return")
    map_.sitting.wait(lambda: (116.7025, -8.2525) in map_.one().place.exterior.coords)


def test_what_other_hands_bend_meanwhile_is_shown(map_, square):
    other = box(116.69, -8.26, 116.70, -8.25)
    store = map_.sitting.desk.store
    store.write("Bend", lambda tx: drawings.reshape(tx, square.id, other))
    map_.sitting.wait(lambda: map_.canvas.tool.shape.equals(other))


def test_escape_lets_go_of_the_corners_and_a_click_takes_hold_again(map_, square):
    map_.canvas.setFocus()
    map_.sitting.press("Esc")
    assert map_.canvas.tool is map_.canvas.select_tool
    map_.sitting.wait(lambda: not map_.canvas.composer.busy)
    map_.click(-60, -60)
    map_.sitting.wait(lambda: isinstance(map_.canvas.tool, EditTool))


def test_a_drawing_is_reached_without_a_mouse_and_struck_out(map_, square):
    map_.sitting.desk.ground.model.selection.clear()
    map_.sitting.window.perform("drawings")
    table = map_.altering.list.table
    map_.sitting.wait(lambda: table.hasFocus() and table.current() is not None)
    assert "Area 1" in table.records.data(table.currentIndex(), Qt.ItemDataRole.ToolTipRole)
    map_.sitting.press("Return")
    map_.sitting.wait(lambda: isinstance(map_.canvas.tool, EditTool))
    assert map_.canvas.hasFocus()
    map_.altering.page.gone.click()
    map_.sitting.wait(lambda: map_.drawn() == [])
    map_.sitting.wait(lambda: map_.canvas.tool is map_.canvas.select_tool)
    map_.sitting.press("Ctrl+Z")
    map_.sitting.wait(lambda: len(map_.drawn()) == 1)


def test_an_area_around_what_is_selected_is_as_wide_as_was_said(map_, square):
    map_.sitting.window.perform("buffer")
    form = map_.altering.around
    map_.sitting.wait(form.isVisible)
    map_.sitting.press("type:nonsense", "Return")
    assert form.problem.isVisible()
    map_.sitting.press("Ctrl+A", "type:0.3 km", "Return")
    map_.sitting.wait(lambda: len(map_.drawn()) == 2)
    area = next(each for each in map_.drawn() if each.id != square.id)
    assert area.title == "300 m around Area 1"
    map_.sitting.wait(map_.canvas.hasFocus)
    assert area.place.covers(square.place)
    assert area.place.area > square.place.area


def test_a_circle_is_dragged_wider_and_stays_a_circle(map_):
    map_.take("C")
    map_.click(0, 0)
    map_.click(80, 0)
    made = map_.one()
    map_.leave_title()
    map_.sitting.wait(lambda: isinstance(map_.canvas.tool, EditTool))
    map_.drag((80, 0), (120, 0), (160, 0))
    map_.sitting.wait(lambda: map_.one().made_of != made.made_of)
    wide, narrow = (figure_of(each.made_of, each.place) for each in (map_.one(), made))
    assert isinstance(wide, Circle)
    assert wide.radius_m == pytest.approx(2 * narrow.radius_m, rel=0.05)


def test_who_looks_at_the_past_draws_nothing(map_, square, clock):
    map_.sitting.desk.ground.model.outlook.go(clock.now() - timedelta(minutes=1))
    map_.sitting.wait(lambda: map_.canvas.tool is map_.canvas.select_tool)
    map_.take("P")
    assert map_.canvas.tool is map_.canvas.select_tool
    assert QApplication.focusWidget() is not None


def test_the_layer_of_drawings_is_kept_with_the_legend(map_):
    assert isinstance(map_.sitting.desk.legends, Legends)
    assert "drawings" in map_.sitting.desk.ground.model.stack
