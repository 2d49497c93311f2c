"""A gauge that does not report rings by the clock, and returns with its next report."""

from datetime import timedelta

import pytest

from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmState, Condition, Joining, Measure
from gis.ops import alarms, readings, sensors
from gis.ops.unheard import note_unheard, unheard
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)
GAUGE, PUMP = a_gauge(id="gauge"), a_gauge(key="P", id="pump", unit="")
SILENT = a_rule(GAUGE, id="silent", raise_at=30.0, clear_below=30.0, measure=Measure.SILENCE)


@pytest.fixture
def desk(store):
    with store.writing("Set up") as tx:
        tx.put_all([GAUGE, PUMP])
        sensors.set_rule(tx, SILENT)
    return store


def hears(store, *said):
    with store.writing("Readings") as tx:
        return readings.ingest(tx, [Reading(key, at, value) for key, at, value in said])


def looks(store, listening_since=SIX):
    with store.writing("Silence") as tx:
        return note_unheard(tx, listening_since)


def test_after_its_minutes_it_rings_once_and_its_next_report_returns_it(desk, clock):
    hears(desk, ("gauge", SIX, 1.0))
    clock.advance(29 * MINUTE)
    assert looks(desk) == []
    clock.advance(2 * MINUTE)
    (alarm,) = looks(desk)
    assert (alarm.since, alarm.raised_at) == (SIX + 30 * MINUTE, SIX + 31 * MINUTE)
    assert alarm.state is AlarmState.UNACK
    assert looks(desk) == [], "it rings already"
    clock.advance(9 * MINUTE)
    (alarm,) = hears(desk, ("gauge", SIX + 40 * MINUTE, 1.1))
    assert (alarm.returned_at, alarm.state) == (SIX + 40 * MINUTE, AlarmState.RTN_UNACK)
    with desk.writing("Acknowledge") as tx:
        assert alarms.acknowledge(tx, alarm.id, "R. Sari").state is AlarmState.NORMAL


def test_the_night_the_desk_was_closed_is_not_the_gauges_silence(desk, clock):
    hears(desk, ("gauge", SIX, 1.0))
    clock.advance(timedelta(hours=9))
    opened = clock.now()
    assert looks(desk, opened) == []
    clock.advance(31 * MINUTE)
    (alarm,) = looks(desk, opened)
    assert alarm.since == opened + 30 * MINUTE


def test_a_report_whose_clock_is_wrong_does_not_end_the_silence(desk, clock):
    hears(desk, ("gauge", SIX, 1.0))
    clock.advance(31 * MINUTE)
    assert len(looks(desk)) == 1
    assert hears(desk, ("gauge", SIX + timedelta(days=900), 1.0)) == []


def test_what_never_reported_is_no_alarm(desk, clock):
    clock.advance(timedelta(days=2))
    assert looks(desk) == []


def test_while_it_is_not_enabled_it_is_suppressed(desk, clock):
    with desk.writing("Set condition") as tx:
        tx.put(Condition("silent", "pump", Joining.ENABLE, 1.0))
    hears(desk, ("gauge", SIX, 1.0), ("pump", SIX, 0.0))
    clock.advance(31 * MINUTE)
    (alarm,) = looks(desk)
    assert alarm.state is AlarmState.SUPPRESSED
    (alarm,) = hears(desk, ("pump", SIX + 31 * MINUTE, 1.0))
    assert alarm.state is AlarmState.UNACK


def test_another_sensor_must_say_so_too(desk, clock):
    with desk.writing("Set condition") as tx:
        tx.put(Condition("silent", "pump", Joining.AND, 1.0))
    hears(desk, ("gauge", SIX, 1.0), ("pump", SIX, 0.0))
    clock.advance(31 * MINUTE)
    assert looks(desk) == []
    hears(desk, ("pump", SIX + 31 * MINUTE, 2.0))
    assert len(looks(desk)) == 1


def test_looking_writes_nothing(desk, clock):
    hears(desk, ("gauge", SIX, 1.0))
    clock.advance(40 * MINUTE)
    with desk.reading() as query:
        assert [each.due for each in unheard(query, SIX)] == [SIX + 30 * MINUTE]
        assert query.find(Alarm) == []
