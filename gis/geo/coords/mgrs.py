"""The Military Grid Reference System (NGA.STND.0037, TM 8358.1), from 80°S to 84°N."""

import re
from math import floor

import numpy as np

from gis.geo.crs import transform, utm_for, utm_zone

BANDS = "CDEFGHJKLMNPQRSTUVWX"
COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
ROWS = "ABCDEFGHJKLMNPQRSTUV"
SQUARE_M = 100_000
ROW_CYCLE_M = len(ROWS) * SQUARE_M

_REFERENCE = re.compile(
    r"(?:(?P<zone>\d{1,2}) ?(?P<band>[C-HJ-NP-X]) ?)?(?P<column>[A-HJ-NP-Z])(?P<row>[A-HJ-NP-V])"
    r" ?(?P<digits>\d+)(?: (?P<more>\d+))?",
    re.ASCII,
)


def band_of(lat: float) -> str:
    """The letter of the eight-degree band (X has twelve), for latitudes from -80 to 84."""
    return BANDS[min(int(lat // 8) + 10, 19)]


def in_band(lat: float, band: str, slack: float = 1e-5) -> bool:
    """True when a latitude lies in the band, or within `slack` degrees of it."""
    south = BANDS.index(band) * 8 - 80
    return south - slack <= lat <= south + (12 if band == "X" else 8) + slack


def grid_zone(lon: float, lat: float) -> str:
    """Zone and band of a place, such as `50L`."""
    return f"{utm_zone(lon, lat)}{band_of(lat)}"


def to_mgrs(lon: float, lat: float, digits: int = 5) -> str:
    """The reference of a place (`50L LR 03037 43379`), cut to `digits` (1 to 5) per axis, never rounded.

    Empty outside 80°S to 84°N.
    """
    if not -80 <= lat <= 84:
        return ""
    zone = utm_zone(lon, lat)
    east, north = transform([[lon, lat]], 4326, utm_for(lon, lat))[0]
    east, north = floor(east + 1e-6), floor(north + 1e-6)
    north = north if lat >= 0 else min(north, 9_999_999)  # a hair south of the equator is still south
    column = COLUMNS[(zone - 1) % 3][east // SQUARE_M - 1]
    row = ROWS[(north // SQUARE_M + _row_shift(zone)) % len(ROWS)]
    cut = 10 ** (5 - digits)
    x, y = (value % SQUARE_M // cut for value in (east, north))
    return f"{zone}{band_of(lat)} {column}{row} {x:0{digits}} {y:0{digits}}"


def from_mgrs(text: str, zones: tuple[str, ...] = ()) -> list[tuple[float, float, str, int]]:
    """The squares a folded reference can mean: lon and lat of the middle, the grid zone, metres a side.

    A reference without its grid zone is tried in each of `zones`. Empty when it is no reference.
    """
    match = _REFERENCE.fullmatch(text)
    if not match or (digits := _digits(match["digits"], match["more"])) is None:
        return []
    said = (f"{int(match['zone'])}{match['band']}",) if match["zone"] else zones
    found = [_middle(zone, match["column"], match["row"], *digits) for zone in said]
    return [square for square in found if square]


def _row_shift(zone: int) -> int:
    return 0 if zone % 2 else 5


def _digits(first: str, second: str | None) -> tuple[str, str] | None:
    """Easting and northing digits: one even run or two equal ones, at most five each."""
    if second is None:
        half, odd = divmod(len(first), 2)
        first, second = first[:half], first[half:]
        if odd:
            return None
    return (first, second) if len(first) == len(second) <= 5 else None


def _middle(grid_zone: str, column: str, row: str, x: str, y: str) -> tuple[float, float, str, int] | None:
    zone, band = int(grid_zone[:-1]), grid_zone[-1]
    letters = COLUMNS[(zone - 1) % 3] if 1 <= zone <= 60 else ""
    if column not in letters:
        return None
    side = 10 ** (5 - len(x))
    east = (letters.index(column) + 1) * SQUARE_M + int(x) * side + side / 2
    cycle = (ROWS.index(row) - _row_shift(zone)) % len(ROWS) * SQUARE_M + int(y) * side + side / 2
    north = cycle + np.arange(0, 10_000_000, ROW_CYCLE_M)
    hemisphere = 32600 if band >= "N" else 32700
    lon, lat = transform(np.column_stack([np.full_like(north, east), north]), hemisphere + zone).T
    reach = side / SQUARE_M + 0.01  # a square may straddle the edge of its band
    found = ((float(x), float(y)) for x, y in zip(lon, lat, strict=True) if in_band(float(y), band, reach))
    place = next(found, None)
    return (*place, grid_zone, side) if place else None
