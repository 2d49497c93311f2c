"""What a report says follows from the operation's log, and from nothing else."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from shapely import Point

from gis.errors import UserError
from gis.model.incident import Confidence, Severity, Status
from gis.model.record import Quality, Reading
from gis.model.sitrep import Sitrep
from gis.ops import alarms, incidents, readings, sensors, sitreps
from gis.report import datafile
from gis.report.content import Mark
from gis.report.freeze import draft, freeze
from gis.store import Operation, Store
from tests.build import a_gauge, a_rule

HOUR = timedelta(hours=1)


def a_draft(store):
    with store.reading() as query:
        return draft(query, store.operation, author=store.author)


def sent(store, **words):
    with store.writing("Freeze report") as tx:
        return freeze(tx, **words)


def logged(store, text, severity=Severity.SEVERE, **details):
    with store.writing("Log incident") as tx:
        return incidents.log(tx, "fl", text, severity, **details)


def marks(content):
    return {line.incident.text: line.mark for line in content.incidents}


def test_a_report_marks_what_became_of_each_incident_since_the_last(store, clock):
    kept, worse, over, mistaken = (logged(store, text) for text in ("kept", "worse", "over", "mistaken"))
    clock.advance(HOUR)
    first = sent(store, assessment=" All quiet. ")
    assert marks(first) == dict.fromkeys(("kept", "worse", "over", "mistaken"), Mark.NEW)
    clock.advance(HOUR)
    with store.writing("Amend") as tx:
        incidents.amend(tx, worse.id, severity=Severity.EXTREME, affected=40)
        incidents.close(tx, over.id)
        incidents.strike(tx, mistaken.id)
    logged(store, "fresh")
    clock.advance(HOUR)
    second = sent(store)
    assert marks(second) == {
        "kept": Mark.SAME,
        "worse": Mark.CHANGED,
        "over": Mark.CLOSED,
        "mistaken": Mark.WITHDRAWN,
        "fresh": Mark.NEW,
    }
    (line,) = (line for line in second.incidents if line.incident.id == worse.id)
    assert line.was == worse
    assert [(c.field, c.before, c.after) for c in line.changes] == [
        ("severity", "Severe", "Extreme"),
        ("people affected", "not known", "40"),
    ]
    assert (first.number, second.number) == (1, 2)
    assert (first.since, second.since) == (store.operation.created_at, first.as_of)
    assert kept in [line.incident for line in second.open_incidents]


def test_what_ended_before_anyone_read_of_it_is_told_once_and_a_slip_never(store, clock):
    short, slip = logged(store, "short"), logged(store, "slip")
    with store.writing("Close") as tx:
        incidents.close(tx, short.id)
        incidents.strike(tx, slip.id)
    clock.advance(HOUR)
    assert marks(sent(store)) == {"short": Mark.CLOSED}
    clock.advance(HOUR)
    assert marks(a_draft(store)) == {}


def test_a_change_taken_back_is_no_change(store, clock):
    incident = logged(store, "water")
    clock.advance(HOUR)
    sent(store)
    clock.advance(HOUR)
    for severity in (Severity.MINOR, Severity.SEVERE):
        with store.writing("Amend") as tx:
            incidents.amend(tx, incident.id, severity=severity)
    assert marks(a_draft(store)) == {"water": Mark.SAME}


def test_the_worst_comes_first(store):
    for severity in (Severity.MINOR, Severity.UNKNOWN, Severity.EXTREME, Severity.SEVERE):
        logged(store, severity.value, severity)
    assert list(marks(a_draft(store))) == ["Extreme", "Severe", "Minor", "Unknown"]


def test_what_a_team_saw_before_the_last_report_but_told_after_it_is_new(store, clock, tmp_path):
    team = Store.create(tmp_path / "team.kentongan", store.operation, clock=clock, author="Team 2")
    logged(team, "seen early")
    clock.advance(HOUR)
    sent(store)
    clock.advance(HOUR)
    with team.reading() as theirs:
        edits = [edit for _number, edit in theirs.edits_after(0)]
    with store.writing("Receive") as tx:
        tx.receive(edits)
    team.close()
    assert marks(a_draft(store)) == {"seen early": Mark.NEW}


def test_what_two_desks_dispute_stands_in_the_report(store, clock, tmp_path):
    incident = logged(store, "water")
    team = Store.create(tmp_path / "team.kentongan", store.operation, clock=clock, author="Team 2")
    with store.reading() as ours, team.writing("Receive") as tx:
        tx.receive([edit for _number, edit in ours.edits_after(0)])
    clock.advance(HOUR)
    for desk, status in ((store, Status.VERIFIED), (team, Status.RESOLVED)):
        with desk.writing("Amend") as tx:
            incidents.amend(tx, incident.id, status=status)
    with team.reading() as theirs, store.writing("Receive") as tx:
        tx.receive([edit for _number, edit in theirs.edits_after(0)])
    team.close()
    content = a_draft(store)
    (conflict,) = content.conflicts
    assert (conflict.name, conflict.field) == ("I-0001", "status")
    assert {(claim.value, claim.author) for claim in conflict.claims} == {
        ("verified", "R. Sari"),
        ("resolved", "Team 2"),
    }
    assert any("disputed" in gap.sentence for gap in content.gaps)


def test_what_the_desk_does_not_know_is_named(store, clock):
    logged(store, "somewhere", affected=3)
    logged(store, "placed", place=Point(115, -8), confidence=Confidence.CONFIRMED)
    gauges = [a_gauge(key=f"K{n}", name=f"Kali {n}") for n in range(1, 5)]
    with store.writing("Set up") as tx:
        for gauge in gauges:
            sensors.register(tx, gauge)
        at = clock.now()
        early = [Reading(gauge.id, at - HOUR, 1.0) for gauge in gauges[:2]]
        readings.ingest(tx, [*early, Reading(gauges[2].id, at, 99.0)])
    sentences = {gap.sentence: gap.items for gap in a_draft(store).gaps}
    assert sentences == {
        "1 open incident has no place on the map yet.": ("I-0001",),
        "1 open incident is not confirmed.": ("I-0001",),
        "How many people are affected is not known for 1 open incident.": ("I-0002",),
        "No reading from 2 sensors since 13:00.": (
            "Kali 1 (last 2026-03-14 13:00)",
            "Kali 2 (last 2026-03-14 13:00)",
        ),
        "1 sensor has never reported.": ("Kali 4",),
        "The latest reading of 1 sensor is doubtful.": ("Kali 3",),
    }


def test_people_nobody_counted_are_not_counted_as_none(store):
    logged(store, "counted", affected=40)
    logged(store, "nobody", affected=0)
    logged(store, "unknown")
    content = a_draft(store)
    assert (content.affected, content.affected_unknown) == (40, 1)


def test_alarms_say_who_took_note_and_stay_until_told(store, clock):
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge))
        (alarm,) = readings.ingest(tx, [Reading(gauge.id, clock.now(), 4.8)])
    content = a_draft(store)
    assert content.alarms[0].alarm.needs_attention
    assert content.sensors[0].limit.level == "Siaga 1"
    clock.advance(HOUR)
    with store.writing("Acknowledge") as tx:
        alarms.acknowledge(tx, alarm.id, "R. Sari")
        readings.ingest(tx, [Reading(gauge.id, clock.now(), 2.0)])
    (line,) = sent(store).alarms
    assert line.alarm.acknowledged_by == "R. Sari"
    assert line.alarm.returned_at == clock.now()
    clock.advance(HOUR)
    assert a_draft(store).alarms == ()


def test_notes_of_the_period_carry_their_author_and_incident(store, clock):
    logged(store, "water")
    sent(store)
    clock.advance(HOUR)
    with store.writing("Note", author="Radio 2") as tx:
        incidents.note(
            tx, "Boat on its way", tx.find(type(incidents.log(tx, "fl", "x", Severity.MINOR)))[0].id
        )
    (note,) = a_draft(store).notes
    assert (note.text, note.author, note.number) == ("Boat on its way", "Radio 2", "I-0001")


def test_the_digest_is_that_of_the_data_file_and_stands_in_the_log(store, clock):
    logged(store, "water", place=Point(115, -8))
    clock.advance(HOUR)
    content = sent(store, assessment="Rising.")
    assert content.digest == sha256(datafile.write(content)).hexdigest()
    with store.reading() as query:
        kept = query.first(Sitrep, number=1)
    assert (kept.digest, kept.assessment, kept.as_of) == (content.digest, "Rising.", content.as_of)
    assert datafile.digest_of(replace(content, assessment="Falling.")) != content.digest


def test_a_draft_uses_up_no_number_and_a_used_one_never_comes_again(store, clock):
    assert a_draft(store).number == a_draft(store).number == 1
    content = sent(store)
    with pytest.raises(UserError, match="already left"):
        with store.writing("Again") as tx:
            sitreps.freeze(
                tx, number=1, since=content.since, as_of=content.as_of, assessment="", digest=content.digest
            )
    with store.writing("Strike") as tx:
        tx.strike(tx.first(Sitrep, number=1))
    assert a_draft(store).number == 2


def test_an_unknown_time_zone_or_code_stops_no_report(store, clock, tmp_path):
    odd = Store.create(
        tmp_path / "odd.kentongan",
        Operation("Nowhere", clock.now(), timezone="Mars/Olympus"),
        clock=clock,
        author="A",
    )
    with odd.writing("Log") as tx:
        incidents.log(tx, "zz9", "", Severity.MINOR)
        incidents.log(tx, "", "words only", Severity.MINOR)
    content = a_draft(odd)
    odd.close()
    assert [line.meaning.name for line in content.incidents] == ["zz9", "Incident"]
    assert all(Quality.GOOD == 0 and gap.sentence for gap in content.gaps)


@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-3)], ids=["standing still", "put back"])
def test_what_came_in_after_a_report_is_in_the_next_whatever_the_clock_did(store, clock, step):
    sent(store)
    clock.advance(step)
    logged(store, "fresh")
    with store.writing("Note") as tx:
        incidents.note(tx, "The bridge is shut")
    clock.advance(HOUR)
    content = sent(store)
    assert marks(content) == {"fresh": Mark.NEW}
    assert [note.text for note in content.notes] == ["The bridge is shut"]


def test_a_doubtful_value_stands_over_no_limit_in_the_report(store, clock):
    gauge = a_gauge(high=5.0)
    with store.writing("Set up gauge") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge, raise_at=2.0, clear_below=1.8))
        readings.ingest(tx, [Reading(gauge.id, clock.now(), 99.0)])
    (line,) = a_draft(store).sensors
    assert line.latest.quality == Quality.RANGE
    assert line.limit is None
