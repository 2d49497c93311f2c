"""A file on the map: read once, read again when it changes, kept when the disk is pulled out."""

import os
import threading
from pathlib import Path

import pytest

from gis.errors import UserError
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
