"""GeoPackages that the checker of the standard's reference library has nothing to say about."""

import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely import LineString, Point, Polygon

from gis.errors import UserError
from gis.exchange.gpkg import Table, write_layers
from gis.geo.shapes import from_shapely

AT = datetime(2026, 3, 14, 6, 0, 0, 250_000, tzinfo=UTC)
SQUARE = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])


def objects(*items):
    made = np.empty(len(items), object)
    made[:] = items
    return made


def pass_the_checker(path):
    """The checker opens files with the standard library's SQLite: it gets a process of its own."""
    code = (
        "import sys; from osgeo_utils.samples import validate_gpkg as v;"
        "v.check(sys.argv[1], extra_checks=True, warning_as_error=True)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)


def read(path, layer):
    meta, _fids, geometry, columns = pyogrio.raw.read(path, layer=layer)
    return dict(zip(meta["fields"], columns, strict=True)), shapely.from_wkb(geometry), meta["geometry_type"]


def test_facts_of_every_kind_pass_the_checker_and_read_back(tmp_path):
    path = tmp_path / "facts.gpkg"
    columns = {
        "people": [12, None, 3],
        "level": [1.5, None, 2],
        "silent": [True, False, None],
        "text": ["ünïcode 日本", None, "half \ud800, end \0"],
        "at": [AT, None, AT],
        "empty": [None, None, None],
    }
    write_layers(
        path,
        {
            "facts": Table(objects(Point(115.2, -8.6), None, SQUARE), columns),
            "report": Table(None, {"number": [3]}),
            "nothing": Table(objects(), {}),
        },
    )
    pass_the_checker(path)
    back, places, kind = read(path, "facts")
    assert kind == "Unknown"
    assert [place and place.geom_type for place in places] == ["Point", None, "Polygon"]
    assert back["people"][0] == 12
    assert np.isnan(back["people"][1])
    assert np.isnan(back["level"][1])
    assert back["text"][0] == "ünïcode 日本"
    assert back["text"][1] is None
    assert back["at"][0] == np.datetime64("2026-03-14T06:00:00.250")
    assert read(path, "report")[0]["number"].tolist() == [3]


def test_a_layer_of_one_shape_keeps_its_type(tmp_path):
    path = tmp_path / "shapes.gpkg"
    two = shapely.MultiPolygon([SQUARE, shapely.transform(SQUARE, lambda xy: xy + 5)])
    (roads,) = from_shapely(objects(LineString([(0, 0), (1, 1)])), columns={"name": objects("Jalan 1")})
    write_layers(
        path, {"roads": roads, "wards": Table(objects(SQUARE, two, None)), "homes": Table(objects(SQUARE))}
    )
    pass_the_checker(path)
    assert read(path, "roads")[2] == "LineString"
    assert read(path, "homes")[2] == "Polygon"
    kind, places = read(path, "wards")[2], read(path, "wards")[1]
    assert kind == "MultiPolygon"
    assert len(places[1].geoms) == 2


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "report.gpkg"
    write_layers(path, {"one": Table(objects(SQUARE))})
    before = path.read_bytes()
    with pytest.raises(UserError, match="could not be written"):
        write_layers(path, {"one": Table(objects(SQUARE), crs=999_999)})
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.gpkg"]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UserError, match="could not be written"):
        write_layers(tmp_path / "nowhere" / "a.gpkg", {"one": Table(objects(SQUARE))})
