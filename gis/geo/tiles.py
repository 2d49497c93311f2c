"""Pyramids of tiles: levels of one plane, each finer than the one before (OGC 17-083r4, tile matrix sets)."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gis.geo.mesh import Box, Mesh

HALF = math.pi * 6_378_137.0  # metres of Web Mercator from the middle of the world to its edge
TILE_PX = 256
DEEPEST = 24
MOST_TILES = 600  # of one frame
FINER = 0.25  # of a zoom level: tiles are rather a little too fine than too coarse


@dataclass(frozen=True, slots=True)
class Matrix:
    """One level: `columns` by `rows` tiles of `wide` by `high` pixels from (west, north) on, `unit` of the
    plane per pixel. Columns count from the west and rows from the north."""

    name: str
    unit: float
    west: float
    north: float
    columns: int
    rows: int
    wide: int = TILE_PX
    high: int = TILE_PX

    def box(self, x: int, y: int) -> Box:
        """What the tile in a column and a row covers: west, south, east, north."""
        across, down = self.unit * self.wide, self.unit * self.high
        west, north = self.west + x * across, self.north - y * down
        return west, north - down, west + across, north


@dataclass(frozen=True, slots=True)
class Tiles:
    """A rectangle of tiles of `matrix`, the level of this number; `left` and `top` the first, `right` and
    `bottom` past the last."""

    level: int
    matrix: Matrix
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
    def corner(self) -> tuple[float, float]:
        """West and north of the first tile."""
        west, _south, _east, north = self.matrix.box(self.left, self.top)
        return west, north


def square(half: float, lowest: int, highest: int, px: int = TILE_PX) -> tuple[Matrix, ...]:
    """A square of 2 * `half` units about (0, 0), cut into 1, 4, 16... tiles: its zooms lowest..highest."""
    return tuple(
        Matrix(str(zoom), 2 * half / (px << zoom), -half, half, 1 << zoom, 1 << zoom, px, px)
        for zoom in range(lowest, highest + 1)
    )


def web_mercator(lowest: int, highest: int) -> tuple[Matrix, ...]:
    """The tiles that most of the world's maps come in (OGC 17-083r4, annex D: WebMercatorQuad)."""
    return square(HALF, lowest, highest)


def fitting(net: Mesh, levels: Sequence[Matrix], most: int) -> Tiles | None:
    """The tiles under a net, of the level that suits its scale; `levels` from coarse to fine.

    Of more than `most` a coarser level is taken. None when nothing lies there or even the first has too many.
    """
    if net.bounds is None or not math.isfinite(net.unit):
        return None
    wanted = net.unit * 2**FINER
    ideal = next((n for n, each in enumerate(levels) if each.unit <= wanted), len(levels) - 1)
    for level in range(ideal, -1, -1):
        found = within(levels, level, net.bounds)
        if 0 < len(found) <= most:
            return found
        if not len(found):
            return None
    return None


def within(levels: Sequence[Matrix], level: int, box: Box) -> Tiles:
    """The tiles of a level that a box touches; none where there are none."""
    matrix, (west, south, east, north) = levels[level], box
    across, down = matrix.unit * matrix.wide, matrix.unit * matrix.high

    def place(units: float, side: float, count: int) -> int:
        return min(max(math.floor(units / side), -1), count)

    left = max(place(west - matrix.west, across, matrix.columns), 0)
    top = max(place(matrix.north - north, down, matrix.rows), 0)
    right = min(place(east - matrix.west, across, matrix.columns) + 1, matrix.columns)
    bottom = min(place(matrix.north - south, down, matrix.rows) + 1, matrix.rows)
    return Tiles(level, matrix, left, top, max(left, right), max(top, bottom))
