"""GeoJSON as RFC 7946 wants it: WGS84, longitude first, rings by the right hand, and no NaN."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

DECIMALS = 7  # 1 cm; RFC 7946 11.2 asks not to pretend to more


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: `geometry` in WGS84 or None, `properties` of JSON values, dates and numpy numbers."""

    id: str
    geometry: BaseGeometry | None
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])


def write(features: Iterable[Feature], **members: Any) -> bytes:
    """A FeatureCollection in UTF-8. `members` are foreign members of the collection (RFC 7946 6.1).

    Values JSON has no word for (NaN, infinity) become null; times are written in UTC.
    """
    collection = {"type": "FeatureCollection"} | {k: json_value(v) for k, v in members.items()}
    collection["features"] = [_feature(feature) for feature in features]
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def _feature(feature: Feature) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": geometry_of(feature.geometry),
        "properties": {name: json_value(value) for name, value in feature.properties.items()},
    }


def geometry_of(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    """The geometry object, rounded and wound right; null when there is nothing, or no finite place."""
    if geometry is None or geometry.is_empty or not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None
    flat = shapely.transform(shapely.force_2d(geometry), _rounded)
    return json.loads(shapely.to_geojson(_wound(flat)))


def _rounded(xy: Any) -> Any:
    return np.round(xy, DECIMALS)


def _wound(geometry: BaseGeometry) -> BaseGeometry:
    if isinstance(geometry, Polygon):
        return orient(geometry)
    if isinstance(geometry, MultiPolygon):
        return MultiPolygon([orient(part) for part in geometry.geoms])
    return geometry


def json_value(value: Any) -> Any:
    """The value as JSON can carry it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): json_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(part) for part in value]
    return value
