"""From a layer's shapes to ragged arrays in the CRS of the map."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gis.errors import UserError
from gis.exchange.vector.table import Table
from gis.geo.features import WGS84, Features, Shape
from gis.texts import _, ngettext

# Slack for rounding: a layer of the whole world may reach 180.0000001.
LON_LIMIT, LAT_LIMIT = 180.001, 90.001
VALIDITY_SAMPLE = 20_000
_SHAPES = (Shape.POINT, Shape.LINE, Shape.POLYGON)


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


def projected(geometry: NDArray[Any], source: CRS, target: int, problems: list[str]) -> NDArray[Any]:
    """The shapes in `target` (EPSG). One with a point that has no place there becomes None, and is told."""
    there = CRS.from_epsg(target)
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    if not source.equals(there, ignore_axis_order=True):
        xy = _transformed(xy, source, there)
        geometry = shapely.set_coordinates(geometry.copy(), xy)
    if not (finite := np.isfinite(xy).all(axis=1)).all():
        lost = np.unique(owner[~finite])
        geometry = geometry.copy()
        geometry[lost] = None
        problems.append(
            ngettext(
                "{count} shape has points that have no place on this map and is not drawn.",
                "{count} shapes have points that have no place on this map and are not drawn.",
                len(lost),
            ).format(count=len(lost))
        )
    return geometry


def _transformed(xy: NDArray[np.float64], source: CRS, target: CRS) -> NDArray[np.float64]:
    try:
        change = Transformer.from_crs(source, target, always_xy=True)
        x, y = change.transform(xy[:, 0], xy[:, 1])
    except ProjError:
        return np.full_like(xy, np.inf)
    return np.column_stack([x, y])


def box_in(box: Sequence[float], source: CRS, target: CRS) -> tuple[float, ...] | None:
    """The extent of a box of `source` in `target`; None when it has none there."""
    try:
        change = Transformer.from_crs(source, target, always_xy=True)
        bounds = change.transform_bounds(*box, densify_pts=21)
    except ProjError:
        return None
    return bounds if np.isfinite(bounds).all() else None


def features(table: Table, geometry: NDArray[Any], crs: int) -> list[Features]:
    """One `Features` per shape met. What has no shape goes with the most frequent one.

    Collections are taken apart; a feature with points and lines is in both, under the same id.
    """
    pieces, owner = _pieces(geometry)
    dimension = shapely.get_dimensions(pieces)
    met = [each for each in range(3) if (dimension == each).any()]
    main = max(met, key=lambda each: int((dimension == each).sum())) if met else _declared(table.kind)
    made: list[Features] = []
    for each in met or [main]:
        mine = dimension == each
        member = np.full(len(geometry), each == main)
        if each == main:
            member[owner] = False  # stays true for what has no shape
        member[owner[mine]] = True
        made.append(_ragged(table, _SHAPES[each], pieces[mine], owner[mine], np.flatnonzero(member), crs))
    return made


def _declared(kind: str) -> int:
    return 2 if "Polygon" in kind or "Surface" in kind else 1 if "Line" in kind or "Curve" in kind else 0


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
    table: Table,
    shape: Shape,
    pieces: NDArray[Any],
    owner: NDArray[np.int64],
    members: NDArray[np.int64],
    crs: int,
) -> Features:
    """`pieces` of one shape, in the order of their owners, as coordinates and offsets."""
    xy, rings = np.zeros((0, 2)), np.arange(len(pieces) + 1)
    if len(pieces):
        _kind, xy, offsets = shapely.to_ragged_array(pieces)
        rings, of_piece = (np.asarray(each, np.int64) for each in (*offsets, rings, rings)[:2])
        if shape is Shape.POLYGON:
            owner = np.repeat(owner, np.diff(of_piece))
            xy = _turned(xy, rings, of_piece[:-1])
    place = np.searchsorted(members, owner)
    whole = len(members) == len(table.ids)
    return Features(
        shape=shape,
        xy=xy,
        rings=rings,
        parts=_offsets(place, len(members)),
        ids=table.ids if whole else table.ids[members],
        columns={name: each if whole else each[members] for name, each in table.columns.items()},
        crs=crs,
    )


def _turned(
    xy: NDArray[np.float64], rings: NDArray[np.int64], outer: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The same closed rings, those numbered in `outer` anticlockwise, all others clockwise."""
    starts, lengths = rings[:-1], np.diff(rings)
    near = xy - np.repeat(xy[starts], lengths, axis=0)  # far from zero the areas of small rings get lost
    cross = np.zeros(len(xy))
    cross[:-1] = near[:-1, 0] * near[1:, 1] - near[1:, 0] * near[:-1, 1]
    cross[rings[1:] - 1] = 0.0  # no edge from one ring to the next
    anticlockwise = np.add.reduceat(cross, starts) > 0
    wanted = np.zeros(len(starts), bool)
    wanted[outer] = True
    wrong = anticlockwise != wanted
    if not wrong.any():
        return xy
    here = np.arange(len(xy))
    mirrored = np.repeat(starts + rings[1:] - 1, lengths) - here
    return xy[np.where(np.repeat(wrong, lengths), mirrored, here)]


def _offsets(owner: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where each owner's run begins and ends, for owners that come in order."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))]).astype(np.int64)


def faulty(geometry: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Which shapes cross or touch themselves, and how many were looked at (at most `VALIDITY_SAMPLE`)."""
    areal = np.flatnonzero(shapely.get_dimensions(geometry) == 2)[:VALIDITY_SAMPLE]
    return areal[~shapely.is_valid(geometry[areal])], len(areal)
