"""Which code page a text without label was written in: the likeliest of those met around the region."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import inf, log

import numpy as np
from numpy.typing import NDArray

SAMPLE_BYTES = 40_000
# Texts of other bytes than these are not told apart any further: Latin letters with accents.
LATIN = "cp1252"
Cost = Callable[[bytes], float]


def decoded(texts: Iterable[bytes], encoding: str) -> tuple[list[str], int]:
    """The texts, and in how many of them some bytes had no letter in `encoding` (shown as U+FFFD)."""
    words = [each.decode(encoding, "replace") for each in texts]
    return words, sum("\ufffd" in word for word in words)


def guess(texts: Iterable[bytes]) -> str:
    """The Python name of the likeliest encoding of `texts`; "ascii" when any would do.

    A crude language model per code page: the chance of a character is that of its class (common
    syllables, rare ideographs, kana, letters, signs) shared out evenly within the class. The code page in
    which the sample is least surprising wins. Text that is valid UTF-8 is UTF-8.
    """
    sample = _sample(texts)
    if not sample:
        return "ascii"
    if _is_utf8(sample):
        return "utf-8"
    costs = {name: cost(sample) for name, cost in _CODE_PAGES.items()}
    best = min(costs, key=costs.__getitem__)
    return best if costs[best] < inf else LATIN


def _sample(texts: Iterable[bytes]) -> bytes:
    """Different texts with bytes above ASCII, one per line."""
    chosen: dict[bytes, None] = {}
    size = 0
    for text in texts:
        if not text.isascii() and text not in chosen:
            chosen[text] = None
            size += len(text)
            if size > SAMPLE_BYTES:
                break
    return b"\n".join(chosen)


def _is_utf8(sample: bytes) -> bool:
    """Fields cut to a width may end in the middle of a letter: that is forgiven in every second text."""
    lines = sample.split(b"\n")
    cut = 0
    for line in lines:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data" or error.start < 2:
                return False
            cut += 1
    return cut * 2 <= len(lines)


def _class_costs(classes: Iterable[tuple[str, float]]) -> Callable[[str], float]:
    """Minus log chance per character: `classes` are (all the characters, share of the text)."""
    table: NDArray[np.float64] = np.full(0x3000 + 0xD000, 16.0)
    table[:0x80] = 4.0
    for letters, share in classes:
        codes = np.frombuffer(letters.encode("utf-32-le"), np.uint32)
        table[codes] = -log(share / len(codes))
    table[0xE000:0xF900] = 40.0  # private use: nobody's letters
    table[0x80:0xA0] = 40.0
    table[0xFFFD] = 40.0

    def cost(text: str) -> float:
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        return float(table[np.minimum(codes, 0xFFFF)].sum())

    return cost


def _rows(encoding: str, first: int, last: int, trail: Iterable[int] = range(0xA1, 0xFF)) -> str:
    """The characters of a two-byte code page whose first byte lies in first..last."""
    trails = list(trail)
    pairs = (bytes([lead, each]) for lead in range(first, last + 1) for each in trails)
    return "".join(pair.decode(encoding, "ignore") for pair in pairs)


_BIG5_TRAIL = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_SJIS_TRAIL = (*range(0x40, 0x7F), *range(0x80, 0xFD))
_KANA = [
    ("".join(map(chr, range(0x3041, 0x3094))), 0.12),
    ("".join(map(chr, range(0x30A1, 0x30FD))), 0.15),
]
_THAI_SIGNS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"
_CYRILLIC = "оаеинтслвркмдпуягыьзбчйхжшюцщэфёъ"


def _page(encoding: str) -> Cost:
    def cost(sample: bytes) -> float:
        return _surprise(encoding)(sample.decode(encoding, "replace"))

    return cost


@lru_cache
def _surprise(encoding: str) -> Callable[[str], float]:
    """The model of one code page; rare classes first, because a later class takes its letters over."""
    if encoding == "cp949":
        return _class_costs([(_rows("cp949", 0xCA, 0xFD), 0.02), (_rows("euc_kr", 0xB0, 0xC8), 0.9)])
    if encoding == "cp950":
        rare, common = (
            _rows("cp950", 0xC9, 0xF9, _BIG5_TRAIL),
            _rows("cp950", 0xA4, 0xC6, _BIG5_TRAIL),
        )
        return _class_costs([(rare, 0.03), (common, 0.92)])
    if encoding == "gb18030":
        return _class_costs([(_rows("gb2312", 0xD8, 0xF7), 0.05), (_rows("gb2312", 0xB0, 0xD7), 0.9)])
    if encoding == "cp932":
        rare = _rows("cp932", 0x98, 0xEA, _SJIS_TRAIL)
        common = _rows("cp932", 0x88, 0x97, _SJIS_TRAIL)
        narrow = "".join(map(chr, range(0xFF61, 0xFFA0)))
        return _class_costs([(rare, 0.04), (common, 0.6), (narrow, 0.005), *_KANA])
    return _class_costs([(_rows("euc_jp", 0xD0, 0xF4), 0.04), (_rows("euc_jp", 0xB0, 0xCF), 0.6), *_KANA])


def _cyrillic(encoding: str) -> Cost:
    """Small letters by how common they are, capitals a tenth as often and mostly at a word's start."""
    small = {letter: 0.12 * 0.93**rank * 0.6 for rank, letter in enumerate(_CYRILLIC)}

    def letter_cost(before: str, letter: str) -> float:
        if letter >= "\x80" and before.isascii() and before.isalpha():
            return 16.0  # no word mixes the two alphabets
        if letter in small:
            return -log(small[letter]) + (2.0 if before.isupper() and before in _CYRILLIC.upper() else 0.0)
        if letter.lower() in small:
            return -log(small[letter.lower()] * 0.3) + (6.0 if before in small else 0.0)
        return 4.0 if letter < "\x80" else 16.0

    def cost(sample: bytes) -> float:
        text = sample.decode(encoding, "replace")
        return sum(letter_cost(before, letter) for before, letter in zip(" " + text, text, strict=False))

    return cost


def _thai(sample: bytes) -> float:
    """Letters all alike, but vowel and tone signs stand on a consonant and no word has Latin letters."""

    def letter_cost(before: str, letter: str) -> float:
        if not "\u0e01" <= letter <= "\u0e4e":
            return 4.0 if letter < "\x80" else 16.0
        if before.isascii() and before.isalpha():
            return 16.0
        return 4.4 + (10.0 if letter in _THAI_SIGNS and not "\u0e01" <= before <= "\u0e4e" else 0.0)

    text = sample.decode("cp874", "replace")
    return sum(letter_cost(before, letter) for before, letter in zip(" " + text, text, strict=False))


def _latin(sample: bytes) -> float:
    """Accents stand alone between plain letters; two in a row are rare."""
    text = sample.decode(LATIN, "replace")

    def letter_cost(before: str, letter: str) -> float:
        if letter < "\x80":
            return 4.0
        return (6.0 if letter.isalpha() else 10.0) + (6.0 if before >= "\x80" else 0.0)

    return sum(letter_cost(before, letter) for before, letter in zip(" " + text, text, strict=False))


_CODE_PAGES: dict[str, Cost] = {
    **{name: _page(name) for name in ("cp949", "cp950", "gb18030", "cp932", "euc_jp")},
    "cp874": _thai,
    "cp1251": _cyrillic("cp1251"),
    "koi8-r": _cyrillic("koi8-r"),
    LATIN: _latin,
}
