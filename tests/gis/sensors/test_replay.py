"""A recording gives its readings when their time comes, each once."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gis.model.record import Reading
from gis.sensors.feeds.feed import Feed, Link
from gis.sensors.feeds.replay import Replay
from tests.build import SIX


def at(minute):
    return SIX + timedelta(minutes=minute)


@given(st.lists(st.integers(0, 100)), st.lists(st.integers(0, 100)))
def test_every_reading_comes_once_and_never_before_its_time(minutes, polls):
    replay = Replay([Reading("s", at(minute), float(minute)) for minute in minutes])
    heard = []
    for poll in [*polls, 100]:
        batch = replay.poll(at(poll))
        assert all(reading.at <= at(poll) for reading in batch.readings)
        heard += [reading.value for reading in batch.readings]
    assert heard == sorted(minutes)


def test_a_recording_tells_when_its_next_reading_is_due():
    replay = Replay([Reading("s", at(10), 1.0), Reading("s", at(5), 1.0)])
    assert replay.next_at == at(5)
    replay.poll(at(7))
    assert replay.next_at == at(10)
    replay.poll(at(10))
    assert replay.next_at is None


def test_a_recording_ends_when_the_last_of_it_is_on_the_disk():
    replay: Feed = Replay([Reading("s", at(5), 1.0)])
    given = replay.poll(at(7))
    assert replay.link is Link.CONNECTED
    replay.reread()
    assert replay.poll(at(7)) == given
    replay.kept()
    assert replay.link is Link.ENDED
