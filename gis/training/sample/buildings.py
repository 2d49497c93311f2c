"""Some thirty thousand buildings along the streets, and the places everybody knows among them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes
from gis.training.sample.fabric import PATTERNS, Fabric, density
from gis.training.sample.frontage import (
    Frontage,
    Kerbs,
    Plots,
    along,
    beside,
    give_way,
    kerbs,
    standing_free,
)
from gis.training.sample.plan import Plan
from gis.training.sample.terrain import Terrain

WIDTH_M = {"arterial": 20.0, "collector": 12.0, "local": 7.0, "lane": 3.2}
# by pattern, the last for old streets: pitch, front from-to, depth from-to, clear, rows, tilt, share built
_HABITS = np.array([
    [10.6, 5.5, 8.6, 7, 11, 0.8, 2, 0.05, 0.92],
    [20.0, 12, 17, 12, 20, 3.0, 2, 0.005, 0.9],
    [13.6, 7, 10.2, 9, 13, 3.0, 1, 0.01, 0.82],
    [18.5, 7, 12, 8, 13, 3.0, 2, 0.05, 0.47],
    [34.0, 7, 12, 8, 12, 5.0, 1, 0.16, 0.5],
    [26.0, 7, 13, 8, 12, 4.0, 1, 0.08, 0.6],
    [54.0, 28, 46, 18, 36, 7.0, 1, 0.0, 0.85],
    [10.6, 5, 8.6, 11, 17, 3.2, 1, 0.01, 0.85],
])  # fmt: skip
_MAIN = len(PATTERNS)
# what everybody knows: number, front, depth, notch, floors, metres apart, from which density
LANDMARKS = {
    "hospital": (7, 62.0, 44.0, 0.45, 4, 900, 0.35),
    "market": (9, 70.0, 46.0, 0.0, 2, 700, 0.25),
    "school": (60, 46.0, 28.0, 0.55, 2, 260, 0.12),
    "sports hall": (6, 42.0, 30.0, 0.0, 1, 1100, 0.25),
    "government": (14, 40.0, 24.0, 0.4, 3, 420, 0.4),
    "clinic": (16, 22.0, 16.0, 0.0, 1, 650, 0.12),
    "fire station": (4, 30.0, 18.0, 0.0, 2, 1500, 0.2),
    "police": (6, 24.0, 18.0, 0.0, 2, 1100, 0.2),
    "mosque": (46, 22.0, 22.0, 0.0, 1, 300, 0.08),
    "church": (6, 28.0, 16.0, 0.0, 1, 600, 0.3),
    "temple": (5, 24.0, 20.0, 0.35, 1, 500, 0.3),
    "hotel": (8, 30.0, 20.0, 0.0, 7, 350, 0.7),
}


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """n buildings; `street` is the index of the street they stand on, `people` who sleep there."""

    shapes: Shapes
    centre: Points
    use: NDArray[np.object_]
    floors: NDArray[np.int64]
    people: NDArray[np.int64]
    street: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.use)


def build_up(rng: Generator, plan: Plan, terrain: Terrain, fabric: Fabric) -> Buildings:
    """Landmarks first, houses where they leave room; nothing on streets, water or another building."""
    half = np.array([WIDTH_M[r] / 2 for r in fabric.rank])
    streets = kerbs(fabric.streets, half + 0.4)
    marks, kind = _landmarks(rng, plan, fabric, half, streets)
    houses, pattern = _houses(rng, plan, terrain, fabric, half)
    shapes = houses.shapes()
    free = standing_free(shapes, streets, fabric.grounds)
    houses, pattern, shapes = houses.of(free), pattern[free], shapes[free]
    every = np.concatenate([marks.shapes(), shapes])
    weight = np.concatenate(
        [np.full(len(marks), 1e9), shapely.area(shapes) * rng.uniform(0.7, 1, len(shapes))]
    )
    stays = give_way(every, weight)
    house_use, floors = _uses(rng, plan, houses, pattern, fabric)
    use = np.concatenate([kind, house_use])[stays]
    known = np.array([LANDMARKS[k][4] for k in kind], np.int64)
    floors = np.concatenate([known, floors])[stays]
    street = np.concatenate([marks.street, houses.street])[stays]
    centre = np.concatenate([marks.centre, houses.centre])[stays]
    return Buildings(
        every[stays],
        centre,
        use,
        floors,
        _sleepers(rng, use, floors),
        street,
    )


def _houses(
    rng: Generator, plan: Plan, terrain: Terrain, fabric: Fabric, half: Points
) -> tuple[Plots, NDArray[np.int64]]:
    """Candidates along every street, and the pattern each was laid out in."""
    middle = shapely.get_coordinates(shapely.line_interpolate_point(fabric.streets, 0.5, normalized=True))
    busy = np.isin(fabric.rank, ("arterial", "collector"))
    steep = np.hypot(*terrain.slope_at(middle).T) > 0.03
    of_street = np.where(
        fabric.street_block >= 0, fabric.pattern[fabric.street_block], np.where(busy | ~steep, _MAIN, 5)
    )
    habit = _HABITS[of_street]
    frontage = Frontage(
        habit[:, 0], habit[:, 1:3], habit[:, 3:5], half + habit[:, 5], habit[:, 6].astype(int), habit[:, 7]
    )
    plots = along(rng, fabric.streets, frontage)
    pattern = of_street[plots.street]
    dense = density(plan, plots.centre)
    wanted = np.where(pattern == _MAIN, 1.5 * dense**0.8, np.minimum(1, 0.5 + dense))
    wanted = np.where(np.isin(pattern, (4, 5)), 0.3 + 1.2 * dense, wanted)
    built = rng.uniform(size=len(plots)) < wanted * _HABITS[pattern, 8]
    built &= np.hypot(*terrain.slope_at(plots.centre).T) < 0.16
    plots, pattern = plots.of(built), pattern[built]
    bent = (rng.uniform(size=len(plots)) < 0.2) & (plots.front_m > 8)
    return replace(plots, notch=np.where(bent, rng.uniform(0.3, 0.5, len(plots)), 0.0)), pattern


def _landmarks(
    rng: Generator, plan: Plan, fabric: Fabric, half: Points, streets: Kerbs
) -> tuple[Plots, NDArray[np.object_]]:
    """The landmarks, each kind well apart from its own, none over another."""
    usual = np.flatnonzero((shapely.length(fabric.streets) > 60) & (fabric.rank != "lane"))
    tries, kinds = [], []
    for kind, (number, front, depth, notch, _, _, _) in LANDMARKS.items():
        n = 60 * number if kind in ("hospital", "market", "sports hall") else 25 * number
        street = rng.choice(usual, n)
        at = shapely.length(fabric.streets[street]) * rng.uniform(0.15, 0.85, n)
        off = (half[street] + 5 + depth / 2) * rng.choice([-1, 1], n)
        size = np.ones(n)
        plots = beside(fabric.streets, street, at, off, front * size, depth * size, 0 * size)
        tries.append(replace(plots, notch=notch * size))
        kinds.append(np.full(n, kind, object))
    plots, kind = _joined(tries), np.concatenate(kinds)
    shapes = plots.shapes()
    free = np.flatnonzero(standing_free(shapes, streets, fabric.grounds))
    dense = density(plan, plots.centre[free])
    chosen: list[int] = []
    for name, (number, _, _, _, _, apart, least) in LANDMARKS.items():
        own = free[(kind[free] == name) & (dense > least)]
        taken = shapely.union_all(shapes[chosen]) if chosen else None
        picked: list[int] = []
        for i in own:
            if len(picked) == number:
                break
            far = not picked or np.hypot(*(plots.centre[picked] - plots.centre[i]).T).min() > apart
            if far and not (taken and taken.intersects(shapes[i])):
                picked.append(int(i))
        chosen += picked
    return plots.of(np.array(chosen)), kind[chosen]


def _joined(many: list[Plots]) -> Plots:
    names = ("centre", "angle", "front_m", "depth_m", "notch", "street")
    return Plots(*(np.concatenate([getattr(p, name) for p in many]) for name in names))


def _uses(
    rng: Generator, plan: Plan, houses: Plots, pattern: NDArray[np.int64], fabric: Fabric
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """What each ordinary building is for and how high it is."""
    n, dense = len(houses), density(plan, houses.centre)
    dice, size = rng.uniform(size=n), houses.front_m * houses.depth_m
    main = (pattern == _MAIN) & np.isin(fabric.rank[houses.street], ("arterial", "collector"))
    grid, rural = pattern == PATTERNS.index("grid"), pattern == PATTERNS.index("rural")
    use = np.select(
        [pattern == PATTERNS.index("works"), main & (dice < 0.25 + 0.6 * dense), grid & (dice < 0.3),
         grid & (dice < 0.42), dice < 0.05, rural & (dice < 0.12)],
        [np.where(dice < 0.75, "warehouse", "factory"), "shophouse", "shophouse", "office", "shop", "farm"],
        "house",
    ).astype(object)  # fmt: skip
    tall = rng.integers(2, 4, n) + (rng.uniform(size=n) < 0.2 * dense)
    floors = np.where(
        np.isin(use, ("shophouse", "office")), tall, 1 + (rng.uniform(size=n) < 0.16 + size / 1500)
    )
    return use, np.where(np.isin(use, ("warehouse", "factory", "farm")), 1, floors).astype(np.int64)


def _sleepers(rng: Generator, use: NDArray[np.object_], floors: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many people sleep in each building: a household or two, patients, guests, or nobody."""
    mean = np.select(
        [use == "house", use == "shophouse", use == "farm", use == "shop", use == "hospital", use == "hotel"],
        [3.3 + 1.1 * floors, 3.5, 4.0, 2.0, 130, 45],
        0.0,
    )
    return rng.poisson(mean)
