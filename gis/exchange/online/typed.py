"""What a person typed or pasted: the address of tiles, or of a service that says what it has."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

from gis.errors import UserError
from gis.exchange.online import wms, wmts
from gis.exchange.online.courier import Courier
from gis.exchange.online.document import LARGEST, local, root_of
from gis.exchange.online.offers import Offer
from gis.exchange.online.service import TileService, checked, template_checked, where, world
from gis.progress import Progress
from gis.texts import _

_OTHER_NAMES = {
    "zoom": "z", "Z": "z", "X": "x", "Y": "y", "row": "y", "col": "x", "level": "z", "quadkey": "q",
    "TileMatrix": "z", "TileCol": "x", "TileRow": "y", "subdomain": "s", "r": "", "ratio": "",
}  # fmt: skip
_PLACE = re.compile(r"\$?\{([^{}]*)\}")
_SWITCH = re.compile(r"\{switch:([^{}]*)\}")
_ONE_TILE = re.compile(r"/(\d{1,2})/(\d{1,7})/(\d{1,7})((@2x)?\.(png|jpe?g|webp))(?=$|\?)")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a text means: the `template` of tiles, or what to ask a service for, one after the other."""

    template: str = ""
    questions: tuple[str, ...] = ()


def understood(text: str) -> Typed:
    """Raises UserError for what is no web address."""
    address = "".join(text.split()).strip("\"'<>")
    address = re.sub(r"%7B([\w-]+)%7D", r"{\1}", address, flags=re.IGNORECASE)
    if "://" not in address and re.match(r"[\w.-]+\.[A-Za-z]{2,}(:\d+)?/", address):
        address = f"https://{address}"
    address = _SWITCH.sub(lambda found: found[1].split(",")[0], address)
    address = _PLACE.sub(lambda found: _place(found[1]), address)
    if "{" not in address and _ONE_TILE.search(address):
        address = _ONE_TILE.sub(r"/{z}/{x}/{y}\4", address)
    if "{" in address:
        return Typed(template=template_checked(address))
    return Typed(questions=_questions(checked(address)))


def _place(name: str) -> str:
    ours = _OTHER_NAMES.get(name, name)
    return f"{{{ours}}}" if ours else ""


def _questions(address: str) -> tuple[str, ...]:
    """How the capabilities behind an address are asked for; the most likely first."""
    parts = urlsplit(address)
    said = {name.casefold(): value.casefold() for name, value in parse_qsl(parts.query)}
    tiles = said.get("service") == "wmts" or "wmts" in parts.path.casefold()
    if parts.path.casefold().endswith(".xml"):
        return (address,)
    base = where(address, "")
    base += "&" if urlsplit(base).query else "?"
    maps = f"{base}SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0"
    squares = f"{base}SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0"
    if said.get("service") in ("wms", "wmts"):
        return (squares,) if tiles else (maps,)
    return (squares, maps) if tiles else (maps, squares)


def look_into(text: str, courier: Courier, map_crs: int, progress: Progress) -> tuple[Offer, ...]:
    """What lies behind what somebody typed: at least one offer. Raises UserError or Cancelled."""
    typed = understood(text)
    if typed.template:
        service = TileService("xyz", typed.template, world())
        return (Offer(service.host, service),)
    problem: UserError | None = None
    for question in typed.questions:
        try:
            return _asked(question, courier, map_crs, progress)
        except UserError as error:
            problem = problem or error
    assert problem is not None
    raise problem


def _asked(question: str, courier: Courier, map_crs: int, progress: Progress) -> tuple[Offer, ...]:
    answer = courier.ask(question, LARGEST, progress)
    host = urlsplit(question).hostname
    if answer.status != 200:
        raise UserError(
            _("{host} answers with an error ({code}).").format(host=host, code=answer.status),
            hint=_("Nothing was added. Look whether the address is complete, and whether it wants a key."),
        )
    root = root_of(answer.content)
    found = _offered(root, answer.address, map_crs)
    if not found:
        raise UserError(
            _("{host} answers, but not as a service of maps.").format(host=host),
            hint=_(
                "Nothing was added. Paste the address of its WMS or WMTS, or of tiles with {z}, {x} and {y}."
            ),
        )
    return tuple(found)


def _offered(root: ET.Element, address: str, map_crs: int) -> list[Offer]:
    if local(root) in wms.ROOTS:
        return wms.offers(root, address, map_crs)
    return wmts.offers(root, address, map_crs) if local(root) == wmts.ROOT else []
