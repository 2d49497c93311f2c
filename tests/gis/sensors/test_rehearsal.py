"""A set of rules over a recorded event: what would have rung, as at a desk that was there."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.errors import Cancelled
from gis.model.record import Quality, Reading, to_us
from gis.model.sensor import Alarm, AlarmState, Condition, Joining, Measure, Quantity
from gis.ops import readings
from gis.progress import Progress
from gis.sensors.logic import logics
from gis.sensors.rehearsal import Label, compared, doubted, rehearse
from gis.store import Operation, Store
from gis.store.readings.chunks import Series
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)
RIVER = a_gauge(key="R", id="river", expected_every_s=60)
RAIN = a_gauge(key="H", id="rain", unit="mm", quantity=Quantity.RAIN, expected_every_s=60, high=50.0)
SENSORS = {RIVER.id: RIVER, RAIN.id: RAIN}
LIMIT = a_rule(RIVER, id="limit", raise_at=4.5, clear_below=4.2)
FAST = a_rule(RIVER, id="fast", raise_at=3.0, clear_below=1.0, measure=Measure.RISE, window_s=600)
BOTH = a_rule(RIVER, id="both", raise_at=4.0, clear_below=3.5, hold_s=120)
WET = Condition("both", RAIN.id, Joining.AND, 20.0, Measure.SUM, 600, id="wet")
SILENT = a_rule(RIVER, id="silent", raise_at=5.0, clear_below=1.0, measure=Measure.SILENCE)
UNTIL = SIX + 60 * MINUTE


def recorded(levels, every=1):
    at_us = np.array([to_us(SIX + n * every * MINUTE) for n in range(len(levels))], np.int64)
    return Series(at_us, np.array(levels, np.float64), np.zeros(len(levels), np.uint8))


def told(rules, series, conditions=(), until=UNTIL):
    return rehearse(logics(rules, conditions, SENSORS), series, until, Progress())


@given(
    st.lists(st.sampled_from([0.5, 3.9, 4.0, 4.4, 4.6, 11.0]), max_size=40),
    st.lists(st.sampled_from([0.0, 2.0, 9.0]), max_size=40),
)
@settings(max_examples=15, deadline=None)
def test_what_is_rehearsed_is_what_a_desk_would_have_rung(levels, rain):
    series = {RIVER.id: recorded(levels), RAIN.id: recorded(rain)}
    with TemporaryDirectory() as folder:
        clock = ManualClock(UNTIL)
        store = Store.create(Path(folder) / "x.kentongan", Operation("X", SIX), clock=clock, author="A")
        with store.writing("Set up") as tx:
            tx.put_all([RIVER, RAIN])
            tx.put_all([LIMIT, FAST, BOTH])
            tx.put(WET)
        for key, values in (("river", levels), ("rain", rain)):
            batch = [Reading(key, SIX + n * MINUTE, value) for n, value in enumerate(values)]
            if key == "river":
                river = batch
        with store.writing("Readings") as tx:
            readings.ingest(tx, sorted([*river, *batch], key=lambda each: each.at))
        with store.reading() as query:
            live = query.find(Alarm)
        store.close()
    rehearsed = told([LIMIT, FAST, BOTH], doubted(SENSORS.values(), series, UNTIL), [WET])
    assert facts(rehearsed) == facts(live)


def facts(found):
    return sorted((a.rule_id, a.since, a.peak, str(a.raised_at), str(a.returned_at)) for a in found)


def test_doubtful_readings_of_a_recording_ring_nothing():
    series = {RIVER.id: recorded([1.0, 1.1, 9.0, 1.2, 1.2])}
    assert len(told([LIMIT], series)) == 1, "as it came, it is over the limit"
    judged = doubted(SENSORS.values(), series, UNTIL)
    assert judged[RIVER.id].quality.tolist() == [0, 0, int(Quality.SPIKE), 0, 0]
    assert told([LIMIT], judged) == []


def test_silence_rings_after_so_many_minutes_and_returns_with_the_next_report():
    series = {RIVER.id: recorded([1.0, 1.0, 1.0], every=10)}
    first, second, last = told([SILENT], series)
    assert (first.raised_at, first.returned_at) == (SIX + 5 * MINUTE, SIX + 10 * MINUTE)
    assert second.peak == 10.0
    assert (last.raised_at, last.state) == (SIX + 25 * MINUTE, AlarmState.UNACK)


def test_what_lies_after_the_end_is_not_known():
    series = {RIVER.id: recorded([1.0] * 30 + [5.0] * 30)}
    assert told([LIMIT], series, until=SIX + 29 * MINUTE) == []
    assert len(told([LIMIT], series)) == 1


def test_alarms_are_held_against_what_truly_was():
    series = {RIVER.id: recorded([1.0] * 10 + [5.0] * 5 + [1.0] * 20 + [5.0] * 5 + [1.0] * 20)}
    rang = told([LIMIT], series)
    flood = Label(SIX + 12 * MINUTE, SIX + 20 * MINUTE, frozenset({RIVER.id}))
    elsewhere = Label(SIX + 50 * MINUTE, SIX + 55 * MINUTE, frozenset({RAIN.id}))
    held = compared(rang, [flood, elsewhere], early=5 * MINUTE)
    assert [alarm.since for alarm in held.right] == [SIX + 10 * MINUTE], "rung before, as a warning"
    assert [alarm.since for alarm in held.false] == [SIX + 35 * MINUTE]
    assert held.missed == (elsewhere,)
    assert compared(rang, [replace(flood, sensors=None)]).missed == ()


def test_a_rehearsal_can_be_left():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        rehearse(logics([LIMIT], [], SENSORS), {}, UNTIL, progress)
