"""Pictures to compare: what the painter made, and what exact geometry says each pixel should hold."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.paint.shapes import Shapes, Surface

WHITE, BLACK = 0xFFFFFFFF, 0xFF000000


def sheet(width: int = 40, height: int = 30, colour: int = 0) -> Surface:
    return Surface(np.full((height, width), colour, np.uint32))


def shapes_of(geometries: Sequence[BaseGeometry]) -> Shapes:
    """Polygons with holes, multipolygons, lines: outer rings one way, holes the other."""
    rings, parts = [], [0]
    for geometry in geometries:
        for piece in shapely.get_parts(geometry):
            piece = shapely.orient_polygons(piece) if piece.geom_type == "Polygon" else piece
            lines = shapely.get_rings(piece) if piece.geom_type == "Polygon" else [piece]
            rings += [shapely.get_coordinates(line) for line in lines]
        parts.append(len(rings))
    return rings_of(rings, parts)


def rings_of(rings: Sequence[NDArray[np.float64]], parts: Sequence[int] | None = None) -> Shapes:
    """Rings as they are; each a feature of its own where `parts` is not given."""
    xy = np.concatenate([np.asarray(ring, np.float32).reshape(-1, 2) for ring in rings])
    offsets = np.concatenate(([0], np.cumsum([len(ring) for ring in rings]))).astype(np.int32)
    return Shapes.of(xy, offsets, np.array(parts or range(len(rings) + 1), np.int32))


def opacity(surface: Surface) -> NDArray[np.float64]:
    """How much of each pixel is covered, 0 to 1."""
    return (surface.pixels >> 24) / 255


def exact(geometry: BaseGeometry, width: int = 40, height: int = 30) -> NDArray[np.float64]:
    """The area of each pixel that lies in `geometry`, worked out by GEOS."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return shapely.area(shapely.intersection(shapely.box(x, y, x + 1, y + 1), geometry))


def channels(surface: Surface) -> NDArray[np.int64]:
    """(h, w, 4): alpha, red, green, blue."""
    return np.stack([surface.pixels >> shift & 255 for shift in (24, 16, 8, 0)], axis=-1).astype(np.int64)


def star(rng: np.random.Generator, corners: int, reach: float, centre: tuple[float, float]) -> NDArray:
    """A closed simple ring with that many corners, up to `reach` from its centre."""
    turn = np.sort(rng.uniform(0, 1, corners) * 0.3 + np.arange(corners)) / corners * 2 * np.pi
    wide = rng.uniform(0.35, 1, corners) * reach
    ring = np.column_stack((np.cos(turn), np.sin(turn))) * wide[:, None] + centre
    return np.vstack((ring, ring[:1])).astype(np.float32).astype(np.float64)
