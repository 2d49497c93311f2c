"""Frames of half a million buildings: the compiled painter beside Qt's, in the same run, on one thread.

Run: `python -m pytest -q -s tests/bench/bench_raster.py`. Prints processor time of this thread per frame, for
finding what is in view and painting it, and the ratio; asserts that both painted the same town, and no time.
"""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pytest

from desktop.canvas.painter import Paint, blank, paint
from gis.geo.features import Features, Shape
from gis.paint import raster
from gis.paint.shapes import AreaLook, Marks, Pen, Surface, discs
from gis.progress import Progress
from layers.build import OUTLINE_PX, Sheet, build
from layers.colours import DAY
from layers.index import Indexes
from layers.layer import Layer
from layers.style import Fill, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.bench import town

pytestmark = pytest.mark.bench
ROUNDS = 5
WIDTH, HEIGHT = 1600, 1000
FILL, INK = "#d8c8b0", "#807060"


class Held:
    """A source that has its features in memory."""

    kinds: frozenset[type] = frozenset()
    origin: Mapping[str, str] = MappingProxyType({})

    def __init__(self, features: Features) -> None:
        self._held = (features,)

    def read(self, _extent, _crs, _progress, /) -> tuple[Features, ...]:
        return self._held


def cpu_ms(act: Callable[[], object]) -> float:
    """The best of some rounds: neighbours on this computer can only make it slower."""
    best = float("inf")
    for _round in range(ROUNDS):
        begun = time.thread_time()
        act()
        best = min(best, time.thread_time() - begun)
    return best * 1e3


def qt_frame(layer: Layer, indexes: Indexes, name: str):
    unit = town.WIDTH_M * town.SHARES[name] / WIDTH
    scene = build(layer, Sheet(MapView(0, 0, unit, WIDTH, HEIGHT), 32751), indexes, Progress())
    return paint(scene, Paint(DAY, 1.0, Progress()))


def inked(alpha: np.ndarray) -> float:
    """How much of the picture is covered."""
    return float((alpha > 64).mean())


def compare(title: str, qt: Callable[[], object], ours: Callable[[], object], pixels: np.ndarray) -> None:
    pixels[:] = 0
    ours()
    picture = qt()
    theirs = np.frombuffer(picture.constBits(), np.uint8).reshape(HEIGHT, WIDTH, 4)[..., 3]
    shares = inked(pixels >> 24), inked(theirs)
    assert min(shares) > 0.001
    assert max(shares) < 3 * min(shares), shares  # outlines of the smallest are ruled differently
    mine, peer = cpu_ms(ours), cpu_ms(qt)
    print(f"{title:20} compiled {mine:7.1f} ms   Qt {peer:8.1f} ms   ratio {peer / mine:6.1f}x")


@pytest.fixture(scope="module", autouse=True)
def application(qapp):
    blank(1, 1, 1.0)


@pytest.mark.parametrize("kind", ["buildings", "zones", "roads"])
def test_frames_of(kind):
    ragged = getattr(town, kind)()
    line = kind == "roads"
    symbol = Symbol(None if line else Fill(FILL), Stroke(INK))
    source = Held(ragged.features(Shape.LINE if line else Shape.POLYGON))
    layer, indexes, shapes = Layer("t", kind, source, Style(Simple(symbol))), Indexes(), ragged.shapes()
    pixels = np.zeros((HEIGHT, WIDTH), np.uint32)
    fill, ink = (0xFF000000 | int(colour[1:], 16) for colour in (FILL, INK))

    def ours(name: str) -> None:
        affine = town.view(name)
        order = town.seen(shapes, affine)
        if line:
            raster.lines(Surface(pixels), affine, shapes, Pen(), ink, order=order)
        else:
            boxes = shapes.boxes[order]
            size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) * affine.sx
            outline = ink if np.median(size) >= OUTLINE_PX else 0  # Qt's painter has this rule
            raster.areas(Surface(pixels), affine, shapes, AreaLook(fill, outline), order=order)

    print()
    for name in town.SHARES:
        compare(
            f"{kind} {name}",
            lambda name=name: qt_frame(layer, indexes, name),
            lambda name=name: ours(name),
            pixels,
        )


def test_frames_of_a_million_points():
    xy, dots = town.points(), discs((4.0,))
    count = len(xy)
    features = Features(
        Shape.POINT,
        xy.astype(np.float64),
        np.arange(count + 1),
        np.arange(count + 1),
        np.arange(count),
        {},
        32751,
    )
    style = Style(Simple(Symbol(marker=Marker(INK, size_px=8.0))))
    layer, indexes = Layer("p", "Points", Held(features), style), Indexes()
    pixels = np.zeros((HEIGHT, WIDTH), np.uint32)
    marks = Marks(xy, cell_px=2)
    print()
    for name in town.SHARES:
        compare(
            f"points {name}",
            lambda name=name: qt_frame(layer, indexes, name),
            lambda name=name: raster.stamps(Surface(pixels), town.view(name), marks, dots, 0xFF807060),
            pixels,
        )
