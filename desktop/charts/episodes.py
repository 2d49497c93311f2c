"""Stretches of time that a chart marks: what rang, what somebody withheld, what a limit would have done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gis.model.incident import Severity
from gis.model.sensor import Alarm, AlarmRule, Suppression, Withholding
from gis.texts import _
from gis.words.terms import limit_words


class Kind(Enum):
    """What a stretch of time was."""

    PENDING = "pending"  # over the limit, not ringing yet
    RUNG = "rung"  # and nobody had put a name to it
    ACKNOWLEDGED = "acknowledged"
    SUPPRESSED = "suppressed by design"
    SHELVED = "shelved"
    OUT_OF_SERVICE = "out of service"
    WOULD = "would have rung"  # by a limit that is tried out
    SILENT = "silent"  # no readings


@dataclass(frozen=True, slots=True)
class Episode:
    """From `start` to `end` (UTC), in words of one line, and how grave it was."""

    start: datetime
    end: datetime
    label: str
    kind: Kind
    severity: Severity = Severity.UNKNOWN


def episodes(
    alarms: Iterable[Alarm],
    rules: Iterable[AlarmRule],
    withheld: Iterable[Suppression],
    now: datetime,
) -> list[Episode]:
    """What alarms and withholdings were, up to `now` (UTC), by when they began.

    The parts of one alarm touch and do not overlap. What somebody withheld reaches as far as it will.
    """
    names = {rule.id: limit_words(rule) for rule in rules}
    found = [part for alarm in alarms if not alarm.void for part in _parts(alarm, names, now)]
    found += [_withholding(each, names, now) for each in withheld if not each.void]
    return sorted((each for each in found if each.end > each.start), key=lambda each: each.start)


def _parts(alarm: Alarm, names: Mapping[str, str], now: datetime) -> list[Episode]:
    limit, end = names.get(alarm.rule_id, _("a limit")), max(_end(alarm) or now, alarm.since)
    rang = min(max(alarm.raised_at or end, alarm.since), end)
    acked = min(max(alarm.acknowledged_at or end, rang), end)

    def part(start: datetime, stop: datetime, words: str, kind: Kind) -> Episode:
        said = words.format(limit=limit, name=alarm.acknowledged_by)
        return Episode(start, stop, said, kind, alarm.severity)

    waited = part(alarm.since, rang, _("{limit}: not long enough to ring"), Kind.PENDING)
    if alarm.suppressed:
        return [waited, part(rang, end, _("{limit}: suppressed by design"), Kind.SUPPRESSED)]
    return [
        waited,
        part(rang, acked, _("{limit}: rang"), Kind.RUNG),
        part(acked, end, _("{limit}: acknowledged by {name}"), Kind.ACKNOWLEDGED),
    ]


def _end(alarm: Alarm) -> datetime | None:
    if alarm.latch and alarm.returned_at is not None:
        return alarm.reset_at and max(alarm.reset_at, alarm.returned_at)
    return alarm.returned_at


def _withholding(each: Suppression, names: Mapping[str, str], now: datetime) -> Episode:
    ends = [end for end in (each.until, each.ended_at) if end is not None]
    if each.why is Withholding.SHELVED:
        kind, words = Kind.SHELVED, _("shelved by {name}: {reason}")
    else:
        kind, words = Kind.OUT_OF_SERVICE, _("out of service, by {name}: {reason}")
    said = words.format(name=each.by, reason=each.reason)
    limit = names.get(each.rule_id or "", "")
    return Episode(each.since, min(ends, default=now), f"{limit}: {said}" if limit else said, kind)
