"""Five million buildings: frames beside those of QGIS from the same file, and what they weigh.

Needs `buildings.gpkg` (EPSG:32651) in the folder `KENTONGAN_CITY5`: the city of `citymap.py` ten
times, five beside each other in two rows, 40 by 25 km each. Run:
`python -m pytest -q -s tests/bench/bench_five_million.py`. Prints milliseconds and MiB; asserts no time.
"""

import os
import statistics
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from desktop.canvas.painter import Paint, ink_scene
from gis.exchange.vector.reader import Reader
from gis.paint.hands import Hands
from gis.progress import Progress
from gis.thrift import give_back
from layers.build import Sheet, build
from layers.colours import DAY
from layers.index import Indexes
from layers.sources.base import EVERYWHERE
from tests.bench.citymap import HEIGHT, UTM, WIDTH, layer, view_of
from tests.bench.memory import held
from tests.bench.qgis_door import Qgis
from tests.needs import that

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
ROUNDS = int(os.environ.get("KENTONGAN_ROUNDS", "5"))
VIEWS = {  # west, south, east, north, and how many milliseconds a frame may take
    "full": ((480_000.0, 1_610_000.0, 680_000.0, 1_660_000.0), 120.0),
    "city": ((560_000.0, 1_610_000.0, 600_000.0, 1_635_000.0), 0.0),
    "district": ((587_479.8, 1_613_518.6, 593_020.2, 1_616_981.4), 30.0),
}


def test_frames_of_five_million_beside_qgis():
    named = os.environ.get("KENTONGAN_CITY5", "")
    that(named, "KENTONGAN_CITY5 names no folder with five million buildings")
    folder, reader, indexes, hands = Path(named), Reader(), Indexes(), Hands(1)
    buildings = layer(folder, "buildings", reader)
    begun = time.perf_counter()
    came = buildings.source.read(EVERYWHERE, UTM, Progress())
    read = time.perf_counter()
    assert sum(map(len, came)) > 1_000_000
    for features in came:
        _made = indexes.of(features, Progress()).chunks
    indexed = time.perf_counter()
    give_back()
    said = "  ".join(f"{kind} {mib:.0f}" for kind, mib in held().items())
    print(f"\n{sum(map(len, came)):,} buildings: read {read - begun:.1f} s, ordered {indexed - read:.1f} s")
    print(f"MiB: {said}; load {os.getloadavg()[0]:.1f}")
    qgis = Qgis(folder)
    for name, (extent, most) in VIEWS.items():
        sheet = Sheet(view_of(list(extent)), UTM)

        def frame(helping: Hands | None, sheet: Sheet = sheet) -> tuple[float, float]:
            image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(QColor("white"))
            style = Paint(DAY, 1.0, Progress(), hands=helping)
            begun, worked = time.perf_counter(), time.process_time()
            ink_scene(build(buildings, sheet, indexes, Progress()), image, style)
            return (time.perf_counter() - begun) * 1e3, (time.process_time() - worked) * 1e3

        frame(None)
        alone, helped = ([frame(who) for _round in range(ROUNDS)] for who in (None, hands))
        one, cpu = (statistics.median(each) for each in zip(*alone, strict=True))
        two = statistics.median(clock for clock, _cpu in helped)
        peer = qgis.draw(("buildings",), list(extent))["ms"]
        budget = f" (at most {most:.0f})" if most else ""
        print(
            f"{name:9} 1 thread {one:7.1f} ms ({cpu:.1f} of the processor)   "
            f"2 threads {two:7.1f} ms{budget}   QGIS {peer:9.1f} ms {peer / two:5.1f}x"
        )
    qgis.close()
    hands.close()
    reader.close()
