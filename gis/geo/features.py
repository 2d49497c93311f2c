"""Features as arrays: columns in, columns out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

WGS84 = 4326


class Shape(Enum):
    """What kind of thing every feature of one `Features` is."""

    POINT = 0
    LINE = 1
    POLYGON = 2


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """`n` features of one shape, with their attributes.

    `xy` is (m, 2) float64, x=easting or longitude first, in the CRS `crs` (an EPSG code).
    `rings` is (r + 1,) int64: ring (or line, or point) `j` is `xy[rings[j]:rings[j + 1]]`.
    `parts` is (n + 1,) int64: feature `i` owns rings `parts[i]` to `parts[i + 1]`; an empty or null
    geometry owns none. Polygon rings are closed, outer rings anticlockwise, each followed by its holes,
    clockwise, so a non-zero winding fill is right for holes and for multi-parts.
    `ids` has n entries: the file's feature ids (int64) or record ids (object, str).
    `columns` maps a name to an array of length n: numbers, or object arrays of str (or None).
    `counts` (n,) is there only in an overview: each entry stands for so many features of a layer and has the
    columns of the largest of them; its id is nobody's.
    """

    shape: Shape
    xy: NDArray[np.float64]
    rings: NDArray[np.int64]
    parts: NDArray[np.int64]
    ids: NDArray[Any]
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict[str, NDArray[Any]])
    crs: int = WGS84
    counts: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.parts) - 1
