"""Text as pairs of letters, so that part of a word is found in scripts that put no space between words.

"river" is indexed as `ri iv ve er r`, and looked for as the phrase `ri iv ve er`. That finds exactly what a
search for the letters would find, in Chinese, Korean and Thai as in Indonesian; splitting at word breaks
finds one Chinese word in eight. What counts as a letter is decided here and not by the index, whose tables
are of another year of Unicode than ours.
"""

from functools import lru_cache
from unicodedata import category, normalize

BETWEEN = "\ue000"  # stands between two fields; no letter, so no phrase reaches across
MOST_WORDS, MOST_LETTERS = 16, 200  # of one question
_ALIKE = str.maketrans({"đ": "d", "ı": "i", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})


class _Letters(dict[int, str]):
    """What stands for each character: itself, nothing (a mark on Latin or Arabic letters), or a space."""

    def __missing__(self, code: int) -> str:
        self[code] = said = _said(code)
        return said


def _said(code: int) -> str:
    if 0x300 <= code <= 0x36F or 0x64B <= code <= 0x65F or code in (0x640, 0x670):
        return ""
    letter = chr(code)
    return letter if category(letter)[0] in "LN" or category(letter) in ("Mn", "Mc") else " "


_LETTERS = _Letters()


def plain(text: str) -> str:
    """The letters of a text as they are compared: without case, accents, harakat and width, in runs with one
    space between. Marks that are letters of their own (Thai vowels, Devanagari) stay."""
    if not text.isascii():
        text = normalize("NFKD", text).casefold().translate(_ALIKE)
        return " ".join(normalize("NFC", text.translate(_LETTERS)).split())
    return " ".join(text.lower().translate(_LETTERS).split())


def body(*fields: str) -> str:
    """What the index keeps of a record: every pair of letters, and the last letter of each run alone."""
    return f" {BETWEEN} ".join(" ".join(_pairs(run) for run in plain(field).split()) for field in fields)


def _pairs(run: str) -> str:
    return " ".join([run[at : at + 2] for at in range(len(run))])


def words(text: str) -> list[str]:
    """The words of a question, each in plain letters; signs and quotes ask for nothing."""
    return list(dict.fromkeys(found for part in text[:MOST_LETTERS].split() if (found := plain(part))))[
        :MOST_WORDS
    ]


def asked(text: str) -> str:
    """The question in the language of FTS5; empty when there is no letter in it. Holds letters only, so
    nothing that is typed can be taken for an operator."""
    return " AND ".join(_phrase(word) for word in words(text))


def _phrase(word: str) -> str:
    """A word may hold signs ("I-0036"): then all its runs but the last are looked for to their end."""
    *ended, last = word.split()
    tokens = [_pairs(run) for run in ended]
    if len(last) == 1:
        return f'"{" ".join([*tokens, last])}" *'
    pairs = [last[at : at + 2] for at in range(len(last) - 1)]
    return f'"{" ".join([*tokens, *pairs])}"'


def place_of(word: str, text: str) -> tuple[int, int] | None:
    """Where a plain word stands in a text as it was written: (first character, how many); None if nowhere."""
    if text.isascii():  # letter for letter as it was written
        start = text.lower().find(word)
        if start >= 0:
            return start, len(word)
    letters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        for letter in _alone(character):
            if letter != " " or (letters and letters[-1] != " " and not _is_mark(character)):
                letters.append(letter)
                origin.append(at)
    start = "".join(letters).find(word)
    if start < 0:
        return None
    first, last = origin[start], origin[start + len(word) - 1]
    while last + 1 < len(text) and _is_mark(text[last + 1]):
        last += 1
    return first, last + 1 - first


@lru_cache(4_096)
def _alone(character: str) -> str:
    return plain(character) or " "


def _is_mark(character: str) -> bool:
    return category(character) == "Mn"
