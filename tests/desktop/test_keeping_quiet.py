"""Shelving, letting ring again, out of service, reset: by keys alone, and always counted."""

from dataclasses import replace
from datetime import timedelta

from gis.model.incident import Severity
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Measure, Suppression, Withholding
from gis.ops import shelving
from gis.progress import Progress
from tests.build import a_rule

MINUTE = timedelta(minutes=1)


def go_to(sitting, sensor, level):
    table = sitting.panels.alarms.table
    line = next(e for e in table.records.records if (e.sensor.name, e.rule.level) == (sensor, level))
    sitting.panels.alarms.show_alarm(line.alarm.id)
    return line


def shelve_by_keys(sitting, reason="crew at work"):
    sitting.press("Shift+F8", "Tab", f"type:{reason}", "Return")
    sitting.wait(lambda: sitting.records(Suppression))
    sitting.wait(lambda: sitting.panels.alarms.quiet.records.records)


def test_an_alarm_is_shelved_by_keys_with_a_reason_and_is_counted(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    shelve_by_keys(sitting)
    (kept,) = sitting.records(Suppression)
    assert (kept.reason, kept.by) == ("crew at work", "R. Sari")
    assert kept.until - kept.since == 30 * MINUTE
    panel, strip = sitting.panels.alarms, sitting.window.regions.strip
    assert "Kali 2" not in [line.sensor.name for line in panel.table.records.records]
    (quiet,) = panel.quiet.records.records
    assert (quiet.state, quiet.what, quiet.why) == (
        "shelved 30 min",
        "Kali 2, Siaga 2 at 3.80",
        "crew at work (RS)",
    )
    assert strip.hushed.isVisible()
    assert strip.hushed.text() == "Kept quiet 1"
    assert not panel.keeping.isVisible()
    assert panel.table.hasFocus()


def test_what_is_of_priority_1_is_offered_no_longer_shelf(sitting):
    go_to(sitting, "Kali 1", "Siaga 1")
    sitting.press("Shift+F8")
    form = sitting.panels.alarms.keeping
    assert [form.end.itemText(n) for n in range(form.end.count())] == ["30 minutes", "10 minutes"]
    sitting.press("Escape")
    assert not form.isVisible()
    assert sitting.records(Suppression) == []


def test_whoever_types_the_reason_at_once_chooses_no_other_end_by_it(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    sitting.press("Shift+F8", "type:sensor is cleaned", "Return")
    sitting.wait(lambda: sitting.records(Suppression))
    (kept,) = sitting.records(Suppression)
    assert kept.reason == "sensor is cleaned"
    assert kept.until - kept.since == 30 * MINUTE


def test_enter_where_the_end_is_chosen_asks_for_the_reason(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    sitting.press("Shift+F8", "Return")
    assert sitting.panels.alarms.keeping.reason.hasFocus()


def test_nothing_is_shelved_without_a_reason(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    sitting.press("Shift+F8", "Tab", "Return")
    assert sitting.panels.alarms.keeping.isVisible()
    assert sitting.panels.alarms.keeping.reason.hasFocus()


def test_a_digit_chooses_the_time_and_the_last_reason_is_offered(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    shelve_by_keys(sitting, "sensor is cleaned")
    go_to(sitting, "Kali 1", "Siaga 2")
    sitting.press("Shift+F8", "type:6", "Tab", "Down")
    form = sitting.panels.alarms.keeping
    assert form.end.currentText() == "60 minutes"
    assert form.reason.completer().completionModel().index(0, 0).data() == "sensor is cleaned"
    form.reason.completer().popup().hide()


def test_a_shelf_ends_by_itself_on_the_screen(sitting, clock):
    go_to(sitting, "Kali 2", "Siaga 2")
    shelve_by_keys(sitting)
    panel, strip = sitting.panels.alarms, sitting.window.regions.strip
    clock.advance(8 * MINUTE)
    sitting.wait(lambda: panel.quiet.records.records[0].state == "shelved 22 min")
    clock.advance(22 * MINUTE)
    sitting.wait(lambda: not panel.quiet.records.records)
    sitting.wait(lambda: not strip.hushed.isVisible())
    assert any(line.sensor.name == "Kali 2" and line.waits for line in panel.table.records.records)


def test_the_same_key_takes_it_from_the_shelf_again(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    shelve_by_keys(sitting)
    sitting.press("Shift+F4")
    panel = sitting.panels.alarms
    assert panel.quiet.isVisible()
    assert panel.title.text() == "Kept from ringing"
    sitting.press("Shift+F8")
    sitting.wait(lambda: not panel.quiet.records.records)
    assert sitting.records(Suppression)[0].ended_by == "R. Sari"
    assert panel.said_empty() == "Nothing is kept from ringing."
    sitting.press("Shift+F4")
    assert panel.table.isVisible()


def test_an_instrument_is_taken_out_of_service_and_returned(sitting):
    go_to(sitting, "Kali 1", "Siaga 1")
    sitting.press("Ctrl+Alt+Q", "Tab", "type:flooded box", "Return")
    panel = sitting.panels.alarms
    sitting.wait(lambda: panel.quiet.records.records)
    (quiet,) = panel.quiet.records.records
    assert (quiet.state, quiet.what) == ("out of service", "Kali 1, all its alarms")
    assert len(quiet.alarms) == 2
    assert "Kali 1" not in [line.sensor.name for line in panel.table.records.records]
    sitting.press("Shift+F4", "Ctrl+Alt+Q")
    sitting.wait(lambda: not panel.quiet.records.records)
    assert len(panel.table.records.records) == 3


def test_what_is_kept_quiet_can_be_acknowledged_where_it_is(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    shelve_by_keys(sitting)
    sitting.press("Shift+F4", "F8")
    sitting.wait(lambda: any(alarm.acknowledged_by == "R. Sari" for alarm in sitting.alarms()))
    assert len(sitting.panels.alarms.quiet.records.records) == 1


def test_an_alarm_that_is_quiet_is_found_where_it_is(sitting):
    line = go_to(sitting, "Kali 2", "Siaga 2")
    shelve_by_keys(sitting)
    go_to(sitting, "Kali 1", "Siaga 1")
    sitting.panels.alarms.show_alarm(line.alarm.id)
    assert sitting.panels.alarms.chosen().quiet.sensor.name == "Kali 2"


def test_a_latched_alarm_stays_until_it_is_reset(sitting):
    line = go_to(sitting, "Kali 2", "Siaga 2")
    at = line.alarm.since
    signed = replace(line.alarm, latch=True, returned_at=at, acknowledged_at=at, acknowledged_by="A. Putri")
    sitting.desk.store.write("Return", lambda tx: tx.put(signed))
    records = sitting.panels.alarms.table.records
    sitting.wait(lambda: records.records[records.row_of(line.alarm.id)].state == "latched AP")
    sitting.panels.alarms.show_alarm(line.alarm.id)
    sitting.press("Ctrl+Alt+U")
    sitting.wait(lambda: records.row_of(line.alarm.id) < 0)
    (done,) = [alarm for alarm in sitting.alarms() if alarm.id == line.alarm.id]
    assert (done.state, done.reset_by) == (AlarmState.NORMAL, "R. Sari")


def test_a_reset_of_what_still_stands_is_refused_in_words(sitting):
    go_to(sitting, "Kali 2", "Siaga 2")
    sitting.press("Ctrl+Alt+U")
    sitting.wait(sitting.desk.ground.notices.isVisible)
    assert "not latched" in sitting.desk.ground.notices.words.text()


def test_an_instruments_own_trouble_stands_after_the_citys_alarms_and_says_so(sitting):
    line = go_to(sitting, "Kali 2", "Siaga 2")

    def trouble(tx):
        rule = a_rule(line.sensor, level="No report", severity=Severity.EXTREME, measure=Measure.SILENCE)
        tx.put(rule)
        tx.put(Alarm(rule.id, line.sensor.id, rule.severity, tx.at, 30.0, raised_at=tx.at))

    sitting.desk.store.write("Trouble", trouble)
    table = sitting.panels.alarms.table
    sitting.wait(lambda: len(table.records.records) == 4)
    assert [line.rule.level for line in table.records.records] == [
        "Siaga 1",
        "No report",
        "Siaga 2",
        "Siaga 2",
    ]
    assert table.records.records[1].where == "Instrument: Kali 2, No report"
    assert table.records.records[1].now == "silent"


def test_the_map_marks_no_alarm_that_is_quiet_and_its_sensor_says_so(sitting):
    line = go_to(sitting, "Kali 2", "Siaga 2")
    shelve_by_keys(sitting)
    stack = sitting.desk.ground.model.stack
    marks, sensors = stack.get("alarms").source, stack.get("sensors").source
    (shown,) = marks.read((116.0, -9.0, 117.0, -8.0), 4326, Progress())
    assert line.alarm.id not in list(shown.ids)
    (told,) = sensors.read((116.0, -9.0, 117.0, -8.0), 4326, Progress())
    labels = dict(zip(told.columns["name"], told.columns["label"], strict=True))
    assert labels["Kali 2"].endswith("kept quiet")
    assert not labels["Kali 1"].endswith("kept quiet")


def test_while_the_past_is_looked_at_nothing_is_shelved(sitting, clock):
    go_to(sitting, "Kali 2", "Siaga 2")
    sitting.desk.ground.model.outlook.go(clock.now() - MINUTE)
    sitting.press("Shift+F8")
    assert not sitting.panels.alarms.keeping.isVisible()


def test_what_another_desk_shelved_is_seen_here(sitting):
    rule = next(r for r in sitting.records(AlarmRule) if r.sensor_id == "g3" and r.level == "Siaga 2")
    sitting.desk.store.write(
        "Shelve", lambda tx: shelving.shelve(tx, rule.id, tx.at + 10 * MINUTE, "mowing", "A. Putri")
    )
    panel = sitting.panels.alarms
    sitting.wait(lambda: panel.quiet.records.records)
    (quiet,) = panel.quiet.records.records
    assert (quiet.stands, quiet.quiet.kept.why) == ("", Withholding.SHELVED)
    sitting.press("Shift+F4")
    panel.quiet.opened.emit(quiet)
    sitting.wait(lambda: sitting.panels.detail.isVisible())
