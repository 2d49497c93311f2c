"""The zones of UTM as boxes of longitude and latitude, Norway and Svalbard included (DMA TM 8358.1)."""

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from gis.geo.coords.mgrs import BANDS
from gis.geo.crs import transform
from gis.geo.features import WGS84
from layers.view import Box

SOUTH_END, NORTH_END = -80.0, 84.0
KNOTS = 17
_WIDENED = {  # (band, zone): west, east; None where others take its place
    ("V", 31): (0.0, 3.0),
    ("V", 32): (3.0, 12.0),
    ("X", 31): (0.0, 9.0),
    ("X", 32): None,
    ("X", 33): (9.0, 21.0),
    ("X", 34): None,
    ("X", 35): (21.0, 33.0),
    ("X", 36): None,
    ("X", 37): (33.0, 42.0),
}


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a zone on one side of the equator, in degrees; `bands` are its letters from the south."""

    zone: int
    bands: str
    west: float
    south: float
    east: float
    north: float

    @property
    def crs(self) -> int:
        """The EPSG code of its grid."""
        return (32600 if self.bands[0] >= "N" else 32700) + self.zone

    @property
    def box(self) -> Box:
        return self.west, self.south, self.east, self.north


def strips(seen: Box) -> tuple[Strip, ...]:
    """The strips that are seen in a box of degrees, whose longitudes may go beyond 180."""
    west, south, east, north = seen
    found: list[Strip] = []
    first, last = int((west + 180) // 6), int((east + 180) // 6)
    for number in range(first - 1, last + 2):
        turn, zone = number // 60 * 360.0, number % 60 + 1
        cells = [(_cell(zone, band), band) for band in BANDS if _south(band) < north and _north(band) > south]
        for (bounds, _half), run in groupby(cells, key=lambda each: (each[0], each[1] >= "N")):
            letters = "".join(band for _bounds, band in run)
            if bounds and bounds[0] + turn < east and bounds[1] + turn > west:
                low, high = _south(letters[0]), _north(letters[-1])
                found.append(Strip(zone, letters, bounds[0] + turn, low, bounds[1] + turn, high))
    return tuple(found)


def band_edges(strip: Strip) -> tuple[float, ...]:
    """The parallels between the bands of a strip, its ends included."""
    return (*(_south(band) for band in strip.bands), strip.north)


def seen_degrees(box: Box, crs: int) -> Box | None:
    """What a box of the map (EPSG `crs`) shows, in degrees: longitudes run on from the middle of the box,
    beyond 180 if need be. None where it shows no place on earth."""
    west, south, east, north = box
    x, y = np.meshgrid(np.linspace(west, east, KNOTS), np.linspace(south, north, KNOTS))
    places = transform(np.column_stack((x.ravel(), y.ravel())), crs, WGS84)
    sound = np.flatnonzero(np.isfinite(places).all(axis=1))
    if not len(sound):
        return None
    middle = sound[np.abs(sound - len(places) // 2).argmin()]
    lon, lat = unwrapped(places[sound, 0], float(places[middle, 0])), places[sound, 1]
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def unwrapped(lon: NDArray[np.float64], near: float) -> NDArray[np.float64]:
    """The same longitudes, none farther than half the world from `near`."""
    return near + (lon - near + 180) % 360 - 180


def _cell(zone: int, band: str) -> tuple[float, float] | None:
    usual = (zone * 6.0 - 186, zone * 6.0 - 180)
    return _WIDENED.get((band, zone), usual)


def _south(band: str) -> float:
    return BANDS.index(band) * 8.0 - 80


def _north(band: str) -> float:
    return NORTH_END if band == "X" else _south(band) + 8
