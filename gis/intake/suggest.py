"""What the line may become: offered while it is being typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from gis.geo.coords import as_dd, as_mgrs
from gis.intake.context import IntakeContext, Spot
from gis.intake.logline import code_of
from gis.intake.parts import Parts, cut
from gis.intake.place import leading, offers


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer: what it is called, what else tells it apart, and the line it would make."""

    label: str
    detail: str
    line: str


def suggestions(line: str, context: IntakeContext, limit: int = 8) -> list[Suggestion]:
    """The offers for the part at the end of `line`, best first: codes, commands or places.

    Once the place is closed or text has begun, the words are the caller's and nothing is offered, unless
    the place has namesakes to choose from.
    """
    parts = cut(line)
    return list(islice(_offers(line, parts, context), limit))


def _offers(line: str, parts: Parts, context: IntakeContext) -> Iterator[Suggestion]:
    words = (parts.head[1:] + parts.rest).strip()
    if parts.head.startswith("?"):
        return _codes(words, context)
    if parts.head.startswith("/"):
        return _commands(words.casefold(), context)
    known = code_of(parts.head, context)[0] is not None
    if known and parts.place and not parts.closer:
        return _places(line, parts, parts.place, context)
    return _codes(parts.head, context) if parts.head and not (known or parts.rest) else iter(())


def _codes(typed: str, context: IntakeContext) -> Iterator[Suggestion]:
    return (Suggestion(code.code, code.label, code.code) for code in context.codes.beginning(typed))


def _commands(typed: str, context: IntakeContext) -> Iterator[Suggestion]:
    meant = ((word, meaning) for word, meaning in context.commands.items() if word.startswith(typed))
    return (Suggestion(f"/{word}", meaning, f"/{word} ") for word, meaning in meant)


def _places(line: str, parts: Parts, words: str, context: IntakeContext) -> Iterator[Suggestion]:
    found = leading(words, context)
    spots, rest = found.spots, line[parts.place_at + found.length :].lstrip()
    if found.length == len(words) or not found.length:
        spots, rest = offers(words, context), ""
    elif found.sure or len(spots) == 1:
        return
    namesakes = [spot.words for spot in spots]
    for spot in spots:
        one = namesakes.count(spot.words) == 1
        typed = spot.words if one else as_dd(spot.lon, spot.lat)
        yield Suggestion(spot.words, _told(spot, one, context), f"{line[: parts.place_at]}{typed}\t{rest}")


def _told(spot: Spot, one: bool, context: IntakeContext) -> str:
    """What tells a place from others: its ward, its grid reference among namesakes, what was assumed."""
    ward, grid = context.wards.of(spot.lon, spot.lat), as_mgrs(spot.lon, spot.lat, digits=4)
    return "   ".join(filter(None, (ward, "" if ward and one else grid, spot.note)))
