"""Which alarms people keep from ringing at an instant, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.model.incident import Severity
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Suppression, Withholding

LONGEST = timedelta(hours=12)  # that anything is shelved: no longer than a shift
LONGEST_EXTREME = timedelta(minutes=30)  # that what is of priority 1 is

_STATES = {
    Withholding.SHELVED: AlarmState.SHELVED,
    Withholding.OUT_OF_SERVICE: AlarmState.OUT_OF_SERVICE,
}


def longest(severity: Severity) -> timedelta:
    """How long an alarm of this severity may be shelved at most."""
    return LONGEST_EXTREME if severity is Severity.EXTREME else LONGEST


def ends_at(kept: Suppression, severity: Severity) -> datetime | None:
    """When it ends by itself (UTC); None for what is out of service until somebody ends it.

    A shelf has an end, and one no later than its severity allows, whatever another desk has written.
    """
    if kept.why is Withholding.OUT_OF_SERVICE:
        return kept.until
    last = kept.since + longest(severity)
    return last if kept.until is None else min(kept.until, last)


def holds(kept: Suppression, severity: Severity, at: datetime) -> bool:
    """True while it keeps alarms of this severity from ringing."""
    end = ends_at(kept, severity)
    return kept.holds(at) and (end is None or at < end)


def state_of(alarm: Alarm | None, kept: Suppression | None) -> AlarmState:
    """The state in which an alarm is told to people; of a limit without an alarm, that of the limit."""
    if kept is not None:
        return _STATES[kept.why]
    return AlarmState.NORMAL if alarm is None else alarm.state


@dataclass(frozen=True, slots=True)
class Withheld:
    """The suppressions of an instant (UTC), asked by limit. Two of one limit are no more than the longer."""

    at: datetime
    all: tuple[Suppression, ...] = ()

    @staticmethod
    def of(found: Iterable[Suppression], at: datetime) -> "Withheld":
        return Withheld(at, tuple(each for each in found if each.holds(at)))

    def shelves(self, rule: AlarmRule) -> list[Suppression]:
        """Those that shelve this limit and no other."""
        own = [each for each in self.all if each.rule_id == rule.id and each.why is Withholding.SHELVED]
        return [each for each in own if holds(each, rule.severity, self.at)]

    def out_of_service(self, sensor_id: str) -> list[Suppression]:
        """Those that keep all alarms of this sensor from ringing."""
        out = (each for each in self.all if each.why is Withholding.OUT_OF_SERVICE)
        return [each for each in out if each.sensor_id == sensor_id]

    def on(self, rule: AlarmRule) -> Suppression | None:
        """What keeps a limit's alarms from ringing: its instrument out of service, else the shelf that lasts
        longest."""
        out = self.out_of_service(rule.sensor_id)
        if out:
            return max(out, key=lambda each: (each.until is None, each.until or each.since))
        return max(self.shelves(rule), key=lambda each: ends_at(each, rule.severity) or self.at, default=None)
