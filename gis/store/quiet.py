"""What is kept from ringing, whether or not there is an alarm behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.model.sensor import AlarmRule, AlarmState, Sensor, Suppression
from gis.model.withheld import Withheld, ends_at
from gis.store.query import From, Query
from gis.store.questions import Ringing, withheld

_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A shelved limit, an instrument out of service (`rule` is None), or an alarm whose enabling conditions
    do not hold (`kept` is None). `ringing` are the alarms that it keeps quiet, worst first: often none."""

    state: AlarmState
    sensor: Sensor
    rule: AlarmRule | None
    kept: Suppression | None
    ringing: tuple[Ringing, ...]

    @property
    def ends_at(self) -> datetime | None:
        """When it ends by itself (UTC); None when only somebody or the process ends it."""
        if self.kept is None:
            return None
        return self.kept.until if self.rule is None else ends_at(self.kept, self.rule.severity)


def kept_quiet(query: Query, standing: Sequence[Ringing]) -> list[Quiet]:
    """All that is kept from ringing at the moment of this look; `standing` are its `standing_alarms`.

    What is shelved comes first, then instruments out of service, then what is so by design; each by what
    ends first.
    """
    kept = withheld(query)
    return [*_shelved(query, kept, standing), *_out_of_service(query, kept, standing), *_by_design(standing)]


def _shelved(query: Query, kept: Withheld, standing: Sequence[Ringing]) -> list[Quiet]:
    rules = query.known_all(AlarmRule, list(dict.fromkeys(each.rule_id for each in kept.all if each.rule_id)))
    sensors = query.known_all(Sensor, list({rule.sensor_id for rule in rules.values()}))
    found: list[Quiet] = []
    for rule in rules.values():
        shelves, sensor = kept.shelves(rule), sensors.get(rule.sensor_id)
        if sensor is None or not shelves:
            continue
        own = [r for r in standing if r.rule.id == rule.id and r.state is AlarmState.SHELVED]
        if own or not (rule.void or sensor.void):
            last = max(shelves, key=lambda each: ends_at(each, rule.severity) or each.since)
            found.append(Quiet(AlarmState.SHELVED, sensor, rule, last, tuple(own)))
    return sorted(found, key=_ending)


def _out_of_service(query: Query, kept: Withheld, standing: Sequence[Ringing]) -> list[Quiet]:
    named = dict.fromkeys(each.sensor_id for each in kept.all if each.sensor_id)
    found: list[Quiet] = []
    for sensor in query.known_all(Sensor, [*named]).values():
        out = kept.out_of_service(sensor.id)
        own = [r for r in standing if r.sensor.id == sensor.id and r.state is AlarmState.OUT_OF_SERVICE]
        if out and (own or not sensor.void):
            last = max(out, key=lambda each: (each.until is None, each.until or each.since))
            found.append(Quiet(AlarmState.OUT_OF_SERVICE, sensor, None, last, tuple(own)))
    return sorted(found, key=_ending)


def _by_design(standing: Sequence[Ringing]) -> list[Quiet]:
    own = [r for r in standing if r.state is AlarmState.SUPPRESSED]
    return [Quiet(AlarmState.SUPPRESSED, r.sensor, r.rule, None, (r,)) for r in own]


def _ending(quiet: Quiet) -> tuple[bool, float, str]:
    end = quiet.ends_at
    return end is None, end.timestamp() if end else 0.0, quiet.sensor.name


def last_reasons(query: Query, count: int) -> list[str]:
    """Why something was kept from ringing lately, newest first and each once: to be offered again."""
    found = query.find(Suppression, void=None, since=From(query.at - _LATELY))
    newest = sorted(found, key=lambda each: each.since, reverse=True)
    return [*dict.fromkeys(each.reason for each in newest)][:count]
