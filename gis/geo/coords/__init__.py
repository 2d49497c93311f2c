"""Coordinates as people write and say them: every form is read, every form is printed."""

from gis.geo.coords.parse import Candidate, Form, parse
from gis.geo.coords.print import as_dd, as_dm, as_dms, as_mgrs, as_plus_code, as_utm

__all__ = ["Candidate", "Form", "as_dd", "as_dm", "as_dms", "as_mgrs", "as_plus_code", "as_utm", "parse"]
