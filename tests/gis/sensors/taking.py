"""A process that takes in what a broker sends, and is killed where it is told to.

`python -m tests.gis.sensors.taking OPERATION FOLDER PORT WHERE LATER`: with `kill -9` in the first
batch that holds readings, "before" its commit, "after" it, or after its "word" to the feed and LATER some
milliseconds; "never".
"""

import os
import signal
import sys
import time
from pathlib import Path

from gis.clock import SystemClock
from gis.model.sensor import Sensor
from gis.ops import readings
from gis.progress import Progress
from gis.sensors.feeds.broker import Binding, MqttSource
from gis.sensors.feeds.mqtt import MqttFeed
from gis.sensors.feeds.payloads import PayloadFormat, Shape
from gis.store import Store

IDLE_S = 1.5  # so long nothing came: that was all


def source(port: int, **but) -> MqttSource:
    given = {
        "host": "127.0.0.1",
        "port": port,
        "tls": False,
        "client_id": "desk",
        "bindings": (Binding("city/gauges/+/level"),),
        "payload": PayloadFormat(Shape.JSON, value="v", time="t"),
    }
    return MqttSource(**given | but)


def take(operation: Path, folder: Path, port: int, where: str, later: int) -> None:
    store = Store.open(operation, clock=SystemClock(), author="desk")
    with store.reading() as query:
        known = query.find(Sensor)
    feed = MqttFeed(source(port), "", known, folder, SystemClock())
    heard_s = time.monotonic()
    while time.monotonic() - heard_s < IDLE_S:
        batch = feed.poll(store.clock.now())
        here = bool(batch.readings)
        _die_if(here and where == "before")
        readings.take_in(store, batch, "Instruments", Progress())
        _die_if(here and where == "after")
        feed.kept()
        if here and where == "word":
            time.sleep(0.03 * later)  # the word is on its way, or not yet
            _die_if(True)
        heard_s = time.monotonic() if batch.readings else heard_s
        time.sleep(0.02)
    feed.close()
    store.close()


def _die_if(now: bool) -> None:
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
