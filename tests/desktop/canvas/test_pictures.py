"""Which picture of a layer is painted, and when."""

import threading

from desktop.canvas.flat import PATIENCE_MS, Changeover, Flattened
from desktop.canvas.renderer import FIRST_PX, MARGIN_PX
from desktop.canvas.right_of_way import RightOfWay
from layers.colours import DAY, NIGHT
from layers.layer import Layer
from layers.roles import Role, role_style
from tests.desktop.canvas.city import BLUE, LAND, RED, X, Y, a_layer, filled
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


def test_pictures_of_one_view_become_one_once_the_map_rests_until_one_of_them_changes(desk):
    desk.stack.add(a_layer("low", polygons([square(X, Y, 80)])))
    desk.stack.add(a_layer("high", polygons([square(X, Y, 40)]), style=filled(BLUE)))
    desk.settle()
    low, high = (desk.canvas.renderer.pictures[name] for name in ("low", "high"))
    flattened = Flattened(desk.jobs, RightOfWay())
    pile = ((low, 1.0), (high, 1.0))
    assert [image for _view, image, _opacity in flattened.sheets(pile, 1.0)] == [low.image, high.image]
    flattened.lay_together()
    desk.qtbot.waitUntil(lambda: len(flattened.sheets(pile, 1.0)) == 1)
    ((view, image, _opacity),) = flattened.sheets(pile, 1.0)
    assert view == low.view
    assert image.pixelColor(view.width // 2, view.height // 2).name() == BLUE
    assert image.pixelColor(view.width // 2 + 30, view.height // 2).name() == RED
    assert flattened.sheets(pile, 1.0)[0][1] is image
    assert [opacity for *_rest, opacity in flattened.sheets(((low, 1.0), (high, 0.5)), 1.0)] == [1.0, 0.5]


def test_pictures_shown_at_another_scale_are_laid_together_at_once(desk):
    desk.stack.add(a_layer("low", polygons([square(X, Y, 80)])))
    desk.stack.add(a_layer("high", polygons([square(X, Y, 40)]), style=filled(BLUE)))
    desk.settle()
    pile = tuple((desk.canvas.renderer.pictures[name], 1.0) for name in ("low", "high"))
    flattened = Flattened(desk.jobs, RightOfWay())
    ((view, image, opacity),) = flattened.sheets(pile, 2.0)
    assert (view, opacity) == (pile[0][0].view, 1.0)
    assert image.pixelColor(view.width // 2, view.height // 2).name() == BLUE
    assert image.pixelColor(view.width // 2 + 30, view.height // 2).name() == RED
    assert flattened.sheets(pile, 0.5)[0][1] is image


class Gated(Shelf):
    """A source that answers once it is let."""

    def __init__(self, *held) -> None:
        super().__init__(*held)
        self.gate = threading.Event()
        self.gate.set()

    def read(self, extent, crs, progress, /):
        self.gate.wait(30)
        return super().read(extent, crs, progress)


def test_a_zoom_is_seen_when_all_layers_have_come_or_some_have_kept_the_map_waiting(desk):
    slow = Gated(polygons([square(X, Y, 40)]))
    desk.stack.add(a_layer("quick", polygons([square(X, Y, 80)])))
    desk.stack.add(Layer("slow", "Slow", slow, filled(BLUE)))
    desk.settle()
    pictures, changeover = desk.canvas.renderer.pictures, Changeover(lambda: None)
    before = tuple((pictures[name], 1.0) for name in ("quick", "slow"))
    assert changeover.now(before, busy=True) is before
    slow.gate.clear()
    desk.canvas.look(desk.canvas.view.zoomed(0.5))
    desk.qtbot.waitUntil(lambda: pictures["quick"] is not before[0][0])
    mixed = tuple((pictures[name], 1.0) for name in ("quick", "slow"))
    assert changeover.now(mixed, busy=True) is before
    assert changeover.holds(mixed, busy=True)
    assert not changeover.holds(before, busy=True), "he who moves the map sees it move"
    assert not changeover.holds(mixed, busy=False)
    assert changeover.now(mixed, busy=False) is mixed, "nothing is on its way that would be worth waiting for"
    assert changeover.now(before, busy=True) is before
    assert changeover.now(mixed, busy=True) is before
    desk.qtbot.wait(2 * PATIENCE_MS)
    assert changeover.now(mixed, busy=True) is mixed
    slow.gate.set()
    desk.settle()
    assert desk.colour(200, 150) == BLUE


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
