"""Letting go of old readings, keeping lines that were none, and naming what a disk has lost."""

import sqlite3
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.record import Quality, Reading
from gis.ops import readings, sensors
from gis.progress import Progress
from gis.sensors.feeds.feed import Batch, Reject
from gis.store import Operation, Store, checkup, upkeep
from gis.store.operation import readings_file
from gis.store.readings import chunks, rejects, seal
from gis.store.upkeep import Retention
from tests.build import SIX, a_gauge

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "SIZE", 4)


@pytest.fixture
def gauge(store):
    made = a_gauge()
    with store.writing("Set up gauge") as tx:
        sensors.register(tx, made)
        upkeep.set_retention(tx, Retention(days=30))
    return made


def measured(store, sensor_id, days):
    """One reading a day up to now, not judged by any rule."""
    now = store.clock.now()
    with store.writing("Readings") as tx:
        tx.append([Reading(sensor_id, now - n * DAY, float(n)) for n in range(days)])
    store.seal(Progress())


def test_readings_past_keeping_go_by_whole_chunks_and_it_is_said_how_many(store, gauge):
    measured(store, gauge.id, 100)
    with store.writing("Catch up") as tx:
        readings.catch_up(tx)
    gone = upkeep.retire(store, Progress())
    with store.reading() as query:
        left = query.series(gauge.id)
        assert upkeep.retention(query) == Retention(30)
    assert gone == 100 - len(left)
    assert 31 <= len(left) < 31 + 4
    assert upkeep.retire(store, Progress()) == 0
    assert checkup.faults(store.folder) == []


def test_a_clock_that_runs_ten_years_ahead_lets_go_of_nothing(store, clock, gauge):
    measured(store, gauge.id, 20)
    with store.writing("Catch up") as tx:
        readings.catch_up(tx)
    clock.advance(3650 * DAY)
    assert upkeep.maintain(store, Progress()) == 0
    with store.reading() as query:
        assert len(query.series(gauge.id)) == 20


def test_an_operation_without_readings_has_none_to_let_go(store, gauge):
    assert upkeep.retire(store, Progress()) == 0


def test_what_no_rule_has_judged_is_kept_however_old(store, gauge):
    measured(store, gauge.id, 100)
    assert upkeep.retire(store, Progress()) == 0


def test_the_newest_reading_of_a_silent_sensor_stays(store, clock, gauge):
    measured(store, gauge.id, 10)
    with store.writing("Catch up") as tx:
        readings.catch_up(tx)
        last = tx.latest()
    clock.advance(1000 * DAY)
    with store.writing("Readings") as tx:
        tx.append([Reading("another", clock.now(), 1.0)])
    upkeep.retire(store, Progress())
    with store.reading() as query:
        assert {key: query.latest()[key] for key in last} == last
        assert last[gauge.id].at in {r.at for r in [query.latest(clock.now())[gauge.id]]}
        assert 1 <= len(query.series(gauge.id)) <= 4


def test_everything_is_kept_until_somebody_decides_otherwise(store):
    measured(store, "kali", 100)
    with store.reading() as query:
        assert upkeep.retention(query) == Retention(None)
    assert upkeep.retire(store, Progress()) == 0
    with pytest.raises(UserError, match="one day or longer"):
        Retention(0)


def test_upkeep_seals_when_it_is_due_and_not_before(store, clock, gauge):
    with store.writing("Readings") as tx:
        tx.append([Reading(gauge.id, SIX, 1.0)])
    upkeep.maintain(store, Progress())
    assert store.pending().rows == 1
    clock.advance(timedelta(minutes=10))
    upkeep.maintain(store, Progress())
    assert store.pending().rows == 0


lines_set_aside = st.tuples(
    st.text(max_size=5), st.integers(0, 9), st.binary(max_size=20), st.text(max_size=9)
)


@settings(max_examples=25, deadline=None)
@given(st.lists(lines_set_aside))
def test_hostile_lines_are_kept_byte_for_byte_and_once(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("rejects") / "night.kentongan"
    store = Store.create(folder, Operation("Seruni", SIX), clock=ManualClock(SIX), author="desk")
    for _twice in range(2):
        with store.writing("Readings") as tx:
            for source, line, raw, reason in lines:
                tx.reject(source, line, raw, reason)
    with store.reading() as query:
        kept = query.rejected()
        counts = query.reject_counts()
    store.close()
    said = {(s.encode("utf-8", "replace").decode(), line, raw) for s, line, raw, _reason in lines}
    assert sorted((r.source, r.line, r.raw) for r in kept) == sorted(said)
    assert sum(counts.values()) == len(said)


def test_the_oldest_rejected_lines_make_room_but_are_still_counted(store, monkeypatch):
    monkeypatch.setattr(rejects, "KEPT", 10)
    for start in (0, 8):
        lines = [
            rejects.Rejected(SIX, "a.csv", n, b"x" * 9_000, "not a number") for n in range(start, start + 8)
        ]
        with store.writing("Readings") as tx:
            tx.reject_all(lines)
    with store.reading() as query:
        kept = query.rejected("a.csv")
        assert query.rejected("b.csv") == []
        assert query.reject_counts() == {"a.csv": 16}
    assert [r.line for r in kept] == [*range(15, 5, -1)]
    assert all(len(r.raw) == rejects.LONGEST for r in kept)


def test_a_large_feed_is_taken_in_in_bounded_steps_with_the_same_outcome(store, clock, gauge, monkeypatch):
    monkeypatch.setattr(readings, "STEP", 7)
    steps = []
    store.changed.connect(steps.append)
    minutes = timedelta(minutes=10)
    batch = tuple(Reading(gauge.id, SIX - n * minutes, n % 9.0) for n in range(50))
    clock.advance(DAY)
    rejected = (Reject("a.csv", 3, b"KALI-3;;\xff", "no number"),)
    assert readings.take_in(store, Batch(batch, rejected), "feed", Progress()) == 0
    assert len(steps) == 8
    with store.reading() as query:
        assert len(query.series(gauge.id)) == 50
        (kept,) = query.rejected()
        assert query.judged()[gauge.id] == query.series(gauge.id).at_us[-1]
    assert (kept.raw, kept.line, kept.reason) == (b"KALI-3;;\xff", 3, "no number")


def damage(store, table, column):
    """Turn one bit of the first blob over, as a dying disk does."""
    store.close()
    with sqlite3.connect(readings_file(store.folder)) as file:
        row, blob = file.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 1").fetchone()
        spoilt = bytes([*blob[:-1], blob[-1] ^ 1])
        file.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (spoilt, row))
    file.close()


def test_a_damaged_chunk_is_named_by_sensor_and_hours_and_costs_no_other_reading(store, clock, gauge):
    measured(store, gauge.id, 4)
    measured(store, "pump", 4)
    damage(store, "chunk", "value")
    (fault,) = checkup.faults(store.folder)
    assert "Kali 3 from 2026-03-11 06:00 to 2026-03-14 06:00" in fault
    again = Store.open(store.folder, clock=clock, author="desk")
    with again.reading() as query:
        with pytest.raises(UserError, match="damaged"):
            query.series(gauge.id)
        assert len(query.series("pump")) == 4
        assert query.latest()[gauge.id].at == SIX
    measured(again, gauge.id, 1)
    with again.writing("Readings") as tx:
        assert len(tx.append([Reading(gauge.id, SIX + DAY, 5.0)])) == 1
    again.seal(Progress())
    with again.reading() as query:
        assert query.series(gauge.id).value.tolist() == [0.0, 5.0]  # what was read in again is back
    again.close()
    assert len(checkup.faults(store.folder)) == 1


def test_a_damaged_blob_costs_its_own_readings_alone_and_is_counted_for_ever(store, clock):
    with store.writing("Readings") as tx:
        tx.append([Reading("kali", SIX, 1.0, Quality.SPIKE)] * 3)
    with store.writing("Readings") as tx:
        tx.append([Reading("kali", SIX + DAY, 2.0)])
    damage(store, "pending", "data")
    (fault,) = checkup.faults(store.folder)
    assert "1 reading that came in at 2026-03-14 06:00 (UTC) is lost" in fault
    again = Store.open(store.folder, clock=clock, author="desk")
    assert again.seal(Progress()) == 1
    assert again.pending().rows == 0
    with again.reading() as query:
        assert query.series("kali").value.tolist() == [2.0]
    again.close()
    assert checkup.faults(store.folder) == [fault]


def test_a_sealing_that_goes_on_after_closing_leaves_no_file_open(store, clock, monkeypatch):
    monkeypatch.setattr(seal, "SLICE", 2)
    with store.writing("Readings") as tx:
        tx.append([Reading(f"s{n}", clock.now(), 1.0) for n in range(9)])

    def close(done, _total, _text):
        if done:
            store.close()

    with pytest.raises(UserError, match="closed"):
        store.seal(Progress(close))
    assert not list(store.folder.glob("*-wal"))
    again = Store.open(store.folder, clock=clock, author="")
    with again.reading() as query:
        assert len(query.latest()) == 9
    again.close()
