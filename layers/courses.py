"""Names of lines: they follow the line, never upside down, and come again on long ones. All in pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.ragged import offsets, ranges
from layers.geometry import Ragged
from layers.spots import Spots, nowhere

AGAIN_PX = 600.0  # on a line twice as long its name stands twice
STATION = 0.8  # of a text's height: the way of the letters is told in such steps
TRIES = 8  # to each side of the middle of its stretch
LONGEST = 4_000  # so many stretches, of the longest lines, are looked at
TURN = 0.6  # radians that the way may turn from one station to the next
BENT, STRAIGHT = 0.75, 0.985  # how far apart the ends of a text must be, as a share of its width
UPSIDE_DOWN = -0.2  # cosine of a letter's slant


@dataclass(frozen=True, slots=True, eq=False)
class _Tries:
    """m tries: whose name, where its text begins and ends (arc length), how far from the middle (0 to 1)."""

    owner: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    aside: NDArray[np.float64]

    def only(self, picks: NDArray[np.int64]) -> "_Tries":
        return _Tries(self.owner[picks], self.start[picks], self.end[picks], self.aside[picks])


def along_lines(
    shapes: Ragged,
    widths: NDArray[np.float64],
    stiff: NDArray[np.bool_],
    high: float,
    window: tuple[float, float],
) -> tuple[Spots, NDArray[np.int64]]:
    """Places along n lines for texts so wide (n,) and high, within a window of that size, and whose they are.

    A text that is `stiff` (n,) takes straight stretches alone. A line has an entry for each of its stretches.
    """
    if not len(shapes.xy):
        return nowhere(), np.zeros(0, np.int64)
    walk = _walk(shapes)
    tries, stretch = _tries(shapes, walk.at, widths, high)
    first, last = walk.to(tries.start), walk.to(tries.end)
    width = widths[tries.owner]
    straight = np.hypot(*(last - first).T) / width
    inside = ((first >= 0) & (first <= window) & (last >= 0) & (last <= window)).all(axis=1)
    good = np.flatnonzero(inside & (straight >= np.where(stiff[tries.owner], STRAIGHT, BENT)))
    xy, ways, turn, readable = _stations(walk, tries.only(good), (last - first)[good], high, window)
    keep = np.flatnonzero(readable & ((turn <= TURN) | stiff[tries.owner[good]]))
    chosen = good[keep]
    cost = 6 * (1 - straight[chosen]) + turn[keep] + tries.aside[chosen]
    order = np.lexsort((cost, stretch[chosen]))
    lengths = np.diff(ways)[keep[order]]
    xy = xy[ranges(ways[keep[order]], lengths)]
    entries, firsts = np.unique(stretch[chosen[order]], return_index=True)
    owner = tries.owner[chosen[order]][firsts] if len(entries) else np.zeros(0, np.int64)
    names = np.append(firsts, len(order))
    return Spots(xy, offsets(lengths), names, np.zeros(len(order), np.int8)), owner


def middles(shapes: Ragged) -> NDArray[np.float64]:
    """(n, 2) the place half way along the first part of each line."""
    walk, first = _walk(shapes), shapes.parts[:-1]
    return walk.to((walk.at[shapes.rings[first]] + walk.at[shapes.rings[first + 1] - 1]) / 2)


@dataclass(frozen=True, slots=True, eq=False)
class _Walk:
    """Lines behind each other, told by arc length."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    at: NDArray[np.float64]

    def to(self, arc: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack((np.interp(arc, self.at, self.x), np.interp(arc, self.at, self.y)))


def _walk(shapes: Ragged) -> _Walk:
    way = np.hypot(*np.diff(shapes.xy, axis=0, append=shapes.xy[-1:]).T)
    way[shapes.rings[1:] - 1] = 1.0  # between two lines, so that no place belongs to both
    at = np.concatenate(([0.0], np.cumsum(way)))[:-1]
    return _Walk(np.ascontiguousarray(shapes.xy[:, 0]), np.ascontiguousarray(shapes.xy[:, 1]), at)


def _tries(
    shapes: Ragged, at: NDArray[np.float64], widths: NDArray[np.float64], high: float
) -> tuple[_Tries, NDArray[np.int64]]:
    """Where texts may stand by length alone, and the number of the stretch of each try."""
    begin, finish = at[shapes.rings[:-1]], at[shapes.rings[1:] - 1]
    owner = np.repeat(np.arange(len(widths)), np.diff(shapes.parts))
    length = finish - begin
    long = np.flatnonzero(length >= widths[owner])
    counts = np.maximum(1, length[long] // AGAIN_PX).astype(np.int64)
    line = np.repeat(long, counts)
    part = length[line] / np.repeat(counts, counts)
    middle = begin[line] + (ranges(np.zeros(len(long), np.int64), counts) + 0.5) * part
    largest = np.sort(np.argsort(-part, kind="stable")[:LONGEST])
    line, part, middle = line[largest], part[largest], middle[largest]
    wide = widths[owner[line]]
    free = np.maximum(part - wide, 0.0) / 2
    each = np.clip(free // high, 0, TRIES).astype(np.int64)
    stretch = np.repeat(np.arange(len(line)), 2 * each + 1)
    step = ranges(-each, 2 * each + 1) / np.maximum(each, 1)[stretch]
    start = middle[stretch] + step * free[stretch] - wide[stretch] / 2
    return _Tries(owner[line][stretch], start, start + wide[stretch], np.abs(step)), stretch


def _stations(
    walk: _Walk, tries: _Tries, chord: NDArray[np.float64], high: float, window: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """The ways of the letters, from the left or upwards, how sharply each turns, and if it can be read."""
    count = np.maximum(((tries.end - tries.start) / (STATION * high)).astype(np.int64) + 1, 3)
    ways = offsets(count)
    if not len(count):
        return np.zeros((0, 2)), ways, np.zeros(0), np.zeros(0, bool)
    back = (chord[:, 0] < 0) | ((chord[:, 0] == 0) & (chord[:, 1] > 0))
    start, end = np.where(back, tries.end, tries.start), np.where(back, tries.start, tries.end)
    of = np.repeat(np.arange(len(count)), count)
    share = ranges(np.zeros(len(count), np.int64), count) / (count - 1)[of]
    xy = walk.to(start[of] + share * (end - start)[of])
    step = np.diff(xy, axis=0, append=xy[-1:])
    slant = np.arctan2(step[:, 1], step[:, 0])
    turn = np.abs((np.diff(slant, append=0.0) + np.pi) % (2 * np.pi) - np.pi)
    last = ways[1:] - 1
    slant[last], turn[last], turn[last - 1] = 0.0, 0.0, 0.0
    seen = ((xy >= 0) & (xy <= window)).all(axis=1) & (np.cos(slant) >= UPSIDE_DOWN)
    return xy, ways, np.maximum.reduceat(turn, ways[:-1]), np.logical_and.reduceat(seen, ways[:-1])
