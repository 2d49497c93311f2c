"""What happens when measurements arrive."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.progress import Progress
from gis.sensors import quality
from gis.sensors.alarms import run
from gis.sensors.feeds.feed import Batch
from gis.store import Store, Tx
from gis.store.readings.rejects import Rejected
from gis.texts import _

STEP = 5_000  # readings judged and stored in one step
_BREATH_S = 0.005  # between two steps: whoever waits to write comes in


def take_in(store: Store, batch: Batch, author: str, progress: Progress) -> int:
    """Store what a feed gave, of any size, in steps of bounded size; returns how many alarms it moved.

    Lines that were no readings are kept as they came. Not for the thread of a window, and best not for the
    one that all other writes wait for. Stopped or killed between two steps, what was stored stays; the rest
    is new when the source is read again. Raises `UserError` as `ingest` does, and `Cancelled`.
    """
    ordered = sorted(batch.readings, key=lambda reading: reading.at)
    moved: set[str] = set()
    for start in range(0, len(ordered), STEP):
        progress.step(start, len(ordered), _("Taking in readings"))
        part = ordered[start : start + STEP]
        alarms = store.write(_("Readings"), lambda tx, part=part: ingest(tx, part), author)
        moved.update(alarm.id for alarm in alarms)
        time.sleep(_BREATH_S)
    if batch.rejected:
        store.write(_("Readings"), lambda tx: _set_aside(tx, batch), author)
    return len(moved)


def _set_aside(tx: Tx, batch: Batch) -> None:
    tx.reject_all([Rejected(tx.at, r.source, r.line, r.raw, r.reason) for r in batch.rejected])


def ingest(tx: Tx, batch: Sequence[Reading]) -> list[Alarm]:
    """Store a batch of readings and the alarms it moves, in one breath. Returns those alarms.

    Readings may come twice, late or out of order. Raises `UserError` when a value is not a finite
    number, and then keeps nothing: whoever reads a feed sets such lines aside first.
    """
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
