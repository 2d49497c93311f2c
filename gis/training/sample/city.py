"""Muara Seruni, a city that does not exist: all of it in memory, drawn from one seed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.progress import Progress
from gis.texts import _
from gis.training.sample import places
from gis.training.sample.buildings import Buildings, build_up
from gis.training.sample.columns import shapely
from gis.training.sample.fabric import Fabric, weave
from gis.training.sample.given import resource
from gis.training.sample.places import Named, Shelters
from gis.training.sample.plan import Plan, read_plan
from gis.training.sample.streets import Bridges, bridge, dry_streets
from gis.training.sample.streets import named as named_streets
from gis.training.sample.terrain import Terrain, raise_terrain
from gis.training.sample.wards import Wards, divide
from gis.training.sample.water import Waters, run_waters


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """Everything that stands in the city; `street_name` and `street_lines` go with `fabric.streets`."""

    plan: Plan
    waters: Waters
    terrain: Terrain
    fabric: Fabric
    houses: Buildings
    wards: Wards
    street_name: NDArray[np.object_]
    street_lines: NDArray[Any]
    bridges: Bridges
    known: Named
    shelters: Shelters
    pumps: Named
    gazetteer: Named


def found_city(seed: int, progress: Progress) -> City:
    """The city that grows from `seed`; the same one every time."""
    rng, plan, words = np.random.default_rng(seed), read_plan(), resource("names")
    waters = run_waters(rng, plan)
    terrain = raise_terrain(rng, plan, waters.all, waters.coast)
    fabric = weave(rng, plan, waters, terrain)
    progress.step(2, 10, _("Drawing the sample city"))
    houses = build_up(rng, plan, terrain, fabric)
    progress.step(4, 10, _("Drawing the sample city"))
    wards = divide(rng, waters, terrain, fabric, houses, words["wards"])
    progress.step(6, 10, _("Drawing the sample city"))
    street_name = named_streets(rng, plan, waters, fabric, words)
    bridges = bridge(plan, waters, words["bridges"])
    lines = dry_streets(waters, fabric, bridges)
    known = places.landmarks(houses, wards.name[wards.ward_of], words)
    pumps = places.pump_stations(rng, plan, waters, words["pumps"])
    here = ~shapely.is_empty(lines)
    gazetteer = [
        _middles(wards),
        places.kampungs(rng, plan, houses, words["kampungs"]),
        places.junctions(plan, words["junctions"]),
        places.named(bridges.middle, bridges.name, "bridge"),
        *(known, pumps, _reserves(plan)),
        places.street_places(lines[here], street_name[here]),
    ]
    return City(
        plan=plan,
        waters=waters,
        terrain=terrain,
        fabric=fabric,
        houses=houses,
        wards=wards,
        street_name=street_name,
        street_lines=lines,
        bridges=bridges,
        known=known,
        shelters=places.shelters(rng, known, terrain.at(known.xy)),
        pumps=pumps,
        gazetteer=places.together(gazetteer),
    )


def _middles(wards: Wards) -> Named:
    """The wards as places, each at a point inside it."""
    inside = shapely.get_coordinates(shapely.point_on_surface(wards.shapes))
    return places.named(inside, wards.name, "ward")


def _reserves(plan: Plan) -> Named:
    """Parks, ponds and fields by name, in their middle."""
    middle = np.array([reserve.outline.mean(axis=0) for reserve in plan.reserves])
    all_of_them = places.named(middle, [r.name for r in plan.reserves], "")
    kinds = np.array([r.kind for r in plan.reserves], object)
    return Named(middle, all_of_them.name, kinds, all_of_them.alias)
