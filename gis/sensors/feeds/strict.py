"""Numbers and times as an instrument writes them; anything that only looks like one is refused."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction

from gis.texts import _

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LEAP = re.compile(r"(.{17})60(?:[.,]\d+)?(.*)")
_DAYS = re.compile(r"\d{1,6}([.,]\d{1,15})?", re.ASCII)
EXCEL, EXCEL_1904 = "excel", "excel-1904"  # day numbers: 1 is the first of January 1900, 0 that of 1904
# Excel takes 1900 for a leap year, so from March 1900 on its days count from the 30th of December 1899
_DAY_ZERO = {EXCEL: datetime(1899, 12, 30), EXCEL_1904: datetime(1904, 1, 1)}  # noqa: DTZ001 - the zone follows
_FIRST_TRUE_DAY = 61
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(text: str, decimal: str = ".") -> float:
    """The finite value of a decimal number in ASCII digits.

    Raises `ValueError` for what `float` would let pass: `1_000`, other digits, nan, inf and 1e400; and
    for a decimal sign that is not `decimal`, and signs that group thousands.
    """
    if decimal != ".":
        if "." in text:
            raise ValueError(_("The decimal sign is not the one this source declares."))
        text = text.replace(decimal, ".", 1)
    if not _NUMBER.fullmatch(text):
        raise ValueError(_("The value is not a number as this source writes them."))
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(_("The number is too large to be a measurement."))
    return value


def whole(text: str) -> int:
    """A count: up to nine ASCII digits. Raises `ValueError` for anything else."""
    if not _COUNT.fullmatch(text):
        raise ValueError(_("{text} is not a whole number.").format(text=text or "?"))
    return int(text)


def moment(text: str, zone: tzinfo, pattern: str = "") -> datetime:
    """The moment in UTC: ISO 8601 date and time, or after `pattern`: of strptime, or the day numbers of a
    spreadsheet (`EXCEL`, `EXCEL_1904`; a point or a comma before the part of the day), to the second.

    `zone` is used where no offset is written. Raises `ValueError` for a time that does not exist, or that
    comes twice, because clocks were put forward or back; and for years no instrument reports from.
    A leap second (23:59:60 UTC) is the last microsecond of its minute: Python knows none.
    """
    written = _by_pattern(text, pattern) if pattern else _iso(text)
    if not _FIRST_YEAR <= written.year <= _LAST_YEAR:
        raise ValueError(_("The year is not one an instrument could report from."))
    return (_placed(written, zone) if written.tzinfo is None else written).astimezone(UTC)


def since_1970(seconds: float) -> datetime:
    """That many seconds after the beginning of 1970 UTC. Raises `ValueError` as `moment` does."""
    if not 0 <= seconds < (_LAST_YEAR - _FIRST_YEAR) * 366 * 86_400:
        raise ValueError(_("The year is not one an instrument could report from."))
    return _EPOCH + timedelta(seconds=seconds)


def _iso(text: str) -> datetime:
    if not _TIME.fullmatch(text):
        raise ValueError(_("The time is not written as 2026-03-14T06:00 or with an offset."))
    if (leap := _LEAP.fullmatch(text)) is None:
        return _in_calendar(lambda: datetime.fromisoformat(text))
    at = _in_calendar(lambda: datetime.fromisoformat(f"{leap[1]}59.999999{leap[2]}"))
    if at.tzinfo is None or f"{at.astimezone(UTC):%H:%M}" != "23:59":
        raise ValueError(_("There is no such date and time."))
    return at


def _by_pattern(text: str, pattern: str) -> datetime:
    if pattern in _DAY_ZERO:
        return _day_number(text, _DAY_ZERO[pattern])
    if not text.isascii():
        raise ValueError(_("The time is not written as this source declares."))
    return _in_calendar(lambda: datetime.strptime(text, pattern))  # noqa: DTZ007 - the zone follows


def _day_number(text: str, zero: datetime) -> datetime:
    """Spreadsheets count days; binary fractions of one are rounded to the second they were made from."""
    if not _DAYS.fullmatch(text):
        raise ValueError(_("The time is not the day number of a spreadsheet, such as 46095.25."))
    days = Fraction(text.replace(",", "."))
    if zero == _DAY_ZERO[EXCEL] and days < _FIRST_TRUE_DAY:
        raise ValueError(_("The year is not one an instrument could report from."))
    return zero + timedelta(seconds=round(days * 86_400))


def _in_calendar(parse: Callable[[], datetime]) -> datetime:
    try:
        return parse()
    except (ValueError, re.error) as error:  # strptime makes a regular expression of its pattern
        raise ValueError(_("There is no such date and time.")) from error


def _placed(local: datetime, zone: tzinfo) -> datetime:
    early, late = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        raise ValueError(_("The clocks were changed then: without an offset this time is not certain."))
    return early
