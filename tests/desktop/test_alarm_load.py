"""What the alarms ask of the desk, beside what people can deal with."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel
from shiboken6 import delete

from desktop import alarmload
from desktop.alarmload import AlarmLoads
from desktop.forms.alarm_load import AlarmLoadForm
from desktop.times import hm
from desktop.work import SENSORS, zone_of
from gis.model.record import Reading
from gis.ops import readings
from gis.sensors.load import load


@pytest.fixture
def form(sitting) -> AlarmLoadForm:
    sitting.press("Ctrl+Shift+F8")
    form = sitting.desk.watch.alarmload.form
    sitting.wait(lambda: form.verdict.text())
    return form


def words(form) -> list[str]:
    return [label.text() for label in form.findChildren(QLabel)]


def test_one_key_shows_how_many_rang_and_which_limits_most(sitting, form):
    assert form.isVisible()
    assert form.verdict.text() == "3 alarms, 0.5 in ten minutes: one person can deal with that."
    assert {line.what for line in form.table.records.records} == {
        "Kali 1  Siaga 1 at 4.50",
        "Kali 1  Siaga 2 at 3.80",
        "Kali 2  Siaga 2 at 3.80",
    }
    assert "By the ten worst limits" not in words(form), "of three alarms a share says nothing"


def test_a_flood_is_counted_as_it_comes_and_said_in_words(sitting, form):
    store = sitting.desk.store
    sitting.desk.ground.model.store.clock.advance(timedelta(minutes=30))
    now = store.clock.now()
    for n in range(100):
        at = now - timedelta(minutes=25) + timedelta(seconds=12 * n)
        with store.writing("Readings", "Instruments") as tx:
            readings.ingest(tx, [Reading("g3", at, 4.1 if n % 2 else 4.9)])
    sitting.wait(lambda: form.verdict.text().startswith("53 alarms, 5.7 in ten minutes"))
    assert form.verdict.text().endswith("more than one person can deal with.")
    sitting.wait(lambda: words(form).count("Most in ten minutes") == 1)  # the labels before are gone
    said = words(form)
    at = said.index("Most in ten minutes")
    assert said[at + 1].endswith(", over")
    assert said[at + 2] == "at most 10"
    assert "Limits that chatter" in said
    assert form.table.records.records[0].what == "Kali 3  Siaga 1 at 4.50, chatters"
    assert form.table.records.records[0].count == 49
    assert said[said.index("Of severity 1") + 1] == "94%, over"


def test_the_past_has_a_load_of_its_own(sitting, form):
    before = sitting.desk.store.clock.now() - timedelta(hours=3)
    sitting.desk.ground.model.outlook.go(before)
    sitting.wait(lambda: form.verdict.text() == "No alarm has rung in this time.")
    assert not form.table.isVisible()
    sitting.desk.ground.model.outlook.go(None)
    sitting.wait(lambda: form.verdict.text().startswith("3 alarms"))


def test_a_limit_leads_to_its_sensor_and_back_to_the_figures(sitting, form):
    table = form.table
    sitting.wait(lambda: len(table.records.records) == 3)
    line = table.records.records[-1]
    table.setFocus()
    sitting.press("Down", "Down")
    selection = sitting.desk.ground.model.selection
    sitting.wait(lambda: selection.now.layer_id == SENSORS)
    assert set(selection.now.ids) == {line.ringing.sensor.id}
    assert form.isVisible()
    sitting.press("Return")
    sitting.wait(lambda: not form.isVisible())
    assert sitting.panels.detail._sensor_id == line.ringing.sensor.id


def test_escape_leaves_it(sitting, form):
    sitting.press("Escape")
    assert not form.isVisible()


def test_a_longer_stretch_is_one_choice_away_but_time_before_the_desk_does_not_count(sitting, form):
    form.span.setFocus()
    sitting.press("Down", "Down")
    sitting.wait(lambda: form.span.currentText() == "the last 7 days")
    assert form.verdict.text().startswith("3 alarms, 0.5 in ten minutes")


def test_the_columns_say_what_they_are_and_over_thirty_days_each_stands_for_many(sitting, form):
    bars, zone = form.bars, zone_of(sitting.desk.store)
    first = bars._begin
    assert bars.said(1) == f"{hm(first, zone)} to {hm(first + timedelta(minutes=10), zone)}: 3 alarms"
    assert bars.said(-5) == ""
    assert bars.said(bars.width() + 5) == ""
    alarms = sitting.alarms()
    end = sitting.desk.store.clock.now()
    month = load(alarms, end - timedelta(days=30), end)
    bars.show_counts(month.counts.tolist(), month.begin, timedelta(minutes=10), 10)
    told = {bars.said(x) for x in range(bars.width())}
    assert any(each.endswith("at most 3 alarms in ten minutes") for each in told)
    assert len(told) < bars.width()


def test_the_beat_ends_with_the_form(qtbot, sitting, monkeypatch):
    monkeypatch.setattr(alarmload, "BEAT_MS", 1)
    loads = AlarmLoads(sitting.desk.work)
    delete(loads.form)
    qtbot.wait(20)  # a beat that went on would ask a form that is no more
