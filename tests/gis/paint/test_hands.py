"""Several threads at one picture: all of it is done, once, and what goes wrong is said."""

import threading

import pytest

from gis.errors import Cancelled
from gis.paint.hands import Hands


@pytest.fixture(params=[0, 1, 3], ids="{} helpers".format)
def hands(request):
    made = Hands(request.param)
    yield made
    made.close()


def test_every_part_is_done_once(hands):
    done = []
    hands.each(done.append, range(100))
    assert sorted(done) == list(range(100))


def test_nothing_is_nothing(hands):
    hands.each(pytest.fail, ())


def test_helpers_help():
    hands, met = Hands(1), threading.Barrier(2, timeout=30)
    hands.each(lambda _part: met.wait(), range(2))  # one alone would wait for ever
    hands.close()


def test_what_goes_wrong_ends_it_and_is_said_when_nobody_is_at_it_any_more(hands):
    begun, at_it = [], []

    def act(part):
        begun.append(part)
        at_it.append(part)
        try:
            if part == 3:
                raise Cancelled
        finally:
            at_it.remove(part)

    with pytest.raises(Cancelled):
        hands.each(act, range(1000))
    assert 3 in begun
    assert not at_it


def test_helpers_that_are_busy_elsewhere_are_not_waited_for():
    hands, free, taken = Hands(1), threading.Event(), threading.Event()

    def long(part):
        if part == 0:
            taken.set()
            free.wait(30)

    other = threading.Thread(target=lambda: hands.each(long, range(2)))
    other.start()
    taken.wait(30)
    done = []
    hands.each(done.append, range(10))
    assert len(done) == 10
    free.set()
    other.join(30)
    hands.close()
