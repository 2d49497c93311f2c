"""The same judgements, one reading after another: a model that shares no code with the arrays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gis.model import record
from gis.model.record import Reading
from gis.model.sensor import Alarm, Quantity

AHEAD = timedelta(minutes=5)
STUCK, SILENCE, JUMP = 18, 3, 0.25
EPOCHS = [datetime(*day, tzinfo=UTC) for day in ((1970, 1, 1), (1980, 1, 6), (2000, 1, 1))]
AWAKE = timedelta(days=2)


class Quality:
    """What each gauge said lately, batch after batch."""

    def __init__(self, sensors):
        self._traces = {sensor.id: _Trace(sensor) for sensor in sensors}

    def judged(self, batch: list[Reading], now):
        """By sensor, in the order they were named, and time."""
        found = []
        for key, trace in self._traces.items():
            mine = sorted((r for r in batch if r.sensor_id == key), key=lambda r: r.at)
            found += [trace.judged(reading, now) for reading in mine]
        return found


class _Trace:
    def __init__(self, sensor):
        self.sensor, self.last, self.believed, self.since = sensor, None, None, None
        self.stuck = False

    def judged(self, reading, now):
        flags = record.Quality(0)
        if reading.at - now > AHEAD:
            flags |= record.Quality.CLOCK
        if any(epoch <= reading.at < epoch + AWAKE for epoch in EPOCHS):
            flags |= record.Quality.CLOCK
        if not self.sensor.low <= reading.value <= self.sensor.high:
            flags |= record.Quality.RANGE
        late = self.last is not None and reading.at <= self.last.at
        moves = self.sensor.quantity is Quantity.LEVEL
        if flags or late or not (moves or self.sensor.step):
            return replace(reading, quality=flags)
        if self.is_spike(reading):
            flags |= record.Quality.STEP if self.sensor.step else record.Quality.SPIKE
        same = (
            self.last is not None and self.last.value == reading.value and not self.silent(self.last, reading)
        )
        self.since = self.since if same else reading.at
        stuck = same and (self.stuck or reading.at - self.since >= STUCK * self.every)
        if stuck and moves and reading.value > self.sensor.low:
            flags |= record.Quality.STUCK
        self.stuck = record.Quality.STUCK in flags
        self.last = reading
        if not flags & (record.Quality.SPIKE | record.Quality.STEP):
            self.believed = reading
        return replace(reading, quality=flags)

    @property
    def every(self):
        return timedelta(seconds=self.sensor.expected_every_s)

    def silent(self, before, after):
        return after.at - before.at > SILENCE * self.every

    def is_spike(self, reading):
        if self.believed is None or self.silent(self.believed, reading):
            return False
        far = self.sensor.step or JUMP * (self.sensor.high - self.sensor.low)
        return all(abs(reading.value - each.value) > far for each in (self.believed, self.last))


def step(rule, alarm, reading):
    """The alarm after one more reading in order of time; None while nothing is wrong."""
    if reading.quality:
        return alarm
    if alarm is None or alarm.returned_at is not None:
        if rule.void or reading.value < rule.raise_at:
            return alarm
        fresh = Alarm(
            rule_id=rule.id,
            sensor_id=rule.sensor_id,
            severity=rule.severity,
            since=reading.at,
            peak=reading.value,
        )
        return fresh if rule.hold_s else replace(fresh, raised_at=reading.at)
    if reading.at < alarm.since:
        return alarm
    if reading.value < rule.clear_below:
        return replace(alarm, returned_at=reading.at)
    held = not rule.void and reading.at - alarm.since >= timedelta(seconds=rule.hold_s)
    raised_at = reading.at if alarm.raised_at is None and held else alarm.raised_at
    return replace(alarm, peak=max(alarm.peak, reading.value), raised_at=raised_at)


def run(rule, alarm, readings):
    """The last state of each alarm these readings (oldest first) start or move, in order of beginning."""
    moved = {}
    for reading in readings:
        after = step(rule, alarm, reading)
        if after is not None and after != alarm:
            moved[after.id] = after
        alarm = after
    return list(moved.values())
