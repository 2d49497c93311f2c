"""Named reads: what a desk keeps asking."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

from gis.model.incident import Incident
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Sensor, Suppression
from gis.model.withheld import Withheld, state_of
from gis.store.journal.edit import Edit, body_of
from gis.store.query import From, Query

_EVER = From(datetime(1970, 1, 1, tzinfo=UTC))
MISSED = 3  # a sensor is silent after this many reports did not come


@dataclass(frozen=True, slots=True)
class Level:
    """A sensor, what it said last, and the worst limit that value is over.

    `over` is None while the value is normal, or too doubtful to say.
    """

    sensor: Sensor
    reading: Reading | None
    over: AlarmRule | None

    def is_silent(self, now: datetime) -> bool:
        """True when it has missed three reports, or never made one."""
        if self.reading is None:
            return True
        return now - self.reading.at > timedelta(seconds=MISSED * self.sensor.expected_every_s)


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm with the sensor and the rule it comes from, and what people keep it from ringing by."""

    alarm: Alarm
    sensor: Sensor
    rule: AlarmRule
    kept: Suppression | None = None

    @property
    def state(self) -> AlarmState:
        """As it is told to people: shelved or out of service before its own."""
        return state_of(self.alarm, self.kept)

    @property
    def waits(self) -> bool:
        """True while it rings: nobody has put a name to it, and nothing keeps it quiet."""
        return self.kept is None and self.alarm.needs_attention

    @property
    def is_quiet(self) -> bool:
        """True while it is shelved, out of service or suppressed by design."""
        return self.state in (AlarmState.SHELVED, AlarmState.OUT_OF_SERVICE, AlarmState.SUPPRESSED)


def open_incidents(query: Query) -> list[Incident]:
    """Worst first, then newest."""
    found = [i for i in query.find(Incident, closed_at=None)]
    return sorted(found, key=lambda i: (i.severity.priority, -i.reported_at.timestamp()))


def levels(query: Query) -> list[Level]:
    """Every sensor with its latest value, by name."""
    return levels_of(query, query.find(Sensor), query.find(AlarmRule))


def levels_of(query: Query, sensors: Sequence[Sensor], rules: Sequence[AlarmRule]) -> list[Level]:
    """These sensors with their latest values, by name; `rules` are those of all of them."""
    own: dict[str, list[AlarmRule]] = {}
    for rule in rules:
        own.setdefault(rule.sensor_id, []).append(rule)
    latest = query.latest()
    found = [_level(s, latest.get(s.id), own.get(s.id, [])) for s in sensors]
    return sorted(found, key=lambda level: level.sensor.name)


def _level(sensor: Sensor, reading: Reading | None, rules: list[AlarmRule]) -> Level:
    value = reading.value if reading is not None and not reading.quality else -inf
    over = [rule for rule in rules if value >= rule.raise_at]
    return Level(sensor, reading, min(over, key=lambda rule: rule.severity.priority, default=None))


def standing_alarms(query: Query) -> list[Ringing]:
    """Alarms still in the list: those that wait for a name first, then the others, then what is kept quiet;
    each worst first, of one priority the city before its instruments, then newest."""
    return standing_of(query, query.find(Sensor, void=None), query.find(AlarmRule, void=None))


def standing_of(query: Query, known: Sequence[Sensor], ruled: Sequence[AlarmRule]) -> list[Ringing]:
    """The same, of all sensors and rules, struck-out ones too."""
    sensors = {sensor.id: sensor for sensor in known}
    rules = {rule.id: rule for rule in ruled}
    kept = withheld(query)
    hidden = (AlarmState.PENDING, AlarmState.NORMAL)
    found = [
        Ringing(alarm, sensors[alarm.sensor_id], rules[alarm.rule_id], kept.on(rules[alarm.rule_id]))
        for alarm in _unfinished(query)
        if alarm.state not in hidden and alarm.sensor_id in sensors and alarm.rule_id in rules
    ]
    return sorted(found, key=_urgency)


def _unfinished(query: Query) -> Iterable[Alarm]:
    """Every alarm that may stand: each of the three is found without reading those of the past."""
    found = [
        *query.find(Alarm, acknowledged_at=None, raised_at=_EVER),
        *query.find(Alarm, returned_at=None),
        *query.find(Alarm, latch=True, reset_at=None),
    ]
    return {alarm.id: alarm for alarm in found}.values()


def withheld(query: Query) -> Withheld:
    """What people keep from ringing at the moment of this look."""
    ending = query.find(Suppression, until=From(query.at))
    return Withheld.of([*ending, *query.find(Suppression, until=None, ended_at=None)], query.at)


def rung_since(query: Query, begin: datetime) -> list[Ringing]:
    """Alarms that began to ring at `begin` (UTC) or later, and all that have not returned, in no order; of
    sensors and rules that were struck out, too."""
    sensors = {sensor.id: sensor for sensor in query.find(Sensor, void=None)}
    rules = {rule.id: rule for rule in query.find(AlarmRule, void=None)}
    found = [*query.find(Alarm, raised_at=From(begin)), *query.find(Alarm, returned_at=None)]
    once = {alarm.id: alarm for alarm in found}.values()
    return [
        Ringing(alarm, sensors[alarm.sensor_id], rules[alarm.rule_id])
        for alarm in once
        if alarm.sensor_id in sensors and alarm.rule_id in rules
    ]


def _urgency(ringing: Ringing) -> tuple[bool, bool, int, bool, float]:
    alarm = ringing.alarm
    begun, trouble = alarm.raised_at or alarm.since, ringing.rule.measure.of_trouble
    return ringing.is_quiet, not ringing.waits, alarm.severity.priority, trouble, -begun.timestamp()


def shared_numbers(query: Query, numbers: Collection[str] | None = None) -> dict[str, list[Incident]]:
    """Those of these numbers that more than one incident carries, and who carries them; without `numbers` of
    all that were ever given, which reads the whole index of them."""
    carrying: dict[str, list[Incident]] = {}
    for incident in query.carrying(query.repeated_numbers(numbers)):
        carrying.setdefault(incident.number, []).append(incident)
    return {number: found for number, found in carrying.items() if len(found) > 1}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of one record that desks gave different values; `values[0]` is shown meanwhile."""

    kind: str
    record_id: str
    field: str
    values: tuple[Edit, ...]


def conflicts(query: Query) -> list[Conflict]:
    """What people still have to decide. The same value given twice is no conflict."""
    return [
        Conflict(edits[0].kind, record_id, field, tuple(edits))
        for kind, record_id in query.disputed()
        for field, edits in query.standing(kind, record_id).items()
        if len({body_of({"value": edit.value}) for edit in edits}) > 1
    ]
