"""Lines of a grid in the plane of the map: followed point by point, ended where their zone ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.geo.crs import transform
from gis.geo.features import WGS84
from layers.grid.spacing import METRES, SECONDS, spacing_of
from layers.grid.zones import NORTH_END, SOUTH_END, Strip, band_edges, seen_degrees, strips, unwrapped
from layers.view import Box, MapView

STEPS = 32  # pieces of a line across the picture
MOST = 400  # lines of one direction: more no paper shows
Floats = NDArray[np.float64]


class GridKind(StrEnum):
    """Which grid lies over the map."""

    NONE = "none"
    UTM = "utm"
    MGRS = "mgrs"
    DEGREES = "degrees"


class Axis(IntEnum):
    """What is the same all along a line."""

    EAST = 0  # easting or longitude
    NORTH = 1  # northing or latitude
    BORDER = 2  # the edge of a zone


@dataclass(frozen=True, slots=True, eq=False)
class GridLine:
    """A line (n, 2) in map units. `value` is in metres, or seconds of arc without a `strip`.

    A `heavy` one is every tenth, or the edge of a zone.
    """

    xy: Floats
    axis: Axis
    value: float
    strip: Strip | None = None
    heavy: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A grid over one view. `spacing` is in metres or seconds of arc; 0 where only zones are shown.

    `beyond` is True where a part of the view lies beyond the ends of the grid near the poles.
    """

    kind: GridKind
    view: MapView
    crs: int
    spacing: float
    lines: tuple[GridLine, ...] = ()
    strips: tuple[Strip, ...] = ()
    beyond: bool = False


def grid(kind: GridKind, view: MapView, crs: int, metres_per_unit: float) -> Grid:
    """The lines of a grid that are seen on `view` of the plane `crs` (EPSG)."""
    seen = seen_degrees(view.extent, crs)
    metres_per_pixel = view.units_per_pixel * metres_per_unit
    if seen is None or kind is GridKind.NONE:
        return Grid(kind, view, crs, 0.0)
    if kind is GridKind.DEGREES:
        step = spacing_of(metres_per_pixel / 30.9, SECONDS)
        return Grid(kind, view, crs, step, tuple(_degrees(seen, step, view, crs)))
    there = strips(seen)
    step = spacing_of(metres_per_pixel, METRES)
    lines = list(_borders(there, seen, view, crs, banded=kind is GridKind.MGRS))
    if step:
        lines += [line for strip in there for line in _metres(strip, seen, step, view, crs)]
    return Grid(kind, view, crs, step, tuple(lines), there, seen[1] < SOUTH_END or seen[3] > NORTH_END)


def _metres(strip: Strip, seen: Box, step: float, view: MapView, crs: int) -> Iterable[GridLine]:
    """The lines of equal easting and northing of one strip, as far as they are seen."""
    (west, south, east, north), n = _common(strip.box, seen), np.linspace(0, 1, STEPS + 1)
    if west >= east or south >= north:
        return
    edges = [np.column_stack((west + (east - west) * n, np.full_like(n, lat))) for lat in (south, north)]
    edges += [np.column_stack((np.full_like(n, lon), south + (north - south) * n)) for lon in (west, east)]
    around = transform(np.vstack(edges), WGS84, strip.crs)
    low, high = around.min(axis=0), around.max(axis=0)
    for axis in (Axis.EAST, Axis.NORTH):
        values = _multiples(float(low[axis]), float(high[axis]), step)
        along = low[1 - axis] + (high[1 - axis] - low[1 - axis]) * n
        net = np.empty((len(values), len(n), 2))
        net[..., axis], net[..., 1 - axis] = values[:, None], along
        for value, run in _clipped(net, values, strip, view, crs):
            yield GridLine(run, axis, value, strip, heavy=round(value / step) % 10 == 0)


def _clipped(
    net: Floats, values: Floats, strip: Strip, view: MapView, crs: int
) -> Iterable[tuple[float, Floats]]:
    """What of each line (l, k, 2) of a zone's grid lies in its strip, in map units."""
    flat = net.reshape(-1, 2)
    here = transform(flat, strip.crs, crs).reshape(net.shape)
    places = transform(flat, strip.crs, WGS84)
    places[:, 0] = unwrapped(places[:, 0], (strip.west + strip.east) / 2)
    begin, end = _inside(places.reshape(net.shape), strip.box)
    for number, value in enumerate(values.tolist()):
        for run in _runs(here[number], begin[number], end[number], view):
            yield value, run


def _inside(places: Floats, box: Box) -> tuple[Floats, Floats]:
    """From where to where (0 to 1) each piece of lines (l, k, 2) lies in a box; begin > end: not at all."""
    begin, end = np.zeros((*places.shape[:1], STEPS)), np.ones((*places.shape[:1], STEPS))
    for axis, low, high in ((0, box[0], box[2]), (1, box[1], box[3])):
        start, step = places[:, :-1, axis], np.diff(places[..., axis], axis=1)
        flat = np.abs(step) < 1e-12
        step = np.where(flat, 1.0, step)
        one, other = (low - start) / step, (high - start) / step
        outside = flat & ((start < low) | (start > high))
        begin = np.where(flat, begin, np.maximum(begin, np.minimum(one, other)))
        end = np.where(outside, -1.0, np.where(flat, end, np.minimum(end, np.maximum(one, other))))
    return begin, end


def _runs(here: Floats, begin: Floats, end: Floats, view: MapView) -> Iterable[Floats]:
    """The unbroken stretches of one line (k, 2): inside, on the map, and not torn over its edge."""
    steps = np.diff(here, axis=0)
    whole = np.hypot(view.width, view.height) * view.units_per_pixel
    sound = (end > begin) & np.isfinite(here[:-1]).all(axis=1) & np.isfinite(here[1:]).all(axis=1)
    sound[sound] = np.hypot(*steps[sound].T) < whole
    kept = np.flatnonzero(sound)
    for run in np.split(kept, np.flatnonzero(np.diff(kept) > 1) + 1):
        if len(run):
            first, last = int(run[0]), int(run[-1])
            yield np.vstack(
                (
                    here[first] + steps[first] * begin[first],
                    here[first + 1 : last + 1],
                    here[last] + steps[last] * end[last],
                )
            )


def _degrees(seen: Box, step: float, view: MapView, crs: int) -> Iterable[GridLine]:
    """Meridians and parallels."""
    west, south, east, north = seen[0], max(seen[1], -90.0), min(seen[2], seen[0] + 360), min(seen[3], 90.0)
    n = np.linspace(0, 1, STEPS + 1)
    low, high = (west, south), (east, north)
    for axis in (Axis.EAST, Axis.NORTH):
        values = _multiples(low[axis] * 3600, high[axis] * 3600, step)
        net = np.empty((len(values), len(n), 2))
        net[..., axis] = values[:, None] / 3600
        net[..., 1 - axis] = low[1 - axis] + (high[1 - axis] - low[1 - axis]) * n
        here = transform(net.reshape(-1, 2), WGS84, crs).reshape(net.shape)
        for number, value in enumerate(values.tolist()):
            for run in _runs(here[number], np.zeros(STEPS), np.ones(STEPS), view):
                yield GridLine(run, axis, value, heavy=_is_round(value, step))


def _is_round(seconds: float, step: float) -> bool:
    """Whole degrees between minutes, whole minutes between seconds, tens between degrees."""
    unit = 60 if step < 60 else 3600 if step < 3600 else 36_000
    return round(seconds) % unit == 0


def _borders(
    there: Iterable[Strip], seen: Box, view: MapView, crs: int, *, banded: bool
) -> Iterable[GridLine]:
    """The edges of zones, each once, and of bands where they have names."""
    edges: set[tuple[float, float, float, float]] = set()
    for strip in there:
        edges |= {(lon, strip.south, lon, strip.north) for lon in (strip.west, strip.east)}
        if banded:
            edges |= {(strip.west, lat, strip.east, lat) for lat in band_edges(strip)}
    n = np.linspace(0, 1, STEPS + 1)
    for west, south, east, north in sorted(edges):
        west, south, east, north = _common((west, south, east, north), seen)
        if west > east or south > north:
            continue
        lonlat = np.column_stack((west + (east - west) * n, south + (north - south) * n))
        for run in _runs(transform(lonlat, WGS84, crs), np.zeros(STEPS), np.ones(STEPS), view):
            yield GridLine(run, Axis.BORDER, west, heavy=True)


def _common(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _multiples(low: float, high: float, step: float) -> Floats:
    first, last = np.ceil(low / step), np.floor(high / step)
    return np.arange(first, min(last, first + MOST) + 1) * step
