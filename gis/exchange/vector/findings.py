"""What is in a layer, and what is wrong with it, in sentences."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis.exchange.vector import shaping
from gis.exchange.vector.roles import LINE, POINT, POLYGON, role
from gis.exchange.vector.table import Table
from gis.geo.features import WGS84
from gis.texts import _, ngettext

EMPTY = _("The layer is empty.")
_EXAMPLES = 3


def facts(table: Table) -> dict[str, Any]:
    """The fields of `LayerFacts`, ready for JSON."""
    findings = list(table.problems)
    crs = shaping.source_crs(table, None, findings)
    kinds = _kinds(table.geometry)
    return {
        "name": table.name,
        "geometry": _geometry_words(kinds),
        "count": len(table.geometry),
        "crs": _crs_words(crs),
        "extent": _extent(table.geometry, crs),
        "fields": [[name, _field_kind(column)] for name, column in table.columns.items()],
        "encoding": table.encoding,
        "role": role(table.name, table.columns, kinds),
        "findings": [*findings, *_wrong(table, kinds, crs)],
        "needs_crs": crs is None,
    }


def _kinds(geometry: NDArray[Any]) -> frozenset[str]:
    pieces = shapely.get_parts(geometry[shapely.get_type_id(geometry) == 7]) if len(geometry) else geometry
    dimensions = np.concatenate([shapely.get_dimensions(geometry), shapely.get_dimensions(pieces)])
    return frozenset(
        kind for number, kind in enumerate((POINT, LINE, POLYGON)) if (dimensions == number).any()
    )


def _geometry_words(kinds: frozenset[str]) -> str:
    words = {POINT: _("points"), LINE: _("lines"), POLYGON: _("polygons")}
    return ", ".join(word for kind, word in words.items() if kind in kinds) or _("no shapes")


def _crs_words(crs: CRS | None) -> str:
    if crs is None:
        return _("unknown")
    code = crs.to_epsg()
    return f"{crs.name} (EPSG:{code})" if code else crs.name


def _extent(geometry: NDArray[Any], crs: CRS | None) -> list[float] | None:
    if crs is None:
        return None
    bounds = shaping.extent(geometry)
    if not np.isfinite(bounds).all():
        return None
    there = shaping.box_in(bounds, crs, CRS.from_epsg(WGS84))
    return None if there is None else list(there)


def _field_kind(column: NDArray[Any]) -> str:
    kinds = {"b": _("yes/no"), "i": _("whole number"), "u": _("whole number"), "f": _("number")}
    return kinds.get(column.dtype.kind, _("text"))


def _wrong(table: Table, kinds: frozenset[str], crs: CRS | None) -> list[str]:
    said = [
        *missing(table),
        *_mixed(kinds),
        *_invalid(table.geometry),
        *_repeated(table),
    ]
    if crs is not None and crs.is_geographic and (count := shaping.outside_degrees(table.geometry)):
        said.append(outside(count))
    return said


def outside(count: int) -> str:
    """What to say of coordinates that are no degrees although the file says so."""
    return ngettext(
        "{count} shape lies outside the range of longitude and latitude: the coordinate reference system is "
        "probably another one.",
        "{count} shapes lie outside the range of longitude and latitude: the coordinate reference system is "
        "probably another one.",
        count,
    ).format(count=count)


def missing(table: Table) -> list[str]:
    """What to say of features without a shape, and of an empty layer."""
    if not len(table.geometry):
        return [EMPTY]
    said: list[str] = []
    if table.unreadable:
        said.append(_unreadable(table.unreadable))
    empty = int((shapely.is_missing(table.geometry) | shapely.is_empty(table.geometry)).sum())
    return [*said, *shapeless(empty - table.unreadable)]


def first(seen: int, count: int) -> str:
    """What to say when only the first features were looked at."""
    said = ngettext(
        "Only the first {seen} of {count} feature were looked at.",
        "Only the first {seen} of {count} features were looked at.",
        count,
    )
    return said.format(seen=f"{seen:,}", count=f"{count:,}")


def shapeless(count: int) -> list[str]:
    """What to say of features that have no shape."""
    if not count:
        return []
    said = ngettext("{count} feature has no shape.", "{count} features have no shape.", count)
    return [said.format(count=count)]


def _unreadable(count: int) -> str:
    return ngettext(
        "{count} shape cannot be made out and is not drawn.",
        "{count} shapes cannot be made out and are not drawn.",
        count,
    ).format(count=count)


def _mixed(kinds: frozenset[str]) -> list[str]:
    if len(kinds) < 2:
        return []
    return [_("The layer mixes {kinds}; each is drawn in its own way.").format(kinds=_geometry_words(kinds))]


def _invalid(geometry: NDArray[Any]) -> list[str]:
    """Polygons that cross themselves, with the first few places and reasons."""
    wrong, seen = shaping.faulty(geometry)
    if not len(wrong):
        return []
    text = ngettext(
        "{count} of the {seen} polygons looked at is invalid: {reasons}. It is drawn as it is.",
        "{count} of the {seen} polygons looked at are invalid: {reasons}. They are drawn as they are.",
        len(wrong),
    )
    reasons = "; ".join(str(each) for each in shapely.is_valid_reason(geometry[wrong[:_EXAMPLES]]))
    return [text.format(count=len(wrong), seen=seen, reasons=reasons)]


def _repeated(table: Table) -> list[str]:
    """A column that calls itself an id and has the same value twice."""
    said: list[str] = []
    for name, column in table.columns.items():
        if name.casefold() not in ("id", "fid", "gid", "objectid", "osm_id", "uuid", "code"):
            continue
        values = [each for each in column.tolist() if each is not None and each == each]
        if twice := len(values) - len(set(values)):
            said.append(
                ngettext(
                    "{count} value in the column {name} appears more than once.",
                    "{count} values in the column {name} appear more than once.",
                    twice,
                ).format(count=twice, name=name)
            )
    return said
