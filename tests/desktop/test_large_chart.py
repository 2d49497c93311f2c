"""The large chart: many sensors over any stretch of time, kept up to date, never moved under the hand."""

import pytest

from desktop.charting import Charting
from desktop.chartwindow import ChartWindow
from desktop.work import SENSORS


@pytest.fixture
def charting(sitting) -> Charting:
    return sitting.desk.charting


def opened(sitting, *ids) -> ChartWindow:
    """The large chart of these sensors, once it is drawn."""
    sitting.desk.ground.model.selection.select(SENSORS, *ids)
    sitting.press("Ctrl+Shift+F6")
    window = sitting.desk.charting.window
    sitting.wait(lambda: window.picture is not None and window.picture.wish.sensors == window.sensors)
    return window


def test_one_key_opens_the_selected_sensors_and_adds_those_selected_later(sitting):
    window = opened(sitting, "g1", "g2")
    assert window.isVisible()
    assert [row.name.text() for row in window.legend.rows] == ["Kali 1", "Kali 2"]
    assert [row.ink.letter for row in window.legend.rows] == ["A", "B"]
    sitting.window.activateWindow()
    opened(sitting, "g3")
    assert window.sensors == ("g1", "g2", "g3")
    window.legend.rows[1].remove.click()
    assert window.sensors == ("g1", "g3")
