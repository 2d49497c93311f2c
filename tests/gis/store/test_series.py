"""Readings, appended and sealed in any order by any desk, are what a plain set of them would be."""

import tempfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.errors import Cancelled, UserError
from gis.model.record import Quality, Reading, Readings, from_us, to_us
from gis.progress import Progress
from gis.store import Operation, Store, checkup
from gis.store.readings import chunks, seal
from gis.store.readings.chunks import PCODEC, ZLIB
from tests.build import SIX

SENSORS = ("kali", "pump", "rain", "Güneş 日本")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True, scope="module")
def small_chunks():
    """Chunks and writes so small that a few readings fill many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SIZE", 8)
        patch.setattr(seal, "SLICE", 1)
        yield


class Oracle:
    """The same promises, kept by a dictionary."""

    def __init__(self):
        self.kept = {}

    def append(self, batch):
        before = len(self.kept)
        for r in batch:
            self.kept.setdefault((r.sensor_id, r.at, r.value + 0.0), r.quality)
        return len(self.kept) - before

    def series(self, sensor, since, until):
        points = ((at, value, q) for (s, at, value), q in self.kept.items() if s == sensor)
        return sorted((to_us(at), value, int(q)) for at, value, q in points if since <= at <= until)

    def latest(self, until):
        newest = {}
        for sensor, at, value in sorted(self.kept, key=lambda key: key[1:]):
            quality = self.kept[sensor, at, value]
            if at <= until and not quality & Quality.CLOCK:
                newest[sensor] = Reading(sensor, at, value, quality)
        return newest


readings = st.builds(
    Reading,
    st.sampled_from(SENSORS),
    st.integers(0, 40).map(lambda n: SIX + n * MINUTE) | st.just(from_us(-5)) | st.just(SIX + timedelta(1e4)),
    st.sampled_from([0.0, -0.0, 1.5, -3.25, 1e300]) | st.floats(-10, 10),
    st.sampled_from([0, 0, 0, 1, 8, 9]).map(Quality),
)
batches = st.lists(readings, min_size=1, max_size=30)
append = st.tuples(st.just("append"), st.integers(0, 1), batches)
sealing = st.tuples(
    st.just("seal"),
    st.integers(0, 1),
    st.tuples(st.sampled_from([PCODEC, ZLIB]), st.none() | st.integers(0, 3)),
)
reopening = st.tuples(st.just("reopen"), st.integers(0, 1), st.none())


def stopping_after(steps):
    """A progress that stops a sealing after so many of its writes."""
    progress = Progress(lambda done, *_: progress.cancel() if done + 1 >= steps else None)
    if steps == 0:
        progress.cancel()
    return progress


def seal_partly(store, how):
    codec, steps = how
    try:
        store.seal(Progress() if steps is None else stopping_after(steps), codec)
    except Cancelled:
        assert steps is not None


def shown(series):
    return list(zip(series.at_us.tolist(), series.value.tolist(), series.quality.tolist(), strict=True))


def compare(query, oracle):
    part = (SIX + 7 * MINUTE, SIX + 23 * MINUTE)
    always = (from_us(-(10**15)), SIX + timedelta(1e5))
    for sensor in SENSORS:
        assert shown(query.series(sensor)) == oracle.series(sensor, *always)
        assert shown(query.series(sensor, *part)) == oracle.series(sensor, *part)
    assert query.latest() == oracle.latest(always[1])
    for until in (always[0], part[0], part[1]):
        assert query.latest(until) == oracle.latest(until)


@settings(max_examples=40, deadline=None)
@given(st.lists(append | append | sealing | reopening, min_size=1, max_size=12))
def test_readings_of_two_desks_on_one_folder_are_one_set_however_they_come_and_are_sealed(acts):
    clock, oracle = ManualClock(SIX), Oracle()
    with tempfile.TemporaryDirectory(suffix=".kentongan") as folder:
        path = Path(folder) / "night.kentongan"
        made = Store.create(path, Operation("Seruni", SIX), clock=clock, author="desk")
        stores = [made, Store.open(path, clock=clock, author="other")]
        for act, which, what in acts:
            store = stores[which]
            if act == "append":
                with store.writing("Readings") as tx:
                    assert len(tx.append(what)) == oracle.append(what)
                    compare(tx, oracle)
            elif act == "seal":
                seal_partly(store, what)
            else:
                store.close()
                stores[which] = Store.open(path, clock=clock, author="again")
            for each in stores:
                with each.reading() as query:
                    compare(query, oracle)
        for each in stores:
            each.close()
        assert checkup.faults(path) == []


def appended(store, sensor, times, value=1.0):
    at = np.array(times, np.int64)
    batch = Readings(
        (sensor,), np.zeros(len(at), np.int32), at, np.full(len(at), value), np.zeros(len(at), "u1")
    )
    with store.writing("Readings") as tx:
        return len(tx.append(batch))


def test_a_look_keeps_seeing_what_was_sealed_under_it(store):
    appended(store, "kali", range(10))
    with store.reading() as before:
        assert before.latest()["kali"].at == from_us(9)
        appended(store, "kali", range(10, 20))
        assert store.seal(Progress()) == 20
        with store.reading() as after:
            assert len(after.series("kali")) == 20
        assert len(before.series("kali")) == 10
        assert before.latest()["kali"].at == from_us(9)


def test_a_sensor_first_heard_of_in_a_step_that_fails_leaves_its_number_to_another(store):
    def fail():
        with store.writing("Readings") as tx:
            tx.append([Reading("gone", SIX, 1.0)])
            assert set(tx.latest()) == {"gone"}
            raise UserError("stop")

    with pytest.raises(UserError, match="stop"):
        fail()
    with store.writing("Readings") as tx:
        tx.append([Reading("stays", SIX, 1.0)])
    with store.reading() as query:
        assert query.latest() == {"stays": Reading("stays", SIX, 1.0)}
        assert len(query.series("gone")) == 0


def test_readings_of_one_instant_stay_in_one_chunk_however_many_they_are(store):
    for value in range(30):
        appended(store, "kali", [5], float(value))
    appended(store, "kali", [4, 6])
    store.seal(Progress())
    with store.reading() as query:
        assert query.series("kali", from_us(5), from_us(5)).value.tolist() == [*map(float, range(30))]
    assert checkup.faults(store.folder) == []


def test_sealing_is_due_by_size_or_by_age(store, clock):
    assert not store.pending().is_due(clock.now())
    appended(store, "kali", range(10))
    assert store.pending() == seal.Pending(10, clock.now())
    assert not store.pending().is_due(clock.now())
    clock.advance(timedelta(minutes=10))
    assert store.pending().is_due(clock.now())
    assert seal.Pending(seal.MOST_ROWS, clock.now()).is_due(clock.now())
    store.seal(Progress())
    assert store.pending() == seal.Pending(0, None)


def test_while_another_desk_seals_nothing_is_put_down_twice(store, clock):
    """Whoever finds the chunks rewritten since it read them gives its own work up and begins again."""
    appended(store, "kali", range(100))
    appended(store, "pump", range(100))
    other = Store.open(store.folder, clock=clock, author="other")
    told = []

    def meanwhile(done, _total, _note):
        told.append(done)
        if len(told) == 2:
            assert other.seal(Progress()) == 200

    assert store.seal(Progress(meanwhile)) == 0
    for each in (store, other):
        with each.reading() as query:
            assert len(query.series("kali")) == len(query.series("pump")) == 100
    other.close()
    assert checkup.faults(store.folder) == []


def test_a_value_that_is_no_number_is_refused_and_nothing_of_its_batch_is_kept(store):
    with pytest.raises(UserError, match="not a number"):
        appended(store, "kali", range(3), float("inf"))
    with store.reading() as query:
        assert query.latest() == {}


@pytest.mark.parametrize("codec", [PCODEC, ZLIB])
@given(
    st.lists(
        st.tuples(st.integers(-(2**62), 2**62), st.floats(allow_nan=False), st.integers(0, 255)), min_size=1
    )
)
def test_a_chunk_opens_as_it_was_packed(codec, points):
    at, value, quality = (np.array(column) for column in zip(*points, strict=True))
    series = chunks.Series(at, value, quality.astype(np.uint8))
    assert shown(chunks.decoded(chunks.encoded(series, codec))) == shown(series)


@pytest.mark.parametrize("codec", [PCODEC, ZLIB])
def test_a_changed_byte_in_a_chunk_is_noticed(codec):
    series = chunks.Series(np.arange(9), np.arange(9.0), np.zeros(9, np.uint8))
    row = chunks.encoded(series, codec)
    for name in ("at", "value"):
        spoilt = bytearray(row[name])
        spoilt[-1] ^= 1
        with pytest.raises(chunks.Damaged):
            chunks.decoded(row | {name: bytes(spoilt)})
