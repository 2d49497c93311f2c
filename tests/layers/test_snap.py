"""The pointer meets corners first, then edges, of what is shown and of nothing else."""

import numpy as np
import pytest

from gis.progress import Progress
from layers.build import Sheet, build
from layers.index import Indexes
from layers.layer import Layer
from layers.snap import snap
from layers.style import Categorised, Category, Fill, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.shapes import UTM, Shelf, lines, polygons, square

VIEW = MapView(1000.0, 1000.0, 1.0, 400, 300)  # pixel (200, 150) is the middle
LOOK = Symbol(Fill("water"), Stroke("ink"))


def scene(features, rule=None):
    layer = Layer("a", "A", Shelf(features), Style(rule or Simple(LOOK)))
    return build(layer, Sheet(VIEW, UTM), Indexes(), Progress())


def test_a_corner_is_met_before_an_edge_that_is_nearer():
    shown = scene(polygons([square(1000, 1000, 100)]))
    found = snap([shown], VIEW, 252, 193)  # the corner lies at (250, 200)
    assert (found.x, found.y, found.corner) == (1050, 950, True)


def test_an_edge_is_met_where_it_is_nearest():
    found = snap([scene(polygons([square(1000, 1000, 100)]))], VIEW, 256, 150)
    assert (found.x, found.y, found.corner) == (1050, 1000, False)


def test_nothing_near_is_nothing():
    assert snap([scene(polygons([square(1000, 1000, 100)]))], VIEW, 200, 150) is None
    assert snap([], VIEW, 200, 150) is None


def test_no_edge_leads_from_one_line_to_the_next():
    shown = scene(lines([[(900, 1000), (950, 1000)]], [[(1050, 1000), (1100, 1000)]]))
    assert snap([shown], VIEW, 200, 150) is None


def test_what_the_style_does_not_show_is_not_met():
    features = polygons([square(1000, 1000, 100)], [square(1000, 1000, 60)], kind=["shown", "not"])
    shown = scene(features, Categorised("kind", (Category("shown", LOOK),)))
    assert snap([shown], VIEW, 230, 150) is None
    assert snap([shown], VIEW, 250, 150) is not None


@pytest.mark.parametrize("seed", range(5))
def test_what_is_met_is_what_a_look_at_every_corner_finds(seed):
    dice = np.random.default_rng(seed)
    corners = dice.uniform((850, 900), (1150, 1100), (400, 2))
    shown = scene(lines(*([[tuple(a), tuple(b)]] for a, b in zip(corners[::2], corners[1::2], strict=True))))
    for _n in range(20):
        x, y = dice.uniform((50, 50), (350, 250))
        away = np.hypot(*(VIEW.to_pixels(corners) - (x, y)).T)
        found = snap([shown], VIEW, x, y)
        if away.min() <= 10:
            assert found.corner
            assert (found.x, found.y) == pytest.approx(tuple(corners[away.argmin()]), abs=0.01)
        else:
            assert found is None or not found.corner
