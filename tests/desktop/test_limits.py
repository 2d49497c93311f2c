"""Limits are read, made, tried out, set, copied and turned off by keys alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from desktop.forms.limits import LimitsForm
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import AlarmRule, Condition, Joining, Measure, Quantity, Response, Sensor
from gis.ops import readings, sensors
from tests.build import a_gauge


@pytest.fixture
def form(sitting) -> LimitsForm:
    sitting.press("Ctrl+Shift+R")
    form = sitting.desk.watch.limits.form
    sitting.wait(form.isVisible)
    return form


def found(sitting, kind, **equals):
    with sitting.desk.store.reading() as query:
        return query.find(kind, **equals)


def levels(form) -> list[tuple[str, str]]:
    rules = form.table.records.records
    return [(form.known.sensors[rule.sensor_id].name, rule.level) for rule in rules]


def refill(field, text):
    """As if typed over what stood there."""
    field.setText(text)
    field.textEdited.emit(text)


def test_one_key_shows_all_limits_and_of_a_chosen_instrument_its_own(sitting, form):
    assert len(form.table.records.records) == 8
    assert form.title.text() == "8 limits"
    sitting.press("Esc")
    sitting.desk.work.open_sensor("g2")
    sitting.press("Ctrl+Shift+R")
    sitting.wait(form.isVisible)
    assert levels(form) == [("Kali 2", "Siaga 1"), ("Kali 2", "Siaga 2")]
    assert form.table.isColumnHidden(3), "the instrument is told above"


def test_an_alarm_leads_to_its_own_limit(sitting):
    panel, form = sitting.panels.alarms, sitting.desk.watch.limits.form
    line = next(each for each in panel.table.records.records if each.rule.level == "Siaga 2")
    panel._ask(line, panel.mapToGlobal(panel.rect().center()))
    (menu,) = [each for each in panel.findChildren(QMenu) if each.actions()]
    next(each for each in menu.actions() if each.text() == "Its limits…").trigger()
    menu.close()
    sitting.wait(form.isVisible)
    assert form.table.current().id == line.alarm.rule_id


def test_the_menu_of_a_chart_leads_to_the_limits_of_its_instrument(sitting):
    detail, form = sitting.panels.detail, sitting.desk.watch.limits.form
    sitting.desk.work.open_sensor("g2")
    sitting.wait(lambda: detail._chart is not None and detail._chart.isVisible())
    viewport = detail._chart.plot.viewport()
    middle = viewport.rect().center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, viewport.mapToGlobal(middle))
    QTimer.singleShot(0, lambda: QApplication.activePopupWidget().actions()[0].trigger())
    QTimer.singleShot(100, lambda: QApplication.activePopupWidget().close())
    QApplication.sendEvent(viewport, asked)
    sitting.wait(form.isVisible)
    assert levels(form) == [("Kali 2", "Siaga 1"), ("Kali 2", "Siaga 2")]


def test_a_limit_is_changed_and_told_as_it_is_typed_and_taken_back(sitting, form):
    form.choose("g1")
    sitting.press("Return")
    sitting.wait(form.edit.isVisible)
    assert form.told.text() == (
        "Siaga 1 (Extreme) rings when Kali 1 is at or above 4.50 m. It returns below 4.20 m."
    )
    assert form.edit.at.hasFocus()
    sitting.press("Ctrl+A", "type:4,7")
    assert "at or above 4.70 m" in form.told.text()
    sitting.press("Ctrl+Return")
    sitting.wait(lambda: [r.raise_at for r in found(sitting, AlarmRule, sensor_id="g1")] == [4.7, 3.8])
    sitting.wait(form.table.isVisible)
    sitting.press("Ctrl+Z")
    sitting.wait(lambda: [r.raise_at for r in found(sitting, AlarmRule, sensor_id="g1")] == [4.5, 3.8])


def test_what_is_wrong_stands_beside_its_field_and_is_not_set(sitting, form):
    form.choose("g1")
    sitting.press("Return")
    sitting.wait(form.edit.isVisible)
    refill(form.edit.below, "9")
    assert form.edit._wrong["clear_below"].text().startswith("The alarm Siaga 1 would return above")
    assert not form.save.isEnabled()
    refill(form.edit.below, "lots")
    assert "A number is wanted" in form.edit._wrong["clear_below"].text()
    refill(form.edit.hold, "10 weeks")
    assert "A time is wanted" in form.edit._wrong["hold_s"].text()
    assert form.told.text().startswith("Not whole yet. ")
    refill(form.edit.hold, "")
    sitting.press("Ctrl+Return")
    assert form.edit.below.hasFocus(), "the keys lead to what is wrong"
    refill(form.edit.below, "4.2")
    assert not form.edit._wrong["clear_below"].isVisible()
    assert form.save.isEnabled()


def test_a_new_limit_begins_with_a_known_level_and_a_dead_band(sitting, form):
    form.choose("g4")
    sitting.press("Insert")
    edit = form.edit
    assert edit.level.hasFocus()
    assert not edit._wrong["level"].isVisible(), "an empty form is no mistake"
    assert form.told.text().startswith("Not whole yet. A limit needs a name.")
    edit.level.setCurrentIndex(edit.level.findText("Báo động 3", Qt.MatchFlag.MatchStartsWith))
    edit.level.activated.emit(edit.level.currentIndex())
    assert edit.level.currentText() == "Báo động 3"
    refill(edit.at, "6")
    assert edit.below.text() == "5.70"
    refill(edit.below, "5.5")
    refill(edit.at, "6.5")
    assert edit.below.text() == "5.5", "what somebody set stays"
    form.submit()
    sitting.wait(lambda: found(sitting, AlarmRule, level="Báo động 3"))
    (rule,) = found(sitting, AlarmRule, level="Báo động 3")
    assert (rule.sensor_id, rule.response, rule.severity) == ("g4", Response.EVACUATE, Severity.EXTREME)
    sitting.wait(lambda: form.table.current() is not None and form.table.current().id == rule.id)


def test_all_that_a_limit_can_say_is_filled_in_and_found_again(sitting, form):
    rain = a_gauge(id="r1", key="HUJAN-1", name="Hujan 1", quantity=Quantity.RAIN, unit="mm")
    with sitting.desk.store.writing("Set up") as tx:
        sensors.register(tx, rain)
    sitting.wait(lambda: "r1" in form.known.sensors)
    form.choose("g3")
    form.start_new()
    edit = form.edit
    edit.level.setEditText("Naik cepat")
    edit.measure.setCurrentIndex(edit.measure.findData(Measure.RISE))
    edit.measure.activated.emit(0)
    for field, text in (
        (edit.at, "0.5"),
        (edit.below, "0.2"),
        (edit.within, "30 min"),
        (edit.hold, "10"),
        (edit.off, "1 h 30 min"),
        (edit.meaning, "The river rises fast"),
        (edit.call, "Gate, 0812"),
        (edit.escalate, "5 min"),
        (edit.to, "Duty officer"),
    ):
        refill(field, text)
    edit.often.setValue(3)
    edit.latch.setChecked(True)
    edit.steps.setPlainText("Call the gate\nWarn Kampung Sari")
    edit.conditions.add.click()
    (row,) = edit.conditions.rows
    assert row.sensor.currentText() == "Hujan 1"
    assert "A condition needs a number" in form.told.text() or "A number is wanted" in form.told.text()
    refill(row.at, "60")
    assert "Hujan 1 must have had 60 mm or more in 3 hours as well." in form.told.text()
    form.submit()
    sitting.wait(lambda: found(sitting, Condition))
    (rule,) = found(sitting, AlarmRule, level="Naik cepat")
    assert (rule.measure, rule.window_s, rule.raise_at, rule.count) == (Measure.RISE, 1800, 0.5, 3)
    assert (rule.hold_s, rule.off_s, rule.latch, rule.escalate_s) == (600, 5400, True, 300)
    assert (rule.steps, rule.call) == ("Call the gate\nWarn Kampung Sari", "Gate, 0812")
    (condition,) = found(sitting, Condition)
    assert (condition.rule_id, condition.joining, condition.at) == (rule.id, Joining.AND, 60.0)
    sitting.wait(form.table.isVisible)
    form._open(rule)
    assert (edit.limit.rule, edit.limit.conditions) == (rule, (condition,)), "read back as it was set"
    edit.conditions.rows[0].dropped.emit()
    form.submit()
    sitting.wait(lambda: not found(sitting, Condition))


def test_tab_leads_through_the_conditions_in_their_order(sitting, form):
    form.choose("g3")
    form.start_new()
    form.edit.setCurrentIndex(1)
    conditions = form.edit.conditions
    conditions.add.click()
    conditions.add.click()
    sitting.wait(lambda: all(row.joining.isVisible() for row in conditions.rows))
    conditions.add.setFocus()
    sitting.press(*["Tab"] * 5)
    assert conditions.rows[0].way.hasFocus()
    sitting.press(*["Tab"] * 2)
    assert conditions.rows[1].joining.hasFocus(), "a value has no time it is taken over"


def test_what_is_odd_is_said_and_can_be_set_all_the_same(sitting, form):
    form.choose("g1")
    sitting.press("Return")
    sitting.wait(form.edit.isVisible)
    refill(form.edit.at, "3.5")
    refill(form.edit.below, "3")
    assert form.told.text().endswith("Siaga 1 is graver than Siaga 2, and is reached before it.")
    assert form.save.isEnabled()


def test_a_fall_is_typed_as_people_say_it(sitting, form):
    form.choose("g3")
    form.start_new()
    edit = form.edit
    edit.level.setEditText("Turun")
    edit.measure.setCurrentIndex(edit.measure.findData(Measure.RISE))
    edit.measure.activated.emit(0)
    edit.way.setCurrentIndex(1)
    refill(edit.at, "0.5")
    refill(edit.below, "0.2")
    assert not edit.faults
    assert (edit.limit.rule.raise_at, edit.limit.rule.clear_below) == (-0.5, -0.2)
    assert "falls by 0.50 m an hour or more" in form.told.text()


def test_silence_asks_for_minutes_alone(sitting, form):
    form.choose("g3")
    form.start_new()
    edit = form.edit
    edit.level.setEditText("Silent")
    edit.measure.setCurrentIndex(edit.measure.findData(Measure.SILENCE))
    edit.measure.activated.emit(0)
    refill(edit.at, "30")
    assert not edit.faults
    assert not edit.below.isVisible()
    assert edit.unit.text() == "minutes"
    assert form.told.text().endswith("has sent no report for 30 minutes. It returns with the next report.")
    sitting.desk.store.clock.advance(timedelta(hours=2))
    refill(edit.at, "31")
    sitting.wait(lambda: "it would have rung once, for 1 h" in form.trial.words.text())


def test_a_limit_is_turned_off_and_on_again(sitting, form):
    form.choose("g1")
    rule = form.table.current()
    sitting.press("Delete")
    sitting.wait(lambda: len(form.table.records.records) == 1)
    form.off.setChecked(True)
    assert form.table.pick(rule.id)
    assert form.turn.text() == "Turn on"
    form.turn.click()
    sitting.wait(lambda: len(found(sitting, AlarmRule, sensor_id="g1")) == 2)


def test_a_limit_is_copied_to_the_instruments_that_are_ticked(sitting, form):
    with sitting.desk.store.writing("Set") as tx:
        rule = tx.find(AlarmRule, sensor_id="g1", level="Siaga 1")[0]
        sensors.set_rule(tx, replace(rule, raise_at=4.6))
    form.choose("g1", rule.id)
    form.copy.click()
    assert form.copying.text() == "Copy Siaga 1 of Kali 1 to"
    assert form.targets.item(0).text() == "Kali 2  (water level, m)"
    sitting.press("Space", "Down", "Down", "Space", "Ctrl+Return")
    sitting.wait(form.table.isVisible)
    at = {rule.sensor_id: rule.raise_at for rule in found(sitting, AlarmRule, level="Siaga 1")}
    assert at == {"g1": 4.6, "g2": 4.6, "g3": 4.5, "g4": 4.6}
    assert len(found(sitting, AlarmRule)) == 8, "theirs of the same name are replaced"


def test_an_instrument_is_watched_over_by_one_click(sitting, form):
    form.choose("g3")
    form.watch.click()
    sitting.wait(lambda: len(form.table.records.records) == 4)
    measures = {rule.measure for rule in found(sitting, AlarmRule, sensor_id="g3")}
    assert measures == {Measure.VALUE, Measure.SILENCE, Measure.DOUBT}


def test_what_it_would_have_done_is_told_and_drawn_before_it_is_set(sitting, form):
    form.choose("g1")
    sitting.press("Return")
    sitting.wait(lambda: form.trial.words.text())
    assert form.trial.words.text().startswith("In the last 30 days it would have rung once, for ")
    assert "Its readings begin at 14 Mar 13:00." in form.trial.words.text()
    refill(form.edit.at, "4.9")
    refill(form.edit.below, "4.5")
    sitting.wait(lambda: "it would not have rung" in form.trial.words.text())
    form.edit.setCurrentWidget(form.trial)
    sitting.wait(lambda: form.trial._chart is not None and form.trial._chart.isVisible())
    refill(form.edit.at, "nothing")
    assert not form.trial.words.isVisible()


def test_a_rise_and_its_condition_are_tried_out_as_well(sitting, form):
    store = sitting.desk.store
    now = store.clock.now()
    with store.writing("Readings", "Instruments") as tx:
        batch = [Reading("g3", now - timedelta(minutes=5 * n), 3.0 - 0.1 * n) for n in range(10)]
        readings.ingest(tx, batch)
    form.choose("g3")
    form.start_new()
    edit = form.edit
    edit.level.setEditText("Naik")
    edit.measure.setCurrentIndex(edit.measure.findData(Measure.RISE))
    edit.measure.activated.emit(0)
    refill(edit.at, "1")
    refill(edit.below, "0.5")
    sitting.wait(lambda: "it would have rung once" in form.trial.words.text())
    edit.conditions.add.click()
    (row,) = edit.conditions.rows
    row.sensor.setCurrentIndex(row.sensor.findData("g4"))
    row.sensor.activated.emit(0)
    refill(row.at, "9")
    sitting.wait(lambda: "it would not have rung" in form.trial.words.text())


def test_escape_leads_from_one_limit_to_all_and_away(sitting, form):
    sitting.press("Return")
    sitting.wait(form.edit.isVisible)
    sitting.press("Esc")
    assert form.table.isVisible()
    assert form.table.hasFocus()
    sitting.press("Esc")
    assert not form.isVisible()


def test_what_others_set_is_seen_and_what_is_being_typed_stays(sitting, form):
    form.choose("g1")
    sitting.press("Return")
    sitting.wait(form.edit.isVisible)
    refill(form.edit.at, "4.6")
    with sitting.desk.store.writing("Other desk") as tx:
        sensors.turn_off(tx, tx.find(AlarmRule, sensor_id="g2")[0].id)
    sitting.wait(lambda: sum(not rule.void for rule in form.known.rules) == 7)
    assert form.edit.at.text() == "4.6"


def test_a_city_without_instruments_can_be_looked_at(empty_sitting):
    empty_sitting.press("Ctrl+Shift+R")
    form = empty_sitting.desk.watch.limits.form
    empty_sitting.wait(form.isVisible)
    assert form.title.text() == "No limits yet"
    assert not form.fresh.isEnabled()
    empty_sitting.press("Insert", "Delete", "Ctrl+Return")
    assert QApplication.focusWidget() is form.table
    assert found(empty_sitting, Sensor) == []
