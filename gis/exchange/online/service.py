"""A service of map pictures as a value: where each tile is asked for, on which plane, at which levels."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from gis.errors import UserError
from gis.geo.crs import WEB_MERCATOR, known, transform
from gis.geo.features import WGS84
from gis.geo.mesh import Box
from gis.geo.tiles import DEEPEST, Matrix, square, web_mercator
from gis.texts import _

KINDS = ("xyz", "wms", "wmts")
LONGEST_ADDRESS, MOST_LEVELS = 4_000, 40
SUBDOMAINS = "abc"
PLACES = frozenset({"z", "x", "y", "-y", "s", "q", "west", "south", "east", "north"})
ENOUGH = tuple(map(frozenset, (["q"], ["z", "x", "y"], ["z", "x", "-y"], ["west", "south", "east", "north"])))
_ASKED = "service request version layer style tilematrixset tilematrix tilerow tilecol"
_DRAWN = "layers styles crs srs bbox width height format transparent exceptions"
QUESTION = frozenset(f"{_ASKED} {_DRAWN}".split())
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class TileService:
    """Tiles on the plane `crs` (EPSG), each at its place in `template`.

    `{z}` is the name of a level, `{x}` and `{y}` column and row, `{-y}` the row from the south, `{s}` one of
    a, b, c, `{q}` a quadkey, `{west}` to `{north}` the edges of the tile. `extent` is in WGS84 degrees.
    """

    kind: str
    template: str
    levels: tuple[Matrix, ...]
    crs: int = WEB_MERCATOR
    credit: str = ""
    extent: Box | None = None

    @property
    def host(self) -> str:
        """What may be said of the address: it can hold a key."""
        return (urlsplit(self.template).hostname or "").removeprefix("{s}.")

    @property
    def key(self) -> str:
        """Names it on this computer and tells nothing of it."""
        said = f"{self.template} {self.crs} {self.levels!r}"
        return hashlib.sha256(said.encode()).hexdigest()[:24]

    @property
    def reach(self) -> Box | None:
        """Its extent on its own plane; None when it is everywhere."""
        if self.extent is None:
            return None
        west, south, east, north = self.extent
        along = [n / 8 for n in range(9)]
        edge = [(west + (east - west) * a, south + (north - south) * b) for a in along for b in along]
        there = [each for each in transform(edge, WGS84, self.crs).tolist() if all(map(math.isfinite, each))]
        if not there:
            return None
        x, y = zip(*there, strict=True)
        return min(x), min(y), max(x), max(y)

    def address(self, level: int, x: int, y: int) -> str:
        """Where one tile is asked for."""
        matrix = self.levels[level]
        edges = dict(zip(("west", "south", "east", "north"), map(repr, matrix.box(x, y)), strict=True))
        places = {
            "z": quote(matrix.name, safe=":"),
            "x": str(x),
            "y": str(y),
            "-y": str(matrix.rows - 1 - y),
            "s": SUBDOMAINS[(x + y) % len(SUBDOMAINS)],
            "q": quadkey(level_of(matrix), x, y),
        }
        return _PLACE.sub(lambda found: (places | edges)[found[1]], self.template)


def level_of(matrix: Matrix) -> int:
    """How often the world is halved at this level; only where tiles are counted by quadkeys."""
    return max(matrix.columns.bit_length() - 1, 0)


def quadkey(zoom: int, x: int, y: int) -> str:
    """One digit per level, 0 to 3 (learn.microsoft.com/bingmaps/articles/bing-maps-tile-system)."""
    return "".join(str((x >> n & 1) + 2 * (y >> n & 1)) for n in reversed(range(zoom)))


def checked(address: str) -> str:
    """An address that may be asked. Raises UserError for all but plain http and https, and for passwords."""
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise UserError(
            _("This is no address on a network: it is too long, or has spaces in it."), hint=_ASK_AGAIN
        )
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise UserError(_("This is no address on a network."), hint=_ASK_AGAIN) from error
    if parts.scheme not in ("http", "https") or not host:
        raise UserError(_("Only addresses that begin with http:// or https:// are asked."), hint=_ASK_AGAIN)
    if "@" in parts.netloc:
        raise UserError(
            _("There is a password in this address. It would stand in the operation for all to read."),
            hint=_(
                "Nothing was asked. Have the service opened for this desk's network, or use a key instead."
            ),
        )
    return address


def host_of(address: str) -> tuple[str, str, int | None]:
    """Whom an address asks: scheme, host and port."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def template_checked(template: str) -> str:
    """A template whose places are known and suffice. Raises UserError."""
    named = _PLACE.findall(template)
    for place in named:
        if place not in PLACES:
            raise UserError(
                _("What {place} stands for in this address is not known.").format(place=f"{{{place}}}"),
                hint=_("Write what belongs there, a key for example, in its place."),
            )
    if not any(each <= set(named) for each in ENOUGH):
        raise UserError(
            _("The address does not say where level, column and row of a tile belong."),
            hint=_("It needs {z}, {x} and {y} (or {-y}), as in https://tiles.example.org/{z}/{x}/{y}.png."),
        )
    plain = _PLACE.sub("0", template)
    checked(plain)
    if "{" in plain or "}" in plain or "{" in template.split("/")[2].replace("{s}", ""):
        raise UserError(_("The braces in this address do not fit together."), hint=_ASK_AGAIN)
    return template


_ASK_AGAIN = _("Nothing was asked. Copy the address again from where it is published.")


def where(address: str, said: str) -> str:
    """Where a service is asked, without the words of one question: as it says itself if that is the same
    server, else where it was found. Many services name a server that only their own house can reach."""
    here, there = urlsplit(address), urlsplit(said)
    parts = there if (here.scheme, here.netloc) == (there.scheme, there.netloc) else here
    both = [*parse_qsl(parts.query, keep_blank_values=True), *parse_qsl(here.query, keep_blank_values=True)]
    kept = {name: value for name, value in both if name.casefold() not in QUESTION}
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in kept.items())
    return urlunsplit((parts.scheme, parts.netloc, quote(parts.path, safe="/%:@!$&'()*+,;=~"), query, ""))


def to_origin(service: TileService) -> dict[str, str]:
    """What is needed to ask it again, as texts."""
    levels = [[m.name, m.unit, m.west, m.north, m.columns, m.rows, m.wide, m.high] for m in service.levels]
    said = {
        "kind": service.kind,
        "url": service.template,
        "crs": str(service.crs),
        "levels": json.dumps(levels),
        "credit": service.credit,
        "extent": " ".join(map(repr, service.extent or ())),
    }
    return {name: each for name, each in said.items() if each}


def from_origin(origin: Mapping[str, str]) -> TileService:
    """The service that `to_origin` wrote down. Raises UserError for anything that cannot be."""
    try:
        kind, crs = origin["kind"], int(origin.get("crs") or WEB_MERCATOR)
        levels = leveled([_matrix(each) for each in json.loads(origin["levels"])])
        extent = tuple(map(float, origin.get("extent", "").split()))
        if (
            kind not in KINDS
            or not 0 < crs < 1_000_000
            or len(extent) not in (0, 4)
            or not all(map(math.isfinite, extent))
        ):
            raise ValueError(kind)
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise UserError(
            _("What was written down of this service cannot be read."),
            hint=_("The layer keeps its line. Remove it and add the service again."),
        ) from error
    west, south, east, north = extent or (0.0, 0.0, 0.0, 0.0)
    return TileService(
        kind,
        template_checked(origin.get("url", "")),
        levels,
        crs,
        origin.get("credit", ""),
        (west, south, east, north) if extent else None,
    )


def _matrix(said: Any) -> Matrix:
    name, *numbers = said
    unit, west, north, columns, rows, wide, high = numbers
    whole = (int(columns), int(rows), int(wide), int(high))
    return Matrix(str(name)[:200], float(unit), float(west), float(north), *whole)


def leveled(found: list[Matrix]) -> tuple[Matrix, ...]:
    """Levels from coarse to fine. Raises ValueError where one cannot be, or where there is none."""
    if not 0 < len(found) <= MOST_LEVELS:
        raise ValueError(len(found))
    for each in found:
        finite = all(map(math.isfinite, (each.unit, each.west, each.north)))
        fits = min(each.wide, each.high) >= 64 and max(each.wide, each.high) <= 1024
        counted = min(each.columns, each.rows) > 0 and max(each.columns, each.rows) <= 1 << 30
        if not (finite and fits and counted and 1e-12 < each.unit < 1e7):
            raise ValueError(each)
    return tuple(sorted(found, key=lambda each: -each.unit))


def world(lowest: int = 0, highest: int = 19) -> tuple[Matrix, ...]:
    """The usual levels of tiles in Web Mercator. Raises ValueError."""
    if not 0 <= lowest <= highest <= DEEPEST:
        raise ValueError(lowest, highest)
    return web_mercator(lowest, highest)


def around(crs: int, px: int = 512, highest: int = 20) -> tuple[Matrix, ...]:
    """Levels of our own on a plane, for a service that draws any extent."""
    half = 180.0 if known(crs).is_geographic else 20_037_508.342789244
    return square(half, 0, highest, px)
