"""How much the alarms of a stretch of time asked of the one who hears them. Pure.

Words and bounds after ISA-18.2 / IEC 62682 and EEMUA 191, of one operator: about one alarm in ten minutes
can be dealt with, two can be managed; more than ten in ten minutes are a flood, which is over once there are
fewer than five.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.model.incident import Severity
from gis.model.record import to_us
from gis.model.sensor import Alarm

WINDOW = timedelta(minutes=10)
WELL, MANAGEABLE = 1.0, 2.0  # alarms in a window, on average
FLOOD_OVER, FLOOD_UNDER = 10, 5  # alarms in a window that begin a flood; that end one
FLOOD_SHARE = 0.01  # of the time, at most
CHATTER, CHATTER_WITHIN = 3, timedelta(minutes=1)
STALE_AFTER, STALE_MOST = timedelta(hours=24), 5
WORST, WORST_SHARE = 10, 0.05  # the ten limits that ring most, of all alarms
SHARES = {Severity.EXTREME: 0.05, Severity.SEVERE: 0.15}  # of all alarms, at most
_WINDOW_US = WINDOW // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class AlarmLoad:
    """Of the alarms that rang from `begin` to before `end` (UTC).

    `counts` (n,): how many in each ten minutes from `begin`, the last perhaps cut short. `most`: how many in
    any ten minutes. `flood`: how long there was a flood. `by_severity`: how many of each. `chattering`: rules
    that rang three times within a minute. `stale`: alarms that have stood for over a day at `end`. `worst`:
    up to ten rules with how often each rang, most often first.
    """

    begin: datetime
    end: datetime
    counts: NDArray[np.int64]
    most: int
    flood: timedelta
    by_severity: Mapping[Severity, int]
    chattering: tuple[str, ...]
    stale: tuple[Alarm, ...]
    worst: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def average(self) -> float:
        """Alarms in ten minutes."""
        return self.total * (WINDOW / (self.end - self.begin))

    @property
    def flood_share(self) -> float:
        return self.flood / (self.end - self.begin)

    @property
    def worst_share(self) -> float:
        """What part of all alarms the ten worst rules rang."""
        return sum(count for _rule, count in self.worst) / self.total if self.total else 0.0

    def share(self, severity: Severity) -> float:
        """What part of all alarms was of a severity."""
        return self.by_severity.get(severity, 0) / self.total if self.total else 0.0


def load(alarms: Sequence[Alarm], begin: datetime, end: datetime) -> AlarmLoad:
    """The load between two instants (UTC, `begin` before `end`).

    `alarms` in any order: those that rang from an hour before `begin` on, so that a flood that was going on
    then is known, and those that stand. Those that never rang, or rang at `end` or later, do not count.
    """
    rang = sorted(
        (alarm.raised_at, alarm.rule_id, alarm.severity)
        for alarm in alarms
        if alarm.raised_at is not None and alarm.raised_at < end
    )
    at_us = np.array([to_us(at) for at, _rule, _severity in rang], np.int64)
    first = int(np.searchsorted(at_us, to_us(begin)))
    whole = -(-(to_us(end) - to_us(begin)) // _WINDOW_US)
    heard = rang[first:]
    rules = Counter(rule for _at, rule, _severity in heard)
    most, flood = _most_and_flood(at_us, to_us(begin), to_us(end))
    return AlarmLoad(
        begin,
        end,
        np.bincount((at_us[first:] - to_us(begin)) // _WINDOW_US, minlength=whole),
        most,
        flood,
        Counter(severity for _at, _rule, severity in heard),
        _chattering(at_us[first:], [rule for _at, rule, _severity in heard]),
        tuple(alarm for alarm in alarms if _is_stale(alarm, end)),
        tuple(sorted(rules.items(), key=lambda each: (-each[1], each[0]))[:WORST]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How many alarms there were to hear of, each for ten minutes from when it rang: from `at_us[n]` on
    (microseconds UTC, rising) `sounding[n]` of them, and whether that was within a flood."""

    at_us: NDArray[np.int64]
    sounding: NDArray[np.int64]
    flooded: NDArray[np.bool_]


def course(rang_us: NDArray[np.int64]) -> Course:
    """Of alarms that rang at these instants, in any order. A flood begins and ends as ISA-18.2 has it; before
    the first instant there is none."""
    changes = np.concatenate((rang_us, rang_us + _WINDOW_US))
    order = np.argsort(changes, kind="stable")
    changes = changes[order]
    sounding = np.cumsum(np.where(order < len(rang_us), 1, -1))
    last = np.append(changes[1:] != changes[:-1], True)[: len(changes)]  # of what happens at one instant
    changes, sounding = changes[last], sounding[last]
    told = np.where(sounding > FLOOD_OVER, 1, np.where(sounding < FLOOD_UNDER, -1, 0))
    latest = np.maximum.accumulate(np.where(told != 0, np.arange(len(told)), -1))
    return Course(changes, sounding, (latest >= 0) & (told[latest] > 0))


def _most_and_flood(rang_us: NDArray[np.int64], begin: int, end: int) -> tuple[int, timedelta]:
    """How many at most were heard of between two instants, and how long there was a flood."""
    found = course(rang_us)
    lengths = np.diff(np.clip(np.append(found.at_us, end), begin, end))
    most = int(found.sounding[lengths > 0].max(initial=0))
    return most, timedelta(microseconds=int((lengths * found.flooded).sum()))


def _chattering(at_us: NDArray[np.int64], rules: Sequence[str]) -> tuple[str, ...]:
    names, which = np.unique(np.array(rules, object).astype(str), return_inverse=True)
    order = np.lexsort((at_us, which))
    which, at_us = which[order], at_us[order]
    reach = CHATTER - 1
    same = which[reach:] == which[:-reach]
    soon = at_us[reach:] - at_us[:-reach] <= CHATTER_WITHIN // timedelta(microseconds=1)
    return tuple(names[np.unique(which[reach:][same & soon])].tolist())


def _is_stale(alarm: Alarm, end: datetime) -> bool:
    standing = alarm.raised_at is not None and (alarm.returned_at is None or alarm.returned_at > end)
    return standing and alarm.raised_at is not None and end - alarm.raised_at > STALE_AFTER
