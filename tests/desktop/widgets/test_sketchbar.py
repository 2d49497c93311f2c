"""The field under the tools that takes corners in figures."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.widgets.place_edit import Spot
from desktop.widgets.sketchbar import SketchBar


def test_a_corner_that_was_entered_as_it_was_suggested_leaves_room_for_the_next(qtbot):
    bar = SketchBar(lambda text: [Spot(text, 116.7, -8.25)])
    qtbot.addWidget(bar)
    put = list[Spot]()
    bar.put.connect(put.append)
    bar.show()
    bar.activateWindow()
    bar.field.setFocus()
    qtbot.waitUntil(bar.field.hasFocus)
    for corner in ("8.25 S 116.70 E", "50L LB 1 2"):
        QTest.keyClicks(bar.field, corner)
        popup = bar.field.completer().popup()
        qtbot.waitUntil(popup.isVisible)
        popup.setCurrentIndex(popup.model().index(0, 0))
        QTest.keyClick(popup, Qt.Key.Key_Return)
        qtbot.wait(1)
        assert bar.field.text() == ""
    assert [spot.name for spot in put] == ["8.25 S 116.70 E", "50L LB 1 2"]
