"""Columns made ready to be asked: each value that occurs is looked at once, the rows follow by number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 50_000  # values gone through without a pause


class Column:
    """n values. `null` (n,) says where nothing stands; `numbers` (n,) float64 is there if all are numbers."""

    def __init__(self, values: NDArray[Any]) -> None:
        self.numbers: NDArray[np.float64] | None = None
        if values.dtype.kind in "fiub":
            self.numbers = values.astype(np.float64)
            self.null = np.isnan(self.numbers)
            self._coded: Coded | None = None  # half a million numbers take a while to sort: only when asked
        else:
            self._coded = _coded(values.tolist())
            self.null = self._coded.codes < 0

    @property
    def coded(self) -> "Coded":
        """The values that occur, and which of them stands where."""
        if self._coded is None:
            self._coded = _coded_numbers(self.numbers if self.numbers is not None else np.zeros(0))
        return self._coded

    def as_numbers(self) -> NDArray[np.float64]:
        """(n,) float64; what is no number is nan."""
        if self.numbers is not None:
            return self.numbers
        coded = self.coded
        return np.array([*map(as_number, coded.values), np.nan], np.float64)[coded.codes]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """`values` are those that occur, null left out; `codes` (n,) which of them, -1 for null."""

    values: tuple[Any, ...]
    codes: NDArray[np.int32]

    def numbered(self, number_of: Callable[[Any], int], missing: int) -> NDArray[np.int16]:
        """A number for every value, spread over the rows; `missing` where nothing stands."""
        return np.array([*map(number_of, self.values), missing], np.int16)[self.codes]

    def told(self, tell: Callable[[Any], bool | None]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """What `tell` says of every value, spread over the rows: where yes, where no. None is neither."""
        said = [tell(value) for value in self.values]
        yes = np.array([each is True for each in said] + [False], np.bool_)
        no = np.array([each is False for each in said] + [False], np.bool_)
        return yes[self.codes], no[self.codes]


def numbers_of(values: NDArray[Any]) -> NDArray[np.float64]:
    """A column as float64; what is no number becomes nan."""
    return Column(values).as_numbers()


def nothing(n: int) -> Column:
    """A column that is not there: n times null."""
    return Column(np.full(n, np.nan))


def _coded(found: list[Any]) -> Coded:
    """A quarter of a microsecond per text where few differ, thrice that where most do.

    In blocks: the interpreter is held while one of them is gone through, and the window waits.
    """
    blocks = [found[begin : begin + BLOCK] for begin in range(0, len(found), BLOCK)]
    occurring: dict[Any, int] = {}
    try:
        for block in blocks:
            occurring.update(dict.fromkeys(block, -1))
    except TypeError:  # a list in a cell, say: its text stands for it
        return _coded([None if value is None else str(value) for value in found])
    values = tuple(value for value in occurring if value is not None and value == value)
    occurring.update((value, n) for n, value in enumerate(values))
    codes = np.empty(len(found), np.int32)
    for n, block in enumerate(blocks):
        codes[n * BLOCK : n * BLOCK + len(block)] = list(map(occurring.__getitem__, block))
    return Coded(values, codes)


def _coded_numbers(numbers: NDArray[np.float64]) -> Coded:
    there = ~np.isnan(numbers)
    values, inverse = np.unique(numbers[there], return_inverse=True)
    codes = np.full(len(numbers), -1, np.int32)
    codes[there] = inverse
    return Coded(tuple(values.tolist()), codes)


def as_number(value: Any) -> float:
    """A value as a number; nan for what is none."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def as_text(value: Any) -> str:
    """A value as categories name it: 3.0 is "3", nothing is ""."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():  # numpy's float64 is a float
        return str(int(value))
    return str(value)
