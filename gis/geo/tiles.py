"""The world as a pyramid of square tiles in Web Mercator (OGC 17-083r4, annex D: WebMercatorQuad)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from gis.geo.mesh import Mesh

HALF = math.pi * 6_378_137.0  # metres of Web Mercator from the middle of the world to its edge
TILE_PX = 256
DEEPEST = 24
FINER = 0.25  # of a zoom level: tiles are rather a little too fine than too coarse


@dataclass(frozen=True, slots=True)
class Tiles:
    """A rectangle of tiles of one zoom, `left` and `top` the first, `right` and `bottom` past the last."""

    zoom: int
    left: int
    top: int
    right: int
    bottom: int

    def __len__(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """(column, row), row by row; rows count from the north."""
        return ((x, y) for y in range(self.top, self.bottom) for x in range(self.left, self.right))

    @property
    def side(self) -> float:
        """Metres of Web Mercator along a tile."""
        return 2 * HALF / (1 << self.zoom)

    @property
    def west(self) -> float:
        return self.left * self.side - HALF

    @property
    def north(self) -> float:
        return HALF - self.top * self.side


def fitting(net: Mesh, lowest: int, highest: int, most: int) -> Tiles | None:
    """The tiles under a net in Web Mercator, of the zoom that suits its scale and lies in `lowest..highest`.

    Of more than `most` a coarser zoom is taken. None when nothing lies there or even `lowest` has too many.
    """
    if net.bounds is None or not math.isfinite(net.unit):
        return None
    ideal = math.ceil(math.log2(2 * HALF / (TILE_PX * net.unit)) - FINER)
    for zoom in range(min(max(ideal, lowest), highest), lowest - 1, -1):
        found = _under(net, zoom)
        if 0 < len(found) <= most:
            return found
        if not len(found):
            return None
    return None


def _under(net: Mesh, zoom: int) -> Tiles:
    assert net.bounds is not None
    west, south, east, north = net.bounds
    side, count = 2 * HALF / (1 << zoom), 1 << zoom

    def place(metres: float) -> int:
        return min(max(math.floor(metres / side), -1), count)

    left, top = max(place(west + HALF), 0), max(place(HALF - north), 0)
    right, bottom = min(place(east + HALF) + 1, count), min(place(HALF - south) + 1, count)
    return Tiles(zoom, left, top, max(left, right), max(top, bottom))
