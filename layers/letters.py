"""How wide texts are drawn, known without drawing them: widths of letters, asked once and added up."""

import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Em = Callable[[str, bool, bool], float]  # a letter, bold, italic -> its width at a size of 1
_LAST = 0xFFFF  # letters beyond (rare Chinese ones, pictures) count as one kind, as wide as they are high
_JOINED = (  # scripts whose letters hang together or change with their neighbours: not to be taken apart
    *((0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0x1A20, 0x1BFF)),
    *((0xA980, 0xA9DF), (0xAA60, 0xAA7F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE)),
)


def estimated(letter: str, bold: bool, _italic: bool) -> float:
    """From classes of letters: a little too wide rather than too narrow."""
    return _class(letter) * (1.08 if bold else 1.0)


def _class(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in "iljtf.,:;'|! ()[]":
        return 0.36
    return 0.72 if letter.isupper() or letter in "mw" else 0.58


class Letters:
    """The widths of the letters of one typeface. Safe from several threads, which at worst both ask the same.

    `em` says how wide a letter is; marks that stand over or under others take no room.
    """

    def __init__(self, em: Em = estimated) -> None:
        self._em = em
        self._known: dict[tuple[bool, bool], NDArray[np.float32]] = {}

    def widths(self, texts: Sequence[str], bold: bool = False, italic: bool = False) -> NDArray[np.float64]:
        """(n,) widths at a size of 1; to be multiplied by the size in pixels."""
        codes, ends = _codes(texts)
        known = self._known.setdefault((bold, italic), np.full(_LAST + 1, np.nan, np.float32))
        found = known[codes]
        if np.isnan(found).any():
            for code in np.unique(codes[np.isnan(found)]).tolist():
                known[code] = self._width(code, bold, italic)
            found = known[codes]
        total = np.concatenate(([0.0], np.cumsum(found, dtype=np.float64)))
        return total[ends[1:]] - total[ends[:-1]]

    def _width(self, code: int, bold: bool, italic: bool) -> float:
        letter = chr(code)
        if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc", "Cs"):
            return 0.0
        return 1.05 if code == _LAST else self._em(letter, bold, italic)


def text_width(text: str, size_px: float) -> float:
    """About how wide a text is drawn."""
    return float(ESTIMATED.widths([text])[0]) * size_px


def in_one_piece(texts: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) True where letters change with their neighbours, so that only a straight line carries the text."""
    codes, ends = _codes(texts)
    joined = np.zeros(len(codes), bool)
    for first, last in _JOINED:
        joined |= (codes >= first) & (codes <= last)
    total = np.concatenate(([0], np.cumsum(joined)))
    return total[ends[1:]] > total[ends[:-1]]


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The letters of all texts in one row, and where each text begins and ends in it."""
    row = "".join(texts).encode("utf-32-le", "surrogatepass")
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return np.minimum(np.frombuffer(row, np.uint32), _LAST), ends


ESTIMATED = Letters()
