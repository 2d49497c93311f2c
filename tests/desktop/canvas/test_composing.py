"""Frames show sheets on which the pictures are laid together; the map changes as a whole."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from desktop.canvas import composing
from desktop.canvas.composing import PATIENCE_MS, Paper, laid
from desktop.canvas.painter import blank
from desktop.canvas.sheets import Picture
from layers.grid.lines import GridKind
from layers.layer import Layer
from layers.scene import Scene
from layers.view import MapView
from tests.desktop.canvas.city import BLUE, LAND, RED, Gated, X, Y, a_layer, filled
from tests.shapes import points, polygons, square

VIEW = MapView(X, Y, 1.0, 200, 100)


@pytest.fixture
def two(desk):
    """A red square of 80 m with a blue one of 40 m on it."""
    desk.stack.add(a_layer("low", polygons([square(X, Y, 80)])))
    desk.stack.add(a_layer("high", polygons([square(X, Y, 40)]), style=filled(BLUE)))
    desk.settle()
    return desk


def test_however_many_layers_a_frame_draws_one_opaque_sheet(two):
    ((view, image, opacity),) = two.canvas.composer.sheets(0)
    assert view == two.canvas.renderer.pictures["low"].view
    assert (image.format(), opacity) == (QImage.Format.Format_RGB32, 1.0)
    x, y = view.width // 2, view.height // 2
    assert [image.pixelColor(x + dx, y).name() for dx in (0, 30, 60)] == [BLUE, RED, LAND]


def test_a_layer_one_can_look_through_is_laid_so(two):
    two.stack.update("high", opacity=0.5)
    two.settle()
    seen = QColor(two.colour(200, 150))
    assert abs(seen.red() - 0x66) <= 1
    assert abs(seen.blue() - 0x66) <= 1


def test_a_picture_that_is_alone_is_shown_as_it_is(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    ((_view, image, _opacity),) = desk.canvas.composer.sheets(0)
    assert image is desk.canvas.renderer.pictures["ward"].image


def test_what_belongs_above_the_grid_has_a_sheet_of_its_own_while_there_is_one(two):
    two.stack.add(a_layer("signs", points([(X + 90, Y)])))
    two.settle()
    assert two.canvas.composer.sheets(1) == []
    two.canvas.show_grid(GridKind.UTM)
    two.settle()
    (_below,), ((_view, above, _opacity),) = two.canvas.composer.sheets(0), two.canvas.composer.sheets(1)
    assert above is two.canvas.renderer.pictures["signs"].image
    two.canvas.show_grid(GridKind.NONE)
    two.settle()
    assert two.canvas.composer.sheets(1) == []
    assert two.colour(290, 150) == RED


def test_two_layers_that_came_late_do_not_hide_the_two_that_were_first(desk):
    slow = [Gated(polygons([square(X, Y, 10)])) for _each in range(2)]
    for name in ("first", "second"):
        desk.stack.add(a_layer(name, polygons([square(X, Y, 80)])))
    for n, source in enumerate(slow):
        desk.stack.add(Layer(f"slow {n}", "Slow", source, filled(BLUE)))
    desk.settle()
    for source in slow:
        source.gate.clear()
    desk.canvas.look(desk.canvas.view.zoomed(0.5))
    shown = desk.canvas.composer
    desk.qtbot.waitUntil(lambda: len({p.view.units_per_pixel for p in shown.shown if p.image}) == 2)
    assert desk.colour(250, 150) == RED
    for source in slow:
        source.gate.set()
    desk.settle()
    assert desk.colour(250, 150) == RED


def test_a_smaller_window_does_not_take_away_what_was_painted_for_the_larger_one(desk):
    desk.stack.add(a_layer("low", polygons([square(X, Y, 8_000)])))
    desk.stack.add(a_layer("high", polygons([square(X, Y, 4_000)]), style=filled(BLUE)))
    desk.canvas.resize(1_900, 300)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.canvas.renderer.pictures["low"].view.width > 2_500, timeout=60_000)
    desk.canvas.resize(800, 300)
    desk.settle()
    desk.stack.update("high", visible=False)
    desk.settle()
    desk.stack.update("high", visible=True)
    desk.settle()
    desk.canvas.look(desk.canvas.view.panned(-450, 0))
    desk.settle()
    assert {desk.colour(x, 200) for x in (5, 400, 795)} == {BLUE}


def test_a_zoom_is_seen_when_all_layers_have_come_or_some_have_kept_the_map_waiting(desk):
    slow = Gated(polygons([square(X, Y, 40)]))
    desk.stack.add(a_layer("quick", polygons([square(X, Y, 80)])))
    desk.stack.add(Layer("slow", "Slow", slow, filled(BLUE)))
    desk.settle()
    canvas = desk.canvas
    pictures, composer, before = canvas.renderer.pictures, canvas.composer, canvas.composer.shown
    slow.gate.clear()
    canvas.look(canvas.view.zoomed(0.5))
    desk.qtbot.waitUntil(lambda: pictures["quick"].view.units_per_pixel == 0.5)
    assert composer.shown == before
    levels = (tuple((pictures[each.scene.layer_id], 1.0) for each in before),)
    assert composer.take(levels, canvas.view, QColor(LAND)), "a frame would be the last one again"
    desk.qtbot.waitUntil(lambda: pictures["quick"] in composer.shown, timeout=20 * PATIENCE_MS)
    assert [p.view.units_per_pixel for p in composer.shown if p.image] == [0.5, 1.0]
    assert desk.colour(200 + 70, 150) == RED
    slow.gate.set()
    desk.settle()
    assert {p.view.units_per_pixel for p in composer.shown if p.image} == {0.5}
    assert desk.colour(200 + 39, 150) == BLUE


def test_what_reaches_farther_waits_for_the_others_but_another_look_does_not(two):
    slow = Gated(polygons([square(X, Y, 40)]))
    two.stack.add(Layer("slow", "Slow", slow, filled(BLUE)))
    two.settle()
    canvas, before = two.canvas, two.canvas.composer.shown
    slow.gate.clear()
    canvas.look(canvas.view.panned(150, 0))
    two.qtbot.waitUntil(lambda: canvas.renderer.pictures["low"] is not before[0])
    assert canvas.composer.shown == before
    two.stack.update("low", style=filled("#00aa00"))
    two.qtbot.waitUntil(lambda: two.colour(350 + 30, 150) == "#00aa00")
    slow.gate.set()
    two.settle()


def test_a_layer_that_is_added_waits_for_no_other(two):
    slow = Gated(polygons([square(X, Y, 40)]))
    slow.gate.clear()
    two.stack.add(Layer("slow", "Slow", slow, filled(BLUE)))
    two.stack.add(a_layer("ward", polygons([square(X + 100, Y, 40)])))
    two.qtbot.waitUntil(lambda: two.colour(300, 150) == RED)
    slow.gate.set()
    two.settle()


def test_memory_is_used_again_but_never_what_is_shown():
    paper = Paper()
    first = paper.sheet(30, 20, opaque=True)
    paper.keep([first])
    second = paper.sheet(30, 20, opaque=True)
    assert address(second) != address(first)
    paper.keep([second])
    third, fourth = paper.sheet(20, 30, opaque=False), paper.sheet(30, 20, opaque=False)
    assert address(third) == address(first)
    assert len({address(each) for each in (second, third, fourth)}) == 3


def address(image: QImage) -> int:
    return np.frombuffer(image.constBits(), np.uint8).ctypes.data


def test_pictures_that_cannot_be_laid_together_are_shown_one_by_one(two, monkeypatch):
    def fails(*_any):
        raise MemoryError

    monkeypatch.setattr(composing, "laid", fails)
    with two.qtbot.captureExceptions() as told:
        two.stack.update("high", opacity=0.5)
        two.settle()
    assert [kind for kind, *_rest in told] == [MemoryError]
    assert [opacity for *_rest, opacity in two.canvas.composer.sheets(0)] == [1.0, 0.5]
    assert QColor(two.colour(200, 150)).red() == pytest.approx(0x66, abs=1)


def picture(name: str, view: MapView, colour: str, ratio: float = 1.0) -> Picture:
    image = blank(view.width, view.height, ratio)
    image.fill(QColor(colour))
    return Picture(view, image, Scene(name, view))


def test_pictures_that_reach_differently_far_are_laid_as_far_as_any_does():
    east = VIEW.centred(X + 50, Y)
    group = ((picture("low", VIEW, RED), 1.0), (picture("high", east, BLUE), 1.0))
    view, image, _opacity = laid(group, QColor(LAND), Paper())
    assert view.extent == (X - 100, Y - 50, X + 150, Y + 50)
    assert [image.pixelColor(x, 99).name() for x in (0, 49, 50, 249)] == [RED, RED, BLUE, BLUE]


def test_of_pictures_far_apart_the_largest_is_shown():
    far, near = VIEW.centred(X + 90_000, Y), VIEW.sized(240, 100)
    group = ((picture("low", far, RED), 1.0), (picture("high", near, BLUE), 1.0))
    view, image, _opacity = laid(group, None, Paper())
    assert view == near
    assert image.pixelColor(120, 50).name() == BLUE


def test_a_picture_from_a_finer_screen_keeps_its_size():
    group = ((picture("low", VIEW, RED), 1.0), (picture("high", VIEW, BLUE, 2.0), 1.0))
    _view, image, _opacity = laid(group, QColor(LAND), Paper())
    assert [image.pixelColor(x, 99).name() for x in (0, 199)] == [BLUE, BLUE]


@pytest.mark.parametrize("ratio", [1.0, 1.1, 1.5, 2.0])
def test_on_finer_screens_every_pixel_is_laid(ratio):
    view = VIEW.sized(201, 333)
    group = ((picture("low", view, RED, ratio), 1.0), (picture("high", view, BLUE, ratio), 0.5))
    _view, image, _opacity = laid(group, QColor(LAND), Paper())
    size = image.size()
    assert (size.width(), size.height()) == (round(201 * ratio), round(333 * ratio))
    seen = {image.pixelColor(x, y).name() for x in (0, size.width() - 1) for y in range(size.height())}
    assert len(seen) == 1
