"""A layer of any length: read by extent as far as there is room for it, seen from afar in few marks."""

import shutil
import zipfile

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from gis.errors import Cancelled
from gis.exchange.vector.answers import Wanted
from gis.exchange.vector.reader import Reader
from gis.geo.features import Features, Shape
from gis.geo.shapes import to_shapely
from gis.progress import Progress

UTM_48S = 32748
X, Y, SIDE = 700_000.0, 9_300_000.0, 200  # a city of SIDE by SIDE houses, 20 m from one to the next
FORMATS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "shp": "ESRI Shapefile"}


def city(path, driver=None):
    """Houses of 8 by 12 m with numbers, names and uses."""
    east, north = (each.ravel() * 20.0 for each in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    houses = shapely.box(X + east, Y + north, X + east + 8, Y + north + 12)
    number = np.arange(len(houses))
    columns = {"number": number, "name": [f"House {n}" for n in number], "wide": number / 4}
    GeoDataFrame(columns, geometry=houses, crs=UTM_48S).to_file(path, driver=driver)
    return path


@pytest.fixture(scope="module", params=FORMATS)
def houses(request, tmp_path_factory):
    return city(tmp_path_factory.mktemp("city") / f"houses.{request.param}", FORMATS[request.param])


@pytest.fixture(scope="module")
def gpkg(tmp_path_factory):
    return city(tmp_path_factory.mktemp("city") / "houses.gpkg")


def grown(reader, path, arrived=lambda _piece: None, progress=None, **wanted):
    return reader.grow(path, Wanted(UTM_48S, **wanted), progress or Progress(), arrived)


def whole(reader, path) -> Features:
    (found,) = grown(reader, path).features
    return found


def test_a_layer_that_is_too_large_says_how_large_and_where_before_it_is_read(reader, houses):
    pieces = []
    read = grown(reader, houses, pieces.append, most_bytes=houses.stat().st_size // 2)
    assert read.features == ()
    assert pieces == []
    assert read.beyond.count == SIDE * SIDE
    assert read.beyond.bytes >= houses.stat().st_size
    assert np.allclose(read.beyond.extent, (X, Y, X + 3988, Y + 3992))


def test_a_layer_for_which_there_is_room_is_read_as_ever(reader, houses):
    read = grown(reader, houses, most_bytes=1 << 30)
    assert read.beyond is None
    assert len(read.features[0]) == SIDE * SIDE
    assert read.bytes > read.features[0].xy.nbytes


def test_an_extent_holds_what_the_whole_layer_has_there_under_the_same_ids(reader, houses):
    box = (X + 1_001, Y + 1_001, X + 1_999, Y + 1_499)
    (found,) = grown(reader, houses, bbox=box, most_bytes=1 << 30).features
    everything = whole(reader, houses)
    touch = shapely.intersects(shapely.box(*box), to_shapely(everything))
    assert len(found) == touch.sum() > 1_000
    there = np.searchsorted(everything.ids[order := np.argsort(everything.ids)], found.ids)
    rows = order[there]
    assert np.array_equal(everything.ids[rows], found.ids)
    assert shapely.equals(to_shapely(found), to_shapely(everything)[rows]).all()
    for name in ("number", "name", "wide"):
        assert found.columns[name].tolist() == everything.columns[name][rows].tolist()


def test_an_extent_on_another_plane_than_the_files_is_found(reader, gpkg):
    east, north = shapely.get_coordinates(shapely.box(106.81, -6.325, 106.815, -6.32)).T
    box = (east.min(), north.min(), east.max(), north.max())
    read = reader.grow(gpkg, Wanted(4326, bbox=box, most_bytes=1 << 30), Progress(), lambda _piece: None)
    (found,) = read.features
    assert 0 < len(found) < SIDE * SIDE
    assert found.crs == 4326


def test_an_extent_in_which_nothing_lies_is_empty(reader, houses):
    read = grown(reader, houses, bbox=(X - 900, Y - 900, X - 800, Y - 800), most_bytes=1 << 30)
    assert sum(map(len, read.features)) == 0
    assert read.beyond is None


def test_an_extent_with_more_than_there_is_room_for_is_left_off(reader, houses):
    pieces: list[Features | None] = []
    box = (X, Y, X + 4_000, Y + 4_000)
    read = grown(reader, houses, pieces.append, bbox=box, most_bytes=100_000)
    assert read.features == ()
    assert read.beyond.count == SIDE * SIDE
    assert sum(map(len, pieces[:-1])) < SIDE * SIDE
    assert pieces[-1] is None  # those before are void


def test_a_layer_of_mixed_shapes_is_read_by_extent_too_and_left_off_too(reader, tmp_path):
    path = tmp_path / "mixed.gpkg"
    shapes = [shapely.Point(X + n, Y) for n in range(2_000)]
    shapes += [shapely.LineString([(X + n, Y), (X + n, Y + 5)]) for n in range(2_000)]
    GeoDataFrame({"n": range(4_000)}, geometry=shapes, crs=UTM_48S).to_file(path)
    box = (X + 99.5, Y - 1, X + 199.5, Y + 9)
    found = grown(reader, path, bbox=box, most_bytes=1 << 30).features
    assert {each.shape: len(each) for each in found} == {Shape.POINT: 100, Shape.LINE: 100}
    assert grown(reader, path, bbox=(X - 1, Y - 1, X + 9_999, Y + 9), most_bytes=9_000).beyond.count == 4_000


def test_what_has_to_be_unpacked_first_is_read_whole(reader, gpkg, tmp_path):
    packed = tmp_path / "houses.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(gpkg, "houses.gpkg")
    assert len(grown(reader, packed, most_bytes=1_000).features[0]) == SIDE * SIDE


def test_a_reading_that_nobody_waits_for_is_left_off_and_the_process_goes_on(reader, gpkg):
    reader.read(gpkg, crs=UTM_48S, progress=Progress())
    (before,) = reader._alive
    progress = Progress()
    with pytest.raises(Cancelled):
        grown(reader, gpkg, lambda _piece: progress.cancel(), progress)
    assert len(whole(reader, gpkg)) == SIDE * SIDE
    assert {before} == reader._alive


@pytest.mark.parametrize(("name", "driver"), [("a.geojson", "GeoJSON"), ("a.shp", "ESRI Shapefile")])
def test_other_long_files_come_in_pieces_too(reader, tmp_path, name, driver):
    path, pieces = city(tmp_path / name, driver), []
    read = grown(reader, path, pieces.append)
    assert len(pieces) > 2
    assert None not in pieces
    at_once = grown(reader, path, encoding="utf-8")
    assert read.problems == at_once.problems
    for name in ("xy", "rings", "parts", "ids"):
        assert np.array_equal(getattr(read.features[0], name), getattr(at_once.features[0], name))
    assert read.features[0].columns.keys() == at_once.features[0].columns.keys()
    for each, column in read.features[0].columns.items():
        np.testing.assert_array_equal(column, at_once.features[0].columns[each])


def test_a_shapefile_with_letters_of_some_code_page_is_read_whole_and_rightly(reader, tmp_path):
    path, pieces = tmp_path / "old.shp", []
    table = GeoDataFrame({"name": ["Ä"] * 20_000}, geometry=[shapely.Point(X, Y)] * 20_000, crs=UTM_48S)
    table.to_file(path, encoding="cp1252")
    read = grown(reader, path, pieces.append)
    assert set(read.features[0].columns["name"].tolist()) == {"Ä"}
    assert len(pieces) == 1


def test_files_that_cannot_be_deleted_while_they_are_in_use_go_later(tmp_path, gpkg, monkeypatch):
    """As on Windows."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reader, delete, in_use = Reader(workers=1), shutil.rmtree, [True]

    def rmtree(path, *but, **more):
        if not in_use:
            delete(path, *but, **more)

    monkeypatch.setattr("gis.exchange.vector.reader.shutil.rmtree", rmtree)
    box = (X, Y, X + 100, Y + 100)
    for _view in range(3):
        grown(reader, gpkg, bbox=box, most_bytes=1 << 30)
    (folder,) = tmp_path.iterdir()
    assert len(list(folder.iterdir())) == 3
    in_use.clear()
    grown(reader, gpkg, bbox=box, most_bytes=1 << 30)
    assert list(folder.iterdir()) == []
    reader.close()


# -- from afar


def survey(reader, path, most, progress=None):
    return reader.survey(path, Wanted(UTM_48S), most, progress or Progress())


def test_an_overview_counts_every_feature_and_covers_as_much_ground_in_few_marks(reader, houses):
    steps = []
    progress = Progress(lambda done, total, _note: steps.append((done, total)))
    (marks,) = survey(reader, houses, 2_000, progress)
    assert 200 < len(marks) <= 2_000
    assert marks.counts.sum() == SIDE * SIDE
    assert np.isclose(shapely.area(to_shapely(marks)).sum(), SIDE * SIDE * 96.0)
    assert set(steps) > {(SIDE * SIDE, SIDE * SIDE)}
    assert marks.ids.max() < 0
    names = {f"House {n}" for n in range(SIDE * SIDE)}
    assert set(marks.columns["name"].tolist()) < names


def test_each_mark_lies_where_its_features_are(reader, gpkg):
    (marks,) = survey(reader, gpkg, 500)
    boxes = shapely.bounds(to_shapely(marks))
    everything = shapely.centroid(to_shapely(whole(reader, gpkg)))
    for box, count in zip(boxes[::50], marks.counts[::50], strict=True):
        across = np.sqrt(count) * 20
        near = shapely.box(*box).buffer(across)
        assert shapely.intersects(near, everything).sum() >= count


def test_what_is_large_keeps_its_outline_and_its_hole(reader, tmp_path):
    path = tmp_path / "zones.gpkg"
    lake = shapely.box(X, Y, X + 4_000, Y + 4_000) - shapely.box(X + 1_000, Y + 1_000, X + 2_000, Y + 3_000)
    sheds = shapely.box(X + np.arange(5_000.0) % 70, Y, X + np.arange(5_000.0) % 70 + 0.5, Y + 0.5)
    table = GeoDataFrame({"name": ["lake", *["shed"] * 5_000]}, geometry=[lake, *sheds], crs=UTM_48S)
    table.to_file(path)
    (marks,) = survey(reader, path, 50)
    assert len(marks) <= 50
    large = marks.columns["name"] == "lake"
    assert large.sum() == 1
    (shape,) = to_shapely(marks)[large]
    assert shape.equals(lake)


def test_roads_and_posts_have_an_overview_as_well(reader, tmp_path):
    number = np.arange(9_000)
    x, y = X + number % 100 * 50.0, Y + number // 100 * 50.0
    bends = np.column_stack((x, y))[:, None] + np.array([(0, 0), (40, 5), (44, 40)])
    roads = shapely.linestrings(bends)
    for name, shapes, shape in (("roads", roads, Shape.LINE), ("posts", shapely.points(x, y), Shape.POINT)):
        path = tmp_path / f"{name}.fgb"
        GeoDataFrame({"n": number}, geometry=shapes, crs=UTM_48S).to_file(path)
        (marks,) = survey(reader, path, 600)
        assert marks.shape is shape
        assert len(marks) <= 600
        assert marks.counts.sum() == 9_000
        assert (np.diff(marks.rings[marks.parts]) >= 1).all()


def test_features_that_all_stand_in_one_place_are_one_mark(reader, tmp_path):
    path = tmp_path / "pile.gpkg"
    GeoDataFrame({"n": range(300)}, geometry=[shapely.Point(X, Y)] * 300, crs=UTM_48S).to_file(path)
    (marks,) = survey(reader, path, 10)
    assert marks.counts.tolist() == [300]


def test_of_mixed_shapes_there_is_no_overview(reader, tmp_path):
    path = tmp_path / "mixed.gpkg"
    shapes = [shapely.Point(X, Y), shapely.LineString([(X, Y), (X + 9, Y)])]
    GeoDataFrame({"n": [1, 2]}, geometry=shapes, crs=UTM_48S).to_file(path)
    assert survey(reader, path, 10) is None


def test_an_overview_can_be_stopped(reader, gpkg):
    progress = Progress(lambda done, _total, _note: done and progress.cancel())
    with pytest.raises(Cancelled):
        survey(reader, gpkg, 500, progress)
    assert len(survey(reader, gpkg, 500)[0]) > 0


def test_of_a_very_long_layer_the_first_features_are_looked_at_and_that_is_said(reader, tmp_path):
    path, count = tmp_path / "long.fgb", 251_000
    places = shapely.points(X + np.arange(count), np.full(count, Y))
    GeoDataFrame({"n": np.arange(count)}, geometry=places, crs=UTM_48S).to_file(path, SPATIAL_INDEX="NO")
    (facts,) = reader.inspect(path, Progress()).layers
    assert facts.count == count
    assert facts.findings == ("Only the first 250,000 of 251,000 features were looked at.",)
    assert facts.extent[2] - facts.extent[0] == pytest.approx(251_000 / 111_000, rel=0.05)
    assert [field.name for field in facts.fields] == ["n"]
