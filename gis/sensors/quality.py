"""What can be doubted about readings when they arrive. Pure: the past is handed in.

Arrays throughout: the readings of all instruments of a batch are judged together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.model.record import Quality, Readings, to_us
from gis.model.sensor import Quantity, Sensor
from gis.store.readings.tail import NEVER

_AHEAD = timedelta(minutes=5)
_STUCK_AFTER = 18  # reports of the very same value: 3 hours of a gauge reporting every 10 minutes
_SILENCE = 3  # reports missed, after which what came before proves nothing
_JUMP = 0.25  # of what the instrument can measure, from one report to the next
_SECOND_US = 1_000_000
_LOST = int(Quality.RANGE | Quality.CLOCK | Quality.UNIT)  # says nothing about what the gauge does
_FAR = int(Quality.SPIKE | Quality.STEP)
# Where clocks begin that have lost their time: of computers, of GPS receivers, of many loggers.
_EPOCHS = tuple(datetime(*day, tzinfo=UTC) for day in ((1970, 1, 1), (1980, 1, 6), (2000, 1, 1)))
_AWAKE = timedelta(days=2)  # so long after that somebody sets them right

# What a gauge has said lately: the last report, the last believed one, since when it has not moved, and
# whether that was too long. Times in microseconds UTC, NEVER where there is none.
TRACE = np.dtype(
    [
        ("last_us", np.int64),
        ("last", np.float64),
        ("believed_us", np.int64),
        ("believed", np.float64),
        ("still_us", np.int64),
        ("stuck", np.bool_),
    ]
)
BLANK = (NEVER, 0.0, NEVER, 0.0, NEVER, False)
Trace = NDArray[np.void]


def memory(sensor: Sensor) -> timedelta:
    """How far back from a sensor's newest reading its trace begins to tell all that `marked` needs."""
    reports = 2 * _STUCK_AFTER if sensor.quantity is Quantity.LEVEL else _SILENCE if sensor.step else 0
    return timedelta(seconds=reports * sensor.expected_every_s)


@dataclass(frozen=True, slots=True, eq=False)
class Gauges:
    """What readings are held against, one row for each instrument; infinite where there is no bound.

    `jump` is the most that two reports in a row may differ, which the instrument itself says (`stepped`) or
    follows from its range; water levels are expected to move (`moves`).
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    every_us: NDArray[np.int64]
    moves: NDArray[np.bool_]
    jump: NDArray[np.float64]
    stepped: NDArray[np.bool_]

    @staticmethod
    def of(sensors: Iterable[Sensor | None]) -> "Gauges":
        """None for an instrument that is not set up: its readings are only held against the clock."""
        rows = np.array([_held_against(sensor) for sensor in sensors], _GAUGE)
        return Gauges(*(rows[name] for name in _GAUGE.names or ()))

    @property
    def traced(self) -> NDArray[np.bool_]:
        """Of which what they said before matters."""
        return self.moves | self.stepped


_GAUGE = np.dtype(
    [
        ("low", np.float64),
        ("high", np.float64),
        ("every_us", np.int64),
        ("moves", np.bool_),
        ("jump", np.float64),
        ("stepped", np.bool_),
    ]
)


def _held_against(sensor: Sensor | None) -> tuple[float, float, int, bool, float, bool]:
    if sensor is None:
        return -np.inf, np.inf, 0, False, np.inf, False
    low = -np.inf if sensor.low is None else sensor.low
    high = np.inf if sensor.high is None else sensor.high
    moves = sensor.quantity is Quantity.LEVEL
    jump = sensor.step or (_JUMP * (high - low) if moves else np.inf)
    return low, high, sensor.expected_every_s * _SECOND_US, moves, jump, bool(sensor.step)


@dataclass(frozen=True, slots=True, eq=False)
class _Reports:
    """Readings by instrument and time, and what came before each: `first` of its instrument here, a `gap`
    that proves nothing, a `change`; `still_us` since when it has not moved, `carried` from the trace."""

    no: NDArray[np.int32]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    before: NDArray[np.float64]
    first: NDArray[np.bool_]
    gap: NDArray[np.bool_]
    change: NDArray[np.bool_]
    still_us: NDArray[np.int64]
    carried: NDArray[np.bool_]

    @staticmethod
    def of(gauges: Gauges, trace: Trace, said: Readings) -> "_Reports":
        no, at_us, value = said.which, said.at_us, said.value
        first = np.append(True, no[1:] != no[:-1])[: len(no)]
        before = np.where(first, trace["last"][no], np.roll(value, 1))
        before_us = np.where(first, trace["last_us"][no], np.roll(at_us, 1))
        gap = before_us < at_us - _SILENCE * gauges.every_us[no]
        change = gap | (value != before)
        begun = np.maximum.accumulate(np.where(change | first, np.arange(len(no)), 0))
        carried = ~change[begun]
        still_us = np.where(carried, trace["still_us"][no], at_us[begun])
        return _Reports(no, at_us, value, before, first, gap, change, still_us, carried)

    def stuck(self, gauges: Gauges, trace: Trace) -> NDArray[np.bool_]:
        long = self.at_us - self.still_us >= _STUCK_AFTER * gauges.every_us[self.no]
        long |= self.carried & trace["stuck"][self.no]
        return gauges.moves[self.no] & ~self.change & (self.value > gauges.low[self.no]) & long

    def spikes(self, gauges: Gauges, trace: Trace) -> NDArray[np.bool_]:
        """Jumps from the last report and from the last believed one, which is a spike's predecessor."""
        jump = gauges.jump[self.no]
        spike = np.zeros(len(self.no), np.bool_)
        believed_us, believed = NEVER, 0.0
        for n in np.flatnonzero(~self.gap & (np.abs(self.value - self.before) > jump)).tolist():
            no = self.no[n]
            if self.first[n]:
                believed_us, believed = int(trace["believed_us"][no]), float(trace["believed"][no])
            elif not spike[n - 1]:
                believed_us, believed = int(self.at_us[n - 1]), float(self.value[n - 1])
            near = believed_us >= self.at_us[n] - _SILENCE * gauges.every_us[no]
            spike[n] = near and abs(self.value[n] - believed) > jump[n]
        return spike

    def after(self, trace: Trace, spike: NDArray[np.bool_], stuck: NDArray[np.bool_]) -> Trace:
        """The traces with these reports in them."""
        trace = trace.copy()
        if not len(self.no):
            return trace
        starts = np.flatnonzero(self.first)
        last = np.append(starts[1:], len(self.no)) - 1
        no = self.no[last]
        trace["last_us"][no], trace["last"][no] = self.at_us[last], self.value[last]
        trace["still_us"][no], trace["stuck"][no] = self.still_us[last], stuck[last]
        calm = np.maximum.accumulate(np.where(spike, -1, np.arange(len(self.no))))[last]
        known = calm >= starts
        no, calm = no[known], calm[known]
        trace["believed_us"][no], trace["believed"][no] = self.at_us[calm], self.value[calm]
        return trace


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The readings with their doubts added, the traces they leave, and the sensors (a mask) of which some
    would be in the trace if it were recalled, and are not: late ones, and a second one for an instant."""

    readings: Readings
    trace: Trace
    passed_over: NDArray[np.bool_]


def marked(gauges: Gauges, batch: Readings, now: datetime, trace: Trace) -> Judged:
    """What can be doubted about the readings of a batch, which are by sensor and time.

    Every instrument: out of its range, over 5 minutes in the future, or from the days at which a clock begins
    that has lost its time. Water levels also: the very same value for 18 reports (unless the gauge stands
    dry), and a jump over a quarter of the range that no second reading confirms; an instrument that says how
    far it can truly step: a larger step that none confirms. What came with a doubt keeps it.

    `gauges` and `trace` have a row for each of `batch.sensors`; a reading not later than its trace is late,
    and judged by itself alone.
    """
    which, at_us, value = batch.which, batch.at_us, batch.value
    quality = batch.quality.copy()
    quality[(at_us > to_us(now + _AHEAD)) | _reset(at_us)] |= int(Quality.CLOCK)
    quality[(value < gauges.low[which]) | (value > gauges.high[which])] |= int(Quality.RANGE)
    rows = np.flatnonzero(gauges.traced[which] & (quality == 0) & (at_us > trace["last_us"][which]))
    again = (which[rows][1:] == which[rows][:-1]) & (at_us[rows][1:] == at_us[rows][:-1])
    rows = rows[~np.append(False, again)[: len(rows)]]
    reports = _Reports.of(gauges, trace, batch.take(rows))
    spike, stuck = reports.spikes(gauges, trace), reports.stuck(gauges, trace)
    far = np.where(gauges.stepped[which[rows]], int(Quality.STEP), int(Quality.SPIKE))
    quality[rows] = spike * far | stuck * int(Quality.STUCK)
    told = gauges.traced[which] & (quality & _LOST == 0)
    told[rows] = False
    passed_over = np.zeros(len(batch.sensors), np.bool_)
    passed_over[which[told]] = True
    return Judged(replace(batch, quality=quality), reports.after(trace, spike, stuck), passed_over)


def _reset(at_us: NDArray[np.int64]) -> NDArray[np.bool_]:
    found = np.zeros(len(at_us), np.bool_)
    for epoch in _EPOCHS:
        found |= (at_us >= to_us(epoch)) & (at_us < to_us(epoch + _AWAKE))
    return found


def recalled(gauges: Gauges, past: Readings) -> Trace:
    """The traces that stored readings (by sensor and time, back to `memory`) have left."""
    trace = blank(len(past.sensors))
    told = past.take(np.flatnonzero(gauges.traced[past.which] & (past.quality & _LOST == 0)))
    spike, stuck = told.quality & _FAR > 0, told.quality & int(Quality.STUCK) > 0
    return _Reports.of(gauges, trace, told).after(trace, spike, stuck)


def blank(count: int) -> Trace:
    """The traces of instruments that have said nothing."""
    return np.full(count, np.array(BLANK, TRACE), TRACE)
