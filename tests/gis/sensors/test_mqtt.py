"""A feed at a real broker: nothing that was acknowledged is lost, and nothing is acknowledged too early."""

from datetime import timedelta

import pytest

from gis.ops import readings, sensors
from gis.progress import Progress
from gis.sensors.feeds.broker import Binding, MqttSource
from gis.sensors.feeds.feed import Batch, Link
from gis.sensors.feeds.mqtt import MqttFeed
from gis.sensors.feeds.payloads import PayloadFormat, Shape
from tests.brokers import Broker, until
from tests.build import SIX, a_gauge

pytestmark = pytest.mark.timeout(120)
KALI, HULU = a_gauge(id="kali"), a_gauge(id="hulu", key="HULU-1", name="Hulu 1")
JSON = PayloadFormat(Shape.JSON, value="v", time="t")
TOPIC = "city/gauges/KALI-3/level"


@pytest.fixture
def broker(tmp_path):
    made = Broker(tmp_path / "broker")
    yield made
    made.kill()


@pytest.fixture
def desk(tmp_path, store, clock):
    made = Desk(tmp_path / "desk", store, clock)
    yield made
    made.leave()


class Desk:
    """A feed and the store it feeds."""

    def __init__(self, folder, store, clock):
        self.folder, self.store, self.clock, self.feeds = folder, store, clock, []
        with store.writing("Set up") as tx:
            for each in (KALI, HULU):
                sensors.register(tx, each)

    def listen(self, broker, **but) -> MqttFeed:
        given = {
            "host": "127.0.0.1",
            "port": broker.port,
            "tls": False,
            "client_id": "desk",
            "bindings": (Binding("city/gauges/+/level"),),
            "payload": JSON,
        }
        feed = MqttFeed(MqttSource(**given | but), "", [KALI, HULU], self.folder, self.clock)
        self.feeds.append(feed)
        feed.poll(self.clock.now())
        return feed

    def connected(self, broker, **but) -> MqttFeed:
        feed = self.listen(broker, **but)
        until(lambda: feed.link is Link.CONNECTED, feed.trouble)
        return feed

    def take(self, feed) -> Batch:
        """As the desk does it: asked, stored, told."""
        batch = feed.poll(self.clock.now())
        readings.take_in(self.store, batch, "Instruments", Progress())
        feed.kept()
        return batch

    def take_until(self, feed, count) -> Batch:
        """So many readings and rejects."""
        got = Batch()

        def enough():
            nonlocal got
            got += self.take(feed)
            return len(got.readings) + len(got.rejected) >= count

        until(enough, f"{feed.link} {feed.trouble}")
        return got

    def stored(self, sensor=KALI):
        with self.store.reading() as query:
            series = query.series(sensor.id)
        return series.at_us.tolist(), series.value.tolist()

    def leave(self):
        for each in self.feeds:
            each.close()


def said(n, value=2.5) -> bytes:
    return f'{{"t": "{SIX - timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ}", "v": {value}}}'.encode()


def test_a_message_becomes_a_reading_in_the_store(broker, desk):
    feed = desk.connected(broker)
    with broker.gauge() as gauge:
        gauge.say(TOPIC, said(60))
    batch = desk.take_until(feed, 1)
    assert [(each.sensor_id, each.at, each.value) for each in batch.readings] == [
        ("kali", SIX - timedelta(seconds=60), 2.5)
    ]
    assert desk.stored()[1] == [2.5]
    assert not feed.trouble
    assert not feed.vouched


def test_what_was_not_kept_is_given_again(broker, desk):
    feed = desk.connected(broker)
    with broker.gauge() as gauge:
        gauge.say_all((TOPIC, said(n)) for n in range(5))
    got = []

    def all_there():
        nonlocal got
        got = feed.poll(SIX).readings
        feed.reread()
        return len(got) == 5

    until(all_there)
    assert desk.take(feed).readings == got
    assert desk.take(feed).readings == ()
