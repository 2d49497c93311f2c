"""Circles and rectangles: what made their polygons, kept as words beside them."""

import re
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gis.errors import UserError
from gis.geo.crs import ellipsoid, transform
from gis.geo.features import WGS84

STEPS = 72  # corners of a circle: its area is then 99.87 % of the true one
LONGEST_M = 5_000_000.0
_NUMBER = r"(-?\d{1,9}(?:\.\d{1,9})?)"
_CIRCLE = re.compile(rf"circle {_NUMBER} {_NUMBER} {_NUMBER}")
_RECTANGLE = re.compile(rf"rectangle EPSG:(\d{{4,6}}) {_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER}")
_SAME = 3e-7  # degrees: what rounding to 7 decimals moves


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within `radius_m` metres of a WGS84 place, measured over the ellipsoid."""

    lon: float
    lat: float
    radius_m: float

    def polygon(self) -> Polygon:
        """In WGS84; longitudes stay in one piece across the date line."""
        bearing = -np.arange(STEPS) * 360.0 / STEPS
        start = np.full(STEPS, self.lon), np.full(STEPS, self.lat)
        lon, lat, _back = ellipsoid().fwd(*start, bearing, np.full(STEPS, self.radius_m))
        lon = self.lon + (np.asarray(lon) - self.lon + 180) % 360 - 180
        return Polygon(np.column_stack([lon, np.asarray(lat)]))

    def __str__(self) -> str:
        return f"circle {self.lon:.7f} {self.lat:.7f} {self.radius_m:.2f}"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Upright on the plane `crs` (EPSG), between two of its corners in that plane's units."""

    crs: int
    west: float
    south: float
    east: float
    north: float

    def polygon(self) -> Polygon:
        """Its four corners in WGS84."""
        x, y = (self.west, self.east, self.east, self.west), (self.south, self.south, self.north, self.north)
        return Polygon(transform(np.column_stack([x, y]), self.crs, WGS84))

    def __str__(self) -> str:
        places = 7 if self.crs == WGS84 else 3
        sides = (self.west, self.south, self.east, self.north)
        return " ".join([f"rectangle EPSG:{self.crs}", *(f"{side:.{places}f}" for side in sides)])


Figure = Circle | Rectangle


def figure_of(made_of: str, place: BaseGeometry) -> Figure | None:
    """The figure that these words say, if `place` is its polygon; None otherwise, whatever they say."""
    found = _read(made_of)
    if found is None:
        return None
    try:
        polygon = found.polygon()
    except UserError:  # a plane that is none
        return None
    same = np.isfinite(shapely.get_coordinates(polygon)).all() and polygon.equals_exact(place, _SAME)
    return found if same else None


def _read(made_of: str) -> Figure | None:
    if match := _CIRCLE.fullmatch(made_of):
        lon, lat, radius_m = (float(number) for number in match.groups())
        sound = abs(lat) <= 90 and 0 < radius_m <= LONGEST_M
        return Circle(lon, lat, radius_m) if sound else None
    if match := _RECTANGLE.fullmatch(made_of):
        crs, *sides = match.groups()
        return Rectangle(int(crs), *(float(side) for side in sides))
    return None
