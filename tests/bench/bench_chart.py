"""Five years of every minute in the large chart: frames while it is panned, and how long until it is sharp.

Run: `python -m pytest -q -s tests/bench/bench_chart.py`. Beside it stands plain pyqtgraph with all points in
one item, and with its own thinning. Prints milliseconds and ratios, asserts that the same highest value is
drawn, asserts no time.
"""

import statistics
import time

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QApplication

from desktop.app import open_desk
from desktop.session import application
from desktop.theme import NIGHT, Appearance
from gis.clock import ManualClock
from gis.model.record import Readings, to_us
from gis.ops import sensors
from gis.progress import Progress
from gis.store import Operation, Store
from tests.build import SIX, a_gauge, a_rule

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
YEARS = 5 * 365 * 24 * 60
MINUTE_US = 60_000_000
FRAMES = 90
SIZE = (1500, 800)
GAUGES = tuple(a_gauge(id=f"g{n}", key=f"K-{n}", name=f"Kali {n}", expected_every_s=60) for n in range(1, 5))
AT = to_us(SIX) - np.arange(YEARS, 0, -1) * MINUTE_US


def course(seed):
    """A gauge: two decimals, tides, noise and a slow wander."""
    rng = np.random.default_rng(seed)
    return np.round(3 + np.sin(np.arange(YEARS) / 5e4) + rng.normal(0, 0.05, YEARS), 2)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chart") / "city.kentongan"
    store = Store.create(folder, Operation("Seruni", SIX), clock=ManualClock(SIX), author="desk")
    with store.writing("Set up") as tx:
        for gauge in GAUGES:
            sensors.register(tx, gauge)
            sensors.set_rule(tx, a_rule(gauge))
    which, flags = np.zeros(YEARS, np.int32), np.zeros(YEARS, np.uint8)
    for n, gauge in enumerate(GAUGES):
        with store.writing("Readings") as tx:
            tx.append(Readings((gauge.id,), which, AT, course(n), flags))
        store.seal(Progress())
    made = open_desk(store, Appearance(application(), NIGHT))
    yield made
    made.window.close()


def pump(holds, longest_s=60.0):
    begun = time.perf_counter()
    while not holds():
        QApplication.processEvents()
        time.sleep(0.001)
        assert time.perf_counter() - begun < longest_s
    return (time.perf_counter() - begun) * 1000


def frames(move):
    """How long each of many small moves takes until it is painted, in milliseconds."""
    found = []
    for n in range(FRAMES):
        begun = time.perf_counter()
        move(n)
        QApplication.processEvents()  # paints once; what came in from the threads is part of the frame
        found.append((time.perf_counter() - begun) * 1000)
    return found


def told(name, found):
    ordered = sorted(found)
    p99 = ordered[round(len(ordered) * 0.99) - 1]
    print(f"  {name:34} median {statistics.median(found):6.1f}  p99 {p99:6.1f}  worst {ordered[-1]:6.1f} ms")
    return statistics.median(found)


def peer(values, *, thinned):
    """Plain pyqtgraph with every point, which it may thin for each frame."""
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    plot.show()
    for n, value in enumerate(values):
        item = pg.PlotDataItem(AT / 1e6, value, pen=pg.intColor(n))
        plot.addItem(item)
        if thinned:
            item.setDownsampling(auto=True, method="peak")
            item.setClipToView(True)
    plot.setXRange(AT[0] / 1e6, AT[-1] / 1e6, padding=0)
    plot.grab()
    return plot


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("days", [5 * 365, 30])
def test_panning_five_years_of_every_minute(desk, count, days):
    ids = [gauge.id for gauge in GAUGES[:count]]
    charting, span = desk.charting, days * 86_400.0
    charting.show_sensors(ids)
    window = charting.window
    window.resize(SIZE[0] + 320, SIZE[1] + 60)
    window.follow(False)
    end = SIX.timestamp() - (0 if days > 1000 else 400 * 86_400)
    begun = time.perf_counter()
    window.chart.see(end - span, end)
    pump(lambda: window.picture is not None and window.picture.wish.serves(window.wish))
    sharp = (time.perf_counter() - begun) * 1000
    drawn = window.picture.stretches[0].drawn
    seen = drawn.between(int((end - span) * 1e6), int(end * 1e6))
    print(
        f"\n{count} sensor(s), {days} days: sharp after {sharp:.0f} ms,"
        f" {len(seen) / window.chart.pixels:.1f} points a pixel"
    )
    whole = course(0)[((end - span) * 1e6 <= AT) & (end * 1e6 >= AT)]
    assert seen.value.max() == whole.max()
    step = span / 300
    ours = told("this chart", frames(lambda n: window.chart.see(end - span - n * step, end - n * step)))
    settled = pump(lambda: window.picture.wish.serves(window.wish))
    print(f"  {'sharp after the last move':34} {settled:6.0f} ms")
    values = [course(n) for n in range(count)]
    plot = peer(values, thinned=True)
    theirs = told(
        "pyqtgraph, thinned by itself",
        frames(lambda n: plot.setXRange(end - span - n * step, end - n * step, padding=0)),
    )
    print(f"  {'ratio':34} {theirs / ours:6.1f}")
    plot.close()
    plot = peer(values, thinned=False)
    plot.setXRange(end - span, end, padding=0)
    QApplication.processEvents()
    begun = time.perf_counter()
    plot.setXRange(end - span - step, end - step, padding=0)
    plot.grab()
    theirs = (time.perf_counter() - begun) * 1000
    print(f"  {'pyqtgraph, all points, one frame':34} {theirs:6.0f} ms   ratio {theirs / ours:.0f}")
    plot.close()
