"""All the forms in which a place can be handed on, each with its name."""

from collections.abc import Callable
from enum import StrEnum

from gis.geo.coords.print import as_dd, as_dm, as_dms, as_geo, as_link, as_mgrs, as_pair, as_plus_code, as_utm
from gis.texts import _


class Written(StrEnum):
    """How a place is to be written; the value is how the choice is kept."""

    MGRS = "mgrs"
    UTM = "utm"
    DMS = "dms"
    DM = "dm"
    DD = "dd"
    PAIR = "pair"
    PLUS = "plus"
    GEO = "geo"
    LINK = "link"


def name_of(form: Written) -> str:
    """What people call it."""
    return {
        Written.MGRS: _("Grid reference (MGRS)"),
        Written.UTM: _("UTM"),
        Written.DMS: _("Degrees, minutes, seconds"),
        Written.DM: _("Degrees and minutes"),
        Written.DD: _("Decimal degrees"),
        Written.PAIR: _("Latitude, longitude with signs"),
        Written.PLUS: _("Plus code"),
        Written.GEO: _("geo: address"),
        Written.LINK: _("Map link"),
    }[form]


def written(form: Written, lon: float, lat: float) -> str:
    """A place (WGS84 degrees) in this form; empty where the form ends, as the grids do towards the poles."""
    return _PRINTED[form](lon, lat)


_PRINTED: dict[Written, Callable[[float, float], str]] = {
    Written.MGRS: as_mgrs,
    Written.UTM: as_utm,
    Written.DMS: as_dms,
    Written.DM: as_dm,
    Written.DD: as_dd,
    Written.PAIR: as_pair,
    Written.PLUS: as_plus_code,
    Written.GEO: as_geo,
    Written.LINK: as_link,
}
