"""Times as they are read on screen: local, in one form, with their offset where it matters."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gis.texts import _, ngettext


def hm(at: datetime, zone: ZoneInfo) -> str:
    """05:58"""
    return f"{at.astimezone(zone):%H:%M}"


def hms(at: datetime, zone: ZoneInfo) -> str:
    """05:58:07"""
    return f"{at.astimezone(zone):%H:%M:%S}"


def short(at: datetime, zone: ZoneInfo) -> str:
    """05:58, or 05:58:07 where the seconds say something."""
    return hms(at, zone).removesuffix(":00")


def month_day(at: datetime, zone: ZoneInfo) -> str:
    """11-21 05:58"""
    return f"{at.astimezone(zone):%m-%d %H:%M}"


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


def lasting(span: timedelta) -> str:
    """How long, to five minutes from an hour on: 40 min, 1 h 35 min."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(5 * round(minutes / 5), 60)
    if not minutes:
        return _("{hours} h").format(hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def lately(span: timedelta) -> str:
    """The last 24 hours; the last 7 days."""
    if span.days > 1:
        return ngettext("the last day", "the last {count} days", span.days).format(count=span.days)
    hours = round(span / timedelta(hours=1))
    return ngettext("the last hour", "the last {count} hours", hours).format(count=hours)


def last_time(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) a person means: "03:10" or "310" is the last time it was ten past three, and
    "2026-03-14 03:10" that very time; None when it is no time, or one that has not come yet."""
    words = text.strip().replace(".", ":")
    try:
        if "-" in words:
            at = datetime.fromisoformat(words).replace(tzinfo=zone).astimezone(UTC)
            return at if at <= now else None
        clock = _clock(words)
    except ValueError:
        return None
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1), today - timedelta(days=2)):
        for fold in (1, 0):  # an hour that came twice: the later one is the last
            at = datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC)
            if at <= now and at.astimezone(zone).time().replace(fold=0) == clock:
                return at
    return None


def next_time(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) a person means: "06:00" or "600" is the next time it is six, "2026-03-15 06:00" that
    very time. Raises `ValueError` in words for a person."""
    words = text.strip().replace(".", ":")
    try:
        if "-" in words:
            return datetime.fromisoformat(words).replace(tzinfo=zone).astimezone(UTC)
        clock = _clock(words)
    except ValueError:
        said = _("“{text}” is no time: write 06:00 or 2026-03-15 06:00.")
        raise ValueError(said.format(text=text.strip())) from None
    today = now.astimezone(zone).date()
    days = (datetime.combine(today + timedelta(days=n), clock, zone).astimezone(UTC) for n in range(3))
    return next(at for at in days if at > now)


def _clock(words: str) -> time:
    """3:10, 03:10:30, 310 or 0310. Raises `ValueError`."""
    if words.isdecimal() and 3 <= len(words) <= 4:
        words = f"{words[:-2]}:{words[-2:]}"
    parts = [int(part) for part in words.split(":")]
    if not 2 <= len(parts) <= 3:
        raise ValueError("no time of day")
    return time(parts[0], parts[1], parts[2] if len(parts) > 2 else 0)


def day(at: datetime, zone: ZoneInfo) -> str:
    """14 Mar"""
    return f"{at.astimezone(zone):%d %b}".lstrip("0")
