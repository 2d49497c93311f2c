"""Places inside geo: addresses and map links."""

import re
from urllib.parse import unquote_plus

from gis.geo.coords import pluscode
from gis.geo.coords.fold import fold

_NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
_PAIR = rf"{_NUMBER} ?, ?\+?{_NUMBER}"
_MARKERS = tuple(  # what was pointed at comes before where the map happened to look
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"[?&#]MLAT={_NUMBER}&MLON={_NUMBER}",
        rf"!3D{_NUMBER}!4D{_NUMBER}",
        rf"[?&](?:Q|QUERY|LL|SLL|DADDR|DESTINATION|CENTER|CP|MARKERS?|PIN)=(?:LOC:)?{_PAIR}",
        rf"/(?:PLACE|SEARCH|DIR/[^/]*)/\+?{_PAIR}",
        rf"#MAP=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}",
        rf"#\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}",
        rf"[/@]@?{_PAIR}",
        rf"[?&#]LAT(?:ITUDE)?={_NUMBER}&(?:LON|LNG|LONG|LONGITUDE)={_NUMBER}",
    )
)
_GEO = re.compile(rf"GEO:{_PAIR}(?:,-?\d+(?:\.\d+)?)?(?P<rest>[;?].*)?", re.ASCII)
_GEO_QUERY = re.compile(rf"[?&]Q={_PAIR}(?:\(.*)?", re.ASCII)
_PLUS = re.compile(rf"/([{pluscode.ALPHABET}0]{{8}}\+[{pluscode.ALPHABET}]{{0,7}})$")
LONGEST = 2_000  # characters of a link worth reading


def is_link(text: str) -> bool:
    """True for text that starts as a link does."""
    return bool(re.match(r"\s*(?:geo:|https?://|www\.)\S", text, re.IGNORECASE))


def read(text: str) -> tuple[float, float] | None:
    """Lon and lat of a link of any kind; None when the text is none or names no place."""
    return from_geo(text.strip()) or from_link(text)


def from_geo(text: str) -> tuple[float, float] | None:
    """Lon and lat of a `geo:` address (RFC 5870, with Android's `?q=`); None if not WGS84."""
    match = _GEO.fullmatch(fold(unquote_plus(text.replace("+", "%2B")[:LONGEST])))
    if not match:
        return None
    rest = match["rest"] or ""
    if "CRS=" in rest and "CRS=WGS84" not in rest:
        return None
    return _place(_GEO_QUERY.search(rest) or match)


def from_link(text: str) -> tuple[float, float] | None:
    """Lon and lat of what a map link points at, or else of the middle of its map; None if it has neither."""
    if len(text) > LONGEST or not is_link(text) or " " in text.strip():
        return None
    link = fold(unquote_plus(text.strip().replace("+", "%2B")))
    if plus := _PLUS.search(link):
        return pluscode.decode(plus[1])
    found = (pattern.search(link) for pattern in _MARKERS)
    return next((place for match in found if match and (place := _place(match))), None)


def _place(match: re.Match[str]) -> tuple[float, float] | None:
    lat, lon = float(match[1]), float(match[2])
    return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None
