"""A journal of many edits: writing, proving, making the tables again, looking back, opening.

Run: `python -m pytest -q -s tests/bench/bench_journal.py`; for the whole figure with
`KENTONGAN_EDITS=1000000` and `-o faulthandler_timeout=0 --timeout=0`. The peers write the very same rows with
sqlite3's executemany, and hash the very same bodies. Prints figures and ratios, asserts that
what was written is there and what was asked is answered, asserts no time.
"""

import os
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import numpy as np
import pytest
from shapely import Point

from gis.clock import ManualClock
from gis.model.incident import Incident, Severity, Status
from gis.model.record import Readings
from gis.progress import Progress
from gis.store import Operation, Past, Store, history
from gis.store.moment import Moment
from gis.store.questions import conflicts, levels, open_incidents, standing_alarms
from gis.store.trust import prove
from tests.bench.bench_start import show, started
from tests.build import SIX, a_gauge

pytestmark = pytest.mark.bench
EDITS = int(os.environ.get("KENTONGAN_EDITS", "100000"))
PER_INCIDENT, STEP, OPEN = 10, 500, 500
GAUGES, MINUTES = 200, 50_000


@contextmanager
def timed(what, count=0, unit="edits"):
    start = time.perf_counter()
    taken = []
    yield taken
    taken.append(time.perf_counter() - start)
    rate = f", {count / taken[0]:,.0f} {unit}/s" if count else ""
    print(f"  {what}: {taken[0]:.2f} s{rate}" if taken[0] > 1 else f"  {what}: {taken[0] * 1e3:.1f} ms{rate}")


def calls(first, clock):
    """The next incidents of a busy year, from number `first` on."""
    rng = np.random.default_rng(first)
    return [
        Incident(
            number=f"I-{first + n:04d}",
            code="fl",
            text=f"Water in house {n}",
            where=f"Street {n}",
            severity=list(Severity)[int(rng.integers(4))],
            reported_at=clock.now(),
            place=Point(116.5 + rng.random() * 0.4, -8.3 + rng.random() * 0.2),
        )
        for n in range(STEP)
    ]


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """An operation of `EDITS` edits (all but some of the incidents closed) and 10 million readings."""
    clock = ManualClock(SIX)
    folder = tmp_path_factory.mktemp("year") / "n.kentongan"
    store = Store.create(folder, Operation("Seruni", SIX), clock=clock, author="desk")
    incidents = EDITS // PER_INCIDENT
    print(f"\nsome {EDITS:,} edits, {STEP} incidents a step")
    with timed("logged in bulk and closed again (put_all twice a step)") as taken:
        for first in range(0, incidents, STEP):
            clock.advance(timedelta(minutes=30))
            with store.writing("Log many") as tx:
                made = tx.put_all(calls(first, clock))
                if first < incidents - OPEN:
                    tx.put_all([replace(m, status=Status.CLOSED, closed_at=clock.now()) for m in made])
    with store.reading() as query:
        print(f"  that is {query.upto():,} edits, {query.upto() / taken[0]:,.0f}/s")
    fill_readings(store)
    yield store, clock
    store.close()


def fill_readings(store):
    with store.writing("Set up") as tx:
        gauges = tx.put_all([a_gauge(key=f"G{n}", name=f"Gauge {n}") for n in range(GAUGES)])
    rng, which = np.random.default_rng(1), np.repeat(np.arange(GAUGES, dtype=np.int32), 5000)
    begin = int((SIX - timedelta(minutes=MINUTES)).timestamp() * 1e6)
    for minute in range(0, MINUTES, 5000):
        at_us = np.tile(begin + (minute + np.arange(5000)) * 60_000_000, GAUGES)
        values = np.round(rng.normal(2, 0.3, len(at_us)), 2)
        columns = Readings(tuple(g.id for g in gauges), which, at_us, values, np.zeros(len(at_us), np.uint8))
        with store.writing("Readings") as tx:
            tx.append(columns)
    store.seal(Progress())


def test_one_record_at_a_time(tmp_path):
    clock = ManualClock(SIX)
    store = Store.create(tmp_path / "n.kentongan", Operation("Seruni", SIX), clock=clock, author="desk")
    fresh = [call for first in range(0, 2000, STEP) for call in calls(first, clock)]
    print()
    with timed("put one by one, 2,000 new incidents in 20 steps") as taken:
        for start in range(0, len(fresh), 100):
            with store.writing("Log") as tx:
                for call in fresh[start : start + 100]:
                    tx.put(call)
    with store.reading() as query:
        assert {each.id: each.text for each in query.find(Incident)} == {each.id: each.text for each in fresh}
        count = query.upto()
        rows = [tuple(row) for row in query._desk.exec_driver_sql("SELECT * FROM journal")]
    print(f"  that is {count / taken[0]:,.0f} edits/s")
    raw = sqlite3.connect(tmp_path / "bare.sqlite", isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", journal_table(store)):
        raw.execute(statement)
    with timed("peer: the same rows by executemany, one table, no index", count) as peer:
        for start in range(0, len(rows), count // 20):
            raw.execute("BEGIN IMMEDIATE")
            marks = ", ".join("?" * len(rows[0]))
            raw.executemany(f"INSERT INTO journal VALUES ({marks})", rows[start : start + count // 20])
            raw.execute("COMMIT")
    assert raw.execute("SELECT * FROM journal").fetchall() == rows
    raw.close()
    store.close()
    print(f"  ratio {taken[0] / peer[0]:.0f}x: edits are compared, hashed, indexed and become rows")


def test_many_records_at_once(tmp_path):
    """What an import writes: records not known before, 2,000 a step."""
    clock = ManualClock(SIX)
    store = Store.create(tmp_path / "n.kentongan", Operation("Seruni", SIX), clock=clock, author="desk")
    fresh = [calls(first, clock) for first in range(0, EDITS // 7, STEP)]
    print()
    with timed("put_all, new incidents, 2,000 a step") as taken:
        for start in range(0, len(fresh), 4):
            with store.writing("Import") as tx:
                tx.put_all([call for some in fresh[start : start + 4] for call in some])
    with store.reading() as query:
        count = query.upto()
        assert len(query.find(Incident)) == sum(map(len, fresh))
    store.close()
    assert count >= EDITS * 0.99, "seven fields of an incident are said"
    print(f"  that is {count:,} edits, {count / taken[0]:,.0f}/s")


def journal_table(store):
    with store.glancing() as desk:
        return desk.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = 'journal'").scalar_one()


def test_proving_looking_back_and_making_again(year):
    store, clock = year
    print()
    with timed("the whole chain proven") as ours:
        trust = prove(store, Progress())
    assert trust.is_whole
    with store.glancing() as desk:
        bodies = desk.exec_driver_sql("SELECT edit, body FROM journal")
        with timed("peer: reading and hashing every body") as peer:
            assert all(sha256(body.encode()).hexdigest() == name for name, body in bodies)
    print(f"  ratio {ours[0] / peer[0]:.1f}x")
    with store.reading() as query:
        for hours in (0.5, 5, 20):
            back = clock.now() - timedelta(hours=hours)
            with timed(
                f"the open incidents of {hours} h ago ({query.upto() - query.number_at(back):,} edits)"
            ):
                seen = open_incidents(Past(query, back))
            assert {each.id for each in seen} == opened_at(query, back)
    before = tables(store)
    with timed("every table made again"):
        store.rebuild(Progress())
    assert tables(store) == before


def opened_at(query, back):
    """The ids of those that were open then, as the present tells it: here nothing is ever opened again."""
    logged = (each for each in query.find(Incident) if each.reported_at <= back)
    return {each.id for each in logged if each.closed_at is None or each.closed_at > back}


def tables(store):
    """The rows of what is made again, as one number for each table."""
    with store.glancing() as desk:
        return {
            name: sha256(
                repr(desk.exec_driver_sql(f"SELECT * FROM {name} ORDER BY fid").all()).encode()
            ).digest()
            for name in ("incidents", "sensors")
        }


def test_the_slider_goes_on_from_an_instant_beside_looking_afresh(year):
    store, clock = year
    moment = Moment(store)
    print()
    for share in (0.02, 0.1, 0.5):
        back = clock.now() - share * (clock.now() - SIX)
        moment.at = back
        with moment.reading() as query:
            open_incidents(query)
        moment.at = back + (clock.now() - SIX) / 2_000
        with (
            timed(f"one step of the slider, {share:.0%} of the year back") as ours,
            moment.reading() as query,
        ):
            mine = open_incidents(query)
        with store.reading() as query, timed("peer: the same instant afresh") as peer:
            wanted = open_incidents(Past(query, moment.at))
        assert mine == wanted
        print(f"  ratio {peer[0] / ours[0]:.1f}x")


def test_what_can_be_undone_beside_reading_the_newest_steps(year):
    """The peer reads the newest 500 steps, as a list of what was done would."""
    store, _clock = year
    print()
    with store.reading() as query:
        with timed("what can be undone after large imports") as ours:
            last = history.can_undo(query, "desk")
        with timed("peer: the newest 500 steps") as peer:
            steps = query.steps(500)
    assert last is not None
    assert last.id == steps[0].id
    print(f"  ratio {peer[0] / ours[0]:.0f}x")


def test_opening(year, tmp_path):
    store, clock = year
    store.close()
    print()
    with timed("store opened"):
        again = Store.open(store.folder, clock=clock, author="desk")
    with timed("what a desk asks first"):
        with again.reading() as query:
            said = [question(query) for question in (open_incidents, levels, standing_alarms, conflicts)]
            steps = query.steps()
            newest = query.latest()
            undoable = history.can_undo(query, "desk")
    assert [len(each) for each in said] == [OPEN, GAUGES, 0, 0]
    assert len(newest) == GAUGES
    assert steps[0].label == "Set up"
    assert undoable
    again.close()
    starts = [started(tmp_path / "home", folder=store.folder) for _n in range(3)]
    assert all(start["seen"] == {"Incidents": OPEN, "Sensors": GAUGES, "Alarms": 0} for start in starts)
    show("the window on it", starts)
