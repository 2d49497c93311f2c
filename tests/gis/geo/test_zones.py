"""A time zone says roughly where its clocks are."""

import pytest

from gis.geo.extent import contains
from gis.geo.zones import around_zone


@pytest.mark.parametrize(
    ("zone", "lon", "lat"),
    [
        ("Asia/Makassar", 119.4, -5.1),
        ("America/Guayaquil", -79.9, -2.2),
        ("Asia/Kathmandu", 85.3, 27.7),
        ("Pacific/Apia", -171.8, -13.8),
    ],
)
def test_a_zone_lies_around_the_place_it_is_named_after(zone, lon, lat):
    found = around_zone(zone)
    assert contains(found, lon, lat)
    assert found[2] - found[0] < 3


@pytest.mark.parametrize("zone", ["UTC", "", "Etc/GMT+8", "Mars/Olympus"])
def test_a_zone_of_no_place_lies_nowhere(zone):
    assert around_zone(zone) is None
