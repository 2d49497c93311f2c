"""From the pixels of a picture to another plane: exact at the knots of a coarse net, even between them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gis.geo.crs import transform

STEP_PX = 64
Box = tuple[float, float, float, float]
Cell = tuple[tuple[int, int, int, int], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture to be made: the extent `box` (west, south, east, north) of `crs` (EPSG) on so many pixels."""

    crs: int
    box: Box
    width: int
    height: int


@dataclass(frozen=True)
class Mesh:
    """Where the knots of a frame lie on another plane.

    `columns` (i,) and `rows` (j,) are pixels of the frame, `xy` (j, i, 2) their places; inf for none.
    """

    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    xy: NDArray[np.float64]

    @cached_property
    def bounds(self) -> Box | None:
        """Around all knots that have a place; None when none has."""
        there = self.xy[np.isfinite(self.xy).all(axis=2)]
        if not len(there):
            return None
        (west, south), (east, north) = there.min(axis=0).tolist(), there.max(axis=0).tolist()
        return west, south, east, north

    @cached_property
    def unit(self) -> float:
        """Units of the other plane per pixel of the frame, the median of what can be shown; else inf."""
        along = np.hypot(*np.diff(self.xy, axis=1).transpose(2, 0, 1)) / np.diff(self.columns)
        there = along[np.isfinite(along) & (along > 0)]
        return float(np.median(there)) if len(there) else float("inf")

    def cells(self, west: float, north: float, unit: float, widest: float) -> list[Cell]:
        """Each cell of the net (left, top, right, bottom) with its corners on a picture that begins at (west,
        north) with `unit` per pixel: NW, SW, SE, NE, x and y in turn, as Pillow's MESH takes them.

        Cells that have no place, or that are torn over more than `widest` units, are left out.
        """
        here = self.xy
        corners = np.stack((here[:-1, :-1], here[1:, :-1], here[1:, 1:], here[:-1, 1:]), axis=2)
        sound = np.isfinite(corners).all(axis=(2, 3)) & (np.ptp(corners, axis=2).max(axis=2) < widest)
        quads = (corners - (west, north)) / (unit, -unit)
        return [
            (
                (int(self.columns[i]), int(self.rows[j]), int(self.columns[i + 1]), int(self.rows[j + 1])),
                tuple(quads[j, i].ravel().tolist()),
            )
            for j, i in np.argwhere(sound).tolist()
        ]


def mesh(frame: Frame, crs: int | str) -> Mesh:
    """The net over `frame`, seen on the plane of `crs` (EPSG or WKT). Raises UserError for an unknown one."""
    columns, rows = _knots(frame.width), _knots(frame.height)
    west, south, east, north = frame.box
    x = west + (east - west) * columns / frame.width
    y = north - (north - south) * rows / frame.height
    grid = np.stack(np.meshgrid(x, y), axis=2)
    return Mesh(columns, rows, transform(grid.reshape(-1, 2), frame.crs, crs).reshape(grid.shape))


def _knots(length: int) -> NDArray[np.int64]:
    return np.unique(np.append(np.arange(0, length, STEP_PX), length)).astype(np.int64)
