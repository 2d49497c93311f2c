"""Degrees, degrees and minutes, degrees minutes and seconds: two angles that make a place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gis.geo.coords.fold import number

_SYNONYMS = (  # Indonesian and Japanese hemispheres, and the names of the axes
    (r"\b(?:LINTANG SELATAN|LS)\b|南緯", "S"),
    (r"\b(?:LINTANG UTARA|LU)\b|北緯", "N"),
    (r"\b(?:BUJUR TIMUR|BT)\b|東経", "E"),
    (r"\b(?:BUJUR BARAT|BB)\b|西経", "W"),
    (r"\b(?:LATITUDE|LINTANG|LAT)\b\.? ?[:=]?", "Y"),
    (r"\b(?:LONGITUDE|BUJUR|LONG|LON|LNG)\b\.? ?[:=]?", "X"),
    (r" ?\b(?:DEGREES?|DEG)\b\.?", "°"),
    (r" ?\b(?:MINUTES?|MIN)\b\.?", "'"),
    (r" ?\b(?:SECONDS?|SEC)\b\.?", '"'),
)
_DECIMAL = r"\d{1,3}(?:[.,]\d{1,15})?"
_GAP = r"(?:[:-]| ?)"
_ANGLE = re.compile(
    rf"(?P<before>[NSEWXY]?) ?(?P<sign>[+-]?)(?P<degrees>{_DECIMAL})(?P<ring> ?°)?"
    rf"(?:{_GAP}(?P<minutes>{_DECIMAL}) ?'?(?:{_GAP}(?P<seconds>{_DECIMAL}) ?\"?)?)? ?(?P<after>[NSEW]?)",
    re.ASCII,
)
_SPLIT = re.compile(r" ?[,;/] ?| |(?<=[NSEWXY])(?=[^ ,;/])|(?<=[^ ,;/])(?=[NSEWXY])")
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Angle:
    """One angle as said: degrees, `N S E W`, `Y X` or nothing, and how many parts it had.

    `signed` when a sign or a hemisphere was said, `marked` when a mark or a degree ring was.
    """

    degrees: float
    mark: str
    parts: int
    signed: bool
    marked: bool

    @property
    def axis(self) -> str:
        return {"N": "Y", "S": "Y", "E": "X", "W": "X"}.get(self.mark, self.mark)


def pairs(text: str) -> Iterator[tuple[Angle, Angle]]:
    """Every way in which a folded text falls into two angles of the same form."""
    if len(text) > LONGEST:
        return
    plain = text.strip("()[]{} ")
    for pattern, sign in _SYNONYMS:
        plain = re.sub(pattern, sign, plain)
    for split in _SPLIT.finditer(plain):
        halves = plain[: split.start()], plain[split.end() :]
        pointed = [bool(re.search(r"\d,\d", half)) for half in halves]
        if split[0] == "," and any(pointed) and not all(pointed):
            continue  # one comma cannot both part the angles and point the decimals
        first, second = map(_angle, halves)
        if first and second and _alike(first, second):
            yield first, second


def places(first: Angle, second: Angle) -> list[tuple[Angle, Angle]]:
    """The orders in which two angles make a place, as (longitude, latitude). Without a mark, both may do."""
    return [
        (lon, lat)
        for lat, lon in ((first, second), (second, first))
        if lat.axis in ("", "Y") and lon.axis in ("", "X")
        if abs(lat.degrees) <= 90 and abs(lon.degrees) <= 180
    ]


def _alike(first: Angle, second: Angle) -> bool:
    return first.parts == second.parts or (first.marked and second.marked)


def _angle(text: str) -> Angle | None:
    match = _ANGLE.fullmatch(text)
    if not match or (match["before"] and match["after"]):
        return None
    mark, numbers = match["before"] or match["after"], [match["degrees"], match["minutes"], match["seconds"]]
    values = [number(part) for part in numbers if part]
    if _too_fine(values) or (mark not in ("N", "S", "E", "W") and re.search(r"\d[:-]", text)):
        return None
    degrees = sum(value / 60**power for power, value in enumerate(values))
    if match["sign"] == "-" and mark in ("N", "E"):
        return None
    negative = match["sign"] == "-" or mark in ("S", "W")
    signed = bool(match["sign"]) or mark in ("N", "S", "E", "W")
    return Angle(-degrees if negative else degrees, mark, len(values), signed, bool(mark or match["ring"]))


def _too_fine(values: list[float]) -> bool:
    """Sixty minutes or seconds, or a fraction before the last part: nobody means that."""
    return any(value >= 60 for value in values[1:]) or any(value % 1 for value in values[:-1])
