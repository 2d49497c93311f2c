"""What a chart says in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from desktop.charts.course import Course
from desktop.times import hms, lasting
from gis.model.record import Quality
from gis.texts import _
from gis.words.terms import doubts, figure, limit_words


def headline(course: Course, zone: ZoneInfo) -> str:
    """Kali 3 water level   4.82 m at 05:58:07   +0.60 m/h"""
    sensor, series = course.sensor, course.series
    if not len(series):
        return _("{name}: no readings yet").format(name=sensor.name)
    last = f"{figure(series.value[-1])} {sensor.unit}"
    at = hms(datetime.fromtimestamp(series.at_us[-1] / 1e6, zone), zone)
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
