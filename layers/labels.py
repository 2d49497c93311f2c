"""Which of the wanted names get a place: the important first, none over another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.letters import text_width
from layers.scene import Names
from layers.style import LabelRule

CELL = 4  # pixels per cell of the occupancy grid
APART_PX = 260.0  # the same name is not repeated within this distance
GAP_PX = 3.0
FIT = 1.25  # a name may be this much longer than the stretch or area it stands on


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its place: the centre of its box in pixels, its width, and degrees clockwise.

    `starts` is True when the text begins at the left of its box instead of standing in its middle.
    """

    text: str
    x: float
    y: float
    angle: float
    width: float
    rule: LabelRule
    starts: bool = False


def place(wanted: Iterable[Names], width: int, height: int) -> tuple[Label, ...]:
    """The names that fit, by `priority` of their rule, then in the order given. Pixels of one view."""
    grid = np.zeros((height // CELL + 2, width // CELL + 2), bool)
    placed: list[Label] = []
    same: dict[str, list[Label]] = {}
    for group in sorted(wanted, key=lambda names: -names.rule.priority):
        for i, text in enumerate(group.texts):
            label = _label(group, i, text)
            twins = same.setdefault(text, [])
            if label and not _near(label, twins) and _take(grid, label):
                placed.append(label)
                twins.append(label)
    return tuple(placed)


def _label(group: Names, i: int, text: str) -> Label | None:
    wide = text_width(text, group.rule.size_px)
    if wide > group.room[i] * FIT:
        return None
    x, y = (float(v) for v in group.xy[i])
    if group.beside:
        x += group.beside + wide / 2
    return Label(text, x, y, float(group.angle[i]), wide, group.rule, starts=group.beside > 0)


def _near(label: Label, twins: Sequence[Label]) -> bool:
    return any((label.x - t.x) ** 2 + (label.y - t.y) ** 2 < APART_PX**2 for t in twins)


def _take(grid: NDArray[np.bool_], label: Label) -> bool:
    """Occupy the label's cells; False when one is taken or outside."""
    high = label.rule.size_px + GAP_PX
    steps = max(1, round(label.width / high)) if label.angle else 1
    along = (np.arange(steps) + 0.5) / steps - 0.5 if label.angle else np.zeros(1)
    turn = np.radians(label.angle)
    half_w = (high if label.angle else label.width + GAP_PX) / 2
    xs = label.x + along * label.width * np.cos(turn)
    ys = label.y + along * label.width * np.sin(turn)
    boxes = np.stack((xs - half_w, ys - high / 2, xs + half_w, ys + high / 2), axis=1) // CELL
    boxes = boxes.astype(np.int64)
    rows, columns = grid.shape
    if boxes.min() < 0 or boxes[:, 2].max() >= columns or boxes[:, 3].max() >= rows:
        return False
    if any(grid[b : d + 1, a : c + 1].any() for a, b, c, d in boxes):
        return False
    for a, b, c, d in boxes:
        grid[b : d + 1, a : c + 1] = True
    return True
