"""Whoever has no compiler sees the same map."""

import numpy as np
import pytest

from desktop.canvas.painter import Paint, blank, brush_scene, paint
from gis.paint import raster
from gis.paint.hands import Hands
from gis.progress import Progress
from layers.build import Sheet, build
from layers.colours import DAY, NIGHT
from layers.index import Indexes
from layers.layer import Layer
from layers.style import Cap, Fill, Hatch, Join, Marker, MarkerShape, Pattern, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.shapes import UTM, Shelf, lines, points, polygons, square

pytestmark = pytest.mark.usefixtures("qapp")
VIEW = MapView(500_000, 9_000_000, 0.5, 240, 160)
PLACES = VIEW.x, VIEW.y
LOOKS = {
    "plain": Symbol(Fill("#cc5500"), Stroke("ink", 1.0), Marker("#0000cc", size_px=9)),
    "soft": Symbol(Fill("water", 0.4), Stroke("#cc0000", 3.0, opacity=0.5), Marker("ink", opacity=0.5)),
    "hatched": Symbol(
        Fill("#cccc00", 0.5, Hatch(Pattern.CROSSED, "#000000", 9.0)),
        Stroke("#008800", 4.0, cap=Cap.SQUARE, join=Join.MITRE),
        Marker("#008800", MarkerShape.STAR, 20),
    ),
    "dashed": Symbol(
        None, Stroke("#880088", 2.0, dash=(8.0, 4.0)), Marker("shelter", MarkerShape.SQUARE, 16, glyph="S")
    ),
}


def a_quarter():
    rng = np.random.default_rng(5)
    at = rng.uniform(-55, 55, (60, 2)) + np.array(PLACES)
    yards = polygons(*([square(x, y, w), square(x, y, w / 2, hole=True)] for (x, y), w in
                       zip(at, rng.uniform(1, 25, 60), strict=True)))  # fmt: skip
    ways = lines(
        *([[tuple(a), tuple(b), tuple(c)]] for a, b, c in zip(at[:9], at[9:18], at[18:27], strict=True))
    )
    return yards, ways, points(*map(tuple, at[:30]))


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("look", LOOKS)
def test_the_compiled_painter_and_qts_draw_the_same(look, ratio, colours):
    assert raster.available, "the painter was not compiled"
    layer = Layer("q", "Quarter", Shelf(*a_quarter()), Style(Simple(LOOKS[look])))
    scene = build(layer, Sheet(VIEW, UTM), Indexes(), Progress())
    style = Paint(colours, ratio, Progress())
    by_qt = blank(VIEW.width, VIEW.height, ratio)
    brush_scene(scene, by_qt, style)
    ours, theirs = (numbers(image) for image in (paint(scene, style), by_qt))
    assert theirs.mean() > 1, "there is nothing on the picture"
    assert np.abs(ours - theirs).mean() < 0.12 * theirs.mean(), "Qt darkens where soft lines meet, no more"


def numbers(image):
    return np.frombuffer(image.constBits(), np.uint8).astype(float)


@pytest.mark.parametrize("look", LOOKS)
def test_several_hands_paint_the_very_same_picture(look, monkeypatch):
    monkeypatch.setattr("layers.ink.HEAVY", 0)
    layer = Layer("q", "Quarter", Shelf(*a_quarter()), Style(Simple(LOOKS[look])))
    scene, hands = build(layer, Sheet(VIEW, UTM), Indexes(), Progress()), Hands(3)
    alone, together = (
        paint(scene, Paint(DAY, 1.0, Progress())),
        paint(scene, Paint(DAY, 1.0, Progress(), hands=hands)),
    )
    hands.close()
    assert numbers(alone).any()
    assert (numbers(alone) == numbers(together)).all()
