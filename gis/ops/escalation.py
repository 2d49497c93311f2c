"""Alarms that nobody has acknowledged in time are passed on to somebody else, once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gis.model.sensor import Alarm, AlarmRule, Suppression
from gis.model.withheld import ends_at, holds
from gis.store import Query, Tx


@dataclass(frozen=True, slots=True)
class Overdue:
    """An alarm that its rule passes on, and since when (UTC) it should have been acknowledged."""

    alarm: Alarm
    rule: AlarmRule
    at: datetime


def overdue(
    alarms: Iterable[Alarm], rules: Mapping[str, AlarmRule], kept: Sequence[Suppression], now: datetime
) -> list[Overdue]:
    """Those of the alarms that are to be passed on at `now` and have not been, in the order in which they
    came to be.

    `rules` by id, `kept` what keeps or kept alarms from ringing. What is shelved, suppressed by design or out
    of service waits for nobody; its time begins when it rings again.
    """
    found = [
        Overdue(alarm, rule, at)
        for alarm in alarms
        if (rule := rules.get(alarm.rule_id)) is not None and (at := _due(alarm, rule, kept, now)) is not None
    ]
    return sorted((each for each in found if each.at <= now), key=lambda each: (each.at, each.alarm.id))


def escalate(tx: Tx, to: str) -> list[Alarm]:
    """Note of every overdue alarm whose rule passes it on `to` somebody that it has been; returns those.

    What is noted is when it was due: two desks that both note it say the same, and the second changes
    nothing. The log tells when it was noted.
    """
    found = [each for each in due(tx) if each.rule.escalate_to == to]
    return tx.put_all([replace(each.alarm, escalated_at=each.at) for each in found])


def due(query: Query) -> list[Overdue]:
    """What is overdue at the moment that is looked at."""
    waiting = query.find(Alarm, acknowledged_at=None, escalated_at=None)
    rules = {rule.id: rule for rule in query.find(AlarmRule, void=None) if rule.escalate_s > 0}
    if not waiting or not rules:
        return []
    return overdue(waiting, rules, query.find(Suppression), query.at)


def _due(alarm: Alarm, rule: AlarmRule, kept: Sequence[Suppression], now: datetime) -> datetime | None:
    """When it is to be passed on; None: not at all, or not while it is as it is."""
    if alarm.raised_at is None or not alarm.needs_attention or alarm.escalated_at is not None:
        return None
    own = [each for each in kept if rule.id == each.rule_id or rule.sensor_id == each.sensor_id]
    if rule.escalate_s <= 0 or any(holds(each, rule.severity, now) for each in own):
        return None
    ends = [end for each in own if (end := _end(each, rule)) is not None and end <= now]
    return max([alarm.raised_at, *ends]) + timedelta(seconds=rule.escalate_s)


def _end(kept: Suppression, rule: AlarmRule) -> datetime | None:
    """When it ended, or will end by itself."""
    by_itself = ends_at(kept, rule.severity)
    return min((each for each in (kept.ended_at, by_itself) if each is not None), default=None)
