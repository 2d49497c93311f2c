"""The report on paper: A4 by typst."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from gis.exchange.cap import clean
from gis.progress import Progress
from gis.report import ground, mapimage
from gis.report.content import MapLayer, SitrepContent
from gis.report.mapimage import MapPicture
from gis.report.page import laid_out
from gis.report.typeset import typeset
from gis.texts import _, ngettext

MAP_WIDTH_PX, MAP_HEIGHT_PX, MAP_DPI = 1500, 800, 210  # 180 mm wide


def write(content: SitrepContent, layers: Sequence[MapLayer], progress: Progress | None = None) -> bytes:
    """The report as PDF/A-2b; as plain PDF where no font of this computer has a letter somebody typed: the
    web page and the data file hold every letter."""
    picture = _picture(content, layers, progress or Progress())
    pictures = {} if picture is None else {"map.png": picture.png}
    return typeset("sitrep.typ", _data(content, layers, picture), content.as_of, pictures)


def _picture(content: SitrepContent, layers: Sequence[MapLayer], progress: Progress) -> MapPicture | None:
    frame = ground.print_frame(content, layers, MAP_WIDTH_PX, MAP_HEIGHT_PX)
    if frame is None:
        return None
    return mapimage.printed(content, layers, frame, dpi=MAP_DPI, progress=progress)


def _data(content: SitrepContent, layers: Sequence[MapLayer], picture: MapPicture | None) -> dict[str, Any]:
    return laid_out(content, layers) | {
        "date": list(content.as_of.astimezone(UTC).timetuple()[:6]),
        "map": None if picture is None else _map(picture),
    }


def _map(picture: MapPicture) -> dict[str, Any]:
    outside = ""
    if picture.outside:
        outside = ngettext(
            "{n} place lies outside this map; it is in the lists.",
            "{n} places lie outside this map; they are in the lists.",
            picture.outside,
        ).format(n=picture.outside)
    return {
        "ratio": picture.frame.height / picture.frame.width,
        "alt": _("Map of the open incidents and sensors; both are listed below."),
        "names": [{"x": name.x, "y": name.y, "text": clean(name.text)} for name in picture.names],
        "outside": outside,
    }
