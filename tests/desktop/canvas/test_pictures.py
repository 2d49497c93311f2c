"""Which picture of a layer is painted, and when."""

import threading

from desktop.canvas.renderer import FIRST_PX, MARGIN_PX
from layers.colours import DAY, NIGHT
from layers.layer import Layer
from layers.roles import Role, role_style
from tests.desktop.canvas.city import BLUE, LAND, RED, Gated, X, Y, a_layer, filled
from tests.shapes import Ruin, Shelf, polygons, square


def test_dragging_moves_the_picture_at_once_before_anything_is_painted(desk):
    source = Shelf(polygons([square(X, Y, 40)]))
    desk.stack.add(Layer("ward", "Ward", source, filled(RED)))
    desk.settle()
    asked = source.asked
    desk.canvas.look(desk.canvas.view.panned(60, -40))
    assert desk.colour(260, 110) == RED
    assert desk.colour(200, 150) == LAND
    desk.settle()
    assert source.asked == asked, "a pan within the margin needs no new picture"


def test_a_pan_beyond_the_margin_brings_a_new_picture(desk):
    desk.stack.add(a_layer("far", polygons([square(X + 600, Y, 40)])))
    desk.settle()
    desk.canvas.look(desk.canvas.view.panned(-600, 0))
    assert desk.colour(200, 150) == LAND
    desk.settle()
    assert desk.colour(200, 150) == RED


def test_zooming_scales_the_picture_at_hand(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    desk.canvas.look(desk.canvas.view.zoomed(0.25))
    assert desk.colour(200 + 70, 150) == RED
    assert desk.colour(200 + 90, 150) == LAND


def test_the_newest_request_wins(desk):
    gate, views = threading.Event(), []

    class Slow(Shelf):
        def read(self, extent, crs, progress, /):
            views.append(extent)
            if len(views) == 1:
                gate.wait(10)
            return super().read(extent, crs, progress)

    slow = Slow(polygons([square(X, Y, 40)]))
    desk.stack.add(Layer("slow", "Slow", slow, filled(RED)))
    desk.qtbot.waitUntil(lambda: len(views) == 1)
    desk.canvas.look(desk.canvas.view.zoomed(0.5))
    desk.qtbot.waitUntil(lambda: len(views) == 2)
    desk.settle()
    gate.set()
    desk.jobs.run("After the late one", lambda _progress: None, done=lambda _: None)
    desk.qtbot.wait(50)
    assert desk.canvas.renderer.pictures["slow"].view.units_per_pixel == 0.5


def test_a_broken_source_gives_its_reason_and_the_others_are_drawn(desk):
    desk.stack.add(Layer("flood", "Flood", Ruin(), filled(BLUE)))
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    assert desk.stack.get("flood").problem == "The file flood.gpkg is not there any more."
    assert desk.colour(200, 150) == RED


def test_a_mended_source_is_drawn_again(desk):
    desk.stack.add(Layer("flood", "Flood", Ruin(), filled(BLUE)))
    desk.settle()
    desk.stack.update("flood", source=Shelf(polygons([square(X, Y, 40)])), problem="")
    desk.settle()
    assert desk.colour(200, 150) == BLUE


def test_a_removed_layer_leaves_nothing_behind(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    desk.stack.remove("ward")
    desk.settle()
    assert desk.colour(200, 150) == LAND
    assert "ward" not in desk.canvas.renderer.pictures


def test_night_falls_on_everything(desk):
    desk.stack.add(a_layer("water", polygons([square(X, Y, 40)]), style=role_style(Role.WATER)))
    desk.settle()
    assert desk.colour(200, 150) == DAY.of("water")
    desk.canvas.recolour(NIGHT)
    desk.settle()
    assert desk.colour(200, 150) == NIGHT.of("water")
    assert desk.colour(20, 20) == NIGHT.of("background")


def test_at_a_new_scale_the_window_is_painted_first_and_then_what_lies_around_it(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    pictures, widths = desk.canvas.renderer.pictures, []
    desk.canvas.renderer.updated.connect(lambda: widths.append(pictures["ward"].view.width))
    desk.canvas.look(desk.canvas.view.zoomed(0.5))
    desk.settle()
    assert widths[0] == 400 + 2 * FIRST_PX
    assert widths[-1] == 400 + 2 * MARGIN_PX


def test_what_lies_around_the_window_waits_until_every_layer_shows_the_window(desk):
    slow = Gated(polygons([square(X, Y, 40)]))
    desk.stack.add(a_layer("quick", polygons([square(X, Y, 80)])))
    desk.stack.add(Layer("slow", "Slow", slow, filled(BLUE)))
    desk.settle()
    pictures = desk.canvas.renderer.pictures
    slow.gate.clear()
    desk.canvas.look(desk.canvas.view.zoomed(0.5))
    desk.qtbot.waitUntil(lambda: pictures["quick"].view.units_per_pixel == 0.5)
    desk.canvas.look(desk.canvas.view.panned(3, 0))
    desk.qtbot.wait(200)
    assert pictures["quick"].view.width == 400 + 2 * FIRST_PX
    slow.gate.set()
    desk.settle()
    assert {pictures[name].view.width for name in ("quick", "slow")} == {400 + 2 * MARGIN_PX}


def test_who_zooms_back_sees_the_sharp_picture_before_anything_is_painted(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    painted = desk.canvas.renderer.pictures["ward"]
    near = desk.canvas.view
    desk.canvas.look(near.zoomed(2))
    desk.settle()
    assert desk.canvas.renderer.pictures["ward"] is not painted
    desk.canvas.look(near)
    desk.settle()
    assert desk.canvas.renderer.pictures["ward"] is painted


def test_a_changed_layer_is_not_taken_from_what_was_painted_before(desk):
    desk.stack.add(a_layer("ward", polygons([square(X, Y, 40)])))
    desk.settle()
    near = desk.canvas.view
    desk.canvas.look(near.zoomed(2))
    desk.settle()
    desk.stack.update("ward", style=filled(BLUE))
    desk.settle()
    desk.canvas.look(near)
    desk.settle()
    assert desk.colour(200, 150) == BLUE


def test_once_the_map_rests_more_is_painted_around_it_so_that_a_pan_finds_it(desk):
    desk.stack.add(a_layer("far", polygons([square(X + 480, Y, 40)])))
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.canvas.renderer.pictures["far"].view.width > 1_000, timeout=60_000)
    desk.canvas.look(desk.canvas.view.panned(-300, 0))
    assert desk.colour(380, 150) == RED
