"""Operations that older versions wrote are opened by this one, with everything that is in them."""

import json
import shutil
import threading
import zipfile
from pathlib import Path

import pytest
from shapely import LineString, Point

from gis.clock import ManualClock
from gis.errors import Cancelled, UserError
from gis.model.drawing import Drawing
from gis.model.incident import Incident, Severity
from gis.model.sensor import AlarmRule, Condition, Joining, Quantity, Response, Sensor
from gis.ops import drawings, incidents
from gis.progress import Progress
from gis.store import Operation, Store, checkup, history, journal, migrate
from gis.store.guards import version
from gis.store.operation import desk_file
from gis.store.tables.engine import open_blank, open_looking
from tests import needs, rooms
from tests.elsewhere import python
from tests.files.write import START, grown, told

FILES = Path(__file__).parents[2] / "files"
KEPT = sorted(FILES.glob("*.zip"))


@pytest.fixture
def old(tmp_path) -> Path:
    return unpacked(FILES / "format-1.zip", tmp_path)


def unpacked(archive: Path, to: Path) -> Path:
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(to)
    return to / "flood.kentongan"


def opened(folder: Path, progress: Progress | None = None) -> Store:
    return Store.open(folder, clock=ManualClock(START), author="R. Sari", progress=progress)


def content(folder: Path) -> dict:
    store = opened(folder)
    try:
        return plain(told(store))
    finally:
        store.close()


def said(archive: Path) -> dict:
    """What was written down then."""
    return plain(grown(json.loads(archive.with_suffix(".json").read_text("utf-8"))))


def plain(told: dict) -> dict:
    """What is found in a folder that was carried here, where it is written on by another actor."""
    return {name: value for name, value in json.loads(json.dumps(told)).items() if name != "actor"}


@pytest.mark.parametrize("archive", KEPT, ids=lambda path: path.stem)
def test_what_an_earlier_version_wrote_is_all_there(archive, tmp_path):
    folder = unpacked(archive, tmp_path)
    assert content(folder) == said(archive)
    assert content(folder) == said(archive), "the second opening finds what the first one left"
    assert checkup.faults(folder) == []
    assert list(folder.glob("desk.format-*")) == []


@pytest.mark.parametrize("archive", KEPT, ids=lambda path: path.stem)
def test_work_goes_on_in_what_an_earlier_version_wrote(archive, tmp_path):
    folder = unpacked(archive, tmp_path)
    store = opened(folder)
    before = told(store)["records"]
    with store.writing("Close incident") as tx:
        done = incidents.close(tx, tx.find(Incident, closed_at=None)[0].id)
    with store.reading() as query:
        assert query.get(Incident, done.id) == done
    with store.writing("Undo") as tx:
        assert history.undo(tx).label == "Close incident"
    store.rebuild(Progress())
    assert told(store)["records"] == before
    store.close()
    assert checkup.faults(folder) == []


def test_drawings_that_a_newer_desk_had_sent_before_are_on_the_map_once_this_version_opens_it(tmp_path):
    newer = Store.create(
        tmp_path / "newer.kentongan",
        Operation("Muara Seruni", START),
        clock=ManualClock(START),
        author="Budi",
    )
    shape = LineString([(116.7, -8.2), (116.8, -8.2)])
    sent = newer.write("Draw", lambda tx: drawings.draw(tx, drawings.Form.LINE, shape, "Dyke"))
    with newer.reading() as query:
        edits = [edit for _n, edit in query.edits_after(0)]
    newer.close()
    folder = unpacked(FILES / "format-2.zip", tmp_path)
    taken_in_by_an_older_version(folder, edits)
    store = opened(folder)
    with store.reading() as query:
        assert query.find(Drawing) == [sent]
    store.close()
    assert checkup.faults(folder) == []


def test_what_a_newer_desk_had_said_of_limits_before_holds_once_this_version_opens_them(tmp_path):
    newer = Store.create(
        tmp_path / "newer.kentongan",
        Operation("Muara Seruni", START),
        clock=ManualClock(START),
        author="Budi",
    )
    gauge = Sensor("KALI-9", "Kali 9", Quantity.LEVEL, "m", Point(116.7, -8.2), step=0.5)
    limit = AlarmRule(gauge.id, "Siaga 1", Severity.SEVERE, 3.0, 2.8, latch=True, response=Response.EVACUATE)
    pump = Condition(limit.id, gauge.id, Joining.ENABLE, 1.0)
    with newer.writing("Set up") as tx:
        sent = [tx.put(each) for each in (gauge, limit, pump)]
    with newer.reading() as query:
        edits = [edit for _n, edit in query.edits_after(0)]
    newer.close()
    folder = unpacked(FILES / "format-3.zip", tmp_path)
    desk = open_blank(desk_file(folder))
    with desk.begin() as connection:  # the version before showed of the gauge and the limit what it knew of
        journal.add(connection, edits, START, arrival=9)
    desk.dispose()
    store = opened(folder)
    with store.reading() as query:
        assert [query.get(type(each), each.id) for each in sent] == sent
    store.close()
    assert checkup.faults(folder) == []


def test_what_an_earlier_version_wrote_is_found_as_fast_as_what_is_new(tmp_path):
    new = Store.create(
        tmp_path / "new.kentongan", Operation("Muara Seruni", START), clock=ManualClock(START), author="Budi"
    )
    new.close()
    old = unpacked(FILES / "format-3.zip", tmp_path)
    opened(old).close()
    assert indices(old) == indices(new.folder)


def indices(folder: Path) -> dict[str, str]:
    desk = open_looking(desk_file(folder), frozen=False)
    with desk.begin() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'index'").all()
    desk.dispose()
    return {name: sql for name, sql in rows if sql}


def taken_in_by_an_older_version(folder: Path, edits) -> None:
    """It keeps edits of kinds that it does not know, and has no table for them."""
    desk = open_blank(desk_file(folder))
    with desk.begin() as connection:
        journal.add(connection, edits, START, arrival=9)
    desk.dispose()


def test_a_version_before_the_drawings_may_look_at_an_operation_with_them_and_not_write():
    state = {"operation": {"format": 3}, version.STATE: version.stamp(3)}
    assert "nothing can be written" in version.writing_refused("x", state, ours=2)
    assert version.writing_refused("x", state, ours=3) == ""
    with pytest.raises(UserError, match="newer version"):
        version.writing_refused("x", {version.STATE: version.barred(3)}, ours=2)


def test_what_was_done_before_the_operation_was_brought_up_can_be_taken_back(old):
    store = opened(old)
    with store.reading() as query:
        last = history.can_undo(query, "R. Sari")
    assert last is not None
    done = store.write("Undo", history.undo)
    assert done.id == last.id
    store.close()
    assert checkup.faults(old) == []


def test_a_package_taken_in_before_is_an_act_nobody_here_can_undo(old):
    store = opened(old)
    with store.reading() as query:
        arrivals = query.arrivals()
        brought = [edit.actor for each in arrivals for edit in query.brought(each)]
    assert [each.author for each in arrivals] == [""]
    assert len(brought) == 16
    assert len({*brought}) == 2
    store.close()


OPENED_BY_NOBODY = """
import sys
from pathlib import Path
from gis.clock import SystemClock
from gis.errors import UserError
from gis.store import Store
from tests.rooms import become_nobody
become_nobody()
try:
    Store.open(Path(sys.argv[1]), clock=SystemClock(), author="guest").close()
except UserError as refused:
    print(refused)
"""


@needs.unix
def test_an_older_operation_that_cannot_be_written_is_refused_and_left_as_it_was():
    with rooms.open_to_everybody() as room:
        old = unpacked(FILES / "format-1.zip", room)
        before = {path.name: path.read_bytes() for path in old.iterdir()}
        rooms.locked(old)
        assert "older version" in python("-c", OPENED_BY_NOBODY, old)
        assert {path.name: path.read_bytes() for path in old.iterdir()} == before


def test_without_room_for_a_copy_nothing_is_begun(old, monkeypatch):
    before = {path.name: path.read_bytes() for path in old.iterdir() if path.is_file()}
    narrow = shutil._ntuple_diskusage(10**9, 10**9 - 2**20, 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: narrow)
    with pytest.raises(UserError, match="too little space"):
        opened(old)
    monkeypatch.undo()
    after = {path.name: path.read_bytes() for path in old.iterdir() if path.name in before}
    assert after["readings.sqlite"] == before["readings.sqlite"]
    assert content(old) == said(FILES / "format-1.zip")


def test_a_program_that_has_it_open_is_asked_to_close_it_first(old):
    other = open_blank(desk_file(old))
    with other.connect() as reading:
        reading.exec_driver_sql("SELECT count(*) FROM incidents").scalar_one()
        reading.rollback()
        with pytest.raises(UserError, match="open in another program"):
            opened(old)
    other.dispose()
    assert content(old) == said(FILES / "format-1.zip")


def test_another_window_that_only_looks_whose_it_is_keeps_nobody_out(old):
    other = open_looking(desk_file(old), frozen=False)
    looking = other.connect()
    looking.exec_driver_sql("SELECT count(*) FROM incidents").scalar_one()
    gone = threading.Timer(0.5, lambda: (looking.close(), other.dispose()))
    gone.start()
    assert content(old) == said(FILES / "format-1.zip")
    gone.join()


@pytest.mark.parametrize("after", range(0, 12, 2))
def test_stopped_on_the_way_it_goes_on_from_there(old, after):
    notes: list[str] = []

    def stop(_done, _total, note):
        notes.append(note)
        if len(notes) > after:
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        opened(old, progress)
    assert content(old) == said(FILES / "format-1.zip")
    assert list(old.glob("desk.format-*")) == []


def test_two_windows_that_open_it_at_once_both_get_it(old):
    stores: list[Store] = []
    begun = threading.Barrier(2)

    def come() -> None:
        begun.wait()
        stores.append(opened(old))

    threads = [threading.Thread(target=come) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 2
    for store in stores:
        assert json.loads(json.dumps(told(store)))["records"] == said(FILES / "format-1.zip")["records"]
        store.close()


def test_an_outcome_that_is_not_what_was_there_keeps_the_copy_and_says_so(old):
    notes: list[str] = []

    def stop(_done, _total, note):
        notes.append(note)
        if note.startswith("Making notes"):
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        opened(old, progress)
    copy = open_blank(migrate.copy_of(old, 1))
    with copy.begin() as before:
        before.exec_driver_sql("UPDATE journal SET who = 'Nobody' WHERE n = 3")
    copy.dispose()
    with pytest.raises(UserError, match="The journal is not the one there was") as refused:
        opened(old)
    assert migrate.copy_of(old, 1).name in refused.value.hint
    assert migrate.copy_of(old, 1).exists()
