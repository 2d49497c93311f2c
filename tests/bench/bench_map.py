"""The table the map is judged by: our frames beside those of QGIS, in turn, from the same files.

Needs a city of buildings, roads, zones and points: GeoPackages of those names in EPSG:32651 in the folder
`KENTONGAN_CITY`, with `views.json` beside or in it; and a Python that has QGIS (`KENTONGAN_QGIS`, else
/usr/bin/python3). Run: `python -m pytest -q -s tests/bench/bench_map.py`. Prints medians of frames of
1600 x 1000 pixels in ms and ratios, and how far the pictures are apart; asserts no time. Ours are painted
from memory as the map does it: what is in view is found and painted, by one thread and by all hands.
"""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

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
from layers.layer import Layer
from layers.scene import Scene
from layers.sources.vector import Chosen, VectorSource
from layers.style import Fill, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.needs import that

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
ROUNDS = int(os.environ.get("KENTONGAN_ROUNDS", "5"))
BUSY = bool(os.environ.get("KENTONGAN_BUSY"))  # on a busy computer processor time says more than the clock
WIDTH, HEIGHT, UTM = 1600, 1000, 32651
VIEWS = ("full", "city", "district", "street")
KINDS = ("zones", "buildings", "roads", "points")  # from the bottom
HAIR_PX = 0.26 / 25.4 * 96  # as the peer's
LOOKS = {
    "zones": Symbol(Fill("#e1eeda"), Stroke("#5a785a", HAIR_PX)),
    "buildings": Symbol(Fill("#d9c8b9"), Stroke("#785f50", HAIR_PX)),
    "roads": Symbol(None, Stroke("#c8503c", HAIR_PX)),
    "points": Symbol(marker=Marker("#2864c8", size_px=8.0, edge="#142850")),
}
Frame = Callable[..., QImage]


@pytest.fixture(scope="module")
def city() -> Path:
    folder = os.environ.get("KENTONGAN_CITY", "")
    that(folder, "KENTONGAN_CITY names no folder with a city")
    return Path(folder)


@pytest.fixture(scope="module")
def extents(city: Path) -> dict[str, list[float]]:
    place = next(f for f in (city / "views.json", city.parent / "views.json") if f.exists())
    return {name: view["ext"] for name, view in json.loads(place.read_text()).items()}


@pytest.fixture(scope="module")
def layers(city: Path):
    """Read whole, as the map keeps them."""
    reader = Reader()
    made = {
        kind: Layer(
            kind, kind, VectorSource(reader, Chosen(city / f"{kind}.gpkg")), Style(Simple(LOOKS[kind]))
        )
        for kind in KINDS
    }
    yield made
    reader.close()


class Qgis:
    """The peer, asked again and again."""

    def __init__(self, city: Path) -> None:
        python = os.environ.get("KENTONGAN_QGIS", "/usr/bin/python3")
        script = Path(__file__).with_name("qgis_peer.py")
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self._run = subprocess.Popen(
            [python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        self._city = city

    def draw(self, kinds: tuple[str, ...], extent: list[float], **more: Any) -> dict[str, Any]:
        paths = {kind: str(self._city / f"{kind}.gpkg") for kind in kinds}
        asked = {"layers": paths, "extent": extent, "crs": UTM, "size": [WIDTH, HEIGHT], **more}
        assert self._run.stdin
        assert self._run.stdout
        self._run.stdin.write(json.dumps(asked) + "\n")
        self._run.stdin.flush()
        line = self._run.stdout.readline()
        assert line, "QGIS ended"
        return json.loads(line)

    def close(self) -> None:
        assert self._run.stdin
        self._run.stdin.close()
        self._run.wait(30)
        assert self._run.stdout
        self._run.stdout.close()


@pytest.fixture(scope="module")
def qgis(city: Path):
    peer = Qgis(city)
    yield peer
    peer.close()


def view_of(extent: list[float]) -> MapView:
    west, south, east, north = extent
    unit = max((east - west) / WIDTH, (north - south) / HEIGHT)
    return MapView((west + east) / 2, (south + north) / 2, unit, WIDTH, HEIGHT)


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
