"""From the typed line to the store and back."""

from datetime import timedelta

import pytest

from gis.errors import UserError
from gis.geo.gazetteer import Gazetteer, Named
from gis.intake.context import IntakeContext
from gis.intake.logline import adding, nearby, read
from gis.model.incident import Incident, Note, Severity
from gis.ops import entries, incidents, sensors, unfinished
from gis.ops.unfinished import Unfinished
from gis.store import Store
from tests.build import MARKET, SIX, a_gauge, an_incident

CITY = IntakeContext(places=Gazetteer(Named(["Pasar Lama"], ["market"], [MARKET.x], [MARKET.y])))


@pytest.fixture
def desk(store):
    """Type a line at the desk; returns what was written."""

    def type_in(line, since=SIX):
        with store.writing("Log line") as tx:
            return entries.enter(tx, read(line, entries.seen_from(tx, CITY)), since)

    return type_in


def test_a_line_becomes_an_incident_reported_at_its_first_keystroke(desk, store, clock):
    clock.advance(timedelta(seconds=40))
    made = desk("fl2 @pasar lama knee high")
    with store.reading() as query:
        kept = query.get(Incident, made.id)
    assert (kept.code, kept.severity, kept.text, kept.where) == (
        "fl",
        Severity.SEVERE,
        "knee high",
        "Pasar Lama",
    )
    assert (kept.place, kept.reported_at) == (MARKET, SIX)


def test_late_facts_are_added_by_number(desk, store):
    flood = desk("fl2 @pasar lama")
    assert flood.number == "I-0001"
    added = desk("i1 two injured")
    assert isinstance(added, Note)
    assert (added.text, added.incident_id) == ("two injured", flood.id)


def test_a_line_without_a_code_is_a_note(desk):
    note = desk("duty engineer called")
    assert (note.text, note.incident_id) == ("duty engineer called", None)


def test_a_second_call_about_the_same_flood_finds_the_first(desk, store):
    flood = desk("fl2 @pasar lama")
    with store.writing("Log line") as tx:
        seen = entries.seen_from(tx, CITY)
        draft = read("fl2 @pasar lama water rising", seen)
        ((found, _metres),) = nearby(draft, seen.incidents)
        note = entries.enter(tx, adding(draft, found), SIX)
    assert (note.text, note.incident_id) == ("water rising", flood.id)


def test_a_sensor_of_the_store_is_a_place(desk, store):
    with store.writing("Set up gauge") as tx:
        sensors.register(tx, a_gauge())
    assert desk("fl1 @kali 3\tover the bank").place == a_gauge().place


@pytest.mark.parametrize("line", ["", "?", "/report"])
def test_a_line_that_says_nothing_writes_nothing(desk, store, line):
    with pytest.raises(UserError, match="nothing to log"):
        desk(line)
    with store.reading() as query:
        assert query.find(Note) == query.find(Incident) == []


def test_a_logged_line_is_no_longer_unfinished_and_the_others_are(desk, store, clock):
    half, other = Unfinished("fl2 @pasar", SIX), Unfinished("rb tree", SIX)
    store.write("Keep the line", lambda tx: unfinished.keep(tx, [half, other]))
    with store.writing("Log line") as tx:
        entries.enter(tx, read("fl2 @pasar lama", CITY), SIX, [other])
    store.close()
    again = Store.open(store.folder, clock=clock, author="RS")
    assert again.write("Take up", unfinished.take_up) == [other]
    again.close()


def test_a_line_knows_the_open_incidents_and_the_newest_but_not_every_closed_one(store, monkeypatch):
    monkeypatch.setattr(entries, "NEWEST", 2)
    with store.writing("Log") as tx:
        made = [tx.put(an_incident(number=f"I-000{n}")) for n in range(5)]
        for each in made[1:]:
            incidents.close(tx, each.id)
    with store.reading() as query:
        known = entries.seen_from(query, CITY).incidents
    assert {each.number for each in known} == {"I-0000", "I-0003", "I-0004"}
