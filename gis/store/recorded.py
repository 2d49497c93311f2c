"""What can be asked about readings; the half of a `Query` that looks into their file."""

from datetime import datetime

from gis.model.record import Reading, to_us
from gis.store import rejects
from gis.store.chunks import Series
from gis.store.rejects import Rejected
from gis.store.series import Sight


def _us(at: datetime | None) -> int | None:
    return None if at is None else to_us(at)


class Recorded:
    """Readings at one moment. `readings` is that look into their file."""

    def __init__(self, readings: Sight) -> None:
        self._readings = readings

    def series(self, sensor_id: str, since: datetime | None = None, until: datetime | None = None) -> Series:
        """One sensor's readings in [since, until], by time, and by value where they share an instant.

        Raises `UserError` when a part of them is damaged on the disk.
        """
        return self._readings.read(sensor_id, _us(since), _us(until))

    def latest(self, at: datetime | None = None) -> dict[str, Reading]:
        """The newest reading of each sensor, by sensor id; with `at`, the newest of that time or before.

        A reading from the future (`Quality.CLOCK`) is never the newest. Of two values for one instant it is
        the greater one, in whatever order they came.
        """
        return self._readings.latest() if at is None else self._readings.latest_at(to_us(at))

    def rejected(self, source: str | None = None, limit: int = 200) -> list[Rejected]:
        """Lines that could not be taken as readings, newest first; of one source when it is named."""
        return rejects.newest(self._readings.connection, source, limit)

    def reject_counts(self) -> dict[str, int]:
        """How many lines of each source were ever set aside; more than are kept."""
        return rejects.counts(self._readings.connection)
