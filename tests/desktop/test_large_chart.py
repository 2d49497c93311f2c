"""The large chart: many sensors over any stretch of time, kept up to date, never moved under the hand."""

from datetime import timedelta

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit, QToolButton

from desktop import charting as charting_module
from desktop.chartsaving import save_picture, save_readings
from desktop.chartwindow import ChartWindow
from desktop.work import SENSORS
from gis.model.record import Reading
from gis.model.sensor import Quantity
from gis.ops import readings, sensors
from tests.build import a_gauge


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


def shown(window, sensor_id):
    return next(each for each in window.picture.stretches if each.sensor.id == sensor_id)


def take_in(sitting, sensor_id, at, value):
    with sitting.desk.store.writing("Readings", "Instruments") as tx:
        readings.ingest(tx, [Reading(sensor_id, at, value)])


def test_levels_stand_above_and_rain_below_as_bars_with_its_sums(sitting, clock):
    rain = a_gauge(id="r1", key="R-1", name="Rain 1", quantity=Quantity.RAIN, unit="mm", high=99.0)
    with sitting.desk.store.writing("Set up") as tx:
        sensors.register(tx, rain)
    for minutes, value in ((150, 4.0), (90, 2.0), (30, 1.0)):
        take_in(sitting, "r1", clock.now() - timedelta(minutes=minutes), value)
    window = opened(sitting, "g1", "r1")
    assert [panel.kind[0] for panel in window.chart.panels] == [Quantity.LEVEL, Quantity.RAIN]
    assert shown(window, "r1").bars.fell.sum() == pytest.approx(7.0)
    sitting.wait(lambda: window.legend.rows[1].sums.isVisible())
    assert window.legend.rows[1].sums.text() == "1 h 1.00   3 h 7.00   24 h 7.00 mm"


def test_a_new_reading_comes_into_the_chart_and_time_goes_on(sitting, clock):
    window = opened(sitting, "g1")
    end = window.chart.span[1]
    clock.advance(timedelta(hours=3))
    take_in(sitting, "g1", clock.now(), 5.5)
    sitting.wait(lambda: shown(window, "g1").drawn.value[-1] == 5.5)
    sitting.wait(lambda: window.chart.span[1] == pytest.approx(end + 3 * 3600, abs=600))
    assert window.legend.rows[0].value.text() == "5.50 m"


def test_what_a_hand_has_moved_stays_where_it_is(sitting, clock):
    window = opened(sitting, "g1")
    window.chart.pan(-0.3)
    seen = window.chart.span
    clock.advance(timedelta(hours=1))
    take_in(sitting, "g1", clock.now(), 5.5)
    sitting.wait(lambda: window.legend.rows[0].value.text() == "5.50 m")
    assert window.chart.span == seen
    window.follow(on=True)
    assert window.chart.span[1] > seen[1]


def test_a_late_reading_is_found_too(sitting, clock, monkeypatch):
    monkeypatch.setattr(charting_module, "WHOLE", timedelta(0))
    window = opened(sitting, "g1")
    late = clock.now() - timedelta(hours=5)
    take_in(sitting, "g1", late, 3.3)
    sitting.wait(lambda: 3.3 in shown(window, "g1").drawn.value)


def test_a_silent_gauge_is_named_with_since_when_and_its_value_is_not_shown_as_current(sitting, clock):
    clock.advance(timedelta(hours=2))
    window = opened(sitting, "g1")
    assert window.silent.text().startswith("No readings since ")
    assert window.silent.text().endswith(" from Kali 1.")
    assert not window.legend.rows[0].value.isEnabled()
    assert shown(window, "g1").silent[-1].end == window.picture.now


def test_the_line_reads_every_sensor_out_with_how_far_away_its_reading_is(sitting, clock):
    window = opened(sitting, "g1", "g2")
    last = shown(window, "g1").drawn.at_us[-1] / 1e6
    window.read_at(last - 180)
    assert [row.value.text() for row in window.legend.rows] == ["4.80 m", "4.00 m"]
    assert "3 min later" in window.legend.rows[0].when.text()
    window.read_at(last - 90_000)
    assert [row.value.text() for row in window.legend.rows] == ["–", "–"]


def test_keys_choose_how_much_and_move(sitting):
    window = opened(sitting, "g1")
    sitting.press("1")
    begin, end = window.chart.span
    assert end - begin == pytest.approx(3600)
    sitting.press("Left")
    assert window.chart.span[0] == pytest.approx(begin - 720)
    assert not window.follows
    sitting.press("+")
    assert window.chart.span[1] - window.chart.span[0] < 3600
    sitting.press("End")
    assert window.follows
    sitting.press("Shift+Left")
    assert window.legend.rows[0].when.text()


def test_the_past_is_shown_as_it_was_and_says_so(sitting, clock):
    window = opened(sitting, "g1")
    then = clock.now() + timedelta(minutes=5)
    clock.advance(timedelta(minutes=30))
    take_in(sitting, "g1", clock.now(), 5.5)
    sitting.desk.ground.model.outlook.go(then)
    sitting.wait(lambda: window.picture.past)
    assert window.past.isVisible()
    assert shown(window, "g1").drawn.value[-1] == 4.8
    sitting.desk.ground.model.outlook.go(then - timedelta(hours=1))
    sitting.wait(window.empty.isVisible)
    assert window.empty.text() == "These sensors had not been set up then."
    sitting.desk.ground.model.outlook.go(None)
    sitting.wait(lambda: not window.picture.past)
    sitting.wait(lambda: not window.past.isVisible() and window.chart.isVisible())


def test_what_is_seen_is_saved_as_a_picture_and_its_readings_as_a_table(sitting, tmp_path):
    window = opened(sitting, "g1", "g2")
    save_picture(window, sitting.desk.ground, tmp_path / "chart")
    save_readings(window, sitting.desk.ground, tmp_path / "chart")
    sitting.wait(lambda: len([*tmp_path.glob("chart.*")]) == 2)
    image = QImage(str(tmp_path / "chart.png"))
    assert image.width() == 2 * (window.chart.width() + 32)
    rows = (tmp_path / "chart.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 12
    assert rows[1].split(",")[2] == "KALI-1"


def test_a_sensor_is_added_by_a_part_of_its_name(sitting):
    window = opened(sitting, "g1")
    window.field.setText("kali 3")
    window._add_typed()
    assert window.sensors == ("g1", "g3")
    window.field.setText("kali")  # which of them?
    window._add_typed()
    assert window.sensors == ("g1", "g3")


def test_everything_in_the_window_has_a_name(sitting):
    window = opened(sitting, "g1")
    for kind in (QToolButton, QLineEdit):
        for widget in window.findChildren(kind):
            inner = widget.parent() is window.field
            assert inner or widget.accessibleName(), widget
