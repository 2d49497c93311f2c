"""The medium of a second copy is pulled out, full, in use, or not what it seems; the desk goes on."""

import shutil
from dataclasses import replace

import pytest

from gis.clock import ManualClock
from gis.errors import Cancelled, UserError
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.second import SecondCopy
from gis.store.second.base import DESK, generations
from tests import needs
from tests.build import SIX, an_incident
from tests.gis.store.followed import log, restored
from tests.rooms import in_a_small_room


def test_a_medium_pulled_out_is_said_and_found_again(store, copy, stick, tmp_path, clock):
    log(store, "one")
    copy.step(Progress())
    stick.rename(tmp_path / "pocket")
    log(store, "two")
    state = copy.step(Progress())
    assert "is not there" in state.problem
    assert state.behind > 0
    assert not stick.exists()
    (tmp_path / "pocket").rename(stick)
    assert copy.step(Progress()).problem == ""
    assert copy.state.behind == 0
    assert restored(stick, tmp_path, clock) == ["one", "two"]


def test_a_copy_that_was_deleted_is_begun_anew(store, copy, stick, tmp_path, clock):
    log(store, "one")
    copy.step(Progress())
    shutil.rmtree(copy.folder)
    assert copy.step(Progress()).problem == ""
    assert restored(stick, tmp_path, clock) == ["one"]


def test_a_file_in_the_place_of_the_copy_is_a_problem_in_words(store, copy, stick):
    copy.folder.write_text("not a folder")
    assert copy.step(Progress()).problem != ""
    assert copy.folder.read_text() == "not a folder"


def test_it_says_when_both_are_on_the_same_disk(copy):
    assert copy.step(Progress()).same_disk


@pytest.mark.parametrize("place", ["", "inside"])
def test_the_operations_own_folder_is_refused(store, place):
    with pytest.raises(UserError, match="cannot hold a second copy"):
        SecondCopy(store, store.folder / place)


def test_another_operations_copy_of_the_same_name_is_not_touched(store, copy, stick, tmp_path, clock):
    log(store, "one")
    copy.step(Progress())
    there = sorted(copy.folder.rglob("*"))
    other = Store.create(
        tmp_path / "else" / "flood.kentongan", Operation("Elsewhere", SIX), clock=clock, author=""
    )
    second = SecondCopy(other, stick, clock=clock)
    assert "another operation" in second.step(Progress()).problem
    second.close()
    other.close()
    assert sorted(copy.folder.rglob("*")) == there


def test_another_program_takes_no_part_of_a_copy_for_a_live_store(copy, store, clock):
    log(store, "one")
    copy.step(Progress())
    (newest,) = generations(copy.folder)
    with pytest.raises(UserError):
        Store.open(newest.folder, clock=clock, author="")
    assert (newest.folder / DESK).read_bytes()[18:20] == b"\x01\x01"  # rollback mode
    assert {path.suffix for path in newest.folder.iterdir()} == {".gpkg", ".sqlite", ".json", ".spool"}


def test_stopping_a_base_leaves_nothing_and_the_next_step_makes_it(store, copy, stick, tmp_path, clock):
    log(store, "one")
    progress = Progress(lambda *_: progress.cancel())
    with pytest.raises(Cancelled):
        copy.step(progress)
    assert generations(copy.folder) == []
    again = SecondCopy(store, stick, clock=clock)
    again.step(Progress())
    again.close()
    assert restored(stick, tmp_path, clock) == ["one"]


def test_an_altered_live_store_never_becomes_a_generation(store, copy, stick, tmp_path):
    log(store, "one")
    assert copy.step(Progress()).problem == ""
    shutil.rmtree(copy.folder)
    copy.close()
    with store.writing("Log") as tx:
        incident = tx.put(an_incident(text="two"))
        tx.put(replace(incident, text="three"))
    store.close()
    path = store.folder / "desk.gpkg"
    content = path.read_bytes()
    assert content.count(b'"value":"two"') == 1
    path.write_bytes(content.replace(b'"value":"two"', b'"value":"ten"'))
    live = Store.open(store.folder, clock=ManualClock(SIX), author="")
    second = SecondCopy(live, stick)
    state = second.step(Progress())
    assert "not accepted" in state.problem
    assert generations(second.folder) == []
    assert not list(second.folder.iterdir())
    second.close()
    live.close()


FULL = """
import os, shutil, sys
from pathlib import Path
from gis.clock import SystemClock
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.second import SecondCopy
from gis.store.second.base import generations
from tests.build import an_incident

place = Path(sys.argv[1])
(place / "stick" / "ballast").write_bytes(bytes(900_000))
operation = Operation("X", SystemClock().now())
store = Store.create(place / "a.kentongan", operation, clock=SystemClock(), author="")
copy = SecondCopy(store, place / "stick")
said = set()
assert copy.step(Progress()).problem == "", copy.state
for n in range(200):
    with store.writing("Log") as tx:
        tx.put(an_incident(number=f"I-{n}", text=os.urandom(4000).hex()))
    said.add(copy.step(Progress()).problem)
    if any(said):
        break
assert any("no room" in problem for problem in said), said
(place / "stick" / "ballast").unlink()
assert copy.step(Progress()).problem == ""
assert copy.state.behind == 0
print(n + 1, len(generations(copy.folder)))
copy.close()
store.close()
shutil.copytree(copy.folder, place / "saved" / copy.folder.name)
"""


@needs.linux
def test_a_full_medium_is_said_the_desk_goes_on_and_so_does_the_copy(tmp_path, clock):
    """The second copy's disk has two megabytes, a part of them taken by others."""
    (tmp_path / "stick").mkdir()
    said = in_a_small_room(tmp_path / "stick", "2m", "-c", FULL, tmp_path)
    written, _generations = map(int, said.split())
    assert len(restored(tmp_path / "saved", tmp_path, clock)) == written
