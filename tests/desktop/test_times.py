"""Times as people type and read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from desktop.times import day, last_time, lasting, short
from desktop.widgets.timeslider import ticks

MAKASSAR, PARIS = ZoneInfo("Asia/Makassar"), ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 14, 21, 40, tzinfo=UTC)  # 05:40 of the 15th in Makassar


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("03:10", (14, 19, 10)),
        ("3.10", (14, 19, 10)),
        ("310", (14, 19, 10)),
        ("0310", (14, 19, 10)),
        (" 05:40 ", (14, 21, 40)),
        ("05:41", (13, 21, 41)),
        ("23:00", (14, 15, 0)),
        ("2026-03-10 08:00", (10, 0, 0)),
    ],
)
def test_a_time_of_day_is_the_last_one_that_was(typed, meant):
    assert last_time(typed, NOW, MAKASSAR) == datetime(2026, 3, *meant, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "25:00", "12:61", "ten past", "3", "2026-03-20 08:00", "1:2:3:4"])
def test_what_is_no_time_that_was_is_refused(typed):
    assert last_time(typed, NOW, MAKASSAR) is None


def test_of_an_hour_that_comes_twice_the_later_one_is_the_last():
    after = datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
    assert last_time("02:30", after, PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    between = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert last_time("02:30", between, PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skipped_is_that_of_the_day_before():
    after = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    assert last_time("02:30", after, PARIS) == datetime(2026, 3, 28, 1, 30, tzinfo=UTC)


def test_seconds_are_told_only_where_they_say_something():
    assert short(NOW, MAKASSAR) == "05:40"
    assert short(NOW.replace(second=7), MAKASSAR) == "05:40:07"
    assert day(NOW, MAKASSAR) == "15 Mar"


def test_ticks_stand_at_whole_local_hours_within_the_stretch():
    since, until = datetime(2026, 3, 14, 16, 30, tzinfo=UTC), NOW
    found = [at.astimezone(MAKASSAR).hour for at in ticks(since, until, 3600, MAKASSAR)]
    assert found == [1, 2, 3, 4, 5]
    assert ticks(since, since, 3600, ZoneInfo("Asia/Kathmandu")) == []


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.4, "0 min"),
        (40, "40 min"),
        (59.6, "1 h"),
        (62, "1 h"),
        (63, "1 h 5 min"),
        (118, "2 h"),
        (95, "1 h 35 min"),
    ],
)
def test_how_long_is_said_as_exactly_as_it_can_be_known(minutes, said):
    assert lasting(timedelta(minutes=minutes)) == said
