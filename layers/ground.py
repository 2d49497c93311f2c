"""The map's plane and the ground under it: places, distances and scale."""

import numpy as np

from gis.geo.crs import ellipsoid, transform
from gis.geo.features import WGS84


def lonlat(x: float, y: float, crs: int) -> tuple[float, float]:
    """One place of the map (EPSG `crs`) in WGS84 degrees; inf when it is no place on earth."""
    lon, lat = transform([[x, y]], crs, WGS84)[0]
    return float(lon), float(lat)


def on_map(lon: float, lat: float, crs: int) -> tuple[float, float]:
    """One WGS84 place in the map's units; inf where the map's CRS ends."""
    x, y = transform([[lon, lat]], WGS84, crs)[0]
    return float(x), float(y)


def metres_per_unit(x: float, y: float, crs: int) -> float:
    """How many metres on the ground one map unit is at (x, y), going east; 1.0 where that is unknown."""
    if 32600 < crs < 32661 or 32700 < crs < 32761:  # UTM is true to 0.1 % in its zone
        return 1.0
    step = 1e-3 if crs == WGS84 else 100.0
    (lon0, lat0), (lon1, lat1) = transform([[x, y], [x + step, y]], crs, WGS84)
    if not np.isfinite([lon0, lat0, lon1, lat1]).all():
        return 1.0
    metres: float = ellipsoid().inv(lon0, lat0, lon1, lat1)[2]
    return metres / step or 1.0
