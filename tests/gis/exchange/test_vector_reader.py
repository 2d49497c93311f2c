"""The process that opens strange files: what it cannot do, and what happens when it ends."""

import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gis.errors import Cancelled, UserError
from gis.exchange.vector.process import FLAG, worker_command
from gis.exchange.vector.reader import Reader
from gis.geo.features import Shape
from gis.progress import Progress
from tests import needs

UTM_48S = 32748
POINT = '{"type":"Feature","properties":{"n":"%s"},"geometry":{"type":"Point","coordinates":[106.8,-6.2]}}'


@pytest.fixture
def reader():
    made = Reader(workers=1)
    yield made
    made.close()


@pytest.fixture
def long_file(tmp_path):
    """Takes a second or more to read."""
    path = tmp_path / "many.csv"
    path.write_text("lon,lat,name\n" + "".join(f"106.8,-6.2,place {i}\n" for i in range(300_000)))
    return path


@pytest.fixture
def small_file(tmp_path):
    path = tmp_path / "one.geojson"
    path.write_text(POINT % "post")
    return path


def children():
    tasks = Path("/proc/self/task")
    needs.that(tasks.exists(), "this system does not say which processes a process has")
    return {int(pid) for each in tasks.glob("*/children") for pid in each.read_text().split()}


def read(reader, path, **more):
    return reader.read(path, crs=UTM_48S, progress=Progress(), **more)


def when_it_reads(act):
    """A progress that calls `act` once, when the worker says that it has begun."""
    begun = []

    def report(done, total, note):
        if total and not begun:
            begun.append(True)
            act()

    return Progress(report)


def test_a_reader_process_that_is_killed_costs_one_layer_and_nothing_else(reader, long_file, small_file):
    def kill():
        for pid in children():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(UserError, match=r"many\.csv") as refused:
        reader.read(long_file, crs=UTM_48S, progress=when_it_reads(kill))
    assert refused.value.hint
    assert len(read(reader, small_file).features[0]) == 1


def test_a_file_that_takes_too_long_is_given_up(long_file):
    reader = Reader(workers=1, timeout_s=0.0)
    try:
        with pytest.raises(UserError, match="within"):
            read(reader, long_file)
        assert not children()
    finally:
        reader.close()


def test_a_cancelled_read_ends_the_process_and_the_next_one_has_a_new_one(reader, long_file, small_file):
    progress = when_it_reads(lambda: progress.cancel())
    with pytest.raises(Cancelled):
        reader.read(long_file, crs=UTM_48S, progress=progress)
    assert not children()
    assert read(reader, small_file).features


def test_closing_ends_every_process_and_leaves_no_file_behind(tmp_path, monkeypatch, small_file):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    reader = Reader()
    reader.warm()
    read(reader, small_file)
    reader.close()
    assert not children()
    assert list((tmp_path / "temp").iterdir()) == []
    with pytest.raises(Cancelled):
        read(reader, small_file)


def test_what_was_read_outlives_the_reader(small_file):
    reader = Reader(workers=1)
    features = read(reader, small_file).features[0]
    reader.close()
    assert features.columns["n"].tolist() == ["post"]
    assert np.isfinite(features.xy).all()


def test_a_frozen_program_starts_itself_as_the_worker(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert worker_command() == [sys.executable, FLAG]


def test_the_desk_itself_never_loads_gdal():
    code = (
        "import sys, gis.exchange.vector.reader, layers.sources.vector;"
        "sys.exit(any(each in sys.modules for each in ('pyogrio', 'geopandas', 'pandas')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_worker_has_the_drivers_it_needs_and_no_other():
    code = "from gis.exchange.vector import ogr; ogr.close_doors();print(sorted(ogr.drivers() ^ ogr.ALLOWED))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


VRT = """<OGRVRTDataSource><OGRVRTLayer name="secret">
<SrcDataSource>{path}</SrcDataSource><GeometryType>wkbPoint</GeometryType>
<GeometryField encoding="PointFromColumns" x="lon" y="lat"/></OGRVRTLayer></OGRVRTDataSource>"""


@pytest.mark.parametrize(
    "name", ["roads.geojson", "roads.kml", "roads.csv", "roads.shp", "roads.gpkg", "roads.vrt"]
)
def test_a_file_that_names_another_file_is_refused_under_any_name(reader, tmp_path, name):
    secret = tmp_path / "secret.csv"
    secret.write_text("lon,lat,password\n106.8,-6.2,hunter2\n")
    (tmp_path / name).write_text(VRT.format(path=secret))
    with pytest.raises(UserError):
        read(reader, tmp_path / name)
    with pytest.raises(UserError):
        reader.inspect(tmp_path / name, Progress())


@pytest.mark.parametrize(
    "address",
    [
        "/vsicurl/http://example.org/a.geojson",
        "/vsizip/a.zip/a.shp",
        "http://example.org/a.geojson",
        "zip:///tmp/a.zip",
        "GPKG:/tmp/a.gpkg:layer",
        "PG:dbname=x",
        "WFS:https://example.org/wfs",
        "no\0name.geojson",
        "x" * 5000 + ".geojson",
    ],
)
def test_an_address_is_no_file(reader, address):
    with pytest.raises(UserError) as refused:
        read(reader, Path(address))
    assert refused.value.hint


@pytest.mark.parametrize("kind", ["kml", "gpx"])
def test_xml_that_brings_a_document_type_is_refused(reader, tmp_path, kind):
    path = tmp_path / f"bomb.{kind}"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE {kind} [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
        f"<{kind}>&b;</{kind}>"
    )
    with pytest.raises(UserError, match="document type"):
        read(reader, path)


def packed(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name",
    ["../evil.geojson", "/etc/evil.geojson", "a/../../evil.geojson", "..\\evil.geojson", "C:\\evil.geojson"],
)
def test_a_zip_that_climbs_out_of_its_folder_is_refused(reader, tmp_path, name):
    path = packed(tmp_path / "slip.zip", {"good.geojson": POINT % "a", name: POINT % "b"})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match="outside"):
        read(reader, path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_zip_that_would_fill_the_disk_is_refused(reader, tmp_path):
    path = packed(tmp_path / "bomb.zip", {"a.geojson": b" " * (80 << 20)})
    assert path.stat().st_size < 200_000
    with pytest.raises(UserError, match="fill the disk"):
        read(reader, path)


def test_a_zip_without_layers_is_refused(reader, tmp_path, realdata):
    with pytest.raises(UserError, match="no layer"):
        read(reader, packed(tmp_path / "notes.zip", {"notes.md": "hello"}))
    with pytest.raises(UserError, match="no layer"):
        read(reader, realdata / "gis/datameet-municipal/Bodh_Gaya/Bodh_Gaya_Wards-SHP.zip")


def test_a_zip_with_several_layers_gives_each_by_its_name(reader, tmp_path):
    members = {"deep/posts.geojson": POINT % "post", "note.json": "{}", "depots.csv": "lon;lat\n106,8;-6,2\n"}
    path = packed(tmp_path / "both.zip", members)
    assert [each.name for each in reader.inspect(path, Progress()).layers] == ["posts", "depots"]
    posts = read(reader, path, layer="posts")
    assert posts.features[0].columns["n"].tolist() == ["post"]
    with pytest.raises(UserError, match="wells"):
        read(reader, path, layer="wells")


def wal_geopackage(tmp_path, realdata):
    """A GeoPackage whose newest table is in its log only, as a crashed program leaves it."""
    path = tmp_path / "field.gpkg"
    path.write_bytes((realdata / "gpkg/mergin-db-sync/base.gpkg").read_bytes())
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('pragma journal_mode=wal');"
        "c.execute('delete from simple where fid = 1'); c.commit(); os._exit(0)"
    )
    # triggers of the file call functions that only spatial libraries have
    connection = sqlite3.connect(path)
    triggers = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f'drop trigger "{name}"')
    connection.commit()
    connection.close()
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    return path


def test_a_geopackage_with_a_log_is_read_with_the_log_and_left_as_it_is(reader, tmp_path, realdata):
    path = wal_geopackage(tmp_path, realdata)
    assert path.with_name("field.gpkg-wal").stat().st_size
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert 1 not in read(reader, path).features[0].ids
    reader.inspect(path, Progress())
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_missing_index_is_made_up_in_a_copy(reader, tmp_path, realdata):
    for name in ("cell1.shp", "clipper.shp"):
        (tmp_path / name).write_bytes((realdata / "gis/mapshaper/issues/68" / name).read_bytes())
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    for name in before:
        read_one = read(reader, tmp_path / name)
        assert read_one.features[0].shape is Shape.POLYGON
        assert "longitude and latitude were assumed" in read_one.problems[0]
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_our_own_store_is_refused_before_anything_is_started(reader, store):
    with pytest.raises(UserError, match="belongs to an operation"):
        read(reader, store.folder / "desk.gpkg")
    assert not children()
