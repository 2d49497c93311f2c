"""From one coordinate reference system to another, and the local grid of a place."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.errors import UserError
from gis.geo.features import WGS84
from gis.texts import _

if TYPE_CHECKING:  # pyproj takes 0.1 s to import: it waits for the first coordinate
    from pyproj import CRS, Geod, Transformer

WEB_MERCATOR = 3857
UPS_NORTH, UPS_SOUTH = 32661, 32761


def utm_zone(lon: float, lat: float) -> int:
    """The UTM zone (1 to 60) of a place, with the Norwegian and Svalbard exceptions (DMA TM 8358.2)."""
    lon = (lon + 180) % 360 - 180
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if 72 <= lat <= 84 and 0 <= lon < 42:
        return 31 + 2 * (int(lon + 3) // 12)
    return int((lon + 180) // 6) + 1


def utm_for(lon: float, lat: float) -> int:
    """The EPSG code of the WGS 84 / UTM zone around a place; UPS beyond 84°N and 80°S."""
    if lat > 84:
        return UPS_NORTH
    if lat < -80:
        return UPS_SOUTH
    return (32600 if lat >= 0 else 32700) + utm_zone(lon, lat)


@lru_cache(maxsize=64)
def known(crs: int | str) -> "CRS":
    """The definition behind an EPSG code or a WKT. Raises UserError when PROJ does not know it."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError
    from pyproj.network import set_network_enabled  # pyright: ignore[reportPrivateImportUsage]

    set_network_enabled(False)  # grids come with the program or not at all
    try:
        return CRS(crs)
    except CRSError as error:
        raise UserError(
            _("The coordinate reference system {crs} is not known here.").format(crs=str(crs)[:60]),
            hint=_("Nothing was changed. Choose another coordinate reference system."),
        ) from error


@lru_cache(maxsize=64)
def transformer(source: int | str, target: int | str) -> "Transformer":
    """The cached PROJ transformation, x (easting, longitude) always first. Safe from any thread."""
    from pyproj import Transformer

    return Transformer.from_crs(known(source), known(target), always_xy=True)


@lru_cache(maxsize=1)
def ellipsoid() -> "Geod":
    """The WGS 84 ellipsoid, for everything measured in metres."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def transform(xy: ArrayLike, source: int | str, target: int | str = WGS84) -> NDArray[np.float64]:
    """The (n, 2) coordinates `xy` of `source` in `target`; inf where a point has no place in `target`.

    A CRS is an EPSG code or a WKT. Raises UserError for a CRS that PROJ does not know.
    """
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    if source == target or not len(points):
        return points.copy()
    x, y = transformer(source, target).transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])
