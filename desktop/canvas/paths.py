"""Coordinates -> QPainterPath, without a call per vertex."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from layers.index import BLOCK

MOST_VERTICES = 4_000  # a path is drawn without a pause: this many keep the window free
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_WINDING = 1


def chunks(
    rings: NDArray[np.int64], parts: NDArray[np.int64], most: int = BLOCK
) -> Iterator[tuple[int, int]]:
    """Runs [first, last) of features: at most `most`, and not much over MOST_VERTICES together."""
    ends = rings[parts]
    first = 0
    while first < len(parts) - 1:
        full = int(np.searchsorted(ends, ends[first] + MOST_VERTICES, side="right")) - 1
        last = max(first + 1, min(full, first + most, len(parts) - 1))
        yield first, last
        first = last


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
