"""Areas around shapes are as wide as was said; distances are read as people say them."""

import numpy as np
import pytest
from shapely import LineString, Point
from shapely.geometry import box

from gis.errors import Cancelled
from gis.geo import measure
from gis.geo.around import around
from gis.geo.legs import distance, leg, onward
from gis.progress import Progress


def test_around_many_shapes_lies_everything_within_the_distance_and_no_more():
    dice = np.random.default_rng(3)
    places = dice.uniform((116.6, -8.3), (116.8, -8.1), (600, 2))
    area = around([Point(place) for place in places], 500, Progress())
    asked = dice.uniform((116.55, -8.35), (116.85, -8.05), (400, 2))
    for lon, lat in asked.tolist():
        near = measure.nearest(places, lon, lat)[1]
        if abs(near - 500) > 5:
            assert area.contains(Point(lon, lat)) == (near < 500)


def test_shapes_on_two_continents_have_each_their_own_plane():
    area = around([Point(116.7, -8.2), Point(-3.7, 40.4)], 1000, Progress())
    assert measure.area_m2(area) == pytest.approx(2 * 3.1366e6, rel=0.01)


def test_around_nothing_is_nothing():
    assert around([], 100, Progress()).is_empty
    assert around([LineString()], 100, Progress()).is_empty


def test_it_can_be_stopped():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        around([box(0, 0, 1, 1)], 100, progress)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("120 m 045°", (120, 45)),
        ("120m 45", (120, 45)),
        ("1.2 km 180", (1200, 180)),
        ("1,2 KM, 360°", (1200, 0)),
        ("१२० m ०४५", (120, 45)),
        ("120 45", None),
        ("120 m 400", None),
        ("0 m 45", None),
        ("9999 km 45", None),
        ("m 45", None),
    ],
)
def test_distance_and_bearing(said, meant):
    assert leg(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("500", 500), ("500 m", 500), ("1.5km", 1500), ("-3", None), ("", None), ("5 ft", None)],
)
def test_distance_alone(said, meant):
    assert distance(said) == meant


def test_onward_goes_so_far_in_that_direction():
    there = onward(116.7, -8.2, 500, 90)
    assert measure.distance_m((116.7, -8.2), there)[0] == pytest.approx(500)
    assert there[0] > 116.7
