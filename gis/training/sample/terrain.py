"""The ground: a coastal plain, levees along the rivers, hills behind; and the elevation file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from gis.geo.crs import known, transform
from gis.geo.features import WGS84
from gis.training.sample.columns import shapely
from gis.training.sample.contours import isolines
from gis.training.sample.curves import Points, Shapes, soft_field
from gis.training.sample.plan import Plan

CELL_M = 30.0
NODATA = -9999.0


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Heights in metres above mean sea level at the centres of square cells.

    `z` is (rows, columns), the first row northernmost; `west`, `south` is the outer corner of the grid
    in the CRS `epsg`.
    """

    z: Points
    west: float
    south: float
    cell_m: float
    epsg: int

    @property
    def xs(self) -> Points:
        return self.west + (np.arange(self.z.shape[1]) + 0.5) * self.cell_m

    @property
    def ys(self) -> Points:
        """Row centres, north to south."""
        return self.south + (np.arange(self.z.shape[0])[::-1] + 0.5) * self.cell_m

    def at(self, xy: Points) -> Points:
        """Heights at the (n, 2) places `xy` in the CRS of the grid, bilinear; the edge goes on outside."""
        rows, columns = self.z.shape
        u = np.clip((xy[:, 0] - self.west) / self.cell_m - 0.5, 0, columns - 1.001)
        v = np.clip(rows - 0.5 - (xy[:, 1] - self.south) / self.cell_m, 0, rows - 1.001)
        i, j = v.astype(int), u.astype(int)
        du, dv = u - j, v - i
        top = self.z[i, j] * (1 - du) + self.z[i, j + 1] * du
        low = self.z[i + 1, j] * (1 - du) + self.z[i + 1, j + 1] * du
        return top * (1 - dv) + low * dv

    def slope_at(self, xy: Points) -> Points:
        """The (n, 2) gradient of the ground: metres up per metre east and north."""
        step = np.array([[self.cell_m, 0.0], [0.0, self.cell_m]])
        return np.column_stack([self.at(xy + d) - self.at(xy - d) for d in step]) / (2 * self.cell_m)

    def elevation_at(self, lon: float, lat: float) -> float:
        """The height of one WGS84 place."""
        return float(self.at(transform(np.array([[lon, lat]]), WGS84, self.epsg))[0])

    def contours(self, level: float) -> Shapes:
        """The lines of the height `level`, joined as far as they go."""
        return isolines(self.z, self.xs, self.ys, level)


def raise_terrain(rng: Generator, plan: Plan, water: BaseGeometry, coast: Points) -> Terrain:
    """The ground of the city: low at the coast, a levee along the water, hills where the plan has them."""
    west, south, east, north = plan.sheet
    shape = (round((north - south) / CELL_M), round((east - west) / CELL_M))
    blank = Terrain(np.zeros(shape), west, south, CELL_M, plan.epsg)
    xy = np.stack(np.meshgrid(blank.xs, blank.ys), axis=-1)
    inland = _distance(blank, LineString(coast)) / 1000
    bank = _distance(blank, shapely.union_all([LineString(c.line) for c in plan.channels[:2]]))
    z = 1.5 + 0.9 * inland + 0.11 * inland**2
    z += 0.45 * np.exp(-((bank / 170) ** 2)) - 0.35 * np.exp(-(((bank - 480) / 330) ** 2))
    z += 0.28 * soft_field(rng, shape, (24, 32)) + 0.12 * soft_field(rng, shape, (70, 95))
    hills = np.zeros(shape)
    for hill in plan.hills:
        d2 = (((xy - hill.at) / np.array(hill.radius_m)) ** 2).sum(axis=-1)
        hills = np.maximum(hills, hill.height_m * np.exp(-1.6 * d2))
    rough = 1 + 0.22 * soft_field(rng, shape, (22, 30)) + 0.1 * soft_field(rng, shape, (50, 66))
    z += hills * rough * np.clip((bank - 60) / 450, 0.0, 1.0)
    wet = shapely.contains_xy(water, xy[..., 0].ravel(), xy[..., 1].ravel()).reshape(shape)
    z = np.where(wet, np.minimum(z - 2.6, 0.5 * z), np.maximum(z, 0.4))
    return Terrain(np.round(np.asarray(z, np.float64), 2), west, south, CELL_M, plan.epsg)


def _distance(blank: Terrain, thing: BaseGeometry, every: int = 4) -> Points:
    """Metres to `thing` from each cell, reckoned on a coarser grid."""
    shapely.prepare(thing)
    xs, ys = blank.xs[::every], blank.ys[::every]
    coarse = shapely.distance(thing, shapely.points(*np.meshgrid(xs, ys)))
    wide = np.array([np.interp(blank.xs, xs, row) for row in coarse])
    return np.array([np.interp(-blank.ys, -ys, column) for column in wide.T]).T


def write_elevation(path: Path, terrain: Terrain) -> None:
    """`path` (.asc, ESRI ASCII grid) and the .prj beside it, as GDAL reads them."""
    rows, columns = terrain.z.shape
    head = (
        f"ncols {columns}\nnrows {rows}\nxllcorner {terrain.west:.1f}\nyllcorner {terrain.south:.1f}\n"
        f"cellsize {terrain.cell_m:g}\nNODATA_value {NODATA:g}\n"
    )
    tenths = np.char.mod("%.1f", np.round(terrain.z, 1))
    path.write_text(head + "\n".join(" ".join(row) for row in tenths) + "\n", "ascii")
    path.with_suffix(".prj").write_text(known(terrain.epsg).to_wkt("WKT1_ESRI"), "ascii")


def read_elevation(path: Path, epsg: int) -> Terrain:
    """The ground written by `write_elevation`."""
    with path.open(encoding="ascii") as file:
        head = dict(file.readline().split() for _ in range(6))
        z = np.loadtxt(file, ndmin=2)
    return Terrain(z, float(head["xllcorner"]), float(head["yllcorner"]), float(head["cellsize"]), epsg)
