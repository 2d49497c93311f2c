"""One layer as it came out of its file, before it is brought to the map."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Table:
    """`geometry` holds n shapely geometries or None, 2D; `columns` n values each, texts as str or None.

    `crs` is what the file says ("EPSG:32748", a WKT) or None. `kind` is the geometry type that the file
    declares, as OGC names it. `unreadable` counts shapes that the file has but that make no sense.
    """

    name: str
    kind: str
    crs: str | None
    geometry: NDArray[Any]
    ids: NDArray[np.int64]
    columns: dict[str, NDArray[Any]]
    encoding: str = "utf-8"
    unreadable: int = 0
    problems: list[str] = field(default_factory=list[str])
