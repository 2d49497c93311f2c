"""The attribute table under the map: opened, sorted, asked, of one mind with the map on what is selected."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop.widgets.rows import TICK
from gis.exchange.vector.reader import Reader
from gis.geo.features import Features, Shape
from layers.ground import on_map
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.sources.vector import Chosen, VectorSource
from layers.stack import LayerStack
from tests.shapes import Shelf

ROWS = 400


def a_city(stack: LayerStack, count: int = ROWS) -> Features:
    """So many trees along a street in the middle of the map, their numbers from behind."""
    x, y = on_map(116.7, -8.25, stack.crs)
    xy = np.column_stack((x + np.arange(count) * 5.0, np.full(count, y)))
    columns = {
        "number": np.arange(count)[::-1].copy(),
        "kind": np.array(["palm", "fig", None], object)[np.arange(count) % 3],
        "height": np.where(np.arange(count) % 10, np.arange(count) / 7, np.nan),
    }
    whole = np.arange(count + 1)
    return Features(Shape.POINT, xy, whole, whole, np.arange(count) + 1000, columns, stack.crs)


@pytest.fixture
def trees(sitting):
    """The table of a layer of trees, open."""
    stack = sitting.desk.ground.model.stack
    layer = Layer("trees", "Trees", Shelf(a_city(stack)), role_style(Role.OTHER))
    stack.add(layer)
    sitting.desk.tables.open(layer)
    sitting.wait(lambda: len(sitting.panels.table.view.rows.rows) == ROWS)
    return sitting


def column(sitting, name: str) -> list:
    rows = sitting.panels.table.view.rows
    return rows.table.values(name)[rows.rows].tolist()


def selected(sitting) -> set:
    return set(sitting.desk.ground.model.selection.now.ids)


def settled(sitting) -> None:
    jobs: list[bool] = []
    sitting.desk.ground.jobs.run("wait", lambda _p: None, done=lambda _n: jobs.append(True))
    sitting.wait(lambda: jobs)


def test_the_table_opens_on_the_current_layer_of_the_legend_by_its_key(sitting):
    stack = sitting.desk.ground.model.stack
    stack.add(Layer("trees", "Trees", Shelf(a_city(stack)), role_style(Role.OTHER), group="Nature"))
    tree = sitting.panels.layers.tree
    tree.setCurrentItem(tree.findItems("Trees", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0])
    sitting.press("Ctrl+F6")
    sitting.wait(lambda: sitting.panels.table.isVisible() and len(sitting.panels.table.view.rows.rows))
    assert "400 rows" in sitting.panels.table.view.accessibleDescription()
    sitting.press("Escape")
    assert not sitting.panels.table.isVisible()


def test_live_layers_have_a_table_that_follows_the_night(sitting):
    stack = sitting.desk.ground.model.stack
    sitting.desk.tables.open(stack.get("incidents"))
    sitting.wait(lambda: len(sitting.panels.table.view.rows.rows) == 2)
    sitting.line.start()
    sitting.press("type:fl2 @kali 4", "Tab", "type:knee deep", "Return")
    sitting.wait(lambda: len(sitting.panels.table.view.rows.rows) > 0)


def test_a_column_sorts_up_then_down_then_not_at_all(trees):
    table = trees.panels.table
    for expected in (list(range(ROWS)), list(range(ROWS))[::-1]):
        table.sort_by("number")
        trees.wait(lambda expected=expected: column(trees, "number") == expected)
    table.sort_by("height")
    trees.wait(lambda: np.isnan(column(trees, "height")[-40:]).all())
    assert not np.isnan(column(trees, "height")[:-40]).any()
    table.sort_by("height")
    table.sort_by("height")
    trees.wait(lambda: column(trees, "number") == list(range(ROWS))[::-1])


def test_words_and_rules_in_the_one_field_narrow_the_rows_and_say_how_many_are_left(trees):
    table = trees.panels.table
    table.start_typing()
    trees.press("type:palm")
    trees.wait(lambda: set(column(trees, "kind")) == {"palm"})
    assert "134 of 400" in table.view.accessibleDescription()
    table.field.setText("number < 3")
    trees.wait(lambda: sorted(column(trees, "number")) == [0, 1, 2])
    table.field.setText("numbre < 3")
    trees.wait(table.problem.isVisible)
    assert "numbre" in table.problem.text()
    assert len(column(trees, "number")) == 3
    table.field.setText("number < 0")
    trees.wait(lambda: table.said_empty())
    assert not table.problem.isVisible()


def test_what_the_field_takes_can_be_read_in_it_however_narrow_the_window(trees):
    field = trees.panels.table.field
    trees.desk.window.resize(1024, 700)
    assert field.width() > field.fontMetrics().horizontalAdvance(field.placeholderText()) + 10


def test_a_row_that_is_clicked_is_selected_on_the_map_and_enter_goes_there(trees):
    view, canvas = trees.panels.table.view, trees.panels.map.canvas
    at = view.visualRect(view.rows.index(3, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert selected(trees) == {1003}
    assert view.rows.headerData(3, Qt.Orientation.Vertical) == TICK
    view.setFocus()
    trees.press("Down", "Return")
    assert selected(trees) == {1004}
    x, _y = trees.panels.table.view.rows.table.parts[0].xy[4]
    assert canvas.view.x == pytest.approx(x)


def test_rows_are_selected_by_the_keyboard_alone(trees):
    view = trees.panels.table.view
    view.setFocus()
    view.setCurrentIndex(view.rows.index(0, 0))
    trees.press("Space", "Down", "Down", "Space")
    assert selected(trees) == {1000, 1002}
    trees.press("Shift+Down", "Shift+Down")
    assert selected(trees) == {1002, 1003, 1004}
    trees.press("Ctrl+A")
    assert len(selected(trees)) == ROWS


def test_a_rule_selects_all_that_it_fits(trees):
    trees.panels.table.start_typing()
    trees.press("type:number < 3", "Ctrl+Return")
    trees.wait(lambda: selected(trees) == {1397, 1398, 1399})


def test_what_is_selected_on_the_map_stands_on_top_of_the_table(trees):
    trees.desk.ground.model.selection.select("trees", 1390, 1017)
    view = trees.panels.table.view
    assert view.rows.table.ids[view.rows.rows[:2]].tolist() == [1017, 1390]
    assert "2 selected" in view.accessibleDescription()
    trees.panels.table.only_marked.click()
    trees.wait(lambda: len(view.rows.rows) == 2)
    trees.desk.ground.model.selection.clear()
    trees.wait(lambda: trees.panels.table.said_empty())


def test_rows_selected_in_the_table_stay_where_the_order_puts_them(trees):
    panel, view = trees.panels.table, trees.panels.table.view
    at = view.visualRect(view.rows.index(3, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    panel.sort_by("number")
    trees.wait(lambda: column(trees, "number")[0] in (0, 396))
    assert column(trees, "number") == list(range(ROWS))
    assert selected(trees) == {1003}


def test_the_current_row_is_not_taken_for_a_selected_one_where_the_keyboard_is_not(trees):
    """Both had the same ground: after sorting, a row that nobody selected seemed so, on top."""
    panel, view = trees.panels.table, trees.panels.table.view
    view.setCurrentIndex(view.rows.index(0, 0))
    trees.desk.ground.model.selection.select("trees", 1001)
    trees.wait(lambda: view.rows.table.ids[view.rows.rows[0]] == 1001)
    view.setCurrentIndex(view.rows.index(1, 0))
    panel.field.setFocus()
    picture = view.viewport().grab().toImage()

    def ground(row: int) -> str:
        box = view.visualRect(view.rows.index(row, 0))
        return picture.pixelColor(box.right() - 1, box.center().y()).name()

    assert ground(1) == ground(2) != ground(0)


def test_only_what_the_map_shows_is_in_the_table_when_that_is_asked_for(trees):
    table, canvas = trees.panels.table, trees.panels.map.canvas
    table.only_seen.click()
    canvas.fly_to(116.7, -8.25, 1_000.0)
    west, _s, east, _n = canvas.view.extent
    xs = table.view.rows.table.parts[0].xy[:, 0]
    there = int(((xs >= west) & (xs <= east)).sum())
    assert 0 < there < ROWS
    trees.wait(lambda: len(table.view.rows.rows) == there)


def test_selected_rows_are_copied_with_the_columns_that_are_shown_in_their_order(trees):
    table = trees.panels.table
    table.hide_column(2)
    table.view.setCurrentIndex(table.view.rows.index(0, 0))
    table.view.move_column(1)
    table.view.marked.emit(np.array([0, 1]), "set")
    table.view.setFocus()
    QGuiApplication.clipboard().clear()
    trees.press("Ctrl+C")
    trees.wait(lambda: QGuiApplication.clipboard().text())
    assert QGuiApplication.clipboard().text() == "kind\tnumber\npalm\t399\nfig\t398\n"


def test_selected_rows_leave_as_a_file(trees, tmp_path):
    trees.panels.table.view.marked.emit(np.array([0, 1]), "set")
    told: list[str] = []
    trees.desk.ground.notices.told.connect(told.append)
    trees.desk.tables._export(tmp_path / "trees.csv", np.array([0, 1]))
    trees.wait(lambda: told)
    assert "2 rows" in told[0]
    assert (tmp_path / "trees.csv").read_text("utf-8-sig").count("\n") == 3


def test_the_row_under_the_eyes_stays_when_the_layer_is_read_again(trees):
    view = trees.panels.table.view
    view.setCurrentIndex(view.rows.index(200, 0))
    trees.desk.tables._read()
    settled(trees)
    trees.wait(lambda: view.currentIndex().row() == 200)


def test_the_table_of_a_layer_that_goes_goes_too(trees):
    trees.desk.ground.model.stack.remove("trees")
    assert not trees.panels.table.isVisible()


def test_a_layer_that_cannot_be_read_says_so_where_its_rows_would_be(sitting, tmp_path):
    reader = Reader()
    source = VectorSource(reader, Chosen(tmp_path / "gone.gpkg"))
    layer = Layer("gone", "Gone", source, role_style(Role.OTHER), visible=False)
    sitting.desk.ground.model.stack.add(layer)
    sitting.desk.tables.open(layer)
    sitting.wait(lambda: "gone.gpkg" in sitting.panels.table.said_empty())
    reader.close()


def test_a_million_rows_stand_in_the_table_with_no_cell_made_before_it_is_seen(sitting):
    count = 1_000_000
    stack = sitting.desk.ground.model.stack
    layer = Layer("many", "Many", Shelf(a_city(stack, count)), role_style(Role.OTHER), visible=False)
    stack.add(layer)
    sitting.desk.tables.open(layer)
    view = sitting.panels.table.view
    sitting.wait(lambda: view.rows.rowCount() == count)
    view.scrollToBottom()
    assert view.rowAt(5) > count - 100
    sitting.panels.table.sort_by("number")
    sitting.wait(lambda: view.rows.data(view.rows.index(0, 0)) == "0")
    assert "1,000,000 rows" in view.accessibleDescription()


def test_the_table_of_incidents_holds_what_people_know_and_nothing_that_only_draws_signs(sitting):
    sitting.desk.tables.open(sitting.desk.ground.model.stack.get("incidents"))
    sitting.wait(lambda: len(sitting.panels.table.view.rows.rows) > 0)
    names = sitting.panels.table.view.rows.table.names
    assert {"label", "severity", "text", "where", "status"} <= set(names)
    assert not {"hollow", "exercise"} & set(names)
