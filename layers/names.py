"""Which names a layer would like to see on the map, and where."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape
from layers.choose import as_text
from layers.geometry import Ragged, centroids, clamped, gather, thinned
from layers.scene import Names
from layers.style import Categorised, LabelRule, Simple, Style
from layers.view import MapView

MOST = 1_500  # more names than this no map of one screen can show
BESIDE_PX = 4.0
STRAIGHT_PX = 6.0  # bends smaller than this do not turn a name
Placing = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def names(features: Features, rows: NDArray[np.int64], style: Style, view: MapView) -> list[Names]:
    """The names of `rows` under the style's rule: at most one per feature, none for an empty text."""
    rule = style.label
    column = features.columns.get(rule.column) if rule else None
    if rule is None or column is None:
        return []
    rows, texts = _named(column, rows)
    if not len(rows):
        return []
    shapes = clamped(gather(features, rows, view), view.width, view.height, reach=0.0)
    xy, angle, room = _places(features.shape, shapes, rule, view)
    inside = ((xy >= 0) & (xy <= (view.width, view.height))).all(axis=1) & (room > rule.size_px * 2)
    rank: NDArray[np.int64] = np.argsort(-room[inside], kind="stable")[:MOST]
    picks = np.flatnonzero(inside)[rank]
    shown = [texts[int(i)] for i in picks]
    return [
        Names(
            xy[picks].astype(np.float32),
            angle[picks].astype(np.float32),
            room[picks].astype(np.float32),
            tuple(text.upper() if rule.capitals else text for text in shown),
            rule,
            _beside(style) if features.shape is Shape.POINT else 0.0,
        )
    ]


def _named(column: NDArray[Any], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """The rows that have a text; of a crowd only the first, which are the largest."""
    found: list[int] = []
    texts: list[str] = []
    for row in rows:
        text = as_text(column[row]).strip()
        if text:
            found.append(int(row))
            texts.append(" ".join(text.split())[:80])
        if len(found) >= 4 * MOST:
            break
    return np.array(found, np.int64), texts


def _places(shape: Shape, shapes: Ragged, rule: LabelRule, view: MapView) -> Placing:
    """Anchors, angles in degrees, and the room each feature offers, in pixels."""
    n = len(shapes.parts) - 1
    if shape is Shape.POINT:
        return shapes.xy[shapes.rings[shapes.parts[:-1]]], np.zeros(n), np.full(n, np.inf)
    if shape is Shape.LINE and rule.along:
        return _along(shapes, view)
    starts = shapes.rings[shapes.parts[:-1]]
    wide = np.maximum.reduceat(shapes.xy[:, 0], starts) - np.minimum.reduceat(shapes.xy[:, 0], starts)
    return centroids(shapes), np.zeros(n), wide


def _along(shapes: Ragged, view: MapView) -> Placing:
    """The middle of each line's longest straight stretch; letters never stand on their heads."""
    lines = thinned(shapes, STRAIGHT_PX)
    n = len(lines.parts) - 1
    step = np.zeros_like(lines.xy)
    step[:-1] = lines.xy[1:] - lines.xy[:-1]
    step[lines.rings[1:] - 1] = 0.0
    length = np.hypot(step[:, 0], step[:, 1])
    edge = (lines.xy <= 0) | (lines.xy >= (view.width, view.height))
    length[:-1][(edge[:-1] & edge[1:] & (step[:-1] == 0)).any(axis=1)] = 0.0  # folded onto the border
    owner = np.repeat(np.arange(n), lines.lengths)
    longest = np.full(n, -1)
    by_length = np.argsort(length, kind="stable")
    longest[owner[by_length]] = by_length  # the last assignment wins: the longest
    way = step[longest]
    angle = np.degrees(np.arctan2(way[:, 1], way[:, 0]))
    angle = np.where(angle > 90, angle - 180, np.where(angle <= -90, angle + 180, angle))
    return lines.xy[longest] + way / 2, angle, length[longest]


def _beside(style: Style) -> float:
    """Pixels from a point to the start of its name."""
    match style.rule:
        case Simple(symbol):
            marker = symbol.marker
        case Categorised(classes=(first, *_rest)):
            marker = first.symbol.marker
        case _:
            marker = None
    return BESIDE_PX + (marker.size_px / 2 if marker else 0.0)
