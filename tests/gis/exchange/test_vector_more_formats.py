"""The formats that offices, surveyors and OpenStreetMap send: all of them, or a word why not."""

import json
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyogrio.raw import write as ogr_write

from gis.errors import UserError
from gis.geo.features import Shape
from gis.progress import Progress

WGS84, UTM_48S = 4326, 32748
DRIVERS = {"tab": "MapInfo File", "mif": "MapInfo File", "gml": "GML", "gdb": "OpenFileGDB"}
STREETS = shapely.linestrings([[(106.80, -6.20), (106.81, -6.19)], [(106.82, -6.18), (106.83, -6.17)]])
NAMES = np.array(["Jalan Merdeka", "Jalan Pahlawan"], object)


def read(reader, path, crs=WGS84, **more):
    return reader.read(path, crs=crs, progress=Progress(), **more)


def streets(folder, ending):
    path = folder / f"streets.{ending}"
    ogr_write(
        path,
        shapely.to_wkb(STREETS),
        [NAMES],
        ["name"],
        geometry_type="LineString",
        crs="EPSG:4326",
        driver=DRIVERS[ending],
    )
    return path


def parquet(path, geometry=STREETS, *, geo=None, groups=None, **columns):
    column = {"encoding": "WKB", "geometry_types": []} | (geo or {})
    said = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = pa.table({"geometry": pa.array(shapely.to_wkb(geometry).tolist(), pa.binary()), **columns})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(said)}), path, row_group_size=groups)
    return path


@pytest.mark.parametrize("ending", DRIVERS)
def test_streets_come_out_with_their_names_and_places(reader, tmp_path, ending):
    path = streets(tmp_path, ending)
    (found,) = read(reader, path).features
    assert found.shape is Shape.LINE
    assert found.columns["name"].tolist() == NAMES.tolist()
    assert found.xy == pytest.approx(shapely.get_coordinates(STREETS), abs=1e-5)
    (facts,) = reader.inspect(path, Progress()).layers
    assert (facts.count, facts.needs_crs) == (2, False)


@pytest.mark.parametrize("ending", DRIVERS)
def test_a_name_that_gdal_would_misread_does_no_harm(reader, tmp_path, ending):
    plain = streets(tmp_path, ending)
    odd = tmp_path / "a;b{1}"
    odd.mkdir()
    for part in tmp_path.glob("streets.*"):
        shutil.move(part, odd / part.name)
    assert len(read(reader, odd / plain.name).features[0]) == 2


@pytest.mark.parametrize("ending", ["tab", "mif", "gdb"])
def test_what_comes_in_several_files_is_read_out_of_a_zip(reader, tmp_path, ending):
    path = streets(tmp_path, ending)
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in sorted(tmp_path.rglob("*")):
            if part.is_file() and part != packed:
                archive.write(part, f"in/side/{part.relative_to(tmp_path)}")
    assert len(read(reader, packed).features[0]) == 2
    assert path.exists()


def test_a_drawing_asks_where_on_earth_it_lies_and_is_put_there(reader, tmp_path):
    path = tmp_path / "plan.dxf"
    lines = shapely.linestrings([[(700_000, 9_314_000), (700_100, 9_314_000)]])
    ogr_write(path, shapely.to_wkb(lines), [], [], geometry_type="LineString", crs="EPSG:32748", driver="DXF")
    assert read(reader, path).needs_crs
    (found,) = read(reader, path, assume_crs=UTM_48S).features
    assert found.xy[0].tolist() == pytest.approx([106.807, -6.203], abs=0.01)


def test_a_country_of_openstreetmap_comes_out_layer_by_layer(reader, realdata):
    path = realdata / "osm/valhalla/liechtenstein-latest.osm.pbf"
    found = reader.inspect(path, Progress())
    assert found.format == "OpenStreetMap"
    counts = {layer.name: layer.count for layer in found.layers}
    assert counts["lines"] > 3_000
    assert counts["multipolygons"] > 3_000
    assert sum(counts.values()) == pytest.approx(20_068, abs=200)
    (roads,) = read(reader, path, layer="lines").features
    west, south, east, north = *roads.xy.min(axis=0), *roads.xy.max(axis=0)
    assert 9.3 < west < east < 9.9
    assert 46.7 < south < north < 47.6


def test_an_extract_that_is_not_sorted_does_not_end_the_reader(reader, realdata):
    found = reader.inspect(realdata / "gis/pyogrio/sample.osm.pbf", Progress())
    assert sum(layer.count for layer in found.layers) > 0


@pytest.mark.parametrize(
    "text", ['Open Table "/etc/x" Interactive', "  Type LINKED", 'create view v as\nOpen Table "x"']
)
def test_a_table_that_only_names_other_files_is_refused(reader, tmp_path, text):
    path = tmp_path / "view.tab"
    path.write_text(f"!Table\n!Version 300\n{text}\n")
    with pytest.raises(UserError, match="names other files"):
        read(reader, path)


@pytest.mark.parametrize("ending", ["tab", "mif", "gml", "dxf", "pbf", "osm", "parquet"])
@pytest.mark.parametrize(
    "junk", [b"hello\n" * 40, b"\0" * 200, b"PAR1\0\0\0\0PAR1", b"\0\0\0\x0d\x0a\x09OSMHeader" + b"x" * 90]
)
def test_junk_under_any_of_these_names_ends_in_words(reader, tmp_path, ending, junk):
    path = tmp_path / f"junk.{ending}"
    path.write_bytes(junk)
    with pytest.raises(UserError) as refused:
        read(reader, path)
    assert refused.value.hint


def test_a_folder_that_only_calls_itself_a_geodatabase_is_refused(reader, tmp_path):
    (tmp_path / "no.gdb").mkdir()
    with pytest.raises(UserError, match=r"no\.gdb is a folder"):
        read(reader, tmp_path / "no.gdb")


def test_gml_with_a_schema_elsewhere_is_read_without_asking_for_it(reader, tmp_path):
    path = streets(tmp_path, "gml")
    for beside in tmp_path.glob("streets.*"):
        if beside != path:
            beside.unlink()
    path.write_text(path.read_text().replace("streets.xsd", "http://127.0.0.1:1/none.xsd"))
    assert len(read(reader, path).features[0]) == 2
    assert [each.name for each in tmp_path.iterdir()] == ["streets.gml"]


def test_geoparquet_of_other_planes_keeps_its_numbers_words_and_gaps(reader, tmp_path):
    points = shapely.points([(700_000, 9_314_000), (700_100, 9_314_000)])
    from pyproj import CRS

    path = parquet(
        tmp_path / "posts.parquet",
        points,
        geo={"crs": json.loads(CRS.from_epsg(UTM_48S).to_json())},
        name=["Manggarai", None],
        level=[1.5, None],
        count=[3, 4],
        flags=[[1, 2], []],
    )
    (found,) = read(reader, path, crs=UTM_48S).features
    assert found.xy.tolist() == [[700_000, 9_314_000], [700_100, 9_314_000]]
    assert found.columns["name"].tolist() == ["Manggarai", None]
    assert found.columns["count"].tolist() == [3, 4]
    assert np.isnan(found.columns["level"][1])


@pytest.mark.parametrize(
    ("geo", "word"), [({"encoding": "point"}, "WKB"), ({"crs": 7}, ""), ({"encoding": None}, "WKB")]
)
def test_geoparquet_that_says_odd_things_is_refused_or_asks(reader, tmp_path, geo, word):
    path = parquet(tmp_path / "odd.parquet", geo=geo)
    try:
        assert read(reader, path, crs=WGS84).features is not None
    except UserError as refused:
        assert word in str(refused)  # noqa: PT017


@pytest.mark.parametrize("name", ["list_field_values_file", "list_nested_struct_file"])
def test_parquet_that_says_nothing_of_a_geometry_is_refused(reader, realdata, name):
    with pytest.raises(UserError, match="no geometry that it says anything about"):
        read(reader, realdata / f"gis/pyogrio/{name}.parquet")


def test_without_pyarrow_geoparquet_says_what_to_install(tmp_path):
    path = parquet(tmp_path / "streets.parquet")
    code = (
        "import sys, importlib; from pathlib import Path; from gis.exchange.vector import parquet\n"
        "from gis.exchange.vector.staging import Staged; from gis.exchange.vector.formats import Format\n"
        "from gis.errors import UserError\n"
        "parquet.import_module = lambda name: (_ for _ in ()).throw(ImportError(name))\n"
        "try: parquet.load(Staged(Path(sys.argv[1]), Format.PARQUET, 'streets.parquet'))\n"
        "except UserError as error: print(error, error.hint)"
    )
    said = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert "pyarrow, which is not installed" in said.stdout
    assert "pip install pyarrow" in said.stdout
