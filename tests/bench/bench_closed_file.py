"""From a closed file of half a million buildings to all of them on the map, beside QGIS.

Needs the city of `citymap.py`. Run: `python -m pytest -q -s tests/bench/bench_closed_file.py`.
The map stands already and the reader's process too, as in a desk; every round has a new layer. `full` is the
first picture that shows all of them, painted as they came; `sharp` the one with everything in its order.
Prints medians of milliseconds and the ratio; asserts that all are there, no time.
"""

import os
import statistics
import time

import pytest
from PySide6.QtWidgets import QApplication

from desktop.bridge import Bridge
from desktop.canvas.canvas import MapCanvas
from gis.exchange.vector.reader import Reader
from gis.jobs import Jobs, lanes
from gis.progress import Progress
from layers.colours import DAY
from layers.selection import Selection
from layers.sources.base import EVERYWHERE
from layers.stack import LayerStack
from tests.bench.citymap import HEIGHT, UTM, WIDTH, city, layer, said_of, view_of
from tests.bench.qgis_door import Qgis

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
ROUNDS = int(os.environ.get("KENTONGAN_ROUNDS", "5"))
LATE_S = 120.0


def fail(label, error):
    raise AssertionError(label) from error


def ours(folder, extent, kind):
    """Milliseconds to the first features, to all of them, and to the last picture; and how many there are."""
    bridge, reader, stack = Bridge(), Reader(), LayerStack(UTM)
    jobs = Jobs(deliver=bridge.call, failed=fail, lanes=lanes())
    canvas = MapCanvas(stack, Selection(), jobs, DAY, view_of(extent))
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    reader.warm()
    wait(lambda: not canvas.composer.busy)
    time.sleep(2)  # the reader's process has started
    made = layer(folder, kind, reader)
    seen: list[tuple[float, int]] = []

    def look() -> None:
        picture = next((each for each in canvas.composer.shown if each.scene.layer_id == made.id), None)
        if picture is not None:
            canvas.repaint()
            count = sum(len(mark.drawn.positions) for mark in picture.scene.shapes)
            seen.append(((time.perf_counter() - begun) * 1e3, count))

    canvas.renderer.updated.connect(look)
    begun = time.perf_counter()
    stack.add(made)
    wait(lambda: seen and not canvas.composer.busy)
    count = sum(map(len, made.source.read(EVERYWHERE, UTM, Progress())))
    full = next(ms for ms, shown in seen if shown == count)
    canvas.close_map()
    canvas.deleteLater()
    jobs.close()
    reader.close()
    return seen[0][0], full, seen[-1][0], count


def wait(until) -> None:
    limit = time.monotonic() + LATE_S
    while not until():
        assert time.monotonic() < limit
        QApplication.processEvents()
        time.sleep(0.0005)


def theirs(folder, extent, kind) -> float:
    """Milliseconds of QGIS, which has started and drawn something else before."""
    qgis = Qgis(folder)
    qgis.draw(("zones",), extent)
    begun = time.perf_counter()
    qgis.draw((kind,), extent)
    taken = (time.perf_counter() - begun) * 1e3
    qgis.close()
    return taken


@pytest.mark.parametrize("kind", ["buildings", "points", "roads"])
def test_from_a_closed_file_to_all_of_it_on_the_map(kind):
    folder = city()
    extent = said_of(folder, "views.json")["full"]["ext"]
    rounds = [(ours(folder, extent, kind), theirs(folder, extent, kind)) for _round in range(ROUNDS)]
    first, full, sharp = (statistics.median(each[0][n] for each in rounds) for n in range(3))
    peer = statistics.median(each[1] for each in rounds)
    count = rounds[0][0][3]
    assert count > 100_000
    print(
        f"\n{count:,} {kind}: first {first:.0f} ms, full {full:.0f} ms, sharp {sharp:.0f} ms; "
        f"QGIS {peer:.0f} ms, {peer / full:.1f}x; load {os.getloadavg()[0]:.1f}"
    )
