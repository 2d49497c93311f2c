"""Numbers and lengths of time as people type them, and as they are put into a field again."""

import re

from gis.geo.coords.fold import fold
from gis.texts import _
from gis.words.terms import exact

_UNITS = {"": 60, "s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400}
_SHOWN = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
_NUMBER = re.compile(r"[+-]?(\d{1,15}([.,]\d{0,15})?|[.,]\d{1,15})", re.ASCII)
_PART = r"(\d{1,8}(?:[.,]\d{1,3})?) ?(SEC|S|MIN|M|H|D|)"
_SPAN = re.compile(rf"{_PART}(?: {_PART})?", re.ASCII)


def typed_number(text: str) -> float:
    """4.5, 4,5, −0.5, ٤٫٥. Raises `ValueError` for anything else, signs that group thousands too."""
    said = fold(text)
    if not _NUMBER.fullmatch(said):
        raise ValueError(_("A number is wanted here, for example 4.5."))
    return float(said.replace(",", "."))


def typed_span(text: str) -> int:
    """Seconds: of 90 s, 10 min, 1 h 30 min, 7 d; a number alone is minutes, nothing is 0. Raises
    `ValueError` for anything else."""
    said = fold(text)
    if not said:
        return 0
    found = _SPAN.fullmatch(said)
    if found is None:
        raise ValueError(_("A time is wanted here, for example 10 min, 90 s or 3 h."))
    parts = zip(found.groups("")[::2], found.groups("")[1::2], strict=True)
    return round(sum(float(n.replace(",", ".")) * _UNITS[unit.lower()] for n, unit in parts if n))


def span_typed(seconds: int) -> str:
    """10 min, 90 s, 3 h: what `typed_span` reads as these seconds; nothing for 0."""
    if not seconds:
        return ""
    name, unit = next((name, unit) for name, unit in _SHOWN if seconds % unit == 0)
    return f"{seconds // unit} {name}"


def number_typed(value: float | None) -> str:
    """4.50: what `typed_number` reads as this value; nothing for none."""
    return "" if value is None or value != value else exact(value)
