"""A file larger than the room there is: read by extent, never more held than was said."""

import threading

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from gis.errors import Cancelled, UserError
from gis.exchange.vector.reader import Reader
from gis.exchange.vector.room import Room
from gis.geo.features import Shape
from gis.progress import Progress
from layers.sources.base import EVERYWHERE
from layers.sources.seen import from_afar, in_view
from layers.sources.vector import Chosen, VectorSource

UTM_48S = 32748
X, Y, SIDE = 700_000.0, 9_300_000.0, 200  # a city of SIDE by SIDE houses, 20 m from one to the next
ROOM = 3 << 20
STREET = (X + 1_001, Y + 1_001, X + 1_299, Y + 1_199)
ALL = (X - 10, Y - 10, X + 4_010, Y + 4_010)


@pytest.fixture(scope="module", params=["gpkg", "fgb"])
def houses(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("city") / f"houses.{request.param}"
    east, north = (each.ravel() * 20.0 for each in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    shapes = shapely.box(X + east, Y + north, X + east + 8, Y + north + 12)
    columns = {"number": np.arange(len(shapes)), "name": [f"House {n}" for n in range(len(shapes))]}
    GeoDataFrame(columns, geometry=shapes, crs=UTM_48S).to_file(path)
    return path


@pytest.fixture
def small():
    """A reader on a computer with hardly any memory."""
    made = Reader(workers=1, room=Room(ROOM))
    yield made
    made.close()


@pytest.fixture
def vast(small, houses):
    return VectorSource(small, Chosen(houses))


def around(source, extent):
    return source.around(extent, UTM_48S, Progress())


def names(found):
    return sorted(name for each in found.features for name in each.columns["name"].tolist())


def test_whoever_asks_for_all_of_it_is_told_that_it_is_too_large(vast):
    with pytest.raises(UserError, match="40,000") as refused:
        vast.read(EVERYWHERE, UTM_48S, Progress())
    assert refused.value.hint
    assert vast.is_vast(UTM_48S)


def test_a_street_of_it_holds_every_house_that_the_whole_layer_has_there(vast, houses, reader):
    found = around(vast, STREET)
    whole = VectorSource(reader, Chosen(houses)).read(EVERYWHERE, UTM_48S, Progress())[0]
    touch = (whole.xy.reshape(-1, 5, 2).min(axis=1) <= STREET[2:]).all(axis=1)
    touch &= (whole.xy.reshape(-1, 5, 2).max(axis=1) >= STREET[:2]).all(axis=1)
    assert set(names(found)) >= set(whole.columns["name"][touch].tolist())
    assert found.notes == ()
    assert 100 < sum(map(len, found.features)) < 2_000


def test_what_was_read_is_not_read_again_nor_is_a_part_of_it(vast):
    first = around(vast, STREET)
    west, south, east, north = STREET
    assert around(vast, STREET) is first
    assert around(vast, (west + 20, south + 20, east + 20, north + 20)) is first
    assert not vast.lacks(STREET, UTM_48S)
    assert vast.lacks((west + 2_000, south, east + 2_000, north), UTM_48S)


def test_however_far_the_map_is_moved_no_more_is_held_than_there_is_room_for(vast, small):
    around(vast, STREET)
    most = 0
    for step in range(60):
        x, y = X + step * 61 % 3_600, Y + step * 97 % 3_600
        around(vast, (x, y, x + 300, y + 300))
        most = max(most, small.room.held)
    assert small.room.for_view < most <= ROOM
    assert vast.lacks(STREET, UTM_48S)  # looked at long ago, and given up


def test_a_view_that_holds_too_much_gives_nothing_until_there_is_an_overview(vast):
    before = around(vast, ALL)
    assert before.features == ()
    assert "40,000" in before.notes[0]
    assert vast.lacks_overview(UTM_48S)
    vast.survey(UTM_48S, Progress())
    (marks,) = around(vast, ALL).features
    assert "Overview" in around(vast, ALL).notes[0]
    assert marks.counts.sum() == SIDE * SIDE
    assert len(marks) <= vast._reader.room.for_overview
    assert not vast.lacks_overview(UTM_48S)
    assert around(vast, STREET).notes == ()


def test_where_the_houses_stand_is_known_from_the_overview(small, tmp_path):
    path = tmp_path / "crowded.gpkg"
    numbers = np.arange(30_000)
    x = np.append(X + numbers % 150 * 2.0, X + 9_000.0)  # all but one in a corner
    y = np.append(Y + numbers // 150 * 2.0, Y + 9_000.0)
    shapes = shapely.box(x, y, x + 1, y + 1)
    GeoDataFrame({"n": range(len(x))}, geometry=shapes, crs=UTM_48S).to_file(path)
    source = VectorSource(small, Chosen(path))
    source.survey(UTM_48S, Progress())
    assert [len(each) for each in around(source, (X + 1_000, Y + 1_000, X + 9_500, Y + 9_500)).features] == [
        1
    ]
    assert around(source, (X - 1, Y - 1, X + 300, Y + 400)).features[0].counts is not None


def test_a_reading_in_pieces_tells_of_each_and_gives_the_same(vast):
    pieces = []
    vast.grow(STREET, UTM_48S, Progress(), pieces.append)
    found = around(vast, STREET)
    assert sum(map(len, pieces)) == sum(map(len, found.features)) > 0


def test_a_reading_that_was_stopped_leaves_nothing_behind_and_can_be_done_again(vast, small):
    around(vast, STREET)
    held, progress = small.room.held, Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        vast.grow((X + 2_000, Y, X + 2_300, Y + 300), UTM_48S, progress, lambda _piece: None)
    assert small.room.held == held
    assert vast.lacks((X + 2_000, Y, X + 2_300, Y + 300), UTM_48S)


def test_an_overview_that_was_stopped_says_so_and_can_be_made_again(vast):
    around(vast, STREET)
    progress = Progress(lambda done, _total, _note: done and progress.cancel())
    with pytest.raises(Cancelled):
        vast.survey(UTM_48S, progress)
    assert "stopped" in around(vast, ALL).notes[0]
    vast.survey(UTM_48S, Progress())
    assert "Overview" in around(vast, ALL).notes[0]


def test_a_layer_of_mixed_shapes_has_no_overview_and_says_so(small, tmp_path):
    path = tmp_path / "mixed.gpkg"
    shapes = [shapely.Point(X + n, Y) for n in range(30_000)] + [shapely.LineString([(X, Y), (X + 9, Y)])]
    GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=UTM_48S).to_file(path)
    source = VectorSource(small, Chosen(path))
    source.survey(UTM_48S, Progress())
    assert not source.lacks_overview(UTM_48S)
    assert around(source, ALL).features == ()
    assert "Zoom in" in around(source, ALL).notes[0]
    near = {each.shape: len(each) for each in around(source, (X - 1, Y - 1, X + 8.5, Y + 1)).features}
    assert near[Shape.LINE] == 1
    assert near[Shape.POINT] >= 9


def test_a_file_saved_anew_is_looked_at_anew(small, tmp_path, houses):
    path = tmp_path / houses.name
    path.write_bytes(houses.read_bytes())
    source = VectorSource(small, Chosen(path))
    source.survey(UTM_48S, Progress())
    path.unlink()
    GeoDataFrame({"name": ["Alone"]}, geometry=[shapely.Point(X, Y)], crs=UTM_48S).to_file(path)
    found = around(source, ALL)
    assert names(found) == ["Alone"]
    assert found.notes == ()
    assert not source.is_vast(UTM_48S)


def test_a_disk_that_is_pulled_out_leaves_what_was_read_and_says_so_for_the_rest(
    vast, small, tmp_path, houses
):
    path = tmp_path / houses.name
    path.write_bytes(houses.read_bytes())
    source = VectorSource(small, Chosen(path))
    first = around(source, STREET)
    path.unlink()
    assert around(source, STREET) is first
    with pytest.raises(UserError, match="not there"):
        around(source, (X + 3_000, Y, X + 3_300, Y + 300))


def test_a_layer_that_fits_beside_the_others_is_whole_and_the_next_is_not(tmp_path, houses):
    reader = Reader(workers=1, room=Room(3 * houses.stat().st_size))
    first, second, third = (VectorSource(reader, Chosen(houses)) for _each in range(3))
    for source in (first, second, third):
        around(source, STREET)
    assert not first.is_vast(UTM_48S)
    assert third.is_vast(UTM_48S)
    assert reader.room.held <= reader.room.most
    reader.close()


def test_two_threads_may_look_at_two_places(vast):
    found = {}

    def look(at):
        found[at] = around(vast, (X + at, Y, X + at + 200, Y + 200))

    threads = [threading.Thread(target=look, args=(at,)) for at in (0, 2_000)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {at: bool(each.features) for at, each in found.items()} == {0: True, 2_000: True}


def test_what_is_asked_in_view_is_never_an_overview_and_from_afar_always_one(vast):
    assert in_view(vast, STREET, UTM_48S, Progress()).features[0].counts is None
    with pytest.raises(UserError, match="too many") as refused:
        in_view(vast, ALL, UTM_48S, Progress())
    assert "What is in view is read" in refused.value.hint
    afar = from_afar(vast, UTM_48S, Progress())
    assert afar.features[0].counts.sum() == SIDE * SIDE
    assert afar.notes
    with pytest.raises(UserError, match="Overview"):
        in_view(vast, ALL, UTM_48S, Progress())
