"""All features of a layer as rows and columns; nothing is copied that need not be."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from gis.geo.ragged import offsets
from gis.progress import Progress
from gis.texts import _
from layers.columns import Column, nothing
from layers.index import Indexes
from layers.marked import Marked
from layers.view import Box

Rows = NDArray[np.int64]


class Attributes:
    """n rows, each a feature; `names` are the columns in the order of the file,
    without those that are `inner`: not for people.

    A feature that stands in several of `found` (a point and its outline) is one row, that of the first. Never
    changes, so safe from any thread; columns of several parts are joined when they are first asked for.
    """

    def __init__(self, found: Sequence[Features], inner: Collection[str] = ()) -> None:
        self.parts = tuple(each for each in found if len(each)) or tuple(found[:1])
        self._kept = _firsts(self.parts)
        self._starts = offsets(np.array([len(rows) for rows in self._kept], np.int64))
        self.names: tuple[str, ...] = tuple(
            dict.fromkeys(name for part in self.parts for name in part.columns if name not in inner)
        )
        self._values: dict[str, NDArray[Any]] = {}
        self._columns: dict[str, Column] = {}
        self.ids: NDArray[Any] = self._joined([part.ids for part in self.parts])

    def __len__(self) -> int:
        return int(self._starts[-1])

    def values(self, name: str) -> NDArray[Any]:
        """(n,) a column as it was read; nothing stands where a part has none of it. KeyError for none."""
        if name not in self.names:
            raise KeyError(name)
        if name not in self._values:
            columns = [part.columns.get(name) for part in self.parts]
            filled = [
                np.full(len(part), None, object) if column is None else column
                for part, column in zip(self.parts, columns, strict=True)
            ]
            self._values[name] = self._joined(filled)
        return self._values[name]

    def column(self, name: str) -> Column:
        """The same made ready to be asked; all null where there is no such column."""
        if name not in self.names:
            return nothing(len(self))
        if name not in self._columns:
            self._columns[name] = Column(self.values(name))
        return self._columns[name]

    def where(self, ids: Collection[str | int]) -> NDArray[np.bool_]:
        """(n,) which rows have one of these ids."""
        if not ids or not len(self):
            return np.zeros(len(self), bool)
        if self.ids.dtype.kind in "iu":
            numbers = np.array([each for each in ids if isinstance(each, int)], np.int64)
            return np.isin(self.ids, numbers)
        wanted = frozenset(ids)
        return np.fromiter((each in wanted for each in self.ids.tolist()), bool, len(self))

    def ids_of(self, rows: Rows) -> list[str | int]:
        """The ids of some rows, as a selection takes them."""
        return self.ids[rows].tolist()

    def within(self, extent: Box, indexes: Indexes, progress: Progress) -> NDArray[np.bool_]:
        """(n,) which rows have a place whose bounds touch `extent` (map units)."""
        seen = np.zeros(len(self), bool)
        for number, features in enumerate(self.parts):
            index = indexes.of(features, progress)
            there = np.zeros(len(features), bool)
            there[index.order[index.within(extent)]] = True
            seen[self._starts[number] : self._starts[number + 1]] = there[self._kept[number]]
        return seen

    def marked(self, rows: Rows) -> tuple[Marked, ...]:
        """The shapes of some rows."""
        part = np.searchsorted(self._starts, rows, side="right") - 1
        found: list[Marked] = []
        for number, features in enumerate(self.parts):
            mine = self._kept[number][rows[part == number] - self._starts[number]]
            if len(mine):
                found.append(Marked(features, mine))
        return tuple(found)

    def _joined(self, parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
        kept = [
            part if len(rows) == len(part) else part[rows]
            for part, rows in zip(parts, self._kept, strict=True)
        ]
        if not kept:
            return np.zeros(0, np.int64)
        if len({each.dtype.kind for each in kept}) > 1:  # 7 stays 7 beside a text: nothing becomes another
            kept = [each.astype(object) for each in kept]
        return kept[0] if len(kept) == 1 else np.concatenate(kept)


def title_of(name: str) -> str:
    """A column's heading; one without a name says so."""
    return name.strip() or _("(no name)")


def _firsts(parts: Sequence[Features]) -> list[Rows]:
    """Of every part the rows whose id stood in none before it."""
    kept: list[Rows] = []
    seen: set[Any] = set()
    for number, part in enumerate(parts):
        if number == 0:
            kept.append(np.arange(len(part)))
        else:
            kept.append(
                np.array([n for n, each in enumerate(part.ids.tolist()) if each not in seen], np.int64)
            )
        if number + 1 < len(parts):
            seen.update(part.ids.tolist())
    return kept
