"""Times as they are read on screen: local, in one form, with their offset where it matters."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gis.texts import _, ngettext


def hm(at: datetime, zone: ZoneInfo) -> str:
    """05:58"""
    return f"{at.astimezone(zone):%H:%M}"


def hms(at: datetime, zone: ZoneInfo) -> str:
    """05:58:07"""
    return f"{at.astimezone(zone):%H:%M:%S}"


def full(at: datetime, zone: ZoneInfo) -> str:
    """2026-11-21 06:00 +05:45"""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {offset(local)}"


def offset(local: datetime) -> str:
    """+05:45, whatever the platform makes of %z."""
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:5]}"


def offset_seconds(at: datetime, zone: ZoneInfo) -> int:
    """How far local time is ahead of UTC at this moment."""
    shift = at.astimezone(zone).utcoffset() or timedelta()
    return int(shift.total_seconds())


def age(past: timedelta) -> str:
    """How long ago, in the largest unit that says enough."""
    minutes = int(past.total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 120:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    hours = minutes // 60
    return ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
