"""Where there are no readings: between two of them, before the first that is seen, and since the last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from desktop.charts.episodes import Episode, Kind
from desktop.times import day, hm
from gis.model.record import from_us, to_us
from gis.texts import _

SHORT = timedelta(hours=20)  # within it a time of day says which
COARSE = 3.0  # of the distance that nine in ten points have at most, where each stands for many readings
CHUNK_PX = 6.0  # a chunk is at most so wide where its header stands for it: a thousand of them are opened


@dataclass(frozen=True, slots=True)
class Around:
    """What lies beside the readings that are seen (UTC): the one before, the one after, and how far it is
    known that none came; None where there is none."""

    before: datetime | None
    after: datetime | None
    until: datetime


def coarsest(at_us: NDArray[np.int64], gap_s: float, bucket_s: float) -> float:
    """From how many seconds on there is a gap between two neighbouring points, where each may stand for all
    readings of `bucket_s`, or, where only the headers of chunks were read, for a part of a chunk."""
    usual = float(np.percentile(np.diff(at_us), 90)) / 1e6 if len(at_us) > 2 else 0.0
    thinned = COARSE * usual if usual <= CHUNK_PX * bucket_s else 0.0
    return max(gap_s, 2 * bucket_s, thinned)


def gaps(at_us: NDArray[np.int64], gap_s: float, around: Around) -> list[tuple[datetime, datetime | None]]:
    """Stretches (UTC) longer than `gap_s` with no reading in them, in order; the last one is open (None)
    where none has come since."""
    known: list[int] = [to_us(around.before)] if around.before is not None else []
    late: list[int] = [to_us(around.after)] if around.after is not None else []
    times: NDArray[Any] = np.concatenate((known, at_us, late)).astype(np.int64)
    if not len(times):
        return []
    gap_us = gap_s * 1e6
    found = np.flatnonzero(np.diff(times) > gap_us)
    closed = [(from_us(int(times[n])), from_us(int(times[n + 1]))) for n in found]
    open_end = around.after is None and to_us(around.until) - times[-1] > gap_us
    return [*closed, (from_us(int(times[-1])), None)] if open_end else [*closed]


def silences(found: list[tuple[datetime, datetime | None]], now: datetime, zone: ZoneInfo) -> list[Episode]:
    """Gaps as episodes: no readings 02:10-07:45."""
    return [
        Episode(begin, max(end or now, begin), silence_words(begin, end, now, zone), Kind.SILENT)
        for begin, end in found
    ]


def silence_words(begin: datetime, end: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """Over more than a day, the days are said as well."""
    short = (end or now) - begin < SHORT
    if end is None:
        time = hm(begin, zone) if short else _when(begin, zone)
        return _("no readings since {time}").format(time=time)
    first, last = (hm(each, zone) if short else _when(each, zone) for each in (begin, end))
    return _("no readings {begin} to {end}").format(begin=first, end=last)


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{day(at, zone)} {hm(at, zone)}"
