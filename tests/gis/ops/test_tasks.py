"""What is to be done: noted, taken on, ticked off, and the tick taken back."""

import pytest

from gis.errors import UserError
from gis.model.sensor import Alarm
from gis.model.task import Task
from gis.ops import incidents, tasks
from gis.store import history
from tests.build import SIX, a_gauge, a_rule

STEPS = "Look at the camera\n\n  Call the  lock keeper \nWarn Kampung Sari\nLook at the camera"


@pytest.fixture
def alarm(store):
    gauge = a_gauge()
    rule = a_rule(gauge, steps=STEPS)
    with store.writing("Set up") as tx:
        tx.put(gauge)
        tx.put(rule)
        return tx.put(Alarm(rule.id, gauge.id, rule.severity, SIX, 4.8, raised_at=SIX))


def test_the_steps_of_a_card_become_tasks_once(store, alarm):
    with store.writing("Steps") as tx:
        made = tasks.add_steps(tx, STEPS, alarm)
    assert [task.what for task in made] == ["Look at the camera", "Call the lock keeper", "Warn Kampung Sari"]
    with pytest.raises(UserError, match="no more steps"), store.writing("Steps") as tx:
        tasks.add_steps(tx, STEPS, alarm)
    with store.reading() as query:
        assert tasks.of_alarm(query, alarm.id) == made


def test_the_tasks_of_an_alarm_are_those_of_the_incident_it_became(store, alarm):
    with store.writing("Steps") as tx:
        before = tasks.add_steps(tx, "Look at the camera", alarm)
    with store.writing("Log") as tx:
        incident = incidents.log(tx, "fl", "Water high", alarm.severity, alarm_id=alarm.id)
        after = tasks.add_steps(tx, STEPS, alarm)
        own = tasks.add(tx, "Find beds", incident_id=incident.id)
    with store.reading() as query:
        assert tasks.of_incident(query, incident) == [*before, *after, own]


def test_a_task_is_taken_ticked_off_and_opened_again(store, clock):
    with store.writing("Add") as tx:
        task = tasks.add(tx, " Find  beds ")
    assert (task.what, task.noted_at) == ("Find beds", SIX)
    with store.writing("Take") as tx:
        assert tasks.take(tx, task.id, " A. Putri ").owner == "A. Putri"
    with store.writing("Done") as tx:
        ticked = tasks.done(tx, task.id, "A. Putri")
    assert (ticked.done_at, ticked.done_by) == (SIX, "A. Putri")
    for verb in (tasks.take, tasks.done):
        with pytest.raises(UserError, match="is done"), store.writing("Again") as tx:
            verb(tx, task.id, "R. Sari")
    with store.writing("Open") as tx:
        assert tasks.reopen(tx, task.id).done_at is None
    with pytest.raises(UserError, match="not done yet"), store.writing("Open") as tx:
        tasks.reopen(tx, task.id)


def test_a_tick_is_undone_like_any_step(store):
    with store.writing("Add") as tx:
        task = tasks.add(tx, "Find beds")
    with store.writing("Done") as tx:
        tasks.done(tx, task.id, "R. Sari")
    with store.writing("Undo") as tx:
        history.undo(tx)
    with store.reading() as query:
        assert query.get(Task, task.id) == task


@pytest.mark.parametrize("verb", [tasks.take, tasks.done])
def test_a_task_needs_a_name(store, verb):
    with store.writing("Add") as tx:
        task = tasks.add(tx, "Find beds")
    with pytest.raises(UserError, match="name is needed"), store.writing("No name") as tx:
        verb(tx, task.id, " ")


def test_nothing_to_do_is_no_task(store):
    with pytest.raises(UserError, match="nothing to do"), store.writing("Add") as tx:
        tasks.add(tx, "  ")
