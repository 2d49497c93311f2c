"""Which of the wanted names get a place: the important first, none over another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.ragged import offsets
from gis.paint.placing import Wanted, chosen
from layers.scene import Names
from layers.spots import nowhere
from layers.style import LabelRule
from layers.view import MapView

CELL = 2.0  # pixels per cell of the occupancy grid
GAP_PX = 3.0
SYMBOL_PX = 24.0  # an incident, an alarm
_FAR = 1e6  # cells; beyond any picture


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its place: the middle of its box in pixels, its width, and how it leans in that box.

    `way` is the middle line of its letters from left to right, in pixels; empty for an upright text.
    """

    text: str
    x: float
    y: float
    width: float
    rule: LabelRule
    lean: int = 0
    way: tuple[tuple[float, float], ...] = ()


def place(wanted: Iterable[Names], width: int, height: int) -> tuple[Label, ...]:
    """The names that fit, by `priority` of their rule, then in the order given. Pixels of one view."""
    groups = sorted(wanted, key=lambda names: -names.rule.priority)
    if not groups:
        return ()
    asked = _asked(groups, width, height)
    found = chosen(asked)
    placed: list[Label] = []
    first_name = first_place = 0
    for group in groups:
        count = len(group.texts)
        mine = found[first_name : first_name + count]
        placed += (
            _label(group, name, int(mine[name]) - first_place) for name in np.flatnonzero(mine >= 0).tolist()
        )
        first_name, first_place = first_name + count, first_place + len(group.spots.lean)
    return tuple(label for label in placed if label.text)


def avoided(live: Sequence[NDArray[np.float64]], view: MapView) -> Names:
    """No names, but where live symbols stand, in map units: they are covered only where all else is taken."""
    xy = view.to_pixels(np.concatenate([np.zeros((0, 2)), *live])).astype(np.float64)
    return Names((), np.zeros(0), nowhere(), LabelRule(""), 0.0, xy, SYMBOL_PX)


def _label(group: Names, name: int, place: int) -> Label:
    spots = group.spots
    way = spots.xy[spots.ways[place] : spots.ways[place + 1]]
    x, y = way[len(way) // 2].tolist()
    bent = tuple((a, b) for a, b in way.tolist()) if len(way) > 1 else ()
    width, lean = float(group.widths[name]), int(spots.lean[place])
    return Label(group.texts[name], x, y, width, group.rule, lean, bent)


def _asked(groups: Sequence[Names], width: int, height: int) -> Wanted:
    """All groups behind each other, in cells."""
    middles = [g.spots.xy[(g.spots.ways[:-1] + g.spots.ways[1:]) // 2] for g in groups]
    return Wanted(
        int(width // CELL),
        int(height // CELL),
        _cells([_boxes(group) for group in groups]),
        offsets(np.concatenate([np.diff(group.spots.ways) for group in groups])).astype(np.int32),
        offsets(np.concatenate([np.diff(group.spots.names) for group in groups])).astype(np.int32),
        _twins(groups),
        np.concatenate(middles).astype(np.float32),
        np.concatenate([np.full(len(group.texts), group.apart, np.float32) for group in groups]),
        _cells([np.tile(g.signs, 2) + np.array((-0.5, -0.5, 0.5, 0.5)) * g.sign_px for g in groups]),
    )


def _boxes(group: Names) -> NDArray[np.float64]:
    """(p, 4) of each point of each way the box it keeps free, in pixels: west, north, east, south."""
    spots, high = group.spots, group.rule.size_px
    owner = np.repeat(np.arange(len(group.texts)), np.diff(spots.names))
    single = np.diff(spots.ways) == 1
    wide = np.where(single, group.widths[owner], high)
    half_w = np.repeat((wide + GAP_PX) / 2, np.diff(spots.ways))
    half_h = (high + GAP_PX) / 2
    boxes = np.empty((len(spots.xy), 4))
    boxes[:, 0], boxes[:, 2] = spots.xy[:, 0] - half_w, spots.xy[:, 0] + half_w
    boxes[:, 1], boxes[:, 3] = spots.xy[:, 1] - half_h, spots.xy[:, 1] + half_h
    return boxes


def _cells(boxes: Sequence[NDArray[np.float64]]) -> NDArray[np.int32]:
    cells = np.floor(np.concatenate(boxes) * (1 / CELL))
    return np.clip(cells, -_FAR, _FAR).astype(np.int32)


def _twins(groups: Sequence[Names]) -> NDArray[np.int32]:
    """A number for each text that occurs where the same is to be kept apart; all others are strangers."""
    numbers: dict[str, int] = {}
    found: list[NDArray[np.int32]] = []
    first = 0
    for group in groups:
        count = len(group.texts)
        own = range(first, first + count)
        each = map(numbers.setdefault, group.texts, own) if group.apart > 0 else own
        found.append(np.fromiter(each, np.int32, count))
        first += count
    return np.concatenate(found)
