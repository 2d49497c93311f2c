"""A broker tried out: what comes from it within a few seconds, and what would be read in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic

from gis.clock import Clock, SystemClock
from gis.model.sensor import Sensor
from gis.sensors.feeds.broker import MqttSource, Routes, taken
from gis.sensors.feeds.feed import Batch
from gis.sensors.feeds.message import Message
from gis.sensors.feeds.wire import Delivery, Lost, Wire
from gis.texts import _

_MOST = 200  # messages


@dataclass(frozen=True, slots=True)
class Trial:
    """The first messages that came, what they were read as, and what is wrong ("" when nothing is)."""

    messages: tuple[Message, ...]
    batch: Batch
    trouble: str


def probe(
    source: MqttSource,
    password: str,
    seconds: float,
    sensors: Iterable[Sensor] = (),
    clock: Clock | None = None,
) -> Trial:
    """Listen for so long, under a name of its own: the session of this desk is not touched. Waits; not for
    the thread of a window."""
    heard: list[Message] = []
    now = clock or SystemClock()

    def deliver(given: Delivery) -> None:
        if len(heard) < _MOST:
            heard.append(Message(given.topic, given.payload, now.now(), given.retained))

    wire = Wire(source, password, deliver, once=True)
    trouble = ""
    try:
        wire.open()
        until_s = monotonic() + seconds
        while monotonic() < until_s and len(heard) < _MOST:
            wire.turn(0.05)
        wire.hang_up()
    except Lost as error:
        trouble = str(error)
    if wire.refused:
        trouble = _("The broker does not let this user hear {topic}.").format(topic=wire.refused[0])
    routes = Routes(source.bindings, sensors)
    batch = Batch()
    for message in heard:
        readings, rejected = taken(message, source, routes)
        batch += Batch(tuple(readings), tuple(rejected))
    return Trial(tuple(heard), batch, trouble)
