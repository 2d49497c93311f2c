"""The earth in numbers: zones and transformations."""

import subprocess
import sys

import numpy as np
import pytest

from gis.errors import UserError
from gis.geo.crs import WEB_MERCATOR, transform, utm_for


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (115.21, -8.65, 32750),  # Denpasar
        (106.83, -6.17, 32748),  # Jakarta
        (85.32, 27.70, 32645),  # Kathmandu
        (179.99, -17.8, 32760),  # Fiji, west of the date line
        (-179.99, -17.8, 32701),  # and east of it
        (180.0, 0.0, 32601),
        (5.32, 60.39, 32632),  # Bergen belongs to zone 32
        (15.6, 78.2, 32633),  # Longyearbyen
        (8.9, 78.9, 32631),
        (9.1, 78.9, 32633),
        (33.5, 75.0, 32637),
        (0.0, 88.0, 32661),
        (0.0, -88.0, 32761),
    ],
)
def test_every_place_has_one_local_grid(lon, lat, epsg):
    assert utm_for(lon, lat) == epsg


def test_a_place_goes_to_its_grid_and_comes_back():
    places = np.array([[115.21, -8.65], [115.25, -8.70]])
    grid = transform(places, 4326, utm_for(115.21, -8.65))
    assert grid[0] == pytest.approx([303037.70, 9043379.64], abs=0.01)
    assert transform(grid, 32750, 4326) == pytest.approx(places, abs=1e-9)


def test_a_lon_lat_is_read_with_longitude_first():
    assert transform([[180.0, 0.0]], 4326, WEB_MERCATOR)[0] == pytest.approx([20037508.34, 0], abs=0.01)


def test_an_unknown_system_is_named():
    with pytest.raises(UserError, match="999999"):
        transform([[1, 2]], 999999, 4326)


def test_no_point_is_no_trouble():
    assert transform(np.empty((0, 2)), 4326, 3857).shape == (0, 2)


def test_pyproj_waits_for_the_first_coordinate():
    code = "import sys, gis.geo.crs; sys.exit('pyproj' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
