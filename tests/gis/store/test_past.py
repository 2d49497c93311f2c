"""Any past instant answers the same questions; between two of them stands what changed."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident, Severity
from gis.model.record import Reading
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Operation, Store, history
from gis.store.moment import Moment, density
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
    again = rows_of(store)
    noted = again.pop("outside"), before.pop("outside")
    assert again == before
    assert all("lies" in row for row in noted[0]), "what stood there is kept until somebody has decided"


def test_going_on_from_an_instant_takes_what_was_taken_back_there(store, clock, night):
    moment = Moment(store)
    moment.at = later(15)
    with moment.reading() as query:
        assert numbers(open_incidents(query)) == ["I-0001", "I-0002"]
    with moment.reading() as query:
        assert query._earlier
    for minutes, wanted in (
        (12, ["I-0001", "I-0002"]),
        (25, ["I-0002"]),
        (5, ["I-0001", "I-0002"]),
        (-1, []),
    ):
        moment.at = later(minutes)
        with moment.reading() as query:
            assert numbers(open_incidents(query)) == wanted
    moment.at = later(15)
    with moment.reading() as query:
        assert numbers(open_incidents(query)) == ["I-0001", "I-0002"]
    move(clock, 50)
    with store.writing("Strike") as tx:
        tx.strike(tx.get(Incident, night[1].id))
    with moment.reading() as query:
        assert numbers(open_incidents(query)) == ["I-0001", "I-0002"]
    moment.at = None
    with moment.reading() as query:
        assert numbers(open_incidents(query)) == ["I-0003"]


def test_what_was_erased_is_not_remembered_from_an_earlier_look(store, clock):
    with store.writing("Log") as tx:
        caller = tx.put(an_incident(source="Ibu Wati"))
    move(clock, 10)
    with store.writing("Amend") as tx:
        tx.put(replace(caller, source="Ibu W.", text="amended"))
    moment = Moment(store)
    moment.at = later(5)
    with moment.reading() as query:
        assert query.get(Incident, caller.id).source == "Ibu Wati"
    store.erase(Incident, caller.id)
    with moment.reading() as query, store.reading() as now:
        assert query.get(Incident, caller.id) == Past(now, later(5)).get(Incident, caller.id)
        assert query.get(Incident, caller.id).source != "Ibu Wati"


def test_the_entries_of_a_stretch_are_counted_and_stepped_through(store, night):
    edges = [later(minutes) for minutes in (-5, 5, 15, 25, 35)]
    with store.reading() as query:
        counts = density(query, edges)
        assert sum(counts) == query.upto()
        assert all(counts)
        assert query.came_in() == later(0)
        assert query.came_in(after=later(0)) == later(10)
        assert query.came_in(before=later(20)) == later(10)
        assert query.came_in(after=later(30)) is None
        assert query.came_in(before=later(0)) is None


def test_a_step_tells_when_it_came_in(store, night):
    with store.reading() as query:
        assert [step.received_at for step in query.steps()] == [later(m) for m in (30, 20, 10, 0)]


def test_what_changed_since_runs_to_the_last_entry_there_is(store, night):
    with store.reading() as query:
        forever = datetime.max.replace(tzinfo=UTC)
        found = between(Past(query, later(5)), later(5), forever)
        assert [each.after.number for each in found] == ["I-0001", "I-0003"]


class Nights(RuleBasedStateMachine):
    """Whatever was written: the past at each instant is what the present was then."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = ManualClock(SIX)
        folder = Path(self.folder.name) / "x.kentongan"
        self.store = Store.create(folder, Operation("X", SIX), clock=self.clock, author="A")
        self.was: list[tuple[datetime, list[Incident]]] = []
        self.moment = Moment(self.store)

    @rule(many=st.integers(1, 3), text=st.text(max_size=5))
    def log(self, many, text):
        with self.store.writing("Log") as tx:
            for n in range(many):
                tx.put(an_incident(number=f"I-{len(self.was)}-{n}", text=text))

    @rule(which=st.integers(0, 50), severity=st.sampled_from(list(Severity)), strike=st.booleans())
    def change(self, which, severity, strike):
        with self.store.writing("Change") as tx:
            known = tx.find(Incident)
            if known:
                chosen = replace(known[which % len(known)], severity=severity, affected=which or None)
                tx.put(replace(chosen, void=strike))

    @rule()
    def undo(self):
        with self.store.writing("Undo") as tx, suppress(UserError):
            history.undo(tx)

    @rule()
    def time_goes_on(self):
        with self.store.reading() as query:
            self.was.append((self.clock.now(), query.find(Incident, void=None)))
        self.clock.advance(timedelta(minutes=1))

    @invariant()
    def the_past_is_what_was(self):
        with self.store.reading() as query:
            for instant, found in self.was:
                assert Past(query, instant).find(Incident, void=None) == found

    @rule(which=st.integers(0, 2**31))
    def another_desk_brings(self, which):
        with TemporaryDirectory() as folder, self.store.reading() as query:
            about = Operation("X", SIX, desk="F")
            field = Store.create(Path(folder) / "f.kentongan", about, clock=self.clock, author="F")
            with field.writing("Take in") as tx:
                tx.receive([edit for _n, edit in query.edits_after(0)])
            with field.writing("Amend") as tx:
                known = tx.find(Incident, void=None)
                if known:
                    tx.put(replace(known[which % len(known)], text=f"as the field saw it {which}"))
                tx.put(an_incident(number=f"F-{which}"))
            with field.reading() as there, self.store.writing("Bring") as tx:
                tx.receive([edit for _n, edit in there.edits_after(0)])
            field.close()

    @rule(which=st.integers(0, 50))
    def look_through_the_moment(self, which):
        if self.was:
            self.moment.at, found = self.was[which % len(self.was)]
            with self.moment.reading() as query:
                assert query.find(Incident, void=None) == found
                assert open_incidents(query) == open_incidents(Past(query, self.moment.at))
                assert query.known_all(Incident, [each.id for each in found]) == {i.id: i for i in found}

    def teardown(self):
        self.store.close()
        self.folder.cleanup()


TestThePastIsWhatWas = Nights.TestCase
TestThePastIsWhatWas.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
