"""How alarms, and what is kept quiet, stand in their lists."""

from zoneinfo import ZoneInfo

from PySide6.QtGui import QIcon

from desktop.standing import Hushed, Standing
from desktop.symbols import severity_icon
from desktop.times import hm, hms
from desktop.widgets.table import Column, Row
from gis.model.incident import Severity
from gis.model.sensor import AlarmState
from gis.texts import _
from gis.words.terms import ALARM_STATE

_SIGNED = (AlarmState.ACKED, AlarmState.LATCHED_ACKED)


def alarm_columns(zone: ZoneInfo) -> list[Column[Standing]]:
    """Priority, state, time, value, and what it is: solid while it waits for a name."""
    full = {severity: severity_icon(severity) for severity in Severity}
    hollow = {severity: severity_icon(severity, hollow=True) for severity in Severity}

    def chip(line: Standing) -> QIcon:
        return (full if line.waits else hollow)[line.alarm.severity]

    return [
        Column("P", lambda _line: "", chip, widest="MM"),
        Column(_("State"), lambda line: line.state, widest=max(_("RTN unack"), _("ESCALATED"), key=len)),
        Column(_("Time"), lambda line: hm(line.since, zone), widest="00:00"),
        Column(_("Value"), lambda line: line.now, widest="00.0 mm/h"),
        Column(_("What"), lambda line: line.where),
    ]


def alarm_row(zone: ZoneInfo) -> Row[Standing]:
    """An alarm aloud, and as the pointer is told."""

    def words(line: Standing) -> str:
        said = _("Alarm, {severity}, {what}, since {time}, {state}").format(
            severity=line.alarm.severity.value,
            what=line.what,
            time=hms(line.since, zone),
            state=ALARM_STATE[line.alarm.state],
        )
        if line.alarm.state in _SIGNED:
            said += ", " + _("by {name}").format(name=line.alarm.acknowledged_by)
        if line.passed_on:
            said += ", " + line.passed_on
        return f"{said}: {line.alarm.note}" if line.alarm.note else said

    return Row(key=lambda line: line.alarm.id, words=words, heavy=lambda line: line.waits)


def quiet_columns() -> list[Column[Hushed]]:
    """Priority, how and for how long still, what stands meanwhile, what it is and why."""
    hollow = {severity: severity_icon(severity, hollow=True) for severity in Severity}

    def chip(line: Hushed) -> QIcon | None:
        return None if line.severity is Severity.UNKNOWN else hollow[line.severity]

    return [
        Column("P", lambda _line: "", chip, widest="MM"),
        Column(_("State"), lambda line: line.state, widest=_("shelved {left}").format(left="00 min")),
        Column(_("Value"), lambda line: line.stands, widest="00.0 mm/h"),
        Column(_("What and why"), lambda line: f"{line.what}: {line.why}"),
    ]


def quiet_row(zone: ZoneInfo) -> Row[Hushed]:
    """What is kept quiet aloud, and as the pointer is told."""

    def words(line: Hushed) -> str:
        said = _("Kept quiet, {state}: {what}").format(state=line.state, what=line.what)
        kept, end = line.quiet.kept, line.quiet.ends_at
        if kept is not None:
            said += ", " + _("by {name} at {time}: {reason}").format(
                name=kept.by, time=hms(kept.since, zone), reason=kept.reason
            )
        if end is not None:
            said += ", " + _("until {time}").format(time=hms(end, zone))
        stands = "; ".join(each.what for each in line.alarms)
        return said + ". " + (_("Meanwhile stands: {what}").format(what=stands) if stands else _("No alarm."))

    return Row(key=lambda line: line.key, words=words)
