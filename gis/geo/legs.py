"""Distance and bearing as people say them: "120 m 045°", "1.2 km 45"."""

import re

import numpy as np

from gis.geo.coords.fold import fold, number
from gis.geo.crs import ellipsoid

FARTHEST_M = 1_000_000.0
_LENGTH = r"(?P<length>\d{1,7}(?:[.,]\d{1,4})?) ?(?P<unit>KM|M)"
_LEG = re.compile(rf"{_LENGTH}[ ,;/@]+(?P<bearing>\d{{1,3}}(?:[.,]\d{{1,3}})?) ?(?:°|DEG|T)?")
_RADIUS = re.compile(r"(?P<length>\d{1,7}(?:[.,]\d{1,4})?) ?(?P<unit>KM|M)?")
_UNIT_M = {"KM": 1000.0, "M": 1.0, None: 1.0}


def leg(text: str) -> tuple[float, float] | None:
    """Metres and degrees clockwise from true north; None for what says no such thing. The unit must be said:
    two bare numbers are a coordinate."""
    match = _LEG.fullmatch(fold(text[:60]))
    if match is None or number(match["bearing"]) > 360:
        return None
    metres = _metres(match)
    return None if metres is None else (metres, number(match["bearing"]) % 360)


def distance(text: str) -> float | None:
    """Metres; a bare number is metres, too."""
    match = _RADIUS.fullmatch(fold(text[:60]))
    return _metres(match) if match else None


def onward(lon: float, lat: float, metres: float, bearing: float) -> tuple[float, float]:
    """The WGS84 place so far from another over the ellipsoid, `bearing` degrees clockwise from north."""
    there = ellipsoid().fwd(lon, lat, bearing, metres)
    return float(there[0]), float(there[1])


def _metres(match: re.Match[str]) -> float | None:
    metres = number(match["length"]) * _UNIT_M[match["unit"]]
    return float(metres) if np.isfinite(metres) and 0 < metres <= FARTHEST_M else None
