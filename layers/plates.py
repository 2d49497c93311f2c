"""Values beside live symbols: where each has room, decided once for a scale, as it comes into view."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gis.geo.ragged import ranges
from layers.glass import NOTHING_WRONG, RING_PX, Glass
from layers.letters import text_width
from layers.view import MapView

FAR = 22_000.0  # beyond 1 : FAR only values over a limit are written out
TEXT_PX, PLATE_PX, MARGIN_PX, APART_PX = 11.0, 16.0, 4.0, 3.0
AROUND_PX = 120  # what stands so far outside the window has its place before it comes in
MOST, MOST_PAIRS = 200, 10_000  # decided at once, and neighbours looked at: a few milliseconds
Boxes = NDArray[np.float64]  # (m, 4) left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Plate:
    """A value to be written beside symbol `number`: its box from the symbol's middle, in whole pixels."""

    number: int
    x: float
    y: float
    width: float


class Plates:
    """The values of a glass at one scale. None covers another or a symbol that matters; of those that come
    into view together the worst choose first. One without room on any of four sides is left out.

    What was decided stays while the map is dragged. `pending`: more of them wait for the next `see`.
    """

    def __init__(self, glass: Glass, units_per_pixel: float, scale: float) -> None:
        self.glass, self.units_per_pixel = glass, units_per_pixel
        self.pending = False
        self._middle = glass.xy * (1 / units_per_pixel, -1 / units_per_pixel)
        near = (glass.rank < NOTHING_WRONG) | (scale <= FAR)
        self._open = glass.speaks & near & ~glass.covered
        self._placed: list[Plate] = []
        self._boxes: Boxes = np.zeros((0, 4))
        self._crowd = _Crowd(self._middle, np.flatnonzero(~glass.covered))

    def see(self, view: MapView, forbidden: Boxes) -> tuple[Plate, ...]:
        """Those wholly inside a view of this scale, and clear of the boxes `forbidden` in its pixels."""
        waiting = np.flatnonzero(self._open & self.glass.within(view.grown(AROUND_PX).extent))
        self.pending = False
        if len(waiting):
            worst = waiting[np.argsort(self.glass.rank[waiting], kind="stable")]
            self._decide(worst)
        if not self._placed:
            return ()
        left, _south, _east, top = view.extent
        boxes = self._boxes - np.tile((left, -top), 2) / self.units_per_pixel
        inside = (boxes[:, :2] >= 1).all(axis=1) & (boxes[:, 2:] < (view.width, view.height)).all(axis=1)
        seen = np.flatnonzero(inside)
        clear = seen[~_meets(boxes[seen][:, None], forbidden).any(axis=1)]
        return tuple(self._placed[number] for number in clear.tolist())

    def _decide(self, waiting: NDArray[np.int64]) -> None:
        """Find a side for these, the first come first, as many as there is time for."""
        chosen = waiting[:MOST]
        widths = np.array([plate_width(self.glass.label(number)) for number in chosen.tolist()])
        owner, neighbour = self._crowd.near(chosen, widths)
        chosen = chosen[: owner[-1] + 1]
        self.pending = len(chosen) < len(waiting)
        self._open[chosen] = False
        offsets, free = self._sides(chosen, widths[: len(chosen)], owner, neighbour)
        sides = offsets + self._middle[chosen][:, None, [0, 1, 0, 1]]
        found = _taken(sides, free, self._boxes)
        for n, side in found:
            x, y = offsets[n, side, :2].tolist()
            self._placed.append(Plate(int(chosen[n]), x, y, float(widths[n])))
        rows, which = np.array(found, np.int64).reshape(-1, 2).T
        self._boxes = np.concatenate((self._boxes, sides[rows, which]))

    def _sides(
        self,
        chosen: NDArray[np.int64],
        widths: NDArray[np.float64],
        owner: NDArray[np.int64],
        neighbour: NDArray[np.int64],
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The four boxes of each from its middle (m, 4, 4), and which of them are clear of symbols (m, 4)."""
        glass = self.glass
        apart = self._middle[neighbour] - self._middle[chosen[owner]]
        here = np.abs(apart).max(axis=1, initial=0.0) < 1.0  # the alarms of this very instrument
        reach = glass.reach[chosen].copy()
        np.maximum.at(reach, owner[here], glass.reach[neighbour[here]])
        offsets = _offsets(reach + APART_PX, widths)
        calm = glass.rank[chosen] == NOTHING_WRONG
        counts = ~here & ((glass.rank[neighbour] < NOTHING_WRONG) | calm[owner])
        owner, apart, r = owner[counts], apart[counts], glass.reach[neighbour[counts], None]
        taken = np.hstack((apart - r, apart + r))
        free = np.ones((len(chosen), 4), bool)
        for side in range(4):
            free[owner[_meets(offsets[owner, side], taken)], side] = False
        return offsets, free


def _taken(sides: NDArray[np.float64], free: NDArray[np.bool_], before: Boxes) -> list[tuple[int, int]]:
    """One row after the other the first side that is free and touches none taken before: (row, side)."""
    room = np.concatenate((before.T, np.empty((4, len(sides)))), axis=1)
    count, found = len(before), list[tuple[int, int]]()
    for n, side in np.argwhere(free).tolist():
        if found and found[-1][0] == n:
            continue
        left, top, right, bottom = sides[n, side].tolist()
        lefts, tops, rights, bottoms = room[:, :count]
        if not ((lefts <= right) & (rights >= left) & (tops <= bottom) & (bottoms >= top)).any():
            room[:, count] = left, top, right, bottom
            found.append((n, side))
            count += 1
    return found


class _Crowd:
    """Symbols sorted by strips of the map, to find those near a place."""

    def __init__(self, middle: NDArray[np.float64], drawn: NDArray[np.int64]) -> None:
        self._middle, self._high = middle, 2 * RING_PX + APART_PX + PLATE_PX
        west, east = middle[:, 0].min(initial=0.0), middle[:, 0].max(initial=0.0)
        self._west, self._long = west - 1e4, east - west + 2e4
        keys = self._key(drawn)
        order = np.argsort(keys)
        self._numbers, self._keys = drawn[order], keys[order]

    def _key(
        self, numbers: NDArray[np.int64], down: int = 0, right: float | NDArray[np.float64] = 0.0
    ) -> NDArray[np.float64]:
        strip = np.floor(self._middle[numbers, 1] / self._high) + down
        return strip * self._long + (self._middle[numbers, 0] + right - self._west)

    def near(
        self, wanted: NDArray[np.int64], widths: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs (place in `wanted`, number of a symbol that a plate so wide beside it may meet), by place; of
        the first one all, and of those after it until there are many."""
        reach = widths + 2 * RING_PX + APART_PX
        starts = [np.searchsorted(self._keys, self._key(wanted, down, -reach)) for down in (-1, 0, 1)]
        ends = [np.searchsorted(self._keys, self._key(wanted, down, reach)) for down in (-1, 0, 1)]
        first = np.stack(starts, axis=1).ravel()
        counts = np.stack(ends, axis=1).ravel() - first
        most = max(1, int(np.searchsorted(np.cumsum(counts)[2::3], MOST_PAIRS, side="right")))
        first, counts = first[: 3 * most], counts[: 3 * most]
        return np.repeat(np.arange(len(first)) // 3, counts), self._numbers[ranges(first, counts)]


@lru_cache(maxsize=4096)
def plate_width(label: str) -> float:
    """In whole pixels, so that its edges are sharp."""
    return float(np.ceil(text_width(label, TEXT_PX) + 2 * MARGIN_PX))


def _offsets(gap: NDArray[np.float64], width: NDArray[np.float64]) -> NDArray[np.float64]:
    """From a symbol's middle to its boxes (m, 4, 4): right, left, above, below."""
    half = PLATE_PX / 2
    left = np.stack((gap, -gap - width, -np.floor(width / 2), -np.floor(width / 2)), axis=1)
    top = np.stack((np.full_like(gap, -half), np.full_like(gap, -half), -gap - PLATE_PX, gap), axis=1)
    return np.stack((left, top, left + width[:, None], top + PLATE_PX), axis=2)


def _meets(boxes: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Which boxes touch which of the others, broadcast against each other without their last axis."""
    apart = (boxes[..., :2] > others[..., 2:]) | (boxes[..., 2:] < others[..., :2])
    return np.logical_not(np.any(apart, axis=-1))
