"""How much the alarms of a night asked of the one who heard them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.model.incident import Severity
from gis.model.sensor import Alarm
from gis.sensors.load import FLOOD_OVER, FLOOD_UNDER, WINDOW, load

MIDNIGHT = datetime(2026, 2, 11, tzinfo=UTC)
EIGHT = timedelta(hours=8)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def rung(after: timedelta, rule: str = "r", severity: Severity = Severity.MODERATE, **but) -> Alarm:
    at = MIDNIGHT + after
    return Alarm(rule_id=rule, sensor_id="s", severity=severity, since=at, peak=1.0, raised_at=at, **but)


def night(*alarms: Alarm):
    return load(alarms, MIDNIGHT, MIDNIGHT + EIGHT)


def test_a_silent_night_asks_nothing():
    found = night()
    assert (found.total, found.average, found.most, found.flood) == (0, 0.0, 0, timedelta(0))
    assert (found.chattering, found.stale, found.worst, found.worst_share) == ((), (), (), 0.0)
    assert found.share(Severity.EXTREME) == 0.0
    assert len(found.counts) == 48


def test_alarms_count_in_the_ten_minutes_in_which_they_rang():
    found = night(rung(-SECOND), rung(timedelta(0)), rung(WINDOW - SECOND), rung(WINDOW), rung(EIGHT))
    assert found.counts[:3].tolist() == [2, 1, 0]
    assert found.total == 3, "what rang before the night or after it is not of the night"
    assert found.average == pytest.approx(3 / 48)


def test_an_alarm_that_never_rang_asked_nothing():
    pending = Alarm(rule_id="r", sensor_id="s", severity=Severity.MINOR, since=MIDNIGHT + MINUTE, peak=1.0)
    assert night(pending).total == 0


def test_a_flood_begins_with_the_eleventh_in_ten_minutes_and_ends_when_fewer_than_five_are_left():
    ten = [rung(n * MINUTE / 2) for n in range(10)]
    assert night(*ten).flood == timedelta(0)
    found = night(*ten, rung(5 * MINUTE))
    # the eleventh at 5 min; of eleven, seven have left when the one of 3 min is ten minutes old
    assert found.flood == 8 * MINUTE
    assert found.flood_share == pytest.approx(8 / 480)


def test_the_most_in_ten_minutes_does_not_hang_on_when_one_looks():
    found = night(*[rung(WINDOW - 4 * MINUTE + n * MINUTE / 2) for n in range(12)])
    assert found.most == 12
    assert found.counts.max() < 12
    assert found.flood > timedelta(0)


def test_a_flood_that_was_going_on_before_is_known():
    before = [rung(-9 * MINUTE + n * SECOND) for n in range(20)]
    found = night(*before)
    assert (found.total, found.flood) == (0, MINUTE + 15 * SECOND)


def test_three_rings_of_one_limit_within_a_minute_chatter():
    calm = [rung(n * MINUTE, "calm") for n in range(3)]
    loud = [rung(timedelta(hours=1) + n * 30 * SECOND, "loud") for n in range(3)]
    mixed = [rung(timedelta(hours=2) + n * SECOND, f"of {n}") for n in range(3)]
    assert night(*calm, *loud, *mixed).chattering == ("loud",)


def test_what_stands_for_more_than_a_day_is_stale():
    long_ago = timedelta(hours=-17)
    found = night(
        rung(long_ago, "standing"),
        rung(long_ago, "returned", returned_at=MIDNIGHT),
        rung(long_ago, "returned since", returned_at=MIDNIGHT + EIGHT + MINUTE),
        rung(timedelta(hours=-16), "a day to the second"),
    )
    assert {alarm.rule_id for alarm in found.stale} == {"standing", "returned since"}


def test_the_limits_that_ring_most_come_first():
    alarms = [rung(n * MINUTE, f"limit {n % 12:02}") for n in range(24)] + [rung(MINUTE, "limit 07")]
    found = night(*alarms)
    assert found.worst[0] == ("limit 07", 3)
    assert len(found.worst) == 10
    assert found.worst_share == pytest.approx(21 / 25)


def test_severities_have_their_shares():
    found = night(rung(MINUTE, severity=Severity.EXTREME), *[rung(n * MINUTE) for n in range(3)])
    assert found.share(Severity.EXTREME) == 0.25
    assert found.share(Severity.MODERATE) == 0.75


def by_the_second(seconds: list[int], begin: int, end: int) -> int:
    """The seconds in flood, counted one by one."""
    flooded, count = False, 0
    for now in range(min([*seconds, begin]), end):
        sounding = sum(at <= now < at + 600 for at in seconds)
        flooded = sounding > FLOOD_OVER or (flooded and sounding >= FLOOD_UNDER)
        count += flooded and now >= begin
    return count


@given(st.lists(st.integers(-900, 2_400), max_size=60))
def test_the_length_of_floods_is_that_of_counting_every_second(seconds):
    found = load([rung(n * SECOND) for n in seconds], MIDNIGHT, MIDNIGHT + timedelta(seconds=2_400))
    assert found.flood.total_seconds() == by_the_second(seconds, 0, 2_400)
    assert found.total == sum(0 <= n < 2_400 for n in seconds)
    assert found.most == max(sum(at <= now < at + 600 for at in seconds) for now in range(2_400))
