"""From a layer's shapes to ragged arrays in the CRS of the map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gis.errors import UserError
from gis.exchange.vector.table import Table
from gis.geo.features import WGS84, Features, Shape
from gis.geo.ragged import offsets
from gis.geo.wkb import Vertices
from gis.paint.measuring import measured
from gis.texts import _, ngettext

# Slack for rounding: a layer of the whole world may reach 180.0000001.
LON_LIMIT, LAT_LIMIT = 180.001, 90.001
VALIDITY_SAMPLE = 20_000
Change = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def understood(crs: str | int | None) -> CRS | None:
    """The CRS; None when there is none, PROJ does not know it, or it is not tied to the earth."""
    try:
        found = CRS.from_user_input(crs) if crs else None
    except CRSError:
        return None
    return found if found is not None and (found.is_geographic or found.is_projected) else None


def source_crs(table: Table, assumed: int | None, problems: list[str]) -> CRS | None:
    """The CRS of the layer: its own, the one somebody named, or degrees if the numbers allow that.

    A file that speaks of degrees while none of its coordinates can be any is not believed. None when
    nobody can know. What was assumed is said in `problems`.
    """
    found = understood(table.crs)
    if found is not None and not (found.is_geographic and _never_degrees(table.geometry)):
        return found
    if assumed is not None:
        return _named(assumed)
    if found is not None:
        problems.append(
            _(
                "The file says longitude and latitude, but its coordinates are none. Choose the coordinate "
                "reference system to show it."
            )
        )
        return None
    if looks_like_degrees(table.geometry):
        problems.append(
            _("The file does not say its coordinate reference system; longitude and latitude were assumed.")
        )
        return CRS.from_epsg(WGS84)
    problems.append(
        _(
            "The file does not say its coordinate reference system, and its coordinates are not longitude "
            "and latitude. Choose the system to show it."
        )
    )
    return None


def _named(code: int) -> CRS:
    """The CRS that a person chose. Raises UserError when there is none of that number on this earth."""
    if found := understood(code):
        return found
    raise UserError(
        _("EPSG:{code} is no coordinate reference system for a map.").format(code=code),
        hint=_("Choose another one. The file was not changed."),
    )


def extent(geometry: NDArray[Any]) -> tuple[float, ...]:
    """West, south, east, north; NaN when there is nothing."""
    return tuple(shapely.total_bounds(geometry).tolist()) if len(geometry) else (np.nan,) * 4


def looks_like_degrees(geometry: NDArray[Any]) -> bool:
    """True when no coordinate could be anything but a longitude or latitude."""
    west, south, east, north = extent(geometry)
    inside = west >= -LON_LIMIT and east <= LON_LIMIT and south >= -LAT_LIMIT and north <= LAT_LIMIT
    return inside or bool(np.isnan(west))


def outside_degrees(geometry: NDArray[Any]) -> int:
    """How many shapes have a coordinate that can be no longitude or latitude."""
    limit = np.array([LON_LIMIT, LAT_LIMIT, LON_LIMIT, LAT_LIMIT])
    return int((np.abs(np.nan_to_num(shapely.bounds(geometry))) > limit).any(axis=1).sum())


def _never_degrees(geometry: NDArray[Any]) -> bool:
    there = int(np.isfinite(shapely.bounds(geometry)).all(axis=1).sum())
    return 0 < there == outside_degrees(geometry)


def change(source: CRS, target: int) -> Change | None:
    """From coordinates (n, 2) of `source` to those of `target` (EPSG), not finite where there is no such
    place; None when they are the same."""
    there = CRS.from_epsg(target)
    if source.equals(there, ignore_axis_order=True):
        return None

    def changed(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        try:
            x, y = Transformer.from_crs(source, there, always_xy=True).transform(xy[:, 0], xy[:, 1])
        except ProjError:
            return np.full_like(xy, np.inf)
        return np.column_stack([x, y])

    return changed


def box_in(box: Sequence[float], source: CRS, target: CRS) -> tuple[float, ...] | None:
    """The extent of a box of `source` in `target`; None when it has none there."""
    try:
        change = Transformer.from_crs(source, target, always_xy=True)
        bounds = change.transform_bounds(*box, densify_pts=21)
    except ProjError:
        return None
    return bounds if np.isfinite(bounds).all() else None


def features(table: Table, to_map: Change | None, crs: int, problems: list[str]) -> list[Features]:
    """One `Features` per shape met, in the CRS `crs` (EPSG) of the map. What has no shape goes with the most
    frequent one.

    Collections are taken apart; a feature with points and lines is in both, under the same id. One with a
    point that has no place on the map has no shape there, and is told.
    """
    pieces, owner = _pieces(table.geometry)
    dimension = shapely.get_dimensions(pieces)
    met = [each for each in range(3) if (dimension == each).any()]
    main = max(met, key=lambda each: int((dimension == each).sum())) if met else declared(table.kind).value
    placed: list[tuple[Vertices, NDArray[np.int64]]] = []
    lost = np.zeros(len(table.ids), np.bool_)
    for each in met or [main]:
        mine = dimension == each
        member = np.full(len(table.ids), each == main)
        if each == main:
            member[owner] = False  # stays true for what has no shape
        member[owner[mine]] = True
        rows = np.flatnonzero(member)
        found = on_map(_ragged(Shape(each), pieces[mine], owner[mine], rows), to_map)
        lost[rows[astray(found)]] = True
        placed.append((found, rows))
    problems += no_place(int(lost.sum()))
    return [
        as_features(without(found, lost[rows]), table.ids[rows], _rows_of(table, rows), crs)
        for found, rows in placed
    ]


def on_map(found: Vertices, to_map: Change | None) -> Vertices:
    """The same shapes on the map, each ring the way round that `Features` wants it."""
    xy = found.xy if to_map is None else to_map(found.xy)
    if found.shape is Shape.POLYGON:
        xy = _turned(xy, found.rings, found.outer)
    return replace(found, xy=xy)


def astray(found: Vertices) -> NDArray[np.bool_]:
    """(n,) True for features with a point that is nowhere."""
    return _with_any(found, ~np.isfinite(found.xy))


def beyond_degrees(found: Vertices) -> NDArray[np.bool_]:
    """(n,) True for features with a coordinate that can be no longitude or latitude."""
    return _with_any(found, np.abs(found.xy) > (LON_LIMIT, LAT_LIMIT))


def _with_any(found: Vertices, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) True for features of which some number is True in `which` (m, 2)."""
    if not which.any():
        return np.zeros(len(found.parts) - 1, np.bool_)
    ends = offsets(which[:, 0] | which[:, 1])[found.rings[found.parts]]
    return ends[1:] > ends[:-1]


def without(found: Vertices, lost: NDArray[np.bool_]) -> Vertices:
    """The same features, those that are True in `lost` (n,) with no shape."""
    if not lost.any():
        return found
    rings = ~np.repeat(lost, np.diff(found.parts))
    lengths = np.diff(found.rings)
    return Vertices(
        found.shape,
        found.xy[np.repeat(rings, lengths)],
        offsets(lengths[rings]),
        offsets(np.where(lost, 0, np.diff(found.parts))),
        found.outer[rings],
    )


def no_place(count: int) -> list[str]:
    """What to say of shapes that cannot be brought onto the map."""
    if not count:
        return []
    return [
        ngettext(
            "{count} shape has points that have no place on this map and is not drawn.",
            "{count} shapes have points that have no place on this map and are not drawn.",
            count,
        ).format(count=count)
    ]


def declared(kind: str) -> Shape:
    """The shape that OGC's name of a geometry type speaks of; a point where it says nothing."""
    if "Polygon" in kind or "Surface" in kind:
        return Shape.POLYGON
    return Shape.LINE if "Line" in kind or "Curve" in kind else Shape.POINT


def _pieces(geometry: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Single points, lines and polygons that are not empty, and which feature each belongs to."""
    if (shapely.get_type_id(geometry) < 4).all():
        full = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
        return geometry[full], np.flatnonzero(full)
    pieces, owner = shapely.get_parts(geometry, return_index=True)
    while (shapely.get_type_id(pieces) >= 4).any():
        pieces, inner = shapely.get_parts(pieces, return_index=True)
        owner = owner[inner]
    full = ~shapely.is_empty(pieces)
    return pieces[full], owner[full].astype(np.int64)


def _ragged(
    shape: Shape, pieces: NDArray[Any], owner: NDArray[np.int64], members: NDArray[np.int64]
) -> Vertices:
    """`pieces` of one shape, in the order of their owners, as coordinates and offsets of the `members`."""
    xy, rings, outer = np.zeros((0, 2)), np.arange(len(pieces) + 1), np.zeros(len(pieces), np.bool_)
    if len(pieces):
        _kind, xy, ends = shapely.to_ragged_array(pieces, include_z=False)
        rings, of_piece = (np.asarray(each, np.int64) for each in (*ends, rings, rings)[:2])
        if shape is Shape.POLYGON:
            owner = np.repeat(owner, np.diff(of_piece))
            outer = np.zeros(len(rings) - 1, np.bool_)
            outer[of_piece[:-1]] = True
    place = np.searchsorted(members, owner)
    return Vertices(shape, xy, rings, offsets(np.bincount(place, minlength=len(members))), outer)


def _rows_of(table: Table, rows: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    whole = len(rows) == len(table.ids)
    return {name: each if whole else each[rows] for name, each in table.columns.items()}


def as_features(
    found: Vertices, ids: NDArray[np.int64], columns: Mapping[str, NDArray[Any]], crs: int
) -> Features:
    """What was brought onto the map, with what is known of it."""
    return Features(found.shape, found.xy, found.rings, found.parts, ids, columns, crs)


def _turned(
    xy: NDArray[np.float64], rings: NDArray[np.int64], outer: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The same closed rings, the `outer` ones anticlockwise, all others clockwise."""
    if not len(outer):
        return xy
    starts, lasts = rings[:-1], rings[1:] - 1
    wrong = (measured(xy, rings)[1] > 0) != outer
    if not wrong.any():
        return xy
    steps = np.repeat(np.where(wrong, -1, 1), np.diff(rings))
    first, last = np.where(wrong, lasts, starts), np.where(wrong, starts, lasts)
    steps[0] = first[0]
    steps[starts[1:]] = first[1:] - last[:-1]
    vertices = np.ascontiguousarray(xy).view(np.complex128)
    return vertices[np.cumsum(steps), 0].view(np.float64).reshape(-1, 2)


def faulty(geometry: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Which shapes cross or touch themselves, and how many were looked at (at most `VALIDITY_SAMPLE`)."""
    areal = np.flatnonzero(shapely.get_dimensions(geometry) == 2)[:VALIDITY_SAMPLE]
    return areal[~shapely.is_valid(geometry[areal])], len(areal)
