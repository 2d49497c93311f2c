"""From one look into the store to everything a report says."""

from dataclasses import replace
from datetime import datetime, timedelta

from gis.model.incident import Incident, Note
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Sensor
from gis.model.sitrep import Sitrep
from gis.report.changes import History, history_since
from gis.report.conflicts import conflicts_of
from gis.report.content import (
    AlarmLine,
    IncidentLine,
    Mark,
    Meaning,
    NoteLine,
    SensorLine,
    SitrepContent,
)
from gis.report.datafile import digest_of
from gis.report.gaps import gaps_in
from gis.store import Operation, Query
from gis.texts import _
from gis.words import codebook

MISSED_REPORTS = 3  # a gauge that has missed this many is silent


def gather(
    query: Query,
    operation: Operation,
    *,
    number: int,
    before: Sitrep | None,
    author: str,
    assessment: str = "",
) -> SitrepContent:
    """Report `number` as of the moment of `query`, sealed.

    It covers what came in after the report `before`; with None everything since the operation began.
    """
    history = history_since(query, before)
    since = before.as_of if before else operation.created_at
    sensors, rules = query.find(Sensor), query.find(AlarmRule)
    content = SitrepContent(
        number=number,
        city=operation.city,
        desk=operation.desk,
        exercise=operation.exercise,
        timezone=operation.timezone,
        since=since,
        as_of=query.at,
        author=author,
        assessment=assessment.strip(),
        incidents=_incidents(query, history),
        alarms=_alarms(query, since),
        sensors=_sensors(query, sensors, rules),
        conflicts=conflicts_of(query),
        notes=_notes(query, history),
    )
    return sealed(replace(content, gaps=gaps_in(content)))


def sealed(content: SitrepContent) -> SitrepContent:
    """The content with the digest of its data file."""
    return replace(content, digest=digest_of(content))


def meaning_of(code: str) -> Meaning:
    """What the codebook says of a code; the code itself where the city uses one that it does not know."""
    entry = codebook.find(code)
    if entry is None:
        return Meaning(code or _("Incident"))
    return Meaning(entry.label, entry.event, entry.category, entry.response)


def _incidents(query: Query, history: History) -> tuple[IncidentLine, ...]:
    """The open ones and those that ended in the period, worst first."""
    lines = (
        history.line(incident, meaning_of(incident.code)) for incident in query.find(Incident, void=None)
    )
    told = [line for line in lines if line.incident.is_open or line.mark is not Mark.SAME]
    told.sort(key=lambda line: (line.incident.severity.priority, line.incident.number))
    return tuple(told)


def _alarms(query: Query, since: datetime) -> tuple[AlarmLine, ...]:
    """Alarms that ring, stand or were moved in the period; the worst and newest first.

    An alarm outlives its rule: it is told even when the rule or the instrument has been struck out.
    """
    sensor_of = {sensor.id: sensor for sensor in query.find(Sensor, void=None)}
    rule_of = {rule.id: rule for rule in query.find(AlarmRule, void=None)}
    lines = [
        AlarmLine(alarm, rule_of[alarm.rule_id], sensor_of[alarm.sensor_id])
        for alarm in query.find(Alarm)
        if _is_news(alarm, since) and alarm.rule_id in rule_of and alarm.sensor_id in sensor_of
    ]
    lines.sort(key=lambda line: line.alarm.since, reverse=True)
    lines.sort(key=lambda line: (not line.alarm.needs_attention, line.alarm.severity.priority))
    return tuple(lines)


def _is_news(alarm: Alarm, since: datetime) -> bool:
    if alarm.raised_at is None:
        return False
    moved = (at for at in (alarm.raised_at, alarm.returned_at, alarm.acknowledged_at) if at)
    return alarm.state is not AlarmState.NORMAL or max(moved) > since


def _sensors(query: Query, sensors: list[Sensor], rules: list[AlarmRule]) -> tuple[SensorLine, ...]:
    latest = query.latest()
    lines = [_sensor(sensor, latest.get(sensor.id), rules, query.at) for sensor in sensors]
    lines.sort(key=lambda line: (line.limit.severity.priority if line.limit else 9, line.sensor.name))
    return tuple(lines)


def _sensor(sensor: Sensor, latest: Reading | None, rules: list[AlarmRule], at: datetime) -> SensorLine:
    if latest is None:
        return SensorLine(sensor, silent=True)
    trusted = [] if latest.quality else rules
    passed = [r for r in trusted if r.sensor_id == sensor.id and latest.value >= r.raise_at]
    age = at - latest.at
    return SensorLine(
        sensor,
        latest,
        age,
        max(passed, key=lambda rule: rule.raise_at, default=None),
        silent=age > MISSED_REPORTS * timedelta(seconds=sensor.expected_every_s),
    )


def _notes(query: Query, history: History) -> tuple[NoteLine, ...]:
    number_of = {incident.id: incident.number for incident in query.find(Incident, void=None)}
    notes = [note for note in query.find(Note) if note.id in history.authors]
    return tuple(
        NoteLine(note.at, note.text, history.authors[note.id], number_of.get(note.incident_id or "", ""))
        for note in sorted(notes, key=lambda note: note.at)
    )
