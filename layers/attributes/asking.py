"""What one field above a table asks for: words that stand anywhere in a row, or a rule over its columns."""

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gis.errors import UserError
from gis.geo.names import plain
from gis.progress import Progress
from gis.texts import _
from layers.attributes.table import Attributes
from layers.columns import Coded, Column, as_number, as_text
from layers.filters.asking import holds
from layers.filters.reading import read_filter
from layers.filters.tree import Among, Compare, Either, Every, Filter, Like, Missing, Not, columns_of

BLOCK = 50_000
_RULE = re.compile(r"[=<>]|\b(?:IS\s+(?:NOT\s+)?NULL|I?LIKE\s*'|IN\s*\(|BETWEEN\s+[-+.'\d])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """Rows that hold all of these (already without case and accents), each in any column."""

    words: tuple[str, ...]


Asked = Words | Filter | None  # None: for everything


def asked_for(text: str, names: tuple[str, ...]) -> Asked:
    """What the text in the field means over columns of these names.

    A comparison is a rule; its columns are found whatever their case. Raises UserError for a rule that cannot
    be read, or that asks for a column there is none of.
    """
    text = text.strip()
    if not text:
        return None
    if not _RULE.search(text):
        return Words(tuple(plain(text).split()))
    rule = read_filter(text)
    known = {name: name for name in names}
    loose = {name.casefold(): name for name in reversed(names)}
    met: dict[str, str] = {}
    for name in columns_of(rule):
        there = known.get(name) or loose.get(name.casefold())
        if there is None:
            raise UserError(
                _("There is no column “{name}” here.").format(name=name),
                hint=_("The columns are: {names}.").format(names=", ".join(names[:12]) or "–"),
            )
        met[name] = there
    return _renamed(rule, met)


def rows_asked(table: Attributes, asked: Asked, progress: Progress) -> NDArray[np.bool_]:
    """(n,) where what is asked for holds. Raises `Cancelled`."""
    progress.step(0, 0)
    match asked:
        case None:
            return np.ones(len(table), bool)
        case Words(words):
            found = np.ones(len(table), bool)
            for word in words:
                found &= _anywhere(table, word, progress)
            return found
        case _:
            return holds(asked, table.column)


def _anywhere(table: Attributes, word: str, progress: Progress) -> NDArray[np.bool_]:
    """Where a word stands in any column; a number also where a column of numbers has just that value."""
    found = np.zeros(len(table), bool)
    number = as_number(word)
    for n, name in enumerate(table.names):
        progress.step(n, len(table.names))
        column = table.column(name)
        if column.numbers is None:
            found |= _within(column.coded, word, progress)
        elif number == number:
            found |= _same(column, number)
    return found


def _same(column: Column, number: float) -> NDArray[np.bool_]:
    assert column.numbers is not None
    return column.numbers == number


def _within(coded: Coded, word: str, progress: Progress) -> NDArray[np.bool_]:
    said = np.zeros(len(coded.values) + 1, bool)  # the last is for where nothing stands
    for begin in range(0, len(coded.values), BLOCK):
        progress.check()
        part = coded.values[begin : begin + BLOCK]
        said[begin : begin + len(part)] = [word in plain(as_text(value)) for value in part]
    return said[coded.codes]


def _renamed(rule: Filter, met: dict[str, str]) -> Filter:
    match rule:
        case Not(inner):
            return Not(_renamed(inner, met))
        case Every(parts):
            return Every(tuple(_renamed(part, met) for part in parts))
        case Either(parts):
            return Either(tuple(_renamed(part, met) for part in parts))
        case Compare() | Among() | Like() | Missing():
            return replace(rule, column=met[rule.column])
