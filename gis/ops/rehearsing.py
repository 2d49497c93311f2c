"""An event that was recorded here, and rules held against it: what would have rung, and what truly was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from gis.geo.measure import distance_m
from gis.model.incident import Incident
from gis.model.sensor import Alarm, AlarmRule, Condition, Sensor
from gis.progress import Progress
from gis.sensors.feeds.strict import moment
from gis.sensors.logic import logics
from gis.sensors.rehearsal import Compared, Label, compared, rehearse
from gis.sensors.tables import rows, wrong_line
from gis.store import Query
from gis.store.query import From
from gis.store.questions import Ringing
from gis.texts import _

NEAR_M = 3_000.0  # so near a gauge should have told of an incident
LABEL_COLUMNS = ("begin", "end")
LABEL_MORE = ("key", "name")


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch of time to rehearse (UTC), and what truly was in it; None when nobody said."""

    begin: datetime
    end: datetime
    labels: Sequence[Label] | None = None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What rules would have done in an event: `rang` by time, each with its sensor and rule."""

    event: Event
    rang: Sequence[Ringing]
    compared: Compared | None

    @property
    def alarms(self) -> list[Alarm]:
        return [each.alarm for each in self.rang]


def rehearsed(
    query: Query, event: Event, progress: Progress, rules: Sequence[AlarmRule] | None = None
) -> Rehearsed:
    """These rules, or those that are set now with their conditions, over the readings of an event.

    Readings keep the doubts they came with. Only what began to ring within the event counts. Raises
    `Cancelled`, and `UserError` when readings are damaged.
    """
    sensors = {sensor.id: sensor for sensor in query.find(Sensor)}
    ruled = query.find(AlarmRule) if rules is None else rules
    held = logics(ruled, query.find(Condition) if rules is None else (), sensors)
    looked = sorted({sensor_id for logic in held for sensor_id in logic.sensors})
    reach = timedelta(microseconds=max((logic.reach_us for logic in held), default=0))
    readings = {}
    for number, sensor_id in enumerate(looked):
        progress.step(number, len(looked), _("Reading what was recorded"))
        readings[sensor_id] = query.series(sensor_id, event.begin - reach, event.end)
    by_id = {logic.rule.id: logic for logic in held}
    rang = [
        Ringing(alarm, sensors[alarm.sensor_id], by_id[alarm.rule_id].rule)
        for alarm in rehearse(held, readings, event.end, progress)
        if alarm.raised_at is not None and alarm.raised_at >= event.begin
    ]
    labels = event.labels
    against = None if labels is None else compared([each.alarm for each in rang], labels)
    return Rehearsed(event, rang, against)


def incidents_as_labels(query: Query, code: str, begin: datetime, end: datetime) -> list[Label]:
    """The incidents of one kind reported in a stretch of time, as what truly was: from the report to
    the close, told of by gauges within `NEAR_M`; by any where none is near, or nobody knows where it was."""
    sensors = [sensor for sensor in query.find(Sensor) if not sensor.place.is_empty]
    at = np.array([(each.place.x, each.place.y) for each in sensors]).reshape(-1, 2)
    return [
        Label(
            incident.reported_at,
            min(incident.closed_at or end, end),
            _near(incident, sensors, at),
            incident.number,
        )
        for incident in query.find(Incident, reported_at=From(begin))
        if incident.code == code and incident.reported_at <= end
    ]


def _near(incident: Incident, sensors: Sequence[Sensor], at: np.ndarray) -> frozenset[str] | None:
    if incident.place is None or incident.place.is_empty or not sensors:
        return None
    inside = incident.place.representative_point()
    metres = distance_m(np.array([inside.x, inside.y]), at)
    return frozenset(sensors[n].id for n in np.flatnonzero(metres <= NEAR_M).tolist()) or None


def read_labels(path: Path, sensors: Sequence[Sensor], zone: ZoneInfo) -> list[Label]:
    """What truly was, from a table: begin, end, and where it has them key (of an instrument; empty: any) and
    name. Times without an offset are of `zone`. Raises `UserError`, naming the line that is not whole."""
    by_key = {sensor.key: sensor.id for sensor in sensors}
    found: list[Label] = []
    for line, row in rows(path, LABEL_COLUMNS, more=LABEL_MORE):
        with wrong_line(path, line):
            begin, end = moment(row["begin"], zone), moment(row["end"], zone)
            if end < begin:
                raise ValueError(_("It ends before it begins."))
            key = row.get("key", "")
            if key and key not in by_key:
                raise ValueError(_("There is no instrument {key}.").format(key=key))
            told_by = frozenset({by_key[key]}) if key else None
            found.append(Label(begin, end, told_by, row.get("name", "") or f"{path.name}:{line}"))
    return found
