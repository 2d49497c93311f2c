"""CAP 1.2 alerts (OASIS 2010, ITU-T X.1303bis) as values, written strictly.

Reading is in `gis.exchange.cap_reading`: what arrives is often older, out of order or wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from shapely import Polygon
from shapely.geometry.polygon import orient

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire"),
    *("Health", "Env", "Transport", "Infra", "CBRNE", "Other"),
)
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[\s,<&]")
_XML_SPACE = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Circle:
    """All points within `radius_km` of a place (WGS84); radius 0 is the place itself."""

    lon: float
    lat: float
    radius_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Area:
    """Where a notice applies: in words, as outlines (WGS84, no holes), circles and local area codes."""

    description: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that goes with a notice; `uri` is where it would be, never fetched."""

    description: str
    mime_type: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One `info` segment: what is happening, how bad, where, and what to do, in one language.

    The coded fields hold the words of the standard; `expires` None means the receiver decides.
    """

    event: str
    categories: tuple[str, ...] = ("Other",)
    responses: tuple[str, ...] = ()
    urgency: str = "Unknown"
    severity: str = "Unknown"
    certainty: str = "Unknown"
    language: str = "en"
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message that this one updates, cancels or answers."""

    sender: str
    identifier: str
    sent: datetime | None


@dataclass(frozen=True, slots=True)
class Alert:
    """One CAP message. `sent` is aware; None only where a received message has no readable time.

    `restriction` says whom a message of scope Restricted is for.
    """

    identifier: str
    sender: str
    sent: datetime | None
    status: str = "Actual"
    message_type: str = "Alert"
    scope: str = "Public"
    restriction: str = ""
    source: str = ""
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def name_of(*words: str) -> str:
    """An identifier or sender made of `words`: no blank, comma, `<` or `&` (CAP 1.2, 3.2.1)."""
    return ".".join(filter(None, (_NOT_IN_NAMES.sub("-", clean(word).strip()) for word in words)))


def clean(text: str) -> str:
    """The text with the characters XML cannot carry (controls, lone surrogates) shown as U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def time_text(at: datetime) -> str:
    """UTC the way CAP wants it: whole seconds, a numeric offset, no `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def write(alert: Alert) -> bytes:
    """The alert as a CAP 1.2 file in UTF-8, schema order.

    Raises ValueError when the alert breaks a rule of the standard: such a message must never leave.
    """
    _require(alert)
    root = ET.Element("alert", xmlns=NAMESPACE)
    _texts(
        root,
        ("identifier", alert.identifier),
        ("sender", alert.sender),
        ("sent", _time(alert.sent)),
        ("status", alert.status),
        ("msgType", alert.message_type),
        ("source", alert.source),
        ("scope", alert.scope),
        ("restriction", alert.restriction),
        ("note", alert.note),
        ("references", " ".join(map(_reference, alert.references))),
        ("incidents", " ".join(map(_quoted, alert.incidents))),
    )
    for notice in alert.notices:
        _notice(ET.SubElement(root, "info"), notice)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _require(alert: Alert) -> None:
    for name in (alert.identifier, alert.sender):
        if not name or _NOT_IN_NAMES.search(name):
            raise ValueError(f"not a CAP identifier: {name!r}")
    if alert.sent is None:
        raise ValueError("an alert needs the time it was sent")
    if alert.scope == "Private" or (alert.scope == "Restricted") != bool(alert.restriction):
        raise ValueError("a restricted message says for whom; private ones are not written here")
    if alert.status == "Exercise" and not alert.note:
        raise ValueError("an exercise message must say so in its note")
    if alert.message_type != "Alert" and not alert.references:
        raise ValueError(f"{alert.message_type} must name the message it refers to")
    _among(alert.status, STATUSES)
    _among(alert.message_type, MESSAGE_TYPES)
    for notice in alert.notices:
        _require_notice(notice)


def _require_notice(notice: Notice) -> None:
    if not notice.event or not notice.categories:
        raise ValueError("a notice needs an event and a category")
    for words, allowed in (
        (notice.categories, CATEGORIES),
        (notice.responses, RESPONSES),
        ((notice.urgency,), URGENCIES),
        ((notice.severity,), SEVERITIES),
        ((notice.certainty,), CERTAINTIES),
    ):
        for word in words:
            _among(word, allowed)


def _among(word: str, allowed: Sequence[str]) -> None:
    if word not in allowed:
        raise ValueError(f"{word!r} is not one of {', '.join(allowed)}")


def _notice(info: ET.Element, notice: Notice) -> None:
    _texts(
        info,
        ("language", notice.language),
        *(("category", category) for category in notice.categories),
        ("event", notice.event),
        *(("responseType", response) for response in notice.responses),
        ("urgency", notice.urgency),
        ("severity", notice.severity),
        ("certainty", notice.certainty),
        ("effective", _time(notice.effective)),
        ("onset", _time(notice.onset)),
        ("expires", _time(notice.expires)),
        ("senderName", notice.sender_name),
        ("headline", notice.headline),
        ("description", notice.description),
        ("instruction", notice.instruction),
        ("web", notice.web),
        ("contact", notice.contact),
    )
    for name, value in notice.parameters:
        _texts(ET.SubElement(info, "parameter"), ("valueName", name), ("value", value or "-"))
    for resource in notice.resources:
        _texts(
            ET.SubElement(info, "resource"),
            ("resourceDesc", resource.description),
            ("mimeType", resource.mime_type or "application/octet-stream"),
            ("uri", resource.uri),
        )
    for area in notice.areas:
        _area(ET.SubElement(info, "area"), area)


def _area(element: ET.Element, area: Area) -> None:
    _texts(
        element,
        ("areaDesc", area.description or "-"),
        *(("polygon", _polygon(polygon)) for polygon in area.polygons),
        *(("circle", f"{_degrees(c.lat)},{_degrees(c.lon)} {c.radius_km:.3f}") for c in area.circles),
    )
    for name, value in area.geocodes:
        _texts(ET.SubElement(element, "geocode"), ("valueName", name), ("value", value))


def _texts(parent: ET.Element, *pairs: tuple[str, str]) -> None:
    for name, text in pairs:
        if text:
            ET.SubElement(parent, name).text = clean(text)


def _polygon(polygon: Polygon) -> str:
    ring = orient(polygon).exterior.coords
    if polygon.is_empty or len(ring) < 4:
        raise ValueError("a CAP polygon needs at least four pairs")
    return " ".join(f"{_degrees(y)},{_degrees(x)}" for x, y, *_ in ring)


def _degrees(value: float) -> str:
    return f"{value:.6f}"  # 0.1 m


def _time(at: datetime | None) -> str:
    return time_text(at) if at else ""


def _reference(earlier: Reference) -> str:
    if earlier.sent is None:
        raise ValueError("a reference needs the time of the earlier message")
    return f"{earlier.sender},{earlier.identifier},{time_text(earlier.sent)}"


def _quoted(name: str) -> str:
    plain = _XML_SPACE.sub(" ", name.replace('"', "'"))
    return f'"{plain}"' if " " in plain else plain
