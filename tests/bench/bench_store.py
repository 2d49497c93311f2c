"""How long from "log" to "on the disk"? Ours beside a bare sqlite3 insert with the same promise.

Run: `python -m pytest -q -s tests/bench/bench_store.py`. Prints figures and ratios, asserts no time.
"""

import sqlite3
import statistics
import time

import pytest

from gis.clock import SystemClock
from gis.model.incident import Incident, Severity
from gis.ops import incidents
from gis.store import Operation, Store
from tests.build import MARKET

pytestmark = pytest.mark.bench
ROUNDS = 500


def test_from_logging_an_incident_to_the_disk(tmp_path):
    clock = SystemClock()
    store = Store.create(
        tmp_path / "n.kentongan", Operation("Seruni", clock.now()), clock=clock, author="desk"
    )
    bare = sqlite3.connect(tmp_path / "bare.sqlite", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        bare.execute(f"PRAGMA {pragma}")
    bare.execute("CREATE TABLE incident (id INTEGER PRIMARY KEY, code, text, severity, x, y, at)")
    ours, peer = [], []
    for n in range(ROUNDS):
        start = time.perf_counter()
        with store.writing("Log incident") as tx:
            incidents.log(tx, "fl", f"House {n}", Severity.SEVERE, place=MARKET)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(
            "INSERT INTO incident VALUES (NULL, 'fl', ?, 'Severe', 116.7, -8.2, 'now')", (f"House {n}",)
        )
        bare.execute("COMMIT")
        peer.append(time.perf_counter() - start)
    bare.close()
    with store.reading() as query:
        assert len(query.find(Incident)) == ROUNDS
    store.close()
    show("log an incident, journaled", ours)
    show("bare sqlite3 insert, FULL", peer)
    print(f"ratio of medians: {statistics.median(ours) / statistics.median(peer):.1f}x")


def show(what, times):
    cuts = statistics.quantiles(times, n=100)
    print(f"{what}: p50 {cuts[49] * 1e3:.2f} ms, p99 {cuts[98] * 1e3:.2f} ms, max {max(times) * 1e3:.2f} ms")
