"""Runs of different lengths in one array: where they begin, and which places they take."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """starts[0] .. starts[0] + counts[0] - 1, starts[1] .. and so on, in one array."""
    if not len(starts):
        return np.zeros(0, np.int64)
    ends = np.cumsum(counts)
    shift = starts - ends + counts
    return np.arange(int(ends[-1]), dtype=np.int64) + np.repeat(shift, counts)


def offsets(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run begins, and where the last ends (n + 1,), for runs of these lengths (n,)."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
