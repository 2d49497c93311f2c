"""Templates and data to paper: PDF by typst, with no network and nothing evaluated from what people typed."""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from gis.texts import _

ARCHIVE = "a-2b"

# typst asks the next family for a letter that one lacks, then every font of this computer
FAMILIES = (
    *("Noto Sans", "Liberation Sans", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans"),
    "Libertinus Serif",  # comes with typst: never without any font
)
NO_PICTURES: Mapping[str, bytes] = {}


def typeset(
    template: str, data: Mapping[str, Any], made_at: datetime, pictures: Mapping[str, bytes] = NO_PICTURES
) -> bytes:
    """A template of `resources/templates`, filled, as PDF/A-2b; as plain PDF where no font of this computer
    has a letter somebody typed.

    PDF/A forbids missing glyphs. A paper with a box in it, which says so under "lacking", is better than
    none. `pictures` are the files that the template shows, by name.
    """
    filled = {"fonts": _families_here(), "lang": "en", "lacking": "", **data}
    with tempfile.TemporaryDirectory(prefix="kentongan-") as folder:
        root = Path(folder)
        (root / template).write_bytes((files("resources") / "templates" / template).read_bytes())
        for name, picture in pictures.items():
            (root / name).write_bytes(picture)
        try:
            return _compiled(root / template, filled, made_at, pdf_standards=ARCHIVE)
        except typst.TypstError as error:
            if "could not be displayed with font" not in error.message:
                raise
        lacking = _(
            "This computer has no font for some of the letters in this report: they are shown as boxes."
        )
        return _compiled(root / template, filled | {"lacking": lacking}, made_at)


def _compiled(template: Path, data: dict[str, Any], made_at: datetime, **options: Any) -> bytes:
    (template.parent / "data.json").write_text(json.dumps(data), "utf-8")
    compiler = typst.Compiler(template, root=template.parent)
    pdf = compiler.compile(format="pdf", timestamp=made_at.replace(microsecond=0), **options)
    assert isinstance(pdf, bytes)
    return pdf


def _families_here() -> list[str]:
    """Those of our families this computer has: typst warns about the others."""
    here = set(typst.Fonts().families())
    return [family for family in FAMILIES if family in here]
