"""Where a value is going, and when it would be at a limit if it went on so. Pure.

The slope is the median of the slopes between all pairs of readings (Theil 1950, Sen, J. Am. Stat. Assoc. 63,
1968): a quarter of the readings may be wrong and it still holds. Its band is Sen's, by the variance of
Kendall's tau.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.model.record import Quality, to_us
from gis.store.readings.chunks import Series

LOOK_BACK = timedelta(hours=1)
FEWEST, MOST = 5, 120  # readings a slope is told from; of more, so many are taken, evenly
HORIZON = timedelta(hours=6)  # nobody can say from an hour what comes after that
_BAND = 1.645  # standard deviations: nine times in ten the true slope lies within
_HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Trend:
    """`value` where the readings are at the last of them, `at_us` (microseconds UTC), in the sensor's unit;
    `slope` per hour, and between which `low` and `high` it lies nine times in ten."""

    at_us: int
    value: float
    slope: float
    low: float
    high: float

    def until(self, limit: float, now: datetime) -> "Arrival | None":
        """In what time from `now` (UTC) a limit above would be reached; None when it is not rising towards it
        within the horizon, or would have reached it by now."""
        away, gone = limit - self.value, timedelta(microseconds=to_us(now) - self.at_us)
        likely = _hours(away, self.slope)
        if likely is None or likely <= gone:
            return None
        soonest, latest = _hours(away, self.high) or likely, _hours(away, self.low)
        return Arrival(max(soonest - gone, timedelta(0)), likely - gone, latest and latest - gone)


@dataclass(frozen=True, slots=True)
class Arrival:
    """So long until a limit is reached: at the soonest, likely, and at the latest; `latest` is None where it
    may not be reached within the horizon at all."""

    soonest: timedelta
    likely: timedelta
    latest: timedelta | None


def trend(series: Series) -> Trend | None:
    """The trend of the good readings in the hour before the last one; None while there are too few."""
    good = series.quality == int(Quality.GOOD)
    at_us, value = series.at_us[good], series.value[good]
    recent = at_us >= at_us[-1] - LOOK_BACK // timedelta(microseconds=1) if len(at_us) else good[:0]
    at_us, value = at_us[recent], value[recent]
    if len(at_us) > MOST:
        some = np.linspace(0, len(at_us) - 1, MOST).astype(np.int64)
        at_us, value = at_us[some], value[some]
    if len(at_us) < FEWEST:
        return None
    hours = (at_us - at_us[-1]) / _HOUR_US
    slopes = _slopes(hours, value)
    if not len(slopes):
        return None
    slope = float(np.median(slopes))
    low, high = _band(slopes, len(hours))
    return Trend(int(at_us[-1]), float(np.median(value - slope * hours)), slope, low, high)


def _slopes(hours: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Between all pairs, ascending."""
    first, second = np.triu_indices(len(hours), 1)
    apart = hours[second] - hours[first]
    there = apart > 0
    return np.sort((value[second] - value[first])[there] / apart[there])


def _band(slopes: NDArray[np.float64], readings: int) -> tuple[float, float]:
    spread = _BAND * np.sqrt(readings * (readings - 1) * (2 * readings + 5) / 18)
    low = int(np.floor((len(slopes) - spread) / 2)) - 1
    high = int(np.ceil((len(slopes) + spread) / 2))
    return float(slopes[max(low, 0)]), float(slopes[min(high, len(slopes) - 1)])


def _hours(away: float, slope: float) -> timedelta | None:
    """How long the way up takes; None where there is none, or it leads down or beyond the horizon."""
    if away <= 0 or slope <= 0 or away > slope * (HORIZON / timedelta(hours=1)):
        return None
    return timedelta(hours=away / slope)
