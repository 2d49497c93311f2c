"""What the values and fields of records are called on screen and in reports."""

import unicodedata

from shapely.geometry.base import BaseGeometry

from gis.model.incident import Confidence, Severity, Status
from gis.model.record import Quality
from gis.model.sensor import AlarmRule, AlarmState
from gis.texts import _

SEVERITY: dict[object, str] = {
    Severity.EXTREME: _("Extreme"),
    Severity.SEVERE: _("Severe"),
    Severity.MODERATE: _("Moderate"),
    Severity.MINOR: _("Minor"),
    Severity.UNKNOWN: _("Unknown"),
}

STATUS: dict[object, str] = {
    Status.REPORTED: _("reported"),
    Status.VERIFIED: _("verified"),
    Status.ASSIGNED: _("assigned"),
    Status.IN_PROGRESS: _("in progress"),
    Status.RESOLVED: _("resolved"),
    Status.CLOSED: _("closed"),
}

CONFIDENCE: dict[object, str] = {
    Confidence.CONFIRMED: _("confirmed"),
    Confidence.REPORTED: _("not confirmed"),
    Confidence.ASSUMED: _("assumed"),
    Confidence.CONTRADICTED: _("contradicted"),
    Confidence.NOT_ASKED: _("not yet asked"),
}

ALARM_STATE = {
    AlarmState.PENDING: _("pending"),
    AlarmState.UNACK: _("not acknowledged"),
    AlarmState.ACKED: _("acknowledged"),
    AlarmState.RTN_UNACK: _("returned, not acknowledged"),
    AlarmState.NORMAL: _("returned to normal"),
    AlarmState.LATCHED_UNACK: _("latched, not acknowledged"),
    AlarmState.LATCHED_ACKED: _("latched, acknowledged"),
    AlarmState.SHELVED: _("shelved"),
    AlarmState.SUPPRESSED: _("suppressed by design"),
    AlarmState.OUT_OF_SERVICE: _("out of service"),
}

DOUBTS = {
    Quality.RANGE: _("out of range"),
    Quality.STUCK: _("stuck"),
    Quality.SPIKE: _("spike"),
    Quality.CLOCK: _("its clock is wrong"),
    Quality.STEP: _("changed too fast"),
    Quality.UNIT: _("in another unit"),
}

FIELDS = {
    "code": _("kind"),
    "text": _("what"),
    "severity": _("severity"),
    "place": _("place"),
    "where": _("where"),
    "source": _("source"),
    "confidence": _("confidence"),
    "status": _("status"),
    "affected": _("people affected"),
    "title": _("title"),
    "colour": _("colour"),
    "width_px": _("line width"),
    "filling": _("filling"),
    "sign": _("sign"),
}


def in_words(field: str, value: object) -> str:
    """A field's value as a person would say it."""
    words = {"severity": SEVERITY, "status": STATUS, "confidence": CONFIDENCE}.get(field, {})
    if value in words:
        return words[value]
    if isinstance(value, BaseGeometry):
        centre = value.centroid
        return f"{centre.y:.5f}, {centre.x:.5f}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("not known") if value is None or value == "" else str(value)


def doubts(quality: Quality | int) -> list[str]:
    """What is doubtful about a reading, word by word; none of a good one."""
    return [word for flag, word in DOUBTS.items() if quality & flag]


def where_and_what(where: str, text: str) -> str:
    """Kampung Sari 14: clinic flooded. A text that names the place itself is not told it twice."""
    if where and text and _plain(where) not in _plain(text):
        return f"{where}: {text}"
    return text or where


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def figure(value: float) -> str:
    """A measured value with the digits people read: 4.82, 3.00, 57.8, 136."""
    size = abs(value)
    return f"{value:.2f}" if size < 10 else f"{value:.1f}" if size < 100 else f"{value:.0f}"


def limit_words(rule: AlarmRule) -> str:
    """Siaga 1 at 4.50"""
    return _("{level} at {value}").format(level=rule.level, value=figure(rule.raise_at))
