"""Ticks stand where the clock on the wall is round, whatever the zone does."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.charts.ticks import CLOCK_STEPS_S, ticks

HOUR, DAY = 3600, 86_400
KATHMANDU, LORD_HOWE = ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe")
ZONES = ["Asia/Kathmandu", "Australia/Lord_Howe", "Asia/Jakarta", "America/St_Johns", "Pacific/Apia"]


def seen(zone, begin, hours, least_s):
    start = datetime.fromisoformat(begin).replace(tzinfo=zone).timestamp()
    return ticks(start, start + hours * HOUR, least_s, zone)


def test_in_kathmandu_the_hours_are_those_of_its_own_clock():
    found = seen(KATHMANDU, "2026-03-14 21:30", 5, HOUR)
    assert [tick.words for tick in found] == ["22:00", "23:00", "Sun 15", "01:00", "02:00"]
    assert datetime.fromtimestamp(found[0].at, UTC).minute == 15


def test_where_the_clock_goes_half_an_hour_forward_the_hours_stay_round():
    found = seen(LORD_HOWE, "2026-10-04 00:30", 5, HOUR)
    assert [tick.words for tick in found] == ["01:00", "03:00", "04:00", "05:00", "06:00"]
    assert [b.at - a.at for a, b in pairwise(found)] == [5400, 3600, 3600, 3600]


def test_half_an_hour_that_comes_twice_has_its_ticks_twice():
    found = seen(LORD_HOWE, "2026-04-05 01:00", 2, 900)
    assert [tick.words for tick in found] == [
        *("01:00", "01:15", "01:30", "01:45", "01:30", "01:45"),
        *("02:00", "02:15", "02:30"),
    ]
    assert {b.at - a.at for a, b in pairwise(found)} == {900.0}


def test_days_weeks_months_and_years_begin_at_local_midnight():
    for least, hours, words in (
        (DAY, 72, ["Sat 14", "Sun 15", "Mon 16", "Tue 17"]),
        (3 * DAY, 24 * 20, ["16 Mar", "23 Mar", "30 Mar"]),
        (20 * DAY, 24 * 320, ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "2027"]),
        (200 * DAY, 24 * 800, ["2027", "2028"]),
    ):
        found = seen(KATHMANDU, "2026-03-14 00:00", hours, least)
        assert [tick.words for tick in found] == words
        for tick in found:
            local = datetime.fromtimestamp(tick.at, KATHMANDU)
            assert (local.hour, local.minute) == (0, 0)


@given(
    zone=st.sampled_from(ZONES),
    begin=st.integers(0, 4_000_000_000),
    span=st.integers(60, 5 * 366 * DAY),
    count=st.integers(3, 20),
)
def test_ticks_are_round_in_order_inside_and_never_too_many(zone, begin, span, count):
    found = ticks(begin, begin + span, span / count, ZoneInfo(zone))
    assert [tick.at for tick in found] == sorted(tick.at for tick in found)
    assert all(begin <= tick.at <= begin + span for tick in found)
    assert len(found) <= count * 1.2 + 4
    step = next((each for each in CLOCK_STEPS_S if each >= span / count), DAY)
    for tick in found:
        wall = datetime.fromtimestamp(tick.at, ZoneInfo(zone))
        seconds = timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second).total_seconds()
        assert seconds % step == 0 or (step == DAY and seconds <= 2 * HOUR), "a day may begin at one"


def test_nothing_is_shown_of_times_no_calendar_has():
    assert ticks(-1e15, -9e14, 1e12, KATHMANDU) == []
    assert len(ticks(-1e15, 1e15, 1e9, KATHMANDU)) < 20


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_days_asks_nothing_of_the_computer_that_takes_long(zone):
    assert len(ticks(1_700_000_000, 1_700_000_000 + 365 * DAY, DAY, ZoneInfo(zone))) in (365, 366)
