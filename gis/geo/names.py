"""Names as they are compared: without case, accents or punctuation, in any script."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("ʻʼ’‘'`´ʹ\u200b\u200c\u200d\u200e\u200f\u061c\ufeff")
)
_BETWEEN = re.compile(r"[\s!-/:-@\[-`{-~،؛。、・·–—।॥«»“”„…]+")
_VOWELS = re.compile(r"[aeiouyhw]|(.)(?=\1)")


def folded(name: str) -> str:
    """`name` in small letters without accents, its words parted by single spaces.

    Accents go where they only colour a letter (Latin, Greek, Arabic and Hebrew points); the vowel signs
    of Indic scripts, Thai tone marks and Japanese voicing make other words and stay.
    """
    if name.isascii():
        return _BETWEEN.sub(" ", name.lower().replace("'", "").replace("`", "")).strip()
    return _BETWEEN.sub(" ", plain(name)).strip()


def plain(text: str) -> str:
    """`text` in small letters without accents, with all that stands between its words."""
    if text.isascii():
        return text.lower()
    small = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    letters = (c for c in unicodedata.normalize("NFKD", small) if not _is_accent(c))
    return unicodedata.normalize("NFKC", "".join(letters))


def grams(name: str) -> set[str]:
    """The scraps of sound by which a misheard name is still found: letter triples and consonant pairs."""
    found: set[str] = set()
    for word in name.split():
        padded, bones = f"  {word} ", f"~{_VOWELS.sub('', word) or word}~"
        found.update(padded[i : i + 3] for i in range(len(padded) - 2))
        found.update(f"~{bones[i : i + 2]}" for i in range(len(bones) - 1))
    return found


def _is_accent(character: str) -> bool:
    order = unicodedata.combining(character)
    return order >= 200 or 10 <= order <= 35
