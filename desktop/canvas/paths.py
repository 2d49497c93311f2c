"""Coordinates -> QPainterPath, without a call per vertex."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from gis.geo.ragged import ranges
from layers.index import BLOCK

MOST_VERTICES = 4_000  # a path is drawn without a pause: this many keep the window free
PIECE = 32  # edges; the cost of a wide stroke grows faster than its length, so lines are drawn in pieces
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_WINDING = 1


def chunks(
    rings: NDArray[np.int64], parts: NDArray[np.int64], most: int = BLOCK, vertices: int = MOST_VERTICES
) -> Iterator[tuple[int, int]]:
    """Runs [first, last) of features: at most `most` of them, and at most `vertices` together.

    A single feature with more vertices is a run of its own.
    """
    ends = rings[parts]
    first = 0
    while first < len(parts) - 1:
        full = int(np.searchsorted(ends, ends[first] + vertices, side="right")) - 1
        last = max(first + 1, min(full, first + most, len(parts) - 1))
        yield first, last
        first = last


def pieces(
    xy: NDArray[np.float64], rings: NDArray[np.int64], most: int = PIECE
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The same lines cut into pieces of at most `most` edges and one; each begins where the last ended."""
    cuts = np.maximum((np.diff(rings) - 2) // most, 0)
    at = np.repeat(rings[:-1], cuts) + ranges(np.ones(len(cuts), np.int64), cuts) * most
    starts = rings + np.searchsorted(at, rings, side="left")
    inner = at + np.arange(1, len(at) + 1)
    return np.insert(xy, at, xy[at], axis=0), np.sort(np.concatenate((starts, inner)))


def path(xy: NDArray[np.float32], rings: NDArray[np.int64]) -> QPainterPath:
    """One path with a subpath per ring, filled by winding; through Qt's own stream format for paths."""
    starts = rings[:-1][np.diff(rings) > 0]
    if not len(starts):
        return QPainterPath()
    base, n = int(rings[0]), int(rings[-1] - rings[0])
    buffer = np.zeros(4 + n * _ELEMENT.itemsize + 8, np.uint8)
    buffer[:4].view(">i4")[0] = n
    buffer[-8:].view(">i4")[:] = int(starts[-1]) - base, _WINDING
    elements = buffer[4:-8].view(_ELEMENT)
    elements["kind"] = 1
    elements["kind"][starts - base] = 0
    elements["x"], elements["y"] = xy[base : base + n].T
    made = QPainterPath()
    _stream = QDataStream(QByteArray(buffer.tobytes())) >> made
    return made
