"""The bar under the tools while something is drawn: what it says, its figures, and its keys."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.canvas.editing import EditTool
from tests.desktop.maphands import Hands


class Painted(QObject):
    """How often a widget was painted."""

    def __init__(self, widget) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _widget, event) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def map_(sitting):
    """The hands on the map of a desk that looks at a place from close by."""
    sitting.panels.map.canvas.fly_to(116.70, -8.25, 10_000.0)
    return Hands(sitting)


def test_a_corner_in_figures_is_seen_as_soon_as_it_stands(map_):
    map_.take("L")
    map_.click(-100, -80)
    spot = map_.board.look_up("120 m 045")[0]
    map_.sitting.wait(lambda: not map_.canvas.composer.busy)
    QTest.qWait(300)
    painted = Painted(map_.canvas)
    map_.board.bar.put.emit(spot)
    assert map_.board.tool is not None
    assert len(map_.board.tool.sketch.corners) == 2
    QApplication.processEvents()
    assert painted.count


def test_esc_in_the_field_gives_the_keys_back_to_the_map_and_leaves_no_half_number(map_):
    map_.take("L")
    map_.click(-100, -80)
    field = map_.board.bar.field
    map_.sitting.press("type:3")
    assert field.hasFocus()
    map_.sitting.press("Esc")
    assert map_.canvas.hasFocus()
    assert field.text() == ""
    assert map_.board.tool is not None
    map_.sitting.press("Esc")
    assert map_.canvas.tool is map_.canvas.select_tool


def test_a_number_begun_for_one_tool_is_not_there_for_the_next(map_):
    map_.take("L")
    map_.click(-100, -80)
    map_.sitting.press("type:3")
    map_.take("measure")
    assert map_.board.bar.field.text() == ""


@pytest.mark.parametrize("letter", [*"PLCR", "measure", "measure_area"])
def test_what_helps_while_something_is_drawn_can_be_read_whole(map_, letter):
    map_.take(letter)
    said = []
    for corner in ((-100, -80), (100, -80), (100, 80)):
        said.append(map_.board.bar.hint.text())
        map_.click(*corner)
    said.append(map_.board.bar.hint.text())
    assert [text for text in said if text.endswith("…")] == []


def test_what_can_be_done_with_what_is_held_is_said_in_its_words(map_):
    bar = map_.board.bar
    places = ((-100, -80), (100, 40), (100, 80))
    for letter, count, what in (
        ("M", 1, "Place"),
        ("C", 2, "Circle"),
        ("R", 2, "Corners"),
        ("L", 2, "Corners"),
    ):
        map_.take(letter)
        for place in places[:count]:
            map_.click(*place)
        map_.sitting.press("Return")
        map_.leave_title()
        map_.sitting.wait(lambda: isinstance(map_.canvas.tool, EditTool))
        assert bar.what.text() == what
        assert not bar.hint.text().endswith("…")
        map_.sitting.press("Esc")
