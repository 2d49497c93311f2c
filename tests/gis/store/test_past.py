"""Any past instant answers the same questions; between two of them stands what changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gis.model.incident import Incident, Severity
from gis.model.record import Reading
from gis.ops import incidents
from gis.progress import Progress
from gis.store import history
from gis.store.past import Past, between
from gis.store.questions import open_incidents
from tests.build import SIX, a_gauge, an_incident


def later(minutes):
    return SIX + timedelta(minutes=minutes)


def move(clock, minutes):
    clock.advance(later(minutes) - clock.now())


@pytest.fixture
def night(store, clock):
    """Two incidents at 06:00; the first amended at 06:10 and closed at 06:20, a third logged at 06:30."""
    with store.writing("Log two") as tx:
        first, second = tx.put(an_incident(number="I-0001")), tx.put(an_incident(number="I-0002"))
    move(clock, 10)
    with store.writing("Amend") as tx:
        incidents.amend(tx, first.id, severity=Severity.EXTREME)
    move(clock, 20)
    with store.writing("Close") as tx:
        incidents.close(tx, first.id)
    move(clock, 30)
    with store.writing("Log third") as tx:
        third = tx.put(an_incident(number="I-0003"))
    return first, second, third


def numbers(found):
    return sorted(incident.number for incident in found)


def test_the_open_incidents_of_an_instant_are_those_that_were_open_then(store, night):
    with store.reading() as query:
        for minutes, wanted in (
            (-1, []),
            (0, ["I-0001", "I-0002"]),
            (15, ["I-0001", "I-0002"]),
            (25, ["I-0002"]),
            (30, ["I-0002", "I-0003"]),
        ):
            assert numbers(open_incidents(Past(query, later(minutes)))) == wanted


def test_a_record_is_shown_as_it_stood(store, night):
    first, _second, third = night
    with store.reading() as query:
        then = Past(query, later(5))
        assert then.get(Incident, first.id) == first
        assert then.known(Incident, third.id) is None
        assert Past(query, later(12)).get(Incident, first.id).severity is Severity.EXTREME
        assert numbers(then.find(Incident, severity=first.severity)) == ["I-0001", "I-0002"]
        assert then.first(Incident, number="I-0003") is None
        assert [step.label for step in then.steps()] == ["Log two"]


def test_what_was_struck_out_stands_in_the_past(store, clock, night):
    _first, second, _third = night
    move(clock, 40)
    with store.writing("Strike") as tx:
        tx.strike(tx.get(Incident, second.id))
    with store.reading() as query:
        assert numbers(Past(query, later(39)).find(Incident)) == ["I-0001", "I-0002", "I-0003"]
        assert numbers(Past(query, later(41)).find(Incident)) == ["I-0001", "I-0003"]


def test_readings_of_the_past_end_there(store, clock):
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        tx.put(gauge)
        tx.append([Reading(gauge.id, later(n), float(n)) for n in range(4)])
    with store.reading() as query:
        then = Past(query, later(2))
        assert then.series(gauge.id).value.tolist() == [0.0, 1.0, 2.0]
        assert then.latest()[gauge.id].value == 2.0


def test_between_two_instants_stands_what_changed_and_not_what_changed_back(store, clock, night):
    first, second, third = night
    move(clock, 40)
    for severity in (Severity.MINOR, second.severity):
        with store.writing("Amend") as tx:
            tx.put(replace(tx.get(Incident, second.id), severity=severity))
    with store.reading() as query:
        found = between(query, later(5), later(50))
        assert [(each.after.id, each.before is None) for each in found] == [
            (first.id, False),
            (third.id, True),
        ]
        assert {"severity", "closed_at", "status"} == set(found[0].fields)
        assert between(query, later(31), later(39)) == []


def rows_of(store):
    """Every derived row, column and type of an operation, as the file holds it."""
    with store._desk_views.begin() as desk:
        names = desk.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'rtree_%_%_%'"
        ).scalars()
        left = ("gpkg_contents", "sqlite_sequence", "sqlite_stat1")
        tables = [name for name in names if name not in left]
        return {t: sorted(map(repr, desk.exec_driver_sql(f"SELECT * FROM {t}").all())) for t in tables}


def test_the_tables_made_again_are_the_tables_that_were_there(store, clock, night):
    with store.writing("Undo") as tx:
        history.undo(tx)
    before = rows_of(store)
    assert len(before["incidents"]) == 3
    with store.writing("Break") as tx:
        tx._desk.exec_driver_sql("UPDATE incidents SET text = 'lies', fid = fid + 1000")
        tx._desk.exec_driver_sql("DELETE FROM incidents WHERE number = 'I-0003'")
        tx._desk.exec_driver_sql("UPDATE journal SET until = 7, opens = 0")
        tx._desk.exec_driver_sql("DELETE FROM journal_chain")
    assert rows_of(store) != before
    with store.writing("Make the tables again") as tx:
        tx.rebuild(Progress())
    assert rows_of(store) == before
