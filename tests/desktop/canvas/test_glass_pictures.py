"""Symbols by the thousand in one call look like symbols drawn by hand."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.canvas.decorations import Decorations, occupied
from desktop.canvas.overlay import Pane
from desktop.canvas.stamps import Stamps
from gis.paint import raster
from layers.badges import badges
from layers.colours import DAY, NIGHT
from layers.glass import glass
from layers.plates import FAR, Plates
from layers.style import LiveLook
from layers.view import MapView
from tests.desktop.canvas import byhand
from tests.shapes import lines, points, polygons, square

pytestmark = pytest.mark.usefixtures("qapp")
VIEW = MapView(500_000.0, 9_000_000.0, 1.0, 400, 300)
THEMES = pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
DENSITIES = pytest.mark.parametrize("ratio", [1.0, 2.0])


def a_night(exercise: bool = False):
    """Every look there is, some on others, some half outside the window."""
    rng = np.random.default_rng(11)
    made = []
    for look, count in ((LiveLook.SENSOR, 40), (LiveLook.ALARM, 24), (LiveLook.INCIDENT, 24)):
        places = rng.uniform((-205, -155), (205, 155), (count, 2)) + np.array((VIEW.x, VIEW.y))
        columns = {
            "severity": rng.integers(0, 6, count).tolist(),
            "hollow": rng.integers(0, 2, count).tolist(),
            "exercise": rng.integers(0, 1 + exercise, count).tolist(),
            "label": [f"{value:.2f} m" for value in rng.uniform(0, 9, count)],
        }
        made.append(badges(str(look), look, [points(*map(tuple, places), **columns)]))
    return made


def some_areas():
    ward = polygons([square(VIEW.x, VIEW.y, 150)], [square(VIEW.x + 30, VIEW.y, 90)], severity=[1, 4])
    street = lines([[(VIEW.x - 190, VIEW.y), (VIEW.x + 10, VIEW.y + 90), (VIEW.x, VIEW.y)]], severity=[2])
    return [badges("i", LiveLook.INCIDENT, [points((VIEW.x, VIEW.y), severity=[1]), ward, street])]


def a_picture(ratio: float, colours, draw) -> np.ndarray:
    image = QImage(round(400 * ratio), round(300 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(colours.of("background")))
    painter = QPainter(image)
    draw(painter)
    painter.end()
    return (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.width(), 4)[..., :3]
        .astype(int)
    )


@THEMES
@DENSITIES
@pytest.mark.parametrize("scale", [FAR / 4, FAR * 4], ids=["near", "far"])
def test_symbols_and_values_look_as_if_drawn_by_hand(scale, ratio, colours):
    shown, pane = a_night(), Pane()
    pane.show(shown)
    ours = a_picture(ratio, colours, lambda p: pane.draw(p, VIEW, scale, colours, []))
    made = glass(shown)
    plates = Plates(made, 1.0, scale).see(VIEW, np.zeros((0, 4)))
    theirs = a_picture(ratio, colours, lambda p: byhand.draw(p, made, plates, VIEW, scale, colours))
    assert len(plates) > 4
    assert np.abs(ours - theirs).mean() < 0.15
    assert np.abs(ours - theirs).max() < 64


@DENSITIES
def test_symbols_of_an_exercise_are_hatched_as_by_hand(ratio):
    """Qt fits hatches to the picture, a stamp carries its own: they are alike but for where they begin."""
    shown, pane = a_night(exercise=True), Pane()
    pane.show(shown)
    ours = a_picture(ratio, DAY, lambda p: pane.draw(p, VIEW, FAR * 4, DAY, []))
    theirs = a_picture(ratio, DAY, lambda p: byhand.draw(p, glass(shown), (), VIEW, FAR * 4, DAY))
    pane.show(a_night())
    real = a_picture(ratio, DAY, lambda p: pane.draw(p, VIEW, FAR * 4, DAY, []))
    assert np.abs(ours - theirs).mean() < 0.5 * np.abs(real - theirs).mean()


@THEMES
@DENSITIES
def test_outlines_look_as_if_drawn_by_hand(ratio, colours):
    assert raster.available, "the painter was not compiled"
    pane = Pane()
    pane.show(some_areas())
    ours = a_picture(ratio, colours, lambda p: pane.draw(p, VIEW, FAR, colours, []))
    made = glass(some_areas())
    theirs = a_picture(ratio, colours, lambda p: byhand.draw(p, made, (), VIEW, FAR, colours))
    empty = a_picture(ratio, colours, lambda p: None)
    assert np.abs(theirs - empty).mean() > 2, "there is something to compare"
    assert np.abs(ours - theirs).mean() < 0.3


def test_without_a_compiled_painter_outlines_are_drawn_all_the_same(monkeypatch):
    pane = Pane()
    pane.show(some_areas())
    compiled = a_picture(1.0, DAY, lambda p: pane.draw(p, VIEW, FAR, DAY, []))
    monkeypatch.setattr(raster, "available", False)
    by_qt = a_picture(1.0, DAY, lambda p: pane.draw(p, VIEW, FAR, DAY, []))
    assert np.abs(compiled - by_qt).mean() < 0.3


@pytest.mark.parametrize("ratio", [1.25, 1.5, 1.75])
def test_on_screens_of_odd_density_symbols_stay_sharp(ratio):
    """On whole pixels of the screen each symbol has the very pixels of its stamp."""
    stamps = Stamps(DAY, ratio)
    pictures = [
        a_picture(ratio, DAY, lambda p, at=at: stamps.put(p, np.array([9]), np.array([at], np.float32)))
        for at in ((100, 100), (151, 77), (202, 33))
    ]
    ground = a_picture(ratio, DAY, lambda p: None)
    found = []
    for picture in pictures:
        rows, columns = np.nonzero((picture != ground).any(axis=2))
        found.append(picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    assert all(np.array_equal(found[0], each) for each in found[1:])


def test_decorations_say_where_they_stand():
    size = QRectF(0, 0, 400, 300)
    shown = Decorations(exercise=True, attribution="© the city", notes=("Wards: none",))
    boxes = occupied(size, 1.0, shown)
    for x, y in ((374, 30), (330, 285), (40, 285), (40, 268), (200, 20), (3, 150), (396, 150)):
        assert any(box.contains(x, y) for box in boxes), (x, y)
    assert not any(box.contains(200, 150) for box in boxes)
