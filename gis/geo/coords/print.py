"""A place in every form, in plain ASCII so it can be read out on the radio or pasted anywhere."""

from collections.abc import Callable

from gis.geo.coords import mgrs, pluscode
from gis.geo.crs import transform, utm_for


def as_dd(lon: float, lat: float, places: int = 5) -> str:
    """Decimal degrees, latitude first (`8.65000 S 115.21000 E`); five decimals are about a metre."""
    return _both(lon, lat, lambda degrees: f"{degrees:.{places}f}")


def as_dm(lon: float, lat: float, places: int = 3) -> str:
    """Degrees and minutes (`8 39.000 S 115 12.600 E`); three decimals are about two metres."""
    unit = 10**places

    def spoken(degrees: float) -> str:
        return _sixties(round(degrees * 60 * unit), unit, places)

    return _both(lon, lat, spoken)


def as_dms(lon: float, lat: float, places: int = 1) -> str:
    """Degrees, minutes and seconds (`8 39 00.0 S 115 12 36.0 E`); one decimal is about three metres."""
    unit = 10**places

    def spoken(degrees: float) -> str:
        whole, rest = divmod(round(degrees * 3600 * unit), 3600 * unit)
        return f"{whole} {_sixties(rest, unit, places, lead=2)}"

    return _both(lon, lat, spoken)


def as_utm(lon: float, lat: float) -> str:
    """Zone and band, easting and northing in metres (`50L 303038 9043380`); empty beyond 80°S and 84°N."""
    if not -80 <= lat <= 84:
        return ""
    east, north = transform([[lon, lat]], 4326, utm_for(lon, lat))[0]
    return f"{mgrs.grid_zone(lon, lat)} {east:.0f} {north:.0f}"


def as_mgrs(lon: float, lat: float, digits: int = 5) -> str:
    """The grid reference (`50L LR 03037 43379`), truncated; empty beyond 80°S and 84°N."""
    return mgrs.to_mgrs(lon, lat, digits)


def as_plus_code(lon: float, lat: float) -> str:
    """The full plus code (`6P3Q9626+22`), a cell of about 14 m."""
    return pluscode.encode(lon, lat)


def as_pair(lon: float, lat: float) -> str:
    """Latitude, longitude in signed degrees, as other programs take them (`-8.650000, 115.210000`): 0.1 m."""
    return f"{lat:.6f}, {_turned(lon):.6f}"


def as_geo(lon: float, lat: float) -> str:
    """A `geo:` address (RFC 5870), latitude first: a telephone opens its map at it."""
    return f"geo:{lat:.6f},{_turned(lon):.6f}"


def as_link(lon: float, lat: float) -> str:
    """A link that any browser shows on the map of OpenStreetMap; for those outside, the desk needs none."""
    at = f"{lat:.6f}", f"{_turned(lon):.6f}"
    return "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}".format(*at)


def _turned(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _both(lon: float, lat: float, spoken: Callable[[float], str]) -> str:
    lon = _turned(lon)
    north_south, east_west = "S" if lat < 0 else "N", "W" if lon < 0 else "E"
    return f"{spoken(abs(lat))} {north_south} {spoken(abs(lon))} {east_west}"


def _sixties(count: int, unit: int, places: int, lead: int = 1) -> str:
    """`count` parts of 1/`unit` as whole sixties and the rest (`39 00.0`): 60 is never printed."""
    whole, rest = divmod(count, 60 * unit)
    width = places + 3 if places else 2
    return f"{whole:0{lead}d} {rest / unit:0{width}.{places}f}"
