"""The grammar of the log line: `code[severity] place text`, parts split by Tab or `@`.

    fl2 @Kampung Sari 14 water knee high     an incident (severity 2, or the code's own without a digit)
    fl2 @@ water                             at the last click on the map
    fl2<Tab>Kampung Sari<Tab>water           the same without an `@`
    i36 two injured                          adds to incident 36; `i36 >` opens it
    /inside kali                             a command; `?` lists the codes
    anything else                            a note

Nothing is refused and no word is lost: what is not understood stays text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gis.geo.measure import distance_to_m
from gis.intake.context import Draft, IntakeContext, Kind, Spot, digits_of
from gis.intake.parts import Parts, cut
from gis.intake.place import leading, whole
from gis.model.incident import Incident, Severity
from gis.texts import _
from gis.words.codebook import Code

NEARBY_M = 300.0
BESIDE_M, SAME_M = 2_000.0, 3.0
_NUMBERED = re.compile(r"([^\W\d_]+)-?(\d{1,9})(>?)")


def read(line: str, context: IntakeContext) -> Draft:
    """What `line` means to this desk. Never raises; the line itself is kept in `raw`."""
    if not line.strip():
        return Draft(line, Kind.EMPTY)
    parts = cut(line)
    if parts.head.startswith(("/", "?")):
        kind = Kind.COMMAND if parts.head.startswith("/") else Kind.CODES
        return Draft(line, kind, command=_tidy(parts.head[1:] + parts.rest))
    code, severity, remark = code_of(parts.head, context)
    if code is None:
        return _numbered(line, parts, context) or _note(line, parts)
    draft = Draft(line, Kind.INCIDENT, code, severity, remarks=(remark,) if remark else ())
    if parts.place is None:
        return replace(draft, text=_tidy(parts.rest))
    return _placed(draft, parts, parts.place, context)


def code_of(word: str, context: IntakeContext) -> tuple[Code | None, Severity | None, str]:
    """The code and severity that a line's first word names, and a remark when its digit is no severity."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    if code := context.codes.find(folded):
        return code, code.severity, ""
    code = context.codes.find(folded[:-1])
    if code is None or not folded[-1:].isdecimal():
        return None, None, ""
    digit = unicodedata.decimal(folded[-1])
    if 1 <= digit <= 4:
        return code, Severity.of_priority(digit), ""
    remark = _("{digit} is no severity: they go from 1 to 4. The usual one of this code was taken.")
    return code, code.severity, remark.format(digit=digit)


def nearby(
    draft: Draft, incidents: Iterable[Incident], within_m: float = NEARBY_M
) -> list[tuple[Incident, float]]:
    """The open incidents within `within_m` metres of the draft's place, nearest first, with the metres."""
    if draft.spot is None or draft.kind is not Kind.INCIDENT:
        return []
    lon, lat = draft.spot.lon, draft.spot.lat
    near = [(i, distance_to_m(i.place, lon, lat)) for i in incidents if i.is_open and i.place is not None]
    return sorted((pair for pair in near if pair[1] <= within_m), key=lambda pair: pair[1])


def is_unplaced(draft: Draft) -> bool:
    """True when the line speaks of a place and it is not known where that is."""
    return draft.kind is Kind.INCIDENT and draft.spot is None and cut(draft.raw).place is not None


def adding(draft: Draft, incident: Incident) -> Draft:
    """The same words as an addition to an incident that is there already."""
    return replace(draft, kind=Kind.ADDITION, incident=incident, text=draft.text or _tidy(draft.raw))


def _placed(draft: Draft, parts: Parts, place: str, context: IntakeContext) -> Draft:
    found = leading(place, context)
    if parts.closer == "\t" or (parts.closer and not found.length):
        found = whole(place, context)
    closed = parts.closer and found.length == len(place)
    text = parts.after if closed else draft.raw[parts.place_at + found.length :]
    spot, beside = _landmark(found.spots[0], context) if found.chosen else (None, "")
    return replace(
        draft,
        where=spot.words if spot else _tidy(place[: found.length]).strip("@"),
        text=_tidy(f"{parts.before} {text.lstrip(' ,;')}"),
        spot=spot,
        spots=found.spots,
        sure=found.sure,
        ward=context.wards.of(spot.lon, spot.lat) if spot else "",
        beside=beside,
        remarks=draft.remarks + ((found.remark,) if found.remark else ()),
    )


def _landmark(spot: Spot, context: IntakeContext) -> tuple[Spot, str]:
    """The spot, called by name if it is the very place of a name; else how far the nearest name is."""
    found = None if spot.named else context.places.near(spot.lon, spot.lat)
    if not found or found[1] > BESIDE_M:
        return spot, ""
    place, metres = found[0], round(found[1], -1 if found[1] >= 100 else 0)
    if metres <= SAME_M:
        return replace(spot, words=place.name), ""
    return spot, _("{metres} m from {name}").format(metres=int(metres), name=place.name)


def _numbered(line: str, parts: Parts, context: IntakeContext) -> Draft | None:
    """A line about an incident that has a number, or None."""
    match = _NUMBERED.fullmatch(unicodedata.normalize("NFKC", parts.head).casefold())
    if not match:
        return None
    letters, digits = match[1], str(int(match[2]))
    found = _meant(letters, digits, context)
    if not found:
        missing = _("There is no incident {number}.").format(number=digits)
        return _note(line, parts, missing) if letters == "i" else None
    words = match[3] + parts.rest.strip()
    kind = Kind.OPENING if words in ("", ">", "＞") else Kind.ADDITION
    text = _tidy(words) if kind is Kind.ADDITION else ""
    return Draft(line, kind, text=text, incident=found[0], remarks=_twice(found))


def _meant(letters: str, digits: str, context: IntakeContext) -> list[Incident]:
    """The incidents that carry this number, the open ones first; `i` serves for the letters of every desk."""
    open_ones = [i for i in context.incidents if digits_of(i.number) == digits]
    own = [i for i in open_ones if i.number.casefold().startswith(f"{letters}-")]
    own += context.carrying(_spelled((letters.upper(), letters, letters.capitalize()), digits))
    if letters == "i" and not own:
        others = {*context.letters, *(i.number.rpartition("-")[0] for i in context.incidents)}
        own = open_ones or [*context.carrying(_spelled(others, digits))]
    return sorted({i.id: i for i in own}.values(), key=lambda i: not i.is_open)


def _spelled(letters: Iterable[str], digits: str) -> set[str]:
    return {f"{each}-{number}" for each in letters for number in (digits, f"{int(digits):04d}")}


def _twice(found: Sequence[Incident]) -> tuple[str, ...]:
    """What is to be said of a number that several incidents carry."""
    if len(found) < 2 or found[0].number != found[1].number:
        return ()
    words = _("Two incidents carry {number}: {one} (this one), and {other}.")
    one, other = (i.where or i.text for i in found[:2])
    return (words.format(number=found[0].number, one=one, other=other),)


def _note(line: str, parts: Parts, remark: str = "") -> Draft:
    tried = parts.place is not None or (parts.head[-1:].isdecimal() and 2 <= len(parts.head) <= 4)
    if not remark and tried:
        remark = _("{word} is no code, so this will be a note. Type ? to see the codes.").format(
            word=parts.head
        )
    return Draft(line, Kind.NOTE, text=line.strip(), remarks=(remark,) if remark else ())


def _tidy(words: str) -> str:
    return " ".join(words.split())
