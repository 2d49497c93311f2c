"""Quakes and alerts of servers: each is heard once, whatever the server does."""

import pytest

from gis.exchange.online.sources import CapSource, QuakeSource
from gis.sensors.feeds.feed import Link
from tests.mapserver import Reply
from tests.stations import (
    HOUR,
    MINUTE,
    NOW,
    alerts,
    atom,
    cap_alert,
    collected,
    holding,
    kept,
    leading,
    spoken,
    usgs_quake,
)

# -- earthquakes


def test_a_quake_is_told_with_where_how_strong_and_how_deep(peer, opened):
    peer.answer = lambda _path: spoken(collected(usgs_quake(NOW - HOUR)))
    (said,) = kept(opened(QuakeSource(peer.address)), NOW).hazards
    (alert,) = said.alerts
    assert (alert.magnitude, alert.depth_km) == (6.1, 33.0)
    assert (alert.place.x, alert.place.y) == (119.2, -5.4)
    assert alert.onset == NOW - HOUR
    assert alert.headline == "M 6.1, 43 km SW of Makassar, Indonesia"
    assert alert.source == "test"


def test_a_list_of_quakes_that_did_not_change_is_not_sent_again(peer, opened):
    whole = spoken(collected(usgs_quake(NOW - HOUR)), headers={"ETag": '"1"'})
    peer.answer = lambda _path: (
        Reply(status=304) if peer.asked[-1][1].get("If-None-Match") == '"1"' else whole
    )
    feed = opened(QuakeSource(peer.address, every_s=60))
    assert len(kept(feed, NOW).hazards) == 1
    assert kept(feed, NOW + MINUTE).hazards == ()
    assert feed.link is Link.CONNECTED
    feed.poll(NOW + 2 * MINUTE)
    feed.reread()  # what was given was lost: it is wanted whole
    assert len(kept(feed, NOW + 3 * MINUTE).hazards) == 1


def test_a_list_that_is_good_for_five_minutes_is_not_asked_for_sooner(peer, opened):
    peer.answer = lambda _path: spoken(collected(), headers={"Cache-Control": "max-age=300"})
    feed = opened(QuakeSource(peer.address, every_s=60))
    for minutes in range(5):
        kept(feed, NOW + minutes * MINUTE)
    assert len(peer.paths) == 1
    kept(feed, NOW + 5 * MINUTE)
    assert len(peer.paths) == 2


# -- alerts


def test_alerts_inside_a_feed_are_taken(peer, opened):
    (said,) = kept(opened(alerts(peer, holding(cap_alert(NOW, "a")))), NOW).hazards
    assert said.alerts[0].headline == "Flood warning"
    assert said.alerts[0].source == "test"


def test_alerts_that_a_feed_leads_to_are_fetched_once_and_again_when_they_are_new(peer, opened):
    stamps = {"a": "1", "b": "1"}

    def answer(path):
        if path == "/alerts":
            return Reply(atom(*(leading(f"/cap/{name}", stamp) for name, stamp in stamps.items())))
        return Reply(cap_alert(NOW, path[-1]).encode())

    peer.answer = answer
    feed = opened(CapSource(peer.address + "/alerts", every_s=60))
    assert [m.names for m in kept(feed, NOW).hazards] == [("bmkg@example.org,a",), ("bmkg@example.org,b",)]
    assert kept(feed, NOW + MINUTE).hazards == ()
    stamps["b"] = "2"
    assert len(kept(feed, NOW + 2 * MINUTE).hazards) == 1
    assert peer.paths == ["/alerts", "/cap/a", "/cap/b", "/alerts", "/alerts", "/cap/b"]


def test_a_long_list_is_fetched_in_several_rounds(peer, opened):
    def answer(path):
        if path == "/alerts":
            return Reply(atom(*(leading(f"/cap/{n}") for n in range(100))))
        return Reply(cap_alert(NOW, path.rpartition("/")[2]).encode())

    peer.answer = answer
    feed = opened(CapSource(peer.address + "/alerts"))
    assert [len(kept(feed, NOW).hazards) for _round in range(4)] == [40, 40, 20, 0]


def test_an_alert_that_cannot_be_had_is_tried_again_and_then_set_aside(peer, opened):
    def answer(path):
        if path == "/alerts":
            return Reply(atom(leading("/cap/gone"), leading("/cap/a")))
        return Reply(status=404) if path == "/cap/gone" else Reply(cap_alert(NOW, "a").encode())

    peer.answer = answer
    feed, told = opened(CapSource(peer.address + "/alerts", every_s=60)), []
    told += [kept(feed, NOW + minutes * MINUTE) for minutes in range(5)]
    assert [len(batch.hazards) for batch in told] == [1, 0, 0, 0, 0]
    assert [len(batch.rejected) for batch in told] == [0, 0, 1, 0, 0]
    assert peer.paths.count("/cap/gone") == 3
    assert feed.trouble == ""


@pytest.mark.parametrize(
    "goal",
    [
        "http://127.0.0.2:1/x",
        "http://localhost/x",
        "http://192.168.0.1/admin",
        "http://[::1]/x",
        "http://[",
        "file:///etc/passwd",
    ],
)
def test_a_feed_may_not_lead_into_this_network(peer, opened, goal):
    batch = kept(opened(alerts(peer, leading(goal))), NOW)
    assert batch.hazards == ()
    (line,) = batch.rejected
    assert line.raw == goal.encode()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><feed>&a;</feed>', "document type"),
        (b"<feed>" + b"<a>" * 5_000, "nested"),
        (b"<feed>" + b"<entry/>" * 100_000 + b"</feed>", "more than can be taken"),
        (b"<feed>" + b"<a/>" * 500_000 + b"</feed>", "more parts"),
        (b"<feed", "well-formed"),
        (b"<html/>", "neither a feed"),
        (b"", "well-formed"),
    ],
    ids=["entities", "deep", "100000 entries", "bomb", "broken", "page", "nothing"],
)
def test_a_feed_that_is_an_attack_or_nonsense_is_refused_in_words(peer, opened, said, why):
    peer.answer = lambda _path: Reply(said)
    feed = opened(CapSource(peer.address))
    batch = kept(feed, NOW)
    assert why in batch.rejected[0].reason
    assert why in feed.trouble
    assert batch.hazards == ()
