"""Servers are asked no more often than they like; they are tried first, and what they break is said."""

from datetime import timedelta
from itertools import pairwise

import pytest

from gis.errors import UserError
from gis.exchange.online.feeds import open_feed, probe
from gis.exchange.online.sources import QuakeSource, SensorThingsSource, UsgsSource
from gis.sensors.feeds.feed import Link
from tests.mapserver import Reply
from tests.stations import (
    DAY,
    HOUR,
    HUJAN,
    KALI,
    MINUTE,
    NOW,
    alerts,
    cap_alert,
    holding,
    kept,
    reference,
    things,
)


def test_a_server_is_asked_no_sooner_than_it_was_agreed(frost, opened):
    feed = opened(things(frost, every_s=300))
    kept(feed, NOW)
    asked = len(frost.server.paths)
    assert kept(feed, NOW + 4 * MINUTE).readings == ()
    assert len(frost.server.paths) == asked
    kept(feed, NOW + 5 * MINUTE)
    assert len(frost.server.paths) > asked


def test_a_server_that_is_gone_is_asked_less_and_less_and_heard_again_when_it_is_back(frost, opened):
    frost.server.die()
    feed, at, asked = opened(things(frost, every_s=60)), NOW, []
    while at < NOW + 6 * HOUR:
        if _asks(feed, at):
            asked.append(at)
        at += timedelta(seconds=10)
    pauses = [(after - before).total_seconds() for before, after in pairwise(asked)]
    assert pauses[:4] == [60, 120, 240, 480]
    assert pauses == sorted(pauses)
    assert max(pauses) <= 3_600
    assert feed.link is Link.FAILED
    assert "does not answer" in feed.trouble
    frost.fill(NOW, 36)
    frost.server.start()
    assert len(kept(feed, at + HOUR).readings) == 36  # the night is filled in
    assert (feed.link, feed.trouble) == (Link.CONNECTED, "")


def test_two_desks_do_not_come_back_at_the_same_time(frost):
    frost.server.die()
    due = []
    for chance in (0.0, 0.99):
        feed = open_feed(things(frost, every_s=100), "test", [KALI], {}, chance=lambda chance=chance: chance)
        with pytest.raises(UserError):
            feed.poll(NOW)
        due.append(next(s for s in range(300) if _asks(feed, NOW + timedelta(seconds=s))))
        feed.close()
    assert due == [80, 120]


def _asks(feed, at) -> bool:
    try:
        feed.poll(at)
    except UserError:
        return True
    return False


def test_who_asks_to_be_left_alone_is_left_alone(frost, opened):
    busy = Reply(b"", status=429, headers={"Retry-After": "1800"})
    frost.broken["42"] = busy
    feed = opened(things(frost, every_s=60))
    with pytest.raises(UserError, match="busy"):
        feed.poll(NOW)
    asked = len(frost.server.paths)
    assert feed.poll(NOW + 29 * MINUTE).readings == ()
    assert len(frost.server.paths) == asked
    frost.broken.clear()
    kept(feed, NOW + 30 * MINUTE)
    assert feed.link is Link.CONNECTED


def test_a_clock_that_was_put_back_does_not_silence_a_source(frost, opened):
    feed = opened(things(frost))
    kept(feed, NOW + DAY)
    asked = len(frost.server.paths)
    kept(feed, NOW)
    assert len(frost.server.paths) > asked


def test_a_password_is_shown_to_the_server_it_is_for(frost, opened):
    kept(opened(things(frost), secret="sari:river"), NOW)
    kept(opened(things(frost), secret="token"), NOW)
    shown = [headers["Authorization"] for _path, headers in frost.server.asked]
    assert set(shown) == {"Basic c2FyaTpyaXZlcg==", "Bearer token"}


def test_a_server_that_wants_a_password_says_so(frost, opened):
    frost.broken["42"] = Reply(b"", status=401)
    with pytest.raises(UserError, match="password"):
        opened(things(frost)).poll(NOW)


def test_a_closed_feed_asks_nobody(frost, opened):
    feed = opened(things(frost))
    feed.close()
    assert feed.poll(NOW).readings == ()
    assert frost.server.paths == []


@pytest.mark.parametrize(
    "said",
    [
        *(b"", b"<html>", b"{", b"[" * 100_000, b'{"value": 1, "value": 2}', b"\xff\xfe\x00"),
        *(b'{"value": "x"}', b"null", b"7"),
    ],
    ids=lambda said: repr(said[:12]),
)
@pytest.mark.parametrize("kind", ["things", "usgs", "quakes"])
def test_an_answer_that_makes_no_sense_is_set_aside_and_said(peer, opened, kind, said):
    peer.answer = lambda _path: Reply(said)
    source = {
        "things": SensorThingsSource(peer.address, (("42", "KALI-3"),)),
        "usgs": UsgsSource((("03339000:00065", "KALI-3"),), peer.address),
        "quakes": QuakeSource(peer.address),
    }[kind]
    feed = opened(source)
    batch = kept(feed, NOW)
    assert batch.readings == ()
    assert batch.rejected[0].raw == said
    assert kept(feed, NOW + HOUR).rejected == ()  # it says the same again


# -- tried out


def test_a_source_that_is_tried_says_what_each_station_says(frost):
    frost.fill(NOW - HOUR, 6)
    frost.observed["43"] = []
    source = things(frost, ("42", "KALI-3"), ("43", "HUJAN-1"))
    tried = probe(source, [KALI, HUJAN], NOW)
    assert tried.words == (
        "42 (Kali 3): 6 readings, the newest 1.005 m at 2026-03-14 05:50 UTC.",
        "43 (Hujan 1): nothing in the last day.",
    )
    assert len(tried.batch.readings) == 6


def test_a_source_of_warnings_that_is_tried_counts_them(peer):
    update = cap_alert(NOW, "b", kind="Cancel", follows=reference(NOW, "a"))
    source = alerts(peer, holding(cap_alert(NOW, "c")), holding(update), holding(cap_alert(NOW, "")))
    tried = probe(source, [], NOW)
    assert tried.words[0] == "1 warning."
    assert "1 line is set aside" in tried.words[1]


def test_a_source_that_gives_nothing_is_said_to_when_it_is_tried(frost):
    frost.server.die()
    with pytest.raises(UserError, match="does not answer"):
        probe(things(frost), [KALI], NOW)
