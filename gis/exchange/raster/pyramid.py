"""A frame painted from a pyramid of tiles: the zoom that suits, coarser tiles where finer ones lack."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gis.exchange.raster.answers import Look
from gis.exchange.raster.decoding import decoded
from gis.geo.crs import WEB_MERCATOR
from gis.geo.mesh import Frame, Mesh, mesh
from gis.geo.tiles import HALF, TILE_PX, Tiles, fitting
from gis.texts import _, ngettext

MOST_TILES = 600
MOST_PIXELS = 48_000_000  # of the tiles put together, 4 bytes each
UPWARDS = 6  # so many levels up a coarser tile is looked for
Tile = tuple[int, int, int]  # zoom, column, row (from the north)
Fetch = Callable[[int, int, int], bytes | None]


@dataclass(slots=True)
class _Sheet:
    """The tiles as they are asked for; `torn` are those that are there and cannot be made out."""

    fetch: Fetch
    lowest: int
    torn: set[Tile] = field(default_factory=set[Tile])
    found: dict[Tile, Image.Image | None] = field(default_factory=dict[Tile, Image.Image | None])

    def tile(self, at: Tile) -> Image.Image | None:
        if at not in self.found:
            content = self.fetch(*at)
            self.found[at] = None if content is None else decoded(content)
            if content is not None and self.found[at] is None:
                self.torn.add(at)
        return self.found[at]

    def best(self, zoom: int, x: int, y: int) -> Image.Image | None:
        """The tile, or the part of a coarser one that lies under it. One that is torn stays a gap."""
        for up in range(min(UPWARDS, zoom - self.lowest) + 1):
            at = (zoom - up, x >> up, y >> up)
            if (image := self.tile(at)) is not None:
                return image if up == 0 else _part(image, x, y, 1 << up)
            if at in self.torn:
                break
        return None


def _part(image: Image.Image, x: int, y: int, parts: int) -> Image.Image:
    """The square of a coarser tile that tile (x, y) covers, as one of `parts` along each side."""
    size = image.width / parts
    left, top = (x % parts) * size, (y % parts) * size
    box = (left, top, left + size, top + size)
    return image.resize((TILE_PX, TILE_PX), Image.Resampling.BILINEAR, box)


def look(fetch: Fetch, lowest: int, highest: int, frame: Frame) -> Look:
    """The pixels of `frame`. Raises UserError when the frame's CRS is unknown."""
    net = mesh(frame, WEB_MERCATOR)
    tiles = fitting(net, lowest, highest, MOST_TILES)
    if tiles is None:
        far = net.bounds is not None and fitting(net, lowest, lowest, 1 << 62) is not None
        return Look(None, (_("Zoom in to see it."),) if far else ())
    sheet = _Sheet(fetch, lowest)
    mosaic = _mosaic(sheet, tiles)
    notes = (_torn(len(sheet.torn)),) if sheet.torn else ()
    return Look(None if mosaic is None else _warped(mosaic, tiles, net, frame), notes)


def _mosaic(sheet: _Sheet, tiles: Tiles) -> Image.Image | None:
    """All tiles in one picture; None when there is none of them."""
    images = [(x, y, image) for x, y in tiles if (image := sheet.best(tiles.zoom, x, y)) is not None]
    if not images:
        return None
    side = max(image.width for _x, _y, image in images)
    side = side if len(tiles) * side**2 <= MOST_PIXELS else TILE_PX
    whole = Image.new("RGBA", ((tiles.right - tiles.left) * side, (tiles.bottom - tiles.top) * side))
    for x, y, image in images:
        fitted = image if image.size == (side, side) else image.resize((side, side))
        whole.paste(fitted, ((x - tiles.left) * side, (y - tiles.top) * side))
    return whole


def _warped(mosaic: Image.Image, tiles: Tiles, net: Mesh, frame: Frame) -> NDArray[np.uint8]:
    unit = tiles.side * (tiles.right - tiles.left) / mosaic.width
    return warped(mosaic.convert("RGBa"), net, frame, (tiles.west, tiles.north, unit))


def warped(
    image: Image.Image,
    net: Mesh,
    frame: Frame,
    place: tuple[float, float, float],
    sampling: Image.Resampling = Image.Resampling.BILINEAR,
) -> NDArray[np.uint8]:
    """A picture that begins at (west, north) with so many units per pixel (`place`), on `frame`."""
    cells = net.cells(*place, widest=HALF)
    size = (frame.width, frame.height)
    return np.asarray(image.transform(size, Image.Transform.MESH, cells, sampling))


def _torn(count: int) -> str:
    return ngettext(
        "{count} tile cannot be made out and is left blank.",
        "{count} tiles cannot be made out and are left blank.",
        count,
    ).format(count=count)
