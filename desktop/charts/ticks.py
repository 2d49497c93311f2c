"""Ticks of a time axis: round times of the wall clock of a zone, across shifts of any size."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
CLOCK_STEPS_S = (1, 5, 15, 30, *(n * MINUTE_S for n in (1, 5, 15, 30)), *(n * HOUR_S for n in (1, 3, 6, 12)))
WEEK_DAYS, MONTH_S, YEAR_S = 7, 30 * DAY_S, 365 * DAY_S
MONTHS, YEARS = (1, 3, 6), (1, 2, 5, 10, 20, 50)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # of what can be shown


@dataclass(frozen=True, slots=True)
class Tick:
    """An instant (seconds UTC) and what stands below it."""

    at: float
    words: str


def ticks(begin: float, end: float, least_s: float, zone: ZoneInfo) -> list[Tick]:
    """Round times of the wall clock within [begin, end] (seconds UTC), at least about `least_s` apart.

    An hour that comes twice has its ticks twice, one that is left out has none.
    """
    begin, end = max(begin, FIRST.timestamp()), min(end, LAST.timestamp())
    if begin > end:
        return []
    first, last = (datetime.fromtimestamp(each, UTC).astimezone(zone) for each in (begin, end))
    step_s = next((step for step in CLOCK_STEPS_S if step >= least_s), None)
    if step_s is not None:
        found = [Tick(at, _clock(wall, step_s)) for wall, at in of_the_clock(first, last, step_s, zone)]
    else:
        found = [Tick(_instant(day, zone), words) for day, words in _days(first.date(), last.date(), least_s)]
    return sorted((tick for tick in found if begin <= tick.at <= end), key=lambda tick: tick.at)


def edges(begin: float, end: float, least_s: float, report_s: int, zone: ZoneInfo) -> list[float]:
    """Round times like `ticks`, between which there are as many reports of `report_s` each time."""
    steps = (step for step in sorted({report_s, *CLOCK_STEPS_S}) if step >= max(least_s, report_s))
    fits = next((step for step in steps if step % report_s == 0 and DAY_S % step == 0), None)
    if fits is None:
        return [tick.at for tick in ticks(begin, end, max(least_s, report_s), zone)]
    first, last = (datetime.fromtimestamp(each, UTC).astimezone(zone) for each in (begin, end))
    found = sorted(at for _wall, at in of_the_clock(first, last, fits, zone))
    return [at for at in found if begin <= at <= end]


def of_the_clock(
    first: datetime, last: datetime, step_s: int, zone: ZoneInfo
) -> Iterator[tuple[datetime, float]]:
    """Wall times and their instants; those of an hour that comes twice side by side."""
    step, midnight = timedelta(seconds=step_s), datetime.combine(first.date(), time())
    gone = first.replace(tzinfo=None) - timedelta(hours=1) - midnight  # the clock may have been put back
    wall = midnight + max(gone // step, 0) * step
    until = last.replace(tzinfo=None) + timedelta(hours=1)
    while wall <= until:
        instants = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        for at in sorted(instants):
            if at.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
                yield wall, at.timestamp()
        wall += step


def _clock(wall: datetime, step_s: int) -> str:
    if wall.time() == time():
        return f"{wall:%a} {wall.day}"
    return f"{wall:%H:%M:%S}" if step_s < MINUTE_S else f"{wall:%H:%M}"


def _days(first: date, last: date, least_s: float) -> Iterator[tuple[date, str]]:
    """Days, Mondays, months or years with their names, up to the day after the last."""
    if least_s <= DAY_S:
        for n in range((last - first).days + 2):
            day = first + timedelta(days=n)
            yield day, f"{day:%a} {day.day}" if day.day > 1 else f"{day.day} {day:%b}"
    elif least_s <= WEEK_DAYS * DAY_S:
        monday = first - timedelta(days=first.weekday())
        for n in range((last - monday).days // WEEK_DAYS + 2):
            day = monday + timedelta(days=WEEK_DAYS * n)
            yield day, f"{day.day} {day:%b}"
    else:
        yield from _months(first, last, least_s)


def _months(first: date, last: date, least_s: float) -> Iterator[tuple[date, str]]:
    months = next((n for n in MONTHS if n * MONTH_S >= least_s), None)
    years = next((n for n in YEARS if n * YEAR_S >= least_s), YEARS[-1])
    step = months or 12 * years
    number = (first.year * 12 + first.month - 1) // step * step
    while number <= last.year * 12 + last.month:
        day = date(number // 12, number % 12 + 1, 1)
        yield day, f"{day.year}" if day.month == 1 else f"{day:%b}"
        number += step


def _instant(day: date, zone: ZoneInfo) -> float:
    """When a day begins there."""
    return datetime.combine(day, time(), zone).timestamp()
