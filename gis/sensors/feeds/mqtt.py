"""Readings from an MQTT 5 broker: what we say we have, we have."""

import logging
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from math import inf
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from gis.clock import Clock
from gis.errors import UserError
from gis.model.record import Reading, from_us, to_us
from gis.model.sensor import Sensor
from gis.sensors.feeds.arrears import Arrears
from gis.sensors.feeds.broker import MqttSource, Routes, taken
from gis.sensors.feeds.feed import Batch, Link, Reject
from gis.sensors.feeds.memo import Memo, read
from gis.sensors.feeds.message import Message
from gis.sensors.feeds.payloads import shortened
from gis.sensors.feeds.strictjson import LARGEST
from gis.sensors.feeds.waiting import Waiting
from gis.sensors.feeds.wire import Delivery, Lost, Wire
from gis.store.readings.rejects import LONGEST
from gis.texts import _, ngettext

log = logging.getLogger(__name__)
ENOUGH = 10_000  # readings and rejects of one poll, after which no more messages are read
_OFTEN, _OFTEN_S = 3, 300.0
_SHIFTS = timedelta(days=1)
_TURN_S, _LOOK_S, _SYNC_S, _FIRST_REST_S, _LONGEST_REST_S, _PATIENCE_S = 0.05, 0.02, 0.25, 0.5, 30.0, 2.0


class MqttFeed:
    """The messages of one broker, each acknowledged once it lasts, and not before.

    A message lasts when its readings are in the store (`kept`, after the commit), or when it lies in the
    spill file in `folder` and that is on the disk: so the broker never holds more than it must, whatever the
    store is doing, and what was acknowledged outlives a crash of either. It may come twice, never not at all.
    The session stays with the broker for 7 days. Of what the broker forgets meanwhile (it keeps too little,
    or nothing over its own restart) `trouble` tells. `folder` must be this desk's alone. Works in a thread of
    its own from the first poll on; `clock` says when messages came. Raises `UserError` where `folder` cannot
    be used.
    """

    def __init__(
        self, source: MqttSource, password: str, sensors: Iterable[Sensor], folder: Path, clock: Clock
    ) -> None:
        self._source, self._password, self._clock = source, password, clock
        self._routes = Routes(source.bindings, sensors)
        stem = sha256(f"{source.place} {source.client_id}".encode()).hexdigest()[:16]
        self._memo_path = folder / f"mqtt-{stem}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._waiting = Waiting(folder / f"mqtt-{stem}.spill", self._lane_of, source.most_per_s)
        except BlockingIOError as error:
            raise UserError(
                _("Another source already listens to {place} as {name}.").format(
                    place=source.place, name=source.client_id
                ),
                hint=_("Give each a client id of its own, or bind the topics of both in one."),
            ) from error
        except OSError as error:
            raise UserError(
                _("There is nowhere to put the messages of {place} that have to wait.").format(
                    place=source.place
                ),
                hint=_("Nothing was taken from it. Reason: {reason}").format(reason=error),
            ) from error
        self._memo = read(self._memo_path)
        self._torn = self._waiting.torn
        self._link, self._full = Link.CONNECTING, False
        self._why = self._refused = self._forgot = self._disk = ""
        self._forgot_at = clock.now()
        self._stopped, self._thread = Event(), Thread(target=self._run, name="mqtt", daemon=True)
        self._wire: Wire | None = None
        self._losses = deque[float](maxlen=_OFTEN)
        self._arrears: Arrears | None = None

    @property
    def link(self) -> Link:
        return self._link

    @property
    def vouched(self) -> bool:
        """False where anybody on the network could speak in the name of an instrument."""
        return self._source.vouched

    @property
    def overflow(self) -> int:
        """How many messages had to wait on the disk in this sitting."""
        return self._waiting.overflow

    @property
    def trouble(self) -> str:
        count, behind = self._waiting.set_down, ""
        forgot = self._forgot if self._clock.now() - self._forgot_at < _SHIFTS else ""
        if count:
            behind = ngettext(
                "{count} message came too fast to be taken in at once: it waits on the disk.",
                "{count} messages came too fast to be taken in at once: they wait on the disk.",
                count,
            ).format(count=f"{count:,}")
        return " ".join(filter(None, (self._why, self._refused, forgot, self._disk, behind)))

    def poll(self, until: datetime) -> Batch:  # noqa: ARG002 - what came, came before
        """At most 20,000 readings and rejects. Never raises: `link` and `trouble` tell how the broker is."""
        if self._thread.ident is None:
            self._thread.start()
        readings: list[Reading] = []
        rejected: list[Reject] = [*self._cut_off()]
        while len(readings) + len(rejected) < ENOUGH and (chunk := self._waiting.take()):
            for message in chunk:
                fresh, aside = taken(message, self._source, self._routes)
                readings += fresh
                rejected += aside
        return Batch(tuple(readings), tuple(rejected))

    def kept(self) -> None:
        self._waiting.kept()
        self._torn = b""

    def reread(self) -> None:
        self._waiting.reread()

    def close(self) -> None:
        """The broker hears what is kept, and keeps for us what comes from now on."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE_S)
        self._waiting.close()

    def _cut_off(self) -> Iterable[Reject]:
        if self._torn:
            reason = _("The file of messages that wait was not whole from here on. It is kept beside it.")
            yield Reject(self._source.place, 0, self._torn[:LONGEST], reason)

    def _lane_of(self, topic: str) -> str:
        return _lane(topic, self._routes.of(topic))

    def _run(self) -> None:
        rest_s = _FIRST_REST_S
        while not self._stopped.is_set():
            if self._waiting.has_room:
                began_s = monotonic()
                self._serve()
                lasted = monotonic() - began_s > _LONGEST_REST_S
                rest_s = _FIRST_REST_S if lasted else min(rest_s * 2, _LONGEST_REST_S)
            self._set_down()
            self._stopped.wait(rest_s)

    def _serve(self) -> None:
        """One connection, from its beginning to its end."""
        self._waiting.new_wire()
        self._arrears, self._full = None, False
        wire = self._wire = Wire(self._source, self._password, self._delivered)
        try:
            wire.open()
            self._hear(wire)
        except Lost as error:
            if self._link is Link.CONNECTED:
                self._losses.append(monotonic())
            self._failed(self._contested() or str(error))
        except Exception as error:  # an edge: whatever a broker makes of the library, it is tried again
            log.exception("the connection to a broker ended in an error")
            self._failed(_("The broker sent what nobody understands: {reason}.").format(reason=error))
        finally:
            self._wire = None
            self._remember()

    def _contested(self) -> str:
        """What it may mean that the connection does not hold; not every broker says it."""
        often = len(self._losses) == _OFTEN and monotonic() - self._losses[0] < _OFTEN_S
        words = _(
            "The broker ends the connection again and again. Perhaps another program comes to it as {name}:"
            " give each desk a client id of its own, they take each other's messages."
        )
        return words.format(name=self._source.client_id) if often else ""

    def _failed(self, why: str) -> None:
        self._link, self._why = Link.FAILED, why

    def _hear(self, wire: Wire) -> None:
        """Until we are told to stop, or there is no more room. Raises `Lost`."""
        looked_s = synced_s = 0.0
        while not self._stopped.is_set() and not self._full:
            wire.turn(_TURN_S)
            now_s = monotonic()
            if now_s - looked_s < _LOOK_S:
                continue
            looked_s = now_s
            self._look(wire)
            if now_s - synced_s >= _SYNC_S:
                synced_s = now_s
                self._set_down()
            self._give_word(wire)
        self._set_down()
        self._give_word(wire)
        wire.hang_up()
        if self._full:
            self._failed(_("There is no room for more messages. The broker keeps them until there is."))

    def _look(self, wire: Wire) -> None:
        """How the connection is by now."""
        if wire.session_present is not None:
            self._begin(wire)
        if not wire.listening:
            return
        if self._link is not Link.CONNECTED:
            self._welcomed(wire)
        self._why = self._contested()
        if self._memo is not None:
            self._memo = Memo(self._memo.topics, to_us(self._clock.now()))

    def _begin(self, wire: Wire) -> None:
        """What was sent while we were away may come now."""
        if self._arrears is None:
            heard_us = self._memo.heard_us if self._memo else 0
            away_s = (self._clock.now() - from_us(heard_us)).total_seconds() if heard_us else inf
            self._arrears = Arrears(away_s if wire.session_present else 0.0, monotonic())

    def _welcomed(self, wire: Wire) -> None:
        """The broker sends us what we asked for."""
        before = self._memo
        topics = tuple(sorted({each.topic for each in self._source.bindings}))
        if before is not None and not wire.session_present:
            self._forgotten(before)
        if before is not None:
            wire.forget(set(before.topics) - set(topics))
        self._refused = ""
        if wire.refused:
            self._refused = ngettext(
                "The broker does not let this user hear {topic}.",
                "The broker does not let this user hear {topic} and other topics.",
                len(wire.refused),
            ).format(topic=shortened(wire.refused[0]))
        self._memo = Memo(topics, to_us(self._clock.now()))
        self._link = Link.CONNECTED
        self._remember()

    def _forgotten(self, before: Memo) -> None:
        """Kept for a day: whoever comes on duty is to know of it."""
        now = self._clock.now()
        words = _(
            "The broker had forgotten this desk when it came back at {at:%Y-%m-%d %H:%M} UTC. What was sent"
            " while nobody listened is missing. Let the broker keep messages for longer than it is away."
        )
        if before.heard_us:
            words = _(
                "The broker had forgotten this desk when it came back at {at:%Y-%m-%d %H:%M} UTC. What was"
                " sent since {since:%Y-%m-%d %H:%M} UTC is missing. Let the broker keep messages for longer"
                " than it is away."
            )
        self._forgot, self._forgot_at = words.format(at=now, since=from_us(before.heard_us)), now

    def _remember(self) -> None:
        """What the next sitting is to know; without it, it cannot tell what the broker forgot."""
        if self._memo is not None:
            with suppress(OSError):
                self._memo.write(self._memo_path)

    def _set_down(self) -> None:
        try:
            if self._waiting.sync():
                self._disk = ""
        except OSError as error:
            self._full = True
            words = _("The disk does not take the messages that have to wait: {reason}.")
            self._disk = words.format(reason=error)

    def _give_word(self, wire: Wire) -> None:
        for number in self._waiting.word():
            wire.acknowledge(number)

    def _delivered(self, delivery: Delivery) -> None:
        """In the thread of the wire: a message came. What finds no room is sent again another time."""
        if self._wire is None or self._stopped.is_set():
            return
        self._begin(self._wire)
        sensors = self._routes.of(delivery.topic)
        lane = _lane(delivery.topic, sensors)
        cut = len(delivery.payload) > LARGEST
        message = Message(
            delivery.topic,
            delivery.payload[:LONGEST] if cut else delivery.payload,
            self._clock.now(),
            delivery.retained,
            self._late(lane, sensors),
            cut,
        )
        if not self._waiting.came(message, lane, delivery.mid):
            self._full = True

    def _late(self, lane: str, sensors: Mapping[str, Sensor]) -> bool:
        rhythm_s = max((each.expected_every_s for each in sensors.values()), default=0)
        return self._arrears is not None and self._arrears.late(lane, rhythm_s, monotonic())


def _lane(topic: str, sensors: Mapping[str, Sensor]) -> str:
    """Who speaks: one instrument, several that share a topic, or "" for all that are not known."""
    if len(sensors) == 1:
        return next(iter(sensors.values())).id
    return topic if sensors else ""
