"""Where a time zone is at home: a first guess at where a city lies, and no more than that."""

import re
from importlib.resources import files

from gis.geo.extent import Extent

_AROUND_DEG = 1.0
_PLACE = re.compile(r"([+-]\d\d)(\d\d)(\d\d)?([+-]\d\d\d)(\d\d)(\d\d)?")


def around_zone(name: str) -> Extent | None:
    """Some 200 km around the place that gives an IANA zone its name (WGS84), by the zone table of tzdata.

    None for a zone of no place, such as UTC, and for an old name of a zone.
    """
    try:
        lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    except (ImportError, OSError):  # a computer whose zones are of the system
        return None
    for line in lines:
        cells = line.split("\t")
        if len(cells) > 2 and cells[2] == name and (found := _PLACE.fullmatch(cells[1])):
            lat, lon = _degrees(*found.groups()[:3]), _degrees(*found.groups()[3:])
            return lon - _AROUND_DEG, lat - _AROUND_DEG, lon + _AROUND_DEG, lat + _AROUND_DEG
    return None


def _degrees(whole: str, minutes: str, seconds: str | None) -> float:
    size = abs(int(whole)) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -size if whole.startswith("-") else size
