"""A desk that hears gauges from a broker: its feed, and the store that it feeds."""

import time
from datetime import timedelta

from gis.ops import readings, sensors
from gis.progress import Progress
from gis.sensors.feeds.feed import Batch, Link
from gis.sensors.feeds.mqtt import MqttFeed
from tests.brokers import until
from tests.build import SIX, a_gauge
from tests.gis.sensors.taking import source

KALI, HULU = a_gauge(id="kali"), a_gauge(id="hulu", key="HULU-1", name="Hulu 1")
TOPIC, OTHER = "city/gauges/KALI-3/level", "city/gauges/HULU-1/level"


class Desk:
    """A feed and the store it feeds."""

    def __init__(self, folder, store, clock):
        self.folder, self.store, self.clock, self.feeds = folder, store, clock, []
        with store.writing("Set up") as tx:
            for each in (KALI, HULU):
                sensors.register(tx, each)

    def listen(self, broker, password="", **but) -> MqttFeed:
        feed = MqttFeed(source(broker.port, **but), password, [KALI, HULU], self.folder, self.clock)
        self.feeds.append(feed)
        feed.poll(self.clock.now())
        feed.reread()
        return feed

    def connected(self, broker, password="", **but) -> MqttFeed:
        feed = self.listen(broker, password, **but)
        until(lambda: feed.link is Link.CONNECTED, lambda: feed.trouble)
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

        until(enough, lambda: f"{len(got.readings)} readings, {len(got.rejected)} rejects; {feed.trouble}")
        return got

    def stored(self, sensor=KALI):
        with self.store.reading() as query:
            series = query.series(sensor.id)
        return series.at_us.tolist(), series.value.tolist()

    def leave(self):
        for each in self.feeds:
            each.close()


def at_(at, value) -> bytes:
    return f'{{"t": "{at:%Y-%m-%dT%H:%M:%SZ}", "v": {value}}}'.encode()


def said(n, value=2.5) -> bytes:
    return f'{{"t": "{SIX - timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ}", "v": {value}}}'.encode()


def worked(feed):
    """Until the feed has neither lost nor kept from the broker what it knows."""
    time.sleep(0.2)
