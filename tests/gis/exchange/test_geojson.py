"""GeoJSON a strict reader accepts."""

import json
from datetime import UTC, datetime

import numpy as np
from shapely import LinearRing, LineString, MultiPolygon, Point, Polygon

from gis.exchange import geojson
from gis.exchange.geojson import Feature

CLOCKWISE = Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])


def written(*features, **members):
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    return json.loads(geojson.write(features, **members), parse_constant=refuse)


def test_outer_rings_run_anticlockwise_and_holes_clockwise():
    for shape in (CLOCKWISE, MultiPolygon([CLOCKWISE])):
        geometry = written(Feature("a", shape))["features"][0]["geometry"]
        rings = geometry["coordinates"] if shape is CLOCKWISE else geometry["coordinates"][0]
        assert LinearRing(rings[0]).is_ccw
        assert not LinearRing(rings[1]).is_ccw
        assert rings[0][0] == rings[0][-1]


def test_values_json_cannot_say_become_null():
    at = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
    values = {
        "level": np.float64("nan"),
        "top": float("inf"),
        "n": np.int64(3),
        "at": at,
        "deep": [{"a": np.nan}],
    }
    properties = written(Feature("a", None, values))["features"][0]["properties"]
    expected = {"level": None, "top": None, "n": 3, "at": "2026-03-14T06:00:00.000Z", "deep": [{"a": None}]}
    assert properties == expected


def test_a_place_nobody_knows_is_null():
    for nowhere in (None, Point(), LineString(), Point(float("nan"), 1)):
        assert written(Feature("a", nowhere))["features"][0]["geometry"] is None


def test_longitude_comes_first_and_centimetres_are_enough():
    geometry = written(Feature("a", Point(115.123456789, -8.5, 12)))["features"][0]["geometry"]
    assert geometry == {"type": "Point", "coordinates": [115.1234568, -8.5]}


def test_half_a_character_does_not_stop_the_file():
    assert written(Feature("a", None, {"text": "\ud800 broken"}), title="ok")["title"] == "ok"
