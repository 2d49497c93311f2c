"""Readings by the million: how fast in, how small, how fast back; DuckDB and plain rows beside us.

Run: `python -m pytest -q -s tests/bench/bench_readings.py`. Prints figures and ratios, asserts that all
say the same, asserts no time.
`KENTONGAN_BENCH_READINGS=100000000` measures a city's five years; the default is a tenth of it.
"""

import os
import sqlite3
import statistics
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module

import numpy as np
import pytest

from desktop.session import SWITCH_S
from gis.clock import SystemClock
from gis.model.incident import Incident, Severity
from gis.model.record import Readings, from_us, to_us
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Operation, Store
from tests import needs
from tests.build import MARKET

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]
COUNT = int(os.environ.get("KENTONGAN_BENCH_READINGS", "10000000"))
SENSORS = tuple(f"sensor-{n:04d}" for n in range(2_000))
LONG = "five-years"
MINUTE_US = 60_000_000
YEARS = 5 * 365 * 24 * 60  # readings of five years at one a minute
END = to_us(datetime(2026, 3, 14, 6, tzinfo=UTC))
PENDING_MOST = 2_000_000
SHOWN = 7  # the sensor whose chart is opened


def opened(folder):
    clock = SystemClock()
    return Store.create(
        folder / "city.kentongan", Operation("Seruni", clock.now()), clock=clock, author="desk"
    )


def course(rng, count):
    """A gauge: two decimals, a slow wander."""
    return np.round(3 + np.cumsum(rng.normal(0, 0.01, count)), 2)


def blocks(rng, count):
    """Columns (sensor, time, value), a day of all sensors at a time: half of them a little off the minute."""
    minutes = max(count // len(SENSORS), 1)
    start = END - minutes * MINUTE_US
    which = np.arange(len(SENSORS), dtype=np.int32)
    jitter = np.where(which % 2, rng.integers(0, 20_000, len(SENSORS)), 0) * 1_000
    for first in range(0, minutes, 250):
        size = min(250, minutes - first)
        at = start + (first + np.arange(size))[:, None] * MINUTE_US + jitter
        at += (rng.integers(0, 900, at.shape) * 1_000) * (which % 2)
        value = np.round(3 + np.cumsum(rng.normal(0, 0.01, at.shape), axis=0), 2)
        yield np.tile(which, size), at.ravel(), value.ravel()


def put(store, sensors, which, at, value):
    with store.writing("Readings") as tx:
        return len(tx.append(Readings(sensors, which, at, value, np.zeros(len(at), np.uint8))))


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The store, and the same readings as columns for the peers."""
    folder = tmp_path_factory.mktemp("readings")
    store, rng = opened(folder), np.random.default_rng(1)
    at = END - np.arange(YEARS, 0, -1) * MINUTE_US
    parts = [(np.full(YEARS, len(SENSORS), np.int32), at, course(rng, YEARS))]
    parts += blocks(rng, max(COUNT - YEARS, 0))
    spent = 0.0
    for which, at_us, value in parts:
        start = time.perf_counter()
        put(store, (*SENSORS, LONG), which, at_us, value)
        if store.pending().rows > PENDING_MOST:
            store.seal(Progress())
        spent += time.perf_counter() - start
    start = time.perf_counter()
    store.seal(Progress())
    spent += time.perf_counter() - start
    total = sum(len(part[1]) for part in parts)
    print(f"\nbuilt {total / 1e6:.1f} M readings: {total / spent / 1e6:.2f} M/s appended and sealed")
    yield store, parts, total
    store.close()


def rows(path):
    bare = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 4000"):
        bare.execute(f"PRAGMA {pragma}")
    bare.execute("CREATE TABLE reading (no, t, value, quality, PRIMARY KEY (no, t, value)) WITHOUT ROWID")
    return bare


def insert(bare, which, at, value):
    bare.execute("BEGIN IMMEDIATE")
    data = zip(which.tolist(), at.tolist(), value.tolist(), strict=True)
    bare.executemany("INSERT OR IGNORE INTO reading VALUES (?, ?, ?, 0)", data)
    bare.execute("COMMIT")


def test_batches_of_5000_each_100_ms_and_the_same_in_bulk(tmp_path):
    store, bare, rng = opened(tmp_path), rows(tmp_path / "bare.sqlite"), np.random.default_rng(2)
    which = np.arange(5_000, dtype=np.int32) % len(SENSORS)
    ours, peer = [], []
    for beat in range(300):
        batch = which, END + beat * 100_000 + np.arange(5_000), np.round(rng.normal(3, 1, 5_000), 2)
        start = time.perf_counter()
        put(store, SENSORS, *batch)
        between = time.perf_counter()
        insert(bare, *batch)
        end = time.perf_counter()
        ours.append(between - start)
        peer.append(end - between)
        time.sleep(max(0.0, 0.1 - (end - start)))
    print(f"the first 5,000, of 2,000 series not known before: {ours.pop(0) * 1e3:.1f} ms")
    show("5,000 readings committed, FULL", ours)
    show("the same, rows clustered by sensor and time", peer)
    bulk = list(blocks(rng, 2_000_000))
    start = time.perf_counter()
    for part in bulk:
        put(store, SENSORS, *part)
    store.seal(Progress())
    mine = time.perf_counter() - start
    start = time.perf_counter()
    for part in bulk:
        insert(bare, *part)
    theirs = time.perf_counter() - start
    count = sum(len(part[1]) for part in bulk)
    print(f"bulk, sealing included: {count / mine / 1e3:.0f} k/s, ratio {theirs / mine:.1f}x to")
    print(f"sqlite3.executemany: {count / theirs / 1e3:.0f} k/s")
    holds_the_same(store, bare)
    bare.close()
    store.close()


def holds_the_same(store, bare):
    """Every reading that the plain rows hold, and no other."""
    with store.reading() as query:
        for no, sensor in enumerate(SENSORS):
            series = query.series(sensor)
            theirs = bare.execute(
                "SELECT t, value FROM reading WHERE no = ? ORDER BY t, value", (no,)
            ).fetchall()
            assert list(zip(series.at_us.tolist(), series.value.tolist(), strict=True)) == theirs != []


def test_a_broker_that_sends_again_what_is_sealed(tmp_path):
    """The peer takes in as many fresh ones; half a chunk of each sensor lies sealed."""
    store, rng = opened(tmp_path), np.random.default_rng(4)
    for part in blocks(rng, 2_000 * len(SENSORS)):
        put(store, SENSORS, *part)
    store.seal(Progress())
    which, at, value = (column[-5_000:] for column in part)
    told = {}
    for what, moment, new in (("known", 0, 0), ("late and new", 7, 5_000), ("fresh", 10**10, 5_000)):
        start = time.process_time()
        assert put(store, SENSORS, which, at + moment, value) == new
        told[what] = time.process_time() - start
    for what, spent in told.items():
        ratio = spent / told["fresh"]
        print(f"5,000 readings of 2,000 sensors, {what}: {spent * 1e3:.1f} ms CPU, ratio {ratio:.1f}x")
    store.close()


def test_size_and_questions(city, tmp_path):
    store, parts, total = city
    with store.rewriting() as connection:
        pragmas = ("PRAGMA page_count", "PRAGMA freelist_count")  # sealing leaves room for the next blobs
        used, free = (connection.exec_driver_sql(each).scalar_one() for each in pragmas)
        size = (used - free) * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    print(f"\non the disk: {size / total:.2f} bytes a reading")
    end, month = from_us(END), timedelta(days=30)
    ours = {
        "30 days of one sensor": lambda query: query.series(LONG, end - month, end),
        "5 years thinned to 2,000": lambda query: query.thinned(LONG, None, None, 2_000),
        "latest of 2,000 sensors": lambda query: query.latest(),
    }
    mine = {what: timed(lambda ask=ask: looked(store, ask)) for what, ask in ours.items()}
    plain(tmp_path, parts, mine)
    duck(parts, mine)


def looked(store, ask):
    with store.reading() as query:
        return ask(query)


def timed(act, rounds=9):
    """What it says, and the median of the rounds in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        said = act()
        times.append(time.perf_counter() - start)
    return said, statistics.median(times)


_MONTH = (
    f"SELECT t, value FROM reading WHERE no = {len(SENSORS)} AND t >= {END - 30 * 86_400_000_000} ORDER BY t"
)
_YEARS = (
    f"SELECT min(value), max(value) FROM reading WHERE no = {len(SENSORS)}"
    f" GROUP BY t // {YEARS * MINUTE_US // 1000}"
)
_LATEST = "SELECT no, max(t) FROM reading GROUP BY no"


def month_alike(series, rows):
    return list(zip(series.at_us.tolist(), series.value.tolist(), strict=True)) == rows


def years_alike(series, rows):
    """Thinned by other buckets, both still show the same extremes."""
    least, greatest = (np.array(each) for each in zip(*rows, strict=True))
    ends = (series.value.min(), series.value.max()) == (least.min(), greatest.max())
    return ends and 1_000 <= len(series) <= 2_100


def latest_alike(latest, rows):
    names = (*SENSORS, LONG)
    return {sensor: to_us(reading.at) for sensor, reading in latest.items()} == {names[n]: t for n, t in rows}


PEER = ((_MONTH, month_alike), (_YEARS, years_alike), (_LATEST, latest_alike))


def plain(folder, parts, mine):
    bare = rows(folder / "rows.sqlite")
    for part in parts:
        insert(bare, *part)
    bare.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (folder / "rows.sqlite").stat().st_size / sum(len(part[1]) for part in parts)
    compare(
        f"rows ({size:.1f} bytes a reading)",
        mine,
        lambda sql: bare.execute(sql.replace("//", "/")).fetchall(),
    )
    bare.close()


def duck(parts, mine):
    duckdb = needs.library("duckdb")
    pandas = import_module("pandas")
    base = duckdb.connect()
    base.execute("CREATE TABLE reading (no INTEGER, t BIGINT, value DOUBLE)")
    for which, at, value in parts:
        base.register("part", pandas.DataFrame({"no": which, "t": at, "value": value}))
        base.execute("INSERT INTO reading SELECT * FROM part")
    compare("DuckDB", mine, lambda sql: base.execute(sql).fetchall())
    base.close()


def compare(name, mine, ask):
    for (what, (said, ours)), (sql, alike) in zip(mine.items(), PEER, strict=True):
        rows, theirs = timed(lambda sql=sql: ask(sql), 3)
        assert alike(said, rows), what
        print(f"{what}: {ours * 1e3:.2f} ms; {name}: {theirs * 1e3:.1f} ms; ratio {theirs / ours:.1f}x")


def pour(store, stop, poured):
    """5,000 readings each 100 ms until stopped; each time is put into `poured`."""
    rng, beat = np.random.default_rng(3), 0
    which = np.arange(5_000, dtype=np.int32) % len(SENSORS)
    while not stop.is_set():
        start = time.perf_counter()
        at = END + beat * 100_000 + np.arange(5_000)
        put(store, SENSORS, which, at, np.round(rng.normal(3, 1, 5_000), 2))
        poured.append(at[which == SHOWN])
        beat += 1
        stop.wait(max(0.0, 0.1 - (time.perf_counter() - start)))


def keep_sealed(store, stop, _poured):
    while not stop.wait(1.0):
        if store.pending().is_due(store.clock.now()):
            store.seal(Progress())


@pytest.fixture
def threads_as_at_the_desk():
    """Threads take turns as often as they do in the running program."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("threads_as_at_the_desk")
def test_a_chart_opens_and_an_incident_is_saved_while_50000_readings_a_second_arrive(city):
    store, stop, poured = city[0], threading.Event(), []
    threads = [threading.Thread(target=each, args=(store, stop, poured)) for each in (pour, keep_sealed)]
    for thread in threads:
        thread.start()
    charts, saved = [], []
    since = from_us(END) - timedelta(days=1)
    for number in range(200):
        start = time.perf_counter()
        series = looked(store, lambda query: query.series(SENSORS[SHOWN], since, None))
        charts.append(time.perf_counter() - start)
        assert len(series) > 0
        start = time.perf_counter()
        with store.writing("Log incident") as tx:
            incidents.log(tx, "fl", f"House {number}", Severity.SEVERE, place=MARKET)
        saved.append(time.perf_counter() - start)
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    with store.reading() as query:
        assert len(query.find(Incident)) == len(saved)
        arrived = query.series(SENSORS[SHOWN], from_us(END), None)
    assert arrived.at_us.tolist() == np.concatenate(poured).tolist()
    show("a chart opened while 50,000 readings/s arrive", charts)
    show("an incident saved then", saved)


def show(what, times):
    cuts = statistics.quantiles(times, n=100)
    print(f"{what}: p50 {cuts[49] * 1e3:.2f} ms, p99 {cuts[98] * 1e3:.2f} ms, max {max(times) * 1e3:.2f} ms")
