"""A filter asked of whole columns at once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.columns import Column, as_number, as_text
from layers.filters.tree import Among, Compare, Either, Every, Filter, Like, Missing, Not, Op, Value

ColumnOf = Callable[[str], Column]
_PATTERN = re.compile(r"\\.|%+|_|[^\\%_]+|\\", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Where a filter holds and where it does not, (n,) each; where neither, it is not known."""

    yes: NDArray[np.bool_]
    no: NDArray[np.bool_]


def holds(asked: Filter, column_of: ColumnOf) -> NDArray[np.bool_]:
    """Where the filter is true (n,). `column_of` gives a column by its name, all null if there is none."""
    return _truth(asked, column_of).yes


def _truth(asked: Filter, column_of: ColumnOf) -> Truth:
    match asked:
        case Not(inner):
            truth = _truth(inner, column_of)
            return Truth(truth.no, truth.yes)
        case Every(parts):
            return reduce(_both, (_truth(part, column_of) for part in parts))
        case Either(parts):
            return reduce(_one_of, (_truth(part, column_of) for part in parts))
        case Missing(column):
            null = column_of(column).null
            return Truth(null, ~null)
        case Among(column, values):
            return reduce(_one_of, (_compared(column_of(column), Op.EQUAL, value) for value in values))
        case Compare(column, op, value):
            return _compared(column_of(column), op, value)
        case Like(column, pattern, loose):
            return _like(column_of(column), pattern, loose)


def _both(a: Truth, b: Truth) -> Truth:
    return Truth(a.yes & b.yes, a.no | b.no)


def _one_of(a: Truth, b: Truth) -> Truth:
    return Truth(a.yes | b.yes, a.no & b.no)


def _compared(column: Column, op: Op, value: Value) -> Truth:
    number = as_number(value) if isinstance(value, str) else value
    if column.numbers is not None:
        if number == number:
            yes = _SETTLE[op](column.numbers, number)
            return Truth(yes & ~column.null, ~yes & ~column.null)
        return Truth(*column.coded.told(lambda found: _settled(op, as_text(found), str(value))))
    return Truth(*column.coded.told(lambda found: _one(op, found, value, number)))


def _one(op: Op, found: Any, value: Value, number: float) -> bool | None:
    """One value of a column beside the value of the filter; None: not to be compared."""
    if isinstance(value, str) and (isinstance(found, str) or number != number):
        return _settled(op, as_text(found), value)
    left = as_number(found)
    if left == left:
        return _settled(op, left, number)
    return {Op.EQUAL: False, Op.OTHER: True}.get(op)  # "deep" is not 3, nor is it more or less


_SETTLE: dict[Op, Callable[[Any, Any], Any]] = {
    Op.EQUAL: lambda a, b: a == b,
    Op.OTHER: lambda a, b: a != b,
    Op.LESS: lambda a, b: a < b,
    Op.AT_MOST: lambda a, b: a <= b,
    Op.MORE: lambda a, b: a > b,
    Op.AT_LEAST: lambda a, b: a >= b,
}


def _settled(op: Op, left: Any, right: Any) -> bool:
    return bool(_SETTLE[op](left, right))


def _like(column: Column, pattern: str, loose: bool) -> Truth:
    fits = like(pattern.casefold() if loose else pattern)
    if loose:
        return Truth(*column.coded.told(lambda found: fits(as_text(found).casefold())))
    return Truth(*column.coded.told(lambda found: fits(as_text(found))))


def like(pattern: str) -> Callable[[str], bool]:
    r"""Does a text fit? % any letters, _ one letter, \ takes the next as it is.

    What stands between two % is sought from the left and never again (an atomic group), so that no
    pattern takes longer than its length times that of the text.
    """
    plain = None if set("_\\") & set(pattern) else re.split("%+", pattern)
    match plain:
        case [whole]:
            return lambda text: text == whole
        case [start, ""]:
            return lambda text: text.startswith(start)
        case ["", end]:
            return lambda text: text.endswith(end)
        case ["", part, ""]:
            return lambda text: part in text
        case _:
            return _fitted(pattern)


def _fitted(pattern: str) -> Callable[[str], bool]:
    pieces: list[str] = [""]
    for said in _PATTERN.findall(pattern):
        if said[0] == "%":
            pieces.append("")
        else:
            plain = said[1:] if len(said) == 2 and said[0] == "\\" else said
            pieces[-1] += "." if said == "_" else re.escape(plain)
    first, *middle = pieces
    last = middle.pop() if middle else None
    body = first + "".join(f"(?>.*?{piece})" for piece in middle if piece)
    compiled = re.compile(body if last is None else f"{body}.*{last}", re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None
