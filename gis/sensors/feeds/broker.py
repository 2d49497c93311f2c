"""An MQTT broker as a source: where it is, who we are there, and which topic speaks for which instrument."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gis.errors import UserError
from gis.model.record import Reading
from gis.model.sensor import Sensor
from gis.sensors.feeds.feed import Reject
from gis.sensors.feeds.message import Message
from gis.sensors.feeds.payloads import PayloadFormat, shortened, told
from gis.store.readings.rejects import LONGEST
from gis.texts import _

PORT, TLS_PORT = 1883, 8883
MOST_BINDINGS, _LONGEST_TOPIC, _LONGEST_NAME, _LONGEST_REASON = 10_000, 65_535, 200, 1_000


@dataclass(frozen=True, slots=True)
class Binding:
    """Messages under `topic` may speak of the instruments with these `keys`, and of no others.

    One level of the topic may be +: that level is then the key, and `keys` (empty: all) those it may be.
    Without +, one key needs no word of it in the message; of several the message has to name one.
    """

    topic: str
    keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        levels = self.topic.split("/")
        if not self.topic or len(self.topic.encode("utf-8", "replace")) > _LONGEST_TOPIC:
            raise _refused(self.topic, _("A topic has 1 to 65,535 bytes."))
        if "\0" in self.topic or self.topic.startswith("$") or not self.topic.isprintable():
            raise _refused(self.topic, _("A topic does not begin with $, and has no control characters."))
        if "#" in self.topic or self.topic.count("+") != levels.count("+") or levels.count("+") > 1:
            raise _refused(self.topic, _("One level of it may be +, as in city/gauges/+/level."))
        if not self.keys and "+" not in levels:
            raise _refused(self.topic, _("Say of which instrument its messages are."))

    @property
    def ends(self) -> tuple[str, str] | None:
        """What stands before and after the +; None for an exact topic."""
        before, plus, after = f"/{self.topic}/".partition("/+/")
        return (f"{before}/"[1:], f"/{after}"[:-1]) if plus else None


def _refused(topic: str, why: str) -> UserError:
    return UserError(_("{topic} cannot be listened to.").format(topic=topic[:80] or "?"), hint=why)


@dataclass(frozen=True, slots=True)
class MqttSource:
    """A broker (MQTT 5) and what is taken from it; without its password, which is kept elsewhere.

    `client_id` names this desk at the broker: it stays the same, for under it the broker keeps what was sent
    while nobody was here, and no other desk may use it. `ca_file` proves the broker ("": whom this computer
    trusts), `cert_file` and `key_file` prove this desk where the broker asks for it. An instrument that says
    more than `most_per_s` messages a second waits behind the others; nothing of it is lost.
    """

    host: str
    client_id: str
    bindings: tuple[Binding, ...]
    payload: PayloadFormat = field(default_factory=PayloadFormat)
    port: int = TLS_PORT
    tls: bool = True
    user: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    most_per_s: int = 50

    def __post_init__(self) -> None:
        named = self.client_id.strip() and self.client_id.isprintable()
        if not named or len(self.client_id) > _LONGEST_NAME:
            raise UserError(
                _("It is not said under which name this desk comes to the broker."),
                hint=_("Give it a client id of up to 200 letters and digits that no other desk has."),
            )
        if not self.host or len(self.host) > _LONGEST_NAME or not self.host.isprintable() or " " in self.host:
            raise UserError(
                _("It is not said where the broker is."),
                hint=_("Give its name or number on the network, without mqtt:// and without a port."),
            )
        if not 1 <= self.port <= 65_535:
            raise UserError(
                _("{port} is no port.").format(port=self.port), hint=_("Brokers listen on 8883, or on 1883.")
            )
        if not 1 <= len(self.bindings) <= MOST_BINDINGS:
            raise UserError(
                _("No topic of the broker is bound to an instrument."),
                hint=_("Add one, as city/gauges/KALI-3/level for the instrument KALI-3."),
            )
        if not 1 <= self.most_per_s <= 10_000:
            raise UserError(
                _("{value} is no rate an instrument can be held to.").format(value=self.most_per_s),
                hint=_("Give 1 to 10,000 messages a second."),
            )

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def vouched(self) -> bool:
        """False where anybody on the network could speak in the name of an instrument, or read along."""
        return self.tls and bool(self.user or self.cert_file)


class Routes:
    """Which instruments a topic may speak of. A look takes no longer with many topics than with few."""

    def __init__(self, bindings: Iterable[Binding], sensors: Iterable[Sensor]) -> None:
        by_key = {sensor.key: sensor for sensor in sensors}
        self._exact: dict[str, dict[str, Sensor]] = {}
        self._patterns: list[tuple[str, str, dict[str, Sensor]]] = []
        for each in bindings:
            known = by_key if not each.keys else {key: by_key[key] for key in each.keys if key in by_key}
            if each.ends is None:
                self._exact[each.topic] = self._exact.get(each.topic, {}) | known
            else:
                self._patterns.append((*each.ends, known))

    def of(self, topic: str) -> Mapping[str, Sensor]:
        """The sensors by key; none for a topic that is bound to nothing that is set up here."""
        if (exact := self._exact.get(topic)) is not None:
            return exact
        for before, after, known in self._patterns:
            if topic.startswith(before) and topic.endswith(after):
                key = topic[len(before) : len(topic) - len(after)]
                if key in known and before + key + after == topic and "/" not in key:
                    return {key: known[key]}
        return {}


def taken(message: Message, source: MqttSource, routes: Routes) -> tuple[list[Reading], list[Reject]]:
    """The readings in a message, and the message itself (topic, a space, payload) where any of it is none."""
    sensors = routes.of(message.topic)
    if sensors:
        readings, reasons = told(message, source.payload, sensors)
    else:
        reason = _("No instrument is bound to the topic {topic}.")
        readings, reasons = [], [reason.format(topic=shortened(message.topic))]
    if not reasons:
        return readings, []
    raw = message.topic.encode("utf-8", "replace") + b" " + message.payload
    return readings, [Reject(source.place, 0, raw[:LONGEST], " ".join(reasons)[:_LONGEST_REASON])]
