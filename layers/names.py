"""Which names a layer would like to see on the map, and where."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape
from layers.anchors import Anchors, along_lines, in_polygons, on_points
from layers.columns import as_text
from layers.geometry import Ragged, clamped, gather, thinned
from layers.letters import text_width
from layers.scene import Names
from layers.style import Categorised, Graduated, LabelRule, Ruled, Simple, Style
from layers.view import MapView

MOST = 1_500  # more names than this no map of one screen can show
BESIDE_PX = 4.0


def names(features: Features, rows: NDArray[np.int64], style: Style, view: MapView) -> list[Names]:
    """The names of `rows` under the style's rule: at most one per feature, none for an empty text."""
    rule = style.label
    column = features.columns.get(rule.column) if rule else None
    if rule is None or column is None:
        return []
    rows, texts = _named(column, rows, rule.capitals)
    if not len(rows):
        return []
    shapes = clamped(gather(features, rows, view), view.width, view.height, reach=0.0)
    found = _anchors(features.shape, shapes, texts, rule, view)
    inside = ((found.xy >= 0) & (found.xy <= (view.width, view.height))).all(axis=1)
    inside &= found.room > rule.size_px * 2
    rank: NDArray[np.int64] = np.argsort(-found.room[inside], kind="stable")[:MOST]
    picks = np.flatnonzero(inside)[rank]
    shown = [texts[int(i)] for i in picks]
    return [
        Names(
            found.xy[picks].astype(np.float32),
            found.angle[picks].astype(np.float32),
            found.room[picks].astype(np.float32),
            tuple(shown),
            rule,
            _beside(style) if features.shape is Shape.POINT else 0.0,
        )
    ]


def _named(
    column: NDArray[Any], rows: NDArray[np.int64], capitals: bool
) -> tuple[NDArray[np.int64], list[str]]:
    """The rows that have a text; of a crowd only the first, which are the largest."""
    found: list[int] = []
    texts: list[str] = []
    for row in rows:
        text = as_text(column[row]).strip()
        if text:
            found.append(int(row))
            text = " ".join(text.split())[:80]
            texts.append(text.upper() if capitals else text)
        if len(found) >= 4 * MOST:
            break
    return np.array(found, np.int64), texts


def _anchors(shape: Shape, shapes: Ragged, texts: list[str], rule: LabelRule, view: MapView) -> Anchors:
    match shape:
        case Shape.POINT:
            return on_points(shapes)
        case Shape.LINE:
            widths = np.array([text_width(text, rule.size_px) for text in texts])
            return along_lines(shapes, widths, view.width, view.height)
        case Shape.POLYGON:
            return in_polygons(thinned(shapes), rule.along)


def _beside(style: Style) -> float:
    """Pixels from a point to the start of its name."""
    match style.rule:
        case Simple(symbol):
            marker = symbol.marker
        case Categorised(classes=(first, *_rest)) | Ruled(cases=(first, *_rest)):
            marker = first.symbol.marker
        case Graduated(symbols=(symbol, *_rest)):
            marker = symbol.marker
        case _:
            marker = None
    return BESIDE_PX + (marker.size_px / 2 if marker else 0.0)
