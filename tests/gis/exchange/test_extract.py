"""Some features leave the desk in files that other programs read, whole or not at all."""

import csv
import io
import json

import numpy as np
import pyogrio
import pytest

from gis.errors import Cancelled, UserError
from gis.exchange.extract import write
from gis.geo.crs import transform
from gis.progress import Progress
from tests.shapes import UTM, points, polygons, square

AT = tuple(transform([[116.7, -8.25]], 4326, UTM)[0])


def test_a_table_says_where_each_point_is_and_runs_no_formula(tmp_path):
    found = points(AT, name=["=HYPERLINK(1)"], depth=[None])
    path = write(tmp_path / "gauges.csv", [found], Progress(), columns=("name", "depth"))
    head, row = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
    assert head == ["name", "depth", "lon", "lat"]
    assert row[:2] == ["'=HYPERLINK(1)", ""]
    assert [float(each) for each in row[2:]] == pytest.approx([116.7, -8.25])


def test_areas_leave_as_geojson_with_the_columns_that_were_shown(tmp_path):
    found = polygons([square(*AT, 100.0)], name=["A"], secret=["B"])
    path = write(tmp_path / "wards.geojson", [found], Progress(), columns=("name",))
    (feature,) = json.loads(path.read_text("utf-8"))["features"]
    assert feature["properties"] == {"name": "A"}
    assert feature["geometry"]["type"] == "Polygon"


def test_a_geopackage_holds_them_under_names_it_can_keep(tmp_path):
    found = polygons([square(*AT, 100.0)], fid=[7], Name=["A"], name=["B"])
    path = write(tmp_path / "wards.gpkg", [found], Progress(), columns=("fid", "Name", "name"))
    table = pyogrio.read_dataframe(path, layer="wards")
    assert table["fid_2"].tolist() == [7]
    assert table["Name"].tolist() == ["A"]
    assert table["name_2"].tolist() == ["B"]
    assert np.isclose(table.geometry.iloc[0].centroid.x, 116.7)


@pytest.mark.parametrize("name", ["roads", "roads.xlsx", "op.kentongan/desk.gpkg", "nowhere/roads.csv"])
def test_a_place_or_a_kind_that_cannot_be_is_refused_in_words(tmp_path, name):
    (tmp_path / "op.kentongan").mkdir()
    with pytest.raises(UserError):
        write(tmp_path / name, [points(AT, name=["A"])], Progress(), columns=("name",))


def test_one_who_says_stop_finds_the_file_as_it_was(tmp_path):
    path, progress = tmp_path / "gauges.csv", Progress()
    path.write_text("before")
    progress.cancel()
    with pytest.raises(Cancelled):
        write(path, [points(AT, name=["A"])], progress, columns=("name",))
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["gauges.csv"]
