"""The alarms that stand, and what is kept quiet, worded as a control room reads them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from gis.model.incident import Severity
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Measure, Sensor, Suppression
from gis.store import Query
from gis.store.questions import Level, Ringing, levels, standing_alarms
from gis.store.quiet import Quiet, kept_quiet
from gis.texts import _, ngettext
from gis.words.rules import unit_of
from gis.words.terms import figure, limit_words

_MINUTE = timedelta(minutes=1)


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
    kept: Suppression | None = None

    @property
    def since(self) -> datetime:
        return self.alarm.raised_at or self.alarm.since

    @property
    def waits(self) -> bool:
        """True while it rings: nobody has put a name to it, and nothing keeps it quiet."""
        return self.kept is None and self.alarm.needs_attention

    @property
    def of_trouble(self) -> bool:
        """True for what says something about the instrument and nothing about the city."""
        return self.rule.measure.of_trouble

    @property
    def measured(self) -> str:
        """4.82 m: the newest value, or the worst of what the limit is compared with."""
        if self.rule.measure is Measure.SILENCE:
            return _("silent")
        value = self.alarm.peak if self.value is None else self.value
        return f"{figure(value)} {unit_of(self.rule.measure, self.sensor)}".rstrip()

    @property
    def now(self) -> str:
        """What is measured now; an old value is never told as if it were."""
        return _("silent") if self.silent else self.measured

    @property
    def limit(self) -> str:
        """Siaga 1 at 4.50; of an instrument's own trouble its name alone."""
        return self.rule.level if self.of_trouble else limit_words(self.rule)

    @property
    def where(self) -> str:
        """Kali 3, Siaga 1 at 4.50; of an instrument's own trouble so that nobody takes it for the river's."""
        said = f"{self.sensor.name}, {self.limit}"
        return _("Instrument: {what}").format(what=said) if self.of_trouble else said

    @property
    def what(self) -> str:
        """Kali 3  4.82 m, Siaga 1 at 4.50; of an alarm that is over: worst 4.91 m."""
        now = self.value is not None or self.of_trouble
        told = self.measured if now else _("worst {value}").format(value=self.measured)
        said = f"{self.sensor.name}  {told}, {self.limit}"
        return _("Instrument: {what}").format(what=said) if self.of_trouble else said

    @property
    def passed_on(self) -> str:
        """Escalated to the duty officer; "" while nobody had to be asked, or somebody has taken note."""
        if self.alarm.escalated_at is None or not self.waits:
            return ""
        who = self.rule.escalate_to
        return _("escalated to {who}").format(who=who) if who else _("escalated")

    @property
    def state(self) -> str:
        """The state as a word, with who took note."""
        if self.passed_on:
            return _("ESCALATED")
        match self.alarm.state:
            case AlarmState.UNACK:
                return _("UNACK")
            case AlarmState.RTN_UNACK:
                return _("RTN unack")
            case AlarmState.LATCHED_UNACK:
                return _("LATCHED")
            case AlarmState.LATCHED_ACKED:
                return _("latched {name}").format(name=initials(self.alarm.acknowledged_by))
            case AlarmState.SUPPRESSED:
                return _("suppressed")
            case _:
                return _("ack {name}").format(name=initials(self.alarm.acknowledged_by))


@dataclass(frozen=True, slots=True)
class Hushed:
    """What is kept quiet, at the instant `at` (UTC), with the alarms it keeps quiet, worst first."""

    quiet: Quiet
    alarms: tuple[Standing, ...]
    at: datetime

    @property
    def key(self) -> str:
        return self.quiet.kept.id if self.quiet.kept else self.alarms[0].alarm.id

    @property
    def severity(self) -> Severity:
        """Of the limit; of an instrument out of service that of its worst alarm."""
        if self.quiet.rule is not None:
            return self.quiet.rule.severity
        return self.alarms[0].alarm.severity if self.alarms else Severity.UNKNOWN

    @property
    def state(self) -> str:
        """shelved 22 min"""
        match self.quiet.state:
            case AlarmState.SHELVED:
                return _("shelved {left}").format(left=self.left)
            case AlarmState.OUT_OF_SERVICE:
                return _("out of service")
            case _:
                return _("suppressed")

    @property
    def changes_at(self) -> datetime | None:
        """When it is told in other words by itself, or is over (UTC)."""
        end = self.quiet.ends_at
        return None if end is None else end - (ceil((end - self.at) / _MINUTE) - 1) * _MINUTE

    @property
    def left(self) -> str:
        """For how long still: 22 min, 3 h 05; empty where there is no end."""
        if self.quiet.ends_at is None:
            return ""
        minutes = ceil((self.quiet.ends_at - self.at) / _MINUTE)
        if minutes < 100:
            return _("{minutes} min").format(minutes=minutes)
        return _("{hours} h {minutes}").format(hours=minutes // 60, minutes=f"{minutes % 60:02d}")

    @property
    def what(self) -> str:
        """Kali 3, Siaga 1 at 4.50; all limits of an instrument that is out of service."""
        of = _("all its alarms") if self.quiet.rule is None else limit_words(self.quiet.rule)
        return f"{self.quiet.sensor.name}, {of}"

    @property
    def stands(self) -> str:
        """What would ring meanwhile: 4.82 m; empty when nothing would."""
        return self.alarms[0].now if self.alarms else ""

    @property
    def why(self) -> str:
        """Being cleaned (RS)"""
        kept = self.quiet.kept
        if kept is None:
            return _("its condition does not hold")
        return f"{kept.reason} ({initials(kept.by)})"


@dataclass(frozen=True, slots=True)
class Situation:
    """What stands now, what is kept quiet, and how many instruments are heard from."""

    alarms: tuple[Standing, ...]
    heard: int
    fitted: int
    quiet: tuple[Hushed, ...] = ()

    @property
    def waiting(self) -> list[Standing]:
        """The alarms nobody has put a name to, worst first."""
        return [line for line in self.alarms if line.waits]

    @property
    def sensors(self) -> str:
        """42 of 42 sensors reporting."""
        if not self.fitted:
            return _("No sensors are set up.")
        return ngettext(
            "{heard} of {fitted} sensor reporting.", "{heard} of {fitted} sensors reporting.", self.fitted
        ).format(heard=self.heard, fitted=self.fitted)

    @property
    def changes_at(self) -> datetime | None:
        """When something of it changes though nothing is written (UTC): a shelf grows shorter, or ends."""
        return min((at for line in self.quiet if (at := line.changes_at) is not None), default=None)

    @property
    def hushed(self) -> str:
        """Kept quiet 3: never left out while there is one."""
        return hushed_words(len(self.quiet)) if self.quiet else ""

    @property
    def summary(self) -> str:
        """What is said while nothing waits."""
        words = _("All alarms are acknowledged.") if self.alarms else _("No alarms.")
        return f"{words}  {self.sensors}"


def situation(query: Query) -> Situation:
    """What stands: unacknowledged first, then worst, then newest; beside it what is kept quiet."""
    now = {level.sensor.id: level for level in levels(query)}
    standing = standing_alarms(query)
    lines = {ringing.alarm.id: _line(ringing, now, query.at) for ringing in standing}
    quiet = tuple(
        Hushed(each, tuple(lines[r.alarm.id] for r in each.ringing), query.at)
        for each in kept_quiet(query, standing)
    )
    heard = sum(1 for level in now.values() if not level.is_silent(query.at))
    rings = tuple(lines[r.alarm.id] for r in standing if not r.is_quiet)
    return Situation(rings, heard, len(now), quiet)


def _line(ringing: Ringing, now: dict[str, Level], at: datetime) -> Standing:
    level = now.get(ringing.sensor.id) if ringing.alarm.returned_at is None else None
    fresh = level.reading if level is not None and ringing.rule.measure is Measure.VALUE else None
    value = None if fresh is None else fresh.value
    silent = level is not None and level.is_silent(at)
    return Standing(ringing.alarm, ringing.sensor, ringing.rule, value, silent, ringing.kept)


def hushed_words(count: int) -> str:
    """Kept quiet 3"""
    return ngettext("Kept quiet {count}", "Kept quiet {count}", count).format(count=count)


def initials(name: str) -> str:
    """RS for R. Shrestha; a single word stays as it is."""
    words = [word for word in name.replace(".", " ").split() if word]
    return name if len(words) < 2 else "".join(word[0] for word in words).upper()
