"""A layer of any length in few marks: what is small is one mark per cell, what is large keeps its outline.

In the worker process only. The cells grow until the marks are few enough, so nothing is known beforehand and
no more than a few times the marks is held.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.exchange.vector.carry import Texts
from gis.geo.features import Features, Shape
from gis.geo.ragged import offsets, ranges
from gis.geo.wkb import Vertices
from gis.paint.measuring import measured

Column = NDArray[Any] | Texts
Columns = Mapping[str, Column]
LARGE = 2.0  # cells: what is wider is a mark of its own
MARK_BYTES = 256  # on average
FINEST = 2.0**-15  # of the width of the first piece: as fine as cells are at first
_FARTHEST = 2.0**30  # cells from one end to the other
_RING = 5  # vertices of a rectangle


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """n marks of one shape: their vertices, none for areas that are a box (n, 4) of some `area`, how many
    features each stands for, and the columns of the largest of these, `side` wide."""

    xy: NDArray[np.float64]
    rings: NDArray[np.int64]
    parts: NDArray[np.int64]
    box: NDArray[np.float64]
    area: NDArray[np.float64]
    side: NDArray[np.float64]
    count: NDArray[np.int64]
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.count)

    @property
    def bytes(self) -> int:
        return 16 * len(self.xy) + 80 * len(self) + sum(map(_bytes, self.columns.values()))


class Overview:
    """Takes the pieces of a layer and keeps `most` marks of each shape of it, or fewer."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._cell: dict[Shape, float] = {}
        self._kept: dict[Shape, list[_Marks]] = {}

    def add(self, found: Vertices, columns: Columns) -> None:
        """The next features of the layer, on the map."""
        marks = _as_marks(found, columns)
        if not len(marks):
            return
        if found.shape not in self._cell:
            wide = float(np.ptp(marks.box.reshape(-1, 2), axis=0).max())
            self._cell[found.shape] = 2.0 ** np.floor(np.log2(max(wide * FINEST, 1e-6)))
        kept = self._kept.setdefault(found.shape, [])
        kept.append(_fewer(marks, found.shape, self._cell[found.shape]))
        if self._too_many(kept, 2):
            self._gather(found.shape)

    def marks(self, crs: int) -> Iterator[tuple[Features, Columns]]:
        """What is kept, one `Features` for each shape, with the columns apart; ids are below zero."""
        for shape in tuple(self._kept):
            self._gather(shape)
            (marks,) = self._kept[shape]
            outlines = (marks.xy, marks.rings, marks.parts)
            if shape is Shape.POLYGON:
                outlines = _outlines(marks, self._cell[shape])
            ids = -1 - np.arange(len(marks))
            yield Features(shape, *outlines, ids, {}, crs, marks.count), marks.columns

    def _too_many(self, kept: list[_Marks], times: int) -> bool:
        most = times * self._most
        return sum(map(len, kept)) > most or sum(each.bytes for each in kept) > most * MARK_BYTES

    def _gather(self, shape: Shape) -> None:
        """One set of marks out of all, in larger cells if need be."""
        marks = _fewer(_joined(self._kept[shape]), shape, self._cell[shape])
        while len(marks) > 1 and self._too_many([marks], 1):
            self._cell[shape] *= 2.0 if self._too_many([marks], 2) else 2.0**0.5
            marks = _fewer(marks, shape, self._cell[shape])
        self._kept[shape] = [marks]


def _as_marks(found: Vertices, columns: Columns) -> _Marks:
    """Each feature that has a place, as itself."""
    rows = np.flatnonzero(np.diff(found.parts))
    if not len(rows):
        nothing = np.zeros(0, np.int64)
        none, start = np.zeros((0, 2)), np.zeros(1, np.int64)
        return _Marks(none, start, start, np.zeros((0, 4)), np.zeros(0), np.zeros(0), nothing, {})
    boxes, areas = measured(found.xy, found.rings)
    first = found.parts[:-1][rows]
    low = np.minimum.reduceat(boxes[:, :2], first)
    high = np.maximum.reduceat(boxes[:, 2:], first)
    area = np.abs(np.add.reduceat(areas, first)) if found.shape is Shape.POLYGON else np.zeros(len(rows))
    return _Marks(
        found.xy,
        found.rings,
        np.append(first, found.parts[-1]),
        np.hstack((low, high)),
        area,
        (high - low).max(axis=1),
        np.ones(len(rows), np.int64),
        {name: _taken(column, rows) for name, column in columns.items()},
    )


def _fewer(marks: _Marks, shape: Shape, cell: float) -> _Marks:
    """The small ones of each cell as one, the large ones with no more vertices than cells tell apart."""
    small = marks.side <= LARGE * cell
    middle = (marks.box[:, :2] + marks.box[:, 2:]) / 2
    corner = middle.min(axis=0)
    while float(np.ptp(middle, axis=0).max(initial=0.0)) / cell > _FARTHEST:
        cell *= 2
    at = (np.floor(middle / cell) - np.floor(corner / cell)).astype(np.int64)
    key = np.where(small, at[:, 0] << 31 | at[:, 1], -1 - np.arange(len(marks)))
    order = np.lexsort((-marks.side, key))
    starts = np.flatnonzero(np.append(True, np.diff(key[order]) != 0))
    picks = order[starts]  # the largest of each cell speaks for it
    low = np.minimum.reduceat(marks.box[order, :2], starts)
    high = np.maximum.reduceat(marks.box[order, 2:], starts)
    xy, rings, parts = _drawn(marks, shape, picks, small[picks], cell)
    return _Marks(
        xy,
        rings,
        parts,
        np.hstack((low, high)),
        np.add.reduceat(marks.area[order], starts),
        marks.side[picks],
        np.add.reduceat(marks.count[order], starts),
        {name: _taken(column, picks) for name, column in marks.columns.items()},
    )


def _drawn(
    marks: _Marks, shape: Shape, picks: NDArray[np.int64], small: NDArray[np.bool_], cell: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """The vertices of some marks: of small areas none, for a box stands for them."""
    own = marks.parts[picks]
    counts = marks.parts[picks + 1] - own
    if shape is Shape.POINT:
        counts = np.minimum(counts, 1)
    elif shape is Shape.POLYGON:
        counts = np.where(small, 0, counts)
    which = ranges(own, counts)
    starts = marks.rings[which]
    lengths = marks.rings[which + 1] - starts
    xy, rings, parts = marks.xy[ranges(starts, lengths)], offsets(lengths), offsets(counts)
    return (xy, rings, parts) if shape is Shape.POINT else _thinned(xy, rings, parts, cell, shape)


def _thinned(
    xy: NDArray[np.float64], rings: NDArray[np.int64], parts: NDArray[np.int64], cell: float, shape: Shape
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Without vertices in the same cell as the one before; the ends of a ring stay. A ring that would be
    nothing then stays as it is."""
    if not len(xy):
        return xy, rings, parts
    at = np.floor(xy / cell)
    kept = np.append(True, (np.diff(at, axis=0) != 0).any(axis=1))
    kept[rings[:-1]] = kept[rings[1:] - 1] = True
    lengths = np.add.reduceat(kept, rings[:-1])
    flat = lengths < (4 if shape is Shape.POLYGON else 2)
    kept |= np.repeat(flat, np.diff(rings))
    return xy[kept], offsets(np.where(flat, np.diff(rings), lengths)), parts


def _outlines(marks: _Marks, cell: float) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """The vertices of areas; those that have none get a rectangle as large as all that it stands for."""
    bare = np.flatnonzero(np.diff(marks.parts) == 0)
    made, rows = _rectangles(marks.box[bare], marks.area[bare], marks.count[bare], cell), len(bare)
    rings = np.append(marks.rings[:-1], len(marks.xy) + _RING * np.arange(rows + 1))
    counts = np.diff(marks.parts)
    first = marks.parts[:-1].copy()
    first[bare], counts[bare] = len(marks.rings) - 1 + np.arange(rows), 1
    which = ranges(first, counts)
    starts = rings[which]
    lengths = np.diff(rings)[which]
    return np.concatenate((marks.xy, made))[ranges(starts, lengths)], offsets(lengths), offsets(counts)


def _rectangles(
    box: NDArray[np.float64], area: NDArray[np.float64], count: NDArray[np.int64], cell: float
) -> NDArray[np.float64]:
    """Five vertices each, anticlockwise: where the one feature is; for many a square in the middle of their
    cell, as the dots of a printed picture, which nobody takes for a feature."""
    size, middle = box[:, 2:] - box[:, :2], (box[:, :2] + box[:, 2:]) / 2
    whole = size.prod(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.sqrt(np.where(whole > 0, np.minimum(area / whole, 1.0), 1.0))
    many = (count > 1)[:, None]
    square = np.minimum(np.sqrt(area), cell)[:, None]
    half = np.where(many, square, size * share[:, None]) / 2
    middle = np.where(many, (np.floor(middle / cell) + 0.5) * cell, middle)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)], np.float64)
    return (middle[:, None] + half[:, None] * corners).reshape(-1, 2)


def _joined(kept: list[_Marks]) -> _Marks:
    if len(kept) == 1:
        return kept[0]
    rings = [each.rings for each in kept]
    return _Marks(
        np.concatenate([each.xy for each in kept]),
        _run_on(rings),
        _run_on([each.parts for each in kept]),
        np.concatenate([each.box for each in kept]),
        np.concatenate([each.area for each in kept]),
        np.concatenate([each.side for each in kept]),
        np.concatenate([each.count for each in kept]),
        {name: _together([each.columns[name] for each in kept]) for name in kept[0].columns},
    )


def _run_on(ends: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Offsets one after another."""
    return offsets(np.concatenate([np.diff(each) for each in ends]))


def _taken(column: Column, rows: NDArray[np.int64]) -> Column:
    """Some entries of a column."""
    if not isinstance(column, Texts):
        return column[rows]
    starts = np.asarray(column.ends, np.int64)
    lengths = starts[rows + 1] - starts[rows]
    present = None if column.present is None else column.present[rows]
    return Texts(column.letters[ranges(starts[rows], lengths)], offsets(lengths), present)


def _together(columns: list[Column]) -> Column:
    texts = [each for each in columns if isinstance(each, Texts)]
    if not texts:
        return np.concatenate([each for each in columns if not isinstance(each, Texts)])
    present = None
    if any(each.present is not None for each in texts):
        rows = (len(each.ends) - 1 for each in texts)
        filled = zip(texts, rows, strict=True)
        present = np.concatenate([np.ones(n, bool) if a.present is None else a.present for a, n in filled])
    letters = np.concatenate([each.letters for each in texts])
    return Texts(letters, _run_on([np.asarray(each.ends, np.int64) for each in texts]), present)


def _bytes(column: Column) -> int:
    return len(column.letters) + 8 * len(column.ends) if isinstance(column, Texts) else column.nbytes
