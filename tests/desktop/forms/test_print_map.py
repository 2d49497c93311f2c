"""The form for a sheet of paper can be read to the ends of its lines where its region is small."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QScrollArea, QStyle, QStyleOptionComboBox

from desktop.forms.print_map import PrintForm
from layers.grid.lines import GridKind


@pytest.fixture
def form(qtbot, tmp_path):
    made = PrintForm("Muara Seruni", "A. Putri", tmp_path)
    qtbot.addWidget(made)
    made.resize(360, 290)  # a region beside the map on a small screen
    made.show()
    made.begin(GridKind.DEGREES)
    return made


def test_all_of_the_small_picture_is_seen(form):
    view = form.findChild(QScrollArea).viewport()
    small = QRect(form.small.mapTo(view, form.small.rect().topLeft()), form.small.size())
    assert small.right() <= view.rect().right()
    assert small.width() >= 60


def test_every_grid_is_named_whole(form):
    option = QStyleOptionComboBox()
    form.grid.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    room = form.grid.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, form.grid)
    assert room.width() >= form.fontMetrics().horizontalAdvance(form.grid.currentText())


def test_where_a_sheet_was_saved_is_said_whole(form, tmp_path):
    form.ended(tmp_path / "Maps" / "Muara Seruni.pdf")
    assert "Muara Seruni.pdf in " in form.words.text()
    assert not form.words.toolTip()
