"""Values of a table as people read them, and as text that can be taken elsewhere."""

import math
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.texts import _

MISSING = "NULL"  # as the rule language calls it; an empty text is shown as one
LONGEST = 300  # letters of a cell that are shown
MOST_SAMPLED = 400  # cells whose words say how wide a column is


def worded(value: Any, zone: tzinfo | None = None) -> str:
    """One value in words: digits as they are kept, never more; times in `zone`."""
    if is_missing(value):
        return MISSING
    if isinstance(value, bool | np.bool_):
        return _("yes") if value else _("no")
    if isinstance(value, float | np.floating):
        return _decimal(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(" ", "seconds")
    if isinstance(value, np.datetime64):
        return str(value).replace("T", " ")
    return str(value)


def shown(value: Any, zone: tzinfo | None = None) -> str:
    """The same on one line, and no longer than a cell can be."""
    text = worded(value, zone)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    return text if text.isprintable() else " ".join(text.split())


def is_missing(value: Any) -> bool:
    """True where nothing stands."""
    return value is None or bool(value != value)


def is_number(values: NDArray[Any]) -> bool:
    """True for a column that stands on the right."""
    return values.dtype.kind in "iuf"


def sample(values: NDArray[Any]) -> list[str]:
    """Words from all over a column, a bounded number of them, to know how wide it is."""
    step = max(1, len(values) // MOST_SAMPLED)
    return [shown(value) for value in values[::step][:MOST_SAMPLED]]


def as_lines(head: Sequence[str], columns: Sequence[NDArray[Any]], zone: tzinfo | None = None) -> str:
    """Cells parted by tabs, rows by line ends; what would part them within a cell becomes a space."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    lines = ["\t".join(_cell(name) for name in head)]
    lines += ["\t".join("" if is_missing(v) else _cell(worded(v, zone)) for v in row) for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text if text.isprintable() else " ".join(text.replace("\0", " ").split())


def _decimal(value: float | np.floating[Any]) -> str:
    """The shortest digits that mean this very number, in the precision it was kept in."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    said = str(value)
    return said.removesuffix(".0")
