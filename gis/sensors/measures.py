"""What limits are compared with: values, rises, sums and doubts as a course of numbers. Pure, arrays only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.model.sensor import Measure, Sensor
from gis.store.readings.chunks import Series

_SECOND_US = 1_000_000
_HOUR_US = 3_600 * _SECOND_US
_DIGITS = 6
_MISSED = 3  # reports, after which what fell meanwhile is not known


@dataclass(frozen=True, slots=True)
class Gauging:
    """How something is measured: by which sensor, as what, over how many seconds."""

    sensor: Sensor
    measure: Measure = Measure.VALUE
    window_s: int = 0

    @property
    def reach_us(self) -> int:
        """How far back readings are needed to know the measure at one instant."""
        return self.window_s * _SECOND_US + _MISSED * self.sensor.expected_every_s * _SECOND_US


def believed(series: Series) -> Series:
    """Readings by time and value without the doubtful ones; of an instant the greatest."""
    good = series.take(series.quality == 0) if series.quality.any() else series
    again = good.at_us[1:] == good.at_us[:-1]
    return good.take(np.append(~again, True)) if again.any() else good


def measured(gauging: Gauging, series: Series) -> Series:
    """The measure at each reading that tells it, no two at one instant; `series` is by time and value.

    VALUE the reading, RISE per hour, SUM in the sensor's unit of amount, DOUBT in reports. SILENCE is 0 at
    each report: it grows by the clock, not by readings.
    """
    match gauging.measure:
        case Measure.VALUE:
            return believed(series)
        case Measure.RISE:
            return _rise(believed(series), gauging.window_s * _SECOND_US)
        case Measure.SUM:
            return _sum(gauging, believed(series))
        case Measure.SILENCE:
            return _reported(series)
        case Measure.DOUBT:
            return _doubts(series)


def _rise(good: Series, window_us: int) -> Series:
    """The change since the oldest reading in the window; known once that lies back half of it."""
    oldest = np.searchsorted(good.at_us, good.at_us - window_us)
    span = good.at_us - good.at_us[oldest]
    known = (2 * span >= window_us) & (span > 0)
    change = good.value[known] - good.value[oldest[known]]
    return _course(good.at_us[known], change * _HOUR_US / span[known])


def _sum(gauging: Gauging, good: Series) -> Series:
    """What fell in the window that ends with each reading: amounts as they are; intensities (per hour) for as
    long as each may speak for, which is no longer than three reports."""
    amount = good.value
    if gauging.sensor.unit.endswith("/h") and len(good):
        every = gauging.sensor.expected_every_s * _SECOND_US
        spans = np.diff(good.at_us, prepend=good.at_us[0] - every)
        amount = amount * np.minimum(spans, _MISSED * every) / _HOUR_US
    total = np.append(0.0, np.cumsum(amount))
    first = np.searchsorted(good.at_us, good.at_us - gauging.window_s * _SECOND_US, "right")
    return _course(good.at_us, total[1:] - total[first])


def _reported(series: Series) -> Series:
    at_us = distinct(series.at_us)
    return _course(at_us, np.zeros(len(at_us)))


def _doubts(series: Series) -> Series:
    """How many reports in a row were doubtful; an instant with one good value is good."""
    at_us = distinct(series.at_us)
    good = np.zeros(len(at_us), np.bool_)
    good[np.searchsorted(at_us, series.at_us[series.quality == 0])] = True
    return _course(at_us, in_a_row(~good).astype(np.float64))


def distinct(at_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Instants in order, each once."""
    return at_us[np.append(True, at_us[1:] != at_us[:-1])[: len(at_us)]]


def in_a_row(holds: NDArray[np.bool_]) -> NDArray[np.int64]:
    """At each place, how many up to it hold without a break."""
    number = np.arange(1, len(holds) + 1)
    return number - np.maximum.accumulate(np.where(holds, 0, number)) if len(holds) else number


def _course(at_us: NDArray[np.int64], value: NDArray[np.float64]) -> Series:
    """Rounded far below what any instrument tells: 60.0 mm of many small amounts are 60.0."""
    return Series(at_us, np.round(value, _DIGITS), np.zeros(len(at_us), np.uint8))
