"""Which ward a place lies in."""

from collections.abc import Sequence

import numpy as np
from shapely import Point, STRtree, union_all
from shapely.geometry.base import BaseGeometry


class Wards:
    """The wards of a city: names and WGS84 polygons, in the same order. Safe from any thread."""

    def __init__(self, names: Sequence[str], areas: Sequence[BaseGeometry]) -> None:
        self._names, self._areas = list(names), list(areas)
        self._tree = STRtree(self._areas)

    def __len__(self) -> int:
        return len(self._names)

    def of(self, lon: float, lat: float) -> str:
        """The name of the ward around a place, empty outside all. On a border, the first one listed."""
        if not np.isfinite([lon, lat]).all():
            return ""
        around = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._names[int(around.min())] if len(around) else ""

    def area(self, name: str) -> BaseGeometry | None:
        """The outline of the ward of this name (WGS84); of several parts all of them, None where there is no
        such ward."""
        parts = [area for known, area in zip(self._names, self._areas, strict=True) if known == name]
        return None if not parts else parts[0] if len(parts) == 1 else union_all(parts)
