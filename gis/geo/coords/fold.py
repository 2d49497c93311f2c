"""The many signs people use for one thing, made one."""

import re
import unicodedata

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("′’‘‛´`ʹʼ", "'"),
        **dict.fromkeys("″“”‟ʺ", '"'),
        **dict.fromkeys("º˚∘", "°"),
        **dict.fromkeys("−–‐‑", "-"),
        "٫": ".",
        "،": ",",
        "、": ",",
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u061c\ufeff\u2060"),
        **dict.fromkeys(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))),
    }
)
_JAPANESE = str.maketrans({"度": "°", "分": "'", "秒": '"'})


def fold(text: str) -> str:
    """`text` in ASCII digits, capital letters, straight quotes, plain minus and single spaces.

    Digits of every script become 0-9, invisible marks of direction and width go.
    """
    signs = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_JAPANESE)
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in signs)
    return re.sub(r"\s+", " ", digits.replace("''", '"')).strip().upper()


def number(text: str) -> float:
    """The value of a plain decimal number, with point or comma; callers have matched its form already."""
    return float(text.replace(",", "."))
