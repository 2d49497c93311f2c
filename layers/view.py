"""Which piece of the earth is on which pixels."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
METRES_PER_PIXEL_OF_A_SCREEN = 0.0254 / 96


@dataclass(frozen=True, slots=True)
class MapView:
    """A window on the map: its centre in map units, map units per pixel, and its size in pixels.

    Pixel (0, 0) is the top left corner; y grows downwards on screen and upwards on the map.
    """

    x: float
    y: float
    units_per_pixel: float
    width: int
    height: int

    @property
    def extent(self) -> Box:
        """West, south, east, north in map units."""
        half_w = self.width * self.units_per_pixel / 2
        half_h = self.height * self.units_per_pixel / 2
        return (self.x - half_w, self.y - half_h, self.x + half_w, self.y + half_h)

    def scale(self, metres_per_unit: float = 1.0) -> float:
        """The denominator n of "1 : n" on a screen of 96 pixels per inch."""
        return self.units_per_pixel * metres_per_unit / METRES_PER_PIXEL_OF_A_SCREEN

    def to_pixels(self, xy: NDArray[np.float64]) -> NDArray[np.float32]:
        """(m, 2) map coordinates -> (m, 2) pixels."""
        left, _south, _east, top = self.extent
        pixels = np.empty(xy.shape, np.float32)
        pixels[:, 0] = (xy[:, 0] - left) / self.units_per_pixel
        pixels[:, 1] = (top - xy[:, 1]) / self.units_per_pixel
        return pixels

    def to_map(self, px: float, py: float) -> tuple[float, float]:
        """One pixel -> map coordinates."""
        left, _south, _east, top = self.extent
        return left + px * self.units_per_pixel, top - py * self.units_per_pixel

    def sized(self, width: int, height: int) -> "MapView":
        """The same centre and scale in a window of another size."""
        return replace(self, width=max(1, width), height=max(1, height))

    def centred(self, x: float, y: float) -> "MapView":
        return replace(self, x=x, y=y)

    def panned(self, dx: float, dy: float) -> "MapView":
        """The map dragged by (dx, dy) pixels: what was at (0, 0) is then at (dx, dy)."""
        unit = self.units_per_pixel
        return replace(self, x=self.x - dx * unit, y=self.y + dy * unit)

    def zoomed(self, factor: float, px: float | None = None, py: float | None = None) -> "MapView":
        """Units per pixel times `factor`, around a pixel (default: the centre) that keeps its place."""
        dx = 0.0 if px is None else px - self.width / 2
        dy = 0.0 if py is None else self.height / 2 - py
        shift = self.units_per_pixel * (1 - factor)
        return replace(
            self,
            x=self.x + dx * shift,
            y=self.y + dy * shift,
            units_per_pixel=self.units_per_pixel * factor,
        )

    def fit(self, extent: Box, margin: float = 0.05) -> "MapView":
        """The closest look at the whole of `extent` with `margin` of the window left free on each side.

        An extent without size (one point) moves the centre and keeps the scale.
        """
        west, south, east, north = extent
        free = 1 - 2 * margin
        unit = max((east - west) / (self.width * free), (north - south) / (self.height * free))
        return replace(
            self, x=(west + east) / 2, y=(south + north) / 2, units_per_pixel=unit or self.units_per_pixel
        )

    def grown(self, pixels: int) -> "MapView":
        """The same map with `pixels` more on every side."""
        return replace(self, width=self.width + 2 * pixels, height=self.height + 2 * pixels)

    def covers(self, other: "MapView") -> bool:
        """True when all of `other` lies inside this one."""
        west, south, east, north = self.extent
        o_west, o_south, o_east, o_north = other.extent
        return west <= o_west and south <= o_south and east >= o_east and north >= o_north
