"""Coordinates as people write and say them: every form is read, every form is printed."""

from gis.geo.coords.parse import Candidate, Form, parse
from gis.geo.coords.print import as_dd, as_dm, as_dms, as_geo, as_link, as_mgrs, as_pair, as_plus_code, as_utm
from gis.geo.coords.written import Written, name_of, written

__all__ = [
    "Candidate",
    "Form",
    "Written",
    "as_dd",
    "as_dm",
    "as_dms",
    "as_geo",
    "as_link",
    "as_mgrs",
    "as_pair",
    "as_plus_code",
    "as_utm",
    "name_of",
    "parse",
    "written",
]
