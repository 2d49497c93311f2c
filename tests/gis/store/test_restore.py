"""From a second copy, damaged or cut off anywhere, to an operation again."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest

from gis.clock import SystemClock
from gis.errors import Cancelled, UserError
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.guards.tip import Tip
from gis.store.operation import desk_file
from gis.store.second import Rhythm, SecondCopy
from gis.store.second.base import DESK, READINGS, generations
from gis.store.second.restore import Gap, restore
from gis.store.second.salvage import Remains
from gis.store.second.spool import read_spool
from gis.sync.package import pack, unpack
from tests.build import SIX, a_gauge, an_incident
from tests.gis.store.seen import opened

HOURLY = Rhythm(base_every=timedelta(hours=1))


@pytest.fixture
def three(store, stick, clock):
    """Three generations with a spool each, and what was logged: the first before any base."""
    copy = SecondCopy(store, stick, clock=clock, rhythm=HOURLY)
    logged = []
    for hour in range(3):
        for part in ("base", "spool", "end"):
            logged.append(f"{part} {hour}")
            with store.writing("Log") as tx:
                tx.put(an_incident(text=logged[-1]))
            copy.step(Progress())
        clock.advance(timedelta(hours=2))
    copy.close()
    found = generations(copy.folder)
    assert len(found) == 3
    return found, logged


def flip(path, place=0.5):
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0x20
    path.write_bytes(content)


def texts(folder, clock):
    return [text for _number, text in opened(folder, clock)[0]]


@pytest.mark.parametrize("file", [DESK, READINGS])
@pytest.mark.parametrize("place", [0.0, 0.3, 0.9])
def test_a_damaged_base_gives_way_to_the_one_before_and_nothing_is_lost(
    three, stick, tmp_path, clock, file, place
):
    found, logged = three
    flip(found[-1].folder / file, place)
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    assert len(made.remarks) == 1
    assert "an earlier one was used" in made.remarks[0]
    assert texts(made.folder, clock) == logged


def test_without_any_sound_base_nothing_is_made(three, stick, tmp_path):
    for each in three[0]:
        flip(each.folder / DESK)
    with pytest.raises(UserError, match="no copy that is sound"):
        restore(stick, tmp_path / "again.kentongan", Progress())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flood.kentongan", "stick"]


def test_a_clock_that_was_put_back_hides_no_later_base(store, stick, tmp_path, clock):
    """Bases of 2026, then one after another while the clock, set right, says 2022."""
    copy = SecondCopy(store, stick, clock=clock, rhythm=Rhythm(spool_bytes=1))
    logged = []
    for round_ in range(8):
        if round_ == 2:
            clock.advance(timedelta(days=-1400))
        with store.writing("Log") as tx:
            logged += tx.put_all(
                [an_incident(text=f"{round_} {n} {os.urandom(40).hex()}") for n in range(40)]
            )
        copy.step(Progress())
        clock.advance(timedelta(minutes=1))
    copy.close()
    assert len(generations(copy.folder)) >= 2, "no base was made since"
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    assert texts(made.folder, clock) == [incident.text for incident in logged]


def page_of(path, table, *, last):
    """The offset of a table's first or last page, as the file format says (sqlite.org/fileformat.html)."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as look:
        (number,) = look.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    content = path.read_bytes()
    while last and content[(number - 1) * 4096] == 5:
        number = int.from_bytes(content[(number - 1) * 4096 + 8 :][:4], "big")
    return (number - 1) * 4096


@pytest.mark.parametrize("last", [False, True])
def test_a_damaged_operation_gives_what_it_has_where_no_base_is_sound(
    three, store, stick, tmp_path, clock, last
):
    """The journal's first page, without which none of it is found, or the one with the newest entries."""
    found, logged = three
    gauge = a_gauge()
    with store.writing("Log") as tx:
        tx.put(gauge)
        tx.append([Reading(gauge.id, SIX + timedelta(minutes=m), float(m)) for m in range(10)])
        tx.put_all([an_incident(text=f"after {n}") for n in range(100)])
    store.seal(Progress())
    with store.writing("Readings") as tx:
        tx.append([Reading(gauge.id, SIX + timedelta(hours=1), 99.0)])
    store.close()
    for each in found:
        flip(each.folder / DESK)
    damaged = desk_file(store.folder)
    place = page_of(damaged, "journal", last=last)
    content = bytearray(damaged.read_bytes())
    content[place : place + 4096] = bytes(4096)
    damaged.write_bytes(content)
    made = restore(stick, tmp_path / "again.kentongan", Progress(), damaged=[store.folder])
    assert any("No base of the copy is sound" in remark for remark in made.remarks)
    with closing(Store.open(made.folder, clock=clock, author="")) as again, again.reading() as query:
        there = {incident.text for incident in query.find(Incident)}
        assert query.series(gauge.id).value.tolist() == [*map(float, range(10)), 99.0]
    assert set(logged) <= there
    assert len(there) > 90
    if not last:
        assert made.missing == ()
        return
    (end,) = made.missing
    assert (end.actor, end.last) == ("", Tip(store.folder).read().n)
    assert end.last - end.first < 30
    assert f"numbers {end.first} to {end.last}" in " ".join(made.report())


def test_entries_that_only_the_tip_file_knows_of_are_named(three, store, stick, tmp_path):
    with store.writing("Log") as tx:
        tx.put(an_incident(text="in the log only"))
    folder = tmp_path / "copied.kentongan"
    shutil.copytree(store.folder, folder)
    for log in folder.glob("*-wal"):
        log.unlink()
    known = Tip(folder).read().n
    with closing(sqlite3.connect(f"file:{desk_file(folder)}?immutable=1", uri=True)) as look:
        (there,) = look.execute("SELECT max(n) FROM journal").fetchone()
    copied = generations(next(stick.iterdir()))[-1]
    frames = [frame for spool in copied.spools for frame in read_spool(spool).frames]
    reached = max(there or 0, copied.cursor.upto, *(frame.cursor.upto for frame in frames))
    made = restore(stick, tmp_path / "again.kentongan", Progress(), damaged=[folder])
    assert made.missing == (Gap("", reached + 1, known),)
    assert known > reached


def test_a_damaged_frame_costs_its_entries_and_they_are_named(three, stick, tmp_path, clock):
    found, logged = three
    (spool,) = found[-1].spools
    before = read_spool(spool).frames
    flip(spool, 0.25)
    after = read_spool(spool).frames
    (lost,) = [frame for frame in before if frame not in after]
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    assert any("damaged" in remark for remark in made.remarks)
    (gap,) = made.missing
    assert gap.last - gap.first + 1 == len(lost.entries) > 0
    assert set(logged) - set(texts(made.folder, clock)) == {"spool 2"}
    assert "Lost: the entries" in " ".join(made.report())


def test_what_a_damaged_frame_lost_comes_back_from_a_package(three, store, stick, tmp_path, clock):
    found, logged = three
    flip(found[-1].spools[0], 0.25)
    brought = unpack(pack(store, tmp_path / "all.kentongan-package").path)
    remains = Remains(brought.edits, brought.personal)
    made = restore(stick, tmp_path / "again.kentongan", Progress(), found=remains)
    assert made.missing == ()
    assert sorted(texts(made.folder, clock)) == sorted(logged)


def test_what_the_copy_lacks_is_read_from_the_damaged_operation(three, store, stick, tmp_path, clock):
    _found, logged = three
    with store.writing("Log") as tx:
        for n in range(300):
            tx.put(an_incident(number=f"J-{n}", text=f"after the stick was pulled {n}"))
    store.close()
    damaged = desk_file(store.folder)
    content = bytearray(damaged.read_bytes())
    middle = content.rindex(b"after the stick was pulled 150") // 4096 * 4096
    content[middle : middle + 4096] = bytes(4096)
    damaged.write_bytes(content)
    before = damaged.read_bytes()
    made = restore(stick, tmp_path / "again.kentongan", Progress(), damaged=[store.folder])
    assert damaged.read_bytes() == before
    found = texts(made.folder, clock)
    assert set(logged) <= set(found)
    assert len([text for text in found if text.startswith("after")]) > 250
    assert made.remarks


def test_an_operation_whose_first_page_is_gone_still_gives_its_edits(three, store, stick, tmp_path, clock):
    _found, logged = three
    with store.writing("Log") as tx:
        tx.put(an_incident(text="after the stick was pulled"))
    store.close()
    with desk_file(store.folder).open("r+b") as file:
        file.write(os.urandom(4096))
    made = restore(stick, tmp_path / "again.kentongan", Progress(), damaged=[store.folder])
    assert texts(made.folder, clock) == [*logged, "after the stick was pulled"]
    assert any("cannot be opened" in remark for remark in made.remarks)


def test_a_letter_altered_in_the_damaged_operation_never_comes_in(three, store, stick, tmp_path, clock):
    with store.writing("Log") as tx:
        tx.put(an_incident(text="twelve missing"))
    store.close()
    path = desk_file(store.folder)
    path.write_bytes(path.read_bytes().replace(b"twelve missing", b"eleven missing"))
    made = restore(stick, tmp_path / "again.kentongan", Progress(), damaged=[store.folder])
    assert "eleven missing" not in texts(made.folder, clock)


def test_a_target_that_is_there_is_left_alone(three, stick, tmp_path):
    target = tmp_path / "again.kentongan"
    target.mkdir()
    with pytest.raises(UserError, match="cannot become"):
        restore(stick, target, Progress())
    with pytest.raises(UserError, match="cannot become"):
        restore(stick, tmp_path / "again", Progress())


def test_a_folder_without_a_copy_is_refused_in_words(tmp_path):
    with pytest.raises(UserError, match="not a second copy"):
        restore(tmp_path, tmp_path / "again.kentongan", Progress())


def stopping(after):
    """A progress that is stopped when it is told the n-th thing."""
    told = []

    def stop(*said):
        told.append(said)
        if len(told) == after:
            progress.cancel()

    progress = Progress(stop)
    return progress


def test_stopping_leaves_nothing(three, stick, tmp_path):
    for stop_at in (1, 3, 5):
        progress = stopping(stop_at)
        with pytest.raises(Cancelled):
            restore(stick, tmp_path / "again.kentongan", progress)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["flood.kentongan", "stick"]


CHILD = """
import sys
from datetime import timedelta
from pathlib import Path
from gis.clock import SystemClock
from gis.progress import Progress
from gis.store import Store
from gis.store.second.salvage import Remains
from gis.store.second import Rhythm, SecondCopy
from tests.build import an_incident

place = Path(sys.argv[1])
store = Store.open(place / "a.kentongan", clock=SystemClock(), author="desk")
copy = SecondCopy(store, place / "stick", rhythm=Rhythm(base_every=timedelta(milliseconds=150)))
for n in range(10**6):
    with store.writing("Log") as tx:
        made = tx.put(an_incident(text=f"{sys.argv[2]}-{n}", number=f"{sys.argv[2]}-{n}"))
    state = copy.step(Progress())
    assert not state.problem, state
    print(made.text, flush=True)
"""


def killed(code, *arguments, after):
    """Run a child, kill it after so many seconds. Returns the lines it was heard to say."""
    child = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    said = [child.stdout.readline().strip()]
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    rest, complaints = child.communicate()
    assert complaints == ""
    return [*said, *rest.split("\n")[:-1]]


def test_what_a_copy_said_it_had_survives_kill_9_at_any_point_of_it(tmp_path):
    """A new base every 150 ms: the child dies inside bases, spools, clean-ups; five sittings on one stick."""
    (tmp_path / "stick").mkdir()
    Store.create(tmp_path / "a.kentongan", Operation("X", SIX), clock=SystemClock(), author="").close()
    said = []
    for sitting, after in enumerate((0.05, 0.21, 0.33, 0.47, 0.6)):
        said += killed(CHILD, tmp_path, sitting, after=after)
        target = tmp_path / f"again-{sitting}.kentongan"
        made = restore(tmp_path / "stick", target, Progress())
        assert made.missing == ()
        assert all("damaged" not in remark for remark in made.remarks)
        assert set(said) <= set(texts(target, SystemClock()))


RESTORE = """
import sys
from pathlib import Path
from gis.progress import Progress
from gis.store.second.restore import restore
print("begun", flush=True)
restore(Path(sys.argv[1]), Path(sys.argv[2]), Progress())
"""


def test_a_restore_that_is_killed_leaves_the_copy_whole_and_can_be_done_again(three, stick, tmp_path, clock):
    _found, logged = three
    target = tmp_path / "again.kentongan"
    for after in (0.0, 0.02, 0.05, 0.1, 0.2):
        killed(RESTORE, stick, target, after=after)
        if target.exists():
            assert texts(target, clock) == logged
            shutil.rmtree(target)
    made = restore(stick, target, Progress())
    assert made.remarks == ()
    assert texts(target, clock) == logged
    assert not list(tmp_path.glob(".*"))
