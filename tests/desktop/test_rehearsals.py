"""Limits are rehearsed over what was recorded, and nothing is changed by it."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QFileDialog
from shapely import Point

from desktop.forms.rehearsal import TABLE
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm
from gis.ops import incidents, readings, sensors
from tests.build import a_gauge, a_rule

MINUTE = timedelta(minutes=1)


@pytest.fixture
def form(sitting):
    sitting.press("Ctrl+Alt+R")
    form = sitting.desk.watch.rehearsals.form
    sitting.wait(lambda: form.isVisible() and form.truth.count())
    return form


def rehearse(sitting, form):
    form.go.click()
    sitting.wait(lambda: form.go.isEnabled() and not form.stop.isVisible())
    assert form.go.hasFocus(), "ready for another"


def test_what_rang_is_told_as_it_would_ring_again(sitting, form):
    with sitting.desk.store.reading() as query:
        before = query.find(Alarm)
    rehearse(sitting, form)
    sitting.wait(lambda: form.bars.isVisible())
    assert form.said.text().startswith("3 alarms, ")
    assert [line.what for line in form.table.records.records]
    assert not form.held.isVisible(), "nobody said what truly was"
    with sitting.desk.store.reading() as query:
        assert query.find(Alarm) == before


def test_incidents_say_what_was_right_and_what_was_missed(sitting):
    store = sitting.desk.store
    gauge = a_gauge(key="LONE", name="Lone gauge", place=Point(10, 10), expected_every_s=60)
    now = store.clock.now()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge, raise_at=3.0, clear_below=2.0))
        readings.ingest(tx, [Reading(gauge.id, now + n * MINUTE, 3.5) for n in range(3)])
    store.clock.advance(5 * MINUTE)
    with store.writing("Log incident") as tx:
        incidents.log(tx, "ls", "Slope moves here", Severity.SEVERE, place=Point(10.001, 10))
        incidents.log(tx, "ls", "And far away", Severity.SEVERE, place=Point(11, 10))
    sitting.press("Ctrl+Alt+R")
    form = sitting.desk.watch.rehearsals.form
    sitting.wait(lambda: form.truth.findData("ls") >= 0)
    form.truth.setCurrentIndex(form.truth.findData("ls"))
    rehearse(sitting, form)
    sitting.wait(lambda: form.held.isVisible())
    assert form.held.text().startswith("Of 2 events 2 were told of, 0 missed.")
    told = {line.what: line.verdict for line in form.table.records.records}
    assert told["Lone gauge  Siaga 1 at 3.00"] == "right"
    assert "false" in told.values()


def test_a_table_of_limits_is_tried_without_setting_them(sitting, form, tmp_path):
    table = tmp_path / "limits.csv"
    table.write_text("key,level,severity,raise_at,clear_below,hold_s\nKALI-1,Low,Minor,0.5,0.1,\n", "utf-8")
    with sitting.desk.store.reading() as query:
        key = query.first(type(a_gauge())).key
    table.write_text(table.read_text("utf-8").replace("KALI-1", key), "utf-8")
    form.rules.setCurrentIndex(form.rules.findData(TABLE))
    form.go.click()
    dialog = form.findChild(QFileDialog)
    dialog.selectFile(str(table))
    dialog.accept()
    sitting.wait(lambda: any("Low at 0.50" in line.what for line in form.table.records.records))


def test_the_form_can_be_left_while_it_works(sitting, form):
    form.go.click()
    form.cancel()
    sitting.wait(lambda: form.go.isEnabled())
    assert not form.isVisible()
