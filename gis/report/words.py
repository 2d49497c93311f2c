"""The words of the incident model as a report prints them, in the language of the screen."""

from gis.model.incident import Confidence, Severity, Status
from gis.model.sensor import AlarmState
from gis.report.content import Mark
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
}

MARK = {
    Mark.SAME: "",
    Mark.NEW: _("new"),
    Mark.CHANGED: _("changed"),
    Mark.CLOSED: _("closed"),
    Mark.WITHDRAWN: _("withdrawn"),
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
}
