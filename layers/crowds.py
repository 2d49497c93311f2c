"""Points that stand close together, counted in the squares of a grid that is fixed to the ground."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from layers.columns import numbers_of
from layers.index import Index
from layers.view import Box

FINEST = 1_024  # squares across a layer: what is finer is counted from the points in view
DENSE = 4  # squares per point, at most, for which a table of all squares pays


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """k squares with points in them, 2**`level` map units wide, counted from the origin of the plane.

    `cells` (k, 2) are their columns and rows; `counts` (k,) the points, or the sum of their weights; `xy`
    (k, 2) their common middle. `position` (k,) is that of the point in its index, where it is the only one,
    else -1.
    """

    level: int
    cells: NDArray[np.int64]
    counts: NDArray[np.float64]
    xy: NDArray[np.float64]
    position: NDArray[np.int64]

    @property
    def size(self) -> float:
        return 2.0**self.level

    def within(self, box: Box) -> "Tally":
        """The squares that touch `box`."""
        west, south, east, north = (int(np.floor(side / self.size)) for side in box)
        seen = (self.cells >= (west, south)).all(axis=1) & (self.cells <= (east, north)).all(axis=1)
        return self.only(np.flatnonzero(seen))

    def only(self, picks: NDArray[np.int64]) -> "Tally":
        """These squares alone."""
        return Tally(self.level, self.cells[picks], self.counts[picks], self.xy[picks], self.position[picks])


def level_of(size: float) -> int:
    """The level whose squares are nearest to `size` map units."""
    return int(np.round(np.log2(size)))


def tally(found: Index, level: int, box: Box, weight: str = "") -> Tally:
    """The squares that touch `box`, each with all its points; `weight` is a column, else each counts as one.

    The first question about a layer goes over all its points (a million: a tenth of a second); what follows
    costs some squares, or the points in view.
    """
    if not len(found.order):
        return _counted(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0), level)
    finest = _finest(found)
    if level >= finest:
        return _kept(found, level, finest, weight).within(box)
    size = 2.0**level
    west, south, east, north = (float(np.floor(side / size)) for side in box)
    whole = (west * size, south * size, (east + 1) * size, (north + 1) * size)
    positions = found.within(whole)
    return _of(found, positions, weight, level).within(box)


def members(found: Index, level: int, cell: tuple[int, int]) -> NDArray[np.int64]:
    """The positions of the points in one square."""
    size = 2.0**level
    box = (cell[0] * size, cell[1] * size, (cell[0] + 1) * size, (cell[1] + 1) * size)
    positions = found.within(box)
    return positions[(np.floor(_places(found, positions) / size) == cell).all(axis=1)]


def most(found: Index, level: int, weight: str = "") -> float:
    """The fullest square of the whole layer; below the finest level what it would hold by area."""
    if not len(found.order):
        return 0.0
    finest = _finest(found)
    kept = _kept(found, max(level, finest), finest, weight)
    return float(kept.counts.max(initial=0.0)) * 4.0 ** min(level - finest, 0)


def _finest(found: Index) -> int:
    boxes = found.blocks
    span = max(float(np.ptp(boxes[:, ::2])), float(np.ptp(boxes[:, 1::2])), 1e-9)
    return int(np.ceil(np.log2(span / FINEST)))


def _kept(found: Index, level: int, finest: int, weight: str) -> Tally:
    """All squares of a level, remembered; each level from the one below."""
    known = found.tallies.get((level, weight))
    if known is None and level == finest:
        known = _of(found, np.arange(len(found.order)), weight, level)
    elif known is None:
        known = _coarser(_kept(found, level - 1, finest, weight))
    found.tallies[(level, weight)] = known
    return known


def _of(found: Index, positions: NDArray[np.int64], weight: str, level: int) -> Tally:
    made = _counted(_places(found, positions), positions, _weights(found, positions, weight), level)
    if found.features.counts is None:
        return made
    return replace(made, position=np.full(len(made.counts), -1))  # none of an overview's is alone


def _places(found: Index, positions: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n, 2) where the points stand; several that are one feature stand in their middle."""
    low = found.low.take(positions, axis=0)
    return low if found.high is found.low else (low + found.high.take(positions, axis=0)) / 2


def _weights(found: Index, positions: NDArray[np.int64], weight: str) -> NDArray[np.float64] | None:
    """(n,) none below zero, 0 for what is no number; None where each point counts as one. A point that stands
    for many weighs as much as they do."""
    rows, counts = found.order[positions], found.features.counts
    column = found.features.columns.get(weight) if weight else None
    if column is None:
        return None if counts is None else counts[rows].astype(np.float64)
    weights = np.maximum(np.nan_to_num(numbers_of(column[rows]), posinf=0.0), 0.0)
    return weights if counts is None else weights * counts[rows].astype(np.float64)


def _counted(
    xy: NDArray[np.float64], positions: NDArray[np.int64], weights: NDArray[np.float64] | None, level: int
) -> Tally:
    cells = np.floor(xy * 2.0**-level).astype(np.int64)
    key, keys = _keys(cells)
    ones = np.bincount(key, minlength=keys)
    held = np.flatnonzero(ones)
    counts = ones if weights is None else np.bincount(key, weights, keys)
    middle = [np.bincount(key, xy[:, axis], keys)[held] / ones[held] for axis in (0, 1)]
    cell = np.zeros((keys, 2), np.int64)
    cell[key] = cells
    only = np.full(keys, -1, np.int64)
    only[key] = positions
    alone = np.where(ones[held] == 1, only[held], -1)
    return Tally(level, cell[held], counts[held].astype(np.float64), np.column_stack(middle), alone)


def _coarser(fine: Tally) -> Tally:
    cells = fine.cells >> 1
    key, keys = _keys(cells)
    parts = np.bincount(key, minlength=keys)
    held = np.flatnonzero(parts)
    counts = np.bincount(key, fine.counts, keys)[held].astype(np.float64)
    middle = [_mean(key, keys, fine.xy[:, axis], fine.counts)[held] for axis in (0, 1)]
    cell = np.zeros((keys, 2), np.int64)
    cell[key] = cells
    only = np.full(keys, -1, np.int64)
    only[key] = fine.position
    alone = np.where(parts[held] == 1, only[held], -1)
    return Tally(fine.level + 1, cell[held], counts, np.column_stack(middle), alone)


def _mean(
    key: NDArray[np.int64], keys: int, values: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    heavy = np.maximum(weights, 1e-12)  # points of no weight still stand somewhere
    with np.errstate(invalid="ignore"):
        return np.bincount(key, values * heavy, keys) / np.bincount(key, heavy, keys)


def _keys(cells: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """A number for each square, and how many numbers there are; some may have no square."""
    if not len(cells):
        return np.zeros(0, np.int64), 0
    low = cells.min(axis=0)
    wide, high = (cells.max(axis=0) - low + 1).tolist()
    key = (cells[:, 0] - low[0]) * high + (cells[:, 1] - low[1])
    if wide * high <= DENSE * len(cells) + 65_536:
        return key, wide * high
    found, key = np.unique(key, return_inverse=True)
    return key, len(found)
