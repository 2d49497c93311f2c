"""The second copy: seconds behind on another disk, whatever happens to that disk."""

import shutil
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from gis.clock import ManualClock
from gis.model.incident import Incident
from gis.model.record import Reading, to_us
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.second import Rhythm, SecondCopy
from gis.store.second.base import generations
from gis.store.second.restore import restore
from tests.build import SIX, a_gauge, an_incident
from tests.gis.store.followed import log, restored


def test_everything_saved_before_a_step_is_in_the_copy_after_it(store, copy, stick, tmp_path, clock):
    log(store, "one")
    assert copy.state.behind > 0
    assert copy.step(Progress()).behind == 0
    log(store, "two")
    assert copy.step(Progress()).problem == ""
    assert restored(stick, tmp_path, clock) == ["one", "two"]


def test_a_copy_of_the_next_sitting_goes_on_where_the_last_one_ended(store, copy, stick, tmp_path, clock):
    log(store, "one")
    copy.step(Progress())
    copy.close()
    log(store, "two")
    again = SecondCopy(store, stick, clock=clock)
    again.step(Progress())
    log(store, "three")
    again.step(Progress())
    again.close()
    assert len(generations(again.folder)) == 1
    assert restored(stick, tmp_path, clock) == ["one", "two", "three"]


def test_readings_late_ones_too_and_what_the_desk_keeps_come_along(store, copy, stick, tmp_path, clock):
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        tx.put(gauge)
    copy.step(Progress())
    for minutes in (10, 20, 5):
        with store.writing("Readings") as tx:
            tx.append([Reading(gauge.id, SIX + timedelta(minutes=minutes), float(minutes))])
            tx.keep("view", {"zoom": minutes})
            tx.judge({gauge.id: to_us(SIX + timedelta(minutes=minutes))})
        copy.step(Progress())
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    again = Store.open(made.folder, clock=clock, author="")
    with again.reading() as query, store.reading() as before:
        assert query.series(gauge.id).value.tolist() == [5, 10, 20]
        assert query.kept("view") == {"zoom": 5}
        assert query.latest() == before.latest()
    with again.writing("Look") as tx:
        assert tx.sight.after(tx.judged())[gauge.id].value.tolist() == [10, 20]
    again.close()


def test_readings_that_were_sealed_while_the_stick_was_away_come_along(store, copy, stick, tmp_path, clock):
    def append(minutes):
        with store.writing("Readings") as tx:
            tx.append([Reading(f"gauge {n}", SIX + timedelta(minutes=minutes), 0.5 * n) for n in range(3)])
            tx.reject("kali.csv", minutes, b"\xff?", "no number")

    append(1)
    copy.step(Progress())
    stick.rename(tmp_path / "pocket")
    append(2)
    store.seal(Progress())
    append(3)
    copy.step(Progress())
    (tmp_path / "pocket").rename(stick)
    copy.step(Progress())
    append(4)
    store.seal(Progress())
    copy.step(Progress())
    assert len(generations(copy.folder)) == 1
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    again = Store.open(made.folder, clock=clock, author="")
    with again.reading() as query, store.reading() as before:
        for n in range(3):
            assert query.series(f"gauge {n}").at_us.tolist() == before.series(f"gauge {n}").at_us.tolist()
            assert len(query.series(f"gauge {n}")) == 4
        assert query.rejected() == before.rejected()
    again.close()


def test_what_was_erased_stays_erased_in_what_is_restored(store, copy, stick, tmp_path, clock):
    with store.writing("Log") as tx:
        first = tx.put(an_incident(source="Ibu Wati"))
    copy.step(Progress())
    with store.writing("Log") as tx:
        second = tx.put(an_incident(number="I-2", source="Pak Budi"))
        third = tx.put(an_incident(number="I-3", source="Bu Sri"))
    copy.step(Progress())
    with store.writing("Erase") as tx:
        tx.erase(Incident, first.id)
        tx.erase(Incident, second.id)
    copy.step(Progress())
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    again = Store.open(made.folder, clock=clock, author="")
    with again.reading() as query:
        assert [query.get(Incident, each.id).source for each in (first, second, third)] == ["", "", "Bu Sri"]
    again.close()


def test_a_package_taken_in_can_still_be_undone_as_one_act(store, copy, stick, tmp_path, clock):
    other = Store.create(tmp_path / "other.kentongan", Operation("X", SIX), clock=clock, author="Team")
    log(other, "from the team")
    with other.reading() as query:
        edits = [edit for _n, edit in query.edits_after(0)]
    other.close()
    copy.step(Progress())
    with store.writing("Take in") as tx:
        tx.receive(edits)
    log(store, "our own")
    copy.step(Progress())
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    again = Store.open(made.folder, clock=clock, author="")
    with again.reading() as query, store.reading() as before:
        assert query.arrivals() == before.arrivals()
        assert len(query.arrivals()) == 1
    again.close()


def test_a_restored_operation_writes_under_a_name_of_its_own(store, copy, stick, tmp_path, clock):
    log(store, "one")
    copy.step(Progress())
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    again = Store.open(made.folder, clock=clock, author="")
    assert again.actor != store.actor
    log(again, "two")
    with again.reading() as query:
        assert query.broken() is None
    again.close()


def test_a_step_that_finds_nothing_new_writes_nothing(store, copy):
    log(store, "one")
    copy.step(Progress())
    before = {path: path.stat().st_size for path in copy.folder.rglob("*")}
    copy.step(Progress())
    assert {path: path.stat().st_size for path in copy.folder.rglob("*")} == before


def test_an_operation_that_went_back_in_time_gets_a_base_of_its_own(store, copy, stick, tmp_path, clock):
    """The live folder was replaced by an older one, and worked in: its numbers now mean something else."""
    log(store, "one")
    store.close()
    older = tmp_path / "older"
    shutil.copytree(store.folder, older)
    store = Store.open(store.folder, clock=clock, author="")
    second = SecondCopy(store, stick, clock=clock)
    log(store, "two")
    second.step(Progress())
    second.close()
    store.close()
    shutil.rmtree(store.folder)
    older.rename(store.folder)
    store = Store.open(store.folder, clock=clock, author="")
    log(store, "another two", "three")
    second = SecondCopy(store, stick, clock=clock)
    clock.advance(timedelta(seconds=1))
    second.step(Progress())
    second.close()
    store.close()
    assert len(generations(second.folder)) == 2
    assert restored(stick, tmp_path, clock) == ["one", "another two", "three"]


def test_a_new_base_is_made_when_the_spool_is_large_and_the_oldest_go(store, stick, tmp_path):
    clock = ManualClock(datetime(2026, 3, 1, 6, 0, tzinfo=UTC))
    copy = SecondCopy(store, stick, clock=clock, rhythm=Rhythm(base_every=timedelta(hours=1)))
    for hour in range(24 * 10):
        if hour % 6 == 0:
            log(store, f"at {hour}")
        clock.advance(timedelta(hours=2))
        if hour % 3 == 0:
            copy.step(Progress())
    kept = [each.made_at for each in generations(copy.folder)]
    copy.close()
    assert len(kept) in (9, 10)
    assert len({at.date() for at in kept}) in (7, 8)
    assert kept[-1] - kept[0] <= timedelta(days=7)
    assert len([at for at in kept if at.date() == kept[-1].date()]) >= 1
    assert restored(stick, tmp_path, clock)[-1] == "at 234"


def test_writers_go_on_while_a_base_is_made_and_nothing_is_lost(store, stick, tmp_path, clock):
    with store.writing("Fill") as tx:
        for n in range(3000):
            tx.put(an_incident(number=f"I-{n}", text="x" * 500))
    copy = SecondCopy(store, stick, clock=clock)
    done, written = Event(), []

    def write():
        while not done.is_set():
            log(store, f"meanwhile {len(written)}")
            written.append(len(written))

    writer = Thread(target=write)
    writer.start()
    assert copy.step(Progress()).problem == ""
    during = len(written)
    done.set()
    writer.join()
    assert during > 5
    assert copy.step(Progress()).behind == 0
    copy.close()
    found = restored(stick, tmp_path, clock)
    assert [text for text in found if text.startswith("mean")] == [f"meanwhile {n}" for n in written]
