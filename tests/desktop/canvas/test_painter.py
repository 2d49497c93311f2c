import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from desktop.canvas.decorations import bar_length, distance_text
from desktop.canvas.lettering import paint_labels
from desktop.canvas.painter import Paint, paint
from desktop.canvas.paths import MOST_VERTICES, chunks, path
from gis.errors import Cancelled
from gis.paint import raster
from gis.progress import Progress
from layers.build import Sheet, build
from layers.colours import DAY
from layers.index import BLOCK, Indexes
from layers.labels import Label
from layers.layer import Layer
from layers.scene import Raster, Scene
from layers.style import Fill, Hatch, LabelRule, Marker, Pattern, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.shapes import UTM, Shelf, polygons, square

pytestmark = pytest.mark.usefixtures("qapp")  # letters need an application


@pytest.fixture(autouse=True, params=["compiled", "Qt"])
def either_painter(request, monkeypatch):
    """What the compiled painter does, Qt's does where it is not to be had."""
    if request.param == "Qt":
        monkeypatch.setattr(raster, "available", False)
    else:
        assert raster.available, "the painter was not compiled"


VIEW = MapView(0, 0, 1, 60, 60)


def painted(*geometries, style=None, progress=None, ratio=1.0):
    look = style or Style(Simple(Symbol(Fill("#ff0000"))))
    layer = Layer("l", "L", Shelf(polygons(*geometries)), look)
    scene = build(layer, Sheet(VIEW, UTM), Indexes(), Progress())
    return paint(scene, Paint(DAY, ratio, progress or Progress()))


def test_a_path_has_the_corners_it_was_made_of():
    xy = np.array([(0, 0), (4, 0), (4, 4), (0, 0), (10, 10), (12, 10), (10, 10)], np.float32)
    made = path(xy, np.array([0, 4, 7]))
    assert made.elementCount() == 7
    assert [i for i in range(7) if made.elementAt(i).isMoveTo()] == [0, 4]
    assert (made.elementAt(6).x, made.elementAt(6).y) == (10, 10)
    assert made.contains(QPointF(3, 1))
    later = path(xy, np.array([4, 7]))
    assert (later.elementCount(), later.elementAt(0).x) == (3, 10)


def test_a_path_of_nothing_is_empty():
    assert path(np.zeros((0, 2), np.float32), np.array([0])).isEmpty()
    assert path(np.zeros((0, 2), np.float32), np.array([0, 0, 0])).isEmpty()


@given(st.lists(st.integers(0, 3 * MOST_VERTICES), max_size=400))
def test_no_path_is_so_long_that_the_window_would_notice(lengths):
    rings = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    parts = np.arange(len(lengths) + 1)
    runs = list(chunks(rings, parts))
    assert [i for first, last in runs for i in range(first, last)] == list(range(len(lengths)))
    for first, last in runs:
        assert last - first <= BLOCK
        assert last - first == 1 or rings[last] - rings[first] <= MOST_VERTICES


def test_painting_stops_between_two_steps():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        painted([square(0, 0, 20)], progress=progress)


def test_a_dense_screen_gets_as_many_pixels_as_it_has():
    image = painted([square(0, 0, 20)], ratio=2.0)
    assert (image.width(), image.height()) == (120, 120)
    assert image.pixelColor(60, 60).name() == "#ff0000"
    assert image.pixelColor(60, 36).alpha() == 0


def test_specks_lie_on_their_place_on_a_dense_screen_too():
    for ratio in (1.0, 2.0):
        image = painted([square(0, 0, 1.9)], ratio=ratio)
        middle = round(30 * ratio)
        assert image.pixelColor(middle, middle).alpha() > 100
        assert image.pixelColor(middle + 8, middle).alpha() == 0


def test_the_ink_of_specks_is_what_they_cover():
    image = painted([square(0.5, 0.5, 1.0)])
    ink = sum(image.pixelColor(x, y).alphaF() for x in range(60) for y in range(60))
    assert ink == pytest.approx(1.0, abs=0.05)


def test_a_hatched_fill_lets_the_ground_through():
    image = painted(
        [square(0, 0, 40)],
        style=Style(Simple(Symbol(Fill("#ff0000", 0.0, Hatch(Pattern.RISING, "#ff0000"))))),
    )
    shades = {image.pixelColor(x, y).alpha() for x in range(20, 40) for y in range(20, 40)}
    assert 0 in shades
    assert max(shades) > 200


@pytest.mark.parametrize(
    "symbol",
    [
        Symbol(Fill("no colour"), Stroke("#zzzzzz", 1e9, dash=(0.0, 0.0, 1.0))),
        Symbol(stroke=Stroke("", -5, dash=(1e9,))),
        Symbol(Fill("#ff0000", opacity=-3), Stroke("ink", 0, opacity=77), Marker("ink", size_px=1e9)),
    ],
)
def test_a_silly_style_paints_something_and_says_nothing(symbol):
    assert not painted([square(0, 0, 20)], style=Style(Simple(symbol))).isNull()


def test_a_name_is_dark_on_a_light_halo():
    label = Label("KALI", 50, 20, 40, LabelRule("name", 14, bold=True))
    image = paint_labels([label], 100, 40, Paint(DAY, 1.0, Progress()))
    shades = [image.pixelColor(x, y) for x in range(100) for y in range(40)]
    assert any(s.alpha() > 200 and s.lightness() < 90 for s in shades)
    assert any(s.alpha() > 150 and s.lightness() > 220 for s in shades)


@pytest.mark.parametrize(
    ("metres_per_pixel", "bar"), [(1.0, 100), (0.99, 100), (0.1, 10), (3.9, 500), (250, 20_000)]
)
def test_the_scale_bar_is_a_round_distance_that_fits(metres_per_pixel, bar):
    assert bar_length(metres_per_pixel) == bar


def test_distances_are_said_as_people_say_them():
    said = {0.5: "0.5 m", 20: "20 m", 999: "999 m", 1000: "1 km", 2500: "2.5 km", 5e6: "5,000 km"}
    assert {metres: distance_text(metres) for metres in said} == said


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_every_pixel_of_a_raster_stands_where_it_lies_and_is_as_clear_as_it_is(ratio):
    size = round(60 * ratio)
    pixels = np.zeros((size, size, 4), np.uint8)
    pixels[:, size // 2 :] = (0, 100, 0, 128)  # premultiplied: half clear
    pixels[size - 1, 0] = (9, 8, 7, 255)
    scene = Scene("l", VIEW, (Raster(VIEW, pixels),))
    image = paint(scene, Paint(DAY, ratio, Progress()))
    assert (image.width(), image.height()) == (size, size)
    assert image.pixelColor(0, size - 1).getRgb() == (9, 8, 7, 255)
    assert image.pixelColor(size - 1, size - 1).alpha() == 128
    assert image.pixelColor(size // 2 - 1, 5).alpha() == 0
    right = MapView(20, 0, 1, 20, 60)
    part = paint(scene.on(right), Paint(DAY, ratio, Progress()))
    assert part.pixelColor(0, 5).alpha() == 128
