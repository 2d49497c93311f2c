"""A rectangle of the earth."""

from typing import TypeAlias

Extent: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north (xmin, ymin, xmax, ymax), as shapely's `bounds`."""


def contains(extent: Extent, x: float, y: float) -> bool:
    """True when the point lies in the rectangle or on its edge."""
    west, south, east, north = extent
    return west <= x <= east and south <= y <= north


def centre(extent: Extent) -> tuple[float, float]:
    """The x and y of the middle."""
    west, south, east, north = extent
    return (west + east) / 2, (south + north) / 2
