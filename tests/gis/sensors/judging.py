"""Judging lists of readings, for tests that speak of single ones."""

import numpy as np

from gis.model.record import Quality, Reading, Readings, from_us
from gis.sensors import quality


def columns(sensors, batch):
    """Readings of these sensors as columns, by sensor and time."""
    numbers = {sensor.id: no for no, sensor in enumerate(sensors)}
    said = Readings.of([reading for reading in batch if reading.sensor_id in numbers])
    which = np.array([numbers[key] for key in said.sensors], np.int32)[said.which]
    said = Readings(tuple(numbers), which, said.at_us, said.value, said.quality)
    return said.take(np.lexsort((said.at_us, said.which)))


def judged(sensors, batch, now, traces=None):
    """The readings with their doubts, by sensor and time, and the traces they leave."""
    before = quality.blank(len(sensors)) if traces is None else traces
    told = quality.marked(quality.Gauges.of(sensors), columns(sensors, batch), now, before)
    said = told.readings
    rows = zip(*(each.tolist() for each in (said.which, said.at_us, said.value, said.quality)), strict=True)
    readings = [Reading(said.sensors[no], from_us(at), value, Quality(bits)) for no, at, value, bits in rows]
    return readings, told.trace


def recalled(sensors, past):
    return quality.recalled(quality.Gauges.of(sensors), columns(sensors, past))
