"""Drawings on the map: each in its own look, those that were struck out or lie nowhere left out."""

import numpy as np
import pytest
from shapely import LineString, Point, box

from gis.geo.features import Shape
from gis.model.drawing import Filling, Sign
from gis.ops import drawings
from gis.ops.drawings import Form
from gis.progress import Progress
from gis.store.moment import Moment
from layers.choose import Looks, chosen
from layers.drawn import symbol_of
from layers.roles import Role, role_style
from layers.sources.base import EVERYWHERE
from layers.sources.drawings import DrawingSource
from layers.style import Fill, MarkerShape, Pattern
from layers.stylejson import style_from_json, style_to_json

UTM = 32750


@pytest.fixture
def read(store):
    with store.writing("Draw") as tx:
        for n, colour in enumerate(("#0072b2", "#d55e00", "#0072b2")):
            drawings.draw(tx, Form.AREA, box(116.7 + n, -8.3, 116.8 + n, -8.2), colour=colour)
        drawings.draw(tx, Form.LINE, LineString([(116.7, -8.2), (116.8, -8.2)]), "Dyke")
        drawings.draw(tx, Form.TEXT, Point(116.7, -8.2), "Assembly point")
        gone = drawings.draw(tx, Form.MARKER, Point(116.7, -8.2))
        drawings.strike(tx, gone.id)
    source = DrawingSource(Moment(store))
    return {each.shape: each for each in source.read(EVERYWHERE, UTM, Progress())}


def test_every_shape_comes_with_its_title_on_the_plane_of_the_map(read):
    assert {shape: len(features) for shape, features in read.items()} == {
        Shape.POLYGON: 3,
        Shape.LINE: 1,
        Shape.POINT: 1,
    }
    assert read[Shape.POINT].columns["title"].tolist() == ["Assembly point"]
    assert 400_000 < read[Shape.POINT].xy[0, 0] < 500_000


def test_drawings_of_one_look_are_painted_together(read):
    rule = role_style(Role.DRAWINGS).rule
    groups = list(chosen(rule, Looks(read[Shape.POLYGON]), np.arange(3), 10_000))
    assert [(symbol.stroke.colour, picks.tolist()) for symbol, picks in groups] == [
        ("#0072b2", [0, 2]),
        ("#d55e00", [1]),
    ]


def test_no_drawing_at_all_is_no_feature(store):
    assert DrawingSource(Moment(store)).read(EVERYWHERE, UTM, Progress()) == ()


def test_a_drawing_that_the_plane_cannot_show_is_left_out(store):
    with store.writing("Draw") as tx:
        drawings.draw(tx, Form.LINE, LineString([(27.0, 0.0), (26.9, 0.1)]))
        drawings.draw(tx, Form.LINE, LineString([(116.7, -8.2), (116.8, -8.2)]), "Dyke")
    (found,) = DrawingSource(Moment(store)).read(EVERYWHERE, UTM, Progress())
    assert found.columns["title"].tolist() == ["Dyke"]


@pytest.mark.parametrize(
    "words", ["", "x", "#ff0000/nan/light/circle", "a/b/c/d", "/1/light/star/", "#f/1/x/y"]
)
def test_words_that_are_no_look_are_drawn_all_the_same(words):
    assert symbol_of(words).stroke.width_px > 0


def test_a_look_is_made_of_its_own_colour():
    symbol = symbol_of(f"#0072b2/4/{Filling.CROSSED}/{Sign.STAR}")
    assert (symbol.stroke.width_px, symbol.marker.shape) == (4.0, MarkerShape.STAR)
    assert symbol.fill.hatch.pattern is Pattern.CROSSED
    assert symbol_of(f"#0072b2/4/{Filling.NONE}/{Sign.STAR}").fill is None
    assert isinstance(symbol_of(f"#0072b2/4/{Filling.LIGHT}/{Sign.STAR}").fill, Fill)


def test_the_style_of_drawings_is_kept_with_the_legend():
    style = role_style(Role.DRAWINGS)
    assert style_from_json(style_to_json(style)) == style
