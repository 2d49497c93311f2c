"""A layer that is being read shows what has come of it."""

import threading

import pytest

from desktop.canvas import growing
from gis.errors import UserError
from layers.layer import Layer
from layers.style import LabelRule, Style
from tests.desktop.canvas.city import LAND, RED, X, Y, filled
from tests.shapes import polygons, square

WEST, EAST, SOUTH = square(X - 60, Y, 100), square(X + 60, Y, 100), square(X, Y - 100, 20)
LEFT, RIGHT = (140, 150), (260, 150)


class Slow:
    """A source that gives its pieces when it is told to."""

    kinds: frozenset[type] = frozenset()

    def __init__(self, *pieces, fault=None) -> None:
        self.pieces, self.fault, self.origin = pieces, fault, {}
        self.may_go, self.whole = threading.Semaphore(0), polygons([WEST], [EAST], name=["West", "East"])
        self.begun = self.stopped = self.read_all = False

    def lacks(self, _extent, _crs, /) -> bool:
        return not self.read_all

    def is_vast(self, _crs, /) -> bool:
        return False

    def grow(self, _extent, _crs, progress, arrived, /) -> None:
        self.begun = True
        for piece in self.pieces:
            self._wait(progress)
            arrived(piece)
        self._wait(progress)
        if self.fault:
            raise self.fault
        self.read_all = True

    def _wait(self, progress) -> None:
        while not self.may_go.acquire(timeout=0.01):
            self.stopped = progress.cancelled
            progress.check()

    def let(self, count: int) -> None:
        """So many pieces more may come; the end counts as one."""
        for _piece in range(count):
            self.may_go.release()

    def read(self, _extent, _crs, _progress, /):
        return (self.whole,)


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(growing, "SHOW_EVERY_S", 0.0)


def added(desk, *pieces, style=None, fault=None):
    source = Slow(*pieces, fault=fault)
    desk.stack.add(Layer("blocks", "Blocks", source, style or filled(RED)))
    desk.qtbot.waitUntil(lambda: source.begun)
    return source


def test_the_first_piece_is_seen_while_the_second_is_still_read(desk, at_once):
    source = added(desk, polygons([SOUTH]), polygons([WEST]), polygons([EAST]))
    assert desk.colour(*LEFT) == LAND
    source.let(2)
    desk.qtbot.waitUntil(lambda: desk.colour(*LEFT) == RED)
    assert desk.colour(*RIGHT) == LAND
    source.let(1)
    desk.qtbot.waitUntil(lambda: desk.colour(*RIGHT) == RED)
    source.let(1)
    desk.settle()
    assert desk.colour(*LEFT) == desk.colour(*RIGHT) == RED


def test_pieces_that_turned_out_void_are_seen_no_more(desk, at_once):
    source = added(desk, polygons([SOUTH]), polygons([WEST]), None, polygons([SOUTH]), polygons([EAST]))
    source.let(2)
    desk.qtbot.waitUntil(lambda: desk.colour(*LEFT) == RED)
    source.let(3)
    desk.qtbot.waitUntil(lambda: desk.colour(*RIGHT) == RED)
    assert desk.colour(*LEFT) == LAND


def test_the_map_can_be_moved_while_a_layer_is_read_and_what_has_come_moves_with_it(desk, at_once):
    source = added(desk, polygons([SOUTH]), polygons([WEST]), polygons([EAST]))
    source.let(2)
    desk.qtbot.waitUntil(lambda: desk.colour(*LEFT) == RED)
    desk.canvas.look(desk.canvas.view.panned(-3_000, 0))
    desk.qtbot.wait(100)
    desk.canvas.look(desk.canvas.view.panned(2_900, 0))
    desk.qtbot.wait(100)
    source.let(1)
    desk.qtbot.waitUntil(lambda: desk.colour(RIGHT[0] - 100, RIGHT[1]) == RED)
    assert desk.colour(LEFT[0] - 100, LEFT[1]) == RED
    assert not source.stopped
    source.let(1)
    desk.settle()


def test_the_names_come_when_all_is_read(desk, at_once):
    style = Style(filled(RED).rule, LabelRule("name"))
    source = added(desk, polygons([SOUTH], name=["South"]), polygons([WEST], name=["West"]), style=style)
    source.let(2)
    desk.qtbot.waitUntil(lambda: desk.colour(*LEFT) == RED)
    source.let(1)
    desk.settle()
    wanted = desk.canvas.renderer.pictures["blocks"].scene.names
    assert {text for names in wanted for text in names.texts} == {"West", "East"}


def test_a_layer_that_is_taken_away_is_not_read_on(desk, at_once):
    source = added(desk, polygons([WEST]))
    desk.stack.remove("blocks")
    desk.qtbot.waitUntil(lambda: source.stopped)


def test_a_fault_in_the_middle_takes_back_what_was_seen_and_is_told(desk, at_once):
    source = added(desk, polygons([SOUTH]), polygons([WEST]), fault=UserError("The disk is gone."))
    source.let(2)
    desk.qtbot.waitUntil(lambda: desk.colour(*LEFT) == RED)
    source.let(1)
    desk.settle()
    assert desk.stack.get("blocks").problem == "The disk is gone."
    assert desk.colour(*LEFT) == LAND


def test_a_layer_that_comes_in_one_piece_is_painted_once_and_truly(desk, at_once, monkeypatch):
    shown = []
    monkeypatch.setattr(growing.Growing, "_have_shown", lambda _growing: shown.append(True))
    source = added(desk, polygons([WEST], [EAST]))
    source.let(2)
    desk.settle()
    assert desk.colour(*LEFT) == desk.colour(*RIGHT) == RED
    assert shown == []
