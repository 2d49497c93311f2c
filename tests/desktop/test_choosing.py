"""Pointing at the map: everything under one click, and many things at once."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from layers.ground import on_map
from layers.layer import Layer
from layers.roles import Role, role_style
from tests.shapes import Shelf, polygons, square

LON, LAT = 116.7, -8.25


@pytest.fixture
def houses(sitting):
    """A hundred houses, ten by ten, on two wards; the map looks at them."""
    stack, canvas = sitting.desk.ground.model.stack, sitting.panels.map.canvas
    x, y = on_map(LON, LAT, stack.crs)
    places = [(x + 20.0 * (n % 10), y + 20.0 * (n // 10)) for n in range(100)]
    columns = {"name": [f"House {n}" for n in range(100)], "cost": [None] * 100}
    built = polygons(*([square(*at, 10.0)] for at in places), **columns)
    wards = polygons([square(x, y, 400.0)], [square(x + 400.0, y, 400.0)], name=["West & old", "East"])
    for name, held in (("wards", wards), ("houses", built)):
        stack.add(Layer(name, name.title(), Shelf(held), role_style(Role.OTHER), group="Test"))
    canvas.zoom_to((x - 60, y - 60, x + 260, y + 260))
    sitting.wait(lambda: {"wards", "houses"} <= canvas.renderer.pictures.keys() and not canvas.composer.busy)
    return sitting


def pixel(sitting, n: int) -> QPoint:
    """Where house `n` is on the screen."""
    canvas = sitting.panels.map.canvas
    x, y = on_map(LON, LAT, canvas.crs)
    ((px, py),) = canvas.view.to_pixels(np.array([[x + 20.0 * (n % 10), y + 20.0 * (n // 10)]])).tolist()
    return QPoint(round(px), round(py))


def click(sitting, n: int, held=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(sitting.panels.map.canvas, Qt.MouseButton.LeftButton, held, pixel(sitting, n))


def drag(sitting, start: QPoint, end: QPoint, held=Qt.KeyboardModifier.NoModifier) -> None:
    canvas, left = sitting.panels.map.canvas, Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, held, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, left, held, end)


def chosen(sitting) -> tuple[str, list]:
    now = sitting.desk.ground.model.selection.now
    return now.layer_id, sorted(now.ids)


def test_a_click_tells_of_all_that_lies_there_and_keys_step_through_it(houses):
    click(houses, 33)
    line, detail = houses.panels.detail.hits, houses.panels.detail
    assert [line.box.itemText(n) for n in range(line.box.count())] == [
        "Houses: House 33",
        "Wards: West & old",
    ]
    assert "NULL" in detail.text.toPlainText()
    houses.press("Ctrl+Shift+PgDown")
    assert chosen(houses) == ("wards", [0])
    assert "West & old" in detail.text.toPlainText()
    assert line.count.text().startswith("2")
    houses.press("Ctrl+Shift+PgDown")
    assert chosen(houses) == ("houses", [33])
    houses.desk.ground.model.selection.select("sensors", "g1")
    assert not line.isVisible()


def test_a_value_that_is_shown_can_be_copied(houses):
    click(houses, 33)
    houses.panels.detail.text.anchorClicked.emit(QUrl("copy:0"))
    assert QGuiApplication.clipboard().text() == "House 33"


def test_control_and_a_click_puts_one_more_into_the_selection_or_takes_it_out(houses):
    click(houses, 1)
    click(houses, 2, Qt.KeyboardModifier.ControlModifier)
    assert chosen(houses) == ("houses", [1, 2])
    click(houses, 1, Qt.KeyboardModifier.ControlModifier)
    assert chosen(houses) == ("houses", [2])


def test_a_click_with_control_loses_nothing_that_is_selected(houses):
    """Neither beside everything, nor where another layer lies on top."""
    houses.desk.ground.model.selection.select("wards", 0)
    click(houses, 33, Qt.KeyboardModifier.ControlModifier)
    assert chosen(houses) == ("", []), "the ward under the house is taken out"
    houses.desk.ground.model.selection.select("wards", 1)
    click(houses, 33, Qt.KeyboardModifier.ControlModifier)
    assert chosen(houses) == ("wards", [0, 1])
    houses.desk.ground.model.selection.select("houses", 1, 2)
    between = pixel(houses, 0) + QPoint(0, 3 * (pixel(houses, 0).y() - pixel(houses, 10).y()))
    left, held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(houses.panels.map.canvas, left, held, between)
    assert chosen(houses) == ("houses", [1, 2])


def test_what_is_not_selected_any_more_is_not_told_of_as_if_it_were(houses):
    detail = houses.panels.detail
    click(houses, 33)
    assert detail.text.isVisible()
    houses.press("Ctrl+Alt+I")
    houses.wait(lambda: detail.hint.isVisible())
    assert detail.hint.text() == "99 of Houses selected."
    click(houses, 33)
    houses.press("Ctrl+Shift+A")
    assert detail.hint.isVisible()
    assert not detail.go.isVisible(), "there is nothing to zoom to"


def test_a_box_selects_of_the_topmost_layer_there_and_more_can_be_added_and_taken_away(houses):
    houses.panels.layers.tree.setCurrentItem(None)
    houses.press("Ctrl+Shift+L")
    half = QPoint(3, -3)
    drag(houses, pixel(houses, 0) - half, pixel(houses, 11) + half)
    houses.wait(lambda: chosen(houses) == ("houses", [0, 1, 10, 11]))
    drag(houses, pixel(houses, 2) - half, pixel(houses, 3) + half, Qt.KeyboardModifier.ControlModifier)
    houses.wait(lambda: chosen(houses) == ("houses", [0, 1, 2, 3, 10, 11]))
    drag(houses, pixel(houses, 0) - half, pixel(houses, 1) + half, Qt.KeyboardModifier.ShiftModifier)
    houses.wait(lambda: chosen(houses) == ("houses", [2, 3, 10, 11]))


def test_corners_around_an_area_select_in_it_and_escape_puts_the_tool_away(houses):
    houses.panels.layers.tree.setCurrentItem(None)
    canvas = houses.panels.map.canvas
    houses.press("Ctrl+Shift+L")
    for n in (0, 9):
        click(houses, n)
    click(houses, 99)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=pixel(houses, 99))
    below = [n for n in range(100) if n % 10 >= n // 10]
    houses.wait(lambda: chosen(houses) == ("houses", below))
    houses.press("Escape")
    assert canvas.tool is canvas.select_tool


def test_enter_ends_an_area_and_backspace_takes_a_corner_back(houses):
    houses.panels.layers.tree.setCurrentItem(None)
    houses.press("Ctrl+Shift+L")
    for n in (0, 9, 99, 55):
        click(houses, n)
    houses.press("Backspace", "Return")
    below = [n for n in range(100) if n % 10 >= n // 10]
    houses.wait(lambda: chosen(houses) == ("houses", below))


def test_how_things_are_selected_is_said_whole_and_only_while_that_is_in_hand(houses):
    bar = houses.desk.choosing.bar
    houses.press("Ctrl+Shift+L")
    houses.wait(bar.isVisible)
    houses.wait(lambda: "Escape" in bar.hint.text())
    houses.press("Escape")
    assert not bar.isVisible()
    houses.press("Ctrl+Shift+L")
    houses.window.perform("polygon")
    assert not bar.isVisible()


def test_the_current_layer_of_the_legend_is_the_one_that_is_selected_from(houses):
    tree = houses.panels.layers.tree
    tree.setCurrentItem(tree.findItems("Wards", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0])
    houses.press("Ctrl+Shift+L")
    drag(houses, pixel(houses, 0), pixel(houses, 11))
    houses.wait(lambda: chosen(houses) == ("wards", [0]))


def test_where_the_current_layer_has_nothing_the_topmost_that_has_is_selected_from(houses):
    """The legend always has a current layer: nobody shall have to know that to select what is seen."""
    tree = houses.panels.layers.tree
    incidents = tree.findItems("Incidents", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0]
    tree.setCurrentItem(incidents)
    houses.press("Ctrl+Shift+L")
    half = QPoint(3, -3)
    drag(houses, pixel(houses, 0) - half, pixel(houses, 11) + half)
    houses.wait(lambda: chosen(houses) == ("houses", [0, 1, 10, 11]))


def test_what_is_added_and_taken_away_is_of_the_layer_that_is_selected_already(houses):
    tree = houses.panels.layers.tree
    houses.desk.ground.model.selection.select("houses", 0, 1, 2)
    tree.setCurrentItem(tree.findItems("Wards", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0])
    houses.press("Ctrl+Shift+L")
    half = QPoint(3, -3)
    drag(houses, pixel(houses, 0) - half, pixel(houses, 1) + half, Qt.KeyboardModifier.ShiftModifier)
    houses.wait(lambda: chosen(houses) == ("houses", [2]))
    drag(houses, pixel(houses, 11) - half, pixel(houses, 12) + half, Qt.KeyboardModifier.ControlModifier)
    houses.wait(lambda: chosen(houses) == ("houses", [2, 11, 12]))


def test_the_others_can_be_selected_and_nothing(houses):
    click(houses, 5)
    houses.press("Ctrl+Alt+I")
    houses.wait(lambda: len(chosen(houses)[1]) == 99 and 5 not in chosen(houses)[1])
    houses.press("Ctrl+Shift+A")
    assert chosen(houses) == ("", [])
