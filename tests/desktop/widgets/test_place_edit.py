"""The box for places says what it found, and what it did not find, where it can be read."""

import pytest
from PySide6.QtTest import QTest

from desktop.widgets.place_edit import PlaceEdit, Spot

NOTE = "Grid zone 50M assumed. The middle of a square of 100 m."


@pytest.fixture
def field(qtbot):
    def look_up(text):
        return [Spot(text, 115.95, -3.56, NOTE)] if text.startswith("LB") else []

    made = PlaceEdit(look_up)
    qtbot.addWidget(made)
    made.setFixedWidth(200)
    made.show()
    made.setFocus()
    return made


def test_what_had_to_be_assumed_is_read_to_its_end_in_a_narrow_field(field):
    QTest.keyClicks(field, "LB 833 067")
    popup = field.completer().popup()
    assert popup.isVisible()
    assert popup.model().index(0, 0).data().endswith(NOTE)
    assert popup.viewport().width() >= popup.sizeHintForColumn(0)


def test_suggestions_wider_than_their_field_stay_on_the_screen(field):
    screen = field.screen().availableGeometry()
    field.move(screen.right() - 210, 40)
    QTest.keyClicks(field, "LB 833 067")
    popup = field.completer().popup()
    assert screen.contains(popup.geometry())
