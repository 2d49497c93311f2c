"""What happens when measurements arrive."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from gis.errors import UserError
from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.sensors import quality
from gis.sensors.alarms import run
from gis.store import Tx
from gis.texts import _


def ingest(tx: Tx, batch: Sequence[Reading]) -> list[Alarm]:
    """Store a batch of readings and the alarms it moves, in one breath. Returns those alarms.

    Readings may come twice, late or out of order. Raises `UserError` when a value is not a finite
    number, and then keeps nothing: whoever reads a feed sets such lines aside first.
    """
    if not all(math.isfinite(reading.value) for reading in batch):
        raise UserError(
            _("A reading is not a number."), hint=_("Nothing of this batch was stored. Check the source.")
        )
    sensors = {sensor.id: sensor for sensor in tx.find(Sensor)}
    tx.append(quality.marked(sensors, batch, tx.at, _past(tx, sensors, batch)))
    return catch_up(tx, {reading.sensor_id for reading in batch})


def _past(tx: Tx, sensors: Mapping[str, Sensor], batch: Sequence[Reading]) -> dict[str, list[Reading]]:
    """What the sensors of a batch said before it, as far back as a judgement needs."""
    first: dict[str, datetime] = {}
    for reading in batch:
        first[reading.sensor_id] = min(reading.at, first.get(reading.sensor_id, reading.at))
    known = [sensors[sensor_id] for sensor_id in first if sensor_id in sensors]
    return tx.tail({sensor.id: first[sensor.id] - quality.memory(sensor) for sensor in known})


def catch_up(tx: Tx, sensor_ids: Iterable[str] | None = None) -> list[Alarm]:
    """Let the alarm rules see every reading they have not seen yet; of all sensors when none are named.

    Readings of an instrument that is not set up here wait until it is.
    """
    known = {sensor.id for sensor in tx.find(Sensor)}
    wanted = known if sensor_ids is None else known.intersection(sensor_ids)
    unjudged = tx.unjudged(sorted(wanted))
    standing = {alarm.rule_id: alarm for alarm in tx.find(Alarm, returned_at=None)}
    moved = [
        tx.put(alarm)
        for rule in tx.find(AlarmRule, void=None)
        for alarm in run(rule, standing.get(rule.id), unjudged.get(rule.sensor_id, ()))
    ]
    # a time from the future must not hide what is still to come
    seen = [r for readings in unjudged.values() for r in readings if not r.quality & Quality.CLOCK]
    tx.judge({reading.sensor_id: reading.at for reading in seen})
    return moved
