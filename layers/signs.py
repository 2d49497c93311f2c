"""Signs for points as outlines, the same for every painter, and as pixels where there is no window."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gis.paint import raster
from gis.paint.shapes import Affine, AreaLook, Join, Marks, Pen, Shapes, Surface, colour
from gis.paint.shapes import Atlas as Masks
from layers.colours import MapColours
from layers.icons import icon
from layers.style import Marker, MarkerShape

BIGGEST = 96.0
EDGE_PX, RIM_PX = 1.2, 2.4  # of a plate, and of an icon that stands alone
LIGHT, DARK = "#ffffff", "#14181c"
LETTER = 0.9  # of the room for it
STEPS = 48  # corners of a circle
ROOM = {  # for what stands inside, as a part of the plate's height
    MarkerShape.SQUARE: 0.72,
    MarkerShape.TRIANGLE: 0.54,
    MarkerShape.STAR: 0.48,
    MarkerShape.CIRCLE: 0.66,
}
Ring = NDArray[np.float64]


def room(shape: MarkerShape) -> float:
    return ROOM.get(shape, 0.7)


def drop(marker: Marker) -> float:
    """How many pixels lower what stands inside is put: in a triangle there is room below."""
    return marker.size_px * 0.16 if marker.shape is MarkerShape.TRIANGLE else 0.0


def _around(count: int, radius: float, turn: float = 0.0) -> Ring:
    """Corners of a regular polygon, the first on top, `turn` degrees on."""
    at = np.radians(np.arange(count) * 360 / count + turn)
    return np.column_stack((np.sin(at), -np.cos(at))) * radius


def _cross(half: float) -> Ring:
    arm = np.array([(-half, -1.0), (half, -1.0), (half, -half)])
    turns = ((1, 0), (0, 1), (-1, 0), (0, -1))
    return np.concatenate([arm @ np.array(((c, s), (-s, c))) for c, s in turns])


CORNERS: dict[MarkerShape, Ring] = {  # around plates about 2 high
    MarkerShape.NONE: np.zeros((0, 2)),
    MarkerShape.CIRCLE: _around(STEPS, 1.0),
    MarkerShape.DIAMOND: _around(4, 1.15),
    MarkerShape.TRIANGLE: np.array([(0, -1.12), (1.18, 0.92), (-1.18, 0.92)]),
    MarkerShape.PENTAGON: _around(5, 1.12),
    MarkerShape.STAR: np.stack((_around(5, 1.25), _around(5, 0.55, 36)), axis=1).reshape(-1, 2),
    MarkerShape.CROSS: _cross(0.36),
    MarkerShape.SQUARE: np.array([(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)]),
}


def corners(shape: MarkerShape, size: float) -> Ring:
    """The edge of a plate around (0, 0), (m, 2), y down; of a circle some corners; empty without a shape.

    All shapes look equally large, so the square is the smallest.
    """
    return CORNERS[shape] * (size / 2)


def ink_on(fill: str) -> str:
    """What is read on a plate of this "#rrggbb"."""
    channels = [int(fill[at : at + 2], 16) for at in (1, 3, 5)]
    return LIGHT if max(channels) + min(channels) < 255 else DARK


def stamp(marker: Marker, colours: MapColours, ratio: float) -> NDArray[np.uint32]:
    """(h, w) premultiplied ARGB, the sign on its centre, by the compiled painter."""
    marker = replace(marker, size_px=min(max(marker.size_px, 1.0), BIGGEST))
    fill = colours.of(marker.colour)
    return _painted(marker, fill, colours.of(marker.edge), ink_on(fill), ratio)


@lru_cache(maxsize=256)
def _painted(marker: Marker, fill: str, edge: str, ink: str, ratio: float) -> NDArray[np.uint32]:
    side = round(round(marker.size_px * 1.3 + 4) * ratio)
    pixels = np.zeros((side, side), np.uint32)
    to = Affine(ratio, ratio, side / 2, side / 2)
    inks = _ink(fill, marker.opacity), _ink(edge, marker.opacity)
    if marker.shape is MarkerShape.NONE:
        alone = [ring * marker.size_px for ring in icon(marker.icon)]
        _fill(pixels, to, alone, AreaLook(0, inks[1], Pen(RIM_PX * ratio, join=Join.ROUND), outlined_px=0))
        _fill(pixels, to, alone, AreaLook(inks[0]))
    else:
        plate = AreaLook(*inks, Pen(EDGE_PX * ratio), outlined_px=0)
        _fill(pixels, to, [_closed(corners(marker.shape, marker.size_px))], plate)
        _inside(pixels, replace(to, dy=to.dy + drop(marker) * ratio), marker, _ink(ink, marker.opacity))
    pixels.flags.writeable = False
    return pixels


def _inside(pixels: NDArray[np.uint32], to: Affine, marker: Marker, ink: int) -> None:
    size = marker.size_px * room(marker.shape)
    if marker.icon:
        _fill(pixels, to, [ring * size for ring in icon(marker.icon)], AreaLook(ink))
    elif marker.glyph:
        _letter(pixels, to, marker.glyph, size * to.sx * LETTER, ink)


def _ink(said: str, opacity: float) -> int:
    red, green, blue = (int(said[at : at + 2], 16) for at in (1, 3, 5))
    return colour(red, green, blue, opacity)


def _fill(pixels: NDArray[np.uint32], to: Affine, rings: Sequence[Ring], look: AreaLook) -> None:
    """Rings of one area; holes turn the other way."""
    if rings:
        xy = np.concatenate(rings).astype(np.float32)
        ends = np.cumsum([0, *(len(ring) for ring in rings)]).astype(np.int32)
        shapes = Shapes.of(xy, ends, np.array([0, len(rings)], np.int32))
        raster.areas(Surface(pixels), to, shapes, look)


def _closed(ring: Ring) -> Ring:
    return np.vstack((ring, ring[:1]))


def _letter(pixels: NDArray[np.uint32], to: Affine, text: str, size: float, ink: int) -> None:
    """A heavy letter on the origin."""
    from PIL import ImageFont  # not while a window opens

    font = ImageFont.load_default(max(size, 1.0))
    mask = font.getmask(text, anchor="lt", stroke_width=size / 24)
    width, height = mask.size
    if width and height:
        cover = np.array(mask, np.uint8).reshape(1, 1, 1, height, width)
        atlas = Masks(cover, width / 2, height / 2)
        raster.stamps(Surface(pixels), to, Marks(np.zeros((1, 2), np.float32)), atlas, ink)
