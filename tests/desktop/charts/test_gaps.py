"""A gap is where more than three reports are missing, also where few points stand for many readings."""

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.charts.course import GAP
from desktop.charts.gaps import Around, coarsest, gaps, silence_words, silences
from desktop.charts.look import Wish, look
from gis.model.record import Readings, from_us, to_us
from gis.ops import sensors
from gis.progress import Progress
from gis.store.readings import thin
from gis.store.readings.chunks import Series
from tests.build import SIX, a_gauge

UTC_ZONE = ZoneInfo("UTC")
MINUTE_US = 60_000_000
NOW = SIX + timedelta(days=9)


def after(minutes):
    return SIX + timedelta(minutes=minutes)


def at(*minutes):
    return np.array([to_us(after(each)) for each in minutes], np.int64)


def test_three_missing_reports_are_no_gap_and_four_are():
    here = Around(None, None, after(80))
    assert gaps(at(0, 10, 50, 60), 600 * GAP, here) == []
    assert gaps(at(0, 10, 60, 70), 600 * GAP, here) == [(after(10), after(60))]


def test_what_is_silent_since_its_last_reading_has_an_open_gap():
    assert gaps(at(0, 10), 2400, Around(None, None, after(300))) == [(after(10), None)]
    assert gaps(at(0, 10), 2400, Around(None, after(400), after(300))) == [(after(10), after(400))]


def test_a_look_into_the_middle_of_a_gap_knows_where_it_began_and_ended():
    nothing = np.empty(0, np.int64)
    assert gaps(nothing, 2400, Around(after(-300), after(90), after(100))) == [(after(-300), after(90))]
    assert gaps(nothing, 2400, Around(None, None, after(100))) == []


def test_a_gap_is_told_in_the_hours_of_the_operation():
    nepal = ZoneInfo("Asia/Kathmandu")
    assert silence_words(after(0), after(95), after(200), nepal) == "no readings 11:45 to 13:20"
    assert silence_words(after(0), None, after(200), nepal) == "no readings since 11:45"
    assert silence_words(after(0), None, after(3000), nepal) == "no readings since 14 Mar 11:45"
    assert silence_words(after(0), after(3000), NOW, nepal) == "no readings 14 Mar 11:45 to 16 Mar 13:45"


@given(
    st.lists(st.integers(1, 100), max_size=60),
    st.none() | st.integers(1, 500),
    st.none() | st.integers(1, 500),
    st.floats(30, 5000),
)
def test_gaps_hold_no_reading_are_long_enough_and_leave_none_out(steps, before, later, gap_s):
    times = SIX + np.cumsum([0, *steps]) * timedelta(minutes=1)
    at_us = np.array([to_us(each) for each in times], np.int64)
    first = None if before is None else times[0] - timedelta(minutes=before)
    last = None if later is None else times[-1] + timedelta(minutes=later)
    until = times[-1] + timedelta(hours=1)
    found = gaps(at_us, gap_s, Around(first, last, until))
    known = [each for each in (first, *times, last) if each is not None]
    long = [(a, b) for a, b in pairwise(known) if (b - a).total_seconds() > gap_s]
    if later is None and gap_s < 3600:
        long.append((times[-1], None))
    assert found == long
    assert all(each.start < each.end for each in silences(found, until + timedelta(hours=1), UTC_ZONE))


@given(st.integers(0, 5000), st.integers(1, 2000), st.integers(20, 400))
def test_thinning_makes_no_gap_and_hides_none_that_can_be_seen(begin, missing, pixels):
    minutes = np.concatenate((np.arange(begin + 2), begin + 2 + missing + np.arange(3000)))
    at_us = to_us(SIX) + minutes * MINUTE_US
    series = Series(at_us, np.sin(minutes / 9), np.zeros(len(minutes), np.uint8))
    fewer = thin.thinned(series, int(at_us[0]), int(at_us[-1]), 2 * pixels)
    bucket = (at_us[-1] - at_us[0]) / 1e6 / pixels
    gap_s = coarsest(fewer.at_us, 60 * GAP, bucket)
    found = gaps(fewer.at_us, gap_s, Around(None, None, from_us(int(at_us[-1]))))
    real = (from_us(int(at_us[begin + 1])), from_us(int(at_us[begin + 2])))
    assert found in ([], [real])
    if (real[1] - real[0]).total_seconds() > max(60 * GAP, 6 * bucket):
        assert found == [real]


@pytest.mark.parametrize("most", [1, 1000], ids=["from the headers of chunks", "from all readings"])
def test_a_hole_in_a_year_is_seen_as_one_and_nothing_else_is(store, clock, monkeypatch, most):
    monkeypatch.setattr("gis.store.readings.chunks.SIZE", 64)
    monkeypatch.setattr(thin, "MOST_CHUNKS", most)
    gauge = a_gauge(expected_every_s=3600)
    hours = np.concatenate((np.arange(4000), np.arange(4800, 8000)))
    start = clock.now() - timedelta(hours=8000)
    times = to_us(start) + hours * 3_600_000_000
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
    with store.writing("Readings") as tx:
        none = np.zeros(len(hours), np.int32)
        tx.append(Readings((gauge.id,), none, times, np.sin(hours / 50), none.astype(np.uint8)))
    store.seal(Progress())
    wish = Wish((gauge.id,), start.timestamp(), clock.now().timestamp(), 400, UTC_ZONE)
    with store.reading() as query:
        (stretch,) = look(query, wish, past=False).stretches
    assert len(stretch.silent) == 1
    silent = stretch.silent[0]
    assert abs(silent.start - (start + timedelta(hours=3999))) <= timedelta(hours=64)
    assert abs(silent.end - (start + timedelta(hours=4800))) <= timedelta(hours=64)
