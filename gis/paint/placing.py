"""Where names stand: each takes the first of its candidate places that is free, the important first.

Compiled where the painter is (`native/placing.c`), otherwise by the same steps in Python: the same answer.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gis.paint.compiled import compiled

Boxes = NDArray[np.int32]


def no_boxes() -> Boxes:
    return np.zeros((0, 4), np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """n names, the most important first, with m candidate places on a grid of `width` x `height` cells.

    Name i may stand at the places `names[i]` to `names[i + 1]` (n + 1,), the best first. Place j covers the
    `boxes` (b, 4) from `places[j]` to `places[j + 1]` (m + 1,): west, north, east, south in cells, all four
    inside; one that leaves the grid is not free. All int32. Names of one number in `twins` (n,), 0 to n - 1,
    are the same, and none is placed within its `apart` (n,) of another, from middle to middle: `xy` (m, 2);
    both float32.
    `avoid` (k, 4) are boxes that a name covers only where it has no other place.
    """

    width: int
    height: int
    boxes: Boxes
    places: NDArray[np.int32]
    names: NDArray[np.int32]
    twins: NDArray[np.int32]
    xy: NDArray[np.float32]
    apart: NDArray[np.float32]
    avoid: Boxes = field(default_factory=no_boxes)


def chosen(wanted: Wanted) -> NDArray[np.int32]:
    """(n,) the place that each name takes, -1 for none. ValueError where an array or an offset is wrong."""
    if compiled is None:
        return by_steps(wanted)
    found = np.full(len(wanted.names) - 1, -1, np.int32)
    grid = (wanted.width, wanted.height)
    arrays = (wanted.boxes, wanted.places, wanted.names, wanted.twins, wanted.xy)
    compiled.places(grid, *arrays, wanted.apart, wanted.avoid, found)
    return found


def by_steps(wanted: Wanted) -> NDArray[np.int32]:
    """The same without compiled code: a row of cells is one large number."""
    taken, avoided = [0] * wanted.height, [0] * wanted.height
    for box in wanted.avoid.tolist():
        if _inside(wanted, box):
            _take(avoided, box)
    boxes, ends = wanted.boxes.tolist(), wanted.places.tolist()
    covers = [boxes[first:last] for first, last in pairwise(ends)]
    found = np.full(len(wanted.names) - 1, -1, np.int32)
    placed: dict[int, list[int]] = {}
    for name, (first, last) in enumerate(pairwise(wanted.names.tolist())):
        twins = placed.setdefault(int(wanted.twins[name]), [])
        free = [
            place
            for place in range(first, last)
            if _has_room(wanted, covers[place], taken) and not _is_near(wanted, name, place, twins)
        ]
        best = next((place for place in free if _has_room(wanted, covers[place], avoided)), (free or [-1])[0])
        found[name] = best
        if best >= 0:
            twins.append(best)
            for box in covers[best]:
                _take(taken, box)
    return found


def _inside(wanted: Wanted, box: list[int]) -> bool:
    west, north, east, south = box
    return 0 <= west <= east < wanted.width and 0 <= north <= south < wanted.height


def _bits(box: list[int]) -> int:
    return ((1 << (box[2] - box[0] + 1)) - 1) << box[0]


def _take(rows: list[int], box: list[int]) -> None:
    bits = _bits(box)
    for y in range(box[1], box[3] + 1):
        rows[y] |= bits


def _has_room(wanted: Wanted, boxes: list[list[int]], held: list[int]) -> bool:
    for box in boxes:
        if not _inside(wanted, box):
            return False
        bits = _bits(box)
        if any(row & bits for row in held[box[1] : box[3] + 1]):
            return False
    return True


def _is_near(wanted: Wanted, name: int, place: int, twins: list[int]) -> bool:
    (x, y), apart = wanted.xy[place].tolist(), float(wanted.apart[name])
    there = wanted.xy[twins].tolist()
    return any((x - a) ** 2 + (y - b) ** 2 < apart**2 for a, b in there)
