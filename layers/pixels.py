"""Where the marks of a scene lie in a picture: ragged pixels for painters that take shapes one by one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.ragged import ranges
from layers.geometry import Ragged, clamped, gather, thinned
from layers.scene import Areas, Drawn, Signs
from layers.view import MapView

SPECK_PX = 2.0  # polygons below this size are dots of ink
CELL_PX = 2.0  # of the signs that share a cell of this size only one is drawn
CROWD = 5_000
OUTLINE_PX = 5.0  # polygons that are mostly smaller than this have no outline
SAMPLE = 4_096  # of more polygons every so-manieth tells how large they are


@dataclass(frozen=True, slots=True, eq=False)
class Specks:
    """Polygons smaller than a pixel or two: centres (n, 2) and the share of a pixel each covers (n,)."""

    xy: NDArray[np.float32]
    cover: NDArray[np.float32]


def shapes(drawn: Drawn, view: MapView) -> Ragged:
    """Polygons or lines in the pixels of `view`: folded onto a border around it, thinned to what is seen."""
    return thinned(clamped(gather(drawn.features, drawn.rows, view), view.width, view.height))


def parted(areas: Areas, view: MapView) -> tuple[Specks, Drawn]:
    """The polygons that are dots of ink at this scale, and the others. One without a fill has no ink."""
    drawn, unit = areas.drawn, view.units_per_pixel
    boxes = drawn.index.boxes(drawn.positions)
    small = (sizes(boxes) / unit < SPECK_PX) if areas.fill else np.zeros(len(boxes), bool)
    centres = view.to_pixels((boxes[small, :2] + boxes[small, 2:]) / 2)
    cover = (drawn.index.area[drawn.positions[small]] / unit**2).astype(np.float32)
    return Specks(centres, cover), Drawn(drawn.index, drawn.positions[~small])


def outlined(large: Drawn, view: MapView) -> bool:
    """False where outlines would be all one sees: most of these polygons are too small for them."""
    some = large.positions[:: max(1, len(large.positions) // SAMPLE)]
    return bool(np.median(sizes(large.index.boxes(some))) >= OUTLINE_PX * view.units_per_pixel)


def sizes(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) the longer side of each box (n, 4), in map units."""
    return np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])


def spots(signs: Signs, view: MapView) -> NDArray[np.float32]:
    """Where the signs stand (n, 2), in pixels; of a crowd in one cell only the last."""
    features, rows = signs.drawn.features, signs.drawn.rows
    points = ranges(features.rings[features.parts[rows]], features.parts[rows + 1] - features.parts[rows])
    xy = view.to_pixels(features.xy[points])
    if len(xy) <= CROWD:
        return xy
    cells = np.floor(xy * (1 / CELL_PX)).astype(np.int64)
    _cells, last = np.unique(cells[::-1, 0] << 32 | cells[::-1, 1] & 0xFFFFFFFF, return_index=True)
    return xy[np.sort(len(xy) - 1 - last)]
