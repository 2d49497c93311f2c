"""An actor writes at one place: a copied or restored one goes on under another, and says what is lost."""

import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from gis import settings
from gis.cli import main
from gis.errors import UserError
from gis.model.incident import Incident
from gis.store import Operation, Store, history
from gis.store.journal.ledger import Arrival
from gis.sync.exchange import receive
from gis.sync.package import pack, unpack
from tests.build import SIX, an_incident


def opened(folder, clock):
    return Store.open(folder, clock=clock, author="R. Sari")


def log(store, *numbers):
    for number in numbers:
        with store.writing(f"Log {number}") as tx:
            tx.put(an_incident(number=number))


def numbers(store):
    with store.reading() as query:
        assert query.broken() is None
        return sorted(incident.number for incident in query.find(Incident))


def exchange(one, two, tmp_path):
    for number, (giver, taker) in enumerate(((one, two), (two, one))):
        packed = pack(giver, tmp_path / f"{giver.folder.name}-{number}.kentongan-package")
        with taker.writing("Take in") as tx:
            receive(tx, unpack(packed.path))


@pytest.fixture
def folder(tmp_path, clock):
    made = Store.create(tmp_path / "a.kentongan", Operation("Seruni", SIX), clock=clock, author="R. Sari")
    log(made, "I-1")
    made.close()
    return made.folder


def test_at_its_own_place_an_operation_keeps_its_actor_and_its_undo(folder, clock):
    first = opened(folder, clock)
    first.close()
    again = opened(folder, clock)
    assert again.actor == first.actor
    again.write("Undo", history.undo)
    assert numbers(again) == []
    assert again.findings == ()
    again.close()


def test_a_copied_folder_writes_as_somebody_else_and_nothing_is_lost_when_both_meet(folder, tmp_path, clock):
    copy = tmp_path / "b.kentongan"
    shutil.copytree(folder, copy)
    one, two = opened(folder, clock), opened(copy, clock)
    assert one.actor != two.actor
    assert one.operation == two.operation
    log(one, "I-2", "I-3")
    log(two, "I-4")
    with one.reading() as query, two.reading() as other:
        (mine,), (theirs,) = query.find(Incident, number="I-1"), other.find(Incident, number="I-1")
    with one.writing("Amend") as tx:
        tx.put(replace(mine, text="to the knee"))
    with two.writing("Amend") as tx:
        tx.put(replace(theirs, text="to the hip"))
    exchange(one, two, tmp_path)
    for store in (one, two):
        assert numbers(store) == ["I-1", "I-2", "I-3", "I-4"]
        with store.reading() as query:
            assert query.disputed() == [("Incident", mine.id)]
            assert query.missing() == 0
        store.close()


def test_a_moved_folder_remembers_its_former_actors(folder, tmp_path, clock):
    first = opened(folder, clock)
    first.close()
    moved = folder.rename(tmp_path / "moved.kentongan")
    store = opened(moved, clock)
    assert store.actor != first.actor
    with store.reading() as query:
        assert query.kept("actors") == [first.actor]
    log(store, "I-2")
    assert numbers(store) == ["I-1", "I-2"]
    store.close()


def test_in_a_moved_folder_undo_takes_back_what_was_done_before(folder, tmp_path, clock):
    first = opened(folder, clock)
    log(first, "I-2")
    first.close()
    store = opened(folder.rename(tmp_path / "moved.kentongan"), clock)
    assert store.actor != first.actor
    store.write("Undo", history.undo)
    assert numbers(store) == ["I-1"]
    store.write("Redo", history.redo)
    assert numbers(store) == ["I-1", "I-2"]
    log(store, "I-3")
    for _each in range(3):
        store.write("Undo", history.undo)
    assert numbers(store) == []
    store.close()


def test_a_copy_offers_its_authors_their_own_steps_and_nobody_those_of_others(folder, tmp_path, clock):
    copy = tmp_path / "b.kentongan"
    shutil.copytree(folder, copy)
    one, two = opened(folder, clock), opened(copy, clock)
    with pytest.raises(UserError, match="nothing of yours"):
        two.write("Undo", history.undo, author="another")
    log(one, "I-2")
    two.write("Undo", history.undo)
    assert (numbers(one), numbers(two)) == (["I-1", "I-2"], [])
    exchange(one, two, tmp_path)
    assert numbers(one) == numbers(two) == ["I-2"]
    with two.reading() as query:
        back = history.can_undo(query, "R. Sari")
    assert isinstance(back, Arrival), "what came in a package goes with it alone"
    one.close()
    two.close()


def test_another_computer_is_another_place(folder, tmp_path, clock, monkeypatch):
    first = opened(folder, clock)
    first.close()
    monkeypatch.setenv(settings.HOME_VARIABLE, str(tmp_path / "another"))
    second = opened(folder, clock)
    second.close()
    assert second.actor != first.actor


def test_the_name_of_a_computer_stays(tmp_path):
    home = settings.Home(tmp_path / "home")
    assert home.machine() == home.machine() != settings.Home(tmp_path / "other").machine()


KILLED = """
import os, sys
from pathlib import Path
from gis.clock import SystemClock
from gis.store import Store
from tests.gis.store.test_identity import log
store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="R. Sari")
log(store, "I-2", "I-3")
os._exit(9)
"""


def killed_after_two_more(folder):
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert (folder / "desk.gpkg-wal").stat().st_size > 0


def test_a_log_that_was_deleted_is_noticed_told_to_the_entry_and_heals_when_the_entries_return(
    folder, tmp_path, clock
):
    killed_after_two_more(folder)
    whole = tmp_path / "whole.kentongan"
    shutil.copytree(folder, whole)
    for log_file in folder.glob("*-wal"):
        log_file.unlink()
    store = opened(folder, clock)
    (said,) = store.findings
    with store.reading() as query:
        last = query.edits_after(0)[-1][0]
    before = opened(whole, clock)
    with before.reading() as query:
        upto = query.edits_after(0)[-1][0]
    assert f"{upto - last} saved entries" in said
    assert f"the numbers {last + 1} to {upto}" in said
    assert f"number {last}, “Log I-1” by R. Sari" in said
    assert store.actor != before.actor
    log(store, "I-4")
    store.close()
    store = opened(folder, clock)
    assert len(store.findings) == 1, "it is said until they are back"
    exchange(store, before, tmp_path)
    assert numbers(store) == numbers(before) == ["I-1", "I-2", "I-3", "I-4"]
    before.close()
    store.close()
    store = opened(folder, clock)
    assert store.findings == ()
    store.close()


def test_an_old_copy_that_was_put_in_place_is_noticed_even_when_it_was_written_on(folder, clock, capsys):
    old = (folder / "desk.gpkg").read_bytes()
    store = opened(folder, clock)
    log(store, "I-2")
    actor = store.actor
    store.close()
    (folder / "desk.gpkg").write_bytes(old)  # the same file to the system: its inode stays
    store = opened(folder, clock)
    assert len(store.findings) == 1
    assert store.actor != actor
    store.close()
    assert main(["check", str(folder)]) == 0
    assert "missing" in capsys.readouterr().out


def test_a_swapped_journal_of_the_same_length_is_noticed(folder, tmp_path, clock):
    copy = tmp_path / "b.kentongan"
    shutil.copytree(folder, copy)
    one, two = opened(folder, clock), opened(copy, clock)
    log(one, "I-2")
    log(two, "I-2", "I-3")
    one.close()
    two.close()
    (folder / "desk.gpkg").write_bytes((copy / "desk.gpkg").read_bytes())
    store = opened(folder, clock)
    assert "not the one" in store.findings[0]
    store.close()


@pytest.mark.parametrize("content", [b"", b"\0" * 86, b"what is this", b"1 2 3\n", "７ x".encode()])
def test_a_tip_that_cannot_be_read_is_no_finding(folder, clock, content):
    (folder / "tip").write_bytes(content)
    store = opened(folder, clock)
    assert store.findings == ()
    log(store, "I-2")
    store.close()
    assert (folder / "tip").read_text().endswith("\n")


def test_who_finds_another_writing_under_its_name_takes_a_new_one(folder, tmp_path, clock):
    """The disk of a computer was copied: all is the same, and both wrote on."""
    store = opened(folder, clock)
    kept, actor = (folder / "desk.gpkg").read_bytes(), store.actor
    store.close()
    store = opened(folder, clock)
    log(store, "I-2")
    packed = pack(store, tmp_path / "one.kentongan-package")
    store.close()
    (folder / "desk.gpkg").write_bytes(kept)
    (folder / "tip").unlink()
    twin = opened(folder, clock)
    assert twin.actor == actor, "nothing tells it apart yet"
    log(twin, "I-3")
    with twin.writing("Take in") as tx:
        told = receive(tx, unpack(packed.path))
    assert told.twin
    assert told.letters != twin.operation.desk, "the twin counts on under the old ones"
    assert twin.actor != actor, "at once, not at the next opening"
    log(twin, "I-4")
    with twin.writing("Take in") as tx:
        assert not receive(tx, unpack(packed.path)).twin, "it is said once"
    apart = twin.actor
    twin.close()
    twin = opened(folder, clock)
    assert twin.actor == apart
    with twin.reading() as query:
        assert {edit.actor for edit in query.step(query.steps(1)[0].id).edits} == {apart}
        assert {i.number for i in query.find(Incident)} == {"I-1", "I-2", "I-3", "I-4"}
        assert query.forks().keys() == {actor}
        done = [step.label for step in query.steps(begun=query.begun("R. Sari", 50))]
    assert done == ["Log I-4", "Log I-3", "Log I-1"], "under both names, not the twin's"
    twin.close()
