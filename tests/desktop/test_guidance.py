"""An alarm says what to do; its steps become tasks that are ticked off by name."""

from dataclasses import replace

import pytest

from desktop.forms.guidance import GuidanceForm
from gis.model.incident import Incident
from gis.model.sensor import AlarmRule
from gis.model.task import Task
from gis.ops import incidents, sensors


@pytest.fixture
def guided(sitting):
    """Every limit has a card."""
    store = sitting.desk.store
    with store.writing("Set limits") as tx:
        for rule in tx.find(AlarmRule):
            steps = "Warn Kampung Sari\nOpen the school\n\nCall the pump crew"
            sensors.set_rule(tx, replace(rule, meaning="The dyke stands dry.", steps=steps, call="Duty 0812"))
    return sitting


def card(sitting) -> GuidanceForm:
    form = sitting.desk.watch.guiding.form
    sitting.wait(form.isVisible)
    return form


def test_the_card_of_an_alarm_is_one_key_away(guided):
    guided.press("F4", "Ctrl+Alt+T")
    form = card(guided)
    assert form.title.text().startswith("What to do: Kali 1, Siaga 1")
    assert form.meaning.text() == "The dyke stands dry."
    assert form.call.text() == "Call: Duty 0812"
    assert form.steps.text().splitlines()[0] == "• Warn Kampung Sari"
    assert form.make.hasFocus()


def test_steps_become_tasks_and_are_ticked_off_by_name_and_that_is_taken_back(guided):
    guided.press("F4", "Ctrl+Alt+T")
    form = card(guided)
    form.make.click()
    guided.wait(lambda: len(form.boxes) == 3 and form.boxes[0].hasFocus())
    assert not form.make.isVisible()
    form.boxes[0].click()
    guided.wait(lambda: [each.done_by for each in guided.records(Task)] == ["R. Sari", "", ""])
    guided.wait(lambda: form.boxes[0].text() == "Warn Kampung Sari  (RS)")
    guided.press("Ctrl+Z")
    guided.wait(lambda: not form.boxes[0].isChecked())
    form.more.setText("Ask the hospital")
    form.more.returnPressed.emit()
    guided.wait(lambda: len(form.boxes) == 4)
    assert form.more.text() == ""


def test_the_line_above_the_chart_says_how_much_is_done_and_opens_the_card(guided):
    guided.press("F4")
    guide = guided.panels.detail.guide
    guided.wait(guide.isVisible)
    assert guide.accessibleName() == "What to do: 0 of 3 done"
    guide.click()
    form = card(guided)
    assert not guide.isVisible()
    form.make.click()
    guided.wait(lambda: form.boxes)
    form.boxes[1].click()
    guided.wait(lambda: any(each.done_at for each in guided.records(Task)))
    form.cancel()
    guided.wait(lambda: guide.isVisible() and guide.accessibleName() == "What to do: 1 of 3 done")


def test_an_incident_made_from_an_alarm_keeps_its_tasks(guided):
    store = guided.desk.store
    guided.press("F4", "Ctrl+Alt+T")
    form = card(guided)
    alarm_id = guided.panels.alarms.table.current().alarm.id
    form.make.click()
    guided.wait(lambda: form.boxes)
    incident = guided.records(Incident)[0]
    with store.writing("Amend incident") as tx:
        incidents.amend(tx, incident.id, alarm_id=alarm_id)
    form.cancel()
    guided.desk.work.open_incident(incident.id)
    guided.wait(lambda: guided.panels.detail.guide.accessibleName() == "What to do: 0 of 3 done")
    guided.press("Ctrl+Alt+T")
    assert card(guided).title.text() == f"What to do: {incident.number}"


def test_without_a_card_nothing_is_offered_and_a_task_can_still_be_added(sitting):
    sitting.press("F4")
    sitting.wait(lambda: sitting.panels.detail.sensor_id)
    assert not sitting.panels.detail.guide.isVisible()
    sitting.press("Ctrl+Alt+T")
    form = card(sitting)
    assert form.none.text() == "Nothing has been said about what to do."
    assert form.more.hasFocus()


def test_where_nothing_is_on_show_it_is_said(empty_sitting):
    empty_sitting.press("Ctrl+Alt+T")
    status = empty_sitting.window.regions.status
    empty_sitting.wait(lambda: "Select an alarm or an incident first." in status.news.text())
