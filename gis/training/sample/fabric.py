"""The fabric of the city: quarters cut into blocks, streets between them, plots of field and pond."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes, areas, smooth, spaced
from gis.training.sample.cutting import Cuts, Manner, cut
from gis.training.sample.plan import Plan
from gis.training.sample.terrain import Terrain
from gis.training.sample.water import Waters

BANK_M = 16.0
PATTERNS = ("kampung", "grid", "estate", "suburb", "rural", "hill", "works")
# by pattern: length_m, depth_m, wave_m, jitter
_CUTTING = np.array(
    [[64, 46, 4.5, 0.14], [98, 84, 0.4, 0.0], [170, 46, 0.6, 0.02], [125, 70, 5.0, 0.1], [430, 300, 22, 0.14],
     [9999, 9999, 0, 0], [190, 105, 0.4, 0.03]]
)  # fmt: skip
WORKS = ("port", "industrial")
_PLOTS = {"pond": (115.0, 70.0, 2.0), "paddy": (120.0, 48.0, 3.0)}
_CONTOUR_ROADS_M = (19.0, 31.0, 46.0, 64.0, 84.0)


@dataclass(frozen=True, slots=True, eq=False)
class Fabric:
    """Streets as lines with a rank (arterial, collector, local, lane) and the block patterns beside them.

    `street_block` is the superblock a street was cut from, -1 for streets older than the blocks;
    `blocks` are the superblocks (wards are made of them) with their pattern (index into PATTERNS).
    `grounds` is where houses may stand;
    `plots` are ponds and paddies with `plot_kind`; `reserves` the other grounds of one use.
    """

    streets: Shapes
    rank: NDArray[np.object_]
    old_name: NDArray[np.object_]
    street_block: NDArray[np.int64]
    grounds: BaseGeometry
    blocks: Shapes
    pattern: NDArray[np.int64]
    reserves: Shapes
    plots: Shapes
    plot_kind: NDArray[np.object_]


def density(plan: Plan, xy: Points) -> Points:
    """How densely the place is built, 0 to 1, from the centres of the plan."""
    best = np.zeros(len(xy))
    for centre in plan.centres:
        d = np.hypot(*(xy - centre.at).T) / centre.reach_m
        best = np.maximum(best, centre.weight * 2 ** -(d**2.4))
    return best


def weave(rng: Generator, plan: Plan, waters: Waters, terrain: Terrain) -> Fabric:
    """Streets and blocks of the whole city."""
    beds = shapely.union_all([*waters.beds, *waters.lakes])
    dry = waters.land.difference(beds.buffer(BANK_M)).difference(waters.sea.buffer(25))
    corridors = shapely.union_all([LineString(r.line).buffer(14) for r in plan.roads])
    reserves = _reserves(plan, waters, corridors)
    squares = np.isin([r.kind for r in plan.reserves], ("park", "cemetery"))
    works = np.isin([r.kind for r in plan.reserves], WORKS)
    grounds = dry.difference(shapely.union_all(reserves[~works]))
    faces = _faces(plan, grounds, reserves[works])
    faces, avenues = _superblocks(rng, plan, terrain, faces)
    pattern, manner = _manners(rng, plan, terrain, faces)
    cuts = cut(rng, faces, manner)
    kept, rank = _ranked(rng, cuts, pattern)
    older = [
        *((np.array([LineString(r.line)], object), r.rank, r.name) for r in plan.roads),
        (avenues, "collector", ""),
        (shapely.get_parts(shapely.boundary(reserves[squares])), "local", "Jalan Taman"),
        (_embankments(plan, beds, grounds), "local", "Jalan Tepian"),
        (_contour_roads(plan, terrain, grounds), "local", ""),
    ]
    counts = [len(lines) for lines, _, _ in older]
    old_rank, old_name = (np.repeat(np.array([o[i] for o in older], object), counts) for i in (1, 2))
    plots, plot_kind = _plots(rng, plan, reserves)
    return Fabric(
        streets=np.concatenate([lines for lines, _, _ in older] + [cuts.lines[kept]]),
        rank=np.concatenate([old_rank, rank]),
        old_name=np.concatenate([old_name, np.full(len(rank), "", object)]),
        street_block=np.concatenate([np.full(sum(counts), -1), cuts.line_of[kept]]),
        grounds=grounds,
        blocks=faces,
        pattern=pattern,
        reserves=reserves,
        plots=plots,
        plot_kind=plot_kind,
    )


def _ranked(
    rng: Generator, cuts: Cuts, pattern: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.object_]]:
    """Which cuts become streets, and their ranks; here and there a lane was never made."""
    kept = shapely.length(cuts.lines) > 14
    kept &= ~((cuts.line_area < 9000) & (rng.uniform(size=len(kept)) < 0.07))
    where = pattern[cuts.line_of]
    narrow = np.where(where == PATTERNS.index("grid"), 0, np.where(where == 0, 16_000, 11_000))
    return kept, np.where(cuts.line_area < narrow, "lane", "local").astype(object)[kept]


def _reserves(plan: Plan, waters: Waters, corridors: BaseGeometry) -> Shapes:
    """The reserves on dry ground, clear of the main streets, none over another."""
    taken, shapes = corridors, []
    for reserve in plan.reserves:
        ground = Polygon(reserve.outline).buffer(0).intersection(waters.land)
        if reserve.kind != "mangrove":
            ground = ground.difference(shapely.union_all(waters.beds).buffer(BANK_M))
        shapes.append(areas(ground.difference(taken)))
        taken = taken.union(ground)
    return np.array(shapes, object)


def _faces(plan: Plan, grounds: BaseGeometry, works: Shapes) -> Shapes:
    """What the main streets leave between them, with the fences of the works."""
    fences = shapely.boundary(works)
    lines = shapely.union_all([grounds.boundary, *(LineString(r.line) for r in plan.roads), *fences])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    shapely.prepare(grounds)
    inside = shapely.contains(grounds, shapely.point_on_surface(faces)) & (shapely.area(faces) > 400)
    return faces[inside]


def _superblocks(rng: Generator, plan: Plan, terrain: Terrain, faces: Shapes) -> tuple[Shapes, Shapes]:
    """Faces cut to the size of a neighbourhood, and the collectors where they were cut."""
    n = len(faces)
    side = np.full(n, 460.0)
    manner = Manner(
        side, side * 0.75, np.full(n, np.nan), np.full(n, 20.0), np.full(n, 0.12), np.zeros(n, bool)
    )
    cuts = cut(rng, faces, manner)
    middle = shapely.get_coordinates(shapely.line_interpolate_point(cuts.lines, 0.5, normalized=True))
    steep = np.hypot(*terrain.slope_at(middle).T) > 0.06
    return cuts.pieces, cuts.lines[(density(plan, middle) > 0.12) & ~steep]


def _manners(rng: Generator, plan: Plan, terrain: Terrain, faces: Shapes) -> tuple[NDArray[np.int64], Manner]:
    """The pattern of each superblock and how that is cut."""
    n, centre = len(faces), shapely.get_coordinates(shapely.centroid(faces))
    dense = density(plan, centre) + rng.normal(0, 0.05, n)
    pattern = np.select(
        [np.hypot(*terrain.slope_at(centre).T) > 0.045, dense > 0.62, dense > 0.3, dense > 0.13],
        [5, 3, np.where(rng.uniform(size=n) < 0.6, 2, 3), 3],
        4,
    )
    pattern = np.where((pattern == 3) & (dense > 0.62) & (rng.uniform(size=n) < 0.45), 0, pattern)
    angle = np.where(pattern == 2, rng.uniform(0, np.pi, n), np.nan)
    for quarter in reversed(plan.quarters):
        inside = shapely.contains_xy(Polygon(quarter.outline), centre[:, 0], centre[:, 1])
        pattern = np.where(inside, PATTERNS.index(quarter.pattern), pattern)
        angle = np.where(
            inside, np.nan if quarter.pattern == "kampung" else np.radians(quarter.angle_deg), angle
        )
    for reserve in plan.reserves:
        if reserve.kind in WORKS:
            inside = shapely.contains_xy(Polygon(reserve.outline), centre[:, 0], centre[:, 1])
            pattern = np.where(inside, PATTERNS.index("works"), pattern)
    length, depth, wave, jitter = _CUTTING[pattern].T
    spread = np.where(pattern == 1, 1, rng.uniform(0.9, 1.15, n))
    return pattern, Manner(length * spread, depth * spread, angle, wave, jitter, pattern == 1)


def _embankments(plan: Plan, beds: BaseGeometry, grounds: BaseGeometry) -> Shapes:
    """Streets along the water where the city is dense."""
    edge = shapely.get_parts(shapely.segmentize(beds.buffer(BANK_M).boundary, 30))
    xy, owner = shapely.get_coordinates(edge, return_index=True)
    joined = owner[1:] == owner[:-1]
    pairs = np.stack([xy[:-1], xy[1:]], axis=1)[joined]
    middle = pairs.mean(axis=1)
    shapely.prepare(grounds)
    near = shapely.dwithin(grounds, shapely.points(middle), 3) & (density(plan, middle) > 0.42)
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pairs[near]))))
    return lines[shapely.length(lines) > 120]


def _contour_roads(plan: Plan, terrain: Terrain, grounds: BaseGeometry) -> Shapes:
    """Streets on the slopes follow the contours."""
    kept: list[BaseGeometry] = []
    for level in _CONTOUR_ROADS_M:
        for line in shapely.intersection(terrain.contours(level), grounds.buffer(-15)):
            for part in shapely.get_parts(line):
                if part.length > 260:
                    course = smooth(spaced(shapely.get_coordinates(part), 70), 4)
                    near = density(plan, course) > 0.012
                    kept += [LineString(s) for s in _runs(course, near) if len(s) > 12]
    return np.array(kept, object)


def _runs(course: Points, near: NDArray[np.bool_]) -> list[Points]:
    """The stretches of `course` whose vertices are all near."""
    breaks = np.flatnonzero(np.diff(near.astype(int))) + 1
    return [
        run for run, first in zip(np.split(course, breaks), np.split(near, breaks), strict=True) if first[0]
    ]


def _plots(rng: Generator, plan: Plan, reserves: Shapes) -> tuple[Shapes, NDArray[np.object_]]:
    """Ponds and paddies with the bunds between them."""
    rows = [i for i, reserve in enumerate(plan.reserves) if reserve.kind in _PLOTS]
    kinds = np.array([plan.reserves[i].kind for i in rows], object)
    angle = np.radians([plan.reserves[i].angle_deg for i in rows])
    grounds, at = shapely.get_parts(reserves[rows], return_index=True)
    size = np.array([_PLOTS[k] for k in kinds])[at]
    n = len(grounds)
    manner = Manner(size[:, 0], size[:, 1], angle[at], size[:, 2], np.full(n, 0.05), np.zeros(n, bool))
    cuts = cut(rng, grounds, manner)
    kind = kinds[at][cuts.piece_of]
    plots = shapely.buffer(cuts.pieces, np.where(kind == "pond", -3.5, -1.0), join_style="mitre")
    parts, owner = shapely.get_parts(plots, return_index=True)
    large = shapely.area(parts) > 250
    return parts[large], kind[owner][large]
