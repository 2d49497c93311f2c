"""Web Map Tile Service 1.0.0 (OGC 07-057r7), by addresses and by questions: which layers, on which levels."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from gis.errors import UserError
from gis.exchange.online.document import XLINK, first, inside, local, number, words
from gis.exchange.online.offers import METRES_PER_PIXEL, MOST_OFFERS, Offer
from gis.exchange.online.planes import Plane, metres_per_unit, plane
from gis.exchange.online.service import TileService, leveled, template_checked, where
from gis.exchange.raster.described import credit, degrees
from gis.geo.crs import WEB_MERCATOR, known
from gis.geo.features import WGS84
from gis.geo.mesh import Box
from gis.geo.tiles import Matrix
from gis.texts import _

ROOT = "Capabilities"
PICTURES = ("image/png", "image/png8", "image/webp", "image/jpeg", "image/jpgpng", "image/jpg")
_OURS = {"tilematrix": "{z}", "tilecol": "{x}", "tilerow": "{y}"}
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class _Set:
    """Levels on one plane."""

    name: str
    plane: Plane
    levels: tuple[Matrix, ...]


def offers(root: ET.Element, address: str, map_crs: int) -> list[Offer]:
    """The layers that a service lists; `address` is where it was asked, `map_crs` what would suit best."""
    contents = first(root, "Contents")
    sets = {words(each, "Identifier"): each for each in inside(contents, "TileMatrixSet")}
    made: dict[str, _Set | None] = {}
    owner = credit(words(root, "ServiceProvider", "ProviderName"))
    asked = _asked(root, address)
    found: list[Offer] = []
    for layer in inside(contents, "Layer"):
        links = [words(each, "TileMatrixSet") for each in inside(layer, "TileMatrixSetLink")]
        for name in links:
            if name in sets and name not in made:
                made[name] = _set(name, sets[name])
        usable = [each for name in links if (each := made.get(name)) is not None]
        found.append(_offer(layer, _preferred(usable, map_crs), asked, owner))
        if len(found) == MOST_OFFERS:
            break
    return found


def _asked(root: ET.Element, address: str) -> str:
    """Where tiles are asked for by a question."""
    metadata = first(root, "OperationsMetadata")
    for operation in inside(metadata, "Operation"):
        if operation.get("name") == "GetTile":
            for way in inside(first(operation, "DCP", "HTTP"), "Get"):
                encodings = [words(v) for v in way.iter() if local(v) == "Value"]
                if not encodings or "KVP" in encodings:
                    return where(address, way.get(XLINK, ""))
    return where(address, "")


def _set(name: str, said: ET.Element) -> _Set | None:
    """The levels of a set; None where its plane is not known here or its numbers cannot be."""
    found = plane(words(said, "SupportedCRS"))
    if found is None:
        return None
    metres = metres_per_unit(found.crs)
    try:
        levels = [_matrix(each, found, metres) for each in inside(said, "TileMatrix")]
        return _Set(name, found, leveled(levels))
    except (ValueError, TypeError):
        return None


def _matrix(said: ET.Element, found: Plane, metres: float) -> Matrix:
    """Raises ValueError or TypeError where a number is missing."""
    sides = ("TileWidth", "TileHeight", "MatrixWidth", "MatrixHeight")
    wide, high, columns, rows = (int(words(said, name)) for name in sides)
    unit = float(words(said, "ScaleDenominator")) * METRES_PER_PIXEL / metres
    one, two = (float(each) for each in words(said, "TopLeftCorner").split())
    west, north = (two, one) if _turned(one, two, found) else (one, two)
    return Matrix(words(said, "Identifier"), unit, west, north, columns, rows, wide, high)


def _turned(one: float, two: float, found: Plane) -> bool:
    """True when the corner says north before west. Some services do not, against the standard: where only
    the other order is a place on earth, it is meant."""
    if not found.north_first:
        return False
    if known(found.crs).is_geographic:
        return abs(one) <= 90.0 + 1e-6 or abs(two) > 90.0 + 1e-6
    return True


def _preferred(sets: list[_Set], map_crs: int) -> _Set | None:
    for wanted in (map_crs, WEB_MERCATOR, WGS84):
        for each in sets:
            if each.plane.crs == wanted:
                return each
    return sets[0] if sets else None


def _offer(layer: ET.Element, levels: _Set | None, asked: str, owner: str) -> Offer:
    name = words(layer, "Identifier")
    title, about = words(layer, "Title") or name, words(layer, "Abstract")
    kinds = [words(each).lower() for each in inside(layer, "Format")]
    kind = next((each for each in PICTURES if each in kinds), "")
    if levels is None or not kind:
        why = (
            _("The service has it on no plane that is known here.")
            if kind
            else _("The service has it neither as PNG nor as JPEG nor as WebP.")
        )
        return Offer(title, None, about, problem=why)
    try:
        template = template_checked(_template(layer, name, levels.name, kind, asked))
    except UserError as error:
        return Offer(title, None, about, problem=str(error))
    service = TileService("wmts", template, levels.levels, levels.plane.crs, owner, _extent(layer))
    return Offer(title, service, about)


def _template(layer: ET.Element, name: str, levels: str, kind: str, asked: str) -> str:
    style = _style(layer)
    fixed = {"tilematrixset": levels, "style": style, "layer": name, **_dimensions(layer)}
    for resource in inside(layer, "ResourceURL"):
        if resource.get("resourceType") == "tile" and resource.get("format", "").lower() == kind:
            return _PLACE.sub(lambda found: _placed(found[1], fixed), resource.get("template", ""))
    said = {
        "SERVICE": "WMTS",
        "REQUEST": "GetTile",
        "VERSION": "1.0.0",
        "LAYER": name,
        "STYLE": style,
        "FORMAT": kind,
        "TILEMATRIXSET": levels,
    }
    said |= {key.upper(): value for key, value in _dimensions(layer).items()}
    query = "&".join(f"{key}={quote(value, safe=':/')}" for key, value in said.items())
    join = "&" if urlsplit(asked).query else "?"
    return f"{asked}{join}{query}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}"


def _placed(place: str, fixed: dict[str, str]) -> str:
    ours = _OURS.get(place.casefold())
    if ours:
        return ours
    value = fixed.get(place.casefold())
    return f"{{{place}}}" if value is None else quote(value, safe=":")


def _style(layer: ET.Element) -> str:
    styles = list(inside(layer, "Style"))
    usual = next((each for each in styles if each.get("isDefault") == "true"), None)
    return words(usual if usual is not None else next(iter(styles), None), "Identifier")


def _dimensions(layer: ET.Element) -> dict[str, str]:
    """A time, a height: as the service shows it when nothing is said."""
    there = inside(layer, "Dimension")
    return {words(each, "Identifier").casefold(): words(each, "Default") for each in there}


def _extent(layer: ET.Element) -> Box | None:
    box = first(layer, "WGS84BoundingBox")
    corners = [number(each) for part in ("LowerCorner", "UpperCorner") for each in words(box, part).split()]
    sides = [each for each in corners if each is not None]
    return degrees(sides[0], sides[1], sides[2], sides[3]) if len(sides) == 4 else None
