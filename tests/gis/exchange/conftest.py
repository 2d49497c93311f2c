"""Servers of this computer, and the feeds that ask them."""

import pytest

from gis.exchange.online.feeds import open_feed
from tests.mapserver import MapServer, Reply
from tests.stations import HUJAN, KALI, Frost


@pytest.fixture
def frost():
    made = Frost()
    yield made
    made.server.die()


@pytest.fixture
def peer():
    """A server that says what its test lets it say."""
    made = MapServer(lambda _path: Reply(b"{}"))
    yield made
    made.die()


@pytest.fixture
def opened():
    """Opens feeds whose jitter is none, and closes them."""
    feeds = []

    def open_one(source, sensors=(KALI, HUJAN), last=None, **more):
        feeds.append(open_feed(source, "test", sensors, last or {}, chance=lambda: 0.5, **more))
        return feeds[-1]

    yield open_one
    for feed in feeds:
        feed.close()
