"""Lines of equal height through a grid (marching squares; Lorensen and Cline 1987, in two dimensions)."""

import numpy as np
from numpy.typing import NDArray

from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes

Cells = NDArray[np.intp]

# Which two edges (0 north, 1 east, 2 south, 3 west) a line joins, by the corners that lie above it:
# 1 north-west, 2 north-east, 4 south-east, 8 south-west. Saddles are cut in two.
_CASES = {
    1: [(3, 0)], 2: [(0, 1)], 3: [(3, 1)], 4: [(1, 2)], 5: [(3, 0), (1, 2)], 6: [(0, 2)], 7: [(3, 2)],
    8: [(2, 3)], 9: [(0, 2)], 10: [(0, 1), (2, 3)], 11: [(1, 2)], 12: [(1, 3)], 13: [(0, 1)], 14: [(3, 0)],
}  # fmt: skip


def isolines(z: Points, xs: Points, ys: Points, level: float) -> Shapes:
    """The lines where the field `z` (rows, columns) over `xs` and `ys` takes the value `level`."""
    z = z - level
    z = np.where(z == 0, 1e-9, z)
    up = z > 0
    case = up[:-1, :-1] + 2 * up[:-1, 1:] + 4 * up[1:, 1:] + 8 * up[1:, :-1]
    pieces: list[Points] = []
    for number, pairs in _CASES.items():
        i, j = np.nonzero(case == number)
        pieces += [np.stack([_crossing(z, xs, ys, i, j, edge) for edge in pair], axis=1) for pair in pairs]
    segments = np.concatenate(pieces)
    segments = segments[np.any(segments[:, 0] != segments[:, 1], axis=1)]
    if not len(segments):
        return np.empty(0, object)
    return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(segments))))


def _crossing(z: Points, xs: Points, ys: Points, i: Cells, j: Cells, edge: int) -> Points:
    """Where the line crosses one edge of each cell; the same numbers from both of its sides."""
    if edge in (0, 2):
        row = i + (edge == 2)
        a, b = z[row, j], z[row, j + 1]
        return np.column_stack([xs[j] + (xs[j + 1] - xs[j]) * (a / (a - b)), ys[row]])
    column = j + (edge == 1)
    a, b = z[i, column], z[i + 1, column]
    return np.column_stack([xs[column], ys[i] + (ys[i + 1] - ys[i]) * (a / (a - b))])
