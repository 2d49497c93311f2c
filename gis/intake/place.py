"""Where a line says it is: coordinates, a click, a name of the city, a sensor, another incident."""

import re
from dataclasses import dataclass, replace
from itertools import islice

from gis.geo.coords import Candidate, Form, as_mgrs, parse
from gis.geo.coords.links import is_link
from gis.geo.extent import contains
from gis.geo.gazetteer import Match, Place
from gis.intake.context import IntakeContext, Spot
from gis.texts import _

MOST_WORDS = 10  # of a coordinate: 8 deg 39 min 0 sec S and the same again, shortened
MOST_SPOTS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """The places that words mean, how many characters those words take, and whether one can be trusted.

    With `length` 0 nothing was recognised. `chosen` is the first of `spots` when it is fit to be saved.
    """

    spots: tuple[Spot, ...] = ()
    length: int = 0
    chosen: bool = False
    sure: bool = False
    remark: str = ""


def leading(words: str, context: IntakeContext) -> Found:
    """The place that `words` begin with, when nothing says where the place ends and the text begins.

    A click, a coordinate, a whole name; then, as long as all of it may still become a name, all of it;
    then whole words of a name.
    """
    return (
        _clicked(words, context)
        or _measured(words, context)
        or _named(words, context, exact=True)
        or _becoming(words, context)
        or _named(words, context, exact=False)
        or Found()
    )


def whole(words: str, context: IntakeContext) -> Found:
    """The place that all of `words` mean; what is left over after a name only makes it less sure.

    Places that merely sound alike are offered, never chosen.
    """
    found = leading(words, context)
    if found.length == len(words):
        return found
    if found.length:
        spots = tuple(replace(spot, words=words) for spot in found.spots)
        return replace(found, spots=spots, length=len(words), sure=False)
    return Found(offers(words, context), len(words))


def offers(words: str, context: IntakeContext) -> tuple[Spot, ...]:
    """The places that `words` may become, best first; those that sound alike if there are no others."""
    found = leading(words, context)
    if 0 < found.length < len(words):
        return ()
    named = _search(words, context)
    better = [place for place in named if place.match is not Match.MISHEARD]
    if not better and not found.spots:
        better = named
    return tuple(dict.fromkeys((*found.spots, *_spots(better))))[:MOST_SPOTS]


def _clicked(words: str, context: IntakeContext) -> Found | None:
    if not words.startswith("@"):
        return None
    if context.last_click is None:
        return Found(length=1, remark=_("No place has been clicked on the map yet."))
    lon, lat = context.last_click
    return Found((Spot(as_mgrs(lon, lat, digits=4), lon, lat),), 1, chosen=True, sure=True)


def _measured(words: str, context: IntakeContext) -> Found | None:
    """The longest coordinate at the beginning. Two bare numbers count only inside the city."""
    ends = [word.end() for word in islice(re.finditer(r"\S+", words), MOST_WORDS)]
    if is_link(words):
        ends = ends[:1]
    for end in reversed(ends):
        readings = parse(words[:end].rstrip(",;"), context.city)
        if readings and (_said_plainly(words[:end]) or _inside(readings[0], context)):
            return _of_readings(words[:end].rstrip(",;"), end, readings, context)
    return None


def _of_readings(words: str, end: int, readings: list[Candidate], context: IntakeContext) -> Found:
    spots = tuple(Spot(words, c.lon, c.lat, c.note) for c in readings)
    inside = sum(_inside(reading, context) for reading in readings)
    one = len(readings) == 1 or inside == 1
    outside = context.city is not None and not inside
    remark = _("This place is outside the city.") if outside else ""
    if not one and inside != 1:
        remark = _("These numbers can be read in two ways. Choose one.")
    assumed = bool(readings[0].note) and readings[0].form not in (Form.MGRS, Form.PLUS)
    return Found(spots, end, chosen=one, sure=one and not assumed and not outside, remark=remark)


def _said_plainly(words: str) -> bool:
    """More than digits: a letter, a plus, a degree ring, a decimal point or comma, or a sign."""
    return bool(re.search(r"[^\W\d_]|[+°.,٫-]", words))


def _inside(reading: Candidate, context: IntakeContext) -> bool:
    return context.city is not None and contains(context.city, reading.lon, reading.lat)


def _named(words: str, context: IntakeContext, *, exact: bool) -> Found | None:
    best: Found | None = None
    for names in (context.live, context.places, context.assets):
        places, length = names.leading(words)
        if places and (places[0].match is Match.EXACT) == exact and length > (best.length if best else 0):
            sure = exact and len(places) == 1
            best = Found(_spots(places), length, chosen=True, sure=sure)
    return best


def _becoming(words: str, context: IntakeContext) -> Found | None:
    """All the words as the beginning of names; the one name they can become is taken."""
    if not any(character.isalpha() for character in words):
        return None
    found = [place for place in _search(words, context) if place.match is not Match.MISHEARD]
    return Found(_spots(found), len(words), chosen=len(found) == 1) if found else None


def _search(words: str, context: IntakeContext) -> list[Place]:
    names = (context.live, context.places, context.assets)
    found = [place for known in names for place in known.search(words, MOST_SPOTS, context.view)]
    return sorted(found, key=lambda place: place.match.value)


def _spots(places: list[Place]) -> tuple[Spot, ...]:
    alike = _("Sounds alike.")
    return tuple(
        Spot(p.name, p.lon, p.lat, alike if p.match is Match.MISHEARD else "", named=True)
        for p in places[:MOST_SPOTS]
    )
