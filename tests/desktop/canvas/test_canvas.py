import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.canvas.sketching import SketchTool, Told
from gis.geo.crs import transform
from layers.layer import Layer
from layers.sketch import Sketch, Task
from layers.style import Live, LiveLook, Simple, Stroke, Style, Symbol
from tests.desktop.canvas.city import BLUE, LAND, RED, X, Y, a_layer, filled
from tests.shapes import UTM, Shelf, lines, points, polygons, square


def test_a_polygon_is_filled_where_it_lies(desk):
    desk.stack.add(a_layer("ward", polygons([square(X + 100, Y + 50, 40)])))
    desk.settle()
    assert desk.colour(300, 100) == RED
    assert desk.colour(300, 125) == LAND
    assert desk.colour(200, 150) == LAND


def test_a_hole_stays_open(desk):
    desk.stack.add(a_layer("pond", polygons([square(X, Y, 100), square(X, Y, 40, hole=True)])))
    desk.settle()
    assert desk.colour(200, 150) == LAND
    assert desk.colour(165, 150) == RED


def test_two_overlapping_parts_of_a_feature_do_not_cancel_each_other(desk):
    desk.stack.add(a_layer("two", polygons([square(X, Y, 60), square(X + 20, Y, 60)])))
    desk.settle()
    assert desk.colour(210, 150) == RED


def test_thousands_of_tiny_buildings_leave_their_ink(desk):
    rows = [[square(X + 2 * i, Y + 2 * j, 1.4)] for i in range(-20, 20) for j in range(-20, 20)]
    desk.stack.add(a_layer("buildings", polygons(*rows)))
    desk.settle()
    shade = desk.canvas.grab().toImage().pixelColor(200, 150)
    assert shade.red() > shade.blue() + 20
    assert desk.colour(300, 150) == LAND


def test_a_line_and_a_point_are_drawn(desk):
    desk.stack.add(a_layer("street", lines([[(X - 100, Y), (X + 100, Y)]])))
    desk.stack.add(a_layer("school", points((X, Y + 60)), style=filled(BLUE)))
    desk.settle()
    assert desk.colour(200, 90) == BLUE
    street = desk.canvas.grab().toImage().pixelColor(150, 150)
    assert street.red() > street.blue() + 60


def test_the_upper_layer_covers_the_lower_until_they_change_places(desk):
    desk.stack.add(a_layer("low", polygons([square(X, Y, 40)])))
    desk.stack.add(a_layer("high", polygons([square(X, Y, 40)]), style=filled(BLUE)))
    desk.settle()
    assert desk.colour(200, 150) == BLUE
    desk.stack.move("low", 1)
    desk.settle()
    assert desk.colour(200, 150) == RED


def test_a_hidden_layer_is_not_drawn_and_comes_back_at_once(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    desk.stack.update("ward", visible=False)
    assert desk.colour(200, 150) == LAND
    desk.stack.update("ward", visible=True)
    assert desk.colour(200, 150) == RED


def test_opacity_lets_the_ground_through(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)]), opacity=0.5))
    desk.settle()
    shade = desk.canvas.grab().toImage().pixelColor(200, 150)
    assert shade.red() == pytest.approx((0xCC + 0xF2) / 2, abs=3)
    assert shade.blue() == pytest.approx(0xEC / 2, abs=3)


def wheel(canvas, x, y, notches):
    at = QPointF(x, y)
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_the_wheel_keeps_the_place_under_the_pointer(desk):
    place = desk.canvas.view.to_map(320, 40)
    wheel(desk.canvas, 320, 40, 2)
    assert desk.canvas.view.units_per_pixel == pytest.approx(0.5)
    assert desk.canvas.view.to_map(320, 40) == pytest.approx(place)


def test_the_wheel_ends_at_the_ends_of_the_scale(desk):
    for _turn in range(40):
        wheel(desk.canvas, 200, 150, 3)
    assert desk.canvas.scale >= 50
    for _turn in range(40):
        wheel(desk.canvas, 200, 150, -3)
    assert desk.canvas.scale <= 3e8


@pytest.mark.parametrize(
    ("key", "east", "factor"),
    [
        (Qt.Key.Key_Right, 120, 1),
        (Qt.Key.Key_Left, -120, 1),
        (Qt.Key.Key_PageUp, 0, 0.5),
        (Qt.Key.Key_Minus, 0, 2),
    ],
)
def test_keys_move_the_map(desk, key, east, factor):
    QTest.keyClick(desk.canvas, key)
    assert desk.canvas.view.x == pytest.approx(X + east)
    assert desk.canvas.view.units_per_pixel == pytest.approx(factor)


def drag(canvas, button, start, end, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.mousePress(canvas, button, modifiers, QPoint(*start))
    QTest.mouseMove(canvas, QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    QTest.mouseMove(canvas, QPoint(*end))
    QTest.mouseRelease(canvas, button, modifiers, QPoint(*end))


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_pans_and_asks_nothing(desk, button):
    clicks = []
    desk.canvas.clicked.connect(lambda *args: clicks.append(args))
    drag(desk.canvas, button, (100, 100), (160, 70))
    assert (desk.canvas.view.x, desk.canvas.view.y) == pytest.approx((X - 60, Y - 30))
    assert clicks == []


def test_moving_with_space_held_pans(desk):
    QTest.mouseMove(desk.canvas, QPoint(100, 100))
    QTest.keyPress(desk.canvas, Qt.Key.Key_Space)
    QTest.mouseMove(desk.canvas, QPoint(150, 100))
    QTest.keyRelease(desk.canvas, Qt.Key.Key_Space)
    QTest.mouseMove(desk.canvas, QPoint(250, 100))
    assert desk.canvas.view.x == pytest.approx(X - 50)


def test_a_box_drawn_with_shift_fills_the_window(desk):
    drag(desk.canvas, Qt.MouseButton.LeftButton, (100, 75), (300, 225), Qt.KeyboardModifier.ShiftModifier)
    assert desk.canvas.view.units_per_pixel == pytest.approx(0.5, rel=0.02)
    assert desk.canvas.view.x == pytest.approx(X, abs=1)


def test_a_double_click_comes_closer(desk):
    QTest.mouseDClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert desk.canvas.view.units_per_pixel == pytest.approx(0.5)


def test_a_click_says_where_and_what(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 100)], name=["Sari"])))
    desk.stack.add(a_layer("school", points((X, Y), name=["School 9"]), style=filled(BLUE)))
    desk.settle()
    with desk.qtbot.waitSignal(desk.canvas.clicked) as heard:
        QTest.mouseClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(202, 150))
    lon, lat, hits = heard.args
    assert (lon, lat) == pytest.approx(transform([[X + 2, Y]], UTM)[0].tolist(), abs=1e-9)
    assert [(hit.layer_id, hit.columns["name"]) for hit in hits] == [("school", "School 9"), ("ward", "Sari")]


def test_a_click_into_a_ward_without_a_ground_finds_the_house_in_it_first(desk):
    desk.stack.add(a_layer("house", polygons([square(X, Y, 20)])))
    outline = Style(Simple(Symbol(stroke=Stroke(BLUE, 2.0))))
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 100)]), style=outline))
    desk.settle()
    assert [hit.layer_id for hit in desk.canvas.hits(200, 150)] == ["house", "ward"]
    assert [hit.layer_id for hit in desk.canvas.hits(230, 150)] == ["ward"]


def test_the_map_shows_that_the_keys_are_its_own(desk):
    desk.canvas.clearFocus()
    plain = desk.colour(0, 100)
    desk.canvas.activateWindow()
    desk.canvas.setFocus()
    desk.qtbot.waitUntil(desk.canvas.hasFocus)
    assert desk.colour(0, 100) != plain
    assert desk.colour(399, 299) == desk.colour(0, 100)
    assert desk.colour(200, 150) == LAND


def test_what_is_measured_can_be_read_over_any_symbol(desk):
    told = Told(ended=lambda: None, changed=lambda: None, typed=lambda _text: None)
    tool = SketchTool(
        Sketch(Task.MEASURE_LINE), lambda: desk.canvas.view, lambda: UTM, lambda _x, _y: None, told
    )
    desk.canvas.use(tool)
    for x in (100, 300):
        QTest.mouseClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, 150))
    plain = desk.canvas.grab().toImage().copy(200, 149, 1, 3)
    desk.stack.add(a_layer("incidents", points((X, Y), ids=["i"], severity=[1]), style=LIVE))
    desk.settle()
    assert desk.canvas.grab().toImage().copy(200, 149, 1, 3) == plain
    assert desk.colour(200, 157) == "#ff3c7c"


def test_a_click_after_a_pan_still_finds_what_is_under_it(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    desk.canvas.look(desk.canvas.view.panned(80, 0).zoomed(0.5, 280, 150))
    assert len(desk.canvas.hits(280, 150)) == 1
    assert desk.canvas.hits(200, 150) == ()


def test_the_pointer_is_told_in_degrees(desk):
    with desk.qtbot.waitSignal(desk.canvas.pointed) as heard:
        QTest.mouseMove(desk.canvas, QPoint(200, 150))
    assert heard.args == pytest.approx(transform([[X, Y]], UTM)[0].tolist(), abs=1e-4)


LIVE = Style(Live(LiveLook.INCIDENT))


def test_the_worst_incident_covers_the_others_and_is_found_first(desk):
    both = points((X, Y), (X, Y), ids=["minor", "extreme"], severity=[4, 1])
    desk.stack.add(a_layer("incidents", both, style=LIVE))
    desk.settle()
    assert desk.colour(200, 157) == "#ff3c7c"
    assert [hit.id for hit in desk.canvas.hits(200, 150)] == ["extreme", "minor"]


def test_an_acknowledged_alarm_is_hollow(desk):
    alarm = points((X, Y), ids=["a"], severity=[3], hollow=[1])
    desk.stack.add(a_layer("alarms", alarm, style=LIVE))
    desk.settle()
    assert desk.colour(194, 144) == "#14181c"


def test_live_symbols_keep_their_size_while_the_map_is_scaled(desk):
    desk.stack.add(a_layer("incidents", points((X, Y), ids=["i"], severity=[3]), style=LIVE))
    desk.settle()
    desk.canvas.look(desk.canvas.view.zoomed(0.1))
    assert desk.colour(194, 144) == "#fde07b"
    assert desk.colour(185, 150) == LAND


def test_what_is_selected_is_ringed_and_can_be_gone_to(desk):
    desk.stack.add(a_layer("incidents", points((X + 100, Y), ids=["i"], severity=[3]), style=LIVE))
    desk.settle()
    before = desk.colour(300 + 18, 150)
    desk.selection.select("incidents", "i")
    assert desk.colour(300 + 18, 150) != before
    desk.canvas.look(desk.canvas.view.zoomed(10))
    QTest.keyClick(desk.canvas, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert desk.canvas.view.x == pytest.approx(X + 100, abs=0.01)
    assert desk.canvas.scale == pytest.approx(5000)


def test_a_selected_ward_is_outlined_and_fills_the_window_on_request(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)], [square(X + 90, Y, 20)])))
    desk.settle()
    desk.selection.select("ward", 0)
    edge = desk.canvas.grab().toImage().pixelColor(180, 140)
    assert edge.blue() > edge.red()
    desk.canvas.zoom_to_selection()
    west, _south, east, _north = desk.canvas.view.extent
    assert (west + east) / 2 == pytest.approx(X)
    assert east - west < 120


@pytest.mark.parametrize("kind", ["areas", "points"])
def test_a_large_selection_is_a_picture_that_moves_with_the_map(desk, kind):
    places = [(X - 300 + 4.0 * (n % 150), Y - 90 + 3.0 * (n // 150)) for n in range(9_000)]
    whole = points(*places) if kind == "points" else polygons(*([square(x, y, 2.5)] for x, y in places))
    desk.stack.add(a_layer("many", whole))
    desk.settle()
    before = desk.colour(200, 150)
    desk.selection.select("many", *range(9_000))
    desk.canvas.grab()
    desk.qtbot.waitUntil(lambda: not desk.canvas.selected.busy)
    assert desk.canvas.selected.many
    accent = desk.canvas.grab().toImage()
    assert desk.colour(200, 150) != before
    desk.canvas.look(desk.canvas.view.panned(40, 0))
    moved = desk.canvas.grab().toImage()
    assert moved.pixelColor(340, 150) == accent.pixelColor(300, 150)
    desk.selection.select("many", 1, 2)
    desk.canvas.grab()
    assert not desk.canvas.selected.many
    assert not desk.canvas.selected.busy


def test_the_map_flies_to_a_place_and_to_the_whole_city(desk):
    lon, lat = transform([[X + 5000, Y + 2000]], UTM)[0].tolist()
    desk.canvas.fly_to(lon, lat, 2_000)
    assert (desk.canvas.view.x, desk.canvas.view.y) == pytest.approx((X + 5000, Y + 2000), abs=0.01)
    assert desk.canvas.scale == pytest.approx(2_000)
    desk.canvas.set_home((X - 4000, Y - 3000, X + 4000, Y + 3000))
    desk.canvas.show_all()
    west, south, east, north = desk.canvas.view.extent
    assert west <= X - 4000
    assert east >= X + 4000
    assert south <= Y - 3000
    assert north >= Y + 3000


def test_a_flight_arrives(desk):
    desk.canvas.animated = True
    desk.canvas.zoom_to((X, Y, X + 100, Y + 100))
    desk.qtbot.waitUntil(lambda: desk.canvas.view.x == pytest.approx(X + 50), timeout=60_000)


def test_a_typed_place_is_ringed_until_it_is_not(desk):
    lon, lat = transform([[X, Y]], UTM)[0].tolist()
    plain = desk.canvas.grab().toImage()
    desk.canvas.show_typed((lon, lat))
    assert desk.canvas.grab().toImage() != plain
    desk.canvas.show_typed(None)
    assert desk.canvas.grab().toImage() == plain


def test_measuring_follows_the_ellipsoid(desk):
    heard = []
    told = Told(ended=lambda: None, changed=lambda: heard.append(tool.size), typed=lambda _text: None)
    sketch = Sketch(Task.MEASURE_LINE)
    tool = SketchTool(sketch, lambda: desk.canvas.view, lambda: UTM, lambda _x, _y: None, told)
    desk.canvas.use(tool)
    for x in (100, 300):
        QTest.mouseClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, 150))
    assert tool.size.length_m == pytest.approx(200 / 0.9996, rel=1e-4)
    assert heard[-1] == tool.size
    unmeasured = desk.canvas.view.units_per_pixel
    QTest.mouseDClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 150))
    assert desk.canvas.view.units_per_pixel == unmeasured
    with desk.qtbot.waitSignal(desk.canvas.tool_changed):
        QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert tool.size.length_m is None


def test_a_map_that_was_closed_paints_no_more(desk):
    source = Shelf(polygons([square(X, Y, 40)]))
    desk.stack.add(Layer("ward", "Ward", source, filled(RED)))
    desk.canvas.close_map()
    desk.qtbot.wait(60)
    assert source.asked == 0
