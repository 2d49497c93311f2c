"""A river rises, an alarm rings, somebody puts a name to it."""

from datetime import timedelta

import pytest

from gis.errors import UserError
from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Sensor
from gis.ops import alarms, readings, sensors
from gis.store import questions
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)


@pytest.fixture
def river(store, clock):
    """A gauge with one limit; call it with levels, one minute apart."""
    gauge = a_gauge()
    with store.writing("Set up gauge") as tx:
        sensors.register(tx, gauge)

    def rise(*levels, at=None, **rule):
        with store.writing("Set rule") as tx:
            if rule:
                sensors.set_rule(tx, a_rule(gauge, raise_at=2.0, clear_below=1.8, **rule))
        first = at or clock.now()
        clock.advance(len(levels) * MINUTE)
        with store.writing("Readings", "feed") as tx:
            readings.ingest(tx, [Reading(gauge.id, first + n * MINUTE, v) for n, v in enumerate(levels)])
        with store.reading() as query:
            found = query.find(Alarm)
        return found[-1] if found else None

    rise.gauge = gauge
    return rise


def test_a_level_over_the_limit_rings_and_keeps_the_peak(river):
    alarm = river(1.9, 2.1, 2.3, 2.2, hold_s=0)
    assert alarm.state is AlarmState.UNACK
    assert (alarm.raised_at, alarm.peak) == (SIX + MINUTE, 2.3)


def test_a_dip_into_the_dead_band_keeps_the_alarm(river):
    river(2.1, hold_s=0)
    assert river(1.9).returned_at is None
    assert river(1.7).returned_at == SIX + 2 * MINUTE


def test_a_spike_shorter_than_the_hold_never_rings_even_across_batches(river):
    assert river(2.1, hold_s=180).state is AlarmState.PENDING
    assert river(2.2, 2.2).state is AlarmState.PENDING
    assert river(2.2).raised_at == SIX + 3 * MINUTE


def test_a_returned_alarm_stays_until_somebody_acknowledges_it_by_name(store, river):
    alarm = river(2.1, 1.5, hold_s=0)
    assert alarm.state is AlarmState.RTN_UNACK
    with store.reading() as query:
        assert [r.alarm.id for r in questions.standing_alarms(query)] == [alarm.id]
    with pytest.raises(UserError, match="needs a name"), store.writing("Acknowledge") as tx:
        alarms.acknowledge(tx, alarm.id, "  ")
    with store.writing("Acknowledge") as tx:
        done = alarms.acknowledge(tx, alarm.id, "R. Sari", "Pump crew called")
    assert done.state is AlarmState.NORMAL
    with store.reading() as query:
        assert questions.standing_alarms(query) == []


def test_an_acknowledgement_does_not_end_an_alarm_that_still_stands(store, river):
    alarm = river(2.5, hold_s=0)
    with store.writing("Acknowledge") as tx:
        alarms.acknowledge(tx, alarm.id, "R. Sari")
    with store.reading() as query:
        (ringing,) = questions.standing_alarms(query)
    assert ringing.alarm.state is AlarmState.ACKED
    with pytest.raises(UserError, match=r"R\. Sari has acknowledged"), store.writing("Acknowledge") as tx:
        alarms.acknowledge(tx, alarm.id, "A. Putri")


def test_a_second_rise_is_a_second_alarm(store, river):
    first = river(2.1, 1.0, hold_s=0)
    second = river(2.4)
    assert second.id != first.id
    with store.reading() as query:
        assert len(questions.standing_alarms(query)) == 2


def test_a_doubtful_reading_neither_raises_nor_returns(store, river):
    assert river(99.0, hold_s=0) is None
    with store.reading() as query:
        assert query.latest()[river.gauge.id].quality is Quality.RANGE
    river(2.5)
    assert river(-3.0).returned_at is None


def test_a_late_reading_from_before_the_alarm_changes_nothing(river):
    river(2.5, hold_s=0)
    assert river(1.0, at=SIX - timedelta(hours=1)).returned_at is None


def test_a_second_value_for_one_instant_rings_when_it_is_over_the_limit(river):
    assert river(1.0, hold_s=0) is None
    alarm = river(2.5, at=SIX)
    assert (alarm.since, alarm.raised_at, alarm.note) == (SIX, SIX, "")
    assert river(1.0, at=SIX).returned_at is None


def test_of_two_values_for_one_instant_in_one_batch_the_greater_counts(store, river):
    river(hold_s=0)
    gauge, later = river.gauge, SIX + MINUTE
    with store.writing("Readings") as tx:
        said = ((SIX, 2.2), (later, 1.0), (later, 2.1))
        readings.ingest(tx, [Reading(gauge.id, at, value) for at, value in said])
    (alarm,) = found(store)
    assert (alarm.since, alarm.returned_at) == (SIX, None)


def test_a_late_reading_over_the_limit_rings_when_it_comes_in_and_says_so(store, clock, river):
    river(1.9, 1.9, 1.9, hold_s=0)
    came_in = clock.now() + MINUTE
    alarm = river(2.5, at=SIX - MINUTE)
    assert alarm.state is AlarmState.UNACK
    assert (alarm.since, alarm.peak, alarm.raised_at) == (SIX - MINUTE, 2.5, came_in)
    assert "came late" in alarm.note
    with store.writing("Acknowledge") as tx:
        assert "came late" in alarms.acknowledge(tx, alarm.id, "R. Sari").note
    assert river(1.0).returned_at == came_in


def test_a_late_reading_that_a_newer_one_says_is_over_stays_silent(store, river):
    river(1.9, 1.7, 1.9, hold_s=0)
    assert river(2.5, at=SIX - MINUTE) is None
    assert river(2.5, at=SIX + MINUTE / 2) is None
    assert river(2.5, at=SIX + 1.5 * MINUTE).since == SIX + 1.5 * MINUTE


def test_a_doubtful_newer_reading_says_nothing_about_a_late_one(river):
    river(1.9, -3.0, hold_s=0)
    assert river(2.5, at=SIX - MINUTE).state is AlarmState.UNACK


def test_late_readings_are_held_against_the_time_of_a_limit(river):
    river(1.9, 1.9, 1.9, 1.9, hold_s=120)
    assert river(2.5, at=SIX + 2.5 * MINUTE).state is AlarmState.PENDING
    river(1.0)
    assert river(1.9, 1.9, 1.9, 1.9).returned_at is not None
    assert river(2.5, at=SIX + 6.5 * MINUTE).state is AlarmState.UNACK


def test_a_late_peak_counts_and_a_late_fall_returns_what_nothing_newer_holds_up(river):
    river(2.1, 1.9, 1.9, hold_s=0)
    assert river(2.9, at=SIX + MINUTE / 2).peak == 2.9
    assert river(1.0, at=SIX + 1.5 * MINUTE).returned_at == SIX + 1.5 * MINUTE


def test_the_same_late_reading_again_changes_nothing(store, river):
    river(1.9, 1.9, hold_s=0)
    first = river(2.5, at=SIX - MINUTE)
    assert river(2.5, at=SIX - MINUTE) == first
    assert len(found(store)) == 1


def found(store):
    with store.reading() as query:
        return query.find(Alarm)


def test_a_reading_that_is_no_number_is_refused_whole(store, river):
    with pytest.raises(UserError, match="not a number"), store.writing("Readings") as tx:
        readings.ingest(tx, [Reading(river.gauge.id, SIX, 1.0), Reading(river.gauge.id, SIX, float("nan"))])
    with store.reading() as query:
        assert query.latest() == {}


def test_readings_stored_before_a_crash_are_judged_after_it(store, river):
    """The readings' file is committed first; what the rules have not seen is caught up at the next start."""
    with store.writing("Set rule") as tx:
        sensors.set_rule(tx, a_rule(river.gauge, raise_at=2.0, clear_below=1.8))
        tx.append([Reading(river.gauge.id, SIX, 3.0)])
    with store.writing("Catch up") as tx:
        (alarm,) = readings.catch_up(tx)
    assert alarm.state is AlarmState.UNACK
    with store.writing("Catch up") as tx:
        assert readings.catch_up(tx) == []


def test_a_rule_that_could_never_return_is_refused(store):
    with pytest.raises(UserError, match="return above"), store.writing("Set rule") as tx:
        sensors.set_rule(tx, a_rule(a_gauge(), raise_at=2.0, clear_below=2.1))


def test_two_instruments_cannot_report_under_one_key(store, river):
    with pytest.raises(UserError, match="already reports as KALI-3"), store.writing("Register") as tx:
        sensors.register(tx, a_gauge(name="Another"))
    with store.reading() as query:
        assert len(query.find(Sensor)) == 1


def test_readings_of_an_instrument_not_yet_set_up_ring_once_it_is(store, clock):
    gauge = a_gauge()
    early = [Reading(gauge.id, clock.now() + n * MINUTE, 3.0) for n in range(3)]
    with store.writing("Readings") as tx:
        assert readings.ingest(tx, early) == []
    with store.writing("Set up gauge") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge, raise_at=2.0, clear_below=1.8))
    with store.writing("Catch up") as tx:
        (alarm,) = readings.catch_up(tx)
    assert alarm.since == early[0].at


def test_an_alarm_whose_limit_was_struck_out_still_returns_but_never_rings_again(river, store):
    river(2.5, hold_s=0)
    with store.reading() as query:
        (rule,) = query.find(AlarmRule)
    with store.writing("Strike limit") as tx:
        tx.strike(rule)
    assert river(1.0, 3.0, 3.0).state is AlarmState.RTN_UNACK


def test_a_limit_struck_out_before_its_time_has_passed_does_not_ring(river, store):
    river(2.5, hold_s=120)
    with store.reading() as query:
        (rule,) = query.find(AlarmRule)
    with store.writing("Strike limit") as tx:
        tx.strike(rule)
    assert river(2.5, 2.5, 2.5, 2.5).state is AlarmState.PENDING


def test_an_instrument_that_two_desks_set_up_can_still_be_brought_up_to_date(store):
    here, there = a_gauge(), a_gauge(name="Kali tiga")
    with store.writing("Set up gauge") as tx:
        sensors.register(tx, here)
        tx.put(there)  # as it comes in with a package
    with store.writing("Set up gauges") as tx:
        assert sensors.register_all(tx, [a_gauge(name="Kali III")]) == 1
    with store.reading() as query:
        assert "Kali III" in {sensor.name for sensor in query.find(Sensor)}
