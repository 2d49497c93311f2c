"""Circles, warmth and bent names on the map, as the window shows them."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.canvas.lettering import Face, picture_along
from desktop.canvas.painter import Paint
from gis.progress import Progress
from layers.colours import DAY
from layers.labels import Label
from layers.scene import Bubbles
from layers.style import Clusters, Heat, LabelRule, Marker, Style, Symbol
from tests.desktop.canvas.city import BLUE, LAND, X, Y, a_layer
from tests.shapes import points

SIGN = Symbol(marker=Marker("#d55e00", size_px=12))


def circles(desk):
    scene = desk.canvas.renderer.pictures["wells"].scene
    found = [mark for mark in scene if isinstance(mark, Bubbles)]
    return [each for mark in found for each in desk.canvas.view.to_pixels(mark.xy).astype(int).tolist()]


def click(desk, x, y):
    QTest.mouseClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def test_a_click_on_a_circle_comes_closer_until_its_points_stand_apart(desk):
    held = points((X + 5, Y + 5), (X + 25, Y + 15))
    desk.stack.add(a_layer("wells", held, style=Style(Clusters(SIGN, BLUE))))
    desk.settle()
    asked = []
    desk.canvas.clicked.connect(lambda *args: asked.append(args))
    ((x, y),) = circles(desk)
    assert desk.colour(x - 8, y) == BLUE
    click(desk, x, y)
    desk.settle()
    assert desk.canvas.view.units_per_pixel < 0.2
    assert asked == []
    assert circles(desk) == []
    spots = desk.canvas.view.to_pixels(held.xy).astype(int).tolist()
    assert {desk.colour(*spot) for spot in spots} == {"#d55e00"}


def test_a_circle_of_points_on_one_spot_says_who_they_are(desk):
    desk.stack.add(a_layer("wells", points((X, Y), (X, Y)), style=Style(Clusters(SIGN, BLUE))))
    desk.settle()
    ((x, y),) = circles(desk)
    with desk.qtbot.waitSignal(desk.canvas.clicked) as heard:
        click(desk, x, y)
    assert len(heard.args[2]) == 2


def test_warmth_lies_on_the_map_and_a_small_pan_leaves_it_where_it_is(desk):
    desk.stack.add(a_layer("wells", points(*[(X, Y)] * 30), style=Style(Heat(SIGN))))
    desk.settle()
    warm = desk.colour(200, 150)
    assert warm != desk.colour(20, 20) == LAND
    desk.canvas.look(desk.canvas.view.panned(60, 20))
    desk.settle()
    assert desk.colour(260, 170) == warm


def ink(label: Label) -> np.ndarray:
    """(n, 2) the pixels that a bent name covers with its ink."""
    image, left, top = picture_along(label, Face.of(label, Paint(DAY, 1.0, Progress())))
    shades = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    y, x = np.nonzero((shades >> 24 > 200) & ((shades & 0xFF) < 90))
    return np.column_stack((x + left, y + top))


def test_the_letters_of_a_bent_name_stand_along_its_way():
    turn = np.radians(np.linspace(-150, -30, 13))
    way = tuple((200 + 80 * float(np.cos(t)), 150 + 80 * float(np.sin(t))) for t in turn)
    rule = LabelRule("name", 14, bold=True, along=True, halo_px=0)
    covered = ink(Label("JALAN LINGKAR", 200, 70, 160, rule, 0, way))
    away = np.hypot(*(covered - (200, 150)).T)
    assert len(covered) > 300
    assert away.min() > 70
    assert away.max() < 91


def test_arabic_on_a_slant_is_written_in_one_piece():
    """Letters that hang together share their ink: apart they would leave gaps between them."""
    rule = LabelRule("name", 24, along=True, halo_px=0)
    level = ink(Label("بيت", 100, 100, 60, rule, 0, ((60.0, 100.0), (140.0, 100.0))))
    columns = np.unique(level[:, 0])
    assert (np.diff(columns) == 1).all()
    slant = ink(Label("بيت", 100, 100, 60, rule, 0, ((60.0, 60.0), (140.0, 140.0))))
    assert np.corrcoef(slant.T)[0, 1] > 0.8
