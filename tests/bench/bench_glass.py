"""Twenty thousand live symbols, all of them on the move: the time of one frame in the window's thread.

Run: `python -m pytest -q -s tests/bench/bench_glass.py`. Prints milliseconds of this thread for a frame (all
that changes is made anew: order, places, looks, values) and the ratio to one `drawImage` for each symbol in
the same run; asserts that both drew the same sky of symbols, and no time.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from desktop.canvas.overlay import Pane
from desktop.canvas.stamps import SIDES, _draw
from gis.geo.features import Features, Shape
from layers.badges import Badges, badges
from layers.colours import DAY
from layers.glass import KINDS, glass
from layers.style import LiveLook
from layers.view import MapView
from tests.desktop.canvas import byhand

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
WIDTH, HEIGHT, FRAMES, UTM = 1600, 1000, 60, 32751
VIEW = MapView(0.0, 0.0, 2.0, WIDTH, HEIGHT)
SCALE = 7_559.0


def a_sky(count: int) -> list[Badges]:
    """So many symbols all over the window: half incidents, a third instruments, the rest alarms."""
    rng = np.random.default_rng(2)
    parts = {LiveLook.SENSOR: count // 3, LiveLook.ALARM: count // 6, LiveLook.INCIDENT: count - count // 2}
    return [badges(str(look), look, [some(rng, number)]) for look, number in parts.items()]


def some(rng: np.random.Generator, count: int) -> Features:
    each = np.arange(count + 1)
    xy = rng.uniform(-0.5, 0.5, (count, 2)) * (WIDTH * 2.0, HEIGHT * 2.0)
    columns = {
        "severity": rng.integers(1, 6, count),
        "hollow": rng.integers(0, 2, count),
        "exercise": rng.integers(0, 2, count),
        "label": np.array([f"{value:.2f} m" for value in rng.uniform(0, 9, count)], object),
    }
    return Features(Shape.POINT, xy, each, each, each[:-1], columns, UTM)


def cpu_ms(act: Callable[[int], object], rounds: int) -> np.ndarray:
    took = np.empty(rounds)
    for n in range(rounds):
        begun = time.thread_time()
        act(n)
        took[n] = time.thread_time() - begun
    return np.sort(took * 1e3)


def said(took: np.ndarray) -> str:
    return f"{np.median(took):6.1f} ms, p99 {took[int(0.99 * len(took))]:6.1f} ms"


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("count", [500, 20_000])
def test_a_frame_of_moving_symbols(count, ratio):
    shown, pane = a_sky(count), Pane()
    rng = np.random.default_rng(4)
    ways = [rng.uniform(-6, 6, badge.xy.shape) for badge in shown]
    image = QImage(round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    stamps = [one(kind, ratio) for kind in KINDS]

    def moved(n: int) -> list[Badges]:
        return [replace(b, xy=b.xy + n * way) for b, way in zip(shown, ways, strict=True)]

    def frame(n: int) -> None:
        pane.show(moved(n))
        painter = QPainter(image)
        pane.draw(painter, VIEW, SCALE, DAY, [])
        painter.end()

    def panned(n: int) -> None:
        painter = QPainter(image)
        pane.draw(painter, VIEW.panned(3 * n, n), SCALE, DAY, [])
        painter.end()

    def by_hand(n: int) -> None:
        made = glass(moved(n))
        painter = QPainter(image)
        byhand.one_by_one(painter, made, stamps, np.rint(VIEW.to_pixels(made.xy)).tolist())
        painter.end()

    silent = [replace(badge, labels=("",) * len(badge.labels)) for badge in shown]
    made = glass(silent)

    def hand(painter: QPainter) -> None:
        byhand.one_by_one(painter, made, stamps, np.rint(VIEW.to_pixels(made.xy)).tolist())

    assert inked(image, hand) == pytest.approx(inked(image, partial(draw, pane, silent)), rel=0.05)
    cpu_ms(frame, 2)  # the stamps are painted once
    moving, dragged, old = cpu_ms(frame, FRAMES), cpu_ms(panned, FRAMES), cpu_ms(by_hand, 9)
    print(f"\n{count:6,} symbols at ratio {ratio:.0f}: moving {said(moving)}   panned {said(dragged)}   "
          f"one by one {said(old)}   ratio {np.median(old) / np.median(moving):5.1f}x")  # fmt: skip


def draw(pane: Pane, shown: list[Badges], painter: QPainter) -> None:
    pane.show(shown)
    pane.draw(painter, VIEW, SCALE, DAY, [])


def inked(image: QImage, act: Callable[[QPainter], object]) -> float:
    """How much of a white picture is covered by what `act` draws."""
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    act(painter)
    painter.end()
    return float((np.frombuffer(image.constBits(), np.uint32) != 0xFFFFFFFF).mean())


def one(kind, ratio: float) -> QImage:
    side = SIDES[kind.look]
    image = QImage(round(side * ratio), round(side * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.translate(side / 2, side / 2)
    _draw(painter, kind, DAY, far=False)
    painter.end()
    return image
