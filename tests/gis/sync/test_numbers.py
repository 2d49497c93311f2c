"""Numbers are spoken on the radio: copies of one operation give different ones; where two met, it is said."""

import shutil
import subprocess
import sys
from datetime import timedelta

import pytest

from gis.model.incident import Incident, Note, Severity
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Operation, Past, Store, history
from gis.store.questions import shared_numbers
from gis.store.second import SecondCopy
from gis.store.second.restore import restore
from gis.sync import exchange
from gis.sync.package import pack, unpack
from tests.build import SIX


@pytest.fixture
def opened(clock):
    made = []

    def opened(folder):
        made.append(Store.open(folder, clock=clock, author=folder.stem))
        return made[-1]

    yield opened
    for each in made:
        each.close()


@pytest.fixture
def desk(tmp_path, clock, opened):
    """A new operation of the same city, all of them under the usual letter."""

    def desk(name, letters="I"):
        about = Operation("Seruni", SIX, desk=letters)
        made = Store.create(tmp_path / f"{name}.kentongan", about, clock=clock, author=name)
        made.close()
        return opened(made.folder)

    return desk


def log(store, *texts):
    with store.writing("Log") as tx:
        return [incidents.log(tx, "fl", text, Severity.MINOR) for text in texts]


def numbers(store):
    with store.reading() as query:
        return sorted(incident.number for incident in query.find(Incident))


def carry(source, target, folder):
    package = unpack(pack(source, folder / f"{source.author}.kentongan-package").path)
    with target.reading() as query:
        plan = exchange.plan(query, package)
    with target.writing("Take in") as tx:
        received = exchange.receive(tx, package)
    return plan, received


def meet(one, two, folder):
    """Each takes in what the other has; no incident of theirs shares a number."""
    for source, target in ((one, two), (two, one)):
        plan, received = carry(source, target, folder)
        assert plan.shared_numbers == received.shared_numbers == ()
        assert received.letters == ""
    assert numbers(one) == numbers(two)
    with one.reading() as query:
        assert shared_numbers(query) == {}


def test_a_restored_copy_and_the_original_both_go_on_and_no_number_is_given_twice(
    desk, opened, tmp_path, clock
):
    original = desk("city")
    log(original, "before")
    (tmp_path / "stick").mkdir()
    copy = SecondCopy(original, tmp_path / "stick", clock=clock)
    copy.step(Progress())
    copy.close()
    log(original, "after the copy")
    restored = opened(restore(tmp_path / "stick", tmp_path / "again.kentongan", Progress()).folder)
    (first,) = log(restored, "there")
    log(original, "here")
    assert numbers(original) == ["I-0001", "I-0002", "I-0003"]
    letters = first.number.removesuffix("-0001")
    assert len(letters) == 3
    assert letters.startswith("I")
    meet(original, restored, tmp_path)
    assert log(original, "next")[0].number == "I-0004"
    assert log(restored, "next")[0].number == f"{letters}-0002"


def test_a_copied_folder_numbers_apart_and_goes_on_so_in_its_place(desk, opened, tmp_path):
    original = desk("city")
    log(original, "before")
    original.close()
    folder = shutil.copytree(original.folder, tmp_path / "copy.kentongan")
    original, copy = opened(original.folder), opened(folder)
    log(original, "here")
    (first,) = log(copy, "there")
    meet(original, copy, tmp_path)
    copy.close()
    (second,) = log(opened(folder), "there")
    assert second.number == first.number.replace("0001", "0002")


def test_copies_of_an_operation_in_which_nothing_was_logged_yet_are_desks_of_their_own(
    desk, opened, tmp_path
):
    original = desk("city")
    original.close()
    folder = shutil.copytree(original.folder, tmp_path / "copy.kentongan")
    original, copy = opened(original.folder), opened(folder)
    assert original.actor != copy.actor
    log(original, "here")
    log(copy, "there")
    meet(original, copy, tmp_path)


def test_a_copy_of_a_copy_leaves_the_letters_of_the_copy_to_it(desk, opened, tmp_path):
    stores = [desk("city")]
    for name in ("b", "c"):
        log(stores[-1], "before")
        stores[-1].close()
        folder = shutil.copytree(stores[-1].folder, tmp_path / f"{name}.kentongan")
        stores[-1] = opened(stores[-1].folder)
        stores.append(opened(folder))
    for store in stores:
        log(store, "after")
    _city, b, c = stores
    meet(b, c, tmp_path)


def test_a_folder_that_was_only_moved_goes_on_with_its_numbers(desk, opened, tmp_path):
    store = desk("city")
    log(store, "before")
    store.close()
    moved = opened(store.folder.rename(tmp_path / "renamed.kentongan"))
    assert log(moved, "after")[0].number == "I-0002"


CUT_OFF = """
import os, sys
from pathlib import Path
from gis.clock import SystemClock
from gis.store import Store
from tests.gis.sync.test_numbers import log
store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="city")
log(store, "spoken on the radio", "and so was this")
os._exit(9)
"""


def test_where_entries_are_missing_their_numbers_are_not_given_again(desk, opened):
    store = desk("city")
    log(store, "first")
    store.close()
    subprocess.run([sys.executable, "-c", CUT_OFF, str(store.folder)], check=False)
    for path in store.folder.glob("*-wal"):
        path.unlink()
    store = opened(store.folder)
    assert numbers(store) == ["I-0001"]
    assert not log(store, "later")[0].number.startswith("I-")


@pytest.fixture
def strangers(desk):
    """Two desks that never met and count under the same letter."""
    city, team = desk("city"), desk("team")
    log(city, "market", "school")
    log(team, "bridge", "clinic", "pump")
    return city, team


def test_numbers_given_twice_are_named_before_and_after_a_package_is_taken_in(strangers, tmp_path):
    city, team = strangers
    plan, received = carry(team, city, tmp_path)
    assert plan.shared_numbers == received.shared_numbers == ("I-0001", "I-0002")
    with city.reading() as query:
        shared = shared_numbers(query)
        assert {number: [i.text for i in found] for number, found in shared.items()} == {
            "I-0001": ["market", "bridge"],
            "I-0002": ["school", "clinic"],
        }
        assert shared_numbers(query, ["I-0002", "I-0003"]).keys() == {"I-0002"}
    plan, received = carry(team, city, tmp_path)
    assert plan.shared_numbers == received.shared_numbers == ()


def test_desks_that_met_under_one_letter_count_apart_from_then_on(strangers, tmp_path):
    city, team = strangers
    _plan, received = carry(team, city, tmp_path)
    assert log(city, "next")[0].number == f"{received.letters}-0001"
    assert log(team, "next")[0].number == "I-0004"


def test_one_of_the_two_gets_a_new_number_and_is_still_found_by_the_old_one(strangers, tmp_path, clock):
    city, team = strangers
    carry(team, city, tmp_path)
    clock.advance(timedelta(minutes=1))
    with city.reading() as query:
        bridge = shared_numbers(query)["I-0001"][1]
    renumbered = city.write("Renumber", lambda tx: incidents.renumber(tx, bridge.id))
    with city.reading() as query:
        assert shared_numbers(query).keys() == {"I-0002"}
        (said,) = query.find(Note, incident_id=bridge.id)
        assert said.text == f"Was I-0001, is {renumbered.number} now."
        earlier = Past(query, clock.now() - timedelta(seconds=1))
        assert shared_numbers(earlier, ["I-0001"]).keys() == {"I-0001"}
        assert shared_numbers(earlier).keys() == {"I-0001", "I-0002"}
    plan, received = carry(city, team, tmp_path)
    assert plan.shared_numbers == received.shared_numbers == ("I-0002",)
    city.write("Undo", history.undo)
    with city.reading() as query:
        assert shared_numbers(query).keys() == {"I-0001", "I-0002"}


def test_what_is_struck_out_shares_no_number(strangers, tmp_path):
    city, team = strangers
    with team.reading() as query:
        first = query.find(Incident)[0]
    team.write("Strike", lambda tx: incidents.strike(tx, first.id))
    plan, received = carry(team, city, tmp_path)
    assert plan.shared_numbers == received.shared_numbers == ("I-0002",)
    with city.reading() as query:
        assert shared_numbers(query).keys() == {"I-0002"}


def test_a_number_is_found_and_given_by_steps_into_an_index(store):
    """However many incidents there are: no question about single numbers reads them all."""
    plans = []
    with store.writing("Log") as tx:
        tx.put(incidents.log(tx, "fl", "x", Severity.MINOR))
        connection, run = tx._desk, tx._desk.exec_driver_sql

        def explain(_connection, _cursor, statement, parameters, *_rest):
            if "FROM incidents" in statement and not statement.startswith("EXPLAIN"):
                plans.extend(str(row[-1]) for row in run(f"EXPLAIN QUERY PLAN {statement}", parameters))

        from sqlalchemy import event

        event.listen(connection, "before_cursor_execute", explain)
        incidents.next_number(tx, "I")
        shared_numbers(tx, ["I-0001", "I-0002"])
        event.remove(connection, "before_cursor_execute", explain)
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN incidents")]
