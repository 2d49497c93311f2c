"""Reference systems as services name them, and in which order each says its coordinates."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gis.errors import UserError
from gis.geo.crs import WEB_MERCATOR, known
from gis.geo.features import WGS84

_CODE = re.compile(r"(?:EPSG:+|.*def:crs:EPSG:[\w.]*:|.*/def/crs/EPSG/[\w.]+/)(\d{4,6})$", re.IGNORECASE)
_LON_LAT = re.compile(
    r"(CRS:84|OGC:CRS84|.*def:crs:OGC:[\w.]*:CRS84|.*/def/crs/OGC/[\w.]+/CRS84)$", re.IGNORECASE
)
_OLD_MERCATOR = frozenset({900913, 102100, 102113, 3785})


@dataclass(frozen=True, slots=True)
class Plane:
    """`name` as the service writes it, `crs` (EPSG), and whether it says north before east."""

    name: str
    crs: int
    north_first: bool


def plane(name: str) -> Plane | None:
    """The plane of a name; None for one that is not known here."""
    name = name.strip()
    if _LON_LAT.match(name):
        return Plane(name, WGS84, False)
    found = _CODE.match(name)
    if found is None:
        return None
    code = int(found[1])
    if code in _OLD_MERCATOR:
        return Plane(name, WEB_MERCATOR, False)
    try:
        axes = known(code).axis_info
    except UserError:
        return None
    return Plane(name, code, bool(axes) and axes[0].direction.lower() == "north")


def metres_per_unit(crs: int) -> float:
    """By how much a unit of the plane counts where services speak of metres (OGC 07-057r7, 6.1)."""
    system = known(crs)
    if system.is_geographic:
        return 111_319.49079327358  # a degree of the equator of WGS 84
    return float(system.axis_info[0].unit_conversion_factor)


def preferred(names: Iterable[str], map_crs: int) -> Plane | None:
    """The plane to ask for: the map's, Web Mercator, degrees, else the first that is known."""
    found = [each for each in map(plane, dict.fromkeys(names)) if each is not None]
    for wanted in (map_crs, WEB_MERCATOR, WGS84):
        for each in found:
            if each.crs == wanted:
                return each
    return found[0] if found else None
