"""Which wards are hit, and how badly."""

import numpy as np
import pytest
import shapely
from shapely import Point

from gis.geo.crs import transform
from gis.geo.shapes import from_shapely
from gis.impact.wards import by_ward
from gis.model.incident import Severity
from tests.build import SIX, an_incident

BOXES = [shapely.box(116.0, -8.1, 116.1, -8.0), shapely.box(116.1, -8.1, 116.2, -8.0)]


def wards(crs=4326, **columns):
    boxes = np.array(BOXES, object)
    if crs != 4326:
        boxes = shapely.transform(boxes, lambda xy: transform(xy, 4326, crs))
    given = {"name": np.array(["West", "East"], object), "population": np.array([1200, 800])} | columns
    (features,) = from_shapely(boxes, columns=given, crs=crs)
    return features


@pytest.mark.parametrize("crs", [4326, 32750])
def test_incidents_are_counted_where_they_are(crs):
    west, east = Point(116.05, -8.05), Point(116.15, -8.05)
    night = [
        an_incident(place=west, severity=Severity.MINOR, affected=3),
        an_incident(place=west, severity=Severity.SEVERE, affected=None),
        an_incident(place=east, severity=Severity.EXTREME, affected=40),
        an_incident(place=east, severity=Severity.EXTREME, closed_at=SIX),
        an_incident(place=None),
        an_incident(place=Point(117, -8)),
    ]
    first, second = by_ward(wards(crs), night)
    assert (first.ward, first.worst, first.incidents, first.affected) == ("East", Severity.EXTREME, 1, 40)
    assert (second.ward, second.worst, second.incidents) == ("West", Severity.SEVERE, 2)
    assert (second.population, second.affected, second.unasked) == (1200, 3, 1)


def test_a_ward_whose_people_were_never_counted_says_so():
    (tally,) = by_ward(wards(population=np.array([np.nan, 5.0])), [an_incident(place=Point(116.05, -8.05))])
    assert tally.population is None


def test_a_quiet_night_has_no_wards_to_list():
    assert by_ward(wards(), []) == []
