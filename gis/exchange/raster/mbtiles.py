"""MBTiles 1.3 with pictures in it (github.com/mapbox/mbtiles-spec): one SQLite file, rows from the south."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from gis.errors import UserError
from gis.exchange.raster import pyramid
from gis.exchange.raster.answers import Look, RasterFacts
from gis.exchange.raster.decoding import decoded
from gis.exchange.raster.described import degrees, described
from gis.exchange.raster.pyramid import Fetch, Pyramid
from gis.geo.mesh import Frame
from gis.geo.tiles import DEEPEST, web_mercator
from gis.store.guest import Guest, looked_into
from gis.texts import _


@contextmanager
def opened(path: Path) -> Generator[tuple[Fetch, int, int]]:
    """How to get a tile, and the lowest and highest zoom. Raises UserError when no pictures are in it."""
    with looked_into(path) as guest:
        metadata = said(guest)
        _refuse_vector(path, metadata)
        lowest, highest = zooms(guest, path.name)
        yield _fetch(guest, lowest), lowest, highest


def said(guest: Guest) -> dict[str, str]:
    """The metadata; later values of the same name do not count."""
    rows = guest.rows("SELECT name, value FROM metadata", most=1_000) if _has(guest, "metadata") else []
    return {str(name): str(value)[:4_000] for name, value in reversed(rows)}


def zooms(guest: Guest, name: str) -> tuple[int, int]:
    """The lowest and highest zoom level that is there, whatever the metadata say."""
    if not _has(guest, "tiles"):
        raise UserError(
            _("{name} is an SQLite database without a table of tiles.").format(name=name),
            hint=_("MBTiles with pictures have one. The file was not changed."),
        )
    there = [zoom for zoom in range(DEEPEST + 1) if _first(guest, zoom)]
    if not there:
        raise UserError(
            _("{name} holds no tiles.").format(name=name), hint=_("Copy it again from where it came from.")
        )
    return there[0], there[-1]


def bounds(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees; None when they are none."""
    try:
        west, south, east, north = (float(each) for each in text.split(","))
    except ValueError:
        return None
    return degrees(west, south, east, north)


def _has(guest: Guest, table: str) -> bool:
    kinds = "type IN ('table', 'view') AND name = ?"
    return guest.row(f"SELECT 1 FROM sqlite_schema WHERE {kinds}", (table,)) is not None


def _first(guest: Guest, zoom: int) -> bool:
    return guest.row("SELECT 1 FROM tiles WHERE zoom_level = ? LIMIT 1", (zoom,)) is not None


def _fetch(guest: Guest, lowest: int) -> Fetch:
    question = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1"

    def fetch(level: int, x: int, y: int) -> bytes | None:
        zoom = lowest + level
        found = guest.row(question, (zoom, x, (1 << zoom) - 1 - y))
        if found is None or found[0] is None:
            return None
        return found[0] if isinstance(found[0], bytes) else b""

    return fetch


def _refuse_vector(path: Path, metadata: dict[str, str]) -> None:
    if metadata.get("format", "").casefold() in ("pbf", "mvt"):
        raise UserError(
            _("{name} holds vector tiles, which are not read; pictures are.").format(name=path.name),
            hint=_("Make tiles of pictures (PNG, JPEG, WebP) of it, or open the layers it was made from."),
        )


def look(path: Path, frame: Frame) -> Look:
    """The pixels of a frame. Raises UserError."""
    with opened(path) as (fetch, lowest, highest):
        return pyramid.look(Pyramid(fetch, web_mercator(lowest, highest)), frame)


def facts(path: Path) -> RasterFacts:
    """What there is, by the tiles themselves where the metadata are silent or wrong. Raises UserError."""
    with opened(path) as (_fetch, lowest, highest), looked_into(path) as guest:
        metadata = said(guest)
        sample = guest.row("SELECT tile_data FROM tiles WHERE zoom_level = ? LIMIT 1", (highest,))
    content = sample[0] if sample else None
    if not isinstance(content, bytes) or decoded(content) is None:
        findings = [_("The first tile looked at is no picture (PNG, JPEG or WebP).")]
    else:
        findings = []
    return described(
        metadata.get("name", "").strip()[:100] or path.stem,
        (lowest, highest),
        bounds(metadata.get("bounds", "")),
        metadata.get("attribution", ""),
        findings,
    )
