"""The places a name may stand at, best first. All in pixels, all names at once."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gis.geo.ragged import offsets, ranges

STARTS, MIDDLE, ENDS = -1, 0, 1
_SIDES = (  # where beside a point, as cartographers prefer it: x, y as parts of the way, and the lean
    (1.0, 0.0, STARTS),
    (0.7, -1.0, STARTS),
    (0.7, 1.0, STARTS),
    (-1.0, 0.0, ENDS),
    (-0.7, -1.0, ENDS),
    (-0.7, 1.0, ENDS),
    (0.0, -1.0, MIDDLE),
    (0.0, 1.0, MIDDLE),
)


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Name i may stand at the places `names[i]` to `names[i + 1]` (n + 1,), the best first.

    The middle line of the letters at place j is `xy[ways[j]:ways[j + 1]]` (m + 1,), from left to right: one
    point, the middle of an upright text, or several. `lean` (m,) says how a text stands in its room, where
    that is wider than it: it STARTS at the left, ENDS at the right, or stands in the MIDDLE.
    """

    xy: NDArray[np.float64]
    ways: NDArray[np.int64]
    names: NDArray[np.int64]
    lean: NDArray[np.int8]

    def moved(self, dx: float, dy: float) -> "Spots":
        return replace(self, xy=self.xy + np.array((dx, dy)))

    def only(self, picks: NDArray[np.int64]) -> "Spots":
        """The places of these names, in this order."""
        places = ranges(self.names[picks], np.diff(self.names)[picks])
        lengths = np.diff(self.ways)[places]
        xy = self.xy[ranges(self.ways[places], lengths)]
        return Spots(xy, offsets(lengths), offsets(np.diff(self.names)[picks]), self.lean[places])


def upright(
    xy: NDArray[np.float64], owner: NDArray[np.int64], cost: NDArray[np.float64], count: int
) -> Spots:
    """Upright texts with their middle at `xy` (m, 2): place j is for name `owner[j]`, the cheapest first."""
    order = np.lexsort((cost, owner))
    names = np.searchsorted(owner[order], np.arange(count + 1))
    return Spots(xy[order], np.arange(len(order) + 1), names, np.zeros(len(order), np.int8))


def around(
    xy: NDArray[np.float64], widths: NDArray[np.float64], away: NDArray[np.float64] | float, high: float
) -> Spots:
    """Eight places around each of n points (n, 2), `away` pixels from it, for texts so wide and high."""
    n, k = len(xy), len(_SIDES)
    side = np.array(_SIDES)
    lean = side[:, 2].astype(np.int8)
    away = np.broadcast_to(np.asarray(away, np.float64), (n,))
    places = np.empty((n, k, 2))
    places[..., 0] = xy[:, :1] + away[:, None] * side[:, 0] - np.outer(widths / 2, lean)
    reach = np.where(lean == MIDDLE, 1.0, 0.7)  # beside a sign's shoulder there is less of it
    places[..., 1] = xy[:, 1:] + side[:, 1] * (away[:, None] * reach + high / 2)
    return Spots(places.reshape(-1, 2), np.arange(n * k + 1), np.arange(n + 1) * k, np.tile(lean, n))


def stacked(middle: NDArray[np.float64], high: float) -> Spots:
    """On each of n places (n, 2), else a little above it or below, for upright texts so high."""
    n = len(middle)
    places = middle[:, None, :] + np.array(((0.0, 0.0), (0.0, -0.8 * high), (0.0, 0.8 * high)))
    return Spots(places.reshape(-1, 2), np.arange(3 * n + 1), np.arange(n + 1) * 3, np.zeros(3 * n, np.int8))


def fixed(middle: NDArray[np.float64]) -> Spots:
    """One place for each, there and nowhere else."""
    n = len(middle)
    return Spots(middle, np.arange(n + 1), np.arange(n + 1), np.zeros(n, np.int8))


def nowhere() -> Spots:
    """The places of no names."""
    return fixed(np.zeros((0, 2)))
