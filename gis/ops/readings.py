"""What happens when measurements arrive."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from gis.model.record import Reading, Readings
from gis.model.sensor import Alarm
from gis.ops import hazards
from gis.ops.limits import Heard, compared
from gis.ops.watch import Posted, Watch, recall
from gis.progress import Progress
from gis.sensors.feeds.feed import Batch
from gis.sensors.quality import BLANK, TRACE, Gauges, Judged, Trace, marked
from gis.store import Store, Tx
from gis.store.readings.rejects import Rejected
from gis.store.readings.series import in_columns
from gis.store.readings.tail import NEVER
from gis.texts import _

STEP = 5_000  # readings judged and stored in one step
_BREATH_S = 0.005  # between two steps: whoever waits to write comes in


def take_in(store: Store, batch: Batch, author: str, progress: Progress, watch: Watch | None = None) -> int:
    """Store what a feed gave, of any size, in steps of bounded size; returns how many alarms it moved.

    Lines that were no readings are kept as they came. Not for the thread of a window, and best not for the
    one that all other writes wait for. Stopped or killed between two steps, what was stored stays; the rest
    is new when the source is read again. Raises `UserError` as `ingest` does, and `Cancelled`.
    """
    watch = watch or Watch()
    ordered = sorted(batch.readings, key=lambda reading: reading.at)
    moved: set[str] = set()
    for start in range(0, len(ordered), STEP):
        progress.step(start, len(ordered), _("Taking in readings"))
        part = ordered[start : start + STEP]
        alarms = store.write(_("Readings"), lambda tx, part=part: ingest(tx, part, watch), author)
        moved.update(alarm.id for alarm in alarms)
        time.sleep(_BREATH_S)
    if batch.rejected:
        store.write(_("Readings"), lambda tx: _set_aside(tx, batch), author)
    hazards.take_in(store, batch.hazards, author)
    return len(moved)


def _set_aside(tx: Tx, batch: Batch) -> None:
    tx.reject_all([Rejected(tx.at, r.source, r.line, r.raw, r.reason) for r in batch.rejected])


def ingest(tx: Tx, batch: Sequence[Reading] | Readings, watch: Watch | None = None) -> list[Alarm]:
    """Store a batch of readings and the alarms it moves, in one breath. Returns those alarms.

    Readings may come twice, late or out of order. What came late is compared with the limits as well, and
    rings when it is over one and nothing newer says that it is over (`limits.compared`). `watch` remembers
    from batch to batch what would otherwise be read again. Raises `UserError` when a value is not a finite
    number, and then keeps nothing: whoever reads a feed sets such lines aside first.
    """
    columns = batch if isinstance(batch, Readings) else Readings.of(batch)
    if not len(columns):
        return []
    watch = watch or Watch()
    posted, kept, before = watch.posted(tx), watch.kept(tx), tx.sight.appended()
    columns = columns.take(np.lexsort((columns.at_us, columns.which)))
    traces = _traces(tx, posted, kept, columns.sensors)
    gauges = Gauges.of(posted.sensors.get(sensor_id) for sensor_id in columns.sensors)
    judged = marked(gauges, columns, tx.at, traces)
    new = tx.append(judged.readings)
    moved = compared(tx, posted, _heard(tx, posted, kept, judged.readings, new))
    left = zip(columns.sensors, judged.trace.tolist(), strict=True)
    told = {sensor_id: trace for sensor_id, trace in left if sensor_id in posted.sensors}
    watch.learn(tx, before, told, _unsure(judged, len(new)))
    return moved


def _traces(tx: Tx, posted: Posted, kept: Mapping[str, Any], sensor_ids: Sequence[str]) -> Trace:
    """What these sensors have said before, one row each; blank for those that are not set up."""
    missing = [posted.sensors[key] for key in sensor_ids if key in posted.sensors and key not in kept]
    found = recall(tx, missing)
    return np.array([kept.get(key) or found.get(key, BLANK) for key in sensor_ids], TRACE)


def _unsure(judged: Judged, new: int) -> set[str]:
    """The sensors whose traces may not be what would be recalled: readings came late or twice."""
    names = judged.readings.sensors
    if new < len(judged.readings):
        return set(names)
    return {names[n] for n in np.flatnonzero(judged.passed_over).tolist()}


def _heard(tx: Tx, posted: Posted, kept: Mapping[str, Any], batch: Readings, new: Readings) -> Heard:
    """What the rules have not seen yet of the sensors of a batch, and what of the batch came late."""
    seen = tx.judged()
    until = {key: seen.get(key, NEVER) for key in batch.sensors}
    until_us = np.array([*until.values()], np.int64)
    posted_here = np.array([key in posted.sensors for key in batch.sensors], np.bool_)
    kept_here = posted_here & np.array([key in kept for key in batch.sensors], np.bool_)
    late = batch.take(posted_here[batch.which] & (batch.at_us <= until_us[batch.which]))
    fresh = new.take(kept_here[new.which] & (new.at_us > until_us[new.which]))
    others = [batch.sensors[n] for n in np.flatnonzero(posted_here & ~kept_here).tolist()]
    unseen = in_columns(batch.sensors, tx.sight.after({key: until[key] for key in others}))
    return Heard(fresh + unseen, late, seen)


def catch_up(tx: Tx, sensor_ids: Iterable[str] | None = None) -> list[Alarm]:
    """Let the alarm rules see every reading they have not seen yet; of all sensors when none are named.

    Readings of an instrument that is not set up here wait until it is.
    """
    posted = Watch().posted(tx)
    wanted = sorted(posted.sensors if sensor_ids is None else posted.sensors.keys() & set(sensor_ids))
    seen = tx.judged()
    unseen = in_columns(wanted, tx.sight.after({key: seen.get(key, NEVER) for key in wanted}))
    return compared(tx, posted, Heard(unseen, unseen.take([]), seen))
