"""Which names a layer would like to see on the map, and at which places."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Shape
from layers.choose import Looks
from layers.courses import along_lines, middles
from layers.drawn import SIGN_PX
from layers.geometry import Ragged, centroids, clamped, gather, thinned
from layers.inland import along_rivers, extents, in_areas
from layers.joining import joined
from layers.letters import Letters, in_one_piece
from layers.scene import Names
from layers.spots import around, stacked
from layers.style import Categorised, Clusters, Graduated, Heat, LabelRule, Own, Ruled, Simple, Style
from layers.view import MapView

MOST = 20_000  # more names than this no map of one screen can show
CROWD_PX = 6.0  # of the points that share a cell of this size only the most important asks for its name
BESIDE_PX = 4.0  # from a sign to its name
APART_PX = 260.0  # the same name of a line is not repeated within this distance
REACH_PX = 32.0  # lines are followed so far out of the window
_NOWHERE = np.zeros((0, 2))


@dataclass(frozen=True, slots=True)
class Wish:
    """A layer's style at one view, and the typeface of the names."""

    style: Style
    rule: LabelRule
    view: MapView
    letters: Letters

    @property
    def window(self) -> tuple[float, float]:
        return float(self.view.width), float(self.view.height)


def names(
    looks: Looks, rows: NDArray[np.int64], style: Style, view: MapView, letters: Letters
) -> list[Names]:
    """The names of `rows`, which are drawn, under the style's rule; none for an empty text."""
    rule = style.label
    column = looks.features.columns.get(rule.column) if rule else None
    if rule is None or column is None:
        return []
    wish = Wish(style, rule, view, letters)
    titles = looks.titles(rule.column, rule.capitals)
    rows = _important(looks, rows, wish)
    texts = titles.texts(rows)
    named = np.flatnonzero(np.not_equal(texts, ""))[:MOST]
    if not len(named):
        return []
    rows, texts = rows[named], texts[named]
    return _wanted(looks, rows, texts, titles.widths(rows, rule, letters), wish)


def _important(looks: Looks, rows: NDArray[np.int64], wish: Wish) -> NDArray[np.int64]:
    """The rows that matter most first; of a crowd of points one for each small cell."""
    if wish.rule.rank:
        weight = np.nan_to_num(looks.column(wish.rule.rank).as_numbers()[rows], nan=-np.inf)
        rows = rows[np.argsort(-weight, kind="stable")]
    features = looks.features
    if features.shape is not Shape.POINT or not len(rows):
        return rows
    xy = wish.view.to_pixels(features.xy[features.rings[features.parts[rows]]])
    inside = np.flatnonzero(((xy >= 0) & (xy <= wish.window)).all(axis=1))
    cells = (xy[inside] * (1 / CROWD_PX)).astype(np.int64)
    _cell, first = np.unique(cells[:, 0] << 32 | cells[:, 1], return_index=True)
    return rows[inside[np.sort(first)]]


def _wanted(
    looks: Looks, rows: NDArray[np.int64], texts: NDArray[np.object_], widths: NDArray[np.float64], wish: Wish
) -> list[Names]:
    shapes = gather(looks.features, rows, wish.view)
    match looks.features.shape:
        case Shape.POINT:
            return [_of_points(shapes.xy[shapes.rings[shapes.parts[:-1]]], texts, widths, wish)]
        case Shape.LINE:
            return [_of_lines(shapes, texts, widths, wish)]
        case Shape.POLYGON:
            return [_of_areas(shapes, texts, widths, wish)]


def _of_points(
    xy: NDArray[np.float64], texts: NDArray[np.object_], widths: NDArray[np.float64], wish: Wish
) -> Names:
    sign = _sign_px(wish.style)
    if sign == 0:  # a name without a sign stands where the sign would
        return Names(tuple(texts), widths, stacked(xy, wish.rule.size_px), wish.rule, 0.0, _NOWHERE)
    spots = around(xy, widths, BESIDE_PX + sign / 2, wish.rule.size_px)
    return Names(tuple(texts), widths, spots, wish.rule, 0.0, xy, sign)


def _of_lines(shapes: Ragged, texts: NDArray[np.object_], widths: NDArray[np.float64], wish: Wish) -> Names:
    """The longest names first: they find room least easily."""
    high, (width, height) = wish.rule.size_px, wish.window
    shapes = thinned(clamped(shapes, width, height, REACH_PX))
    if wish.rule.along:
        said: list[str] = texts.tolist()
        shapes, bearer = joined(shapes, said, widths)
        stiff = in_one_piece(said)[bearer]
        spots, line = along_lines(shapes, widths[bearer], stiff, high, wish.window)
        owner = bearer[line]
    else:
        spots, owner = stacked(middles(shapes), high), np.arange(len(widths))
    order = np.argsort(owner if wish.rule.rank else -widths[owner], kind="stable")
    picks = owner[order]
    return Names(tuple(texts[picks]), widths[picks], spots.only(order), wish.rule, APART_PX, _NOWHERE)


def _of_areas(shapes: Ragged, texts: NDArray[np.object_], widths: NDArray[np.float64], wish: Wish) -> Names:
    """The larger an area is on the screen, the earlier its name."""
    high, (width, height) = wish.rule.size_px, wish.window
    shapes = thinned(clamped(shapes, width, height, 0.0))
    if wish.rule.along:
        spots = along_rivers(shapes, widths, high)
    elif wish.rule.beyond:
        spots = stacked(centroids(shapes), high)
    else:
        spots = in_areas(shapes, widths, high)
    low, top = extents(shapes)
    order = np.argsort(np.zeros(len(low)) if wish.rule.rank else -(top - low).prod(axis=1), kind="stable")
    order = order[np.diff(spots.names)[order] > 0]
    apart = APART_PX if wish.rule.along else 0.0
    return Names(tuple(texts[order]), widths[order], spots.only(order), wish.rule, apart, _NOWHERE)


def _sign_px(style: Style) -> float:
    """How high the signs of points are; 0 where there is none."""
    match style.rule:
        case Simple(symbol) | Clusters(symbol) | Heat(symbol):
            marker = symbol.marker
        case Categorised(classes=(first, *_rest)) | Ruled(cases=(first, *_rest)):
            marker = first.symbol.marker
        case Graduated(symbols=(symbol, *_rest)):
            marker = symbol.marker
        case Own():
            return SIGN_PX
        case _:
            marker = None
    return marker.size_px if marker else 0.0
