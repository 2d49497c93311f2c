"""From the typed line to the store and back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gis.errors import UserError
from gis.geo.gazetteer import Gazetteer, Named
from gis.intake.context import IntakeContext, Kind
from gis.intake.logline import adding, nearby, read
from gis.model.incident import Incident, Note, Severity
from gis.ops import entries, incidents, sensors, unfinished
from gis.ops.unfinished import Unfinished
from gis.store import Operation, Store
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


def test_a_line_reads_no_closed_incident_but_knows_everyone_by_number(desk, store):
    with store.writing("Log") as tx:
        made = [tx.put(an_incident(number=f"I-{n:04d}", where=f"Gang {n}")) for n in range(1, 6)]
        for each in made[1:]:
            incidents.close(tx, each.id)
    with store.reading() as query:
        seen = entries.seen_from(query, replace(CITY, carrying=query.carrying))
        assert [each.number for each in seen.incidents] == ["I-0001"]
        drafts = {
            line: read(line, seen) for line in ("i3 two injured", "I-0003 >", "i0003", "i6 nobody", "t3 x")
        }
    assert drafts["i3 two injured"].incident.id == made[2].id
    assert [draft.kind for draft in drafts.values()] == [
        Kind.ADDITION,
        Kind.OPENING,
        Kind.OPENING,
        Kind.NOTE,
        Kind.NOTE,
    ]


def test_where_a_number_was_given_twice_the_line_says_so_and_means_the_open_one(store):
    with store.writing("Log") as tx:
        market, bridge = (tx.put(an_incident(where=where)) for where in ("Market", "Bridge"))
        incidents.close(tx, market.id)
    with store.reading() as query:
        draft = read("i1 two injured", entries.seen_from(query, replace(CITY, carrying=query.carrying)))
    assert draft.incident.id == bridge.id
    assert draft.remarks == ("Two incidents carry I-0001: Bridge (this one), and Market.",)


def test_an_i_serves_for_the_letters_of_this_desk_and_of_this_copy(tmp_path, clock):
    made = Store.create(
        tmp_path / "t.kentongan", Operation("Seruni", SIX, desk="T"), clock=clock, author="RS"
    )
    with made.writing("Log") as tx:
        for number in ("T-0007", "TKM-0001"):
            incidents.close(tx, tx.put(an_incident(number=number)).id)
        tx.keep("number prefix", "TKM")
    with made.reading() as query:
        seen = entries.seen_from(query, replace(CITY, carrying=query.carrying))
        met = [read(line, seen).incident.number for line in ("i7", "t7", "i1", "tkm1", "Tkm-0001")]
    assert met == ["T-0007", "T-0007", "TKM-0001", "TKM-0001", "TKM-0001"]
    made.close()
