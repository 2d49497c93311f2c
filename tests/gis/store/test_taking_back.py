"""Taking back what disagrees, what is gone, and what changed nothing: the corners the proofs found."""

from dataclasses import replace

import pytest

from gis.errors import UserError
from gis.model.incident import Incident
from gis.ops import incidents
from gis.store import Operation, Store, history
from gis.store.journal.edit import read
from gis.store.questions import conflicts
from gis.sync import exchange
from tests.build import SIX, an_incident
from tests.proof.desks import statement


@pytest.fixture
def team(tmp_path, clock):
    made = Store.create(tmp_path / "team.kentongan", Operation("Seruni", SIX), clock=clock, author="Team")
    yield made
    made.close()


def carry(source, target):
    with source.reading() as query, target.writing("Take in") as tx:
        edits = [edit for _n, edit in query.edits_after(0)]
        tx.receive(edits, query.personal(edits))


def log(store, **but):
    with store.writing("Log") as tx:
        return tx.put(an_incident(**but))


def amend(store, incident, author=None, **changes):
    with store.writing("Amend", author) as tx:
        return incidents.amend(tx, incident.id, **changes)


def undo(store, verb=history.undo):
    with store.writing("Undo") as tx:
        return verb(tx)


def text(store, incident):
    with store.reading() as query:
        return query.get(Incident, incident.id).text


def questions(store):
    with store.reading() as query:
        return [{edit.value for edit in conflict.values} for conflict in conflicts(query)]


@pytest.fixture
def disputed(store, team):
    """The desk said one thing, then took in another."""
    made = log(store)
    carry(store, team)
    amend(store, made, text="knee high")
    amend(team, made, text="chest high")
    carry(team, store)
    return made


def test_a_package_that_brought_a_dispute_is_undone_once_and_the_dispute_is_gone(store, disputed):
    undo(store)
    assert (text(store, disputed), questions(store)) == ("knee high", [])
    undo(store)
    assert text(store, disputed) == "Water knee high"


def test_doing_again_what_brought_a_dispute_asks_the_question_again(store, disputed):
    before = text(store, disputed)
    undo(store)
    undo(store, history.redo)
    assert (text(store, disputed), questions(store)) == (before, [{"knee high", "chest high"}])
    undo(store)
    assert (text(store, disputed), questions(store)) == ("knee high", [])


def test_undoing_the_arrival_of_anothers_decision_asks_the_question_again(store, team, disputed):
    carry(store, team)
    with team.reading() as query:
        (conflict,) = conflicts(query)
    with team.writing("Settle") as tx:
        exchange.settle(tx, conflict, conflict.values[0])
    carry(team, store)
    assert questions(store) == []
    undo(store)
    assert questions(store) == [{"knee high", "chest high"}]
    undo(store, history.redo)
    assert questions(store) == []


def test_what_another_has_struck_out_since_is_not_undone_as_if_it_were_mine(store):
    made = log(store)
    with store.writing("Strike", "A. Putri") as tx:
        incidents.strike(tx, made.id)
    with pytest.raises(UserError, match="changed since"):
        undo(store)


def test_a_package_of_which_nothing_is_shown_bars_nobody_from_undoing_what_was_before(store):
    made = log(store)
    with store.writing("Take in") as tx:
        tx.receive([read(statement(("Drone", "d", "text"), "up"))])
    undo(store)
    with store.reading() as query:
        assert query.get(Incident, made.id).void


def test_an_amendment_of_what_was_erased_is_undone_and_then_the_one_before(store):
    made = log(store, source="Ibu Kartini")
    amend(store, made, text="hip high")
    amend(store, made, source="Pak Budi")
    store.erase(Incident, made.id)
    undo(store)
    undo(store)
    assert text(store, made) == made.text
    undo(store, history.redo)
    undo(store, history.redo)
    with store.reading() as query:
        assert query.get(Incident, made.id) == replace(made, text="hip high", source="")
        assert query.broken() is None


def test_an_erased_caller_can_be_settled(store, team):
    made = log(store, source="Ibu Kartini")
    carry(store, team)
    amend(store, made, source="Pak Budi")
    amend(team, made, source="Bu Dewi")
    carry(team, store)
    with store.reading() as query:
        (conflict,) = conflicts(query)
    store.erase(Incident, made.id)
    with store.writing("Settle") as tx:
        exchange.settle(tx, conflict, tx.edit(conflict.values[0].id))
    assert questions(store) == []
    with store.reading() as query:
        assert query.get(Incident, made.id).source == ""
        assert len(query.standing("Incident", made.id)["source"]) == 1
