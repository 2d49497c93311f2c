"""CAP as it arrives: 1.0, 1.1 or 1.2, out of order, inside Atom or EDXL-DE, with mistakes in it.

What can be understood is kept, every deviation from the standard is listed, and text stays text:
markup inside a description is never interpreted. Entities and document types are refused.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from shapely import Polygon

from gis.errors import UserError
from gis.exchange import cap
from gis.exchange.cap import Alert, Area, Circle, Notice, Reference, Resource
from gis.exchange.markup import refused, tree
from gis.texts import _

VERSIONS = {
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "http://www.incident.com/cap/1.0": "1.0",
}
LARGEST = 32_000_000  # bytes; the largest real alert seen has half a million
DEEPEST = 60  # levels; an alert inside an Atom feed inside an envelope has about a dozen

ALERT_ORDER = (
    *("identifier", "sender", "sent", "status", "msgType", "password", "source", "scope", "restriction"),
    *("addresses", "code", "note", "references", "incidents", "info", "Signature"),
)
INFO_ORDER = (
    *("language", "category", "event", "responseType", "urgency", "severity", "certainty", "audience"),
    *("eventCode", "effective", "onset", "expires", "senderName", "headline", "description"),
    *("instruction", "web", "contact", "parameter", "resource", "area"),
)
AREA_ORDER = ("areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling")

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_REFERENCES = re.compile(r"([^\s,]+),([^\s,]+),([^\s,]+)")
_WORDS = re.compile(r'"([^"]*)"|(\S+)')

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file held: its alerts, and in plain sentences where it departs from the standard."""

    alerts: tuple[Alert, ...]
    deviations: tuple[str, ...]


def read(content: bytes) -> Opened:
    """Every CAP alert in a file. Raises UserError when it is no XML, is dangerous, or holds no alert."""
    deviations: list[str] = []

    def tell(sentence: str) -> None:
        if sentence not in deviations:
            deviations.append(sentence)

    alerts = alerts_in(root_of(content, tell), tell)
    if not alerts:
        raise UserError(
            _("There is no CAP alert in this file."),
            hint=_("Nothing was taken from it. It may be a list of links: open the alerts it names."),
        )
    return Opened(alerts, tuple(deviations))


def root_of(content: bytes, tell: Tell, most: int = 1_000_000) -> ET.Element:
    """The root of a file that may hold alerts, of at most `most` elements. Raises UserError as `read`."""
    if len(content) > LARGEST:
        raise refused(_("This file is too large for an alert."))
    return tree(_text(content, tell), DEEPEST, most)


def alerts_in(element: ET.Element, tell: Tell) -> tuple[Alert, ...]:
    """Every alert at or below an element."""
    return tuple(_alert(each, tell) for each in element.iter() if local(each) == "alert")


def _text(content: bytes, tell: Tell) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf")[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        encoding = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    try:
        text = _decoded(content, encoding, tell)
    except (LookupError, UnicodeError) as error:
        raise refused(
            _("This file is written in the unknown encoding {encoding}.").format(encoding=encoding)
        ) from error
    return _DECLARATION.sub("", text, count=1)


def _decoded(content: bytes, encoding: str, tell: Tell) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        tell(_("Some characters could not be read in the encoding the file declares."))
        return content.decode(encoding, errors="replace")


def local(element: ET.Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _version(element: ET.Element) -> str:
    return VERSIONS.get(element.tag.rpartition("}")[0].removeprefix("{"), "")


def _children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (child for child in element if local(child) == name)


def _value(element: ET.Element, name: str) -> str:
    child = next(_children(element, name), None)
    return "" if child is None else _content(child)


def _content(element: ET.Element) -> str:
    return "".join(element.itertext()).strip()


def _values(element: ET.Element, name: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_content, _children(element, name))))


def _pairs(element: ET.Element, name: str) -> tuple[tuple[str, str], ...]:
    """Named values: children in 1.1 and 1.2, `name=value` text in 1.0."""
    found: list[tuple[str, str]] = []
    for child in _children(element, name):
        if len(child):
            found.append((_value(child, "valueName"), _value(child, "value")))
        elif "=" in _content(child):
            key, _equals, value = _content(child).partition("=")
            found.append((key.strip(), value.strip()))
    return tuple(found)


def _alert(element: ET.Element, tell: Tell) -> Alert:
    version = _version(element)
    if not version:
        tell(_("The alert is in no namespace of CAP."))
    elif version != "1.2":
        tell(_("The alert is CAP {version}, not 1.2.").format(version=version))
    _check_order(element, ALERT_ORDER, tell)
    for name in ("identifier", "sender", "sent", "status", "msgType"):
        if not _value(element, name):
            tell(_("The alert has no {element}.").format(element=name))
    if next(_children(element, "Signature"), None) is not None:
        tell(_("The alert is signed; the signature was not checked."))
    scope = _value(element, "scope")
    return Alert(
        identifier=_value(element, "identifier"),
        sender=_value(element, "sender"),
        sent=_time(element, "sent", tell),
        status=_word(element, "status", cap.STATUSES, "Actual", tell),
        message_type=_word(element, "msgType", cap.MESSAGE_TYPES, "Alert", tell),
        scope=_word(element, "scope", cap.SCOPES, "Public", tell) if scope else "Public",
        restriction=_value(element, "restriction"),
        source=_value(element, "source"),
        note=_value(element, "note"),
        references=tuple(_references(_value(element, "references"), tell)),
        incidents=tuple(quoted or plain for quoted, plain in _WORDS.findall(_value(element, "incidents"))),
        notices=tuple(_notice(info, tell) for info in _children(element, "info")),
    )


def _notice(info: ET.Element, tell: Tell) -> Notice:
    _check_order(info, INFO_ORDER, tell)
    if not _value(info, "event"):
        tell(_("A notice does not name its event."))
    return Notice(
        event=_value(info, "event"),
        categories=_words(info, "category", cap.CATEGORIES, tell) or ("Other",),
        responses=_words(info, "responseType", cap.RESPONSES, tell),
        urgency=_word(info, "urgency", cap.URGENCIES, "Unknown", tell),
        severity=_word(info, "severity", cap.SEVERITIES, "Unknown", tell),
        certainty=_certainty(info, tell),
        language=_value(info, "language") or "en-US",  # the default of the standard
        effective=_time(info, "effective", tell),
        onset=_time(info, "onset", tell),
        expires=_time(info, "expires", tell),
        sender_name=_value(info, "senderName"),
        headline=_value(info, "headline"),
        description=_value(info, "description"),
        instruction=_value(info, "instruction"),
        web=_value(info, "web"),
        contact=_value(info, "contact"),
        parameters=_pairs(info, "parameter"),
        resources=tuple(_resource(r) for r in _children(info, "resource")),
        areas=tuple(_area(area, tell) for area in _children(info, "area")),
    )


def _certainty(info: ET.Element, tell: Tell) -> str:
    if _value(info, "certainty") == "Very Likely":  # 1.0; 1.1 tells readers to take it as Likely
        return "Likely"
    return _word(info, "certainty", cap.CERTAINTIES, "Unknown", tell)


def _resource(element: ET.Element) -> Resource:
    return Resource(
        _value(element, "resourceDesc"), _value(element, "mimeType"), cap.clean(_value(element, "uri"))
    )


def _area(element: ET.Element, tell: Tell) -> Area:
    _check_order(element, AREA_ORDER, tell)
    return Area(
        description=_value(element, "areaDesc"),
        polygons=tuple(filter(None, (_polygon(_content(p), tell) for p in _children(element, "polygon")))),
        circles=tuple(filter(None, (_circle(_content(c), tell) for c in _children(element, "circle")))),
        geocodes=_pairs(element, "geocode"),
    )


def _polygon(text: str, tell: Tell) -> Polygon | None:
    if not text:
        tell(_("A polygon is empty."))
        return None
    ring = [_place(pair) for pair in text.split()]
    places = [place for place in ring if place]
    if len(places) < len(ring):
        tell(_("A polygon has a coordinate that is none; the polygon was left out."))
        return None
    if places[0] != places[-1]:
        tell(_("A polygon was not closed."))
        places.append(places[0])
    if len(places) < 4:
        tell(_("A polygon has fewer than three corners; it was left out."))
        return None
    return Polygon(places)


def _circle(text: str, tell: Tell) -> Circle | None:
    if not text:
        tell(_("A circle is empty."))
        return None
    centre, _blank, radius = text.partition(" ")
    place, radius_km = _place(centre), _number(radius)
    if place is None or radius_km is None or radius_km < 0:
        tell(_("A circle could not be read; it was left out."))
        return None
    return Circle(*place, radius_km)


def _place(pair: str) -> tuple[float, float] | None:
    """(lon, lat) from `lat,lon`; None when it is no place on earth."""
    lat, lon = (_number(part) for part in (pair.split(",") if pair.count(",") == 1 else ("", "")))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return lon, lat


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None  # neither inf nor nan


def _time(element: ET.Element, name: str, tell: Tell) -> datetime | None:
    text = _value(element, name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            tell(_("The time {element} has no offset; it was taken as UTC.").format(element=name))
            at = at.replace(tzinfo=UTC)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        tell(_("The time {element} could not be read: {text}").format(element=name, text=text[:40]))
        return None


def _word(element: ET.Element, name: str, allowed: Sequence[str], otherwise: str, tell: Tell) -> str:
    return next(iter(_words(element, name, allowed, tell)), otherwise)


def _words(element: ET.Element, name: str, allowed: Sequence[str], tell: Tell) -> tuple[str, ...]:
    found: list[str] = []
    for text in _values(element, name):
        word = next((word for word in allowed if word.casefold() == text.casefold()), None)
        if word != text:
            tell(_("{element} is not a word of the standard: {text}").format(element=name, text=text[:40]))
        if word:
            found.append(word)
    return tuple(found)


def _references(text: str, tell: Tell) -> Iterator[Reference]:
    found = _REFERENCES.findall(text)
    if text and not found:
        tell(_("The references could not be read: {text}").format(text=text[:80]))
    for sender, identifier, sent in found:
        try:
            at = datetime.fromisoformat(sent)
        except ValueError:
            at = None
        yield Reference(sender, identifier, at.astimezone(UTC) if at and at.tzinfo else None)


def _check_order(element: ET.Element, order: Sequence[str], tell: Tell) -> None:
    places = [order.index(name) for name in map(local, element) if name in order]
    if places != sorted(places):
        tell(_("The elements of {element} are out of order.").format(element=local(element)))
