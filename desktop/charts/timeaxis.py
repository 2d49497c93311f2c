"""A time axis in the zone of the operation: ticks on its wall clock, across shifts of any size."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF, QGuiApplication

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
CLOCK_STEPS_S = (1, 5, 15, 30, *(n * MINUTE_S for n in (1, 5, 15, 30)), *(n * HOUR_S for n in (1, 3, 6, 12)))
WEEK_DAYS, MONTH_S, YEAR_S = 7, 30 * DAY_S, 365 * DAY_S
MONTHS, YEARS = (1, 3, 6), (1, 2, 5, 10, 20, 50)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # of what can be shown
WIDEST = "23:59:59"
PADDING_PX = 14


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
        found = [Tick(at, _clock(wall, step_s)) for wall, at in _of_the_clock(first, last, step_s, zone)]
    else:
        found = [Tick(_instant(day, zone), words) for day, words in _days(first.date(), last.date(), least_s)]
    return sorted((tick for tick in found if begin <= tick.at <= end), key=lambda tick: tick.at)


def _of_the_clock(
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


class TimeAxis(pg.AxisItem):
    """Below a plot whose x are seconds UTC."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("bottom")
        self._zone = zone
        self._words: dict[float, str] = {}
        self.enableAutoSIPrefix(False)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        metrics = QFontMetricsF(QGuiApplication.font())
        wide = metrics.horizontalAdvance(WIDEST) + PADDING_PX
        least_s = (maxVal - minVal) * wide / max(size, 1.0)
        found = ticks(minVal, maxVal, least_s, self._zone)
        self._words = {tick.at: tick.words for tick in found}
        return [(least_s, [*self._words])]

    def tickStrings(self, values: Any, _scale: float, _spacing: float) -> list[str]:
        return [self._words.get(float(value), "") for value in values]
