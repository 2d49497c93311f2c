"""Where true north is on the map."""

import numpy as np

from gis.geo.crs import transform
from gis.geo.features import WGS84

AWAY_DEG = 1e-3


def convergence_deg(x: float, y: float, crs: int) -> float:
    """How far grid north (up) lies east of true north at a place of the map, in degrees: the convergence of
    the meridian. True north points that far to the left of up. 0 where it cannot be told."""
    lon, lat = transform([[x, y]], crs, WGS84)[0].tolist()
    if not np.isfinite([lon, lat]).all():
        return 0.0
    way = 1 if lat < 90 - 2 * AWAY_DEG else -1
    (ax, ay), (bx, by) = transform([[lon, lat], [lon, lat + way * AWAY_DEG]], WGS84, crs).tolist()
    if not np.isfinite([ax, ay, bx, by]).all():
        return 0.0
    return -float(np.degrees(np.arctan2((bx - ax) * way, (by - ay) * way)))
