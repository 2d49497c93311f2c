"""Alarms about what does not come: an instrument that has not reported for as long as its rule allows."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from gis.model.record import to_us
from gis.model.sensor import Alarm, AlarmRule, Condition, Measure, Sensor
from gis.sensors.alarms import course
from gis.sensors.logic import Logic, logics
from gis.sensors.measures import measured
from gis.store import Query, Tx
from gis.store.readings.chunks import Series


@dataclass(frozen=True, slots=True)
class Unheard:
    """A rule about silence whose time has come, and since when (UTC) nothing was heard."""

    logic: Logic
    since: datetime

    @property
    def due(self) -> datetime:
        """When it was silent for as long as the rule allows."""
        return self.since + timedelta(minutes=self.logic.rule.raise_at)


def unheard(query: Query, listening_since: datetime) -> list[Unheard]:
    """Rules about silence that are to ring now and do not yet, of instruments that have ever reported.

    Nobody listened before `listening_since` (UTC): a desk that was closed all night has not heard that the
    gauges are silent. A rule that waits `hold_s` beyond its minutes waits.
    """
    rules = query.find(AlarmRule, measure=Measure.SILENCE)
    if not rules:
        return []
    standing = {alarm.rule_id for alarm in query.find(Alarm, returned_at=None)}
    sensors = {sensor.id: sensor for sensor in query.find(Sensor)}
    latest = query.latest()
    found: list[Unheard] = []
    for logic in logics(rules, query.find(Condition), sensors):
        last = latest.get(logic.rule.sensor_id)
        if last is None or logic.rule.id in standing:
            continue
        each = Unheard(logic, max(last.at, listening_since))
        if each.due + timedelta(seconds=logic.rule.hold_s) <= query.at:
            found.append(each)
    return found


def note_unheard(tx: Tx, listening_since: datetime) -> list[Alarm]:
    """Raise the alarms of what is `unheard`; each returns with the next report (`readings.ingest`).

    What must hold beside the silence holds by the readings stored; while a rule is not enabled its alarm is
    suppressed by design.
    """
    raised: list[Alarm] = []
    for each in unheard(tx, listening_since):
        holds, enabled = _narrowed(tx, each.logic)
        if holds:
            raised.append(_alarm(each, tx.at, enabled=enabled))
    return tx.put_all(raised)


def _alarm(each: Unheard, at: datetime, *, enabled: bool) -> Alarm:
    rule = each.logic.rule
    return Alarm(
        rule_id=rule.id,
        sensor_id=rule.sensor_id,
        severity=rule.severity,
        since=each.due,
        peak=(at - each.since) / timedelta(minutes=1),
        raised_at=at if enabled else None,
        latch=rule.latch,
        suppressed=not enabled,
    )


def _narrowed(tx: Tx, logic: Logic) -> tuple[bool, bool]:
    """Do its conditions hold now: those that are part of it, and those that enable it?"""
    if not logic.terms:
        return True, True
    began_us = to_us(tx.at) - logic.reach_us
    stored = tx.sight.after(dict.fromkeys(logic.sensors, began_us))
    terms = [(each, measured(gauging, stored[gauging.sensor.id])) for each, gauging in logic.terms]
    silent = Series(np.array([began_us]), np.zeros(1), np.zeros(1, np.uint8))
    seen = course(replace(logic.rule, raise_at=0.0), silent, terms)  # by itself over: the others decide
    return bool(seen.over[-1]), bool(seen.enabled[-1])
