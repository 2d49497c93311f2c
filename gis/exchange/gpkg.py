"""GeoPackage files for other programs (OGC 12-128r19), written by GDAL: all of a file, or none of it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio.errors
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from gis.errors import UserError
from gis.geo.features import WGS84, Features
from gis.geo.shapes import to_shapely
from gis.texts import _

_UTC_OFFSET = 100  # how GDAL writes "this time is UTC"
_FAILURES = (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table to write: a shapely geometry (or None) for each row, and columns of equal length.

    `geometry` None makes a table with no place. A column holds strings, numbers, booleans or aware
    datetimes; None (or NaN) is an empty cell.
    """

    geometry: NDArray[np.object_] | None
    columns: Mapping[str, Sequence[Any] | NDArray[Any]] = field(default_factory=dict[str, Any])
    crs: int = WGS84


def write_layers(path: Path, layers: Mapping[str, Features | Table]) -> None:
    """Write `layers` by name into the GeoPackage `path`, replacing it only when all of it is written.

    A layer of one shape keeps that type; where it has multi-parts, all of its geometries become
    multi-parts; a mixture becomes a layer of any geometry. Raises `UserError` when it cannot be written.
    """
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
            draft = Path(folder) / path.name
            for name, layer in layers.items():
                _write(draft, name, layer if isinstance(layer, Table) else _table_of(layer))
            os.replace(draft, path)
    except _FAILURES as error:
        raise UserError(
            _("{file} could not be written.").format(file=path.name),
            hint=_("What was there before is unchanged. Reason: {reason}").format(reason=error),
        ) from error


def _table_of(features: Features) -> Table:
    return Table(to_shapely(features), features.columns, features.crs)


def _write(path: Path, name: str, table: Table) -> None:
    columns = {column: _column(values) for column, values in table.columns.items()}
    kind, geometry = (None, None) if table.geometry is None else _one_kind(shapely.force_2d(table.geometry))
    pyogrio.raw.write(
        path,
        None if geometry is None else shapely.to_wkb(geometry),
        [values for values, _empty in columns.values()],
        list(columns),
        [empty for _values, empty in columns.values()],
        layer=name,
        driver="GPKG",
        geometry_type=kind,
        crs=None if geometry is None else f"EPSG:{table.crs}",
        append=False,
        gdal_tz_offsets={
            column: np.full(len(values), _UTC_OFFSET)
            for column, (values, _empty) in columns.items()
            if values.dtype.kind == "M"
        },
    )


def _one_kind(geometry: NDArray[np.object_]) -> tuple[str, NDArray[np.object_]]:
    """The type of all the geometries, and they made of it."""
    kinds = {int(kind) for kind in shapely.get_type_id(geometry)} - {-1}
    for single, plural, name, made in _KINDS:
        if kinds == {single}:
            return name, geometry
        if kinds and kinds <= {single, plural}:
            alone = shapely.get_type_id(geometry) == single
            result = geometry.copy()
            result[alone] = made(geometry[alone], indices=np.arange(np.count_nonzero(alone)))
            return f"Multi{name}", result
    return "Unknown", geometry


_multi: Any = shapely  # pyright's stubs do not know that arrays in are arrays out
_KINDS: Sequence[tuple[int, int, str, Any]] = (
    (0, 4, "Point", _multi.multipoints),
    (1, 5, "LineString", _multi.multilinestrings),
    (3, 6, "Polygon", _multi.multipolygons),
)


def _column(values: Sequence[Any] | NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """A column as GDAL takes it, and where it is empty."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iufbM":
        return values, None
    filled = [value for value in values if value is not None]
    empty = np.array([value is None for value in values], dtype=bool)
    mask = empty if empty.any() else None
    if filled and all(isinstance(value, datetime) for value in filled):
        return _times(values), mask
    for kind, dtype in ((bool, np.bool_), (int, np.int64), (int | float, np.float64)):
        if filled and all(isinstance(value, kind) for value in filled):
            return np.array([0 if value is None else value for value in values], dtype), mask
    return np.array([None if value is None else _text(value) for value in values], object), None


def _times(values: Sequence[Any] | NDArray[Any]) -> NDArray[np.datetime64]:
    plain = [value.astimezone(UTC).replace(tzinfo=None) if value else None for value in values]
    return np.array(plain, "datetime64[ms]")


def _text(value: Any) -> str:
    """Text SQLite can hold: no half characters, no end in the middle."""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "\ufffd")
