"""The alarms that stand, worded as a control room reads them."""

from dataclasses import dataclass
from datetime import datetime

from gis.model.sensor import Alarm, AlarmRule, AlarmState, Sensor
from gis.store import Query
from gis.store.questions import levels, standing_alarms
from gis.texts import _, ngettext
from gis.words.terms import figure, limit_words


@dataclass(frozen=True, slots=True)
class Standing:
    """One alarm with its instrument and limit; `value` is the newest reading, None once it has returned.

    `silent`: nothing has been heard for so long that the newest reading says nothing about now.
    """

    alarm: Alarm
    sensor: Sensor
    rule: AlarmRule
    value: float | None
    silent: bool = False

    @property
    def since(self) -> datetime:
        return self.alarm.raised_at or self.alarm.since

    @property
    def measured(self) -> str:
        """4.82 m: the newest value, or the worst one where it is over."""
        value = self.alarm.peak if self.value is None else self.value
        return f"{figure(value)} {self.sensor.unit}".rstrip()

    @property
    def now(self) -> str:
        """What is measured now; an old value is never told as if it were."""
        return _("silent") if self.silent else self.measured

    @property
    def limit(self) -> str:
        """Siaga 1 at 4.50"""
        return limit_words(self.rule)

    @property
    def what(self) -> str:
        """Kali 3  4.82 m, Siaga 1 at 4.50; of an alarm that is over: worst 4.91 m."""
        told = self.measured if self.value is not None else _("worst {value}").format(value=self.measured)
        return f"{self.sensor.name}  {told}, {self.limit}"

    @property
    def state(self) -> str:
        """The state as a word, with who took note."""
        match self.alarm.state:
            case AlarmState.UNACK:
                return _("UNACK")
            case AlarmState.RTN_UNACK:
                return _("RTN unack")
            case _:
                return _("ack {name}").format(name=initials(self.alarm.acknowledged_by))


@dataclass(frozen=True, slots=True)
class Situation:
    """What stands now, and how many instruments are heard from."""

    alarms: tuple[Standing, ...]
    heard: int
    fitted: int

    @property
    def waiting(self) -> list[Standing]:
        """The alarms nobody has put a name to, worst first."""
        return [line for line in self.alarms if line.alarm.needs_attention]

    @property
    def sensors(self) -> str:
        """42 of 42 sensors reporting."""
        if not self.fitted:
            return _("No sensors are set up.")
        return ngettext(
            "{heard} of {fitted} sensor reporting.", "{heard} of {fitted} sensors reporting.", self.fitted
        ).format(heard=self.heard, fitted=self.fitted)


def situation(query: Query) -> Situation:
    """What stands: unacknowledged first, then worst, then newest."""
    now = {level.sensor.id: level for level in levels(query)}
    lines: list[Standing] = []
    for ringing in standing_alarms(query):
        level = now.get(ringing.sensor.id)
        fresh = level.reading if level is not None and ringing.alarm.returned_at is None else None
        value = None if fresh is None else fresh.value
        silent = value is not None and level is not None and level.is_silent(query.at)
        lines.append(Standing(ringing.alarm, ringing.sensor, ringing.rule, value, silent))
    heard = sum(1 for level in now.values() if not level.is_silent(query.at))
    return Situation(tuple(lines), heard, len(now))


def initials(name: str) -> str:
    """RS for R. Shrestha; a single word stays as it is."""
    words = [word for word in name.replace(".", " ").split() if word]
    return name if len(words) < 2 else "".join(word[0] for word in words).upper()
