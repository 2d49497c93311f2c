"""Points as warmth: how close they stand together, evened out over a few pixels, in the colours of a ramp."""

import numpy as np
from numpy.typing import NDArray

from layers.classify import RAMPS
from layers.crowds import level_of, most, tally
from layers.index import Index
from layers.relief import STEPS, ramp_table
from layers.scene import Raster
from layers.style import Heat
from layers.view import MapView

CELL_PX = 4  # density is counted in squares of this size and drawn smoothly between them
FEWEST = 3.0  # points on one spot are not the hottest there can be
COOL, DENSE = 0.04, 0.85  # below this share of the greatest density nothing is drawn; the thickest colour
EMBER = ("#5b3a87", "#9b3f8f", "#d4516f", "#f08a4b", "#fbd65f")
GLOWS = {"ember": EMBER, **RAMPS}


def heat(found: Index, rule: Heat, view: MapView, ratio: float) -> Raster:
    """The warmth of all points of `found` on `view`, at `ratio` device pixels per pixel.

    The ramp ends at the fullest place of the whole layer at this scale, so that a pan changes no colour.
    """
    cell = CELL_PX * view.units_per_pixel
    sigma = rule.radius_px / 2 / CELL_PX
    paper, columns, rows = _paper(view, cell)
    reach = int(np.ceil(3 * sigma))
    west, south, east, north = paper.grown(reach * CELL_PX).extent
    shown = tally(found, level_of(cell) - 1, (west, south, east, north), rule.weight)
    x = np.floor((shown.xy[:, 0] - west) / cell).astype(np.int64)
    y = np.floor((north - shown.xy[:, 1]) / cell).astype(np.int64)
    wide, high = columns + 2 * reach, rows + 2 * reach
    inside = (x >= 0) & (y >= 0) & (x < wide) & (y < high)
    held = np.bincount((y * wide + x)[inside], shown.counts[inside], wide * high)
    density = _evened(held.reshape(high, wide).astype(np.float32), sigma, reach)
    share = np.clip(density / max(_fullest(found, rule, cell, sigma), 1e-12), 0, 1)
    return Raster(paper, _glowing(_finer(share**0.7, CELL_PX * ratio), glow(rule.ramp)))


def glow(ramp: str) -> tuple[str, ...]:
    """The colours of a ramp from few to many."""
    return GLOWS.get(ramp, EMBER)


def _paper(view: MapView, cell: float) -> tuple[MapView, int, int]:
    """A view around `view` that begins and ends with squares fixed to the ground, and how many those are."""
    west, south, east, north = view.extent
    left, right = np.floor(west / cell) - 1, np.ceil(east / cell) + 1
    low, top = np.floor(south / cell) - 1, np.ceil(north / cell) + 1
    columns, rows = int(right - left), int(top - low)
    x, y = (left + right) / 2 * cell, (low + top) / 2 * cell
    return MapView(x, y, view.units_per_pixel, columns * CELL_PX, rows * CELL_PX), columns, rows


def _fullest(found: Index, rule: Heat, cell: float, sigma: float) -> float:
    """About the greatest density there is: the fullest square of some sigmas, its points evenly in it."""
    level = level_of(2.5 * sigma * cell)
    spread = max((2.0**level / cell) ** 2, 2 * np.pi * sigma**2)  # no narrower than one point spreads
    fullest = most(found, level, rule.weight)
    return (fullest if rule.weight else max(fullest, FEWEST)) / spread


def _evened(values: NDArray[np.float32], sigma: float, reach: int) -> NDArray[np.float32]:
    """Through a bell of `sigma` squares, without the `reach` squares at each side."""
    steps = np.arange(-reach, reach + 1)
    bell = np.exp(-0.5 * (steps / max(sigma, 1e-6)) ** 2)
    bell /= bell.sum()
    high, wide = values.shape[0] - 2 * reach, values.shape[1] - 2 * reach
    level = np.zeros((values.shape[0], wide), np.float32)
    for i, share in enumerate(bell):
        level += values[:, i : i + wide] * np.float32(share)
    made = np.zeros((high, wide), np.float32)
    for i, share in enumerate(bell):
        made += level[i : i + high] * np.float32(share)
    return made


def _finer(values: NDArray[np.float32], times: float) -> NDArray[np.float32]:
    """So many pixels for each square, straight from middle to middle."""
    for axis in (0, 1):
        count = values.shape[axis]
        at = np.clip((np.arange(round(count * times)) + 0.5) / times - 0.5, 0, count - 1)
        first = np.minimum(at.astype(np.int64), max(count - 2, 0))
        share = (at - first).astype(np.float32)
        share = share[:, None] if axis == 0 else share[None, :]
        after = np.minimum(first + 1, count - 1)
        before, beyond = values.take(first, axis), values.take(after, axis)
        values = (before + (beyond - before) * share).astype(np.float32)
    return values


def _glowing(share: NDArray[np.float32], colours: tuple[str, ...]) -> NDArray[np.uint8]:
    """(h, w, 4) premultiplied: clear where it is cool."""
    at = np.arange(STEPS) / (STEPS - 1)
    solid = np.clip((at - COOL) / 0.35, 0, 1) * DENSE
    inks = ramp_table(colours)
    inks = np.round(inks * solid[:, None]).astype(np.uint8)
    return inks[(share * (STEPS - 1)).astype(np.uint8)]
