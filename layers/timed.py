"""Layers that follow time: of features with a time of their own those that belong to an instant."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features
from gis.texts import _
from layers.choose import Looks
from layers.columns import Column

Times = NDArray[np.float64]  # (n,) seconds since 1970, nan for none
DAY = timedelta(days=1)
LATEST = 4e9  # seconds since 1970, in the year 2096: what is more counts in milliseconds
EARLIEST = 1e8  # 1973: what is less is no time but a number
SAMPLE, SHARE = 200, 0.5  # of so many values half must be times
MOST_HOURS = 24.0 * 366 * 100
_SHORT_ZONE = re.compile(r"(?<=:\d\d)([+-]\d\d)$")  # 21:40:00+08
_NAMED = re.compile(
    r"time|date|zeit|datum|heure|fecha|tanggal|waktu|jam|start|begin|from|since|end|until|_at$|^at$|when",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Timing:
    """From the column `begin` on, until the column `end` where one is named; else for `hours`, or for good
    where these are 0. Times that do not say where they are from are local in `zone` (IANA)."""

    begin: str
    end: str = ""
    hours: float = 0.0
    zone: str = "UTC"


def of_instant(timing: Timing, looks: Looks, at: float) -> NDArray[np.bool_]:
    """Which features (n,) belong to the instant `at` (seconds since 1970). What has no time belongs to none;
    an interval may be open on either side."""
    begin = _times(timing.begin, timing.zone, looks, closing=False)
    if timing.end:
        end = _times(timing.end, timing.zone, looks, closing=True)
        known = ~(np.isnan(begin) & np.isnan(end))
        return known & ~(begin > at) & ~(end < at)
    begun = begin <= at
    return begun & (begin > at - timing.hours * 3600) if timing.hours else begun


def _times(column: str, zone: str, looks: Looks, *, closing: bool) -> Times:
    return looks.kept(("times", column, zone, closing), lambda: times_of(looks.column(column), zone, closing))


def times_of(column: Column, zone: str, closing: bool = False) -> Times:
    """What a column says as times. A day without a time begins at midnight, and as an end (`closing`) ends
    with it."""
    if column.numbers is not None:
        return _counted(column.numbers)
    read = _reader(ZoneInfo(zone), closing)
    coded = column.coded
    return np.array([*map(read, coded.values), np.nan], np.float64)[coded.codes]


def _counted(numbers: Times) -> Times:
    """Seconds or milliseconds since 1970; other numbers are no times."""
    seconds = np.where(np.abs(numbers) > LATEST, numbers / 1000, numbers)
    return np.where((seconds >= EARLIEST) & (seconds <= LATEST), seconds, np.nan)


def _reader(zone: ZoneInfo, closing: bool) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, int | float):
            return float(_counted(np.array([float(value)]))[0])
        words = str(value).strip().replace("/", "-")
        try:
            at = datetime.fromisoformat(_SHORT_ZONE.sub(r"\1:00", words))
        except ValueError:
            return float("nan")
        if closing and len(words) <= 10:
            at += DAY
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).timestamp()

    return read


def columns_of_time(found: tuple[Features, ...]) -> tuple[str, ...]:
    """The columns that hold times, those that are called so first."""
    names = list(dict.fromkeys(name for features in found for name in features.columns))
    fit = [name for name in names if any(_is_time(features, name) for features in found)]
    return tuple(sorted(fit, key=lambda name: _NAMED.search(name) is None))


def _is_time(features: Features, name: str) -> bool:
    values = features.columns.get(name)
    if values is None:
        return False
    column = Column(values[:: max(1, len(values) // SAMPLE)])
    there = int((~column.null).sum())
    return there > 0 and int(np.isfinite(times_of(column, "UTC")).sum()) >= max(1, SHARE * there)


def span_of(found: tuple[Features, ...], name: str, zone: str) -> tuple[int, datetime, datetime] | None:
    """How many features have a time in a column, the first and the last of them (UTC); None for none."""
    held = [features.columns[name] for features in found if name in features.columns]
    times = np.concatenate([np.zeros(0), *(times_of(Column(values), zone) for values in held)])
    times = times[np.isfinite(times)]
    if not len(times):
        return None
    first, last = (datetime.fromtimestamp(float(each), UTC) for each in (times.min(), times.max()))
    return len(times), first, last


def timing_words(timing: Timing) -> str:
    """What somebody should know who misses a feature of the layer."""
    if timing.end:
        return _("Follows time, from {begin} to {end}").format(begin=timing.begin, end=timing.end)
    if timing.hours:
        return _("Follows time: {hours} h from {begin} on").format(
            hours=f"{timing.hours:g}", begin=timing.begin
        )
    return _("Follows time, from {begin} on").format(begin=timing.begin)


def timing_to_json(timing: Timing | None) -> dict[str, Any] | None:
    return None if timing is None else asdict(timing)


def timing_from_json(value: object) -> Timing | None:
    """What `timing_to_json` wrote; None for anything else, and the layer then shows all that it has."""
    if not isinstance(value, Mapping):
        return None
    begin, end, hours, zone = (value.get(name) for name in ("begin", "end", "hours", "zone"))
    texts = all(isinstance(each, str) for each in (begin, end, zone))
    if not texts or not begin or isinstance(hours, bool) or not isinstance(hours, int | float):
        return None
    try:
        ZoneInfo(str(zone))
    except (KeyError, ValueError, OSError):
        return None
    return Timing(str(begin), str(end), min(max(float(hours), 0.0), MOST_HOURS), str(zone))
