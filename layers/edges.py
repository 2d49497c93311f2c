"""The lines and areas that live symbols stand for, thin, in the colour of how severe they are."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from gis.paint import raster
from gis.paint.shapes import Affine, Cap, Join, Pen, Shapes, Surface, colour
from layers.badges import Badges, severities
from layers.view import MapView

DARK, DARK_OPACITY = (20, 24, 28), 150 / 255
CASING_PX, LINE_PX = 3.4, 1.8


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Outlines as the painter takes them, relative to `origin`; `severity` (n,) from 1 to 5, or 0."""

    shapes: Shapes
    origin: tuple[float, float]
    severity: NDArray[np.int64]


def edges_of(badges: Badges) -> tuple[Edges, ...]:
    """What the compiled painter needs of the outlines of a layer; made once, painted in every frame."""
    return tuple(_edges(features) for features in badges.outlines)


def _edges(features: Features) -> Edges:
    finite = features.xy[np.isfinite(features.xy).all(axis=1)]
    x, y = (finite[0] if len(finite) else np.zeros(2)).tolist()
    near = (features.xy - (x, y)).astype(np.float32)
    shapes = Shapes.of(near, features.rings.astype(np.int32), features.parts.astype(np.int32))
    return Edges(shapes, (x, y), severities(features, np.arange(len(features))))


def paint(
    edges: Edges, view: MapView, ratio: float, onto: NDArray[np.uint32], inks: Mapping[int, str]
) -> None:
    """Put them on a picture of `view` with `ratio` pixels to each of its own, the most severe last; `inks` of
    severities are "#rrggbb"."""
    west, _south, _east, north = view.extent
    affine = Affine.of_map(edges.origin, (west, north), view.units_per_pixel / ratio)
    for digit in np.unique(edges.severity)[::-1].tolist():
        rows = np.flatnonzero(edges.severity == digit)
        said = inks[digit]
        red, green, blue = (int(said[at : at + 2], 16) for at in (1, 3, 5))
        for ink, width in ((colour(*DARK, DARK_OPACITY), CASING_PX), (colour(red, green, blue), LINE_PX)):
            pen = Pen(width * ratio, Cap.SQUARE, Join.BEVEL)
            raster.lines(Surface(onto), affine, edges.shapes, pen, ink, order=rows)
