"""Time in an exercise can run fast, stand still and go on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.clock import ManualClock, ScenarioClock, SystemClock
from tests.build import SIX

NIGHT = datetime(2026, 2, 10, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def beat():
    return ManualClock(SIX)


def test_the_system_clock_speaks_utc():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_at_60x_a_minute_is_an_hour(beat):
    clock = ScenarioClock(NIGHT, beat=beat, speed=60)
    beat.advance(MINUTE)
    assert clock.now() == NIGHT + timedelta(hours=1)


def test_while_paused_nothing_passes_and_nothing_is_made_up_afterwards(beat):
    clock = ScenarioClock(NIGHT, beat=beat, speed=60)
    beat.advance(MINUTE)
    clock.pause()
    beat.advance(10 * MINUTE)
    assert clock.now() == NIGHT + timedelta(hours=1)
    clock.resume()
    beat.advance(MINUTE)
    assert clock.now() == NIGHT + timedelta(hours=2)


def test_changing_speed_keeps_the_moment(beat):
    clock = ScenarioClock(NIGHT, beat=beat, speed=60)
    beat.advance(MINUTE)
    clock.run_at(1)
    assert clock.now() == NIGHT + timedelta(hours=1)
    beat.advance(MINUTE)
    assert clock.now() == NIGHT + timedelta(hours=1, minutes=1)


@given(st.lists(st.one_of(st.sampled_from(["pause", "resume"]), st.floats(0, 60)), max_size=20))
def test_whatever_the_trainer_does_time_never_runs_backwards(acts):
    beat = ManualClock(SIX)
    clock = ScenarioClock(NIGHT, beat=beat)
    before = clock.now()
    for act in acts:
        getattr(clock, act)() if isinstance(act, str) else clock.run_at(act)
        beat.advance(MINUTE)
        assert clock.now() >= before
        before = clock.now()
