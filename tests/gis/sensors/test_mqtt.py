"""A feed at a real broker: nothing that was acknowledged is lost, and nothing is acknowledged too early."""

import random
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from gis.model.record import Quality, to_us
from gis.model.sensor import Alarm
from gis.sensors.feeds import waiting
from gis.sensors.feeds.broker import Binding
from gis.sensors.feeds.feed import Batch, Link
from gis.sensors.feeds.mqtt import MqttFeed
from gis.sensors.feeds.payloads import PayloadFormat, Shape
from gis.store import Store
from tests.architecture.source import ROOT
from tests.brokers import Broker, until
from tests.build import SIX, a_rule
from tests.disk import no_room
from tests.gis.sensors.mqttdesk import HULU, KALI, OTHER, TOPIC, at_, said, worked
from tests.gis.sensors.taking import source

pytestmark = pytest.mark.timeout(120)


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
    polled = []

    def all_there():
        polled[:] = feed.poll(SIX).readings
        feed.reread()
        return len(polled) == 5

    until(all_there)
    assert list(desk.take(feed).readings) == polled
    assert desk.take(feed).readings == ()


def test_the_broker_hears_no_word_before_the_commit_and_does_after_it(broker, desk):
    feed = desk.connected(broker)
    with broker.gauge() as gauge:
        gauge.say_all((TOPIC, said(n)) for n in range(3))
    until(lambda: feed.poll(SIX).readings)  # and nobody says that they were kept
    worked(feed)
    feed.close()
    again = desk.connected(broker)
    desk.take_until(again, 3)
    worked(again)
    again.close()
    third = desk.connected(broker)
    worked(third)
    assert third.poll(SIX) == Batch()
    assert len(desk.stored()[0]) == 3


def test_a_desk_killed_at_the_worst_moments_has_every_message_once(broker, desk):
    count = 3_000
    desk.connected(broker).close()  # there is a session
    desk.store.close()
    for round_, how in enumerate(("before", "after", "word", "never")):
        with broker.gauge() as gauge:
            gauge.say_all((TOPIC, said(n, n / 100)) for n in range(round_, count, 4))
        told = [str(desk.store.folder), str(desk.folder), str(broker.port), how, str(round_)]
        run = subprocess.run([sys.executable, "-m", "tests.gis.sensors.taking", *told], cwd=ROOT, check=False)
        assert run.returncode == (0 if how == "never" else -9)
    store = Store.open(desk.store.folder, clock=desk.clock, author="R. Sari")
    with store.reading() as query:
        series = query.series(KALI.id)
    store.close()
    assert series.at_us.tolist() == [to_us(SIX - timedelta(seconds=n)) for n in reversed(range(count))]
    assert series.value.tolist() == [n / 100 for n in reversed(range(count))]


def test_a_broker_that_is_gone_for_six_hours_loses_nothing(broker, desk, clock):
    feed = desk.connected(broker)
    minutes = [(SIX + timedelta(minutes=n), n / 100) for n in range(420)]
    clock.advance(timedelta(minutes=30))
    with broker.gauge() as gauge:
        gauge.say_all((TOPIC, at_(*each)) for each in minutes[:30])
    desk.take_until(feed, 30)
    time.sleep(2.5)  # the broker writes down each second whom it serves
    broker.kill()
    until(lambda: feed.link is Link.FAILED)
    assert "broker" in feed.trouble
    clock.advance(timedelta(hours=6))
    broker.start()
    with broker.gauge() as gauge:  # it kept its own, and says the last of what was heard once more
        gauge.say_all((TOPIC, at_(*each)) for each in minutes[20:390])
    until(lambda: feed.link is Link.CONNECTED)
    got = desk.take_until(feed, 370)
    assert all(each.quality == Quality.GOOD for each in got.readings)
    at_us, values = desk.stored()
    assert at_us == [to_us(at) for at, _value in minutes[:390]]
    assert values == [value for _at, value in minutes[:390]]
    assert not feed.trouble


def test_what_is_sent_while_the_desk_is_away_and_the_broker_falls_comes_when_both_are_back(
    broker, desk, clock
):
    desk.connected(broker).close()
    with broker.gauge() as gauge:
        gauge.say_all((TOPIC, at_(SIX + timedelta(minutes=n), n / 100)) for n in range(360))
    time.sleep(2.5)  # the broker writes down each second what it keeps for those who are away
    broker.kill()
    broker.start()
    clock.advance(timedelta(hours=6))
    feed = desk.connected(broker)
    desk.take_until(feed, 360)
    assert len(desk.stored()[0]) == 360
    assert not feed.trouble


def test_a_broker_that_forgot_what_was_sent_in_between_is_said(tmp_path, desk, clock):
    broker = Broker(tmp_path / "forgetful", forgetful=True)
    feed = desk.connected(broker)
    assert not feed.trouble
    feed.close()
    broker.stop()
    clock.advance(timedelta(hours=2))
    broker.start()
    again = desk.connected(broker)
    assert "since 2026-03-14 06:00 UTC is missing" in again.trouble
    clock.advance(timedelta(days=1, minutes=1))
    assert not again.trouble
    again.close()
    broker.kill()


def test_shuffled_and_twice_is_in_order_and_once(broker, desk):
    feed = desk.connected(broker, most_per_s=10_000)
    messages = [(TOPIC, said(n, n / 7)) for n in range(300)] * 3
    random.Random(5).shuffle(messages)
    with broker.gauge() as gauge:
        gauge.say_all(messages)
    desk.take_until(feed, 900)
    at_us, values = desk.stored()
    assert at_us == [to_us(SIX - timedelta(seconds=n)) for n in reversed(range(300))]
    assert values == [n / 7 for n in reversed(range(300))]


def test_an_old_last_known_value_rings_nothing_and_a_fresh_one_does(broker, desk):
    with desk.store.writing("Limits") as tx:
        for each in (KALI, HULU):
            tx.put(a_rule(each))
    with broker.gauge() as gauge:
        gauge.say(TOPIC, said(86_400, 4.9), retain=True)
        gauge.say(OTHER, said(60, 4.9), retain=True)
    feed = desk.connected(broker)
    got = {each.sensor_id: each.quality for each in desk.take_until(feed, 2).readings}
    assert got == {"kali": Quality.CLOCK, "hulu": Quality.GOOD}
    with desk.store.reading() as query:
        assert [each.sensor_id for each in query.find(Alarm)] == ["hulu"]


def test_what_no_instrument_says_is_kept_aside_as_it_came(broker, desk):
    exact = Binding("pump/1", ("HULU-1",))
    feed = desk.connected(broker, bindings=(Binding("city/+/level", ("KALI-3",)), exact, Binding("x/+")))
    with broker.gauge() as gauge:
        gauge.say("city/KALI-3/level", said(1))
        gauge.say("pump/1", said(2))
        gauge.say("city/HULU-1/level", said(3))
        gauge.say("x/unknown", b"\xff\x00 1_000")
        gauge.say("x/KALI-3", b"1_000")
    got = desk.take_until(feed, 5)
    assert sorted(each.sensor_id for each in got.readings) == ["hulu", "kali"]
    with desk.store.reading() as query:
        kept = {line.raw: line.reason for line in query.rejected()}
    assert set(kept) == {b"city/HULU-1/level " + said(3), b"x/unknown \xff\x00 1_000", b"x/KALI-3 1_000"}
    assert "No instrument is bound to the topic city/HULU-1/level" in kept[b"city/HULU-1/level " + said(3)]
    assert "no JSON" in kept[b"x/KALI-3 1_000"]


def test_a_gauge_that_speaks_for_another_is_not_believed(broker, desk):
    form = PayloadFormat(Shape.JSON, value="v", key="id")
    feed = desk.connected(broker, payload=form)
    with broker.gauge() as gauge:
        gauge.say(TOPIC, b'{"v": 9.9, "id": "HULU-1"}')
    assert "HULU-1" in desk.take_until(feed, 1).rejected[0].reason
    assert desk.stored(HULU) == ([], [])


def test_a_flood_of_one_gauge_waits_on_the_disk_and_the_others_go_first(broker, desk):
    feed = desk.connected(broker, most_per_s=20)
    with broker.gauge() as gauge:
        gauge.say_all((TOPIC, said(n)) for n in range(1_900))
        gauge.say(OTHER, said(1))
        gauge.say_all((TOPIC, said(n)) for n in range(1_900, 2_000))
    until(lambda: feed.overflow >= 1_950)  # so the other one has come, too
    assert "wait on the disk" in feed.trouble
    got = desk.take_until(feed, 2_001).readings
    kali = [each.at for each in got if each.sensor_id == "kali"]
    assert kali == [SIX - timedelta(seconds=n) for n in range(2_000)]
    assert [each.sensor_id for each in got[:100]].count("hulu") == 1
    assert not feed.trouble


def test_what_the_disk_has_is_acknowledged_and_outlives_the_desk(broker, desk, monkeypatch, tmp_path):
    monkeypatch.setattr(waiting, "MOST_NEAR", 200)
    feed = desk.connected(broker, most_per_s=10_000)
    with broker.gauge() as gauge:
        gauge.say_all((TOPIC, said(n)) for n in range(3_000))
    until(lambda: feed.overflow == 3_000)
    worked(feed)
    feed.close()  # nothing of it was ever taken in
    stranger = MqttFeed(source(broker.port), "", [KALI], tmp_path / "stranger", desk.clock)
    desk.feeds.append(stranger)
    stranger.poll(SIX)
    until(lambda: stranger.link is Link.CONNECTED)
    worked(stranger)
    assert stranger.poll(SIX) == Batch()  # the broker holds nothing more for us
    stranger.close()
    again = desk.connected(broker)
    desk.take_until(again, 3_000)
    assert len(desk.stored()[0]) == 3_000
    again.close()
    assert not [*desk.folder.glob("*.spill")]


def test_a_disk_that_is_full_leaves_the_rest_with_the_broker(broker, desk, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_NEAR", 200)
    feed = desk.connected(broker, most_per_s=10_000)
    with no_room(), broker.gauge() as gauge:
        gauge.say_all((TOPIC, said(n)) for n in range(3_000))
        until(lambda: "disk" in feed.trouble and feed.link is Link.FAILED)
    until(lambda: desk.take(feed) and len(desk.stored()[0]) == 3_000)
    until(lambda: feed.link is Link.CONNECTED and not feed.trouble, lambda: feed.trouble)


def test_a_burst_is_taken_in_whole_while_the_store_is_busy(broker, desk):
    feed = desk.connected(broker, most_per_s=10_000)
    gauges = [broker.gauge(f"gauge {n}") for n in range(2)]
    halves = [[(TOPIC, said(n)) for n in range(first, 6_000, 2)] for first in range(2)]
    speakers = [
        threading.Thread(target=each.say_all, args=(half,)) for each, half in zip(gauges, halves, strict=True)
    ]
    for each in speakers:
        each.start()
    with desk.store.writing("Something long"):
        time.sleep(0.5)
    desk.take_until(feed, 6_000)
    for speaker, gauge in zip(speakers, gauges, strict=True):
        speaker.join()
        gauge.leave()
    assert len(desk.stored()[0]) == 6_000


def test_whoever_is_hostile_costs_a_line_in_the_rejects(broker, desk):
    feed = desk.connected(broker, bindings=(Binding("+"), Binding("city/gauges/+/level")))
    with broker.gauge() as gauge:
        gauge.say("KALI-3", b"\0" * 10_000_000)  # more than any packet we take: the broker keeps it from us
        gauge.say("KALI-3", b"[" * 500_000)
        gauge.say("x" * 65_535, b"1")
        gauge.say_all((f"{n}", b"1") for n in range(2_000))
        gauge.say(TOPIC, said(1))
    got = desk.take_until(feed, 2_003)
    assert [each.value for each in got.readings] == [2.5]
    assert len(got.rejected) == 2_002
    assert all(len(each.raw) <= 4096 and len(each.reason) <= 1000 for each in got.rejected)
    assert len(feed._waiting._pace) <= 2


def test_a_topic_that_is_bound_no_more_is_not_sent_any_more(broker, desk):
    desk.connected(broker, bindings=(Binding("a/+"), Binding("b/+"))).close()
    feed = desk.connected(broker, bindings=(Binding("b/+"),))
    worked(feed)
    with broker.gauge() as gauge:
        gauge.say("a/KALI-3", said(1))
        gauge.say("b/KALI-3", said(2))
    assert len(desk.take_until(feed, 1).readings) == 1
    worked(feed)
    assert desk.take(feed) == Batch()


def test_a_value_without_a_time_that_has_waited_at_the_broker_is_doubtful(broker, desk, clock):
    feed = desk.connected(broker, payload=PayloadFormat())
    with broker.gauge() as gauge:
        gauge.say(TOPIC, b"1.0")
        assert [each.quality for each in desk.take_until(feed, 1).readings] == [Quality.GOOD]
        worked(feed)
        feed.close()
        gauge.say(TOPIC, b"2.0")
        clock.advance(timedelta(hours=6))
        again = desk.connected(broker, payload=PayloadFormat())
        assert [each.quality for each in desk.take_until(again, 1).readings] == [Quality.CLOCK]
        time.sleep(0.6)
        gauge.say(TOPIC, b"3.0")
        assert [each.quality for each in desk.take_until(again, 1).readings] == [Quality.GOOD]
