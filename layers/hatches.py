"""Hatches as tiles of ink, one for every painter: the same look on screen, in the legend and on paper."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from layers.style import Fill, Hatch, Pattern
from layers.view import MapView

LEAST_PX, MOST_PX = 2.0, 256.0  # between two lines: denser is a ground, sparser is no hatch
ROOT = 2**0.5


@lru_cache(maxsize=64)
def tile(hatch: Hatch, ratio: float = 1.0) -> NDArray[np.float32]:
    """(s, s) shares of ink, 0 to 1, that repeat without a seam; `ratio` device pixels per pixel.

    A tile is whole pixels wide, so spacing is right to half a pixel. It may be shared: do not write on it.
    """
    spacing = min(max(hatch.spacing_px, LEAST_PX), MOST_PX) * ratio
    half = max(min(hatch.width_px * ratio, spacing) / 2, 0.25)
    slanted = hatch.pattern in (Pattern.RISING, Pattern.FALLING, Pattern.CROSSED)
    side = max(round(spacing * ROOT if slanted else spacing), 2)
    at = np.arange(side, dtype=np.float64) + 0.5
    x, y = np.broadcast_to(at, (side, side)), np.broadcast_to(at[:, None], (side, side))
    middle = side // 2 + 0.5  # of a pixel, or a thin level line would be grey
    match hatch.pattern:
        case Pattern.RISING:
            far = _to_line(x + y, side) / ROOT
        case Pattern.FALLING:
            far = _to_line(x - y, side) / ROOT
        case Pattern.CROSSED:
            far = np.minimum(_to_line(x + y, side), _to_line(x - y, side)) / ROOT
        case Pattern.LEVEL:
            far = _to_line(y - middle, side)
        case Pattern.UPRIGHT:
            far = _to_line(x - middle, side)
        case Pattern.GRID:
            far = np.minimum(_to_line(x - middle, side), _to_line(y - middle, side))
        case Pattern.DOTS:
            far = np.hypot(x - middle, y - middle)
    made = np.clip(half + 0.5 - far, 0.0, min(2 * half, 1.0)).astype(np.float32)
    made.flags.writeable = False
    return made


def _to_line(v: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """How far from the nearest multiple of `side`."""
    v = np.mod(v, side)
    return np.minimum(v, side - v)


def speck(fill: Fill) -> Fill:
    """What a polygon too small to show a hatch is filled with: its ground, or the ink of its hatch."""
    if fill.hatch is None or fill.opacity > 0:
        return replace(fill, hatch=None)
    return Fill(fill.hatch.colour, fill.hatch.opacity * float(tile(fill.hatch).mean()))


def origin(view: MapView, side: int, ratio: float = 1.0) -> tuple[int, int]:
    """Where in a picture of `view` a tile begins, in device pixels: so hatches lie still on the ground."""
    west, _south, _east, north = view.extent
    unit = view.units_per_pixel / ratio
    return round(-west / unit) % side, round(north / unit) % side
