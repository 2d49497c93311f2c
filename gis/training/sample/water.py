"""Sea, rivers, canals and lakes as polygons."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, distance_along, soft_line, spaced, wiggle
from gis.training.sample.plan import Channel, Lake, Plan


@dataclass(frozen=True, slots=True, eq=False)
class Waters:
    """`sheet` is the whole map, `land` what no water of the others covers; `coast` the line of the sea."""

    sheet: BaseGeometry
    coast: Points
    sea: BaseGeometry
    channels: tuple[Channel, ...]
    beds: tuple[BaseGeometry, ...]
    lakes: tuple[BaseGeometry, ...]
    land: BaseGeometry

    @property
    def all(self) -> BaseGeometry:
        return shapely.union_all([self.sea, *self.beds, *self.lakes])


def run_waters(rng: Generator, plan: Plan) -> Waters:
    """The waters of the plan with the small bends and bays that a plan does not draw."""
    sheet = box(*plan.sheet)
    coast = wiggle(rng, spaced(plan.coast, 60), 40, 60)
    west, south, east, _ = plan.sheet
    corners = np.array([[east + 900, south - 900], [west - 900, south - 900]])
    sea = shapely.intersection(Polygon(np.vstack([coast, corners])).buffer(0), sheet)
    channels = tuple(
        replace(c, line=_meander(rng, spaced(c.line, 20), 13 if c.kind == "river" else 3))
        for c in plan.channels
    )
    lakes = tuple(_lake(rng, lake) for lake in plan.lakes)
    beds: list[BaseGeometry] = []
    for channel in channels:
        before = shapely.union_all([sea, *beds])
        beds.append(shapely.intersection(_bed(rng, channel), sheet).difference(before))
    land = sheet.difference(shapely.union_all([sea, *beds, *lakes]))
    return Waters(sheet, coast, sea, channels, tuple(beds), lakes, land)


def _meander(rng: Generator, line: Points, reach_m: float) -> Points:
    return wiggle(rng, line, reach_m, max(4, len(line) // 9))


def _bed(rng: Generator, channel: Channel) -> BaseGeometry:
    """The bed as the union of stretches of slowly changing width, widening at the end if it is a river."""
    line = channel.line
    share = distance_along(line) / distance_along(line)[-1]
    width = channel.width_m[0] + (channel.width_m[1] - channel.width_m[0]) * share**1.5
    if channel.kind == "river":
        width *= 1 + 0.1 * soft_line(rng, len(line), 24)[0]
        width *= 1 + 0.9 * np.clip((share - 0.9) / 0.1, 0, 1) ** 2
    stretches = shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1))
    return shapely.simplify(shapely.union_all(shapely.buffer(stretches, width[1:] / 2, quad_segs=6)), 0.8)


def _lake(rng: Generator, lake: Lake) -> BaseGeometry:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    bulge = np.ones(len(angle))
    for waves in (2, 3, 4):
        bulge += rng.normal() * 0.09 * np.cos(waves * angle + rng.uniform(0, 6.3))
    return Polygon(lake.at + np.column_stack([np.cos(angle), np.sin(angle)]) * bulge[:, None] * lake.radius_m)
