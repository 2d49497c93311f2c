"""GeoParquet 1.0 and 1.1 (opengeospatial/geoparquet): through pyarrow, where that is installed."""

import json
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange.vector.staging import Staged
from gis.exchange.vector.table import Table
from gis.texts import _

LON_LAT = "OGC:CRS84"  # what the specification says where a file says nothing
MOST_BYTES = 2 << 30  # of one layer, unpacked
_FAULTS = (ValueError, KeyError, TypeError, OSError, RecursionError, NotImplementedError, AttributeError)


def load(staged: Staged, bbox: tuple[float, ...] | None = None) -> Table:
    """The whole layer, or what touches `bbox` (in the CRS of the file): only the groups of rows that may
    hold any of it are read where the file says where they lie.

    Raises UserError when pyarrow is missing or the file makes no sense.
    """
    file = _opened(staged)
    try:
        geo, crs = _geography(file)
        table = _read(file, geo, bbox)
        geometry = shapely.from_wkb(_binary(table[geo["primary_column"]]), on_invalid="ignore")
        if bbox is not None:
            near = shapely.intersects(geometry, shapely.box(bbox[0], bbox[1], bbox[2], bbox[3]))
            table, geometry = table.filter(near), geometry[near]
        hidden = {*geo["columns"], _covering(geo, "xmin", ("",))[0]}
        columns = {name: _column(table[name]) for name in table.column_names if name not in hidden}
    except _FAULTS as error:
        raise _broken(staged, error) from error
    return Table(
        name=staged.title,
        kind=", ".join(geo["columns"][geo["primary_column"]].get("geometry_types") or ["Unknown"]),
        crs=crs,
        geometry=shapely.force_2d(geometry),
        ids=np.arange(len(geometry)),
        columns={name: each for name, each in columns.items() if each is not None},
    )


def source_crs(staged: Staged) -> str | None:
    """What the file says about its CRS, as PROJ understands it."""
    file = _opened(staged)
    try:
        return _geography(file)[1]
    except _FAULTS as error:
        raise _broken(staged, error) from error


def _opened(staged: Staged) -> Any:
    pq = _library()
    if pq is None:
        raise UserError(
            _("{name} is GeoParquet; reading it needs the package pyarrow, which is not installed.").format(
                name=staged.name
            ),
            hint=_("Install it (pip install pyarrow), or save the layer as GeoPackage. Nothing was changed."),
        )
    try:
        return pq.ParquetFile(str(staged.path))
    except _FAULTS as error:
        raise _broken(staged, error) from error


def _library() -> ModuleType | None:
    """pyarrow.parquet; the worker keeps pyarrow out until it is needed, for it is slow to start."""
    sys.modules.pop("pyarrow", None)
    try:
        return import_module("pyarrow.parquet")
    except ImportError:
        return None


def _geography(file: Any) -> tuple[dict[str, Any], str | None]:
    """The metadata "geo", and the CRS of its primary column."""
    raw = (file.schema_arrow.metadata or {}).get(b"geo")
    if raw is None:
        raise ValueError(_("it has a table, but no geometry that it says anything about"))
    geo = json.loads(raw)
    column = geo["columns"][geo["primary_column"]]
    if str(column.get("encoding", "")).upper() != "WKB":
        raise ValueError(_("its geometry is not written as WKB"))
    if "crs" not in column:
        return geo, LON_LAT
    return geo, json.dumps(column["crs"]) if column["crs"] else None


def _read(file: Any, geo: dict[str, Any], bbox: tuple[float, ...] | None) -> Any:
    """The rows that may be wanted. Raises ValueError when they would not fit."""
    groups = [n for n in range(file.num_row_groups) if bbox is None or _may_touch(file, geo, n, bbox)]
    size = sum(file.metadata.row_group(n).total_byte_size for n in groups)
    if size > MOST_BYTES:
        raise ValueError(_("it is too large at once: {size:.1f} GB unpacked").format(size=size / 1e9))
    return file.read_row_groups(groups, use_threads=False)


def _may_touch(file: Any, geo: dict[str, Any], group: int, bbox: tuple[float, ...]) -> bool:
    """False when the smallest and largest bounds of a group of rows say that nothing of it lies there."""
    rows = file.metadata.row_group(group)
    found: dict[str, Any] = {}
    for n in range(rows.num_columns):
        found[rows.column(n).path_in_schema] = rows.column(n).statistics
    sides = [found.get(".".join(_covering(geo, side, ()))) for side in ("xmin", "ymin", "xmax", "ymax")]
    known = [each for each in sides if each is not None and each.has_min_max]
    if len(known) < len(sides):
        return True
    west, south, east, north = known
    return west.min <= bbox[2] and east.max >= bbox[0] and south.min <= bbox[3] and north.max >= bbox[1]


def _covering(geo: dict[str, Any], side: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """The path of the column with one side of each geometry's bounds (GeoParquet 1.1, "covering")."""
    covering = geo["columns"][geo["primary_column"]].get("covering", {}).get("bbox")
    return tuple(covering[side]) if covering else otherwise


def _binary(column: Any) -> NDArray[Any]:
    values = np.empty(len(column), dtype=object)
    values[:] = column.to_pylist()
    return values


def _column(column: Any) -> NDArray[Any] | None:
    """Numbers as they are where none is missing, else as floats; everything else as text; None for bytes."""
    kind = str(column.type)
    if "binary" in kind:
        return None
    if kind.startswith(("int", "uint", "float", "double", "halffloat", "bool")):
        values = column.to_numpy()
        return values if values.dtype.kind in "biuf" else values.astype(np.float64)
    texts = np.empty(len(column), dtype=object)
    texts[:] = [None if each is None else str(each) for each in column.to_pylist()]
    return texts


def _broken(staged: Staged, error: Exception) -> UserError:
    reason = str(error).replace(str(staged.path), staged.name)
    return UserError(
        _("{name} cannot be read as GeoParquet: {reason}.").format(
            name=staged.name, reason=" ".join(reason.split())[:200].rstrip(".")
        ),
        hint=_("Nothing of it was loaded and the file was not changed. Save it again where it comes from."),
    )
