"""What another program wrote is never lost undecided, whatever is done at the desk in between."""

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Operation, Store, checkup, history
from gis.store.adopting import adopt, put_back
from gis.store.questions import conflicts
from gis.store.tables.engine import open_blank
from gis.sync import exchange
from tests.build import SIX, an_incident
from tests.proof.bounds import tried

FIELDS = {
    "text": ["knee deep", "hip deep", "roof deep"],
    "severity": ["Minor", "Severe", "Extreme"],
    "affected": [1, 20, 300],
}
DRAWN = {
    "void": False, "number": "Q-1", "code": "fl", "text": "drawn", "severity": "Severe", "where": "",
    "reported_at": "2026-03-14T07:00:00.000Z", "source": "", "confidence": "reported", "status": "reported",
}  # fmt: skip
OFTEN = {
    "write": 8, "take_away": 1, "draw": 2, "nonsense": 1, "look": 3, "amend": 4, "save_what_was_seen": 4,
    "close_or_reopen": 2, "receive": 4, "settle": 2, "undo": 3, "redo": 2, "adopt": 1, "put_back": 1,
    "make_again": 1, "reopen": 1,
}  # fmt: skip
PICK = st.integers(0, 30)
ACT = st.tuples(st.sampled_from([what for what, times in OFTEN.items() for _ in range(times)]), PICK, PICK)


class Outsider:
    """Another program with the file open, as QGIS has it."""

    def __init__(self, folder):
        self._file = open_blank(folder / "desk.gpkg")

    def say(self, statement, *values):
        """How many rows that touched."""
        with self._file.begin() as desk:
            return desk.exec_driver_sql(statement, values).rowcount

    def close(self):
        self._file.dispose()


class Desk:
    """A desk, a team whose packages arrive, another program, and what it wrote that nobody decided about."""

    def __init__(self, blank, folder):
        self.clock = ManualClock(SIX + timedelta(hours=1))
        self.folders = [Path(shutil.copytree(blank, folder / f"{name}.kentongan")) for name in ("a", "b")]
        self.store, self.team = (
            Store.open(path, clock=self.clock, author=path.stem) for path in self.folders
        )
        self.outsider = Outsider(self.folders[0])
        self.undecided, self.seen, self.told = {}, {}, Counter()

    def do(self, what, who, which):
        self.clock.advance(timedelta(minutes=1))
        before = self.offered()
        with suppress(UserError):
            getattr(self, what)(who, which)
        self.told[what] += bool(before)
        self.check()

    def close(self):
        self.outsider.close()
        self.store.close()
        self.team.close()

    def rows(self):
        with self.store.reading() as query:
            return {each.id: each for each in query.find(Incident, void=None)}

    def truth(self, record):
        with self.store.reading() as query:
            heads = query.standing("Incident", record)
        return {field: edits[0].value for field, edits in heads.items()}

    def offered(self):
        with self.store.reading() as query:
            return query.outside()

    def one(self, who):
        ids = sorted(self.rows())
        return ids[who % len(ids)]

    # What the other program does.

    def write(self, who, which):
        record, field = self.one(who), [*FIELDS][which % len(FIELDS)]
        value = FIELDS[field][which % 7 % 3]
        self._say(record, field, value)

    def nonsense(self, who, which):
        self._say(self.one(who), "severity", f"a word that is none {which}")

    def _say(self, record, field, value):
        now = f"UPDATE incidents SET {field} = ? WHERE id = ? AND {field} IS NOT ?"
        if not self.outsider.say(now, value, record, value):
            return
        if self.truth(record).get(field) == value:
            self.undecided.pop((record, field), None)  # it took back what it wrote
        else:
            self.undecided[record, field] = value

    def take_away(self, who, _which):
        record = self.one(who)
        self.outsider.say("DELETE FROM incidents WHERE id = ?", record)
        self.undecided = {place: v for place, v in self.undecided.items() if place[0] != record}
        if self.truth(record):
            self.undecided[record, "void"] = True

    def draw(self, _who, which):
        values = DRAWN | {"id": f"q{which}", "text": f"drawn {which}"}
        if values["id"] in self.rows() or self.truth(values["id"]):
            return
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        self.outsider.say(f"INSERT INTO incidents ({names}) VALUES ({marks})", *values.values())
        self.undecided[values["id"], "text"] = values["text"]

    # What is done at the desk.

    def look(self, _who, _which):
        """Somebody opens a form: what it shows may be old when it is saved."""
        self.seen = self.rows()

    def amend(self, who, which):
        record, field = self.one(who), [*FIELDS][which % len(FIELDS)]
        known, before = self.truth(record), self.truth(record)
        kind = type(getattr(self.rows()[record], field) or 0)
        value = kind(FIELDS[field][which % 5 % 3])
        self.store.write("Amend", lambda tx: incidents.amend(tx, record, **{field: value}))
        if known:
            assert self.truth(record) == before | {field: value}, "nothing else, and that for certain"

    def save_what_was_seen(self, who, which):
        if self.seen:
            record = self.seen[sorted(self.seen)[who % len(self.seen)]]
            self.store.write("Save", lambda tx: tx.put(replace(record, text=f"typed {which}")))
            assert self.truth(record.id)["text"] == f"typed {which}"

    def close_or_reopen(self, who, _which):
        record = self.one(who)
        verb = incidents.close if self.rows()[record].closed_at is None else incidents.reopen
        self.store.write("Close or reopen", lambda tx: verb(tx, record))

    def receive(self, who, which):
        self._bring(self.store, self.team)
        with self.team.reading() as query:
            records = query.find(Incident, void=None)
        record = records[who % len(records)]
        self.team.write("Amend", lambda tx: incidents.amend(tx, record.id, text=f"the team says {which}"))
        if who % 3:
            self._bring(self.team, self.store)
        else:  # both at the same time
            self.store.write(
                "Amend", lambda tx: incidents.amend(tx, record.id, text=f"the desk says {which}")
            )
            self._bring(self.team, self.store)

    def _bring(self, giver, taker):
        with giver.reading() as query:
            edits = [edit for _n, edit in query.edits_after(0)]
        taker.write("Take in", lambda tx: tx.receive(edits))

    def settle(self, who, _which):
        with self.store.reading() as query:
            open_ones = conflicts(query)
        if open_ones:
            one = open_ones[who % len(open_ones)]
            self.store.write("Decide", lambda tx: exchange.settle(tx, one, one.values[-1]))

    def undo(self, _who, _which):
        self.store.write("Undo", history.undo)

    def redo(self, _who, _which):
        self.store.write("Redo", history.redo)

    def make_again(self, _who, _which):
        self.store.rebuild(Progress())

    def reopen(self, _who, _which):
        self.store.close()
        self.store = Store.open(self.folders[0], clock=self.clock, author="a")

    # What is decided about them.

    def adopt(self, _who, _which):
        asked = self.offered()
        left = self.store.write("Take over", lambda tx: adopt(tx, asked))
        assert all(foreign.problem for foreign in left)
        for foreign in asked:
            if not foreign.problem:
                assert (
                    self.truth(foreign.record_id).items()
                    >= {s.field: s.after for s in foreign.fields}.items()
                )
                self._decided(foreign)

    def put_back(self, _who, _which):
        asked = self.offered()
        truth = {foreign.record_id: self.truth(foreign.record_id) for foreign in asked}
        self.store.write("Put back", lambda tx: put_back(tx, asked))
        assert {record: self.truth(record) for record in truth} == truth
        assert self.offered() == []
        self.undecided.clear()

    def _decided(self, foreign):
        for said in foreign.fields:
            self.undecided.pop((foreign.record_id, said.field), None)

    # What holds after each of it.

    def check(self):
        offered = self.offered()
        asked = {(each.record_id, said.field): said.after for each in offered for said in each.fields}
        for (record, field), value in [*self.undecided.items()]:
            if self.truth(record).get(field) == value:
                del self.undecided[record, field]  # a person said the same
            else:
                assert asked.get((record, field)) == value, f"{record} {field} is lost"
        for each in offered:
            truth = self.truth(each.record_id)
            for said in each.fields:
                assert not truth or each.is_gone or truth.get(said.field, said.before) == said.before
        strange = {each.record_id for each in offered}
        shown = {key: row for key, row in self.rows().items() if key not in strange}
        for key, row in shown.items():
            assert self.truth(key).items() >= {"text": row.text, "severity": row.severity}.items()


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    path = tmp_path_factory.mktemp("blank") / "a.kentongan"
    store = Store.create(path, Operation("Seruni", SIX), clock=ManualClock(SIX), author="a")
    with store.writing("Log") as tx:
        for n in range(2):
            tx.put(an_incident(number=f"I-{n:04}", text=f"House {n}", affected=0))
    store.close()
    return path


@given(st.lists(ACT, min_size=4, max_size=25))
@tried(20, 2000)
def test_no_value_of_another_program_vanishes_undecided_whatever_is_done(blank, acts):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(blank, Path(folder))
        try:
            for what, who, which in acts:
                desk.do(what, who, which)
            desk.do("put_back", 0, 0)
            rows = desk.rows()
            desk.store.rebuild(Progress())
            assert desk.rows() == rows
            assert checkup.faults(desk.folders[0]) == []
        finally:
            desk.close()
        for what, times in desk.told.items():
            event(f"{what} while something waits", times)


@pytest.fixture
def desk(blank, tmp_path):
    made = Desk(blank, tmp_path)
    yield made
    made.close()


def test_a_package_shows_the_journal_and_what_stood_in_the_row_is_still_asked_about(desk):
    record = desk.one(0)
    desk._say(record, "text", "roof deep")
    desk.team.write("Amend", lambda tx: incidents.amend(tx, record, affected=12))
    desk._bring(desk.team, desk.store)
    assert (desk.rows()[record].text, desk.rows()[record].affected) == ("House 0", 12)
    (foreign,) = desk.offered()
    assert [(said.field, said.before, said.after) for said in foreign.fields] == [
        ("text", "House 0", "roof deep")
    ]
    desk.adopt(0, 0)
    assert (desk.rows()[record].text, desk.rows()[record].affected) == ("roof deep", 12)
    assert desk.offered() == []


def test_who_amends_another_field_takes_nothing_over_by_it(desk):
    record = desk.one(0)
    desk._say(record, "text", "roof deep")
    desk.look(0, 0)
    desk.store.write("Save", lambda tx: tx.put(replace(desk.seen[record], affected=7)))
    assert desk.truth(record)["text"] == desk.rows()[record].text == "House 0"
    with desk.store.reading() as query:
        assert {edit.field for edit in query.steps(1)[0].edits} == {"affected"}
    assert [foreign.fields[0].after for foreign in desk.offered()] == ["roof deep"]


def test_what_was_written_since_the_question_was_shown_is_neither_put_back_nor_taken_over(desk):
    one, two = desk.one(0), desk.one(1)
    desk._say(one, "text", "roof deep")
    asked = desk.offered()
    desk._say(one, "affected", 300)
    desk._say(two, "text", "hip deep")
    for decide in (adopt, put_back):
        desk.store.write("Decide", lambda tx, decide=decide: decide(tx, asked))
        assert {foreign.record_id for foreign in desk.offered()} == {one, two}
    assert desk.rows()[one].affected == 300


def test_making_the_tables_again_loses_nothing_that_another_program_drew(desk):
    desk.draw(0, 5)
    desk.make_again(0, 0)
    assert "q5" not in desk.rows()
    desk.adopt(0, 0)
    assert desk.rows()["q5"].text == "drawn 5"


def test_what_another_program_said_of_a_caller_is_erased_with_the_rest(desk):
    record = desk.one(0)
    desk._say(record, "source", "Ibu Kartini, Kampung Sari 14")
    desk.store.write("Close", lambda tx: incidents.close(tx, record))
    assert [said.after for foreign in desk.offered() for said in foreign.fields] == [
        "Ibu Kartini, Kampung Sari 14"
    ]
    desk.store.erase(Incident, record)
    assert desk.offered() == []
    desk.outsider.close()
    desk.store.close()
    held = b"".join(path.read_bytes() for path in desk.folders[0].glob("desk.gpkg*"))
    assert b"Ibu Kartini" not in held
