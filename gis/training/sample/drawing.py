"""The city as layers of a GeoPackage."""

from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from gis.exchange.gpkg import Table
from gis.training.sample.city import City
from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes
from gis.training.sample.fabric import PATTERNS
from gis.training.sample.flow import Flow
from gis.training.sample.places import Named
from gis.training.sample.terrain import Terrain

CONTOUR_STEP_M = 10
FOREST_FROM_M = 38.0
FLOOD_HOUR = 10.5
FLOOD_FROM_M = 0.1


def layers(rng: Generator, city: City, flow: Flow, start: datetime) -> dict[str, Table]:
    """Every layer of city.gpkg by name, in the order in which a map is painted."""
    return {
        "landuse": _landuse(city),
        "contours": _contours(city),
        "water": _water(city),
        "flood": _flood(city, flow, start),
        "wards": _wards(city),
        "streets": _streets(city),
        "buildings": _buildings(city),
        "bridges": _bridges(city),
        "hospitals": _hospitals(rng, city),
        "schools": _schools(rng, city),
        "shelters": _shelters(city),
        "pumps": _pumps(rng, city),
        "gazetteer": _gazetteer(city),
    }


def _points(city: City, at: Named, **columns: NDArray[np.generic]) -> Table:
    return Table(shapely.points(at.xy), {"name": at.name, **columns}, city.plan.epsg)


def _words(values: list[str]) -> NDArray[np.object_]:
    return np.array(values, object)


def _landuse(city: City) -> Table:
    """Reserves, the plots of the fields, gardens of the countryside, forest on the hills."""
    plan, fabric = city.plan, city.fabric
    paddy = fabric.plots[fabric.plot_kind == "paddy"]
    whole = [i for i, r in enumerate(plan.reserves) if r.kind not in ("pond", "paddy")]
    gardens = fabric.blocks[np.isin(fabric.pattern, [PATTERNS.index(p) for p in ("rural", "hill")])]
    forest = _forest(city)
    shapes = [gardens, forest, paddy, fabric.reserves[whole], np.array([_runway(city)], object)]
    kinds = ["garden"] * len(gardens) + ["forest"] * len(forest) + ["paddy"] * len(paddy)
    kinds += [plan.reserves[i].kind for i in whole] + ["runway"]
    names = [""] * (len(kinds) - len(whole) - 1) + [plan.reserves[i].name for i in whole] + [""]
    return Table(np.concatenate(shapes), {"kind": _words(kinds), "name": _words(names)}, plan.epsg)


def _runway(city: City) -> Polygon:
    """A strip along the middle of the airport."""
    airport = next(r for r in city.plan.reserves if r.kind == "airport")
    middle = airport.outline[:-1].mean(axis=0)
    long = (airport.outline[1] - airport.outline[0]) * 0.46
    return LineString([middle - long, middle + long]).buffer(20, cap_style="flat")


def _forest(city: City) -> Shapes:
    """The high ground."""
    high = _above(city.terrain, city.terrain.z, FOREST_FROM_M)
    rest = shapely.simplify(high.intersection(city.waters.land), 3)
    return shapely.get_parts(rest)


def _contours(city: City) -> Table:
    levels = range(CONTOUR_STEP_M, int(city.terrain.z.max()), CONTOUR_STEP_M)
    lines = [city.terrain.contours(level) for level in levels]
    height = np.repeat(np.array(levels, np.int64), [len(found) for found in lines])
    return Table(np.concatenate(lines), {"elevation_m": height}, city.plan.epsg)


def _water(city: City) -> Table:
    waters, fabric = city.waters, city.fabric
    ponds = fabric.plots[fabric.plot_kind == "pond"]
    shapes = np.concatenate([np.array([waters.sea, *waters.beds, *waters.lakes], object), ponds])
    names = ["Teluk Seruni"] + [c.name for c in waters.channels] + [lake.name for lake in city.plan.lakes]
    kinds = ["sea"] + [c.kind for c in waters.channels] + ["lake"] * len(waters.lakes)
    columns = {"name": _words(names + [""] * len(ponds)), "kind": _words(kinds + ["pond"] * len(ponds))}
    return Table(shapes, columns, city.plan.epsg)


def _flood(city: City, flow: Flow, start: datetime) -> Table:
    """The ground under water at the worst hour, as teams on boats would have drawn it."""
    terrain, cell = city.terrain, 2 * city.terrain.cell_m
    rows, columns = (side // 2 for side in terrain.z.shape)
    coarse = terrain.z[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).mean(axis=(1, 3))
    ground = Terrain(coarse, terrain.west, terrain.south, cell, terrain.epsg)
    shores = flow.shores(terrain, np.stack(np.meshgrid(ground.xs, ground.ys), axis=-1).reshape(-1, 2))
    depth = flow.depth(shores, FLOOD_HOUR).reshape(coarse.shape)
    parts = shapely.get_parts(shapely.intersection(_above(ground, depth, FLOOD_FROM_M), city.waters.land))
    extent = shapely.multipolygons(parts[shapely.area(parts) > 2000])
    seen = (start + timedelta(hours=FLOOD_HOUR)).isoformat()
    area = np.round([extent.area / 1e6], 3)
    return Table(np.array([extent], object), {"time": _words([seen]), "area_km2": area}, city.plan.epsg)


def _above(ground: Terrain, values: Points, level: float) -> BaseGeometry:
    """Where a field over the cells of `ground` is above `level`; beyond the sheet it is not."""
    cell = ground.cell_m
    rim = Terrain(np.pad(values, 1), ground.west - cell, ground.south - cell, cell, ground.epsg)
    faces = shapely.get_parts(shapely.polygonize(rim.contours(level)))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    return shapely.union_all(faces[rim.at(inside) > level])


def _wards(city: City) -> Table:
    wards = city.wards
    columns = {
        "code": _words([f"MS-{i:02d}" for i in range(1, len(wards.name) + 1)]),
        "name": wards.name,
        "population": wards.population,
        "households": wards.households,
        "elevation_m": wards.elevation_m,
        "area_km2": np.round(shapely.area(wards.shapes) / 1e6, 3),
    }
    return Table(wards.shapes, columns, city.plan.epsg)


def _streets(city: City) -> Table:
    here = ~shapely.is_empty(city.street_lines)
    bridges = city.bridges
    columns = {
        "name": np.concatenate([city.street_name[here], bridges.street]),
        "class": np.concatenate([city.fabric.rank[here], bridges.rank]),
        "bridge": np.repeat([False, True], [here.sum(), len(bridges.name)]),
    }
    return Table(np.concatenate([city.street_lines[here], bridges.shapes]), columns, city.plan.epsg)


def _buildings(city: City) -> Table:
    houses = city.houses
    columns = {
        "use": houses.use,
        "floors": houses.floors.astype(np.int32),
        "people": houses.people.astype(np.int32),
        "street": city.street_name[houses.street],
        "ward": city.wards.name[city.wards.ward_of],
    }
    return Table(houses.shapes, columns, city.plan.epsg)


def _bridges(city: City) -> Table:
    bridges = city.bridges
    columns = {
        "name": bridges.name,
        "water": bridges.water,
        "street": bridges.street,
        "length_m": np.round(shapely.length(bridges.shapes)),
    }
    return Table(shapely.points(bridges.middle), columns, city.plan.epsg)


def _hospitals(rng: Generator, city: City) -> Table:
    at = city.known.of("hospital")
    beds = rng.integers(6, 22, len(at)) * 10
    return _points(city, at, beds=beds, emergency=_words(["yes", "no"])[(beds < 90).astype(int)])


def _schools(rng: Generator, city: City) -> Table:
    at = city.known.of("school")
    level = _words([str(name).rsplit(" ", 1)[0] for name in at.name])
    return _points(city, at, level=level, pupils=rng.integers(12, 62, len(at)) * 10)


def _shelters(city: City) -> Table:
    shelters = city.shelters
    return _points(
        city,
        shelters.at,
        kind=shelters.at.kind,
        capacity=shelters.capacity,
        elevation_m=shelters.elevation_m,
    )


def _pumps(rng: Generator, city: City) -> Table:
    keys = _words([f"POMPA-{i:02d}" for i in range(1, len(city.pumps) + 1)])
    return _points(city, city.pumps, key=keys, capacity_m3s=rng.integers(3, 13, len(keys)) * 0.25)


def _gazetteer(city: City) -> Table:
    places = city.gazetteer
    return _points(city, places, kind=places.kind, alias=places.alias)
