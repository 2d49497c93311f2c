"""Maps of others, opened again from what is kept of them: from files or from a service."""

from collections.abc import Mapping

from gis.errors import UserError
from gis.exchange.online.courier import Courier
from gis.exchange.online.service import KINDS
from gis.exchange.vector.reader import Reader
from gis.texts import _
from layers.sources import online, raster, vector
from layers.sources.base import Source


def opened(reader: Reader, courier: Courier, origin: Mapping[str, str]) -> Source:
    """The source that an `origin` speaks of. Raises UserError where it is none that this version knows."""
    match origin.get("kind"):
        case "vector" if "path" in origin:
            return vector.opened(reader, origin)
        case "raster" if "path" in origin:
            return raster.opened(reader, origin)
        case kind if kind in KINDS:
            return online.opened(reader, courier, origin)
        case _:
            raise UserError(
                _("This version does not know how to open this layer."),
                hint=_("The layer keeps its line. Remove it, or open the operation with a newer version."),
            )
