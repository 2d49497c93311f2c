"""What can be doubted about a reading when it arrives. Pure: the past is handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gis.model.record import Quality, Reading
from gis.model.sensor import Quantity, Sensor

_AHEAD = timedelta(minutes=5)
_STUCK_AFTER = 18  # reports of the very same value: 3 hours of a gauge reporting every 10 minutes
_SILENCE = 3  # reports missed, after which what came before proves nothing
_JUMP = 0.25  # of what the instrument can measure, from one report to the next


def memory(sensor: Sensor) -> timedelta:
    """How far back `marked` looks to judge a reading of this sensor."""
    if sensor.quantity is not Quantity.LEVEL:
        return timedelta(0)
    return timedelta(seconds=2 * _STUCK_AFTER * sensor.expected_every_s)


def marked(
    sensors: Mapping[str, Sensor],
    batch: Sequence[Reading],
    now: datetime,
    past: Mapping[str, Sequence[Reading]],
) -> list[Reading]:
    """The readings with their doubts added, by sensor and in order of time.

    Every instrument: out of its range, or over 5 minutes in the future. Water levels also: the very same
    value for 18 reports (unless the gauge stands dry), and a jump over a quarter of the range that no
    second reading confirms. `past` holds the stored readings of each sensor, oldest first, back to
    `memory`; a reading older than those is late, and judged by itself alone.
    """
    by_sensor: dict[str, list[Reading]] = {}
    for reading in sorted(batch, key=lambda reading: reading.at):
        by_sensor.setdefault(reading.sensor_id, []).append(reading)
    return [
        reading
        for sensor_id, fresh in by_sensor.items()
        for reading in _judged(sensors.get(sensor_id), fresh, now, past.get(sensor_id, ()))
    ]


def _judged(
    sensor: Sensor | None, fresh: Sequence[Reading], now: datetime, past: Sequence[Reading]
) -> list[Reading]:
    fresh = [replace(r, quality=r.quality | _at_sight(sensor, r, now)) for r in fresh]
    if sensor is None or sensor.quantity is not Quantity.LEVEL:
        return fresh
    trace = _Trace(sensor)
    for reading in past:
        trace.remember(reading)
    return [trace.judge(reading) for reading in fresh]


def _at_sight(sensor: Sensor | None, reading: Reading, now: datetime) -> Quality:
    doubt = Quality.CLOCK if reading.at - now > _AHEAD else Quality.GOOD
    if sensor is None:
        return doubt
    below = sensor.low is not None and reading.value < sensor.low
    above = sensor.high is not None and reading.value > sensor.high
    return doubt | Quality.RANGE if below or above else doubt


@dataclass(slots=True)
class _Trace:
    """What a gauge has said lately: the last report, the last believed one, since when it has not moved."""

    sensor: Sensor
    last: Reading | None = None
    believed: Reading | None = None
    still_since: datetime | None = None

    def judge(self, reading: Reading) -> Reading:
        if reading.quality or (self.last is not None and reading.at <= self.last.at):
            return reading
        doubt = Quality.SPIKE if self._is_spike(reading) else Quality.GOOD
        doubt |= Quality.STUCK if self._is_stuck(reading) else Quality.GOOD
        reading = replace(reading, quality=doubt)
        self.remember(reading)
        return reading

    def remember(self, reading: Reading) -> None:
        if reading.quality & (Quality.RANGE | Quality.CLOCK):
            return
        if self.last is None or self.last.value != reading.value or self._after_silence(self.last, reading):
            self.still_since = reading.at
        self.last = reading
        if not reading.quality & Quality.SPIKE:
            self.believed = reading

    def _is_stuck(self, reading: Reading) -> bool:
        last, since = self.last, self.still_since
        if last is None or since is None or last.value != reading.value or self._after_silence(last, reading):
            return False
        if self.sensor.low is not None and reading.value <= self.sensor.low:
            return False
        span = timedelta(seconds=_STUCK_AFTER * self.sensor.expected_every_s)
        return bool(last.quality & Quality.STUCK) or reading.at - since >= span

    def _is_spike(self, reading: Reading) -> bool:
        if self.believed is None or self.last is None or self._after_silence(self.believed, reading):
            return False
        return self._is_jump(self.believed, reading) and self._is_jump(self.last, reading)

    def _is_jump(self, before: Reading, after: Reading) -> bool:
        low, high = self.sensor.low, self.sensor.high
        return low is not None and high is not None and abs(after.value - before.value) > _JUMP * (high - low)

    def _after_silence(self, before: Reading, after: Reading) -> bool:
        return after.at - before.at > timedelta(seconds=_SILENCE * self.sensor.expected_every_s)
