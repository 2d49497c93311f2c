"""What to say of a pyramid of tiles."""

import math
import re
from collections.abc import Sequence
from html import unescape

from gis.exchange.raster.answers import RasterFacts
from gis.geo.tiles import HALF, TILE_PX
from gis.texts import _

LONGEST_CREDIT = 200
Box = tuple[float, float, float, float]


def described(
    name: str, zooms: tuple[int, int], box: Box | None, attribution: str, findings: Sequence[str] = ()
) -> RasterFacts:
    """The facts of tiles in Web Mercator that lie in `box` (degrees, None: unknown)."""
    middle = math.radians((box[1] + box[3]) / 2) if box else 0.0
    finest = 2 * HALF / (TILE_PX << zooms[1]) * math.cos(middle)
    return RasterFacts(
        name=name,
        what=_("tiles of pictures, zoom {lowest} to {highest}").format(lowest=zooms[0], highest=zooms[1]),
        crs="WGS 84 / Pseudo-Mercator (EPSG:3857)",
        extent=box,
        finest=finest,
        credit=credit(attribution),
        findings=tuple(findings),
    )


def credit(text: str) -> str:
    """Who is to be named: HTML as it stands in many files becomes plain words of one line."""
    plain = unescape(re.sub(r"<[^>]*>", " ", text[:4_000]))
    return " ".join(each for each in plain.split() if each.isprintable())[:LONGEST_CREDIT]


def degrees(west: float, south: float, east: float, north: float) -> Box | None:
    """A box in degrees; None when the numbers cannot be one."""
    sound = -180.001 <= west < east <= 180.001 and -90.001 <= south < north <= 90.001
    return (west, south, east, north) if sound else None
