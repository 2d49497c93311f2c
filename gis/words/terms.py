"""What the values and fields of records are called on screen and in reports."""

import unicodedata
from math import isfinite

from shapely.geometry.base import BaseGeometry

from gis.model.incident import Confidence, Severity, Status
from gis.model.record import Quality
from gis.model.reporting import Hazard, PointKind
from gis.model.sensor import AlarmRule, AlarmState, Measure
from gis.texts import _, ngettext

_HOUR_S, _DAY_S = 3600, 86_400
_SEVERAL_DAYS = 3  # up to there hours are said: rain is summed over 24 and 48 hours

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

HAZARD = {
    Hazard.EXTREME: _("extreme"),
    Hazard.HIGH: _("high"),
    Hazard.MODERATE: _("moderate"),
    Hazard.LOW: _("low"),
}

REPORTING: dict[str, str] = {  # who reports
    PointKind.WARD: _("ward"),
    PointKind.SHELTER: _("shelter"),
    PointKind.TEAM: _("team"),
    PointKind.OTHER: _("other"),
    "gauge": _("gauge"),
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


def span(seconds: float) -> str:
    """10 minutes, 90 minutes, 3 hours, 24 hours, 7 days: in the largest unit that says it without a rest."""
    if not isfinite(seconds):
        return f"{seconds:g} s"
    if seconds and seconds % _DAY_S == 0 and abs(seconds) >= _SEVERAL_DAYS * _DAY_S:
        days = round(seconds / _DAY_S)
        return ngettext("{count} day", "{count} days", days).format(count=days)
    if seconds and seconds % _HOUR_S == 0:
        hours = round(seconds / _HOUR_S)
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    if seconds and seconds % 60 == 0:
        minutes = round(seconds / 60)
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    return ngettext("{count} second", "{count} seconds", round(seconds)).format(count=exact(seconds, least=0))


def exact(value: float, least: int = 2) -> str:
    """A number as it was set: 4.50, 0.125, 60, 136; a small one with `least` decimals."""
    whole = not least or abs(value) >= 10
    short = f"{value:.0f}" if whole else figure(value)
    return short if float(short) == value else f"{value:.15g}"


def limit_words(rule: AlarmRule) -> str:
    """Siaga 1 at 4.50; Deras at 60.0 in 3 hours; Silent after 30 minutes"""
    value, time = figure(rule.raise_at), span(rule.window_s)
    match rule.measure:
        case Measure.RISE:
            return _("{level} at {value} an hour").format(level=rule.level, value=value)
        case Measure.SUM:
            return _("{level} at {value} in {time}").format(level=rule.level, value=value, time=time)
        case Measure.SILENCE:
            return _("{level} after {time}").format(level=rule.level, time=span(rule.raise_at * 60))
        case Measure.DOUBT:
            return rule.level
        case Measure.VALUE:
            return _("{level} at {value}").format(level=rule.level, value=value)
