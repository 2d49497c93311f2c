"""A layer too large for memory on the map: as if it were there where one looks, an overview from afar."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from desktop.overviews import Overviews
from desktop.panels.running import Running
from gis.exchange.vector.reader import Reader
from gis.exchange.vector.room import Room
from layers.layer import Layer
from layers.sources.vector import Chosen, VectorSource
from layers.view import MapView
from tests.desktop.canvas.city import LAND, RED, X, Y, filled
from tests.shapes import UTM

SIDE, ROOM = 200, 9 << 20  # houses, 20 m from one to the next, around (X, Y)
FAR = MapView(X, Y, 20.0, 400, 300)


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    path = tmp_path_factory.mktemp("city") / "houses.gpkg"
    east, north = (each.ravel() * 20.0 - SIDE * 10 for each in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    shapes = shapely.box(X + east, Y + north, X + east + 8, Y + north + 12)
    GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=UTM).to_file(path)
    return path


@pytest.fixture
def small():
    made = Reader(workers=2, room=Room(ROOM))
    yield made
    made.close()


class Around:
    """What `Overviews` needs of a desk."""

    def __init__(self, desk) -> None:
        self.stack, self.map, self.canvas = desk.stack, self, desk.canvas


def added(desk, reader, path):
    source = VectorSource(reader, Chosen(path))
    desk.stack.add(Layer("houses", "Houses", source, filled(RED)))
    return source


def pixels(desk):
    desk.settle()
    image = desk.canvas.grab().toImage()
    return np.frombuffer(image.constBits(), np.uint8).astype(np.int16)


VIEWS = [(0, 0, 1.0), (150, 90, 1.0), (-700, 400, 1.0), (-640, 380, 0.5), (300, -800, 1.2), (310, -790, 1.2)]


def test_a_picture_by_extent_is_the_picture_of_the_whole_layer(desk, small, reader, houses):
    shown = {}
    for kind, door in (("vast", small), ("whole", reader)):
        source = added(desk, door, houses)
        for x, y, unit in VIEWS:
            desk.canvas.look(MapView(X + x, Y + y, unit, 400, 300))
            shown[kind, x, y, unit] = pixels(desk)
            assert small.room.held <= ROOM
        assert source.is_vast(UTM) == (kind == "vast")
        desk.stack.remove("houses")
    for view in VIEWS:
        assert np.abs(shown["vast", *view] - shown["whole", *view]).max() <= 1
        assert len(np.unique(shown["vast", *view])) > 2


def test_from_afar_the_map_says_what_is_missing_then_shows_an_overview_and_says_that(desk, small, houses):
    source = added(desk, small, houses)
    desk.canvas.look(FAR)
    desk.settle()
    assert desk.colour(200, 150) == LAND
    (note,) = desk.canvas.renderer.pictures["houses"].scene.notes
    assert "40,000" in note
    running = Running(desk.jobs)
    desk.qtbot.addWidget(running)
    overviews = Overviews(desk, desk.jobs, running, Around(desk))
    desk.stack.freshen(frozenset({"houses"}))
    desk.qtbot.waitUntil(lambda: not source.lacks_overview(UTM), timeout=60_000)
    desk.qtbot.waitUntil(lambda: "Overview" in desk.stack.get("houses").notice, timeout=60_000)
    desk.settle()
    assert desk.colour(200, 150) != LAND
    assert desk.canvas.hits(200, 150) == ()  # a mark of an overview is nobody
    desk.canvas.look(MapView(X + 104, Y + 106, 1.0, 400, 300))
    desk.qtbot.waitUntil(lambda: desk.stack.get("houses").notice == "", timeout=60_000)
    desk.settle()
    (hit,) = desk.canvas.hits(200, 150)
    assert hit.columns["n"] == 105 * SIDE + 105
    overviews.deleteLater()


def test_what_is_not_looked_at_any_more_is_not_read_to_its_end(desk, small, houses, monkeypatch):
    source = added(desk, small, houses)
    desk.settle()
    asked, wanted = [], []
    grow = source.grow

    def slowly(extent, crs, progress, arrived, /):
        asked.append(extent)
        while len(wanted) < len(asked):
            progress.check()
        grow(extent, crs, progress, arrived)

    monkeypatch.setattr(source, "grow", slowly)
    desk.canvas.look(MapView(X + 1_000, Y, 1.0, 400, 300))
    desk.qtbot.waitUntil(lambda: len(asked) == 1)
    desk.canvas.look(MapView(X - 1_500, Y, 1.0, 400, 300))
    desk.qtbot.waitUntil(lambda: len(asked) == 2)
    wanted += [True, True]
    desk.settle()
    assert source.lacks((X + 900, Y - 50, X + 1_100, Y + 50), UTM)
    assert not source.lacks((X - 1_600, Y - 50, X - 1_400, Y + 50), UTM)


def test_while_the_map_is_moved_what_was_there_stays_until_the_rest_has_come(desk, small, houses):
    added(desk, small, houses)
    desk.settle()
    before = desk.canvas.renderer.pictures["houses"]
    shown = []
    desk.canvas.renderer.updated.connect(lambda: shown.append(desk.canvas.renderer.pictures["houses"]))
    desk.canvas.look(MapView(X + 1_200, Y, 1.0, 400, 300))
    desk.settle()
    assert desk.canvas.renderer.pictures["houses"] is not before
    assert all(each is before or each.view.covers(desk.canvas.view) for each in shown)
    assert before.scene.marks
