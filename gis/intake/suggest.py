"""What the line may become: offered while it is being typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from gis.geo.coords import as_dd, as_mgrs
from gis.intake.context import IntakeContext, Spot
from gis.intake.logline import code_of
from gis.intake.parts import Parts, cut
from gis.intake.place import offers
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer: what it is called, what else tells it apart, and the line it would make."""

    label: str
    detail: str
    line: str


def suggestions(line: str, context: IntakeContext, limit: int = 8) -> list[Suggestion]:
    """The offers for the part at the end of `line`, best first: codes, commands or places.

    None once the place is closed or text has begun: what follows is the caller's words.
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
        return _places(line[: parts.place_at], parts.place, context)
    return _codes(parts.head, context) if parts.head and not (known or parts.rest) else iter(())


def _codes(typed: str, context: IntakeContext) -> Iterator[Suggestion]:
    return (Suggestion(code.code, code.label, code.code) for code in context.codes.beginning(typed))


def _commands(typed: str, context: IntakeContext) -> Iterator[Suggestion]:
    meant = ((word, meaning) for word, meaning in context.commands.items() if word.startswith(typed))
    return (Suggestion(f"/{word}", meaning, f"/{word} ") for word, meaning in meant)


def _places(before: str, words: str, context: IntakeContext) -> Iterator[Suggestion]:
    spots = offers(words, context)
    namesakes = [spot.words for spot in spots]
    for spot in spots:
        one = namesakes.count(spot.words) == 1
        yield Suggestion(spot.words, _told(spot, context), f"{before}{_typed(spot, one)}\t")


def _typed(spot: Spot, by_name: bool) -> str:
    """A name if it means one place, else a coordinate that can be read in one way only."""
    return spot.words if by_name else as_dd(spot.lon, spot.lat)


def _told(spot: Spot, context: IntakeContext) -> str:
    where = context.wards.of(spot.lon, spot.lat) or as_mgrs(spot.lon, spot.lat, digits=4)
    return _("{where}. {note}").format(where=where, note=spot.note) if spot.note else where
