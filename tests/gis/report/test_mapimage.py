"""The report's map, pixel by pixel where it matters."""

import io
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from shapely import LineString, Point, Polygon, box

from gis.errors import Cancelled
from gis.geo.features import Features, Shape
from gis.geo.mesh import Frame
from gis.geo.shapes import from_shapely
from gis.model.incident import Severity
from gis.progress import Progress
from gis.report import ground, mapimage
from gis.report.brush import dashed
from gis.report.content import Hatching, IncidentLine, MapClass, MapLayer
from tests.gis.report.night import FLOOD, LAT, LON, a_report, an_incident, city_layers, features, wards

RING = Polygon(box(0, 0, 100, 100).exterior, [box(40, 40, 60, 60).exterior.coords])
FRAME = Frame(32750, (0.0, 0.0, 100.0, 100.0), 100, 100)


def a_class(*shapes, **style) -> MapClass:
    geometry = np.empty(len(shapes), object)
    geometry[:] = shapes
    (features,) = from_shapely(geometry, crs=32750)
    return MapClass("x", features, **style)


def painted(*classes, opacity=1.0):
    layer = MapLayer("L", classes, opacity)
    return np.asarray(
        Image.open(io.BytesIO(mapimage.background([layer], FRAME, Progress()))).convert("RGB")
    ).astype(int)


def close(pixel, colour):
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.abs(pixel - wanted).max() < 12


def test_a_hole_shows_the_ground_and_y_points_up():
    image = painted(a_class(RING, fill="#2F7FBF"))
    assert close(image[50, 50], mapimage.PAPER)
    assert close(image[20, 20], "#2F7FBF")
    image = painted(a_class(box(0, 80, 20, 100), fill="#ff0000"))
    assert close(image[5, 5], "#ff0000")
    assert close(image[95, 5], mapimage.PAPER)


def test_parts_far_outside_and_features_with_no_place_do_no_harm():
    nowhere = Features(
        Shape.POLYGON, np.empty((0, 2)), np.array([0]), np.array([0, 0]), np.array([1]), crs=32750
    )
    wild = a_class(box(-1e9, 40, 1e9, 60), fill="#00ff00")
    image = painted(MapClass("n", nowhere, "#ff0000"), wild)
    assert close(image[50, 50], "#00ff00")
    assert close(image[5, 50], mapimage.PAPER)


def test_lines_and_markers_have_their_width():
    image = painted(
        a_class(LineString([(0, 50), (100, 50)]), stroke="#000000", width_px=8),
        a_class(Point(50, 80), fill="#ff0000", width_px=20, marker="square"),
    )
    assert close(image[50, 20], "#000000")
    assert close(image[40, 20], mapimage.PAPER)
    assert close(image[20, 50], "#ff0000")


def test_a_hatch_lets_the_ground_through_and_stays_inside_its_area():
    stripes = np.zeros((40, 40), np.float32)
    stripes[:20] = 1.0
    image = painted(a_class(RING, hatch=Hatching(stripes, "#ff0000")))
    inked = np.array([[close(image[y, x], "#ff0000") for x in (5, 20, 70)] for y in range(100)])
    assert 0.35 < inked.mean() < 0.6
    assert close(image[50, 50], mapimage.PAPER)
    assert all(close(image[y, 50], mapimage.PAPER) for y in range(42, 58))


def test_a_dashed_line_has_gaps_and_a_casing_lies_under_all_lines():
    dashed = a_class(LineString([(0, 50), (100, 50)]), stroke="#000000", width_px=6, dash=(10.0, 10.0))
    image = painted(dashed)
    inked = [close(image[50, x], "#000000") for x in range(100)]
    assert 0.3 < np.mean(inked) < 0.6
    across = LineString([(50, 0), (50, 100)]), LineString([(0, 50), (100, 50)])
    streets = [a_class(way, stroke="#ffffff", width_px=8, casing="#000000", casing_px=3) for way in across]
    image = painted(*streets)
    assert close(image[50, 50], "#ffffff")
    assert all(close(image[50, x], "#ffffff") for x in range(5, 95))
    assert close(image[41, 20], "#000000")


def test_a_pictogram_stands_on_its_plate_and_alone_with_a_rim():
    bar = np.array([(-0.5, -0.1), (0.5, -0.1), (0.5, 0.1), (-0.5, 0.1), (-0.5, -0.1)])
    plate = {"fill": "#0000ff", "stroke": "#0000ff", "width_px": 40, "icon": (bar,), "icon_ink": "#ffffff"}
    image = painted(a_class(Point(50, 50), marker="square", **plate))
    assert close(image[50, 50], "#ffffff")
    assert close(image[38, 50], "#0000ff")
    image = painted(a_class(Point(50, 50), marker="none", **plate))
    assert close(image[50, 50], "#ffffff")
    assert close(image[38, 50], mapimage.PAPER)


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=8),
    st.lists(st.floats(0, 9), max_size=4).map(tuple),
)
def test_dashes_lie_on_their_line_and_are_no_longer(corners, dash):
    line = np.array(corners, float)
    whole = LineString(corners)
    pieces = list(dashed(line, dash))
    assert sum(LineString(piece).length for piece in pieces) <= whole.length + 1e-6
    assert all(whole.distance(LineString(piece)) < 1e-6 for piece in pieces)


def test_a_layer_lets_the_one_below_shine_through():
    below = MapLayer("a", (a_class(box(0, 0, 100, 100), fill="#ffffff"),))
    above = MapLayer("b", (a_class(box(0, 0, 100, 100), fill="#000000"),), opacity=0.25)
    png = mapimage.background([below, above], FRAME, Progress())
    pixel = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)[50, 50]
    assert close(pixel, "#bfbfbf")


def printed(content, layers):
    frame = ground.print_frame(content, layers, 400, 300)
    picture = mapimage.printed(content, layers, frame, dpi=100, progress=Progress())
    return picture, np.asarray(Image.open(io.BytesIO(picture.png))).astype(int)


def test_the_worst_incident_lies_on_top():
    here = Point(115.21, -8.65)
    lines = [IncidentLine(an_incident(n, s, place=here), FLOOD) for n, s in enumerate(Severity, 1)]
    picture, image = printed(a_report(incidents=tuple(lines), sensors=(), exercise=False), ())
    centre = image[picture.frame.height // 2 + 8, picture.frame.width // 2 - 5]
    assert close(centre, "#FF3C7C")


def test_a_report_without_any_layer_has_a_map_and_one_without_any_place_has_none():
    picture, _image = printed(a_report(), ())
    assert picture.outside == 0
    nothing = a_report(incidents=(), sensors=())
    assert ground.print_frame(nothing, (), 400, 300) is None


def test_a_place_on_the_other_side_of_the_earth_does_not_shrink_the_city():
    far = IncidentLine(an_incident(7, place=Point(0, 0)), FLOOD)
    content = a_report()
    picture, _image = printed(replace(content, incidents=(*content.incidents, far)), city_layers())
    assert picture.frame.box[2] - picture.frame.box[0] < 40_000
    assert picture.outside == 1


def test_the_scale_bar_is_round_and_true():
    picture, _image = printed(a_report(), city_layers())
    west, _south, east, _north = picture.frame.box
    assert str(picture.bar_m)[0] in "125"
    assert picture.bar_part * (east - west) == pytest.approx(picture.bar_m)


def test_an_exercise_is_written_across_the_map():
    _picture, drill = printed(a_report(exercise=True), ())
    _picture, real = printed(a_report(exercise=False), ())
    assert (drill != real).any()


def test_names_neither_overlap_nor_cover_an_incident():
    picture, _image = printed(a_report(), city_layers())
    assert picture.names
    spots = [(name.x * 400, name.y * 300) for name in picture.names]
    for i, (x, y) in enumerate(spots):
        assert all(abs(x - a) > 20 or abs(y - b) > 10 for a, b in spots[:i])


def test_a_ward_whose_middle_is_under_an_incident_is_named_above_or_below_it():
    ward = features(
        Shape.POLYGON, [box(LON - 0.02, LAT - 0.02, LON + 0.02, LAT + 0.02)], name=["Kampung Laut"]
    )
    layer = MapLayer("Wards", (MapClass("Ward", ward),), names="name")
    here = IncidentLine(an_incident(1, place=Point(LON, LAT)), FLOOD)
    for incidents, shift in (((), 0), ((here,), 15)):
        picture, _image = printed(a_report(incidents=incidents, sensors=()), (layer,))
        (name,) = picture.names
        (((x, y),),) = (ground.pixels(picture.frame, np.array([[LON, LAT]]), 4326),)
        assert name.x * picture.frame.width == pytest.approx(x, abs=3)
        assert abs(name.y * picture.frame.height - y) >= shift


def test_painting_stops_when_told():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        mapimage.background(city_layers(), FRAME, progress)


def test_any_valid_geometry_paints():
    dice = np.random.default_rng(3)
    blobs = [Point(*dice.uniform(-20, 120, 2)).buffer(dice.uniform(0.1, 40)) for _ in range(40)]
    ring = shapely.difference(blobs[0], blobs[1])
    image = painted(a_class(*blobs, ring, fill="#11223344", stroke="#112233", width_px=0.5))
    assert image.shape == (100, 100, 3)


def test_wards_are_named_on_the_map_and_the_many_points_are_not():
    schools = features(Shape.POINT, [Point(LON, LAT)], name=["SDN 4"])
    layers = [wards(), MapLayer("Schools", (MapClass("School", schools),), names="name")]
    assert [layer.names_the_city for layer in layers] == [True, False]
    frame = ground.print_frame(a_report(), layers, 900, 500)
    named = {n.text for n in mapimage.printed(a_report(), layers, frame, dpi=100, progress=Progress()).names}
    assert "SDN 4" not in named
    assert any(name.startswith("Kampung") for name in named)
