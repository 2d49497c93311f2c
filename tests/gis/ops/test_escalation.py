"""An alarm that nobody acknowledges is passed on to somebody else, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gis.model.record import Reading
from gis.model.sensor import Alarm, Suppression, Withholding
from gis.ops import alarms, escalation, readings, sensors
from gis.store import Store
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)
OFFICER = "Duty officer"


@pytest.fixture
def rule():
    return a_rule(a_gauge(id="g"), raise_at=2.0, clear_below=1.8, escalate_s=300, escalate_to=OFFICER)


@pytest.fixture
def ringing(store, rule):
    """An alarm that began to ring at six."""
    with store.writing("Set up") as tx:
        sensors.register(tx, a_gauge(id="g"))
        sensors.set_rule(tx, rule)
        readings.ingest(tx, [Reading("g", SIX, 2.5)])
    return the_alarm(store)


def the_alarm(store) -> Alarm:
    with store.reading() as query:
        (alarm,) = query.find(Alarm)
    return alarm


def escalate(store, to=OFFICER):
    with store.writing("Escalate") as tx:
        return escalation.escalate(tx, to)


def test_an_alarm_is_passed_on_when_its_time_is_over_and_once(store, clock, ringing):
    clock.advance(5 * MINUTE - timedelta(seconds=1))
    assert escalate(store) == []
    clock.advance(timedelta(minutes=3))
    (passed,) = escalate(store)
    assert passed.escalated_at == SIX + 5 * MINUTE, "when it was due, not when it was noted"
    assert passed.needs_attention
    before = the_alarm(store)
    assert escalate(store) == []
    assert the_alarm(store) == before


def test_it_is_passed_on_to_whom_its_rule_says_and_to_nobody_else(store, clock, ringing):
    clock.advance(5 * MINUTE)
    assert escalate(store, "Mayor") == []
    with store.reading() as query:
        assert [(each.rule.escalate_to, each.at) for each in escalation.due(query)] == [
            (OFFICER, SIX + 5 * MINUTE)
        ]


def test_an_alarm_that_returned_is_passed_on_while_nobody_has_taken_it(store, clock, ringing):
    with store.writing("Readings") as tx:
        readings.ingest(tx, [Reading("g", SIX + MINUTE, 1.0)])
    clock.advance(5 * MINUTE)
    assert len(escalate(store)) == 1


def test_an_acknowledged_alarm_is_passed_on_to_nobody(store, clock, ringing):
    with store.writing("Acknowledge") as tx:
        alarms.acknowledge(tx, ringing.id, "R. Sari")
    clock.advance(timedelta(hours=1))
    assert escalate(store) == []


def test_a_rule_that_passes_nothing_on_leaves_its_alarm(store, clock, ringing, rule):
    with store.writing("Set rule") as tx:
        tx.put(replace(rule, escalate_s=0))
    clock.advance(timedelta(hours=1))
    assert escalate(store) == []


@pytest.mark.parametrize("why", [Withholding.SHELVED, Withholding.OUT_OF_SERVICE])
def test_what_is_kept_from_ringing_waits_for_nobody_and_has_its_whole_time_after_that(
    store, clock, ringing, rule, why
):
    shelved = why is Withholding.SHELVED
    over = {"rule_id": rule.id} if shelved else {"sensor_id": "g"}
    kept = Suppression(why, SIX + MINUTE, "works", "R. Sari", until=SIX + 20 * MINUTE, **over)
    with store.writing("Shelve") as tx:
        tx.put(kept)
    clock.advance(10 * MINUTE)
    assert escalate(store) == []
    with store.writing("Unshelve") as tx:
        tx.put(replace(kept, ended_at=tx.at, ended_by="R. Sari"))
    clock.advance(5 * MINUTE - timedelta(seconds=1))
    assert escalate(store) == []
    clock.advance(timedelta(seconds=1))
    assert [each.escalated_at for each in escalate(store)] == [SIX + 15 * MINUTE]


def test_a_shelf_that_was_ended_early_puts_off_nothing_when_its_time_would_have_come(ringing, rule):
    kept = Suppression(Withholding.SHELVED, SIX, "works", "R", rule_id=rule.id, until=SIX + 20 * MINUTE)
    kept = replace(kept, ended_at=SIX + 10 * MINUTE, ended_by="R")
    (late,) = escalation.overdue([ringing], {rule.id: rule}, [kept], SIX + 21 * MINUTE)
    assert late.at == SIX + 15 * MINUTE


def test_what_is_suppressed_by_design_is_not_passed_on(store, clock, ringing):
    with store.writing("Suppress") as tx:
        tx.put(replace(ringing, suppressed=True))
    clock.advance(timedelta(hours=1))
    assert escalate(store) == []


def test_two_desks_that_both_pass_it_on_do_not_disagree(store, clock, ringing):
    clock.advance(9 * MINUTE)
    beside = Store.open(store.folder, clock=clock, author="A. Putri")
    first, second = escalate(store), escalate(beside)
    beside.close()
    assert (len(first), second) == (1, [])


def test_two_desks_apart_note_the_same_instant_so_that_nothing_is_to_be_decided(ringing, rule):
    looks = [SIX + late * MINUTE for late in (5, 7, 600)]
    found = [escalation.overdue([ringing], {rule.id: rule}, [], at)[0].at for at in looks]
    assert set(found) == {SIX + 5 * MINUTE}
