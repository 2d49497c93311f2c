"""Half a million buildings on the map: how long pictures take, and what the window's thread notices of it.

Run it as a script: `python -m tests.bench.bench_canvas [buildings]`. It prints, and asserts no time.
"""

import os
import sys
import time
from collections.abc import Mapping
from types import MappingProxyType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from desktop.bridge import Bridge
from desktop.canvas.canvas import MapCanvas
from desktop.canvas.painter import Paint, paint
from gis.geo.features import Features, Shape
from gis.jobs import Jobs, lanes
from gis.progress import Progress
from layers.build import Sheet, build
from layers.colours import DAY
from layers.index import Indexes
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.selection import Selection
from layers.stack import LayerStack
from layers.view import MapView
from tests.bench.heart import Heart, settled, wait

UTM = 32750
VIEWS = {"full": 1.0, "city": 0.25, "district": 0.0625, "street": 0.0156}


class City:
    """Seeded buildings of 4 to 8 corners in a city of the given width."""

    kinds: frozenset[type] = frozenset()
    origin: Mapping[str, str] = MappingProxyType({})

    def __init__(self, count: int) -> None:
        self.count, self.width = count, 40.0 * count**0.5
        self._made = (buildings(count, self.width),)

    def read(self, _extent, _crs, _progress, /) -> tuple[Features, ...]:
        return self._made


def buildings(count: int, width: float) -> Features:
    rng = np.random.default_rng(7)
    corners = rng.integers(4, 9, count)
    rings = np.concatenate(([0], np.cumsum(corners + 1)))
    ring = np.repeat(np.arange(count), corners + 1)
    turn = (np.arange(rings[-1]) - rings[ring]) / corners[ring] * 2 * np.pi + rng.uniform(0, 1, count)[ring]
    centre, radius = rng.uniform(0, width, (count, 2)), rng.uniform(4, 16, count)
    xy = centre[ring] + radius[ring, None] * np.column_stack((np.cos(turn), np.sin(turn)))
    xy[rings[1:] - 1] = xy[rings[:-1]]
    return Features(Shape.POLYGON, xy, rings, np.arange(count + 1), np.arange(count), {}, UTM)


def frames(city: City, view: MapView) -> None:
    """Build and paint in this thread, nobody else working."""
    layer, indexes = Layer("b", "Buildings", city, role_style(Role.BUILDINGS)), Indexes()
    for name, share in VIEWS.items():
        sheet = Sheet(view.zoomed(share), UTM)
        best = (1e9, 1e9)
        for _round in range(4):
            begun = time.perf_counter()
            scene = build(layer, sheet, indexes, Progress())
            built = time.perf_counter()
            paint(scene, Paint(DAY, 1.0, Progress()))
            best = min(best, (built - begun, time.perf_counter() - built))
        shown = sum(len(mark.drawn.rows) for mark in scene)
        print(
            f"frame {name:9} {shown:8,} shown   build {best[0] * 1e3:6.1f} ms   paint {best[1] * 1e3:6.1f} ms"
        )


def session(city: City, view: MapView) -> None:
    """Load, pan and zoom in a window while the heart beats."""
    bridge = Bridge()
    jobs = Jobs(deliver=bridge.call, failed=lambda label, error: print(label, error), lanes=lanes())
    stack = LayerStack(UTM, ())
    canvas = MapCanvas(stack, Selection(), jobs, DAY, view)
    canvas.resize(view.width, view.height)
    canvas.show()
    heart, busy = Heart(), lambda: canvas.composer.busy
    wait(200)
    heart.taken()
    stack.add(Layer("b", "Buildings", city, role_style(Role.BUILDINGS)))
    first = settled(busy)
    print(f"load to first picture {first:7.0f} ms   worst tick {heart.taken():5.1f} ms")
    for name, share in VIEWS.items():
        canvas.look(view.zoomed(share))
        sharp = settled(busy)
        heart.taken()
        for step in range(120):
            canvas.look(canvas.view.panned(12 if step < 60 else -12, 5))
            wait(16)
        panned, late = heart.taken(), settled(busy)
        print(
            f"{name:9} sharp after {sharp:5.0f} ms   pan: tick {panned:5.1f} ms, sharp {late:5.0f} ms later"
        )
    for step in range(60):
        canvas.look(canvas.view.zoomed(2**0.25 if step < 30 else 2**-0.25))
        wait(30)
    print(f"zoom out and in: worst tick {heart.taken():5.1f} ms")
    canvas.close_map()
    canvas.close()
    jobs.close()


def main() -> None:
    sys.setswitchinterval(0.0005)
    _app = QApplication([])
    city = City(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
    view = MapView(city.width / 2, city.width / 2, city.width / 1000, 1600, 1000)
    session(city, view)
    frames(city, view)


if __name__ == "__main__":
    main()
