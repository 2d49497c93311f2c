"""How far rings reach and how large they are.

Compiled where the painter is (`native/measure.c`), otherwise by the same sums in whole columns.
"""

import numpy as np
from numpy.typing import NDArray

from gis.paint.compiled import compiled

Floats = NDArray[np.float64]


def measured(xy: Floats, rings: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Boxes (r, 4), west, south, east, north, and areas (r,) of the rings `xy[rings[j]:rings[j + 1]]`.

    An area is in square units of `xy` (m, 2), by the shoelace formula, and above zero where its closed ring
    runs anticlockwise. A ring with a coordinate that is not finite, or with none, has a box of nan; of its
    area nothing is said. ValueError where an array or an offset is wrong.
    """
    if compiled is None:
        return in_columns(xy, rings)
    boxes, areas = np.empty((len(rings) - 1, 4)), np.empty(len(rings) - 1)
    compiled.measure(
        np.ascontiguousarray(xy, np.float64), np.ascontiguousarray(rings, np.int64), boxes, areas
    )
    return boxes, areas


def in_columns(xy: Floats, rings: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The same without compiled code; the offsets must be sound."""
    boxes, areas = np.full((len(rings) - 1, 4), np.nan), np.full(len(rings) - 1, np.nan)
    full = np.flatnonzero(np.diff(rings))
    if not len(full):
        return boxes, areas
    starts, lasts = rings[full], rings[full + 1] - 1
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    for side, least in enumerate((np.minimum, np.minimum, np.maximum, np.maximum)):
        boxes[full, side] = least.reduceat(y if side % 2 else x, starts)
    boxes[~np.isfinite(boxes).all(axis=1)] = np.nan
    lengths = lasts + 1 - starts
    with np.errstate(invalid="ignore", over="ignore"):
        # From the first vertex of each ring on, or the products lose the area in their last digits.
        x, y = x[starts[0] :] - np.repeat(x[starts], lengths), y[starts[0] :] - np.repeat(y[starts], lengths)
        cross = np.zeros(len(x))
        cross[1:] = x[:-1] * y[1:] - x[1:] * y[:-1]
        cross[starts - starts[0]] = 0.0  # no edge from one ring to the next
        areas[full] = np.add.reduceat(cross, starts - starts[0]) / 2
    return boxes, areas
