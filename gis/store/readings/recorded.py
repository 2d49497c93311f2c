"""What can be asked about readings; the half of a `Query` that looks into their file."""

from datetime import datetime

from gis.model.record import Reading, from_us, to_us
from gis.store.readings import near, rejects
from gis.store.readings.chunks import Series
from gis.store.readings.rejects import Rejected
from gis.store.readings.series import Sight


def _us(at: datetime | None) -> int | None:
    return None if at is None else to_us(at)


class Recorded:
    """Readings at one moment. `sight` is that look into their file."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight

    def series(self, sensor_id: str, since: datetime | None = None, until: datetime | None = None) -> Series:
        """One sensor's readings in [since, until], by time, and by value where they share an instant.

        Raises `UserError` when a part of them is damaged on the disk.
        """
        return self.sight.read(sensor_id, _us(since), _us(until))

    def thinned(self, sensor_id: str, since: datetime | None, until: datetime | None, points: int) -> Series:
        """About `points` of a sensor's readings in [since, until] that draw the same line as all of them.

        Extremes, doubts, gaps, the first and the last stay (`thin.thinned`).
        """
        return self.sight.thinned(sensor_id, _us(since), _us(until), points)

    def reached(self, sensor_id: str) -> tuple[datetime, datetime] | None:
        """When a sensor's first and last readings were; None where it has none."""
        found = near.reach(self.sight, sensor_id)
        return found and (from_us(found[0]), from_us(found[1]))

    def beside(
        self, sensor_id: str, since: datetime, until: datetime
    ) -> tuple[datetime | None, datetime | None]:
        """When a sensor's last reading before `since` was, and its first after `until`."""
        before, after = near.beside(self.sight, sensor_id, to_us(since), to_us(until))
        return None if before is None else from_us(before), None if after is None else from_us(after)

    def latest(self, at: datetime | None = None) -> dict[str, Reading]:
        """The newest reading of each sensor, by sensor id; with `at`, the newest of that time or before.

        A reading from the future (`Quality.CLOCK`) is never the newest. Of two values for one instant it is
        the greater one, in whatever order they came.
        """
        return self.sight.latest() if at is None else self.sight.latest_at(to_us(at))

    def rejected(self, source: str | None = None, limit: int = 200) -> list[Rejected]:
        """Lines that could not be taken as readings, newest first; of one source when it is named."""
        return rejects.newest(self.sight.connection, source, limit)

    def reject_counts(self) -> dict[str, int]:
        """How many lines of each source were ever set aside; more than are kept."""
        return rejects.counts(self.sight.connection)
