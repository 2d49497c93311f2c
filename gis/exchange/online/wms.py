"""Web Map Service 1.1.1 (OGC 01-068r3) and 1.3.0 (OGC 06-042): which layers there are, how each is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from gis.exchange.online.document import XLINK, first, inside, number, words
from gis.exchange.online.offers import METRES_PER_PIXEL, MOST_OFFERS, Offer, scale
from gis.exchange.online.planes import Plane, preferred
from gis.exchange.online.service import TileService, around, where
from gis.exchange.raster.described import credit, degrees
from gis.geo.mesh import Box
from gis.texts import _

ROOTS = frozenset({"WMS_Capabilities", "WMT_MS_Capabilities"})
PICTURES = ("image/png", "image/png8", "image/png; mode=8bit", "image/webp", "image/jpeg")
TILE_PX, DEEPEST = 512, 20
_SQRT_2 = 2**0.5


@dataclass(frozen=True, slots=True)
class _Heir:
    """What a layer has of its own and of those above it (OGC 06-042, 7.2.4.8)."""

    planes: tuple[str, ...] = ()
    extent: Box | None = None
    credit: str = ""
    min_scale: float | None = None
    max_scale: float | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """How the service is asked: where, in which version, for pictures of which kinds, no larger than."""

    address: str
    version: str
    formats: tuple[str, ...]
    px: int
    map_crs: int


def offers(root: ET.Element, address: str, map_crs: int) -> list[Offer]:
    """The layers with a name that a service lists; `address` is where it was asked, `map_crs` what would
    suit best."""
    version = "1.3.0" if root.get("version", "1.3.0").startswith("1.3") else "1.1.1"
    capability = first(root, "Capability")
    get_map = first(capability, "Request", "GetMap")
    formats = tuple(words(each).lower() for each in inside(get_map, "Format"))
    sides = [number(words(root, "Service", name)) for name in ("MaxWidth", "MaxHeight")]
    px = int(min([TILE_PX, *(each for each in sides if each is not None and each >= 64)]))
    said = first(get_map, "DCPType", "HTTP", "Get", "OnlineResource")
    desk = _Desk(
        where(address, said.get(XLINK, "") if said is not None else ""), version, formats, px, map_crs
    )
    owner = words(root, "Service", "ContactInformation", "ContactPersonPrimary", "ContactOrganization")
    heir = _Heir(credit=credit(owner))
    found: list[Offer] = []
    for layer in inside(capability, "Layer"):
        for offer in _offers(layer, heir, desk):
            found.append(offer)
            if len(found) == MOST_OFFERS:
                return found
    return found


def _offers(
    layer: ET.Element, above: _Heir, desk: _Desk, titles: tuple[str, ...] | None = None
) -> Iterator[Offer]:
    """The layers in a layer. Titles of groups stand before theirs; that of the outermost says nothing."""
    heir = _inherited(layer, above, desk.version)
    if name := words(layer, "Name"):
        yield _offer(layer, name, heir, desk, titles or ())
    inner = () if titles is None else (*titles, words(layer, "Title"))
    for child in inside(layer, "Layer"):
        yield from _offers(child, heir, desk, inner)


def _inherited(layer: ET.Element, above: _Heir, version: str) -> _Heir:
    tag = "CRS" if version == "1.3.0" else "SRS"
    planes = [name for each in inside(layer, tag) for name in words(each).split()]
    low, high = _scales(layer, version)
    return replace(
        above,
        planes=(*planes, *above.planes),
        extent=_extent(layer, version) or above.extent,
        credit=credit(words(layer, "Attribution", "Title")) or above.credit,
        min_scale=low if low is not None else above.min_scale,
        max_scale=high if high is not None else above.max_scale,
    )


def _extent(layer: ET.Element, version: str) -> Box | None:
    if version == "1.3.0":
        box = first(layer, "EX_GeographicBoundingBox")
        names = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
        found = [number(words(box, name)) for name in names]
    else:
        old = first(layer, "LatLonBoundingBox")
        found = [
            number(old.get(name)) if old is not None else None for name in ("minx", "miny", "maxx", "maxy")
        ]
    sides = [each for each in found if each is not None]
    return degrees(sides[0], sides[1], sides[2], sides[3]) if len(sides) == 4 else None


def _scales(layer: ET.Element, version: str) -> tuple[float | None, float | None]:
    """From and to which scale denominator it is drawn; 1.1.1 says it by the diagonal of a pixel in metres."""
    if version == "1.3.0":
        low, high = (number(words(layer, name)) for name in ("MinScaleDenominator", "MaxScaleDenominator"))
        return scale(low), scale(high)
    hint = first(layer, "ScaleHint")
    said = [number(hint.get(name)) if hint is not None else None for name in ("min", "max")]
    low, high = (None if each is None else each / _SQRT_2 / METRES_PER_PIXEL for each in said)
    return scale(low), scale(high)


def _offer(layer: ET.Element, name: str, heir: _Heir, desk: _Desk, titles: tuple[str, ...]) -> Offer:
    title = ": ".join([*titles, words(layer, "Title") or name])
    about, opaque = words(layer, "Abstract"), layer.get("opaque") == "1"
    kinds = [each for each in PICTURES if each in desk.formats]
    if opaque and "image/jpeg" in kinds:
        kinds.insert(0, "image/jpeg")
    found = preferred(heir.planes, desk.map_crs)
    if not kinds or found is None:
        why = (
            _("The service draws it on no plane that is known here.")
            if kinds
            else _("The service draws neither PNG nor JPEG nor WebP.")
        )
        return Offer(title, None, about, problem=why)
    service = TileService(
        "wms",
        _template(desk, name, found, kinds[0]),
        around(found.crs, desk.px, DEEPEST),
        found.crs,
        heir.credit,
        heir.extent,
    )
    return Offer(title, service, about, heir.min_scale, heir.max_scale)


def _template(desk: _Desk, name: str, plane: Plane, kind: str) -> str:
    """Only 1.3.0 says coordinates in the order of the reference system (OGC 06-042, 6.7.2)."""
    turned = desk.version == "1.3.0" and plane.north_first
    box = "{south},{west},{north},{east}" if turned else "{west},{south},{east},{north}"
    asked = {
        "SERVICE": "WMS",
        "VERSION": desk.version,
        "REQUEST": "GetMap",
        "LAYERS": name,
        "STYLES": "",
        "CRS" if desk.version == "1.3.0" else "SRS": plane.name,
        "WIDTH": str(desk.px),
        "HEIGHT": str(desk.px),
        "FORMAT": kind,
        "TRANSPARENT": "FALSE" if kind == "image/jpeg" else "TRUE",
    }
    query = "&".join(f"{key}={quote(value, safe=':/,')}" for key, value in asked.items())
    join = "&" if urlsplit(desk.address).query else "?"
    return f"{desk.address}{join}{query}&BBOX={box}"
