"""What the worker process does with a raster: says what it is, or paints a frame of it."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gis.errors import UserError
from gis.exchange.online.kept import content_of
from gis.exchange.raster import grid, mbtiles, pmtiles, pyramid
from gis.exchange.raster.answers import Look, RasterFacts
from gis.exchange.raster.pyramid import Pyramid
from gis.exchange.vector import carry
from gis.exchange.vector.formats import Format
from gis.geo.mesh import Frame
from gis.geo.tiles import Matrix
from gis.texts import _

MOST_PIXELS = 24_000_000  # of one frame: a screen of 3840 by 2160 with its margin is 11 million
Request = dict[str, Any]
_FACTS: dict[Format, Callable[[Path], RasterFacts]] = {
    Format.MBTILES: mbtiles.facts,
    Format.PMTILES: pmtiles.facts,
    Format.GEOTIFF: grid.facts,
    Format.ASCII_GRID: grid.facts,
}
_LOOKS: dict[Format, Callable[[Path, Frame, Request], Look]] = {
    Format.MBTILES: lambda path, frame, _request: mbtiles.look(path, frame),
    Format.PMTILES: lambda path, frame, _request: pmtiles.look(path, frame),
    Format.GEOTIFF: lambda path, frame, request: _grid(path, frame, request),
    Format.ASCII_GRID: lambda path, frame, request: _grid(path, frame, request),
}


def _grid(path: Path, frame: Frame, request: Request) -> Look:
    return grid.look(path, frame, request["assume_crs"], smooth=request["smooth"])


def inspected(request: Request, what: Format) -> dict[str, Any]:
    """The fields of `Inspection`, ready for JSON. Raises UserError."""
    found = _FACTS[what](Path(request["path"]))
    return {"format": what.value, "layers": [], "rasters": [asdict(found)]}


def look(request: Request, what: Format, arrays: Path) -> dict[str, Any]:
    """The answer to `Reader.look`; the pixels go into the file `arrays`. Raises UserError."""
    path = Path(request["path"])
    if what not in _LOOKS:
        raise UserError(
            _("{name} is no longer a raster.").format(name=path.name),
            hint=_("Another file lies there now. Remove the layer and add it again."),
        )
    return _told(_LOOKS[what](path, _frame(request), request), arrays)


def piece(request: dict[str, Any], arrays: Path) -> dict[str, Any]:
    """The answer to `Reader.piece`. Raises UserError."""
    folder = Path(request["path"])
    levels = tuple(Matrix(*each) for each in request["levels"])
    tiles = Pyramid(lambda level, x, y: content_of(folder, (level, x, y)), levels, request["plane"])
    return _told(pyramid.look(tiles, _frame(request)), arrays)


def _frame(request: Request) -> Frame:
    width, height = request["size"]
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError(request["size"])
    return Frame(request["crs"], tuple(request["box"]), width, height)


def _told(seen: Look, arrays: Path) -> dict[str, Any]:
    with arrays.open("wb") as file:
        place = None if seen.pixels is None else carry.put(file, seen.pixels)
    return {"pixels": place, "notes": seen.notes}
