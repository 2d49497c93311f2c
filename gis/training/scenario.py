"""A written night: the instruments, what they will say, and what people will report, each at its time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from math import inf
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.reporting import PointKind
from gis.model.sensor import AlarmRule, Sensor
from gis.sensors.feeds.folder import CsvFormat, read_csv
from gis.sensors.feeds.strict import moment, whole
from gis.sensors.roster import Post, read_roster
from gis.sensors.tables import place, read_rules, read_sensors, rows, wrong_line
from gis.texts import _

_ANY_TIME = datetime(2200, 1, 1, tzinfo=UTC)


class Act(StrEnum):
    """What an inject does to an incident."""

    LOG = "log"
    AMEND = "amend"
    NOTE = "note"
    CLOSE = "close"
    HEARD = "heard"  # of no incident: who answered at a round of calls, and who did not


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one who is to report answered when called."""

    kind: PointKind
    name: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Inject:
    """Something that reaches the desk at a time (UTC): one act on one incident.

    `incident` is the scenario's own name for it; `details` are fields of `Incident`, and for a note or a
    closing its `text`. Who was HEARD from, and who did not answer, stands in `calls`.
    """

    at: datetime
    act: Act
    incident: str
    author: str
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    calls: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that will happen, in order of time; nothing is drawn by lot while it is played.

    `officer` has the desk before whoever takes the exercise over, and acknowledges its alarms.
    """

    city: str
    timezone: str
    starts_at: datetime
    officer: str
    sensors: tuple[Sensor, ...]
    rules: tuple[AlarmRule, ...]
    readings: tuple[Reading, ...]
    injects: tuple[Inject, ...]
    posts: tuple[Post, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """When nothing more will happen."""
        times = [each.at for each in (*self.readings[-1:], *self.injects[-1:])]
        return max(times, default=self.starts_at)

    def when(self, clock: time) -> datetime:
        """The first moment of the night at which clocks in the city show this."""
        start = self.starts_at.astimezone(ZoneInfo(self.timezone))
        today = datetime.combine(start.date(), clock, start.tzinfo)
        return (today if today >= start else today + timedelta(days=1)).astimezone(UTC)

    def restless(self) -> set[datetime]:
        """The times of readings that may move an alarm: over where one returns, or just back from there."""
        returns: dict[str, float] = {}
        for rule in self.rules:
            returns[rule.sensor_id] = min(rule.clear_below, returns.get(rule.sensor_id, inf))
        found: set[datetime] = set()
        over: set[str] = set()
        for reading in self.readings:
            high = reading.value >= returns.get(reading.sensor_id, inf)
            if high or reading.sensor_id in over:
                found.add(reading.at)
            (over.add if high else over.discard)(reading.sensor_id)
        return found


def read_scenario(folder: Path, *, city: str, timezone: str, officer: str) -> Scenario:
    """The night kept in a folder: sensors.csv, rules.csv, feed/*.csv, incidents.csv, updates.csv, and of who
    reports reporting.csv and reports.csv.

    Raises `UserError` when a part is missing or a line of it is wrong: a scenario is ours to get right.
    """
    sensors = read_sensors(folder / "sensors.csv")
    readings = _readings(folder / "feed", sensors, CsvFormat(timezone=timezone))
    calls = _calls(folder / "incidents.csv")
    updates = _updates(folder / "updates.csv", officer, {call.incident for call in calls})
    posts = tuple(read_roster(folder / "reporting.csv"))
    rounds = _rounds(folder / "reports.csv", officer, {(post.kind, post.name) for post in posts})
    injects = tuple(sorted([*calls, *updates, *rounds], key=lambda inject: inject.at))
    times = [each.at for each in (*readings[:1], *injects[:1])]
    if not times:
        raise UserError(_("In the scenario in {folder} nothing happens.").format(folder=folder.name))
    return Scenario(
        city=city,
        timezone=timezone,
        starts_at=min(times),
        officer=officer,
        sensors=tuple(sensors),
        rules=tuple(read_rules(folder / "rules.csv", sensors)),
        readings=readings,
        injects=injects,
        posts=posts,
    )


def _readings(folder: Path, sensors: list[Sensor], form: CsvFormat) -> tuple[Reading, ...]:
    batches = [read_csv(path, sensors, form, _ANY_TIME) for path in sorted(folder.glob("*.csv"))]
    wrong = next(chain.from_iterable(batch.rejected for batch in batches), None)
    if wrong is not None:
        raise UserError(
            _("{file}, line {line}: {reason}").format(file=wrong.source, line=wrong.line, reason=wrong.reason)
        )
    found = chain.from_iterable(batch.readings for batch in batches)
    return tuple(sorted(found, key=lambda reading: reading.at))


def _calls(path: Path) -> list[Inject]:
    """Incidents as they were called in; empty cells say nothing."""
    found: list[Inject] = []
    for line, row in rows(path, ("key", "time", "lon", "lat", *_FIELDS)):
        with wrong_line(path, line):
            at = moment(row["time"], UTC)
            said = {name: turn(row[name]) for name, turn in _FIELDS.items() if row[name]}
            where = {"place": place(row)} if row["lon"] else {}
            bare = {"code": "", "text": "", "severity": Severity.UNKNOWN, "reported_at": at}
            found.append(Inject(at, Act.LOG, row["key"], _("Call desk"), bare | said | where))
    return found


def _updates(path: Path, officer: str, known: set[str]) -> list[Inject]:
    """What became of them: `action` is amend (with `field`), note or close (with a remark or none)."""
    found: list[Inject] = []
    for line, row in rows(path, ("key", "time", "action", "field", "value")):
        with wrong_line(path, line):
            act, value = Act(row["action"]), row["value"]
            if act in (Act.LOG, Act.HEARD) or row["key"] not in known:
                raise ValueError(_("There is no incident {key} to update.").format(key=row["key"]))
            if act is Act.AMEND and row["field"] not in _FIELDS:
                raise ValueError(_("An incident has no {field} to amend.").format(field=row["field"]))
            details = {row["field"]: _FIELDS[row["field"]](value)} if act is Act.AMEND else {"text": value}
            found.append(Inject(moment(row["time"], UTC), act, row["key"], officer, details))
    return found


def _rounds(path: Path, officer: str, known: set[tuple[PointKind, str]]) -> list[Inject]:
    """Who was called at which time; whoever is called at the same is called in one go."""
    found: dict[datetime, list[Answer]] = {}
    for line, row in rows(path, ("time", "kind", "name", "answered")):
        with wrong_line(path, line):
            answer = Answer(PointKind(row["kind"]), row["name"], row["answered"] == "yes")
            if (answer.kind, answer.name) not in known:
                raise ValueError(_("There is no {name} to call.").format(name=answer.name))
            found.setdefault(moment(row["time"], UTC), []).append(answer)
    return [Inject(at, Act.HEARD, "", officer, calls=tuple(calls)) for at, calls in found.items()]


def _severity(digit: str) -> Severity:
    return Severity.of_priority(whole(digit))


_FIELDS: dict[str, Callable[[str], Any]] = {
    "code": str,
    "severity": _severity,
    "text": str,
    "where": str,
    "source": str,
    "affected": whole,
}
