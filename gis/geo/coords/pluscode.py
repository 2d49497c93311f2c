"""Plus codes (Open Location Code specification 1.0)."""

import re
from math import floor

ALPHABET = "23456789CFGHJMPQRVWX"
PAIR_STEPS = tuple(20.0**power for power in (1, 0, -1, -2, -3))  # degrees per digit pair
GRID_ROWS, GRID_COLUMNS = 5, 4

_CODE = re.compile(rf"(?P<head>[{ALPHABET}]{{0,8}}0*)\+(?P<tail>[{ALPHABET}]{{2,7}})?")


def encode(lon: float, lat: float) -> str:
    """The ten-digit plus code of a place: a cell of 1/8000 degree, about 14 m."""
    lat_cells = min(floor(round((max(-90.0, min(90.0, lat)) + 90) * 8000, 6)), 180 * 8000 - 1)
    lon_cells = floor(round((lon + 180) * 8000, 6)) % (360 * 8000)
    digits = ""
    for _pair in range(5):
        lat_cells, y = divmod(lat_cells, 20)
        lon_cells, x = divmod(lon_cells, 20)
        digits = ALPHABET[y] + ALPHABET[x] + digits
    return f"{digits[:8]}+{digits[8:]}"


def decode(code: str) -> tuple[float, float] | None:
    """Lon and lat of the middle of a full code's cell; None when it is not a full plus code."""
    match = _CODE.fullmatch(code)
    if not match or len(match["head"]) != 8:
        return None
    head, tail = match["head"].rstrip("0"), match["tail"] or ""
    if not head or len(head) % 2 or (tail and len(head) < 8):
        return None
    if ALPHABET.index(head[0]) > 8 or ALPHABET.index(head[1]) > 17:
        return None
    return _middle(head + tail)


def recover(code: str, lon: float, lat: float) -> tuple[float, float] | None:
    """The place nearest to `lon`, `lat` that a shortened code can mean; None when it is not one."""
    match = _CODE.fullmatch(code)
    missing = 8 - len(match["head"]) if match else 0
    if not match or not match["tail"] or missing not in (2, 4, 6) or "0" in match["head"]:
        return None
    middle = decode(encode(lon, lat)[:missing] + code)
    if not middle:
        return None
    step = PAIR_STEPS[missing // 2 - 1]
    found_lat = middle[1] + step * round((lat - middle[1]) / step)
    if abs(found_lat) > 90:
        found_lat -= step if found_lat > 0 else -step
    return (middle[0] + step * round((lon - middle[0]) / step) + 180) % 360 - 180, found_lat


def _middle(digits: str) -> tuple[float, float]:
    values = [ALPHABET.index(digit) for digit in digits]
    pairs, refinement = values[:10], values[10:]
    lat = lon = 0.0
    height = width = PAIR_STEPS[len(pairs) // 2 - 1]
    for step, y, x in zip(PAIR_STEPS, pairs[::2], pairs[1::2], strict=False):
        lat, lon = lat + y * step, lon + x * step
    for value in refinement:
        height, width = height / GRID_ROWS, width / GRID_COLUMNS
        y, x = divmod(value, GRID_COLUMNS)
        lat, lon = lat + y * height, lon + x * width
    return lon + width / 2 - 180, lat + height / 2 - 90
