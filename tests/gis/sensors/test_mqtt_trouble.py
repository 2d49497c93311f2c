"""What is wrong with a broker is said in words, whatever the broker does; and it can be tried out."""

import pytest

from gis.errors import UserError
from gis.sensors.feeds import wire
from gis.sensors.feeds.broker import Binding, MqttSource
from gis.sensors.feeds.feed import Batch, Link
from gis.sensors.feeds.mqtt import MqttFeed
from gis.sensors.feeds.trial import probe
from tests.brokers import PASSWORD, USER, Silent, until
from tests.build import SIX
from tests.gis.sensors.mqttdesk import KALI, TOPIC, said
from tests.gis.sensors.taking import source

pytestmark = pytest.mark.timeout(120)
CONNACK, NOT_ALLOWED = bytes.fromhex("2003000000"), bytes.fromhex("900400010087")


def test_a_secured_broker_vouches_for_what_it_sends(secured, desk):
    feed = desk.connected(secured, PASSWORD, tls=True, user=USER, ca_file=str(secured.ca_file))
    assert feed.vouched
    with secured.gauge() as gauge:
        gauge.say(TOPIC, said(1))
    desk.take_until(feed, 1)


@pytest.mark.parametrize(
    ("password", "but", "why"),
    [
        ("wrong", {}, "does not accept this user and password"),
        (PASSWORD, {"user": ""}, "does not accept this user and password"),
        (PASSWORD, {"ca_file": ""}, "cannot prove that it is the right one"),
        (PASSWORD, {"ca_file": "/nowhere/ca.pem"}, "cannot be read"),
        (PASSWORD, {"ca_file": __file__}, "No encrypted connection"),
        (PASSWORD, {"cert_file": __file__}, "No encrypted connection"),
        (PASSWORD, {"tls": False}, "Perhaps it wants an encrypted connection"),
        (PASSWORD, {"host": "no-such-broker.invalid"}, "no computer called no-such-broker.invalid"),
        (PASSWORD, {"host": "x" * 80 + ".org"}, "no computer called"),
        (PASSWORD, {"port": 1}, "No broker answers at 127.0.0.1:1"),
    ],
)
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # paho leaves its socket unclosed
def test_why_there_is_no_connection_is_said_in_words(secured, desk, password, but, why):
    given = {"tls": True, "user": USER, "ca_file": str(secured.ca_file), "port": secured.port} | but
    feed = MqttFeed(source(given.pop("port"), **given), password, [KALI], desk.folder, desk.clock)
    desk.feeds.append(feed)
    assert feed.poll(SIX) == Batch()
    until(lambda: feed.link is Link.FAILED)
    assert why in feed.trouble


def test_two_desks_with_one_name_are_told_so(broker, desk, tmp_path):
    feed = desk.connected(broker)
    other = MqttFeed(source(broker.port), "", [KALI], tmp_path / "other", desk.clock)
    desk.feeds.append(other)
    other.poll(SIX)
    until(lambda: "another program comes to it as desk" in feed.trouble)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", ""),
        (CONNACK + bytes.fromhex("32ffffffff7f"), ""),
        (CONNACK + bytes.fromhex("3205000361ff00"), ""),
        (CONNACK + bytes.fromhex("9003000199"), ""),
        (bytes.fromhex("2003008400"), "does not speak MQTT 5"),
        (bytes.fromhex("2003009700"), "ended the connection: Quota exceeded"),
    ],
)
def test_a_stranger_at_the_brokers_place_is_a_failed_connection(desk, words, why, monkeypatch):
    monkeypatch.setattr(wire, "_WORD_S", 1.0)
    stranger = Silent(words)
    feed = desk.listen(stranger)
    until(lambda: feed.link is Link.FAILED)
    assert feed.trouble
    assert why in feed.trouble
    feed.close()
    stranger.die()


def test_a_topic_we_may_not_hear_is_said(desk):
    stranger = Silent(CONNACK + NOT_ALLOWED)
    feed = desk.connected(stranger)
    assert feed.trouble == "The broker does not let this user hear city/gauges/+/level."
    feed.close()
    stranger.die()


def test_a_broker_can_be_tried_out_without_touching_the_session(broker, desk):
    with broker.gauge() as gauge:
        gauge.say(TOPIC, said(1), retain=True)
        gauge.say("city/gauges/NEW/level", b"wet", retain=True)
    found = probe(source(broker.port), "", 0.5, [KALI], desk.clock)
    assert not found.trouble
    assert {each.topic for each in found.messages} == {TOPIC, "city/gauges/NEW/level"}
    assert [each.value for each in found.batch.readings] == [2.5]
    assert len(found.batch.rejected) == 1
    assert len(desk.take_until(desk.connected(broker), 2).readings) == 1


def test_a_broker_that_is_not_there_is_said_when_it_is_tried():
    assert "No broker answers" in probe(source(1), "", 0.5).trouble


def test_two_sources_of_one_desk_cannot_share_a_name(broker, desk):
    desk.connected(broker)
    with pytest.raises(UserError, match="Another source already listens"):
        desk.listen(broker)


def test_a_folder_that_cannot_be_used_is_said(broker, desk):
    desk.folder.write_text("a file")
    with pytest.raises(UserError, match="nowhere to put"):
        desk.listen(broker)


@pytest.mark.parametrize(
    "topic", ["", "a/#", "a/+/+", "a/b+", "a\0b", "$SYS/load", "a\nb", "x" * 65_536, "city/level"]
)
def test_a_topic_that_cannot_be_bound_is_refused(topic):
    with pytest.raises(UserError) as refusal:
        Binding(topic)
    assert refusal.value.hint


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": ""},
        {"host": "a b"},
        {"port": 0},
        {"port": 70_000},
        {"client_id": " "},
        {"client_id": "x" * 300},
        {"bindings": ()},
        {"most_per_s": 0},
    ],
)
def test_a_source_that_cannot_be_is_refused(wrong):
    given = {"host": "broker", "client_id": "desk", "bindings": (Binding("+"),)} | wrong
    with pytest.raises(UserError) as refusal:
        MqttSource(**given)
    assert refusal.value.hint
