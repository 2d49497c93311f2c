"""Recorded readings, released as their time comes."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from gis.model.record import Reading
from gis.sensors.feeds.feed import Batch, Link


class Replay:
    """Plays a recording: each poll gives what was measured since the last one, up to `until` (a `Feed`)."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = sorted(readings, key=lambda reading: (reading.at, reading.sensor_id))
        self._times = [reading.at for reading in self._readings]
        self._given = self._before = 0

    def poll(self, until: datetime) -> Batch:
        self._before = self._given
        self._given = max(self._before, bisect_right(self._times, until))
        return Batch(tuple(self._readings[self._before : self._given]))

    def kept(self) -> None:
        """What the last poll gave is on the disk."""
        self._before = self._given

    def reread(self) -> None:
        """What the last poll gave could not be kept: the next one gives it again."""
        self._given = self._before

    def close(self) -> None:
        """A recording is not held."""

    @property
    def link(self) -> Link:
        """Ended once all of it is on the disk."""
        return Link.CONNECTED if self._before < len(self._times) else Link.ENDED

    @property
    def trouble(self) -> str:
        return ""

    @property
    def next_at(self) -> datetime | None:
        """When the next reading is due; None at the end of the recording."""
        return self._times[self._given] if self._given < len(self._times) else None
