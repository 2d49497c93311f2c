"""One connection to an MQTT broker, as long as it lasts: paho's client, turned by hand in one thread."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from gis.sensors.feeds.broker import MqttSource
from gis.texts import _

KEPT_BY_BROKER_S = 7 * 86_400
MOST_IN_FLIGHT = 50_000  # messages not yet acknowledged: as many lie in memory at most
LARGEST_PACKET = 1024 * 1024  # bytes; a broker does not send what is larger (MQTT 5, 3.1.2.11.4)
_CALL_S, _WORD_S, _KEEPALIVE_S = 5.0, 10.0, 20
_AT_ONCE = 200  # topics asked for in one packet


class Lost(Exception):
    """There is no connection, or none any more: `str()` says why, in words for a person."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it came. `mid` is its number on this wire; 0 where the broker wants no word of it."""

    topic: str
    payload: bytes
    mid: int
    retained: bool


class Wire:
    """Connects in `open`, and does its work in `turn`; all of it in one thread.

    `deliver` hears each message inside of `turn`. With `once`, under another name and without a session: for
    trying out.
    """

    def __init__(
        self, source: MqttSource, password: str, deliver: Callable[[Delivery], None], *, once: bool = False
    ) -> None:
        self._source, self._deliver, self._once = source, deliver, once
        self._why, self._asked = "", dict[int, list[str]]()
        self._deadline = 0.0
        self.session_present: bool | None = None  # None until the broker has answered
        self.listening = False
        self.refused: list[str] = []  # topics the broker does not let us hear
        self._client = self._made(password)

    def _made(self, password: str) -> Client:
        name = f"{self._source.client_id}-test" if self._once else self._source.client_id
        client = Client(
            CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=not self._once
        )
        client.connect_timeout = _CALL_S
        if self._source.user:
            client.username_pw_set(self._source.user, password)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_message, client.on_subscribe = self._on_message, self._on_subscribe
        return client

    def open(self) -> None:
        """Call the broker and introduce ourselves; a few seconds at most. Raises `Lost`."""
        source = self._source
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 0 if self._once else KEPT_BY_BROKER_S
        properties.ReceiveMaximum = MOST_IN_FLIGHT
        properties.MaximumPacketSize = LARGEST_PACKET
        try:
            if source.tls:
                self._client.tls_set_context(_context(source))
            self._client.connect(
                source.host, source.port, _KEEPALIVE_S, clean_start=self._once, properties=properties
            )
        except (OSError, ValueError) as error:  # ValueError: a name that no computer can have
            raise Lost(unreached(error, source)) from error
        self._deadline = time.monotonic() + _WORD_S

    def turn(self, wait_s: float) -> None:
        """Take what has come and send what is to go, waiting so long for something. Raises `Lost`."""
        code = self._client.loop(wait_s)
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise Lost(self._why or self._gone())
        if not self.listening and time.monotonic() > self._deadline:
            raise Lost(
                _("The broker at {place} answers, and then says nothing.").format(place=self._source.place)
            )

    def acknowledge(self, mid: int) -> None:
        """The broker may forget this message: it is kept here."""
        self._client.ack(mid, 1)

    def forget(self, topics: Iterable[str]) -> None:
        """These are not to be sent any more."""
        wanted = list(topics)
        for first in range(0, len(wanted), _AT_ONCE):
            self._client.unsubscribe(wanted[first : first + _AT_ONCE])

    def hang_up(self) -> None:
        """Say goodbye; the broker keeps for us what is sent from now on."""
        self._client.disconnect()
        self._client.loop(0)

    def _on_connect(self, _c: Client, _u: Any, flags: ConnectFlags, reason: ReasonCode, _p: Any) -> None:
        if reason.is_failure:
            self._why = said(reason, self._source)
            return
        self.session_present = flags.session_present
        self._deadline = time.monotonic() + _WORD_S
        options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
        topics = [*dict.fromkeys(each.topic for each in self._source.bindings)]
        for first in range(0, len(topics), _AT_ONCE):
            some = topics[first : first + _AT_ONCE]
            _code, mid = self._client.subscribe([(topic, options) for topic in some])
            if mid is not None:
                self._asked[mid] = some

    def _on_subscribe(self, _c: Client, _u: Any, mid: int, reasons: list[ReasonCode], _p: Any) -> None:
        topics = self._asked.pop(mid, [])
        self.refused += [t for t, reason in zip(topics, reasons, strict=False) if reason.is_failure]
        self.listening = not self._asked

    def _on_disconnect(
        self, _c: Client, _u: Any, flags: DisconnectFlags, reason: ReasonCode, _p: Any
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            self._why = said(reason, self._source)

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # no broker should let that pass
            topic = ""
        self._deliver(Delivery(topic, bytes(message.payload), message.mid, message.retain))

    def _gone(self) -> str:
        if self.session_present is None:
            return _(
                "The broker at {place} hung up before it said a word. Perhaps it wants an encrypted"
                " connection, or none, or a certificate of this desk."
            ).format(place=self._source.place)
        return _("The connection to the broker at {place} is lost. It is tried again and again.").format(
            place=self._source.place
        )


def _context(source: MqttSource) -> ssl.SSLContext:
    """Raises `OSError` (`ssl.SSLError` among them) for files that are not there or hold nothing of use."""
    context = ssl.create_default_context(cafile=source.ca_file or None)
    if source.cert_file:  # a key with a password is refused: nobody is there to type it
        context.load_cert_chain(source.cert_file, source.key_file or None, password=lambda: "")
    return context


def unreached(error: Exception, source: MqttSource) -> str:
    """Why there is no connection, for a person."""
    place = source.place
    match error:
        case ssl.SSLCertVerificationError():
            words = _(
                "The broker at {place} cannot prove that it is the right one ({reason}). Choose the file of"
                " the authority that signed its certificate; do not go on without."
            )
            return words.format(place=place, reason=error.verify_message)
        case ssl.SSLError():
            words = _(
                "No encrypted connection to {place} ({reason}). Check the port, and the files of the"
                " certificates."
            )
            return words.format(place=place, reason=error.reason or error)
        case FileNotFoundError() | PermissionError():
            return _("A file of certificates cannot be read: {reason}.").format(reason=error)
        case socket.gaierror() | UnicodeError():
            return _("No network, or no computer called {host}.").format(host=source.host)
        case ConnectionRefusedError():
            return _("No broker answers at {place}. It is tried again and again.").format(place=place)
        case TimeoutError():
            return _("The broker at {place} takes too long to answer.").format(place=place)
        case _:
            return _("The broker at {place} cannot be reached: {reason}.").format(place=place, reason=error)


def said(reason: ReasonCode, source: MqttSource) -> str:
    """What a broker means by a reason code (MQTT 5, 2.4), for a person."""
    match reason.value:
        case 134 | 135:
            return _("The broker does not accept this user and password: check both.")
        case 133:
            return _("The broker does not accept the client id {name}.").format(name=source.client_id)
        case 132 | 1:
            return _("The broker does not speak MQTT 5.")
        case 142:
            return _(
                "Another program has come to the broker as {name}. Give each desk a client id of its own:"
                " they take each other's messages."
            ).format(name=source.client_id)
        case 139:
            return _("The broker is being shut down. It is tried again and again.")
        case _:
            return _("The broker ended the connection: {reason}.").format(reason=str(reason))
