"""A frame put together from a pyramid of tiles: the level that suits, others where it lacks some."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gis.exchange.raster.answers import Look
from gis.exchange.raster.decoding import decoded
from gis.geo.crs import WEB_MERCATOR, known
from gis.geo.mesh import Frame, Mesh, mesh
from gis.geo.tiles import HALF, MOST_TILES, Matrix, Tiles, fitting, within
from gis.texts import _, ngettext

MOST_PIXELS = 48_000_000  # of the tiles put together, 4 bytes each
UPWARDS, DOWNWARDS = 6, 2  # so many levels up a coarser tile is looked for, and so many down finer ones
Tile = tuple[int, int, int]  # number of the level, column, row (from the north)
Fetch = Callable[[int, int, int], bytes | None]


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Tiles on the plane `crs` (EPSG or WKT), and how to get one; `levels` from coarse to fine."""

    fetch: Fetch
    levels: tuple[Matrix, ...]
    crs: int | str = WEB_MERCATOR


@dataclass(slots=True)
class _Sheet:
    """The tiles as they are asked for; `torn` are those that are there and cannot be made out."""

    pyramid: Pyramid
    torn: set[Tile] = field(default_factory=set[Tile])
    found: dict[Tile, Image.Image | None] = field(default_factory=dict[Tile, Image.Image | None])

    def tile(self, at: Tile) -> Image.Image | None:
        if at not in self.found:
            content = self.pyramid.fetch(*at)
            self.found[at] = None if content is None else decoded(content)
            if content is not None and self.found[at] is None:
                self.torn.add(at)
        return self.found[at]

    def best(self, at: Tile) -> Image.Image | None:
        """The tile, or what coarser and finer ones show of its place. One that is torn stays a gap."""
        if (image := self.tile(at)) is not None or at in self.torn:
            return image
        under, over = self._coarser(at), self._finer(at, DOWNWARDS)
        if under is None or over is None:
            return under or over
        under.alpha_composite(over)
        return under

    def _coarser(self, at: Tile) -> Image.Image | None:
        """The part of the next coarser tile that is there and holds all of this one."""
        level, x, y = at
        matrix = self.pyramid.levels[level]
        west, south, east, north = matrix.box(x, y)
        for parent in self._parents(at):
            if (image := self.tile(parent)) is not None:
                w, s, e, n = self.pyramid.levels[parent[0]].box(*parent[1:])
                across, down = image.width / (e - w), image.height / (n - s)
                box = ((west - w) * across, (n - north) * down, (east - w) * across, (n - south) * down)
                fitted = (max(box[0], 0), max(box[1], 0), min(box[2], image.width), min(box[3], image.height))
                return image.resize((matrix.wide, matrix.high), Image.Resampling.BILINEAR, fitted)
            if parent in self.torn:
                break
        return None

    def _parents(self, at: Tile) -> Iterator[Tile]:
        level, x, y = at
        levels = self.pyramid.levels
        west, south, east, north = levels[level].box(x, y)
        edge = levels[level].unit / 2
        for above in range(level - 1, max(level - 1 - UPWARDS, -1), -1):
            inner = (west + edge, south + edge, east - edge, north - edge)
            holding = within(levels, above, inner)
            if len(holding) == 1:
                yield (above, holding.left, holding.top)

    def _finer(self, at: Tile, deeper: int) -> Image.Image | None:
        """The finer tiles that are there, made small; clear where there are none."""
        level, x, y = at
        levels = self.pyramid.levels
        if not deeper or level + 1 >= len(levels) or levels[level + 1].unit * 4 < levels[level].unit:
            return None
        matrix, finer = levels[level], levels[level + 1]
        west, south, east, north = matrix.box(x, y)
        edge = finer.unit / 2
        whole: Image.Image | None = None
        for cx, cy in within(levels, level + 1, (west + edge, south + edge, east - edge, north - edge)):
            child = (level + 1, cx, cy)
            image = self.tile(child) or self._finer(child, deeper - 1)
            if image is None:
                continue
            whole = whole or Image.new("RGBA", (matrix.wide, matrix.high))
            w, s, e, n = finer.box(cx, cy)
            left, right = round((w - west) / matrix.unit), round((e - west) / matrix.unit)
            top, bottom = round((north - n) / matrix.unit), round((north - s) / matrix.unit)
            small = image.resize((max(right - left, 1), max(bottom - top, 1)), Image.Resampling.BOX)
            whole.paste(small, (left, top))
        return whole


def look(pyramid: Pyramid, frame: Frame) -> Look:
    """The pixels of `frame`. Raises UserError when the frame's CRS is unknown."""
    net = mesh(frame, pyramid.crs)
    tiles = fitting(net, pyramid.levels, MOST_TILES)
    if tiles is None:
        far = fitting(net, pyramid.levels[:1], 1 << 62) is not None
        return Look(None, (_("Zoom in to see it."),) if far else ())
    sheet = _Sheet(pyramid)
    mosaic = _mosaic(sheet, tiles)
    notes = (_torn(len(sheet.torn)),) if sheet.torn else ()
    return Look(None if mosaic is None else _warped(mosaic, tiles, net, frame, pyramid.crs), notes)


def _mosaic(sheet: _Sheet, tiles: Tiles) -> Image.Image | None:
    """All tiles in one picture; None when there is none of them."""
    there = ((x, y, sheet.best((tiles.level, x, y))) for x, y in tiles)
    images = [(x, y, image) for x, y, image in there if image is not None]
    if not images:
        return None
    matrix = tiles.matrix
    finer = max(1.0, max(image.width for _x, _y, image in images) / matrix.wide)
    finer = finer if len(tiles) * matrix.wide * matrix.high * finer**2 <= MOST_PIXELS else 1.0
    wide, high = round(matrix.wide * finer), round(matrix.high * finer)
    whole = Image.new("RGBA", ((tiles.right - tiles.left) * wide, (tiles.bottom - tiles.top) * high))
    for x, y, image in images:
        fitted = image if image.size == (wide, high) else image.resize((wide, high))
        whole.paste(fitted, ((x - tiles.left) * wide, (y - tiles.top) * high))
    return whole


def _warped(mosaic: Image.Image, tiles: Tiles, net: Mesh, frame: Frame, crs: int | str) -> NDArray[np.uint8]:
    matrix = tiles.matrix
    unit = matrix.unit * matrix.wide * (tiles.right - tiles.left) / mosaic.width
    widest = 180.0 if known(crs).is_geographic else HALF
    cells = net.cells(*tiles.corner, unit, widest=widest)
    size = (frame.width, frame.height)
    picture = mosaic.convert("RGBa").transform(size, Image.Transform.MESH, cells, Image.Resampling.BILINEAR)
    return np.asarray(picture)


def _torn(count: int) -> str:
    return ngettext(
        "{count} tile cannot be made out and is left blank.",
        "{count} tiles cannot be made out and are left blank.",
        count,
    ).format(count=count)
