"""What is made of an overview: true numbers, and nothing that takes a mark for a feature."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from gis.errors import UserError
from gis.exchange.vector.reader import Reader
from gis.exchange.vector.room import Room
from gis.progress import Progress
from layers import touch
from layers.build import Sheet, build
from layers.handout import handout
from layers.index import Indexes
from layers.inside import touched
from layers.layer import Layer
from layers.marked import marked
from layers.scene import Bubbles
from layers.sources.vector import Chosen, VectorSource
from layers.style import Clusters, Fill, LabelRule, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.shapes import UTM

X, Y, SIDE = 500_000.0, 9_000_000.0, 120
FAR = Sheet(MapView(X + 1_200, Y + 1_200, 10.0, 400, 300), UTM)
LOOK = Symbol(Fill("#cc0000"), Stroke("#000000"), Marker("#0000cc"))
AREA = shapely.box(X, Y, X + 2_000, Y + 2_000)


@pytest.fixture(scope="module")
def small():
    made = Reader(workers=1, room=Room(1 << 20))
    yield made
    made.close()


def surveyed(small, folder, shapes, rule=None) -> Layer:
    path = folder / "things.gpkg"
    GeoDataFrame({"name": [f"No. {n}" for n in range(len(shapes))]}, geometry=shapes, crs=UTM).to_file(path)
    source = VectorSource(small, Chosen(path))
    source.survey(UTM, Progress())
    assert source.is_vast(UTM)
    return Layer("things", "Things", source, Style(rule or Simple(LOOK), LabelRule("name")))


def grid():
    return (each.ravel() * 20.0 for each in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))


@pytest.fixture
def houses(small, tmp_path):
    east, north = grid()
    shapes = shapely.box(X + east, Y + north, X + east + 8, Y + north + 12)
    return surveyed(small, tmp_path, shapes)


@pytest.fixture
def posts(small, tmp_path):
    east, north = grid()
    return surveyed(small, tmp_path, shapely.points(X + east, Y + north), Clusters(LOOK))


def seen(layer, sheet=FAR):
    return build(layer, sheet, Indexes(), Progress())


def test_no_mark_is_hit_selected_named_or_outlined_for_a_feature(houses):
    scene = seen(houses)
    (area,) = {mark.stroke: mark for mark in scene.shapes if len(mark.drawn.positions)}.values()
    assert area.stroke is None  # what stands for many has no edge
    assert "Overview" in scene.notes[0]
    assert scene.names == ()
    assert touch.at(scene, FAR.view, 200, 150, tolerance=50) == ()
    assert marked(scene.features, [-1, 0, 1, 2]) == ()
    with pytest.raises(UserError, match="overview") as refused:
        touched(scene, AREA, Progress())
    assert "Zoom in" in refused.value.hint


def test_near_by_all_of_that_is_as_with_any_layer(houses):
    near = Sheet(MapView(X + 1_004, Y + 1_006, 0.5, 400, 300), UTM)
    scene = seen(houses, near)
    assert scene.notes == ()
    (hit,) = touch.at(scene, near.view, 200, 150)
    assert hit.columns["name"] == f"No. {50 * SIDE + 50}"
    assert scene.names
    assert touched(scene, shapely.box(X + 999, Y + 999, X + 1_009, Y + 1_009), Progress()) == [hit.id]


def test_circles_say_how_many_points_there_are_and_not_how_many_marks(posts):
    view = MapView(X + 1_200, Y + 1_200, 40.0, 400, 300)
    (circles,) = (mark for mark in seen(posts, Sheet(view, UTM)) if isinstance(mark, Bubbles))
    assert circles.tally.counts.sum() == SIDE * SIDE
    assert len(circles.index.features) < SIDE * SIDE / 4
    x, y = view.to_pixels(circles.xy)[0].tolist()
    assert touch.at(seen(posts, Sheet(view, UTM)), view, x, y) == ()
    assert touch.crowd_at(seen(posts, Sheet(view, UTM)), view, x, y) is not None  # a click comes nearer


def test_a_report_calls_it_an_overview(houses):
    (handed,) = handout([houses], UTM, Progress())
    assert handed.title == "Things (overview)"
    assert handed.names == ""
    assert sum(drawn.features.counts.sum() for drawn in handed.classes) == SIDE * SIDE
