"""A log line cut at its separators, before anybody asks what the parts mean."""

import re
from dataclasses import dataclass

from gis.geo.coords.links import is_link

_SEPARATORS = str.maketrans(
    {**dict.fromkeys("＠﹫", "@"), "／": "/", "？": "?", "＞": ">", **dict.fromkeys("\u3000\n\r\v\f", " ")}
)
_HEAD_END = re.compile(r"[\s@]")
_PLACE_NEXT = re.compile(r" *(?:\t *@?|@) *")
_PLACE_LATER = re.compile(r"(?<=\s)@ *")


@dataclass(frozen=True, slots=True)
class Parts:
    """`head` is the first word, `rest` all behind it, `before` the words between head and place, `place`
    the words a place may take (None when none is named), `after` what follows a closing separator.

    `closer` is the separator that ends the place; without one the text begins somewhere inside `place`.
    `place_at` is where in the line the place begins. In `head` and `place` full-width separators are plain
    ones; the others are the characters that were typed.
    """

    head: str
    rest: str
    before: str = ""
    place: str | None = None
    after: str = ""
    closer: str = ""
    place_at: int = -1


def cut(line: str) -> Parts:
    """The parts of a line; any text is one."""
    plain = line.translate(_SEPARATORS)  # one character for one: positions hold in the line too
    first = len(plain) - len(plain.lstrip())
    space = _HEAD_END.search(plain, first)
    start = space.start() if space else len(plain)
    head, rest = plain[first:start], line[start:]
    span = _place(plain, start)
    if span is None:
        return Parts(head, rest)
    before, begin, end, closer = span
    return Parts(head, rest, line[start:before], plain[begin:end].rstrip(), line[end + 1 :], closer, begin)


def _place(plain: str, start: int) -> tuple[int, int, int, str] | None:
    """The end of the words before the place, the place's first and last position, and what closes it."""
    tab = plain.find("\t", start)
    if found := _PLACE_NEXT.match(plain, start):
        return start, found.end(), *_end(plain, found.end())
    later = _PLACE_LATER.search(plain, start)
    if later and (tab < 0 or not plain[tab : later.start()].strip() or tab > later.start()):
        return later.start(), later.end(), *_end(plain, later.end())
    if tab < 0:
        return None
    first = start + len(plain[start:tab]) - len(plain[start:tab].lstrip())
    return start, first, tab, "\t"


def _end(plain: str, begin: int) -> tuple[int, str]:
    """A Tab ends the place, and so does a second `@`; but the first character may be the `@` of `@@`."""
    marks = "\t" if is_link(plain[begin:]) else "\t@"
    skip = begin + plain.startswith("@", begin)
    return next(((i, plain[i]) for i in range(skip, len(plain)) if plain[i] in marks), (len(plain), ""))
