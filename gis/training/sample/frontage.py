"""Plots along streets: where a house may stand, how it lies, and which of two that overlap gives way."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes


@dataclass(frozen=True, slots=True, eq=False)
class Plots:
    """n rectangles: centre (n, 2), the direction of the street in radians, `front_m` along it, `depth_m`.

    `street` is the index of the street, `notch` the share of front and depth cut from an L, 0 for none.
    """

    centre: Points
    angle: Points
    front_m: Points
    depth_m: Points
    notch: Points
    street: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.street)

    def of(self, which: NDArray[np.integer] | NDArray[np.bool_]) -> "Plots":
        return Plots(*(getattr(self, f.name)[which] for f in fields(self)))

    def shapes(self) -> Shapes:
        """The outlines: rectangles, and an L where there is a notch."""
        n, keep = len(self), 1 - self.notch
        outline = np.zeros((n, 6, 2))
        outline[:, 1, 0] = outline[:, 2, 0] = outline[:, 2, 1] = outline[:, 3, 1] = 1
        outline[:, 2, 1] = outline[:, 3, 1] = keep
        outline[:, 3, 0] = outline[:, 4, 0] = keep
        outline[:, 4:, 1] = 1
        uv = (outline - 0.5) * np.stack([self.front_m, self.depth_m], axis=-1)[:, None]
        cos, sin = np.cos(self.angle)[:, None], np.sin(self.angle)[:, None]
        xy = np.stack([uv[..., 0] * cos - uv[..., 1] * sin, uv[..., 0] * sin + uv[..., 1] * cos], axis=-1)
        xy += self.centre[:, None]
        shapes = np.empty(n, object)
        bent = self.notch > 0
        shapes[bent] = shapely.polygons(xy[bent])
        shapes[~bent] = shapely.polygons(xy[~bent][:, [0, 1, 2, 5]])
        return shapes


@dataclass(frozen=True, slots=True, eq=False)
class Frontage:
    """What is built along each of n streets, in metres; a range is (n, 2). `rows` deep, `tilt` in radians."""

    pitch_m: Points
    front_m: Points
    depth_m: Points
    clear_m: Points
    rows: NDArray[np.int64]
    tilt: Points


def along(rng: Generator, streets: Shapes, frontage: Frontage) -> Plots:
    """Plots on both sides of every street, one each pitch; rows behind the first stand back to back."""
    count = np.maximum(0, ((shapely.length(streets) - 6) / frontage.pitch_m).astype(int))
    one = np.repeat(np.arange(len(streets)), 2 * count * frontage.rows)
    order = np.arange(len(one)) - np.repeat(_before(2 * count * frontage.rows), 2 * count * frontage.rows)
    side = np.where(order % 2 == 0, 1.0, -1.0)
    row = order // 2 % frontage.rows[one]
    step = order // (2 * frontage.rows[one])
    pitch = frontage.pitch_m[one]
    at = 5 + (step + rng.uniform(0.35, 0.65, len(one))) * pitch
    front = rng.uniform(*frontage.front_m[one].T)
    depth = rng.uniform(*frontage.depth_m[one].T)
    back = frontage.clear_m[one] + depth / 2 + row * (frontage.depth_m[one, 1] + 1.5)
    back += rng.uniform(0, 0.25, len(one)) * frontage.depth_m[one, 1]
    return beside(
        streets, one, at, side * back, front, depth, rng.normal(0, 1, len(one)) * frontage.tilt[one]
    )


def beside(
    streets: Shapes,
    street: NDArray[np.int64],
    at: Points,
    off: Points,
    front: Points,
    depth: Points,
    tilt: Points,
) -> Plots:
    """Plots `off` metres to the left (negative: right) of the place `at` metres along each street."""
    here = shapely.get_coordinates(shapely.line_interpolate_point(streets[street], at))
    tail = shapely.get_coordinates(shapely.line_interpolate_point(streets[street], np.maximum(at - 3, 0)))
    head = shapely.get_coordinates(shapely.line_interpolate_point(streets[street], at + 3))
    run = head - tail
    run /= np.maximum(np.hypot(*run.T), 1e-6)[:, None]
    centre = here + np.column_stack([-run[:, 1], run[:, 0]]) * off[:, None]
    angle = np.arctan2(run[:, 1], run[:, 0]) + np.where(off < 0, np.pi, 0) + tilt
    return Plots(centre, angle, front, depth, np.zeros(len(street)), street)


def _before(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)[:-1]])


@dataclass(frozen=True, slots=True, eq=False)
class Kerbs:
    """The straight pieces of all streets, and how far from each nothing may stand, in metres."""

    pieces: Shapes
    clear_m: Points


def kerbs(streets: Shapes, clear_m: Points) -> Kerbs:
    """The kerbs of `streets`: short pieces have small boxes, which makes them quick to look up."""
    xy, owner = shapely.get_coordinates(streets, return_index=True)
    joined = owner[1:] == owner[:-1]
    pieces = np.stack([xy[:-1], xy[1:]], axis=1)[joined]
    return Kerbs(shapely.linestrings(pieces), clear_m[owner[1:][joined]])


def standing_free(shapes: Shapes, streets: Kerbs, grounds: BaseGeometry) -> NDArray[np.bool_]:
    """Which shapes lie on `grounds` and on no street."""
    free = np.ones(len(shapes), bool)
    near = shapely.STRtree(shapes).query(streets.pieces, predicate="dwithin", distance=streets.clear_m)
    free[near[1]] = False
    shapely.prepare(grounds)
    free[free] = shapely.contains_properly(grounds, shapes[free])
    return free


def give_way(shapes: Shapes, weight: Points) -> NDArray[np.bool_]:
    """Which shapes stay when, of every two that touch, the one of less weight gives way."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    stays = np.ones(len(shapes), bool)
    while len(a):
        weaker = np.where(weight[a] < weight[b], a, b)
        stronger = np.where(weight[a] < weight[b], b, a)
        beaten = np.zeros(len(shapes), bool)
        beaten[weaker] = True
        sure = ~beaten[stronger]
        stays[weaker[sure]] = False
        left = stays[a] & stays[b]
        a, b = a[left], b[left]
    return stays
