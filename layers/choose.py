"""Which symbol each feature gets."""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from layers.columns import Column, as_text, nothing
from layers.drawn import symbol_of
from layers.filters.asking import holds
from layers.filters.tree import Filter
from layers.style import (
    Case,
    Categorised,
    Category,
    Clusters,
    Graduated,
    Heat,
    Own,
    Rule,
    Ruled,
    Simple,
    Symbol,
    in_scale,
)
from layers.titles import Titles

Rows = NDArray[np.int64]
NONE = -1


class Looks:
    """What styles say of each of `features`, remembered: a map asks the same again at every move.

    Safe from several threads, which at worst both find out the same.
    """

    def __init__(self, features: Features, room: int = 64) -> None:
        self.features, self._room = features, room
        self._known: dict[Hashable, Any] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.features)

    def column(self, name: str) -> Column:
        """The column of this name; all null where there is none."""
        values = self.features.columns.get(name)
        return self.kept(("column", name), lambda: nothing(len(self)) if values is None else Column(values))

    def holds(self, asked: Filter) -> NDArray[np.bool_]:
        """Where a filter is true (n,)."""
        return self.kept(asked, lambda: holds(asked, self.column))

    def categories(self, column: str, classes: tuple[Category, ...]) -> NDArray[np.int16]:
        """The class of each feature (n,), by the text of its value; NONE for none."""
        numbers = {value: i for i, entry in enumerate(classes) for value in (entry.value, *entry.also)}

        def find() -> NDArray[np.int16]:
            coded = self.column(column).coded
            return coded.numbered(lambda value: numbers.get(as_text(value), NONE), numbers.get("", NONE))

        return self.kept((column, tuple(numbers.items())), find)

    def ranges(self, column: str, breaks: tuple[float, ...]) -> NDArray[np.int16]:
        """The class of each feature (n,), by its number; NONE for none."""
        return self.kept((column, breaks), lambda: graduated_class(self.column(column).as_numbers(), breaks))

    def titles(self, column: str, capitals: bool) -> Titles:
        """The texts of a column that is there, as names on a map."""
        return self.kept(("title", column, capitals), lambda: Titles(self.features.columns[column], capitals))

    def kept(self, key: Hashable, find: Callable[[], Any]) -> Any:
        """What `find` found out the first time that this was asked."""
        with self._lock:
            known = self._known.pop(key, None)
        found = find() if known is None else known
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._room:
                del self._known[next(iter(self._known))]
        return found


def chosen(rule: Rule, looks: Looks, rows: Rows, scale: float) -> Iterator[tuple[Symbol, Rows]]:
    """Split `rows` into groups of one look, in drawing order: each symbol with indices into `rows`.

    Rows that are not to be drawn at 1 : `scale` are in no group; under rules that all count, a row may be
    in several.
    """
    match rule:
        case Simple(symbol) | Clusters(symbol) | Heat(symbol):  # each by itself
            yield symbol, np.arange(len(rows))
        case Categorised(column, classes):
            which = looks.categories(column, classes)[rows]
            shown = [(i, entry.symbol) for i, entry in enumerate(classes) if in_scale(entry, scale)]
            yield from _classed(which, shown, rule.other)
        case Graduated(column, breaks, symbols):
            yield from _classed(looks.ranges(column, breaks)[rows], enumerate(symbols), rule.other)
        case Ruled():
            yield from _ruled(rule, looks, rows, scale)
        case Own(column):
            yield from _own(looks.column(column), rows)
        case _:
            return


def _classed(
    which: NDArray[np.int16], shown: Iterable[tuple[int, Symbol]], other: Symbol | None
) -> Iterator[tuple[Symbol, Rows]]:
    if other:
        yield other, np.flatnonzero(which == NONE)
    for i, symbol in shown:
        yield symbol, np.flatnonzero(which == i)


def _own(words: Column, rows: Rows) -> Iterator[tuple[Symbol, Rows]]:
    codes = words.coded.codes[rows]
    for n, said in enumerate(words.coded.values):
        picks = np.flatnonzero(codes == n)
        if len(picks):
            yield symbol_of(as_text(said)), picks


def _ruled(rule: Ruled, looks: Looks, rows: Rows, scale: float) -> Iterator[tuple[Symbol, Rows]]:
    cases = [case for case in rule.cases if in_scale(case, scale)]
    left = np.ones(len(rows), bool)
    taken: dict[int, NDArray[np.bool_]] = {}
    for n, case in enumerate(cases):
        if not case.otherwise:
            taken[n] = _taken(case, looks, rows)
            if rule.first:
                taken[n] = taken[n] & left
            left &= ~taken[n]
    for n, case in enumerate(cases):
        yield case.symbol, np.flatnonzero(left if case.otherwise else taken[n])


def _taken(case: Case, looks: Looks, rows: Rows) -> NDArray[np.bool_]:
    return np.ones(len(rows), bool) if case.when is None else looks.holds(case.when)[rows]


def graduated_class(values: NDArray[np.float64], breaks: tuple[float, ...]) -> NDArray[np.int16]:
    """The class of each value: breaks[i] <= value < breaks[i + 1], the last one closed; NONE for none."""
    edges = np.asarray(breaks, np.float64)
    which = (np.searchsorted(edges, values, side="right") - 1).astype(np.int16)
    which[values == edges[-1]] = len(edges) - 2
    which[~((values >= edges[0]) & (values <= edges[-1]))] = NONE
    return which


def counts(rule: Rule, looks: Looks) -> tuple[int, ...]:
    """How many features each look of a rule has, in the order of the legend's classes, `other` last.

    Of rules, whatever the scale.
    """
    match rule:
        case Categorised(column, classes, _other):
            which, n = looks.categories(column, classes), len(classes)
        case Graduated(column, breaks, symbols, _other):
            which, n = looks.ranges(column, breaks), len(symbols)
        case Ruled():
            return _ruled_counts(rule, looks)
        case _:
            return (len(looks),)
    found = np.bincount(np.where(which == NONE, n, which), minlength=n + 1)
    return tuple(int(each) for each in found)


def _ruled_counts(rule: Ruled, looks: Looks) -> tuple[int, ...]:
    left = np.ones(len(looks), bool)
    found: list[int] = []
    every = np.arange(len(looks))
    for case in rule.cases:
        taken = _taken(case, looks, every) if not case.otherwise else np.zeros(len(looks), bool)
        found.append(int((taken & left).sum() if rule.first else taken.sum()))
        left &= ~taken
    rest = int(left.sum())
    return tuple(rest if case.otherwise else n for case, n in zip(rule.cases, found, strict=True))
