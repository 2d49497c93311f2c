"""Wards: neighbourhoods joined until each has its share of the people."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from gis.training.sample.buildings import Buildings
from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes, areas
from gis.training.sample.fabric import Fabric
from gis.training.sample.terrain import Terrain
from gis.training.sample.water import Waters

WARDS = 36
_HECTARE_WEIGHS = 6.0  # people: so that the countryside is divided too
_STRIP_M = 24.0


@dataclass(frozen=True, slots=True, eq=False)
class Wards:
    """`ward_of` has the ward of each building; every building is in one."""

    shapes: Shapes
    name: NDArray[np.object_]
    population: NDArray[np.int64]
    households: NDArray[np.int64]
    elevation_m: Points
    ward_of: NDArray[np.int64]


def divide(
    rng: Generator,
    waters: Waters,
    terrain: Terrain,
    fabric: Fabric,
    houses: Buildings,
    names: dict[str, list[float]],
) -> Wards:
    """The land as wards; both banks of the main river are different wards."""
    tiles = np.concatenate([fabric.blocks, shapely.get_parts(_countryside(fabric))])
    homes = shapely.STRtree(tiles).query(shapely.points(houses.centre), predicate="intersects")
    people = np.bincount(homes[1], weights=houses.people[homes[0]], minlength=len(tiles))
    weight = people + _HECTARE_WEIGHS * shapely.area(tiles) / 1e4
    ward = _settle(tiles, _shares(rng, tiles, weight, waters))
    shapes = _grown(tiles, ward, waters)
    of_house = np.zeros(len(houses), np.int64)
    of_house[homes[0]] = ward[homes[1]]
    population = np.bincount(of_house, weights=houses.people, minlength=WARDS).astype(np.int64)
    xy = np.stack(np.meshgrid(terrain.xs[::2], terrain.ys[::2]), axis=-1).reshape(-1, 2)
    point, inside = shapely.STRtree(shapes).query(shapely.points(xy), predicate="intersects")
    heights = np.bincount(inside, weights=terrain.at(xy[point]), minlength=WARDS)
    return Wards(
        shapes,
        _named(shapes, names, waters),
        population,
        np.round(population / rng.uniform(3.7, 4.4, WARDS)).astype(np.int64),
        np.round(heights / np.maximum(1, np.bincount(inside, minlength=WARDS)), 1),
        of_house,
    )


def _countryside(fabric: Fabric) -> BaseGeometry:
    """The reserves that are no blocks: fields, ponds, parks, the airport."""
    built = shapely.union_all(fabric.blocks, grid_size=0.01)
    return shapely.union_all(fabric.reserves, grid_size=0.01).difference(built, grid_size=0.01)


def _shares(rng: Generator, tiles: Shapes, weight: Points, waters: Waters) -> NDArray[np.int64]:
    """A ward for each tile: those of each bank halved, and halved again, until every ward has its tiles."""
    centre = shapely.get_coordinates(shapely.centroid(tiles))
    course = waters.channels[0].line
    river = LineString(np.vstack([course, course[-1] - [0, 5000.0]]))
    sides = shapely.get_parts(shapely.polygonize([shapely.union_all([river, waters.sheet.boundary])]))
    west = sides[np.argmin(shapely.get_x(shapely.centroid(sides)))]
    left = shapely.contains_xy(west, centre[:, 0], centre[:, 1])
    count = round(WARDS * weight[left].sum() / weight.sum())
    ward = np.full(len(tiles), -1)
    heap = [(np.flatnonzero(left), count), (np.flatnonzero(~left), WARDS - count)]
    given = 0
    while heap:
        group, many = heap.pop()
        if many == 1:
            ward[group], given = given, given + 1
            continue
        spread = centre[group].std(axis=0)
        turn = rng.uniform(-0.35, 0.35) + (0 if spread[0] > spread[1] else np.pi / 2)
        order = group[np.argsort(centre[group] @ [np.cos(turn), np.sin(turn)])]
        cut = np.searchsorted(np.cumsum(weight[order]), weight[order].sum() * (many // 2) / many)
        cut = int(np.clip(cut, many // 2, len(order) - (many - many // 2)))
        heap += [(order[:cut], many // 2), (order[cut:], many - many // 2)]
    return ward


def _settle(tiles: Shapes, ward: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tiles cut off from the rest of their ward join the ward they touch most."""
    a, b = shapely.STRtree(tiles).query(tiles, predicate="dwithin", distance=2 * _STRIP_M)
    ward = ward.copy()
    for _ in range(3):
        lost = np.concatenate([_islands(np.flatnonzero(ward == w), a, b) for w in range(WARDS)])
        if not len(lost):
            break
        for tile in lost:
            around = b[(a == tile) & ~np.isin(b, lost)]
            if len(around):
                ward[tile] = np.bincount(ward[around]).argmax()
    return ward


def _islands(group: NDArray[np.int64], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """The tiles of a group outside its largest connected part."""
    inner = np.isin(a, group) & np.isin(b, group)
    a, b = np.searchsorted(group, a[inner]), np.searchsorted(group, b[inner])
    label = np.arange(len(group))
    while True:
        lower = label.copy()
        np.minimum.at(lower, a, label[b])
        if np.array_equal(lower, label):
            break
        label = lower
    return group[label != np.bincount(label).argmax()]


def _grown(tiles: Shapes, ward: NDArray[np.int64], waters: Waters) -> Shapes:
    """The union of each ward, grown over streets and banks until the wards meet and cover the land."""
    cores = [shapely.union_all(tiles[ward == w], grid_size=0.01) for w in range(WARDS)]
    taken = shapely.union_all(np.array(cores, object), grid_size=0.01)
    strips = shapely.set_precision(waters.land, 0.01).difference(taken, grid_size=0.01)
    corners = np.unique(shapely.get_coordinates(shapely.segmentize(strips, 90.0)).round(-1), axis=0)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(corners)))
    strip_parts = shapely.get_parts(strips)
    cell, strip = shapely.STRtree(strip_parts).query(cells, predicate="intersects")
    pieces = shapely.get_parts(shapely.intersection(cells[cell], strip_parts[strip], grid_size=0.01))
    pieces = pieces[shapely.get_dimensions(pieces) == 2]
    owner = shapely.STRtree(tiles).query_nearest(shapely.point_on_surface(pieces), all_matches=False)[1]
    whole = [[core, *pieces[ward[owner] == w]] for w, core in enumerate(cores)]
    return np.array([areas(shapely.union_all(parts, grid_size=0.01)) for parts in whole], object)


def _named(shapes: Shapes, places: dict[str, list[float]], waters: Waters) -> NDArray[np.object_]:
    """Each name, in the order of the list, for the nearest ward that has none yet."""
    centre = shapely.get_coordinates(shapely.point_on_surface(shapes))
    corner = np.array(waters.sheet.bounds[:2])
    result = np.full(len(shapes), "", object)
    for name, place in places.items():
        if len(free := np.flatnonzero(result == "")):
            away = np.hypot(*(centre[free] - corner - np.array(place) * 1000).T)
            result[free[np.argmin(away)]] = name
    return result
