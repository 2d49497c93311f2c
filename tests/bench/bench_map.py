"""The table the map is judged by: our frames beside those of QGIS, in turn, from the same files.

Needs the city of `citymap.py` (`KENTONGAN_CITY`), and a Python that has QGIS (`KENTONGAN_QGIS`, else
/usr/bin/python3). Run: `python -m pytest -q -s tests/bench/bench_map.py`. Prints medians of frames of
1600 x 1000 pixels in ms and ratios, and how far the pictures are apart; asserts no time. Ours are painted
from memory as the map does it: what is in view is found and painted, by one thread and by all hands.
"""

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from desktop.canvas.painter import Paint, brush_scene, ink_scene
from gis.exchange.vector.reader import Reader
from gis.paint import raster
from gis.paint.hands import Hands
from gis.progress import Progress
from layers.build import Sheet, build
from layers.colours import DAY
from layers.index import Indexes
from layers.scene import Scene
from tests.bench import citymap
from tests.bench.citymap import HEIGHT, KINDS, UTM, WIDTH, view_of
from tests.bench.qgis_door import Qgis

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
ROUNDS = int(os.environ.get("KENTONGAN_ROUNDS", "5"))
BUSY = bool(os.environ.get("KENTONGAN_BUSY"))  # on a busy computer processor time says more than the clock
VIEWS = ("full", "city", "district", "street")
Frame = Callable[..., QImage]


@pytest.fixture(scope="module")
def city() -> Path:
    return citymap.city()


@pytest.fixture(scope="module")
def extents(city: Path) -> dict[str, list[float]]:
    return {name: view["ext"] for name, view in citymap.said_of(city, "views.json").items()}


@pytest.fixture(scope="module")
def layers(city: Path):
    """Read whole, as the map keeps them."""
    reader = Reader()
    yield {kind: citymap.layer(city, kind, reader) for kind in KINDS}
    reader.close()


@pytest.fixture(scope="module")
def qgis(city: Path):
    peer = Qgis(city)
    yield peer
    peer.close()


def on_paper(image: QImage, scene: Scene, hands: Hands | None = None) -> QImage:
    """Straight onto the paper, as the peer draws a single layer."""
    ink_scene(scene, image, Paint(DAY, 1.0, Progress(), hands=hands))
    return image


def by_qt(image: QImage, scene: Scene) -> QImage:
    brush_scene(scene, image, Paint(DAY, 1.0, Progress()))
    return image


def paper() -> QImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("white"))
    return image


def ms(act: Callable[[QImage], object]) -> float:
    clock, image = time.process_time if BUSY else time.perf_counter, paper()
    begun = clock()
    act(image)
    return (clock() - begun) * 1e3


def apart(ours: QImage, theirs: QImage) -> float:
    """The mean difference of two pictures, of 255."""
    seen = [np.frombuffer(i.constBits(), np.uint8).astype(np.int16) for i in (ours, theirs)]
    return float(np.abs(seen[0] - seen[1]).mean())


@pytest.fixture(scope="module")
def hands():
    made = Hands(1)
    yield made
    made.close()


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), KINDS], ids="+".join)
def test_frames_beside_qgis(kinds, layers, extents, qgis, hands, tmp_path):
    assert raster.available
    indexes, version = Indexes(), ""
    print()
    for name in VIEWS:
        sheet = Sheet(view_of(extents[name]), UTM)

        def frame(image: QImage, how: Frame = on_paper, sheet: Sheet = sheet) -> QImage:
            for kind in kinds:
                how(image, build(layers[kind], sheet, indexes, Progress()))
            return image

        theirs = tmp_path / f"{name}.png"
        version = qgis.draw(kinds, extents[name], save=str(theirs))["version"]
        ours = frame(paper())
        ways: dict[str, Frame] = {"1 thread": on_paper, "2 threads": partial(on_paper, hands=hands)}
        if len(kinds) == 1 and kinds != ("points",):
            ways["by Qt"] = by_qt
        told: dict[str, list[float]] = {"QGIS": [], **{way: [] for way in ways}}
        for _round in range(ROUNDS):
            told["QGIS"].append(qgis.draw(kinds, extents[name])["cpu_ms" if BUSY else "ms"])
            for way, how in ways.items():
                told[way].append(ms(lambda image, how=how, frame=frame: frame(image, how)))
        took = {who: statistics.median(each) for who, each in told.items()}
        ratios = "  ".join(f"{who} {each:8.1f} ({took['QGIS'] / each:5.1f}x)" for who, each in took.items())
        other = QImage(str(theirs)).convertToFormat(ours.format())
        print(f"{'+'.join(kinds):10.30} {name:9} {ratios}  apart {apart(ours, other):.2f}")
        if keep := os.environ.get("KENTONGAN_PICTURES"):
            ours.save(f"{keep}/{'_'.join(kinds)}_{name}_ours.png")
            other.save(f"{keep}/{'_'.join(kinds)}_{name}_qgis.png")
    print(f"QGIS {version}")
