"""How wide a text is drawn, known without drawing it."""

import unicodedata


def text_width(text: str, size_px: float) -> float:
    """About how wide a text is drawn, from classes of letters: a little too wide rather than too narrow."""
    return sum(map(_letter, text)) * size_px


def _letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in "iljtf.,:;'|! ()[]":
        return 0.36
    return 0.72 if letter.isupper() or letter in "mw" else 0.58
