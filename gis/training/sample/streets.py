"""Names for every street, and bridges where streets cross water."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString, Polygon

from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes, chainage
from gis.training.sample.fabric import Fabric
from gis.training.sample.plan import Plan, Road
from gis.training.sample.water import Waters

Names = NDArray[np.object_]
_ROMAN = {"C": 100, "XC": 90, "L": 50, "XL": 40, "X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1}


@dataclass(frozen=True, slots=True, eq=False)
class Bridges:
    shapes: Shapes
    name: Names
    water: Names
    street: Names
    rank: Names

    @property
    def middle(self) -> Points:
        return shapely.get_coordinates(shapely.line_interpolate_point(self.shapes, 0.5, normalized=True))


def named(rng: Generator, plan: Plan, waters: Waters, fabric: Fabric, words: dict[str, Any]) -> Names:
    """The name of each street of the fabric: streets of one block share a word and are counted."""
    name = fabric.old_name.copy()
    avenue = np.flatnonzero((name == "") & (fabric.rank == "collector"))
    bases = [word + estate for estate in words["estates"][2:] for word in words["streets"]]
    picked = [bases[i] for i in rng.permutation(len(words["streets"]) * 2)]
    name[avenue] = [f"Jalan {base} Raya" for base in picked[: len(avenue)]]
    spare = [base for base in dict.fromkeys(bases) if base not in set(picked[: len(avenue)])]
    rest = [spare[i] for i in rng.permutation(len(spare))]
    length = shapely.length(fabric.streets)
    for block, base in zip(np.unique(fabric.street_block)[1:], rest, strict=False):
        mine = np.flatnonzero(fabric.street_block == block)
        mine = mine[np.argsort(-length[mine])]
        lane = fabric.rank[mine] == "lane"
        name[mine[lane]] = [f"Gang {base} {i}" for i in range(1, lane.sum() + 1)]
        name[mine[~lane]] = [f"Jalan {base} {_roman(i)}".strip() for i in range((~lane).sum())]
    slope = np.flatnonzero(name == "")
    name[slope] = [f"{words['hills'][i % 5]} {_roman(i // 5)}".strip() for i in range(len(slope))]
    _beside(name, fabric, "Jalan Tepian", [(c.name, LineString(c.line)) for c in waters.channels])
    _beside(name, fabric, "Jalan Taman", [(r.name, Polygon(r.outline)) for r in plan.reserves])
    return name


def _beside(name: Names, fabric: Fabric, kind: str, things: list[tuple[str, Any]]) -> None:
    """Streets along a river or a park are called after it."""
    mine = np.flatnonzero(name == kind)
    far = np.array([shapely.distance(fabric.streets[mine], thing) for _, thing in things])
    for street, nearest in zip(mine, far.argmin(axis=0), strict=True):
        name[street] = f"Jalan Tepian {things[nearest][0]}"


def _roman(earlier: int) -> str:
    """What is said behind a street's name after so many of the same name: nothing, II, III, IV."""
    number, written = earlier + 1 if earlier else 0, ""
    for sign, worth in _ROMAN.items():
        written += sign * (number // worth)
        number %= worth
    return written


def bridge(plan: Plan, waters: Waters, names: list[str]) -> Bridges:
    """Where the planned roads cross running water, named from upstream down, river by river."""
    found: list[tuple[int, float, Any, Road]] = []
    for road in plan.roads:
        for number, (channel, bed) in enumerate(zip(waters.channels, waters.beds, strict=True)):
            crossing = shapely.intersection(LineString(road.line), bed.buffer(7))
            for part in shapely.get_parts(crossing):
                if part.length > 10:
                    at = chainage(channel.line, shapely.get_coordinates(part.centroid))[0][0]
                    found.append((number, float(at), part, road))
    found.sort(key=lambda crossing: crossing[:2])
    return Bridges(
        np.array([part for _, _, part, _ in found], object),
        np.array(names[: len(found)], object),
        np.array([waters.channels[number].name for number, _, _, _ in found], object),
        np.array([road.name for _, _, _, road in found], object),
        np.array([road.rank for _, _, _, road in found], object),
    )


def dry_streets(waters: Waters, fabric: Fabric, bridges: Bridges) -> Shapes:
    """The streets of the fabric inside the sheet, without their bridges."""
    streets = fabric.streets.copy()
    old = np.flatnonzero(fabric.street_block < 0)
    spans = shapely.union_all(shapely.buffer(bridges.shapes, 0.01, cap_style="flat"))
    streets[old] = shapely.difference(shapely.intersection(streets[old], waters.sheet), spans)
    return streets
