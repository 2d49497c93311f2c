"""A full disk costs a moment, a failing one the right to write; and what is said about it is true."""

import os
import resource
import signal
from collections import Counter

import pytest

from gis.clock import SystemClock
from gis.errors import UserError
from gis.model.incident import Incident
from gis.store import Operation, Store
from gis.store.guards.reserve import RESERVE_BYTES, Reserve, is_full
from gis.store.guards.trouble import DiskFull
from tests import needs
from tests.build import SIX, an_incident
from tests.elsewhere import python
from tests.rooms import in_a_small_room

pytestmark = needs.linux

SMALL_DISK = """
import os, shutil, sys
from pathlib import Path
from gis.clock import SystemClock
from gis.errors import UserError
from gis.store import Operation, Store
from gis.model.incident import Incident
from gis.store.guards.trouble import DiskFull
from tests.build import SIX, an_incident

disk = Path(sys.argv[1])
store = Store.create(disk / "flood.kentongan", Operation("Seruni", SIX), clock=SystemClock(), author="desk")
reserve = store.folder / "reserve"
print("kept back", reserve.stat().st_blocks * 512 >= 8 << 20)
ballast = (disk / "ballast").open("wb", buffering=0)
try:
    while True:
        ballast.write(bytes(4096))
except OSError:
    pass
long = "x" * 200_000
verb = lambda n: lambda tx: tx.put(an_incident(number=f"I-{n}", text=long)).number
for n in range(100):
    try:
        written = store.write("Log", verb(n))
    except DiskFull as full:
        print("refused", n > 5, full.room_made)
        break
    if n == 3:
        print("gave up", not reserve.exists(), len(store.findings))
with store.reading() as query:
    print("there", len(query.find(Incident)) == n)
ballast.truncate(0)
print("goes on", store.write("Log", verb(n)) == f"I-{n}")
store.look_around()
print("kept back again", reserve.exists())
store.close()
"""


def on_small_disk(script, tmp_path, megabytes):
    """What the script says in a child whose disk is that small."""
    room = tmp_path / "disk"
    room.mkdir(exist_ok=True)
    return in_a_small_room(room, f"{megabytes}m", "-c", script, room).splitlines()


def test_on_a_full_disk_work_goes_on_from_the_room_kept_back_and_after_it_once_there_is_room(tmp_path):
    assert on_small_disk(SMALL_DISK, tmp_path, 48) == [
        "kept back True",
        "gave up True 1",
        "refused True False",
        "there True",
        "goes on True",
        "kept back again True",
    ]


def test_where_there_is_little_room_none_is_kept_back_and_a_store_is_made_all_the_same(tmp_path):
    script = SMALL_DISK.split("ballast =")[0].replace(
        'print("kept back"', 'print("there", reserve.exists()) #'
    )
    assert on_small_disk(script + "\nstore.close()", tmp_path, 10) == ["there False"]


def test_an_operation_opens_on_a_full_disk_by_giving_up_the_room_kept_back(tmp_path):
    script = (
        SMALL_DISK.split("long =")[0].replace("ballast = (", "store.close()\nballast = (")
        + """
store = Store.open(disk / "flood.kentongan", clock=SystemClock(), author="desk")
print("opened", reserve.exists())
store.write("Log", lambda tx: tx.put(an_incident()))
store.close()
"""
    )
    assert on_small_disk(script, tmp_path, 24) == ["kept back True", "opened False"]


def test_the_room_kept_back_is_really_allocated_and_given_back_once(tmp_path):
    reserve = Reserve(tmp_path)
    assert reserve.keep()
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= RESERVE_BYTES
    assert reserve.release()
    assert not reserve.release()
    assert list(tmp_path.iterdir()) == []


def test_a_limit_on_files_is_told_as_a_full_disk_and_work_goes_on_when_it_is_lifted(store):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = max(path.stat().st_size for path in store.folder.glob("desk.gpkg*"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        with pytest.raises(DiskFull, match="disk is full"):
            store.write("Log", lambda tx: tx.put(an_incident(text="x" * 2_000_000)))
        assert is_full(store.folder, size)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.read_only == ""
    store.write("Log", lambda tx: tx.put(an_incident()))
    with store.reading() as query:
        assert len(query.find(Incident)) == 1


FAILING = """
import os, sys
from pathlib import Path
from gis.clock import SystemClock
from gis.errors import UserError
from gis.store import Store
from tests.build import an_incident
try:
    store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="desk")
except UserError as error:
    print(error)
    sys.exit()
for n in range(3):
    try:
        with store.writing("Log") as tx:
            tx.put(an_incident(id=f"call-{n}", number=f"I-{n}"))
        print("saved", n, flush=True)
    except UserError as error:
        print("|".join((str(error), error.hint)), flush=True)
with store.reading() as query:
    from gis.model.incident import Incident
    print(sorted(i.number for i in query.find(Incident)))
print(bool(store.read_only), len(store.findings))
store.close()
"""


def failing(folder, calls, when):
    needs.strace()
    strace = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e")
    failing = f"inject={calls}:error=EIO:when={when}"
    return python("-c", FAILING, folder, inside=(*strace, failing)).splitlines()


@pytest.fixture
def folder(tmp_path):
    made = Store.create(
        tmp_path / "flood.kentongan", Operation("Seruni", SIX), clock=SystemClock(), author="desk"
    )
    made.close()
    return made.folder


@pytest.mark.parametrize("when", range(1, 9))
def test_a_disk_that_fails_to_sync_is_not_asked_again_and_what_is_said_is_true(folder, when):
    """What was told as saved is there, what was told as not saved is not, and nothing is written after it."""
    said = failing(folder, "fsync,fdatasync", f"{when}+")
    told = {n for n in range(3) if f"saved {n}" in said}
    store = Store.open(folder, clock=SystemClock(), author="desk")
    with store.reading() as query:
        there = Counter(incident.number for incident in query.find(Incident))
        assert query.broken() is None
    well = store.closed_well
    store.close()
    assert {f"I-{n}" for n in told} <= set(there)
    if "cannot be opened" in said[0]:
        assert when == 1, "only what opening itself makes last may keep the desk out"
        assert len(said) == 1
        return
    faults = [line for line in said if "disk reported" in line]
    if not faults:
        return
    first = said.index(faults[0])
    assert len(faults) == 1, said
    assert all("cannot be trusted" in line for line in said[first + 1 : 3])
    assert "second copy" in faults[0]
    assert "True 1" in said
    assert not well, "a look at the files is due after this"
    if "was not saved" in faults[0]:
        assert f"I-{first}" not in there


def test_after_a_failed_sync_the_log_stays_as_it_was(folder):
    said = failing(folder, "fsync,fdatasync", "2+")
    assert any("disk reported" in line for line in said), said
    assert (folder / "desk.gpkg-wal").stat().st_size > 0


def test_a_broken_page_met_while_writing_stops_all_writing_and_leaves_the_rest_to_look_at(folder):
    store = Store.open(folder, clock=SystemClock(), author="desk")
    for n in range(200):
        store.write(
            "Log", lambda tx, n=n: tx.put(an_incident(id=f"call-{n}", number=f"I-{n}", text="x" * 500))
        )
    store.close()
    path = folder / "desk.gpkg"
    content = bytearray(path.read_bytes())
    page = content.rfind(b"call-199")  # the newest entries of the journal lie here
    start = page // 4096 * 4096
    content[start : start + 100] = os.urandom(100)
    path.write_bytes(content)
    try:
        store = Store.open(folder, clock=SystemClock(), author="desk")
    except UserError:
        return  # found out even earlier

    def amend_all(tx):
        for n in range(200):
            tx.put(an_incident(id=f"call-{n}", number=f"J-{n}"))

    with pytest.raises(UserError, match="disk reported an error") as failed:
        store.write("Log", amend_all)
    assert "second copy" in failed.value.hint
    with pytest.raises(UserError, match="cannot be trusted"):
        store.write("Log", lambda tx: tx.put(an_incident()))
    assert len(store.findings) == 1
    store.close()


def test_a_log_that_was_taken_away_stops_all_writing(store):
    with store.writing("Log") as tx:
        tx.put(an_incident())
    (store.folder / "desk.gpkg-wal").unlink()
    with pytest.raises(UserError, match="taken"), store.writing("Log") as tx:
        tx.put(an_incident(number="I-0002"))
    assert "taken" in store.read_only
    with store.reading() as query:
        assert [each.number for each in query.find(Incident)] == ["I-0001"]
