"""Sizes, colours and columns as QGIS writes them."""

import re
from collections.abc import Mapping

from gis.exchange.qml import number

PX_PER_MM = 96 / 25.4  # at the density QGIS takes for a screen
_PX = {
    "mm": PX_PER_MM,
    "point": 96 / 72,
    "points": 96 / 72,
    "pt": 96 / 72,
    "pixel": 1.0,
    "pixels": 1.0,
    "px": 1.0,
    "inch": 96.0,
    "inches": 96.0,
}
_ON_THE_GROUND = frozenset({"mapunit", "mapunits", "map_unit", "rendermetersinmapunits"})
_QUOTED = re.compile(r'\s*"((?:[^"]|"")+)"\s*')
_PLAIN = re.compile(r"\s*([^\W\d]\w*)\s*")
_HEX = re.compile("#[0-9a-fA-F]{6}")
NO_COLOUR = ("#000000", 0.0)


def length(said: Mapping[str, str], name: str, unit: str = "", otherwise: float = 0.0) -> tuple[float, bool]:
    """A length, and whether it is on the ground (map units) and not in pixels."""
    value = number(said.get(name), otherwise)
    word = said.get(unit or f"{name}_unit", "MM").lower()
    if word in _ON_THE_GROUND:
        return value, True
    return value * _PX.get(word, PX_PER_MM), False


def pixels(said: Mapping[str, str], name: str, unit: str = "", otherwise: float = 0.0) -> float:
    """A length on the screen; one on the ground counts as at 1 : 5,000."""
    value, on_the_ground = length(said, name, unit, otherwise)
    return value / 5_000 * 1_000 * PX_PER_MM if on_the_ground else value


def colour(text: str | None) -> tuple[str, float]:
    """ "#rrggbb" and opacity of "r,g,b,a" (with more behind it in newer versions) or "#rrggbb"."""
    text = (text or "").strip()
    if _HEX.fullmatch(text):
        return text.lower(), 1.0
    parts = [number(part, -1.0) for part in text.split(",")[:4]]
    if len(parts) < 3 or not all(0 <= part <= 255 for part in parts):
        return NO_COLOUR
    r, g, b = (round(part) for part in parts[:3])
    return f"#{r:02x}{g:02x}{b:02x}", (parts[3] / 255 if len(parts) == 4 else 1.0)


def column(text: str) -> str:
    """The column that an expression is; empty when it is more than a column."""
    if quoted := _QUOTED.fullmatch(text):
        return quoted[1].replace('""', '"')
    plain = _PLAIN.fullmatch(text)
    return plain[1] if plain else ""
