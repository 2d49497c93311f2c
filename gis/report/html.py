"""The report as one page that opens anywhere with no network: text, tables, and a map to touch."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from gis.progress import Progress
from gis.report import selfcontained, webmap
from gis.report.content import MapLayer, SitrepContent
from gis.report.page import laid_out
from gis.report.signs import CORNERS
from gis.report.webmap import WebMap


def write(content: SitrepContent, layers: Sequence[MapLayer], progress: Progress | None = None) -> bytes:
    """The page, UTF-8. Only scripts whose SHA-256 stands in its policy may run, and nothing may load."""
    drawn = webmap.draw(content, layers, progress or Progress())
    scripts = [] if drawn is None else _scripts(drawn)
    page = _template().render(
        d=laid_out(content, layers),
        map=drawn.box if drawn else "",
        leaflet_styles=drawn.styles if drawn else "",
        styles=_resource("sitrep.css"),
        scripts=scripts,
        policy=_policy(scripts),
        corners=CORNERS,
    )
    selfcontained.prove(page)
    return page.encode("utf-8", "replace")


def _scripts(drawn: WebMap) -> list[str]:
    facts = f"var KentonganSheets = {drawn.facts};\n"
    return [_quiet(drawn.library), _quiet(facts + _resource("sitrep.js") + drawn.script)]


def _resource(name: str) -> str:
    return (files("resources") / "templates" / name).read_text("utf-8")


def _template() -> Template:
    rooms = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return rooms.from_string(_resource("sitrep.html"))


def _quiet(script: str) -> str:
    r"""The same script with no address and no end tag to be found in it (`\/` in a string is `/`)."""
    return script.replace("://", ":\\/\\/").replace("</", "<\\/").replace("<!--", "<\\!--")


def _policy(scripts: Sequence[str]) -> str:
    sums = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{one}'" for one in sums) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
