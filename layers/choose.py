"""Which symbol each feature gets."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from layers.style import Categorised, Graduated, Rule, Simple, Symbol

Rows = NDArray[np.int64]


def chosen(rule: Rule, features: Features, rows: Rows, scale: float) -> Iterator[tuple[Symbol, Rows]]:
    """Split `rows` into groups of one look, in drawing order: each symbol with indices into `rows`.

    Rows that are not to be drawn at 1 : `scale` are in no group.
    """
    match rule:
        case Simple(symbol):
            yield symbol, np.arange(len(rows))
        case Categorised():
            yield from _categorised(rule, features, rows, scale)
        case Graduated():
            yield from _graduated(rule, features, rows)
        case _:
            return


def _categorised(
    rule: Categorised, features: Features, rows: Rows, scale: float
) -> Iterator[tuple[Symbol, Rows]]:
    column = features.columns.get(rule.column)
    numbers = {value: i for i, entry in enumerate(rule.classes) for value in (entry.value, *entry.also)}
    if column is None:
        which = np.full(len(rows), -1)
    else:
        which = np.fromiter((numbers.get(as_text(v), -1) for v in column[rows]), np.int64, len(rows))
    if rule.other:
        yield rule.other, np.flatnonzero(which == -1)
    for i, entry in enumerate(rule.classes):
        if entry.max_scale is None or scale <= entry.max_scale:
            yield entry.symbol, np.flatnonzero(which == i)


def _graduated(rule: Graduated, features: Features, rows: Rows) -> Iterator[tuple[Symbol, Rows]]:
    column = features.columns.get(rule.column)
    values = np.full(len(rows), np.nan) if column is None else numbers_of(column[rows])
    which = graduated_class(values, rule.breaks)
    if rule.other:
        yield rule.other, np.flatnonzero(which == -1)
    for i, symbol in enumerate(rule.symbols):
        yield symbol, np.flatnonzero(which == i)


def graduated_class(values: NDArray[np.float64], breaks: tuple[float, ...]) -> Rows:
    """The class of each value: breaks[i] <= value < breaks[i + 1], the last one closed; -1 for none."""
    edges = np.asarray(breaks, np.float64)
    which = np.searchsorted(edges, values, side="right") - 1
    which[values == edges[-1]] = len(edges) - 2
    outside = ~((values >= edges[0]) & (values <= edges[-1]))
    which[outside] = -1
    return which


def numbers_of(column: NDArray[Any]) -> NDArray[np.float64]:
    """A column as float64; what is no number becomes nan."""
    if column.dtype.kind in "fiub":
        return column.astype(np.float64)
    return np.fromiter((_number(v) for v in column), np.float64, len(column))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def as_text(value: Any) -> str:
    """A value as categories name it: 3.0 is "3", nothing is ""."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():  # numpy's float64 is a float
        return str(int(value))
    return str(value)
