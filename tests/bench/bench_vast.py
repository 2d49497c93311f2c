"""Five million buildings where there is room for a fraction of them: what is held, how soon it is seen.

Needs `buildings.gpkg` in the folder `KENTONGAN_CITY5`, as `bench_five_million.py`. Run:
`python -m pytest -q -s tests/bench/bench_vast.py`. Prints MiB and milliseconds; asserts no time, but that
every feature is counted, that what is held stays below the room, and that a street is complete.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from desktop.canvas.painter import Paint, ink_scene
from gis.exchange.vector.reader import Reader
from gis.exchange.vector.room import Room
from gis.progress import Progress
from layers.build import Sheet, build, reach
from layers.colours import DAY
from layers.index import Indexes
from tests.bench.bench_five_million import VIEWS
from tests.bench.citymap import HEIGHT, UTM, WIDTH, layer, view_of
from tests.bench.memory import held
from tests.needs import that

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
ROOM = 768 << 20
WALK = 40  # views beside each other


def frame(buildings, sheet, indexes):
    """A picture, with how long the reading, the laying out and the painting of it took, in milliseconds."""
    source, times = buildings.source, [time.perf_counter()]
    found = source.around(reach(buildings, sheet), UTM, Progress())
    times.append(time.perf_counter())
    scene = build(buildings, sheet, indexes, Progress())
    times.append(time.perf_counter())
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("white"))
    ink_scene(scene, image, Paint(DAY, 1.0, Progress()))
    times.append(time.perf_counter())
    return found, image, np.diff(times) * 1e3


def test_five_million_in_a_fraction_of_their_room():
    named = os.environ.get("KENTONGAN_CITY5", "")
    that(named, "KENTONGAN_CITY5 names no folder with five million buildings")
    reader, indexes = Reader(room=Room(ROOM)), Indexes()
    buildings = layer(Path(named), "buildings", reader)
    source, room = buildings.source, reader.room
    begun = time.perf_counter()
    source.survey(UTM, Progress())
    print(f"\noverview: {time.perf_counter() - begun:.1f} s", end="  ")
    (marks,) = source.around(VIEWS["full"][0], UTM, Progress()).features
    print(f"{len(marks):,} marks; held {room.held / 2**20:.0f} of {room.most / 2**20:.0f} MiB")
    assert marks.counts.sum() == 5_000_000
    for name in ("full", "city", "district", "district"):
        found, _image, (read, made, painted) = frame(
            buildings, Sheet(view_of(list(VIEWS[name][0])), UTM), indexes
        )
        count = sum(map(len, found.features))
        what = "marks" if found.notes else "buildings"
        print(
            f"{name:9} {count:9,} {what:9} read {read:6.0f} ms  ordered {made:5.0f}  painted {painted:5.0f}"
        )
    most, district = 0, view_of(list(VIEWS["district"][0]))
    begun = time.perf_counter()
    for step in range(WALK):
        view = district.panned(district.width * (step % 8), district.height * (step // 8))
        found, _image, _times = frame(buildings, Sheet(view, UTM), indexes)
        assert not found.notes
        most = max(most, room.held)
    each = (time.perf_counter() - begun) / WALK * 1e3
    print(f"{WALK} districts, {each:.0f} ms each; at most {most / 2**20:.0f} MiB held")
    print("MiB: " + "  ".join(f"{kind} {mib:.0f}" for kind, mib in held().items()))
    assert most <= ROOM
    reader.close()
