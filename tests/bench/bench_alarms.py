"""Readings against limits: the rules by themselves, and the whole way in with every gauge under two limits.

Run: `python -m pytest -q -s tests/bench/bench_alarms.py`. The peers are the same judgement one reading after
another, and the same readings put down unjudged. Prints figures and ratios, asserts no time.
"""

import time
from datetime import timedelta

import numpy as np
import pytest

from gis.clock import ManualClock
from gis.model.record import Reading, Readings
from gis.model.sensor import Alarm
from gis.ops import readings
from gis.ops.limits import Heard, compared
from gis.ops.readings import STEP
from gis.ops.watch import Watch
from gis.progress import Progress
from gis.sensors.feeds.feed import Batch
from gis.sensors.quality import Gauges, blank, marked
from gis.store import Operation, Store
from tests.build import SIX, a_gauge, a_rule
from tests.gis.sensors import one_by_one

pytestmark = pytest.mark.bench
GAUGES, COUNT = 200, 200_000
SECOND = timedelta(seconds=1)


def city(folder, name):
    """A store with gauges under two limits each, and what they will say: a reading a second and gauge."""
    clock = ManualClock(SIX + timedelta(hours=1))
    store = Store.create(folder / f"{name}.kentongan", Operation("Seruni", SIX), clock=clock, author="desk")
    gauges = [a_gauge(key=f"G{n}", id=f"gauge-{n:03d}", expected_every_s=1) for n in range(GAUGES)]
    limits = [a_rule(g, raise_at=at, clear_below=at - 0.3) for g in gauges for at in (4.5, 6.0)]
    with store.writing("Set up") as tx:
        tx.put_all(gauges)
        tx.put_all(limits)
    rng = np.random.default_rng(1)
    levels = np.round(3 + np.cumsum(rng.normal(0, 0.02, (COUNT // GAUGES, GAUGES)), axis=0), 2)
    said = [
        Reading(gauge.id, SIX + second * SECOND, level)
        for second, row in enumerate(levels.tolist())
        for gauge, level in zip(gauges, row, strict=True)
    ]
    return store, gauges, limits, said


def spent(act):
    start = time.process_time()
    told = act()
    return time.process_time() - start, told


def facts(alarms):
    return sorted((a.sensor_id, a.since, a.peak, a.raised_at, str(a.returned_at)) for a in alarms)


def told(store):
    with store.reading() as query:
        return query.find(Alarm)


def one_after_another(gauges, limits, said):
    model, by_sensor = one_by_one.Quality(gauges), {}
    for start in range(0, len(said), STEP):
        for reading in model.judged(said[start : start + STEP], SIX + timedelta(hours=1)):
            by_sensor.setdefault(reading.sensor_id, []).append(reading)
    return [each for rule in limits for each in one_by_one.run(rule, None, by_sensor[rule.sensor_id])]


def test_the_rules_by_themselves(tmp_path):
    store, gauges, limits, said = city(tmp_path, "rules")
    batches = [Readings.of(said[start : start + STEP]) for start in range(0, len(said), STEP)]
    batches = [each.take(np.lexsort((each.at_us, each.which))) for each in batches]

    def ours():
        traces, watch = blank(GAUGES), Watch()
        with store.writing("Rules") as tx:
            posted = watch.posted(tx)
            bounds = Gauges.of(posted.sensors[sensor_id] for sensor_id in batches[0].sensors)
            for batch in batches:
                judged = marked(bounds, batch, tx.at, traces)
                traces = judged.trace
                compared(tx, posted, Heard(judged.readings, batch.take([]), {}))

    mine, _none = spent(ours)
    theirs, wanted = spent(lambda: one_after_another(gauges, limits, said))
    assert wanted
    assert facts(told(store)) == facts(wanted)
    print(f"\nrules alone, {GAUGES} gauges, {len(limits)} limits: {COUNT / mine / 1e3:,.0f} k readings/CPU s")
    print(f"one reading after another: {COUNT / theirs / 1e3:,.0f} k/CPU s, ratio {theirs / mine:.1f}x")
    store.close()


def test_the_whole_way_in(tmp_path):
    store, gauges, limits, said = city(tmp_path, "whole")
    bare = Store.create(
        tmp_path / "bare.kentongan", Operation("Seruni", SIX), clock=store.clock, author="desk"
    )
    watch = Watch()

    def ours():
        for start in range(0, len(said), 20_000):
            batch = Batch(tuple(said[start : start + 20_000]))
            readings.take_in(store, batch, "feed", Progress(), watch)

    def peer():
        for start in range(0, len(said), STEP):
            with bare.writing("Readings") as tx:
                tx.append(said[start : start + STEP])

    begun = time.perf_counter()
    mine, _none = spent(ours)
    wall = time.perf_counter() - begun
    theirs, _none = spent(peer)
    assert facts(told(store)) == facts(one_after_another(gauges, limits, said))
    with store.reading() as query, bare.reading() as other:
        assert all((query.series(g.id).value == other.series(g.id).value).all() for g in gauges)
    print(f"\ntaken in, judged, rung: {COUNT / mine / 1e3:,.0f} k/CPU s, {COUNT / wall / 1e3:,.0f} k/s")
    print(f"put down unjudged: {COUNT / theirs / 1e3:,.0f} k/CPU s, ratio {mine / theirs:.1f}x")
    store.close()
    bare.close()
