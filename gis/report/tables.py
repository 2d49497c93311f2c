"""The report's facts as tables and features that other programs can add, map and compare."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from gis.exchange.geojson import Feature
from gis.exchange.gpkg import Table
from gis.report.content import AlarmLine, IncidentLine, SensorLine, SitrepContent
from gis.report.datafile import FORMAT

Row = dict[str, Any]


def incident_row(line: IncidentLine) -> Row:
    """One incident under names and units a machine can rely on, in English whatever the screen speaks."""
    incident = line.incident
    return {
        "number": incident.number,
        "kind": line.meaning.name,
        "code": incident.code,
        "category": line.meaning.category,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "confidence": incident.confidence.value,
        "change": line.mark.value or None,
        "text": incident.text,
        "place": incident.where or None,
        "people_affected": incident.affected,
        "reported_at": incident.reported_at,
        "closed_at": incident.closed_at,
        "source": incident.source or None,
        "id": incident.id,
    }


def sensor_row(line: SensorLine) -> Row:
    sensor, latest = line.sensor, line.latest
    return {
        "key": sensor.key,
        "name": sensor.name,
        "quantity": sensor.quantity.value,
        "unit": sensor.unit,
        "value": latest.value if latest else None,
        "observed_at": latest.at if latest else None,
        "age_s": line.age.total_seconds() if line.age is not None else None,
        "doubtful": bool(latest.quality) if latest else False,
        "silent": line.silent,
        "limit_level": line.limit.level if line.limit else None,
        "limit_severity": line.limit.severity.value if line.limit else None,
        "id": sensor.id,
    }


def alarm_row(line: AlarmLine) -> Row:
    alarm = line.alarm
    return {
        "sensor": line.sensor.name,
        "level": line.rule.level,
        "severity": alarm.severity.value,
        "state": alarm.state.value,
        "limit": line.rule.raise_at,
        "unit": line.sensor.unit,
        "peak": alarm.peak,
        "since": alarm.since,
        "raised_at": alarm.raised_at,
        "returned_at": alarm.returned_at,
        "acknowledged_at": alarm.acknowledged_at,
        "acknowledged_by": alarm.acknowledged_by or None,
        "note": alarm.note or None,
        "id": alarm.id,
    }


def report_row(content: SitrepContent) -> Row:
    """What the report says of itself."""
    return {
        "number": content.number,
        "city": content.city,
        "exercise": content.exercise,
        "since": content.since,
        "as_of": content.as_of,
        "timezone": content.timezone,
        "author": content.author,
        "assessment": content.assessment,
        "open_incidents": len(content.open_incidents),
        "people_affected": content.affected,
        "incidents_with_people_unknown": content.affected_unknown,
        "not_known": "\n".join(gap.sentence for gap in content.gaps),
        "digest": content.digest,
        "format": FORMAT,
    }


def tables_of(content: SitrepContent) -> dict[str, Table]:
    """Incidents, sensors with their newest reading, alarms, and the report itself, by name."""
    return {
        "incidents": _table(
            [incident_row(line) for line in content.incidents],
            [line.incident.place for line in content.incidents],
        ),
        "sensors": _table(
            [sensor_row(line) for line in content.sensors], [line.sensor.place for line in content.sensors]
        ),
        "alarms": _table(
            [alarm_row(line) for line in content.alarms], [line.sensor.place for line in content.alarms]
        ),
        "report": Table(None, _columns([report_row(content)])),
    }


def _table(rows: list[Row], places: Sequence[BaseGeometry | None]) -> Table:
    geometry = np.empty(len(places), object)
    geometry[:] = places
    return Table(geometry, _columns(rows))


def _columns(rows: list[Row]) -> dict[str, list[Any]]:
    return {column: [row[column] for row in rows] for column in rows[0]} if rows else {}


def features_of(content: SitrepContent) -> list[Feature]:
    """Incidents and sensors in one list; `feature` says which is which."""
    incidents = [
        Feature(line.incident.id, line.incident.place, {"feature": "incident"} | incident_row(line))
        for line in content.incidents
    ]
    sensors = [
        Feature(line.sensor.id, line.sensor.place, {"feature": "sensor"} | sensor_row(line))
        for line in content.sensors
    ]
    return incidents + sensors
