"""What a report paints is what the screen shows, and needs no window for it."""

import io

import numpy as np
import pytest
from PIL import Image

from gis.errors import Cancelled
from gis.geo.crs import WEB_MERCATOR, transform
from gis.geo.mesh import Frame
from gis.paint import raster
from gis.progress import Progress
from gis.report import mapimage
from layers.handout import handout
from layers.layer import Layer
from layers.style import (
    Categorised,
    Category,
    Clusters,
    Fill,
    Hatch,
    Marker,
    MarkerShape,
    Pattern,
    Simple,
    Stroke,
    Style,
    Symbol,
)
from tests.shapes import UTM, Shelf, lines, points, polygons, square

X, Y = 500_000.0, 9_000_000.0
FRAME = Frame(UTM, (X - 100, Y - 75, X + 100, Y + 75), 400, 300)
RED, BLUE = "#cc0000", "#0000cc"


def a_layer(*held, **but) -> Layer:
    symbol = Symbol(Fill(RED), Stroke(BLUE, 4.0), Marker(BLUE, MarkerShape.SQUARE, 20))
    return Layer("l", "Layer", Shelf(*held), but.pop("style", Style(Simple(symbol))), **but)


def pixels(layer: Layer, frame: Frame = FRAME, zoom: float = 2.0) -> np.ndarray:
    (handed,) = handout([layer], UTM, Progress())
    assert handed.paint is not None
    return handed.paint(frame, zoom)


def colour(pixel) -> str:
    return f"#{int(pixel) & 0xFFFFFF:06x}"


def test_everything_stands_where_it_does_on_the_ground():
    seen = pixels(a_layer(polygons([square(X + 50, Y + 50, 20)]), points((X - 50, Y - 50))))
    assert colour(seen[50, 300]) == RED
    assert colour(seen[250, 100]) == BLUE
    assert seen[150, 200] == 0, "elsewhere the paper shows"


def test_widths_are_those_of_the_screen_times_the_density():
    line = a_layer(lines([[(X - 100, Y), (X + 100, Y)]]))
    assert [(pixels(line, zoom=zoom)[:, 200] != 0).sum() for zoom in (1.0, 2.0)] == [4, 8]


def test_a_casing_lies_under_all_lines_of_a_layer():
    cased = Stroke(RED, 6.0, casing=BLUE, casing_px=3.0)
    cross = lines([[(X - 90, Y), (X + 90, Y)]], [[(X, Y - 70), (X, Y + 70)]])
    seen = pixels(a_layer(cross, style=Style(Simple(Symbol(stroke=cased)))))
    assert colour(seen[150, 200]) == RED, "a crossing is open"
    assert colour(seen[150 + 8, 300]) == BLUE


def test_a_hatch_lets_the_ground_through_and_dashes_have_gaps():
    hatched = Fill(RED, 0.0, Hatch(Pattern.RISING, BLUE, 10.0, 2.0))
    seen = pixels(a_layer(polygons([square(X, Y, 100)]), style=Style(Simple(Symbol(fill=hatched)))))
    inked = (seen[100:200, 150:250] >> 24) / 255
    assert 0.1 < inked.mean() < 0.4
    dashed = Symbol(stroke=Stroke(RED, 3.0, dash=(10.0, 10.0)))
    way = a_layer(lines([[(X - 100, Y), (X + 100, Y)]]), style=Style(Simple(dashed)))
    assert 0.4 < (pixels(way)[150] != 0).mean() < 0.6


def test_classes_that_leave_from_a_printed_scale_on_are_not_painted():
    near = Category("a", Symbol(Fill(RED)), max_scale=5_000.0)
    far = Category("b", Symbol(Fill(BLUE)))
    yards = polygons([square(X, Y, 60)], [square(X + 70, Y, 30)], kind=["a", "b"])
    seen = pixels(a_layer(yards, style=Style(Categorised("kind", (near, far)))))
    assert seen[150, 200] == 0
    assert colour(seen[150, 340]) == BLUE


def test_a_frame_on_another_plane_shows_the_same_ground():
    ((x, y),) = transform([[X, Y]], UTM, WEB_MERCATOR)
    web = Frame(WEB_MERCATOR, (x - 100, y - 75, x + 100, y + 75), 400, 300)
    seen = pixels(a_layer(polygons([square(X, Y, 100)])), web)
    assert colour(seen[150, 200]) == RED
    assert 0.15 < (seen != 0).mean() < 0.6


@pytest.mark.parametrize("opacity", [1.0, 0.5])
def test_the_picture_of_a_report_holds_it_in_its_colours(opacity):
    layers = handout([a_layer(polygons([square(X + 50, Y + 40, 40)]), opacity=opacity)], UTM, Progress())
    frame = Frame(UTM, FRAME.box, 200, 150)
    png = mapimage.background(layers, frame, Progress())
    seen = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    paper = np.array((0xF4, 0xF3, 0xEE))
    wanted = paper * (1 - opacity) + np.array((0xCC, 0, 0)) * opacity
    assert np.abs(seen[35, 150] - wanted).max() < 12
    assert np.abs(seen[110, 40] - paper).max() < 6


def test_points_that_are_circles_with_figures_on_screen_have_their_signs_on_paper():
    sign = Symbol(marker=Marker(BLUE))
    (handed,) = handout([a_layer(points((X, Y)), style=Style(Clusters(sign)))], UTM, Progress())
    assert handed.paint is None
    assert len(handed.classes) == 1


def test_where_no_painter_was_compiled_the_classes_are_painted(monkeypatch):
    monkeypatch.setattr(raster, "available", False)
    (handed,) = handout([a_layer(polygons([square(X, Y, 100)]))], UTM, Progress())
    assert handed.paint is None
    png = mapimage.background([handed], Frame(UTM, FRAME.box, 200, 150), Progress())
    seen = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert tuple(seen[75, 100]) == pytest.approx((0xCC, 0, 0), abs=6)


def test_painting_stops_when_told():
    progress = Progress()
    (handed,) = handout([a_layer(polygons([square(X, Y, 100)]))], UTM, progress)
    progress.cancel()
    with pytest.raises(Cancelled):
        handed.paint(FRAME, 1.0)
