"""The windows beside the desk: a second map that follows, a wall that names nobody."""

from datetime import timedelta

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from desktop.panels.strip import ExerciseBand
from desktop.sides import Places
from desktop.theme import DAY
from gis.store import Operation, Store
from layers.layer import Layer
from layers.roles import Role, role_style
from tests.desktop.conftest import Sitting, fill
from tests.shapes import Shelf, square
from tests.shapes import polygons as some_polygons


def settled(sitting, canvas):
    sitting.wait(lambda: not canvas.composer.busy)


def test_the_second_map_follows_the_first_at_its_own_distance_until_it_is_let_go(sitting):
    first = sitting.panels.map.canvas
    sitting.press("Ctrl+Alt+M")
    second = sitting.desk.sides.second
    first.look(first.view.panned(300, 120))
    assert (second.canvas.view.x, second.canvas.view.y) == (first.view.x, first.view.y)
    assert second.canvas.view.units_per_pixel == pytest.approx(4 * first.view.units_per_pixel)
    second.linked.click()
    stays = second.canvas.view
    first.look(first.view.zoomed(0.5))
    assert second.canvas.view == stays


def test_a_scale_chosen_on_the_second_map_is_its_own_from_then_on(sitting):
    first = sitting.panels.map.canvas
    sitting.press("Ctrl+Alt+M")
    second = sitting.desk.sides.second
    assert second.factor.currentText() == "4× farther"
    second.canvas.look(second.canvas.view.zoomed(0.5))
    unit = second.canvas.view.units_per_pixel
    first.look(first.view.panned(300, 120))
    assert second.factor.currentText() == "A scale of its own"
    assert (second.canvas.view.x, second.canvas.view.units_per_pixel) == (first.view.x, unit)


@pytest.mark.parametrize(("key", "name"), [("Ctrl+Alt+M", "second"), ("Ctrl+Alt+W", "wall")])
def test_the_key_that_opens_a_window_beside_the_desk_closes_it_from_there_too(sitting, key, name):
    sides = sitting.desk.sides
    sitting.press(key)
    window = getattr(sides, name)
    window.activateWindow()
    window.canvas.setFocus()
    sitting.wait(window.canvas.hasFocus)
    sitting.press(key)
    assert getattr(sides, name) is None


def test_both_maps_show_one_selection_and_read_a_layer_once(sitting):
    first, sides = sitting.panels.map.canvas, sitting.desk.sides
    land = some_polygons([square(first.view.x, first.view.y, 500)])
    source = Shelf(land)
    sitting.desk.ground.model.stack.add(Layer("land", "Land", source, role_style(Role.OTHER)))
    settled(sitting, first)
    sitting.press("Ctrl+Alt+M")
    settled(sitting, sides.second.canvas)
    mine = sides.second.canvas.renderer.pictures["land"].scene.marks[0].drawn.index
    assert mine is first.renderer.pictures["land"].scene.marks[0].drawn.index  # put in order once for both
    badges = sides.second.canvas.renderer.badges["incidents"]
    x, y = sides.second.canvas.view.to_pixels(badges.xy[-1:])[0].tolist()
    hits = sides.second.canvas.hits(x, y)
    sides.second.canvas.clicked.emit(116.7, -8.25, hits)
    assert sitting.desk.ground.model.selection.now.ids


def test_the_wall_shows_what_rings_to_the_room_and_no_name_and_no_button(sitting):
    sitting.desk.store.author = "A. Putri"
    sitting.press("F4", "F8")
    sitting.press("Ctrl+Alt+W")
    wall = sitting.desk.sides.wall
    assert not wall.findChildren(QAbstractButton)
    assert not wall.findChildren(QLineEdit)
    words = [label.text() for label in wall.findChildren(QLabel)]
    assert not any("Putri" in each for each in words)
    assert wall.strip.clock.font().pointSizeF() >= 1.8 * sitting.appearance.points
    assert not wall.findChildren(ExerciseBand)
    sitting.wait(lambda: "Kali" in wall.strip.worst.text() or "acknowledged" in wall.strip.worst.text())


def test_the_worst_alarm_is_written_smaller_on_a_narrow_wall_before_it_is_cut(sitting):
    sitting.press("Ctrl+Alt+W")
    strip = sitting.desk.sides.wall.strip
    worst = strip.worst
    others = sitting.desk.sides.wall.width() - worst.width()
    usual = worst.font().pointSizeF()
    needed = QFontMetricsF(worst.font()).horizontalAdvance(worst.text())
    sitting.desk.sides.wall.resize(round(others + 0.8 * needed), 700)
    sitting.wait(lambda: worst.font().pointSizeF() < usual)
    assert not worst.toolTip()


def test_the_wall_follows_the_theme_and_says_when_its_map_is_not_of_now(sitting, clock):
    sitting.press("Ctrl+Alt+W")
    wall = sitting.desk.sides.wall
    settled(sitting, wall.canvas)
    dark = wall.canvas.grab().toImage().pixelColor(3, 3).lightness()
    sitting.appearance.wear(DAY)
    assert wall.canvas.grab().toImage().pixelColor(3, 3).lightness() > dark
    assert wall.strip.past.isHidden()
    sitting.desk.ground.model.outlook.go(clock.now() - timedelta(minutes=2))
    assert "AS IT WAS" in wall.strip.past.text()
    assert not wall.strip.past.isHidden()
    sitting.desk.ground.model.outlook.go(None)
    assert wall.strip.past.isHidden()


def test_the_wall_of_an_exercise_says_so(qtbot, tmp_path, clock, appearance):
    drill = Operation("Seruni", clock.now(), exercise=True)
    store = Store.create(tmp_path / "Drill.kentongan", drill, clock=clock, author="Ani")
    fill(store, clock)
    made = Sitting(qtbot, store, appearance)
    made.press("Ctrl+Alt+W")
    assert made.desk.sides.wall.findChildren(ExerciseBand)
    made.window.close()
    made.window.deleteLater()


def test_what_stood_beside_the_desk_stands_there_again_and_goes_with_it(sitting):
    told: list[Places] = []
    sides = sitting.desk.sides
    sides.restore(Places("60 70 500 400 0 2", "window"), told.append)
    second, wall = sides.second, sides.wall
    assert (second.width(), second.height()) == (500, 400)
    assert not second.linked.isChecked()
    assert sitting.window.actions_by_id["wall"].isChecked()
    wall.close()
    assert told[-1].wall == ""
    assert not sitting.window.actions_by_id["wall"].isChecked()
    sitting.press("Ctrl+Alt+W")
    sitting.window.close()
    assert not second.isVisible()
    assert told[-1].second
    assert told[-1].wall == "window"
