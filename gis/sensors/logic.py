"""The whole logic of a rule: its own limit and what must hold beside it, over all their readings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gis.model.record import Quality
from gis.model.sensor import AlarmRule, Condition, Measure, Sensor
from gis.sensors.alarms import Course, course
from gis.sensors.measures import Gauging, measured
from gis.store.readings.chunks import EMPTY, Series

_SECOND_US = 1_000_000
_KNOWN_S = 6 * 3_600  # so long at least the last good report of a condition's sensor holds


@dataclass(frozen=True, slots=True)
class Logic:
    """A rule, how its own measure is taken, and each of its conditions with how that one's is."""

    rule: AlarmRule
    own: Gauging
    terms: tuple[tuple[Condition, Gauging], ...] = ()

    @property
    def is_plain(self) -> bool:
        """True when each reading of its sensor is decided about by itself and by how the alarm stood."""
        rule = self.rule
        return (
            rule.measure is Measure.VALUE
            and not (self.terms or rule.off_s or rule.falling)
            and rule.count <= 1
        )

    @property
    def sensors(self) -> frozenset[str]:
        """The ids of all it looks at."""
        return frozenset(gauging.sensor.id for gauging in self.gaugings())

    def gaugings(self) -> Iterator[Gauging]:
        yield self.own
        yield from (gauging for _condition, gauging in self.terms)

    @property
    def reach_us(self) -> int:
        """How far before an instant readings are needed to decide about it while no alarm stands."""
        lasting = self.rule.off_s + self.rule.count * self.own.sensor.expected_every_s
        known = _KNOWN_S * _SECOND_US if self.terms else 0
        return max(known, *(gauging.reach_us for gauging in self.gaugings())) + lasting * _SECOND_US

    def course(self, readings: Mapping[str, Series]) -> Course:
        """What the rule sees of the readings of its sensors, each by time and value; not of those whose time
        is in doubt."""
        seen = [(gauging, _timely(readings.get(gauging.sensor.id, EMPTY))) for gauging in self.gaugings()]
        own, *others = (measured(gauging, series) for gauging, series in seen)
        conditions = (condition for condition, _gauging in self.terms)
        return course(self.rule, own, [*zip(conditions, others, strict=True)])


def _timely(series: Series) -> Series:
    wrong = series.quality & int(Quality.CLOCK)
    return series.take(wrong == 0) if wrong.any() else series


def logics(
    rules: Iterable[AlarmRule], conditions: Iterable[Condition], sensors: Mapping[str, Sensor]
) -> list[Logic]:
    """The logic of each rule whose sensor is known, in their order. A condition on a sensor that is not
    known says nothing."""
    narrowed: dict[str, list[Condition]] = {}
    for condition in conditions:
        if condition.sensor_id in sensors and not condition.void:
            narrowed.setdefault(condition.rule_id, []).append(condition)
    return [
        Logic(
            rule,
            Gauging(sensors[rule.sensor_id], rule.measure, rule.window_s),
            _terms(narrowed.get(rule.id, ()), sensors),
        )
        for rule in rules
        if rule.sensor_id in sensors
    ]


def _terms(
    conditions: Sequence[Condition], sensors: Mapping[str, Sensor]
) -> tuple[tuple[Condition, Gauging], ...]:
    return tuple((each, Gauging(sensors[each.sensor_id], each.measure, each.window_s)) for each in conditions)
