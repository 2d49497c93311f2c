"""How much a layer weighs, from what is known before it is read. In the worker process only."""

from collections.abc import Sequence
from pathlib import Path

from pyproj import CRS

from gis.exchange.vector import ogr, shaping
from gis.exchange.vector.answers import Size
from gis.exchange.vector.formats import Format
from gis.exchange.vector.ogr import Part
from gis.exchange.vector.staging import sibling

IN_USE = 2  # what a map puts in order beside the features weighs about as much as they do


def in_use(read_bytes: int) -> int:
    """What features of so many bytes weigh once they are on a map."""
    return IN_USE * read_bytes


def size(part: Part, found: Sequence[Part], crs: int, assume_crs: int | None) -> Size:
    """What the file says of a layer, one of those `found` in it, its extent in `crs` (EPSG)."""
    count = ogr.count(part)
    total = sum(ogr.count(each) for each in found) if len(found) > 1 else count
    source = shaping.understood(ogr.source_crs(part)) or shaping.understood(assume_crs)
    box = ogr.bounds(part)
    there = shaping.box_in(box, source, CRS.from_epsg(crs)) if box and source else None
    return Size(count, bytes_of(part, count, total), (*there,) if there else None)  # pyright: ignore[reportArgumentType]


def bytes_of(part: Part, count: int, total: int) -> int:
    """A layer weighs in use about what it weighs in its file: there it has an index of places as well. Of a
    file with others it is given its share by the number of features."""
    path = part.staged.path
    parts = [path]
    if part.staged.format is Format.SHAPEFILE:
        parts += [each for ending in (".dbf", ".shx") if (each := sibling(path, ending))]
    return _bytes(parts) * count // max(total, 1)


def _bytes(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths)
