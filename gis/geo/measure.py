"""Metres on the ellipsoid: how far, how long, how large, what is near."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from gis.geo.crs import ellipsoid, transform
from gis.geo.features import Features

MEAN_RADIUS_M = 6_371_008.8
Floats = NDArray[np.float64]


def distance_m(from_xy: ArrayLike, to_xy: ArrayLike) -> Floats:
    """Geodesic metres between lon/lat points, pairwise; one point stands for as many as the other has."""
    a, b = np.broadcast_arrays(_points(from_xy), _points(to_xy))
    metres = ellipsoid().inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]
    return np.asarray(metres, dtype=np.float64)


def length_m(geometry: BaseGeometry) -> float:
    """Geodesic length of a WGS84 line, or perimeter of a polygon, in metres."""
    return float(ellipsoid().geometry_length(geometry))  # pyright: ignore[reportUnknownMemberType]


def area_m2(geometry: BaseGeometry) -> float:
    """Geodesic area of a WGS84 polygon or multi-polygon in square metres, whichever way its rings turn."""
    turned = shapely.orient_polygons(geometry)
    measured = ellipsoid().geometry_area_perimeter(turned)  # pyright: ignore[reportUnknownMemberType]
    return abs(float(measured[0]))


def lengths_m(features: Features) -> Floats:
    """Geodesic length (n,) of each line of WGS84 features; the perimeter with holes for polygons."""
    if len(features.xy) < 2:
        return np.zeros(len(features))
    steps = distance_m(features.xy[:-1], features.xy[1:])
    steps[features.rings[1:-1] - 1] = 0  # the jump from one ring to the next
    along = np.concatenate([[0.0], np.cumsum(np.append(steps, 0.0))])
    ends = features.rings[features.parts]
    return along[ends[1:]] - along[ends[:-1]]


def areas_m2(features: Features) -> Floats:
    """Geodesic area (n,) of each WGS84 polygon feature, its holes taken off."""
    rings = [features.xy[a:b] for a, b in zip(features.rings[:-1], features.rings[1:], strict=True)]
    signed = [ellipsoid().polygon_area_perimeter(ring[:, 0], ring[:, 1])[0] for ring in rings]
    total = np.concatenate([[0.0], np.cumsum(signed)])[features.parts]
    return np.abs(np.diff(total))


def buffer_m(geometry: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Everything within `radius_m` of a WGS84 geometry, as WGS84.

    Worked out on a plane that keeps distances from the middle of the geometry: right to one part in a
    thousand for anything smaller than 500 km. Longitudes stay in one piece across the date line.
    """
    middle = _middle(shapely.get_coordinates(geometry))
    plane = shapely.transform(geometry, lambda xy: _on_plane(xy, middle))
    return shapely.transform(plane.buffer(radius_m), lambda xy: _off_plane(xy, middle))


def distance_to_m(geometry: BaseGeometry, lon: float, lat: float) -> float:
    """Metres from a place to the nearest point of a WGS84 geometry; 0 inside it, inf from an empty one."""
    if geometry.is_empty:
        return float("inf")
    plane = shapely.transform(geometry, lambda xy: _on_plane(xy, (lon, lat)))
    return float(plane.distance(shapely.Point(0, 0)))


def nearest(xy: ArrayLike, lon: float, lat: float) -> tuple[int, float] | None:
    """The index of the lon/lat point nearest to a place and how many metres away; None of no points."""
    points = _points(xy)
    if not len(points):
        return None
    chords = _chords_m(points, lon, lat)
    close = np.flatnonzero(chords <= chords.min() * 1.01 + 1)  # the sphere is within 1 % of the ellipsoid
    metres = distance_m(points[close], (lon, lat))
    best = int(metres.argmin())
    return int(close[best]), float(metres[best])


def within(xy: ArrayLike, lon: float, lat: float, radius_m: float) -> tuple[NDArray[np.intp], Floats]:
    """The indices of the lon/lat points within `radius_m` of a place, nearest first, and their metres."""
    points = _points(xy)
    close = np.flatnonzero(_chords_m(points, lon, lat) <= radius_m * 1.01 + 1)
    if not len(close):
        return close, np.empty(0)
    metres = distance_m(points[close], (lon, lat))
    order = np.argsort(metres, kind="stable")
    order = order[metres[order] <= radius_m]
    return close[order], metres[order]


def _points(xy: ArrayLike) -> Floats:
    return np.asarray(xy, dtype=np.float64).reshape(-1, 2)


def _on_sphere(points: Floats) -> Floats:
    lon, lat = np.radians(points).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _chords_m(points: Floats, lon: float, lat: float) -> Floats:
    apart = _on_sphere(points) - _on_sphere(np.array([[lon, lat]]))
    return MEAN_RADIUS_M * np.sqrt((apart**2).sum(axis=1))


def _middle(points: Floats) -> tuple[float, float]:
    x, y, z = _on_sphere(points).mean(axis=0) if len(points) else (1.0, 0.0, 0.0)
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def _plane(middle: tuple[float, float]) -> str:
    return f"+proj=aeqd +lon_0={middle[0]:.9f} +lat_0={middle[1]:.9f} +datum=WGS84 +units=m"


def _on_plane(xy: Floats, middle: tuple[float, float]) -> Floats:
    return transform(xy, 4326, _plane(middle))


def _off_plane(xy: Floats, middle: tuple[float, float]) -> Floats:
    back = transform(xy, _plane(middle), 4326)
    back[:, 0] = middle[0] + (back[:, 0] - middle[0] + 180) % 360 - 180
    return back
