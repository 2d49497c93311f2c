"""Measurements of stations elsewhere, each bound to an instrument here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from gis.model.hazard import HazardMessage
from gis.model.record import Quality, Reading
from gis.model.sensor import Sensor
from gis.sensors.feeds.document import measured, raw
from gis.sensors.feeds.feed import Batch, Reject
from gis.sensors.feeds.strict import moment
from gis.sensors.units import converted
from gis.texts import _

_AHEAD = timedelta(minutes=5)


@dataclass(slots=True)
class Sheet:
    """The answers of one server on their way into a batch: what is true up to `until` (UTC), and the rest."""

    server: str
    until: datetime
    readings: list[Reading] = field(default_factory=list[Reading])
    rejected: list[Reject] = field(default_factory=list[Reject])
    hazards: list[HazardMessage] = field(default_factory=list[HazardMessage])

    def batch(self) -> Batch:
        """All that was taken."""
        return Batch(tuple(self.readings), tuple(self.rejected), tuple(self.hazards))

    def take(self, sensor: Sensor, unit: str, told: tuple[Any, Any], whole: Any) -> None:
        """One measurement, `told` as time and value in `unit`; or the `whole` of it, set aside."""
        time, value = told
        try:
            if not isinstance(time, str):
                raise ValueError(_("There is no time where one should be."))
            at = moment(time, UTC)
            self.check_past(at)
            self.readings.append(_reading(sensor, at, measured(value), unit))
        except ValueError as error:
            self.reject(whole, str(error))

    def check_past(self, at: datetime) -> None:
        """Raises ValueError for a time more than 5 minutes after `until`."""
        if at > self.until + _AHEAD:
            raise ValueError(_("The time lies in the future: check the clock of this instrument."))

    def reject(self, whole: Any, reason: str) -> None:
        self.rejected.append(Reject(self.server, len(self.rejected) + 1, raw(whole), reason))


def _reading(sensor: Sensor, at: datetime, value: float, unit: str) -> Reading:
    """In the sensor's unit; as it came, and marked, where there is no exact way from one to the other."""
    if not unit:
        return Reading(sensor.id, at, value)
    try:
        ours = converted(value, unit, sensor.unit)
    except OverflowError as error:
        raise ValueError(_("The number is too large to be a measurement.")) from error
    return Reading(sensor.id, at, value, Quality.UNIT) if ours is None else Reading(sensor.id, at, ours)
