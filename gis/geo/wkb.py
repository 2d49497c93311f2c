"""Well-known binary (OGC 06-103r4, clause 8) in whole columns: simple shapes straight to ragged arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Shape
from gis.geo.ragged import offsets

Numbers = NDArray[np.int64]
MOST_ROUNDS = 64  # rings of one feature, one after another; what has more is better taken apart elsewhere
_HEADER, _COUNT, _XY = 5, 4, 16  # bytes: order and type; a number; x and y
_POINT, _MULTIPLE, _LAST = 1, 4, 6  # codes of shapes: the first, the first that is multiple, its last
_DIMENSION = 1_000  # 1001 is a point with z, 2001 with m, 3001 with both
_MORE = (0, 8, 8, 16)  # bytes of these after x and y
_SMALLEST_RING = 4


@dataclass(frozen=True, slots=True, eq=False)
class Vertices:
    """n features of one shape as `gis.geo.features.Features` has them, rings as they were written.

    `outer` (r,) is True for rings that begin an area.
    """

    shape: Shape
    xy: NDArray[np.float64]
    rings: Numbers
    parts: Numbers
    outer: NDArray[np.bool_]


class _Odd(Exception):
    """Something in the column is not as simple as that."""


def vertices(
    data: NDArray[np.uint8], ends: NDArray[Any], present: NDArray[np.bool_] | None = None
) -> Vertices | None:
    """What feature `i`, the bytes `data[ends[i]:ends[i + 1]]`, says; nothing where `present` is False.

    Only points, lines and areas of one shape, single or multiple, little endian, closed and whole; None when
    anything in the column is else. Heights and measures are left out. Nothing outside of a feature's own
    bytes is read.
    """
    starts, stops = np.asarray(ends[:-1], np.int64), np.asarray(ends[1:], np.int64)
    rows = np.arange(len(starts)) if present is None else np.flatnonzero(present)
    try:
        return _Column(data, starts[rows], stops[rows]).read(rows, len(starts))
    except _Odd:
        return None


def _demand(holds: NDArray[np.bool_]) -> None:
    if not holds.all():
        raise _Odd


@dataclass(slots=True)
class _Rings:
    """Where the vertices of rings or lines begin, how many each has, whose it is, if it begins an area."""

    begin: Numbers
    count: Numbers
    owner: Numbers
    outer: NDArray[np.bool_]

    def __getitem__(self, which: NDArray[Any]) -> "_Rings":
        return _Rings(self.begin[which], self.count[which], self.owner[which], self.outer[which])


class _Column:
    """Features in a run of bytes: `starts` to `stops` (n,)."""

    def __init__(self, data: NDArray[np.uint8], starts: Numbers, stops: Numbers) -> None:
        self._data, self._starts, self._stops = np.ascontiguousarray(data), starts, stops
        self._dimension, self._vertex = 0, _XY

    def read(self, rows: Numbers, count: int) -> Vertices:
        """`rows` says which of `count` features these are."""
        _demand(self._stops - self._starts >= _HEADER + _COUNT)
        shape, kind = self._shape(self._types(self._starts))
        multiple = kind >= _MULTIPLE
        if shape is Shape.POINT:
            at, owner = self._points(multiple)
            xy = self._vertices(at)
            full = ~np.isnan(xy).all(axis=1)
            xy, owner = xy[full], owner[full]
            rings, outer = np.arange(len(xy) + 1), np.zeros(len(xy), np.bool_)
        else:
            found = self._rings(multiple, areal=shape is Shape.POLYGON)
            rings, owner, outer = offsets(found.count), found.owner, found.outer
            xy = self._vertices(_each(found.begin, found.count, rings, self._vertex))
            if shape is Shape.POLYGON and len(rings) > 1:
                _demand(found.count >= _SMALLEST_RING)
                _demand((xy[rings[:-1]] == xy[rings[1:] - 1]).all(axis=1))
        return Vertices(shape, xy, rings, offsets(np.bincount(rows[owner], minlength=count)), outer)

    def _shape(self, types: Numbers) -> tuple[Shape, Numbers]:
        """What all of them are, and the code of each, 1 to 6."""
        if not len(types):
            return Shape.POINT, types
        self._dimension = int(types[0]) // _DIMENSION
        kind = types - self._dimension * _DIMENSION
        _demand((kind >= _POINT) & (kind <= _LAST) & (self._dimension < len(_MORE)))
        self._vertex = _XY + _MORE[self._dimension]
        simple = (kind - _POINT) % (_MULTIPLE - _POINT)
        _demand(simple == simple[0])
        return Shape(int(simple[0])), kind

    def _points(self, multiple: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
        """Where each point's coordinates are, and which feature it is of."""
        each = _HEADER + self._vertex
        counts = np.ones(len(multiple), np.int64)
        counts[multiple] = self._numbers(self._starts[multiple] + _HEADER)
        first = self._starts + np.where(multiple, _HEADER + _COUNT, 0)
        _demand(first + counts * each <= self._stops)
        owner = np.repeat(np.arange(len(counts)), counts)
        if not multiple.any():
            return first + _HEADER, owner
        full = counts > 0
        at = _each(first[full], counts[full], offsets(counts[full]), each)
        _demand(self._types(at) == self._code(Shape.POINT))
        return at + _HEADER, owner

    def _rings(self, multiple: NDArray[np.bool_], *, areal: bool) -> _Rings:
        """In rounds: the first ring of every feature, then the second of those that have one."""
        owner, at, stops = np.arange(len(multiple)), self._starts + _HEADER, self._stops
        counted = multiple | areal
        said = np.ones(len(multiple), np.int64)
        said[counted] = self._numbers(at[counted])
        at = at + np.where(counted, _COUNT, 0)
        parts, rings = np.where(multiple, said, 0), np.where(multiple, 0, said)  # still to come; of this part
        begins = np.ones(len(multiple), np.bool_)
        found: list[_Rings] = []
        for _round in range(MOST_ROUNDS):
            while (shut := np.flatnonzero((rings == 0) & (parts > 0))).size:
                _demand(at[shut] + _HEADER + _COUNT <= stops[shut])
                _demand(self._types(at[shut]) == self._code(Shape.POLYGON if areal else Shape.LINE))
                at[shut] += _HEADER
                rings[shut] = self._numbers(at[shut]) if areal else 1
                at[shut] += _COUNT if areal else 0
                parts[shut] -= 1
                begins[shut] = True
            if not (live := rings > 0).all():
                owner, at, stops, parts = owner[live], at[live], stops[live], parts[live]
                rings, begins = rings[live], begins[live]
            if not len(owner):
                return _joined(found)
            _demand(at + _COUNT <= stops)
            counts = self._numbers(at)
            found.append(_Rings(at + _COUNT, counts, owner, begins & areal))
            at = at + _COUNT + counts * self._vertex
            _demand(at <= stops)
            rings, begins = rings - 1, np.zeros(len(owner), np.bool_)
        raise _Odd

    def _code(self, shape: Shape) -> int:
        return self._dimension * _DIMENSION + _POINT + shape.value

    def _types(self, at: Numbers) -> Numbers:
        """Of the shapes that begin there; all little endian."""
        _demand(self._data[at] == 1)
        return self._numbers(at + 1)

    def _numbers(self, at: Numbers) -> Numbers:
        return self._any("<u4", at).astype(np.int64)

    def _vertices(self, at: Numbers) -> NDArray[np.float64]:
        return self._any("<c16", at).view("<f8").reshape(-1, 2)

    def _any(self, kind: str, at: Numbers) -> NDArray[Any]:
        """What stands in the bytes from `at` on, wherever that is."""
        dtype = np.dtype(kind)
        room = max(len(self._data) - dtype.itemsize + 1, 0)
        everywhere: NDArray[Any] = np.ndarray((room,), dtype, self._data, strides=(1,))
        return everywhere[at]


def _joined(found: list[_Rings]) -> _Rings:
    """The rings of all rounds, feature by feature; without those that have no vertex."""
    if not found:
        none = np.zeros(0, np.int64)
        return _Rings(none, none, none, none.astype(np.bool_))
    rings = found[0]
    if len(found) > 1:
        begin, count, owner = (
            np.concatenate([getattr(each, name) for each in found]) for name in ("begin", "count", "owner")
        )
        rings = _Rings(begin, count, owner, np.concatenate([each.outer for each in found]))
        rings = rings[np.argsort(rings.owner, kind="stable")]
    full = rings.count > 0
    return rings if full.all() else rings[full]


def _each(begin: Numbers, count: Numbers, ends: Numbers, step: int) -> Numbers:
    """begin[0], begin[0] + step and so on, count[0] of them; then those of begin[1]. `count` is nowhere 0,
    `ends` sums it up."""
    steps = np.full(int(ends[-1]), step, np.int64)
    if len(steps):
        steps[0] = begin[0]
        steps[ends[1:-1]] = begin[1:] - begin[:-1] - step * (count[:-1] - 1)
    return np.cumsum(steps, out=steps)
