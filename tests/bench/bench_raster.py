"""Frames of half a million buildings: the compiled painter beside Qt's, in the same run, on one thread.

Run: `python -m pytest -q -s tests/bench/bench_raster.py`. Prints processor time of this thread per frame, for
finding what is in view and painting it, and the ratio; asserts that both painted the same town, and no time.
"""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtGui import QImage

from desktop.canvas.painter import Paint, blank, brush_scene, paint
from gis.geo.features import Features, Shape
from gis.paint import raster
from gis.progress import Progress
from layers.build import Sheet, build
from layers.colours import DAY
from layers.index import Indexes
from layers.layer import Layer
from layers.scene import Scene
from layers.style import Fill, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.bench import town

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
ROUNDS = 5
WIDTH, HEIGHT = 1600, 1000
UTM = 32751
AREA, LINE = Symbol(Fill("#d8c8b0"), Stroke("#807060")), Symbol(None, Stroke("#807060"))
POINT = Symbol(marker=Marker("#807060", size_px=8.0))


class Held:
    """A source that has its features in memory."""

    kinds: frozenset[type] = frozenset()
    origin: Mapping[str, str] = MappingProxyType({})

    def __init__(self, features: Features) -> None:
        self._held = (features,)

    def read(self, _extent, _crs, _progress, /) -> tuple[Features, ...]:
        return self._held


def compiled(scene: Scene) -> QImage:
    return paint(scene, Paint(DAY, 1.0, Progress()))


def by_qt(scene: Scene) -> QImage:
    image = blank(WIDTH, HEIGHT, 1.0)
    brush_scene(scene, image, Paint(DAY, 1.0, Progress()))
    return image


def cpu_ms(act: Callable[[], object]) -> float:
    """The best of some rounds: neighbours on this computer can only make it slower."""
    best = float("inf")
    for _round in range(ROUNDS):
        begun = time.thread_time()
        act()
        best = min(best, time.thread_time() - begun)
    return best * 1e3


def inked(image: QImage) -> float:
    """How much of the picture is covered."""
    alpha = np.frombuffer(image.constBits(), np.uint32) >> 24
    return float((alpha > 64).mean())


def frames(features: Features, symbol: Symbol, title: str) -> None:
    assert raster.available
    layer, indexes = Layer("t", title, Held(features), Style(Simple(symbol))), Indexes()
    print()
    for name, share in town.SHARES.items():
        view = MapView(0, 0, town.WIDTH_M * share / WIDTH, WIDTH, HEIGHT)

        def frame(painter, view=view):
            return painter(build(layer, Sheet(view, UTM), indexes, Progress()))

        shares = inked(frame(compiled)), inked(frame(by_qt))
        assert 0.001 < max(shares) < 3 * min(shares), shares
        ours, qt = cpu_ms(lambda frame=frame: frame(compiled)), cpu_ms(lambda frame=frame: frame(by_qt))
        print(f"{title} {name:9} compiled {ours:7.1f} ms   Qt {qt:8.1f} ms   ratio {qt / ours:6.1f}x")


@pytest.mark.parametrize("kind", ["buildings", "zones", "roads"])
def test_frames_of(kind):
    shape, symbol = (Shape.LINE, LINE) if kind == "roads" else (Shape.POLYGON, AREA)
    frames(getattr(town, kind)().features(shape), symbol, kind)


def test_frames_of_a_million_points():
    xy = town.points()
    each = np.arange(len(xy) + 1)
    frames(Features(Shape.POINT, xy, each, each, each[:-1], {}, UTM), POINT, "points")
