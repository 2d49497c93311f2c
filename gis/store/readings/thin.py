"""Fewer points that look the same: a chart has some two thousand columns of pixels, five years millions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.store.readings.chunks import EMPTY, Series, merged

MOST_CHUNKS = 1000  # more than these are not opened: their headers are enough for any screen


def thinned(series: Series, since: int, until: int, points: int) -> Series:
    """About `points` readings of a series that lies in [since, until] (microseconds); all when it has fewer.

    The span is cut into `points / 2` buckets. Of each stay the least and the greatest good reading, and the
    least and the greatest doubtful one, which then carry all doubts of their bucket; so a doubt is never lost
    and never hides a good extreme. The first and the last reading stay, and both sides of every gap that is
    longer than a bucket.
    """
    if len(series) <= points:
        return series
    edges = np.linspace(since, until, max(points // 2, 1) + 1).astype(np.int64)
    edges[0], edges[-1] = since, until + 1
    keep = np.zeros(len(series), np.bool_)
    keep[[0, -1]] = True
    gaps = np.flatnonzero(np.diff(series.at_us) > edges[1] - edges[0])
    keep[gaps] = keep[gaps + 1] = True
    quality = series.quality
    if quality.any():
        quality = quality.copy()
        good, doubtful = np.flatnonzero(quality == 0), np.flatnonzero(quality)
        keep[_extremes(series, good, edges)[0]] = True
        marked, buckets = _extremes(series, doubtful, edges)
        keep[marked] = True
        starts, rank = np.unique(buckets, return_inverse=True)
        flags = np.bitwise_or.reduceat(series.quality[doubtful], starts)
        quality[marked] = flags[rank]
    else:
        keep[_extremes(series, slice(None), edges)[0]] = True
    return Series(series.at_us[keep], series.value[keep], quality[keep])


def _extremes(
    series: Series, which: Any, edges: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of the readings `which`: the indices of the least and the greatest of each bucket, and where among
    them its bucket starts."""
    at_us, value = series.at_us[which], series.value[which]
    bounds = np.searchsorted(at_us, edges)
    full = np.flatnonzero(np.diff(bounds))
    starts, stops = bounds[full], bounds[full + 1]
    spans = list(zip(starts.tolist(), stops.tolist(), strict=True))
    least = np.array([start + int(value[start:stop].argmin()) for start, stop in spans], np.intp)
    greatest = np.array([start + int(value[start:stop].argmax()) for start, stop in spans], np.intp)
    found = np.concatenate((least, greatest))
    if not isinstance(which, slice):
        found = which[found]
    return found, np.concatenate((starts, starts))


def outlined(headers: NDArray[Any]) -> Series:
    """What headers of chunks say of their readings: each its extremes, and its first doubtful one.

    `headers` has the rows (tmin, vmin, tmax, vmax, tdoubt, vdoubt, doubt) as floats, NaN for nothing.
    """
    tmin, vmin, tmax, vmax, tdoubt, vdoubt, doubt = headers.T
    at, value = np.concatenate((tmin, tmax, tdoubt)), np.concatenate((vmin, vmax, vdoubt))
    flags = np.concatenate((np.zeros(2 * len(headers)), doubt))
    there = ~np.isnan(at)
    said = Series(at[there].astype(np.int64), value[there], flags[there].astype(np.uint8))
    return merged(EMPTY, said)
