"""The report on paper: A4 by typst, with no network and nothing evaluated from what people typed."""

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from gis.exchange.cap import clean
from gis.progress import Progress
from gis.report import ground, mapimage
from gis.report.content import MapLayer, SitrepContent
from gis.report.mapimage import MapPicture
from gis.report.page import laid_out
from gis.texts import _, ngettext

MAP_WIDTH_PX, MAP_HEIGHT_PX, MAP_DPI = 1500, 800, 210  # 180 mm wide
ARCHIVE = "a-2b"

# typst asks the next family for a letter that one lacks, then every font of this computer
FAMILIES = (
    *("Noto Sans", "Liberation Sans", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"),
    "Libertinus Serif",  # comes with typst: never without any font
)


def write(content: SitrepContent, layers: Sequence[MapLayer], progress: Progress | None = None) -> bytes:
    """The report as PDF/A-2b; as plain PDF where no font of this computer has a letter somebody typed.

    PDF/A forbids missing glyphs. A report with a box in it, which says so, is better than none: the web
    page and the data file hold every letter.
    """
    picture = _picture(content, layers, progress or Progress())
    data = _data(content, layers, picture)
    with tempfile.TemporaryDirectory(prefix="kentongan-") as folder:
        root = Path(folder)
        template = files("resources") / "templates" / "sitrep.typ"
        (root / "sitrep.typ").write_bytes(template.read_bytes())
        if picture is not None:
            (root / "map.png").write_bytes(picture.png)
        try:
            return _compiled(root, data, content.as_of, pdf_standards=ARCHIVE)
        except typst.TypstError as error:
            if "could not be displayed with font" not in error.message:
                raise
        lacking = _(
            "This computer has no font for some of the letters in this report: they are shown as boxes."
        )
        return _compiled(root, data | {"lacking": lacking}, content.as_of)


def _compiled(root: Path, data: dict[str, Any], made_at: datetime, **options: Any) -> bytes:
    (root / "data.json").write_text(json.dumps(data), "utf-8")
    compiler = typst.Compiler(root / "sitrep.typ", root=root)
    pdf = compiler.compile(format="pdf", timestamp=made_at.replace(microsecond=0), **options)
    assert isinstance(pdf, bytes)
    return pdf


def _picture(content: SitrepContent, layers: Sequence[MapLayer], progress: Progress) -> MapPicture | None:
    frame = ground.print_frame(content, layers, MAP_WIDTH_PX, MAP_HEIGHT_PX)
    if frame is None:
        return None
    return mapimage.printed(content, layers, frame, dpi=MAP_DPI, progress=progress)


def _data(content: SitrepContent, layers: Sequence[MapLayer], picture: MapPicture | None) -> dict[str, Any]:
    return laid_out(content, layers) | {
        "fonts": _families_here(),
        "lang": "en",
        "lacking": "",
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


def _families_here() -> list[str]:
    """Those of our families this computer has: typst warns about the others."""
    here = set(typst.Fonts().families())
    return [family for family in FAMILIES if family in here]
