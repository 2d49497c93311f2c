"""What can be doubted about a single reading at first sight."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gis.model.record import Quality, Reading
from gis.model.sensor import Sensor

_AHEAD = timedelta(minutes=5)


def marked(sensors: Mapping[str, Sensor], batch: Sequence[Reading], now: datetime) -> list[Reading]:
    """The readings, with doubts added: outside the instrument's range, or over 5 minutes in the future."""
    return [replace(r, quality=r.quality | _doubt(sensors.get(r.sensor_id), r, now)) for r in batch]


def _doubt(sensor: Sensor | None, reading: Reading, now: datetime) -> Quality:
    doubt = Quality.CLOCK if reading.at - now > _AHEAD else Quality.GOOD
    if sensor is None:
        return doubt
    below = sensor.low is not None and reading.value < sensor.low
    above = sensor.high is not None and reading.value > sensor.high
    return doubt | Quality.RANGE if below or above else doubt
