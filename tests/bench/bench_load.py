"""500,000 buildings come into a running desk: what its window notices, beside geopandas in the same chair.

Run: `python -m pytest -q -s tests/bench/bench_load.py`. Prints figures and ratios, asserts that
the buildings are there to be seen, asserts no time. `KENTONGAN_BUILDINGS` asks for fewer or more.
"""

import os
import tempfile
import threading
import time
from pathlib import Path

import geopandas
import numpy as np
import pytest

from desktop.desk import Desk
from desktop.forms.add_layer import LayerWish
from desktop.opening import open_folder, open_sample
from desktop.session import application, show
from desktop.theme import NIGHT, Appearance
from gis import settings
from gis.exchange.gpkg import write_layers
from gis.geo.features import Features, Shape
from gis.progress import Progress
from layers.city import CityFiles, keep_city
from layers.ground import lonlat
from layers.roles import Role
from layers.sources.base import EVERYWHERE
from tests.bench.eyes import seen_of
from tests.bench.heart import Heart, settled, wait

pytestmark = pytest.mark.bench
COUNT, UTM = int(os.environ.get("KENTONGAN_BUILDINGS", "500000")), 32750
WEST, SOUTH, SIDE = 380_000.0, 9_600_000.0, 20.0 * COUNT**0.5
USES = np.array(["house", "shop", "school", "mosque", "warehouse", ""], object)
MOST_MS = 50.0  # what the window may miss at most


def buildings() -> Features:
    """Seeded houses of four walls, each turned its own way, with a name and a use."""
    rng = np.random.default_rng(7)
    centre = rng.uniform(0, SIDE, (COUNT, 2)) + np.array((WEST, SOUTH))
    half, turn = rng.uniform(2, 9, (COUNT, 2)), rng.uniform(0, np.pi, COUNT)
    corner = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])[None] * half[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    xy = np.stack(
        (corner[..., 0] * cos - corner[..., 1] * sin, corner[..., 0] * sin + corner[..., 1] * cos), 2
    )
    columns = {
        "name": np.array([f"House {n}" for n in range(COUNT)], object),
        "use": USES[rng.integers(0, len(USES), COUNT)],
        "floors": rng.integers(1, 5, COUNT),
    }
    places = (xy + centre[:, None]).reshape(-1, 2)
    rows = np.arange(COUNT + 1)
    return Features(Shape.POLYGON, places, rows * 5, rows, rows[:-1], columns, UTM)


def corners() -> tuple[float, float, float, float]:
    """West, south, east, north of the city in degrees."""
    return (*lonlat(WEST, SOUTH, UTM), *lonlat(WEST + SIDE, SOUTH + SIDE, UTM))


@pytest.fixture(scope="module")
def file() -> Path:
    """The buildings as a file, written once and kept in the folder for temporary files."""
    path = Path(tempfile.gettempdir()) / f"kentongan-bench-{COUNT}-{SIDE:.0f}.gpkg"
    if not path.exists():
        write_layers(path, {"buildings": buildings()})
    return path


def seated(opening) -> Desk:
    desk = show(opening, Appearance(application(), NIGHT))
    desk.window.showNormal()
    desk.window.resize(1920, 1080)
    desk.window.proportion()
    wait(1_000)
    desk.panels.map.canvas.show_all()
    return desk


def left(desk: Desk) -> None:
    desk.window.close()
    desk.window.deleteLater()
    wait(50)


@pytest.fixture
def desk(tmp_path, qapp):
    opening = open_folder(tmp_path / "Bench.kentongan", settings.Settings())
    with opening.store.writing("Set up") as tx:
        keep_city(tx, CityFiles(corners()))
    made = seated(opening)
    yield made
    left(made)


@pytest.fixture
def night(tmp_path, monkeypatch, qapp):
    monkeypatch.setenv("KENTONGAN_HOME", str(tmp_path))
    made = seated(open_sample(settings.Settings(), Progress()))
    settled(lambda: made.panels.map.canvas.composer.busy)
    yield made
    left(made)


def test_half_a_million_buildings_come_into_the_desk(desk, file):
    heart, canvas = Heart(), desk.panels.map.canvas
    wait(200)
    print(f"\nidle desk: worst tick {heart.taken():.1f} ms")
    begun = time.perf_counter()
    said = {"extent": corners(), "columns": ("name", "use", "floors")}
    desk.legends.add(LayerWish(file, "buildings", "Buildings", Role.BUILDINGS, **said))
    layer = next(each for each in desk.ground.model.stack if each.title == "Buildings")
    settled(lambda: layer.id not in canvas.renderer.pictures)
    first, ticks = time.perf_counter() - begun, {"load and draw": heart.taken()}
    print(f"our file to first picture {first:.2f} s; worst tick {ticks['load and draw']:.1f} ms")
    desk.legends.zoom(layer)
    wait(1_500)
    ticks["zoom to the layer"] = heart.taken()
    print(f"zoom to the layer: worst tick {ticks['zoom to the layer']:.1f} ms")
    ticks |= travels(desk, heart, {"Buildings"})
    rows, seconds, stall = beside(file, heart)
    came = layer.source.read(EVERYWHERE, desk.ground.model.stack.crs, Progress())
    assert sum(len(features) for features in came) == rows == COUNT
    worst = max(ticks.values())
    print(f"geopandas.read_file in a thread: {seconds:.2f} s, worst tick {stall:.0f} ms")
    print(f"to the first picture / geopandas' reading: {first / seconds:.2f}")
    print(f"worst tick {worst:.1f} ms / the {MOST_MS:.0f} allowed: {worst / MOST_MS:.2f}")
    print(f"geopandas' stall / our worst tick: {stall / worst:.0f}")


def test_the_sample_night_is_travelled_while_it_plays(night):
    heart = Heart()
    wait(3_000)
    print(f"\nsample night at rest: worst tick {heart.taken():.1f} ms")
    travels(night, heart, {"Buildings", "Streets"})


def travels(desk, heart, wanted) -> dict[str, float]:
    """Pan at four scales, then zoom out and in: the worst tick of each, in milliseconds.

    At every scale the wanted layers must be there to be seen.
    """
    canvas, ticks = desk.panels.map.canvas, {}
    canvas.animated = False
    canvas.show_all()
    whole = canvas.view
    for name, share in (("city", 1.0), ("quarter", 0.25), ("district", 0.0625), ("street", 0.0156)):
        heart.taken()
        canvas.look(whole.zoomed(share))
        sharp = settled(lambda: canvas.composer.busy)
        came = heart.taken()
        for step in range(120):
            canvas.look(canvas.view.panned(12 if step < 60 else -12, 5))
            wait(16)
        panned = heart.taken()
        late = settled(lambda: canvas.composer.busy)
        sees(desk, wanted)
        ticks[name] = max(came, panned, heart.taken())
        print(
            f"{name:9} sharp after {sharp:5.0f} ms (tick {came:5.1f})   "
            f"pan: tick {panned:5.1f} ms, sharp {late:4.0f} ms later"
        )
    for step in range(60):
        canvas.look(canvas.view.zoomed(2**0.25 if step < 30 else 2**-0.25))
        wait(30)
    ticks["zoom"] = heart.taken()
    print(f"zoom out and in: worst tick {ticks['zoom']:.1f} ms")
    return ticks


def sees(desk: Desk, wanted: set[str]) -> None:
    canvas, stack = desk.panels.map.canvas, desk.ground.model.stack
    seen = {layer.title: seen_of(layer, canvas) for layer in stack if layer.title in wanted}
    assert seen.keys() == wanted
    assert all(seen.values()), seen


def beside(file: Path, heart: Heart) -> tuple[int, float, float]:
    """The rows geopandas reads in a thread, how long that takes, in seconds, and what the window misses."""
    heart.taken()
    begun = time.perf_counter()
    read = []
    thread = threading.Thread(target=lambda: read.append(len(geopandas.read_file(file))))
    thread.start()
    settled(thread.is_alive)
    return read[0], time.perf_counter() - begun, heart.taken()
