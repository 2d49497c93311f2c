"""Times and ages as a report prints them: ISO dates, the zone always named."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gis.report.content import SitrepContent
from gis.texts import _


class Placed(Protocol):
    """What is told in the time of a place."""

    @property
    def timezone(self) -> str: ...


def zone_of(content: Placed) -> tzinfo:
    """The zone of the operation; UTC when its name is unknown on this computer."""
    try:
        return ZoneInfo(content.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def local(at: datetime, content: Placed) -> str:
    """Date and minute in the zone of the operation: "2026-03-14 13:00"."""
    return at.astimezone(zone_of(content)).strftime("%Y-%m-%d %H:%M")


def clock_of(at: datetime, content: SitrepContent) -> str:
    """The minute alone when it is of the report's own day, else with its date."""
    day = at.astimezone(zone_of(content)).date()
    return local(at, content)[11 if day == content.as_of.astimezone(zone_of(content)).date() else 0 :]


def both(at: datetime, content: Placed) -> str:
    """Local time with its offset, then UTC: "2026-03-14 13:00 +07:00 (06:00 UTC)"."""
    there = at.astimezone(zone_of(content))
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]} ({at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


def age_text(age: timedelta) -> str:
    """How old: "4 min", "3 h 05 min", "2 d 4 h"."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 0:
        return _("from the future")
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _("{hours} h {minutes:02d} min").format(hours=hours, minutes=minutes)
    return _("{days} d {hours} h").format(days=hours // 24, hours=hours % 24)
