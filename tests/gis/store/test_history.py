"""Undo writes a reversing step; nothing is erased, and nobody's work is overwritten."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import UserError
from gis.model.incident import Incident, Note, Severity
from gis.model.record import Reading, new_id
from gis.model.sensor import Alarm
from gis.ops import alarms, incidents, readings, sensors
from gis.store import Operation, Store, history
from gis.store.questions import conflicts
from gis.sync import exchange
from tests.build import SIX, a_gauge, a_rule, an_incident


@pytest.fixture
def incident(store):
    with store.writing("Log incident") as tx:
        return tx.put(an_incident())


def undo(store, author=None):
    with store.writing("Undo", author) as tx:
        return history.undo(tx)


def redo(store):
    with store.writing("Redo") as tx:
        return history.redo(tx)


def state(store, incident):
    with store.reading() as query:
        return query.get(Incident, incident.id)


def test_undoing_a_closure_opens_the_incident_again(store, incident):
    with store.writing("Close incident") as tx:
        incidents.close(tx, incident.id)
    undo(store)
    assert state(store, incident) == incident
    with store.reading() as query:
        labels = [step.label for step in query.steps()]
    assert labels == ["Undo: Close incident", "Close incident", "Log incident"]


def test_undoing_a_log_strikes_it_out_and_redo_brings_it_back(store, incident):
    undo(store)
    assert state(store, incident) == replace(incident, void=True)
    redo(store)
    assert state(store, incident) == incident


def test_undo_and_redo_walk_back_and_forth(store, incident):
    for text in ("first", "second"):
        with store.writing(f"Amend to {text}") as tx:
            incidents.amend(tx, incident.id, text=text)
    undo(store)
    undo(store)
    assert state(store, incident).text == incident.text
    redo(store)
    assert state(store, incident).text == "first"
    redo(store)
    assert state(store, incident).text == "second"
    undo(store)
    assert state(store, incident).text == "first"


def test_a_new_step_ends_what_could_be_redone(store, incident):
    undo(store)
    with store.writing("Log incident") as tx:
        incidents.log(tx, "fi", "Fire at the mill", Severity.MODERATE)
    with pytest.raises(UserError, match="nothing of yours to redo"):
        redo(store)


def test_what_someone_else_has_changed_since_stays(store, incident):
    with store.writing("Amend incident") as tx:
        incidents.amend(tx, incident.id, text="Mine")
    with store.writing("Amend incident", "A. Putri") as tx:
        incidents.amend(tx, incident.id, text="Hers")
    with pytest.raises(UserError, match="changed since"):
        undo(store)
    assert state(store, incident).text == "Hers"


def test_undo_takes_back_ones_own_step_not_a_neighbours(store, incident):
    with store.writing("Log incident", "A. Putri") as tx:
        hers = incidents.log(tx, "fi", "Fire at the mill", Severity.MODERATE)
    undo(store)
    assert state(store, incident).void
    assert not state(store, hers).void


def test_a_field_filled_in_later_is_empty_again(store):
    with store.writing("Log incident") as tx:
        made = tx.put(an_incident(place=None, affected=None))
    with store.writing("Amend incident") as tx:
        incidents.amend(tx, made.id, affected=12)
    undo(store)
    assert state(store, made).affected is None


def test_an_acknowledgement_is_not_undone(store, clock):
    gauge = a_gauge()
    with store.writing("Set up", "engineer") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge))
    with store.writing("Readings", "feed") as tx:
        (alarm,) = readings.ingest(tx, [Reading(gauge.id, SIX, 5.0)])
    with store.writing("Acknowledge") as tx:
        alarms.acknowledge(tx, alarm.id, "R. Sari")
    with pytest.raises(UserError, match="nothing of yours"):
        undo(store)
    with store.reading() as query:
        assert query.get(Alarm, alarm.id).acknowledged_by == "R. Sari"


def test_a_step_of_many_records_goes_back_as_one(store):
    with store.writing("Log three") as tx:
        made = [incidents.log(tx, "fl", f"House {n}", Severity.MINOR) for n in range(3)]
        incidents.close(tx, made[0].id)
    undo(store)
    assert all(state(store, incident).void for incident in made)
    redo(store)
    assert [state(store, incident).is_open for incident in made] == [False, True, True]


def test_taking_in_a_package_is_undone_as_one_act_and_then_what_was_done_before_it(
    store, incident, tmp_path, clock
):
    field = Store.create(
        tmp_path / "field.kentongan",
        Operation("Muara Seruni", SIX, desk="F"),
        clock=clock,
        author=store.author,
    )
    with field.writing("Log in the field") as tx:
        brought = tx.put(an_incident(number="F-0001"))
    with field.reading() as query, store.writing("Take in") as tx:
        tx.receive([edit for _n, edit in query.edits_after(0)])
    field.close()
    undo(store)
    assert state(store, brought).void
    assert not state(store, incident).void
    redo(store)
    assert not state(store, brought).void
    undo(store)
    undo(store)
    assert state(store, incident).void


@pytest.mark.parametrize("choice", [0, 1])
def test_a_decision_between_two_desks_is_not_undone_and_bars_nothing(
    store, incident, tmp_path, clock, choice
):
    team = Store.create(
        tmp_path / "team.kentongan", Operation("Muara Seruni", SIX, desk="T"), clock=clock, author="Team"
    )
    carry(store, team)
    with team.writing("Amend") as tx:
        incidents.amend(tx, incident.id, text="as the team saw it")
    with store.writing("Amend") as tx:
        incidents.amend(tx, incident.id, text="as the desk heard it")
    carry(team, store)
    team.close()
    with store.reading() as query:
        (open_question,) = conflicts(query)
    with store.writing("Note") as tx:
        note = incidents.note(tx, "two stories")
    with store.writing("Settle") as tx:
        exchange.settle(tx, open_question, open_question.values[choice])
    undo(store)
    assert state(store, incident).text == open_question.values[choice].value
    with store.reading() as query:
        assert query.get(Note, note.id).void


def carry(source, target):
    with source.reading() as query, target.writing("Take in") as tx:
        tx.receive([edit for _n, edit in query.edits_after(0)])


DEEDS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("lluuurrn")), max_size=30)


@given(DEEDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_can_be_undone_and_redone_is_what_undo_and_redo_would_do(store, deeds):
    """Against two stacks for each person, kept beside."""
    persons = {name: f"{name} {new_id()}" for name in "AB"}
    done, undone = {name: [] for name in "AB"}, {name: [] for name in "AB"}
    for name, deed in deeds:
        again = deed == "r" and bool(undone[name])
        with store.writing(deed, persons[name]) as tx:
            if deed == "u" and done[name]:
                undone[name].append(done[name].pop())
                assert history.undo(tx).id == undone[name][-1]
            elif again:
                undone[name].pop()
                history.redo(tx)
            elif deed == "l":
                undone[name].clear()
                tx.put(an_incident())
        if deed == "l" or again:  # what was done again is a step of its own
            done[name].append(steps_of(store)[0].id)
        with store.reading() as query:
            for who, person in persons.items():
                back, again = history.can_undo(query, person), history.can_redo(query, person)
                assert (back and back.id) == (done[who][-1] if done[who] else None)
                assert (again and again.id) == (undone[who][-1] if undone[who] else None)


def steps_of(store):
    with store.reading() as query:
        return query.steps()


def test_what_can_be_undone_is_found_below_all_that_was_undone_since(store):
    for _n in range(3):
        with store.writing("Log") as tx:
            tx.put(an_incident())
    first = steps_of(store)[-1].id
    undo(store)
    undo(store)
    with store.reading() as query:
        assert history.can_undo(query, store.author).id == first
    undo(store)
    with store.reading() as query:
        assert history.can_undo(query, store.author) is None
        assert history.can_redo(query, store.author).id == first
