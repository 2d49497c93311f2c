import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from desktop.canvas.painter import Paint, paint
from desktop.canvas.sheets import Picture, Shelf, aligned, extended, is_of_use, missing, part
from gis.paint import raster
from gis.progress import Progress
from layers.build import Sheet, build
from layers.colours import DAY
from layers.index import Indexes
from layers.layer import Layer
from layers.scene import Scene
from layers.style import Fill, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.shapes import UTM, lines, points, polygons, square
from tests.shapes import Shelf as Held

pytestmark = pytest.mark.usefixtures("qapp")
LOOK = Style(Simple(Symbol(Fill("#cc0000"), Stroke("#0000cc", 1.5), Marker("#00aa00", size_px=10))))
VIEW = aligned(MapView(500_000.3, 9_000_000.8, 0.7, 200, 150))
way = st.integers(-260, 260)


def moved(dx, dy):
    return VIEW.panned(dx, dy)


def pixels(image):
    """(height, width, 4) of a picture that may be none."""
    if image is None:
        return np.zeros((VIEW.height, VIEW.width, 4), np.uint8)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def a_city():
    rng = np.random.default_rng(3)
    at, size = np.array((VIEW.x, VIEW.y)) + rng.uniform(-250, 250, (300, 2)), rng.uniform(0.5, 30, 300)
    houses = polygons(*([square(x, y, width)] for (x, y), width in zip(at, size, strict=True)))
    streets = lines(*([[tuple(a), tuple(b)]] for a, b in zip(at[:60], at[60:120], strict=True)))
    return Layer("city", "City", Held(houses, streets, points(*map(tuple, at[:80]))), LOOK)


@given(way, way)
def test_what_is_missing_and_what_is_there_make_up_the_view(dx, dy):
    view = moved(dx, dy)
    count = np.zeros((view.height, view.width), int)
    for box in missing(view, VIEW):
        count[box.top() : box.bottom() + 1, box.left() : box.right() + 1] += 1
    old = np.zeros_like(count)  # what was at the corner is now at (dx, dy)
    old[max(dy, 0) : max(dy + view.height, 0), max(dx, 0) : max(dx + view.width, 0)] = 1
    assert (count + old == 1).all()


def apart_when_grown(dx, dy, ratio):
    """What tells a picture that grew from one that was painted whole, in steps of 255, pixel by pixel."""
    layer, style, indexes = a_city(), Paint(DAY, ratio, Progress()), Indexes()

    def painted(view):
        return paint(build(layer, Sheet(view, UTM), indexes, Progress()), style)

    view = moved(dx, dy)
    scene = build(layer, Sheet(view, UTM), indexes, Progress())
    old = Picture(VIEW, painted(VIEW), Scene("city", VIEW))
    grown = extended(old, view, ratio, lambda piece: paint(scene.on(piece), style))
    return np.abs(pixels(grown).astype(int) - pixels(painted(view)))


@settings(max_examples=25, deadline=None)
@given(way, way, st.sampled_from([1.0, 2.0]))
def test_a_picture_that_grew_is_the_picture_painted_whole(dx, dy, ratio):
    assert raster.available, "the painter was not compiled"
    assert apart_when_grown(dx, dy, ratio).max() <= 1


@pytest.mark.parametrize(("dx", "dy"), [(40, 0), (-100, 30), (7, -140)])
def test_by_qt_it_nearly_is(dx, dy, monkeypatch):
    monkeypatch.setattr(raster, "available", False)
    assert apart_when_grown(dx, dy, 1.0).mean() < 0.1, "a part put down one pixel off makes it 3 and more"


def test_a_picture_of_another_scale_or_screen_or_far_away_is_of_no_use():
    held = Picture(VIEW, None, Scene("city", VIEW))
    assert is_of_use(held, moved(20, 30), 1.0)
    assert not is_of_use(held, moved(20, 30), 1.25)
    assert not is_of_use(held, VIEW.zoomed(0.5), 1.0)
    assert not is_of_use(held, moved(190, 30), 1.0)
    dense = Picture(VIEW, paint(Scene("city", VIEW), Paint(DAY, 2.0, Progress())), Scene("city", VIEW))
    assert not is_of_use(dense, moved(20, 30), 1.0)


def test_the_shelf_gives_up_what_was_not_looked_at_for_longest():
    image = paint(Scene("city", VIEW), Paint(DAY, 1.0, Progress()))
    shelf = Shelf(most_bytes=3 * image.sizeInBytes())
    views = [VIEW.zoomed(2.0**n) for n in range(4)]
    for view in views:
        shelf.put("city", Picture(view, image, Scene("city", view)))
    assert [shelf.find("city", view) is not None for view in views] == [False, True, True, True]
    assert shelf.find("city", views[3].panned(2000, 0)) is None
    shelf.forget("city")
    assert [shelf.find("city", view) for view in views] == [None] * 4


def test_a_piece_of_a_view_shows_the_same_earth():
    piece = part(VIEW, QRect(30, 40, 50, 20))
    assert piece.to_map(0, 0) == pytest.approx(VIEW.to_map(30, 40))
    assert piece.to_map(50, 20) == pytest.approx(VIEW.to_map(80, 60))
