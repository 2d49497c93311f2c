"""Between shapely geometries and `Features`, in whole columns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.geo.features import WGS84, Features, Shape

Objects = NDArray[np.object_]
_made: Any = shapely  # pyright's stubs do not know that arrays in are arrays out


def from_shapely(
    geometry: Objects,
    *,
    ids: NDArray[Any] | None = None,
    columns: Mapping[str, NDArray[Any]] | None = None,
    crs: int = WGS84,
) -> tuple[Features, ...]:
    """The features of an array of geometries (None allowed), one `Features` for each shape among them.

    Collections are taken apart; a feature with parts of two shapes appears in both. Null and empty
    geometries stay, without rings, in the first one. Heights are dropped. `ids` count from 0 unless given.
    """
    geometry = np.asarray(geometry, object)
    names = np.arange(len(geometry)) if ids is None else ids
    parts, owner = _simple_parts(geometry)
    shapes = shapely.get_dimensions(parts)
    present = [shape for shape in Shape if (shapes == shape.value).any()] or [Shape.POINT]
    bare = np.setdiff1d(np.arange(len(geometry)), owner)
    found: list[Features] = []
    for shape in present:
        mine = shapes == shape.value
        extra = bare if shape is present[0] else bare[:0]
        keep = np.union1d(owner[mine], extra)
        kept = {name: column[keep] for name, column in (columns or {}).items()}
        lines, line_owner = _rings(shape, parts[mine], np.searchsorted(keep, owner[mine]))
        xy, ring_of = shapely.get_coordinates(lines, return_index=True)
        rings = _offsets(ring_of, len(lines))
        found.append(Features(shape, xy, rings, _offsets(line_owner, len(keep)), names[keep], kept, crs))
    return tuple(found)


def _simple_parts(geometry: Objects) -> tuple[Objects, NDArray[np.int64]]:
    """Points, lines and polygons with the feature each belongs to, however deep they were nested."""
    parts, owner = geometry, np.arange(len(geometry))
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        owner = owner[index]
    full = ~(shapely.is_missing(parts) | shapely.is_empty(parts))
    return parts[full], owner[full]


def _rings(shape: Shape, parts: Objects, owner: NDArray[np.int64]) -> tuple[Objects, NDArray[np.int64]]:
    if shape is not Shape.POLYGON:
        return parts, owner
    rings, index = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    return rings, owner[index]


def _offsets(owner: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where the items of each of `count` owners begin, for items sorted by owner."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))]).astype(np.int64)


def to_shapely(features: Features) -> Objects:
    """One geometry per feature; None where there is none, a multi-geometry where there are several parts."""
    ring_of = np.repeat(np.arange(len(features.rings) - 1), np.diff(features.rings))
    owner = np.repeat(np.arange(len(features)), np.diff(features.parts))
    match features.shape:
        case Shape.POINT:
            return _joined(_made.points(features.xy), owner[ring_of], len(features), shapely.multipoints)
        case Shape.LINE:
            lines = _made.linestrings(features.xy, indices=ring_of)
            return _joined(lines, owner, len(features), shapely.multilinestrings)
        case Shape.POLYGON:
            rings = _made.linearrings(features.xy, indices=ring_of)
            outer = _made.is_ccw(rings)
            shells = _made.polygons(rings, indices=np.cumsum(outer) - 1)
            return _joined(shells, owner[outer], len(features), shapely.multipolygons)


def _joined(parts: Objects, owner: NDArray[np.int64], count: int, multi: Any) -> Objects:
    result = np.full(count, None, object)
    per_feature = np.bincount(owner, minlength=count)
    single = per_feature[owner] == 1
    result[owner[single]] = parts[single]
    if not single.all():
        several, group = np.unique(owner[~single], return_inverse=True)
        result[several] = multi(parts[~single], indices=group)
    return result
