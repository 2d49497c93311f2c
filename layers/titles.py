"""The texts of a column as they stand on a map, and how wide they are: looked at once, then remembered."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.columns import as_text
from layers.letters import Letters
from layers.style import LabelRule

MOST_LETTERS = 80


class Titles:
    """The titles of n features. Safe from several threads.

    Only what a map has asked for is made: of half a million names few are ever in view.
    """

    def __init__(self, column: NDArray[Any], capitals: bool) -> None:
        self._column, self._capitals, self._lock = column, capitals, threading.Lock()
        self._texts: NDArray[np.object_] = np.full(len(column), "", object)
        self._made = np.zeros(len(column), bool)
        self._widths: dict[tuple[Letters, bool, bool], NDArray[np.float64]] = {}

    def texts(self, rows: NDArray[np.int64]) -> NDArray[np.object_]:
        """(k,) the title of each row, "" where there is none."""
        with self._lock:
            new = rows[~self._made[rows]]
            if len(new):
                self._texts[new] = _titles(self._column[new].tolist(), self._capitals)
                self._made[new] = True
            return self._texts[rows]

    def widths(self, rows: NDArray[np.int64], rule: LabelRule, letters: Letters) -> NDArray[np.float64]:
        """(k,) how wide they are, in pixels."""
        texts = self.texts(rows)
        with self._lock:
            key = (letters, rule.bold, rule.italic)
            known = self._widths.setdefault(key, np.full(len(self._column), np.nan))
            new = np.isnan(known[rows])
            if new.any():
                known[rows[new]] = letters.widths(texts[new].tolist(), rule.bold, rule.italic)
            return known[rows] * rule.size_px


def _titles(values: Sequence[Any], capitals: bool) -> NDArray[np.object_]:
    made = np.full(len(values), "", object)
    for i, value in enumerate(values):
        if value is None:  # mostly
            continue
        text = " ".join(as_text(value).split())[:MOST_LETTERS]
        made[i] = text.upper() if capitals else text
    return made
