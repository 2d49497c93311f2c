"""In which order rows stand: numbers by size, texts as people count (Lot 2 before Lot 10), nothing last."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.geo.names import plain
from gis.progress import Progress
from layers.attributes.table import Rows
from layers.columns import Column

Ranks = NDArray[np.int64]
NOTHING = -1
BLOCK = 20_000  # texts made ready between two looks at who wants to stop
_LONGEST = 64  # bytes of a text that decide about its place
_DIGITS = re.compile(r"\d+")


def ranks(values: NDArray[Any], column: Column, progress: Progress) -> Ranks:
    """(n,) the place of every value among those that occur, equal ones alike; NOTHING where none stands.

    Of numbers by size, of texts by their letters without case and accents, numbers in them by size. Texts
    stand after numbers. Raises `Cancelled`.
    """
    progress.step(0, 0)
    if values.dtype.kind in "fiubM":
        return _placed(values, column.null)
    found = column.coded.values
    place = np.empty(len(found) + 1, np.int64)
    place[-1] = NOTHING
    keys = _keys(found, progress)
    progress.check()
    order = np.argsort(keys, kind="stable")
    new = np.ones(len(found), bool)
    new[1:] = keys[order][1:] != keys[order][:-1]
    place[order] = np.cumsum(new) - 1
    return place[column.coded.codes]


def arranged(rows: Rows, places: Ranks, *, falling: bool) -> Rows:
    """The same rows in another order; equals keep theirs, and what says nothing is last either way."""
    key = places[rows]
    nothing = key == NOTHING
    if falling:
        key = -key
    key[nothing] = np.iinfo(np.int64).max
    return rows[np.argsort(key, kind="stable")]


def _placed(values: NDArray[Any], null: NDArray[np.bool_]) -> Ranks:
    places = np.full(len(values), NOTHING, np.int64)
    _found, places[~null] = np.unique(values[~null], return_inverse=True)
    return places


def _keys(found: tuple[Any, ...], progress: Progress) -> NDArray[np.bytes_]:
    """Bytes that stand in the order of the values: compared by numpy, while the window's thread goes on."""
    blocks: list[NDArray[np.bytes_]] = []
    for begin in range(0, len(found), BLOCK):
        progress.step(begin, len(found))
        part = [_key(value)[:_LONGEST] for value in found[begin : begin + BLOCK]]
        blocks.append(np.array(part, np.bytes_))
    return np.concatenate(blocks) if blocks else np.zeros(0, "S1")


def _key(value: Any) -> bytes:
    if isinstance(value, bool | int | float):  # beside texts: before them
        return b"\x01" + _sortable(float(value))
    words = plain(str(value))
    if not words.isalpha():
        words = _DIGITS.sub(_counted, words)
    return b"\x02" + words.encode("utf-8", "replace")


def _counted(digits: re.Match[str]) -> str:
    """Digits with their count before them: longer numbers are larger."""
    said = digits[0].lstrip("0") or "0"
    return f"0{chr(48 + min(len(said), 60))}{said}"


def _sortable(number: float) -> bytes:
    """Letters that stand in the order of the numbers."""
    bits = int(np.float64(number).view(np.int64))
    bits = bits ^ 0x7FFFFFFFFFFFFFFF if bits < 0 else bits
    return f"{bits + 2**63:016x}".encode()
