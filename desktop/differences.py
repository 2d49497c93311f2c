"""What changed since an instant, as lines a person reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gis.model.drawing import Drawing
from gis.model.incident import Incident, Note
from gis.model.record import Record
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.model.sitrep import Sitrep
from gis.store import Query
from gis.store.past import Difference, between
from gis.texts import _
from gis.words.terms import FIELDS, in_words, where_and_what

FOREVER = datetime.max.replace(tzinfo=UTC)
UNTOLD = frozenset({"closed_at", "alarm_id", "number", "void", "place", "reported_at", "status"})
LONGEST = 60  # characters of a value that has changed


@dataclass(frozen=True, slots=True)
class Line:
    """One record that is not as it was: in which way, what it is, and what was said before and after."""

    id: str
    kind: type[Record]
    way: str
    what: str
    incident_id: str = ""
    sensor_id: str = ""


def changed_since(query: Query) -> list[Line]:
    """What has changed since the moment of this look, incidents first."""
    sensors: dict[str, str] = {}
    for sensor in query.find(Sensor, void=None):
        sensors[sensor.id] = sensor.name
    lines = [_line(each, sensors) for each in between(query, query.at, FOREVER)]
    order = [Incident, Alarm, Note, Sitrep]
    return sorted(
        (line for line in lines if line is not None),
        key=lambda line: order.index(line.kind) if line.kind in order else len(order),
    )


def _line(difference: Difference, sensors: dict[str, str]) -> Line | None:
    after = difference.after
    match after:
        case Incident():
            return _incident(difference, after)
        case Alarm():
            name = sensors.get(after.sensor_id, "")
            return Line(after.id, Alarm, _alarm_way(difference, after), name, "", after.sensor_id)
        case Note():
            return Line(after.id, Note, _way(difference), after.text, after.incident_id or "")
        case Sensor():
            return Line(after.id, Sensor, _way(difference), after.name, "", after.id)
        case AlarmRule():
            return Line(after.id, AlarmRule, _way(difference), after.level, "", after.sensor_id)
        case Sitrep():
            words = _("report {number}").format(number=after.number)
            return Line(after.id, Sitrep, _way(difference), words)
        case Drawing():
            return Line(after.id, Drawing, _way(difference), after.title)
        case _:
            return None


def _incident(difference: Difference, after: Incident) -> Line:
    what = f"{after.number}  {where_and_what(after.where, after.text)}"
    told = [] if difference.before is None else _told(difference)
    return Line(after.id, Incident, _way(difference), "  ·  ".join([what, *told]), after.id)


def _told(difference: Difference) -> list[str]:
    """severity: Minor → Extreme"""
    old, new = difference.before, difference.after
    said = [
        f"{FIELDS.get(name, name)}: {_short(name, old)} → {_short(name, new)}"
        for name in sorted(difference.fields)
        if name not in UNTOLD
    ]
    if "status" in difference.fields and "closed_at" not in difference.fields:
        said.insert(0, f"{FIELDS['status']}: {_short('status', old)} → {_short('status', new)}")
    return [*said, _("moved on the map")] if "place" in difference.fields else said


def _short(name: str, record: Any) -> str:
    words = in_words(name, getattr(record, name))
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _way(difference: Difference) -> str:
    """New, closed, reopened, struck out, or changed."""
    before, after = difference.before, difference.after

    def turned(holds: Callable[[Any], bool]) -> bool:
        return holds(after) and (before is None or not holds(before))

    if turned(lambda record: record.void):
        return _("struck out")
    if isinstance(after, Incident) and turned(lambda record: record.closed_at is not None):
        return _("closed") if before is not None else _("new, closed")
    if before is None:
        return _("new")
    if before.void:
        return _("put back")
    if isinstance(before, Incident) and turned(lambda record: record.closed_at is None):
        return _("reopened")
    return _("changed")


def _alarm_way(difference: Difference, after: Alarm) -> str:
    if "returned_at" in difference.fields and after.returned_at is not None:
        return _("alarm over")
    if difference.before is None or ("raised_at" in difference.fields and after.raised_at is not None):
        return _("new alarm")
    if "acknowledged_at" in difference.fields:
        return _("ack {name}").format(name=after.acknowledged_by)
    return _("rose further")
