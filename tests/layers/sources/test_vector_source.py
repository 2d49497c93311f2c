"""A file on the map: read once, read again when it changes, kept when the disk is pulled out."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from pandas import to_datetime

from gis.errors import UserError
from gis.geo.features import Shape
from gis.progress import Progress
from layers.sources.base import EVERYWHERE
from layers.sources.vector import Chosen, VectorSource, opened

UTM_48S = 32748


@pytest.fixture
def posts(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("lon,lat,name\n106.8,-6.2,Manggarai\n")
    return path


def features(source, crs=UTM_48S):
    return source.read(EVERYWHERE, crs, Progress())


def save(path: Path, text: str) -> None:
    path.write_text(text)
    stamp = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(stamp, stamp))


def test_the_very_same_features_are_given_until_the_file_changes(reader, posts):
    source = VectorSource(reader, Chosen(posts))
    first = features(source)
    assert features(source)[0] is first[0]
    save(posts, "lon,lat,name\n106.8,-6.2,Manggarai\n106.9,-6.1,Karet\n")
    assert features(source)[0].columns["name"].tolist() == ["Manggarai", "Karet"]


def test_every_map_crs_has_its_own(reader, posts):
    source = VectorSource(reader, Chosen(posts))
    assert features(source, 4326)[0].xy.tolist() == [[106.8, -6.2]]
    assert features(source, 3857)[0].crs == 3857
    assert features(source, 4326)[0] is features(source, 4326)[0]


def test_what_was_read_stays_when_the_disk_is_pulled_out(reader, posts):
    source = VectorSource(reader, Chosen(posts))
    first = features(source)
    posts.unlink()
    assert features(source)[0] is first[0]
    with pytest.raises(UserError, match="not there"):
        features(VectorSource(reader, Chosen(posts)))


def test_a_file_that_breaks_says_so_and_comes_back_when_it_is_mended(reader, posts):
    source = VectorSource(reader, Chosen(posts))
    features(source)
    save(posts, "nothing")
    with pytest.raises(UserError):
        features(source)
    save(posts, "lon,lat,name\n106.8,-6.2,Manggarai\n\n")
    assert len(features(source)[0]) == 1


def test_a_file_that_does_not_say_where_it_lies_is_an_error_with_the_way_out(reader, tmp_path):
    path = tmp_path / "wells.csv"
    path.write_text("x,y\n702190,9317110\n")
    with pytest.raises(UserError, match="does not say") as asked:
        features(VectorSource(reader, Chosen(path)))
    assert asked.value.hint
    assert features(VectorSource(reader, Chosen(path, assume_crs=UTM_48S)))


def test_it_is_opened_again_from_its_origin(reader, posts):
    chosen = Chosen(posts, layer="posts", encoding="utf-8", assume_crs=4326)
    source = VectorSource(reader, chosen)
    again = opened(reader, source.origin)
    assert again.origin == source.origin
    assert features(again)[0].columns["name"].tolist() == ["Manggarai"]
    assert VectorSource(reader, Chosen(posts)).origin == {"kind": "vector", "path": str(posts)}


def test_what_a_person_should_know_is_kept_with_it(reader, tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("lon,lat\n106.8,-6.2\n,\nx,y\n")
    source = VectorSource(reader, Chosen(path))
    assert source.problems == ()
    features(source)
    assert source.problems == ("1 feature has no shape.",)


def test_two_threads_read_it_once(reader, posts):
    source = VectorSource(reader, Chosen(posts))
    found = []
    threads = [threading.Thread(target=lambda: found.append(features(source)[0])) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({id(each) for each in found}) == 1


@pytest.fixture
def posts_by_the_road(tmp_path):
    """More points than one piece holds, with every kind of column and things that are not there."""
    count = 70_000
    numbers = np.arange(count)
    places = shapely.points(106.0 + numbers / count, -6.2 + numbers % 7 / 100).astype(object)
    places[numbers % 1_000 == 3] = None
    words = np.array([None if n % 11 == 0 else f"Pos {n % 50} ☂" for n in range(count)], object)
    path = tmp_path / "posts.gpkg"
    table = GeoDataFrame(
        {
            "name": words,
            "number": numbers,
            "width": np.where(numbers % 5 == 0, np.nan, numbers / 4),
            "lit": numbers % 2 == 0,
            "since": to_datetime(numbers, unit="h"),
        },
        geometry=places,
        crs=4326,
    )
    table.to_file(path, layer="posts")
    return path


def test_a_long_layer_comes_in_pieces_which_are_together_what_is_read_at_once(reader, posts_by_the_road):
    source, pieces = VectorSource(reader, Chosen(posts_by_the_road)), []
    source.grow(EVERYWHERE, UTM_48S, Progress(), pieces.append)
    (found,) = features(source)
    assert len(pieces) > 2
    assert sum(map(len, pieces)) == len(found) == 70_000
    (at_once,) = features(VectorSource(reader, Chosen(posts_by_the_road, encoding="utf-8")))
    for name in ("xy", "rings", "parts", "ids"):
        assert np.array_equal(getattr(found, name), getattr(at_once, name))
        along = np.concatenate([getattr(each, name) for each in pieces]) if name in ("xy", "ids") else None
        assert along is None or np.array_equal(along, getattr(found, name))
    assert found.columns.keys() == at_once.columns.keys() == pieces[1].columns.keys()
    for name, column in found.columns.items():
        np.testing.assert_array_equal(column, at_once.columns[name])
        np.testing.assert_array_equal(column, np.concatenate([each.columns[name] for each in pieces]))
    assert source.problems == ("70 features have no shape.",)


def test_what_has_been_read_does_not_come_in_pieces_again(reader, posts_by_the_road):
    source, pieces = VectorSource(reader, Chosen(posts_by_the_road)), []
    features(source)
    source.grow(EVERYWHERE, UTM_48S, Progress(), pieces.append)
    assert pieces == []


def test_a_layer_that_turns_out_not_to_be_simple_begins_anew(reader, tmp_path):
    path = tmp_path / "mixed.gpkg"
    shapes = [shapely.Point(106.8, -6.2)] * 40_000 + [shapely.LineString([(106.8, -6.2), (106.9, -6.2)])]
    GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=4326).to_file(path, layer="mixed")
    source, pieces = VectorSource(reader, Chosen(path)), []
    source.grow(EVERYWHERE, UTM_48S, Progress(), pieces.append)
    begun = pieces.index(None)
    assert len(pieces[0]) < 40_000
    found = features(source)
    assert [len(each) for each in pieces[begun + 1 :]] == [len(each) for each in found]
    assert {each.shape: len(each) for each in found} == {Shape.POINT: 40_000, Shape.LINE: 1}
