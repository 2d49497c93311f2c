"""What comes out of files of each kind: shapes, places, and what is said about them."""

import numpy as np
import pytest
from pyogrio.raw import read as ogr_read
from pyogrio.raw import write as ogr_write

from gis.errors import UserError
from gis.geo.features import Shape
from gis.progress import Progress

WGS84, UTM_48S = 4326, 32748
DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "geojson": "GeoJSON",
    "geojsonl": "GeoJSONSeq",
    "kml": "LIBKML",
    "fgb": "FlatGeobuf",
}


def read(reader, path, crs=WGS84, **more):
    return reader.read(path, crs=crs, progress=Progress(), **more)


def inspect(reader, path):
    return reader.inspect(path, Progress())


def geojson(path, *geometries, crs=None, properties=None):
    features = ",".join(
        f'{{"type":"Feature","properties":{properties or "{}"},"geometry":{each}}}' for each in geometries
    )
    named = f'"crs":{{"type":"name","properties":{{"name":"{crs}"}}}},' if crs else ""
    path.write_text(f'{{"type":"FeatureCollection",{named}"features":[{features}]}}')
    return path


def roads(realdata, folder, ending):
    """The real roads of Jakarta in another format."""
    source = realdata / "gis/inasafe/exposure/roads.shp"
    meta, _, geometry, columns = ogr_read(source)
    path = folder / f"roads.{ending}"
    ogr_write(
        path,
        geometry,
        columns,
        meta["fields"],
        geometry_type="LineString",
        crs="EPSG:4326",
        driver=DRIVERS[ending],
    )
    return path


def area(xy):
    x, y = xy.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


@pytest.mark.parametrize("ending", DRIVERS)
def test_the_same_roads_come_out_of_every_format(reader, realdata, tmp_path, ending):
    original = read(reader, realdata / "gis/inasafe/exposure/roads.shp").features[0]
    (found,) = read(reader, roads(realdata, tmp_path, ending)).features
    assert found.shape is Shape.LINE
    assert len(found) == 185
    # FlatGeobuf packs neighbours together: the order is another
    assert np.sort(np.diff(found.rings)).tolist() == np.sort(np.diff(original.rings)).tolist()
    assert np.sort(found.xy, axis=0) == pytest.approx(np.sort(original.xy, axis=0), abs=1e-6)


@pytest.mark.parametrize("ending", DRIVERS)
@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_a_file_that_is_cut_off_is_refused_and_never_half_shown(reader, realdata, tmp_path, ending, share):
    path = roads(realdata, tmp_path, ending)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UserError) as refused:
        read(reader, path)
    assert refused.value.hint


def test_a_table_of_a_shapefile_that_is_cut_off_is_refused(reader, realdata, tmp_path):
    path = roads(realdata, tmp_path, "shp")
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[:5000])
    with pytest.raises(UserError, match=r"roads\.dbf is cut off"):
        read(reader, path)


def test_two_documents_in_one_file_are_refused_with_the_place(reader, realdata):
    with pytest.raises(UserError, match="line 810"):
        read(reader, realdata / "gis/datameet-municipal/Ahmedabad/Ward_office.geojson")


def test_a_shapefile_zipped_in_a_folder_is_read(reader, realdata):
    path = realdata / "gis/datameet-municipal/Lucknow/Lucknow_ward_boundary-SHP.zip"
    found = read(reader, path)
    assert found.layer == "Lucknow Ward Boundary"
    assert len(found.features[0]) == 112
    assert inspect(reader, path).layers[0].role == "wards"


def test_the_layers_of_a_geopackage_are_chosen_by_name(reader, realdata):
    path = realdata / "gis/inasafe/other/jakarta.gpkg"
    assert [each.role for each in inspect(reader, path).layers] == ["buildings", "roads"]
    assert read(reader, path, layer="roads").features[0].shape is Shape.LINE
    first = read(reader, path)
    assert first.features[0].shape is Shape.POLYGON
    assert "2 layers (buildings, roads)" in first.problems[0]


def test_holes_turn_the_other_way_whatever_the_file_does(reader, tmp_path):
    outer = "[[0,0],[0,9],[9,9],[9,0],[0,0]]"  # clockwise: against RFC 7946
    hole = "[[2,2],[2,4],[4,4],[4,2],[2,2]]"
    path = geojson(tmp_path / "lake.geojson", f'{{"type":"Polygon","coordinates":[{outer},{hole}]}}')
    for crs in (WGS84, 32631):
        (found,) = read(reader, path, crs).features
        first, second = (found.xy[a:b] for a, b in zip(found.rings, found.rings[1:], strict=False))
        assert area(first) > 0 > area(second)


def test_a_mixed_layer_comes_as_one_layer_per_shape(reader, tmp_path):
    collection = (
        '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},'
        '{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[0,0],[1,2]]}]}]}'
    )
    path = geojson(
        tmp_path / "mixed.geojson",
        '{"type":"Point","coordinates":[5,5]}',
        "null",
        '{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}',
        collection,
        '{"type":"MultiPoint","coordinates":[[7,7],[8,8]]}',
    )
    found = read(reader, path)
    points, lines = found.features
    assert points.shape is Shape.POINT
    assert points.ids.tolist() == [0, 1, 3, 4], "what has no shape goes with the most frequent one"
    assert np.diff(points.parts).tolist() == [1, 0, 1, 2]
    assert lines.ids.tolist() == [2, 3]
    assert np.diff(lines.parts).tolist() == [2, 1]
    assert found.problems == ("1 feature has no shape.",)
    assert inspect(reader, path).layers[0].geometry == "points, lines"


def test_heights_are_dropped_and_curves_become_lines(reader, realdata):
    for name, shape in (("line_zm", Shape.LINE), ("curve", Shape.LINE), ("curvepolygon", Shape.POLYGON)):
        (found,) = read(reader, realdata / f"gis/pyogrio/{name}.gpkg").features
        assert found.shape is shape
        assert found.xy.shape[1] == 2


def test_numbers_with_gaps_stay_numbers(reader, realdata):
    (found,) = read(reader, realdata / "gis/pyogrio/test_gpkg_nulls.gpkg").features
    gaps = np.isnan(found.columns["col_int32"])
    assert gaps.any()
    assert not gaps.all()


def test_coordinates_come_in_the_crs_that_was_asked_for(reader, tmp_path):
    path = geojson(tmp_path / "monas.geojson", '{"type":"Point","coordinates":[106.82717,-6.17539]}')
    (found,) = read(reader, path, UTM_48S).features
    assert found.crs == UTM_48S
    assert found.xy[0] == pytest.approx([702_190, 9_317_110], abs=200)


def test_the_crs_in_the_file_is_used(reader, realdata):
    path = realdata / "gis/inasafe/hazard/continuous_vector.geojson"
    west, south = read(reader, path).features[0].xy.min(axis=0)
    assert 106 < west < 108
    assert -7 < south < -5
    assert inspect(reader, path).layers[0].crs == "WGS 84 / UTM zone 48S (EPSG:32748)"


def test_a_place_that_the_map_cannot_show_is_counted_and_left_out(reader, tmp_path):
    nowhere, city = '{"type":"Point","coordinates":[0,95]}', '{"type":"Point","coordinates":[106.8,-6.2]}'
    found = read(reader, geojson(tmp_path / "far.geojson", nowhere, city), 3857)
    assert np.diff(found.features[0].parts).tolist() == [0, 1]
    assert np.isfinite(found.features[0].xy).all()
    assert any("1 shape has points that have no place" in each for each in found.problems)


def test_metres_without_a_crs_are_asked_about_once(reader, tmp_path):
    path = tmp_path / "wells.csv"
    path.write_text("x,y,name\n702190,9317110,Monas\n")
    unknown = read(reader, path)
    assert unknown.needs_crs
    assert unknown.features == ()
    assert "does not say" in unknown.problems[0]
    (found,) = read(reader, path, assume_crs=UTM_48S).features
    assert found.xy[0] == pytest.approx([106.827, -6.175], abs=0.01)
    assert inspect(reader, path).layers[0].needs_crs


@pytest.mark.parametrize("code", [999_999, 4978, -1])
def test_a_crs_that_is_none_is_refused(reader, tmp_path, code):
    path = tmp_path / "wells.csv"
    path.write_text("x,y,name\n702190,9317110,Monas\n")
    with pytest.raises(UserError, match="no coordinate reference system"):
        read(reader, path, assume_crs=code)


def test_degrees_that_are_none_are_asked_about(reader, realdata):
    path = realdata / "gis/mapshaper/features/clean/ex7_britain.json"
    unknown = read(reader, path)
    assert unknown.needs_crs
    assert "its coordinates are none" in unknown.problems[0]
    assert not read(reader, path, assume_crs=27700).needs_crs


def test_only_what_touches_the_box_is_read(reader, realdata):
    path = realdata / "gis/inasafe/exposure/roads.shp"
    whole = read(reader, path, UTM_48S).features[0]
    x, y = whole.xy.mean(axis=0)
    part = read(reader, path, UTM_48S, bbox=(x - 200, y - 200, x + 200, y + 200)).features[0]
    assert 0 < len(part) < len(whole)


def test_rows_without_coordinates_are_kept_and_counted(reader, realdata):
    found = read(reader, realdata / "gis/geolonia-japanese-addresses/towns_merged.csv")
    assert len(found.features[0]) == 277_676
    assert found.problems == ("469 features have no shape.",)
    assert found.features[0].columns["town"][1] == "員弁町市之原"


@pytest.mark.parametrize(
    "heading",
    [
        "Longitude,Latitude,n",
        "bujur,lintang,n",
        "Kinh độ,Vĩ độ,n",
        "ลองจิจูด,ละติจูด,n",
        "経度,緯度,n",
        "经度,纬度,n",
        "경도,위도,n",
        "GPS_Lon,GPS_Lat,n",
    ],
)
def test_columns_of_coordinates_are_known_in_the_languages_of_the_region(reader, tmp_path, heading):
    path = tmp_path / "points.csv"
    path.write_text(heading + "\n106.8,-6.2,007\n,,x\n", encoding="utf-8")
    found = read(reader, path)
    assert found.features[0].xy.tolist() == [[106.8, -6.2]]
    assert found.problems == ("1 feature has no shape.",)


def test_codes_with_leading_zeros_stay_texts(reader, tmp_path):
    path = tmp_path / "wards.csv"
    path.write_text('code,people,WKT\n0101,1200,"POINT (106.8 -6.2)"\n0102,,SRID=4326;POINT (106.9 -6.3)\n')
    (found,) = read(reader, path).features
    assert found.columns["code"].tolist() == ["0101", "0102"]
    assert found.columns["people"].tolist()[0] == 1200
    assert found.xy.tolist() == [[106.8, -6.2], [106.9, -6.3]]


def test_tracks_are_found_behind_empty_waypoints(reader, tmp_path):
    path = tmp_path / "patrol.gpx"
    points = "".join(f'<trkpt lat="-6.{i}" lon="106.8"></trkpt>' for i in range(5))
    path.write_text(
        f'<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Patrol</name>'
        f"<trkseg>{points}</trkseg></trk></gpx>"
    )
    found = read(reader, path)
    assert found.layer == "tracks"
    assert found.features[0].shape is Shape.LINE
    assert found.features[0].columns["name"].tolist() == ["Patrol"]


def test_topojson_is_read(reader, tmp_path):
    path = tmp_path / "coast.topojson"
    path.write_text(
        '{"type":"Topology","objects":{"coast":{"type":"GeometryCollection","geometries":['
        '{"type":"LineString","arcs":[0],"properties":{"name":"north"}}]}},'
        '"arcs":[[[106.8,-6.1],[106.9,-6.1]]]}'
    )
    (found,) = read(reader, path).features
    assert found.xy.tolist() == [[106.8, -6.1], [106.9, -6.1]]


def test_invalid_polygons_are_told_with_their_place_and_drawn(reader, realdata):
    path = realdata / "gis/datameet-municipal/Mumbai/slumClusters.geojson"
    (finding,) = inspect(reader, path).layers[0].findings
    assert finding.startswith("26 of the 2542 polygons")
    assert "Self-intersection[72.8" in finding
    assert np.diff(read(reader, path).features[0].parts).min() > 0


def test_an_inspection_says_what_is_in_a_layer(reader, realdata):
    found = inspect(reader, realdata / "gis/inasafe/gisv4/exposure/jakarta_building.gpkg")
    (layer,) = found.layers
    assert found.format == "GeoPackage"
    assert (layer.name, layer.geometry, layer.count) == ("clipped_jakarta_building", "polygons", 7689)
    assert layer.crs == "WGS 84 (EPSG:4326)"
    assert layer.extent == pytest.approx((106.819, -6.204, 106.972, -6.113), abs=0.001)
    assert layer.role == "buildings"
    assert "BUILDING" in [each.name for each in layer.fields]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cap/google-cap-library/testdata/weather.cap", "public warning"),
        ("cap/oasiscap/v1dot2_appendix_adot1.xml", "public warning"),
        ("gis/inasafe/exposure/roads.dbf", "one part of a Shapefile"),
        ("gis/inasafe/exposure/roads.qml", "settings"),
        ("gis/inasafe/exposure/exposure.sqlite", "SQLite"),
        ("gis/inasafe/impact/indivisible_polygon_impact.json", "not GeoJSON"),
        ("gis/sahana-eden/static/data/IFRC-AP-DM-GoogleEarth.kmz", "not well-formed"),
    ],
)
def test_what_is_no_layer_is_called_by_its_name(reader, realdata, name, words):
    with pytest.raises(UserError, match=words):
        read(reader, realdata / name)
