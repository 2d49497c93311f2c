"""What a chart says in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from desktop.charts.course import GAP, Course
from desktop.charts.gaps import SHORT
from desktop.charts.look import WINDOWS, Stretch
from desktop.times import age, day, hm, hms, lasting, offset
from gis.model.record import Quality, from_us
from gis.texts import _
from gis.words.terms import doubts, figure, limit_words


def headline(course: Course, zone: ZoneInfo) -> str:
    """Kali 3 water level   4.82 m at 05:58:07   +0.60 m/h"""
    sensor, series = course.sensor, course.series
    if not len(series):
        return _("{name}: no readings yet").format(name=sensor.name)
    last = f"{figure(series.value[-1])} {sensor.unit}"
    newest = from_us(int(series.at_us[-1]))
    if course.now - newest > timedelta(seconds=GAP * sensor.expected_every_s):
        since = hm(newest, zone) if course.now - newest < SHORT else f"{day(newest, zone)} {hm(newest, zone)}"
        words = _("No readings since {time} from {name}   last {value}")
        return words.format(time=since, name=sensor.name, value=last)
    at = hms(newest, zone)
    return _("{name} {quantity}   {value} at {time}{trend}").format(
        name=sensor.name, quantity=sensor.quantity.value, value=last, time=at, trend=_trend(course)
    )


def _trend(course: Course) -> str:
    """How fast it changes."""
    return f"   {course.trend.slope:+.2f} {course.sensor.unit}/h" if course.trend else ""


def ahead_words(course: Course) -> str:
    """In what time it would be at the next limit; "" when it is not rising to any."""
    if course.coming is None:
        return ""
    rule, arrival = course.coming
    limit, time, soonest = limit_words(rule), lasting(arrival.likely), lasting(arrival.soonest)
    if arrival.latest is None:
        words = _("{limit} in about {time}, if at all (from {soonest} on)")
        return words.format(limit=limit, time=time, soonest=soonest)
    latest = lasting(arrival.latest)
    if soonest == latest:
        return _("{limit} in about {time}").format(limit=limit, time=time)
    words = _("{limit} in about {time} ({soonest} to {latest})")
    return words.format(limit=limit, time=time, soonest=soonest, latest=latest)


def doubt_words(quality: Quality | int) -> str:
    """Behind a value that is doubtful: why."""
    said = ", ".join(doubts(quality))
    return f"   ({said})" if said else ""


def value_words(stretch: Stretch, n: int) -> str:
    """4.82 m"""
    return f"{figure(float(stretch.drawn.value[n]))} {stretch.sensor.unit}".strip()


def read_out(stretch: Stretch, at: float | None, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """The value of a sensor at a time (seconds UTC; None: its newest), and when and how sure that is."""
    newest = stretch.course.series
    if at is None:
        if not len(newest):
            return "–", _("no readings yet")
        when = from_us(int(newest.at_us[-1]))
        value = f"{figure(float(newest.value[-1]))} {stretch.sensor.unit}".strip()
        return value, f"{_when(when, now, zone)}, {age(now - when)}{doubt_words(int(newest.quality[-1]))}"
    times = stretch.drawn.at_us
    if not len(times):
        return "–", _("no readings here")
    n = int(np.searchsorted(times, at * 1e6))
    beside = (each for each in (n - 1, n) if 0 <= each < len(times))
    n = min(beside, key=lambda each: abs(times[each] / 1e6 - at))
    away = times[n] / 1e6 - at
    if abs(away) > stretch.gap_s:
        silent = next((s for s in stretch.silent if s.start.timestamp() <= at <= s.end.timestamp()), None)
        return "–", silent.label if silent is not None else _("no readings here")
    when, doubt = from_us(int(times[n])), doubt_words(int(stretch.drawn.quality[n]))
    return value_words(stretch, n), f"{_when(when, now, zone)}{_away(away)}{doubt}"


def _when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """With the day where it is not today."""
    time = hms(at, zone)
    return time if at.astimezone(zone).date() == now.astimezone(zone).date() else f"{day(at, zone)} {time}"


def _away(seconds: float) -> str:
    """How far the reading lies from where it is read out."""
    if abs(seconds) < 60:
        return ""
    time = lasting(timedelta(seconds=abs(seconds)))
    return ", " + (_("{time} later") if seconds > 0 else _("{time} earlier")).format(time=time)


def range_words(begin: float, end: float, zone: ZoneInfo) -> str:
    """14 Mar 2026 05:10 to 06:10   UTC+05:45; where the clock shifts in between both are said."""
    first, last = (datetime.fromtimestamp(each, zone) for each in (begin, end))
    same = first.date() == last.date()
    until = f"{last:%H:%M}" if same else f"{last.day} {last:%b %Y %H:%M}"
    zones = " / ".join(dict.fromkeys((offset(first), offset(last))))
    return _("{begin} to {end}   UTC{offset}").format(
        begin=f"{first.day} {first:%b %Y %H:%M}", end=until, offset=zones
    )


def silent_words(stretches: Sequence[Stretch], zone: ZoneInfo) -> str:
    """No readings since 04:10 from Kali 3; "" while all report."""
    said = [
        _("No readings since {time} from {name}.").format(time=_since(each, zone), name=each.sensor.name)
        for each in stretches
        if each.reach is not None and each.is_silent
    ]
    never = [
        _("{name} has not reported yet.").format(name=each.sensor.name)
        for each in stretches
        if each.reach is None
    ]
    return "  ".join([*said, *never])


def _since(stretch: Stretch, zone: ZoneInfo) -> str:
    last, now = stretch.reach[1] if stretch.reach else stretch.course.now, stretch.course.now
    return hm(last, zone) if now - last < SHORT else f"{day(last, zone)} {hm(last, zone)}"


def sums_words(sums: Sequence[float], unit: str) -> str:
    """1 h 3.2   3 h 8.1   24 h 20.4 mm"""
    parts = [f"{lasting(window)} {figure(each)}" for window, each in zip(WINDOWS, sums, strict=True)]
    return "   ".join(parts) + f" {unit}"
