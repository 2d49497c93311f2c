"""Points that are shown together: circles with their number, or warmth."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layers.crowds import level_of, tally
from layers.heat import heat
from layers.index import Index
from layers.scene import REACH_PX, Bubbles, Drawn, Mark, Names, Signs
from layers.spots import fixed
from layers.style import Clusters, Heat, LabelRule, Rule
from layers.view import MapView

SIZES = ((10, 13.0), (100, 15.0), (1_000, 18.0), (10_000, 21.0))  # below this number, so large a circle
LARGEST_PX = 24.0
FIRST, GAP_PX = 1_000_000, 6.0


def gathered(found: Index, rule: Rule, view: MapView, ratio: float) -> list[Mark]:
    """The marks of all points of `found` on `view`, at `ratio` device pixels per pixel."""
    match rule:
        case Heat():
            return [heat(found, rule, view, ratio)]
        case Clusters():
            return _clusters(found, rule, view)
        case _:
            return []


def alone(marks: Sequence[Mark]) -> NDArray[np.int64]:
    """The rows of the points among these marks that stand by themselves."""
    rows = [mark.drawn.rows for mark in marks if isinstance(mark, Signs)]
    return np.concatenate([np.zeros(0, np.int64), *rows])


def kept_free(marks: Sequence[Mark], view: MapView) -> list[Names]:
    """The circles as names without letters, which have their place before any other."""
    circles = [view.to_pixels(mark.xy).astype(np.float64) for mark in marks if isinstance(mark, Bubbles)]
    rule = LabelRule("", size_px=2 * LARGEST_PX - GAP_PX, priority=FIRST)
    return [
        Names(("",) * len(xy), np.full(len(xy), rule.size_px), fixed(xy), rule, 0.0, np.zeros((0, 2)))
        for xy in circles
    ]


def radius_px(count: float) -> float:
    """How large a circle is for so many points."""
    return next((size for most, size in SIZES if count < most), LARGEST_PX)


def said(count: float) -> str:
    """A number that fits into its circle: 950, 1.2k, 48k, 3.1M."""
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if round(count, -1 if count >= 995 else 0) >= unit:
            share = count / unit
            return f"{share:.1f}{letter}" if share < 9.95 else f"{share:.0f}{letter}"
    return f"{count:.0f}"


def _clusters(found: Index, rule: Clusters, view: MapView) -> list[Mark]:
    """A circle stands at the middle of its points, but inside its square, so that none covers another."""
    unit = view.units_per_pixel
    held = tally(found, level_of(rule.cell_px * unit), view.grown(REACH_PX).extent)
    marks: list[Mark] = []
    alone = held.position >= 0
    if rule.symbol.marker and alone.any():
        marks.append(Signs(Drawn(found, np.sort(held.position[alone])), rule.symbol.marker))
    crowds = held.only(np.flatnonzero(~alone))
    if len(crowds.xy):
        radius = np.array([radius_px(count) for count in crowds.counts]) * unit
        middle = (crowds.cells + 0.5) * crowds.size
        free = np.maximum(crowds.size / 2 - radius, 0.0)[:, None]
        xy = middle + np.clip(crowds.xy - middle, -free, free)
        marks.append(Bubbles(found, crowds, xy, rule.colour))
    return marks
