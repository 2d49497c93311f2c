"""What fell: from reports of amounts or of intensities to sums over any stretch of time. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.model.record import Quality, to_us
from gis.model.sensor import Sensor
from gis.store.readings.chunks import Series

_HOUR_US = 3_600_000_000


def is_intensity(unit: str) -> bool:
    """True of mm/h and its like: a reading is how hard it fell, not how much."""
    return unit.replace(" ", "").lower().endswith(("/h", "/hr", "ph"))


def fallen(sensor: Sensor, series: Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """When (microseconds UTC) and how much fell up to each good reading since the one before.

    An intensity counts for the time since the reading before it, at most for the expected interval: nobody
    knows what fell while the gauge was silent.
    """
    good = series.quality == int(Quality.GOOD)
    at_us, value = series.at_us[good], np.maximum(series.value[good], 0.0)
    if not is_intensity(sensor.unit):
        return at_us, value
    expected_us = sensor.expected_every_s * 1_000_000
    passed = np.minimum(np.diff(at_us, prepend=at_us[:1] - expected_us), expected_us)
    return at_us, value * passed / _HOUR_US


def sums(sensor: Sensor, series: Series, until: datetime, windows: Sequence[timedelta]) -> list[float]:
    """How much fell in each of the windows that end at `until` (UTC), begin excluded."""
    at_us, amount = fallen(sensor, series)
    end = to_us(until)
    return [
        float(amount[(at_us > end - window // timedelta(microseconds=1)) & (at_us <= end)].sum())
        for window in windows
    ]


def binned(
    at_us: NDArray[np.int64], amount: NDArray[np.float64], edges_us: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The sum of the amounts between each two edges, the later one included: what fell up to then."""
    bounds = np.searchsorted(at_us, edges_us, "right")
    total = np.concatenate(([0.0], np.cumsum(amount)))
    return total[bounds[1:]] - total[bounds[:-1]]
