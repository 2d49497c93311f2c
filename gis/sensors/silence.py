"""Who has not been heard from for longer than expected, the most urgent first. Pure: from values to values.

No news is not good news. What is overdue is ordered by hours silent x people x hazard: hours count up to
MOST_HOURS and people up to MOST_PEOPLE, so that no single forgotten entry drowns the others; of those whose
people nobody has counted the city's median is taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from gis.model.reporting import Call, Hazard
from gis.texts import _, ngettext

MOST_HOURS = 72.0
LOOKED_BACK = timedelta(hours=MOST_HOURS)  # an older word changes nothing in the order
MOST_PEOPLE = 10_000_000
WEIGHT = {Hazard.EXTREME: 1.0, Hazard.HIGH: 0.75, Hazard.MODERATE: 0.5, Hazard.LOW: 0.25}
GAUGE = "gauge"  # beside the kinds of reporting points


@dataclass(frozen=True, slots=True)
class Word:
    """The last that was heard: when (UTC), and from whom or by what, as a person reads it."""

    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who is waited for: every `every`, overdue once `missed` of these have passed since `since`
    (UTC) or the last `word`, whichever is later.

    `kind` is a `PointKind` or GAUGE, `lon` and `lat` (WGS84) where it is, None for nowhere. `tried` is the
    newest call that was not answered, if none was since.
    """

    id: str
    kind: str
    name: str
    every: timedelta
    since: datetime
    missed: int = 1
    people: int | None = None
    hazard: Hazard = Hazard.MODERATE
    contact: str = ""
    lon: float | None = None
    lat: float | None = None
    word: Word | None = None
    tried: Call | None = None

    def silent_for(self, now: datetime) -> timedelta:
        """How long it has been waited for; never less than nothing, whatever a clock says."""
        heard = self.since if self.word is None else max(self.since, self.word.at)
        return max(now - heard, timedelta(0))

    def is_overdue(self, now: datetime) -> bool:
        return self.silent_for(now) > self.missed * self.every


@dataclass(frozen=True, slots=True)
class Overdue:
    """One who is silent: since how long, how many people that concerns (`assumed` where it is the city's
    median), and its place in the order."""

    expected: Expected
    silent: timedelta
    people: int
    assumed: bool
    score: float


@dataclass(frozen=True, slots=True)
class Silence:
    """All who are silent at `at` (UTC), the most urgent first, of `count` who are waited for."""

    at: datetime
    overdue: tuple[Overdue, ...]
    count: int

    @property
    def people(self) -> int:
        """Those who live in the wards that are silent: everybody else lives in one of them, too."""
        wards = [each.people for each in self.overdue if each.expected.kind == "ward"]
        return sum(wards) if wards else sum(each.people for each in self.overdue)


def score(silent: timedelta, people: int, hazard: Hazard) -> float:
    """Hours x people x weight of the hazard, each within its bounds."""
    hours = min(max(silent / timedelta(hours=1), 0.0), MOST_HOURS)
    return hours * min(max(people, 0), MOST_PEOPLE) * WEIGHT[hazard]


def usual_people(expected: Iterable[Expected]) -> int:
    """How many people one whose people nobody has counted stands for: the median of the wards, without
    counted wards that of all; 1 where nobody was counted."""
    known = [each for each in expected if each.people is not None]
    wards = [each for each in known if each.kind == "ward"] or known
    return int(median(max(each.people or 0, 0) for each in wards)) if wards else 1


def silence(expected: Sequence[Expected], now: datetime) -> Silence:
    """Who is overdue at `now` (UTC). Whoever is within their rhythm is never in it; equals by name."""
    usual = usual_people(expected)
    found = [_overdue(each, usual, now) for each in expected if each.is_overdue(now)]
    found.sort(key=lambda each: (-each.score, -each.silent, each.expected.name, each.expected.id))
    return Silence(now, tuple(found), len(expected))


def _overdue(expected: Expected, usual: int, now: datetime) -> Overdue:
    assumed = expected.people is None
    people = usual if expected.people is None else expected.people
    silent = expected.silent_for(now)
    return Overdue(expected, silent, people, assumed, score(silent, people, expected.hazard))


def for_how_long(silent: timedelta) -> str:
    """45 min, 5 h 20 min, 26 h; beyond what is looked back only that it is more."""
    minutes = int(silent.total_seconds() // 60)
    if silent > LOOKED_BACK:
        return _("over {hours:.0f} h").format(hours=MOST_HOURS)
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours >= 24 or not minutes:
        return _("{hours} h").format(hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def in_all(found: Silence) -> str:
    """7 of 42 silent, 31,000 people"""
    if not found.overdue:
        return ngettext(
            "{count} is waited for and was heard from in time.",
            "All {count} were heard from in time.",
            found.count,
        ).format(count=found.count)
    people = ngettext("{people} person", "{people} people", found.people).format(people=f"{found.people:,}")
    return _("{late} of {count} silent, {people}").format(
        late=len(found.overdue), count=found.count, people=people
    )
