"""Servers that are asked again and again: nothing is lost, nothing is asked too often, or kept silent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from gis.errors import UserError
from gis.exchange.online.feeds import open_feed, probe
from gis.exchange.online.sources import CapSource, QuakeSource, SensorThingsSource, UsgsSource
from gis.model.record import Quality
from gis.sensors.feeds.feed import Link
from tests.mapserver import MapServer, Reply, question
from tests.stations import (
    HUJAN,
    KALI,
    Frost,
    atom,
    cap_alert,
    collected,
    holding,
    leading,
    reference,
    spoken,
    usgs_quake,
)

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def frost():
    made = Frost()
    yield made
    made.server.die()


@pytest.fixture
def server():
    made = MapServer(lambda _path: Reply(b"{}"))
    yield made
    made.die()


@pytest.fixture
def opened():
    """Opens feeds whose jitter is none, and closes them."""
    feeds = []

    def open_one(source, sensors=(KALI, HUJAN), last=None, **more):
        feeds.append(open_feed(source, "test", sensors, last or {}, chance=lambda: 0.5, **more))
        return feeds[-1]

    yield open_one
    for feed in feeds:
        feed.close()


def things(frost, *bound, **said) -> SensorThingsSource:
    return SensorThingsSource(frost.address, bound or (("42", "KALI-3"),), **said)


def kept(feed, at):
    batch = feed.poll(at)
    feed.kept()
    return batch


# -- SensorThings


@pytest.mark.parametrize("compact", [False, True], ids=["objects", "tables"])
def test_a_week_of_outage_is_filled_in_page_by_page(frost, opened, compact):
    frost.fill(NOW - 7 * DAY + MINUTE, 1_000)
    feed = opened(things(frost, compact=compact))
    batch = kept(feed, NOW)
    assert [r.value for r in batch.readings] == [1 + n / 1000 for n in range(1_000)]
    assert batch.readings[0].at == NOW - 7 * DAY + MINUTE
    assert feed.link is Link.CONNECTED
    assert not batch.rejected
    assert len(frost.server.paths) == 11  # once what it is, and ten pages


def test_pages_are_asked_for_where_the_first_was_though_they_name_another_server(frost, opened):
    frost.fill(NOW - DAY, 130)
    assert len(kept(opened(things(frost)), NOW).readings) == 130


def test_what_is_known_is_not_asked_for_again_but_for_a_while_back(frost, opened):
    frost.fill(NOW - DAY, 144)
    feed = opened(things(frost, look_back_s=3_600), last={KALI.id: NOW - 2 * HOUR})
    assert len(kept(feed, NOW).readings) == 17
    assert frost.questions == ["phenomenonTime gt 2026-03-14T03:00:00.000Z"]


def test_an_observation_that_came_late_is_noticed(frost, opened):
    frost.fill(NOW - HOUR, 6)
    feed = opened(things(frost))
    kept(feed, NOW)
    frost.observed["42"].append((NOW - 25 * MINUTE, 9.0))
    assert 9.0 in [r.value for r in kept(feed, NOW + 5 * MINUTE).readings]


def test_what_could_not_be_kept_is_given_again_at_once(frost, opened):
    frost.fill(NOW - DAY, 20)
    feed = opened(things(frost))
    first = feed.poll(NOW)
    feed.reread()
    assert feed.poll(NOW).readings == first.readings
    feed.kept()
    assert feed.poll(NOW + MINUTE).readings == ()


def test_more_than_one_round_takes_is_taken_in_several_and_none_is_missing(frost, opened, monkeypatch):
    monkeypatch.setattr("gis.exchange.online.measured.MOST_PAGES", 3)
    frost.fill(NOW - 5 * DAY, 700)
    feed, taken = opened(things(frost, look_back_s=7 * 86_400)), []
    for _round in range(10):
        taken += kept(feed, NOW).readings
    assert {r.value for r in taken} == {1 + n / 1000 for n in range(700)}
    assert feed.poll(NOW).readings == ()


def test_a_service_that_leads_on_and_on_is_left(frost, opened):
    def without_end(path):
        if "Observations" not in path:
            return frost.answer(path)
        return spoken({"value": [], "@iot.nextLink": frost.address + "/x?$skip=1"})

    frost.server.answer = without_end
    feed = opened(things(frost))
    assert kept(feed, NOW).readings == ()
    asked = len(frost.server.paths)
    assert asked < 30
    feed.poll(NOW)
    assert len(frost.server.paths) == asked


@pytest.mark.parametrize(
    "bad", ['"1_000"', '"٣"', "NaN", "1e400", '"1,5"', "true", '{"a": 1}', '""', "-Infinity"]
)
def test_a_value_that_is_none_is_set_aside_as_it_was_written(frost, opened, bad):
    frost.fill(NOW - HOUR, 1)
    time = "2026-03-14T05:30:00Z"
    told = [f'{{"phenomenonTime": "{time}", "result": {result}}}' for result in (bad, "2.5")]
    page = f'{{"value": [{", ".join(told)}]}}'
    plain = frost.answer
    frost.server.answer = lambda path: Reply(page.encode()) if "Observations" in path else plain(path)
    batch = kept(opened(things(frost)), NOW)
    assert [r.value for r in batch.readings] == [2.5]
    (line,) = batch.rejected
    assert bad in line.raw.decode()
    assert line.reason


def test_what_was_set_aside_is_told_once(frost, opened):
    frost.observed["42"] = [(NOW - 20 * MINUTE, "broken"), (NOW - 10 * MINUTE, 1.0)]
    feed = opened(things(frost))
    assert len(kept(feed, NOW).rejected) == 1
    assert kept(feed, NOW + HOUR).rejected == ()


def test_that_nothing_was_measured_is_no_reading_and_nothing_to_judge(frost, opened):
    frost.observed["42"] = [(NOW - 10 * MINUTE, None)]
    batch = kept(opened(things(frost)), NOW)
    assert (batch.readings, batch.rejected) == ((), ())


def test_a_time_in_the_future_is_set_aside_and_hides_nothing_that_follows(frost, opened):
    frost.observed["42"] = [(NOW + DAY, 7.0)]
    feed = opened(things(frost))
    assert "future" in kept(feed, NOW).rejected[0].reason
    frost.observed["42"].append((NOW + 9 * MINUTE, 1.5))
    assert [r.value for r in kept(feed, NOW + 10 * MINUTE).readings] == [1.5]


@pytest.mark.parametrize(
    ("unit", "value", "quality"),
    [("cm", 1.5, Quality.GOOD), ("m", 150.0, Quality.GOOD), ("psi", 150.0, Quality.UNIT)],
)
def test_a_unit_other_than_the_instruments_is_converted_or_marked(frost, opened, unit, value, quality):
    frost.unit, frost.observed["42"] = unit, [(NOW - MINUTE, 150)]
    (reading,) = kept(opened(things(frost)), NOW).readings
    assert (reading.value, reading.quality) == (value, quality)


def test_a_datastream_with_a_name_for_an_id_is_asked_in_its_quotes(frost, opened):
    frost.observed["'r 1'"] = [(NOW - MINUTE, 3.5)]
    (reading,) = kept(opened(things(frost, ("'r 1'", "HUJAN-1"))), NOW).readings
    assert reading.sensor_id == HUJAN.id


def test_one_datastream_that_is_gone_does_not_silence_the_others(frost, opened):
    frost.fill(NOW - HOUR, 3)
    feed = opened(things(frost, ("41", "HUJAN-1"), ("42", "KALI-3")))
    assert len(kept(feed, NOW).readings) == 3
    assert "nothing at this address" in feed.trouble
    assert feed.link is Link.CONNECTED
    assert len(kept(feed, NOW + 5 * MINUTE).readings) == 3  # asked as often as before


def test_an_instrument_that_is_not_set_up_cannot_be_fed(frost):
    with pytest.raises(UserError, match="KALI-9") as refused:
        open_feed(things(frost, ("42", "KALI-9")), "test", [KALI], {})
    assert refused.value.hint


# -- the pace


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
def test_an_answer_that_makes_no_sense_is_set_aside_and_said(server, opened, kind, said):
    server.answer = lambda _path: Reply(said)
    source = {
        "things": SensorThingsSource(server.address, (("42", "KALI-3"),)),
        "usgs": UsgsSource((("03339000:00065", "KALI-3"),), server.address),
        "quakes": QuakeSource(server.address),
    }[kind]
    feed = opened(source)
    batch = kept(feed, NOW)
    assert batch.readings == ()
    assert batch.rejected[0].raw == said
    assert kept(feed, NOW + HOUR).rejected == ()  # it says the same again


# -- USGS


def test_the_values_of_a_real_answer_are_taken(realdata, server, opened):
    content = (realdata / "sensors/usgs-dataretrieval/nwis_iv_mock.json").read_bytes()
    server.answer = lambda _path: Reply(content)
    bound = (("03339000:00060", "KALI-3"), ("05447500:00060", "HUJAN-1"))
    feed = opened(UsgsSource(bound, server.address + "/iv/?agency=USGS", backfill_s=31_536_000))
    batch = kept(feed, datetime(2018, 3, 1, tzinfo=UTC))
    assert {r.sensor_id for r in batch.readings} == {KALI.id, HUJAN.id}
    assert min(r.at for r in batch.readings) == datetime(2018, 1, 24, tzinfo=UTC)
    assert not batch.rejected
    asked = question(server.paths[0])
    assert asked["SITES"] == "03339000,05447500"
    assert (asked["FORMAT"], asked["AGENCY"], asked["PARAMETERCD"]) == ("json", "USGS", "00060")


def series(values, unit="ft", **said) -> dict[str, object]:
    variable = {"variableCode": [{"value": "00065"}], "unit": {"unitCode": unit}, "noDataValue": -999999.0}
    return {
        "sourceInfo": {"siteCode": [{"value": "03339000"}]},
        "variable": variable,
        "values": [{"method": [{"methodID": 1}], "value": values}, *said.get("others", [])],
    }


def gauge(server, *found):
    server.answer = lambda _path: spoken({"value": {"timeSeries": list(found)}})
    return UsgsSource((("03339000:00065", "KALI-3"),), server.address)


def value(text, at="2026-03-14T00:45:00.000-05:00", *qualifiers):
    return {"value": text, "qualifiers": list(qualifiers), "dateTime": at}


def test_feet_of_a_gauge_are_metres_of_its_instrument_and_its_time_is_ours(server, opened):
    (reading,) = kept(opened(gauge(server, series([value("10.5")]))), NOW).readings
    assert reading.value == pytest.approx(3.2004)
    assert reading.at == datetime(2026, 3, 14, 5, 45, tzinfo=UTC)


def test_what_the_usgs_calls_no_data_is_no_reading(server, opened):
    ice = value("-999999", "2026-03-14T05:00:00Z", "P", "Ice")
    batch = kept(opened(gauge(server, series([ice, value("2.0")]))), NOW)
    assert len(batch.readings) == 1
    assert batch.rejected == ()


def test_two_instruments_at_one_gauge_are_not_mixed(server, opened):
    other = {"method": [{"methodID": 69928}], "value": [value("99.0")]}
    found = series([value("1.0")], "m", others=[other])
    assert [r.value for r in kept(opened(gauge(server, found)), NOW).readings] == [1.0]
    second = replace(gauge(server, found), bindings=(("03339000:00065:69928", "KALI-3"),))
    assert [r.value for r in kept(opened(second), NOW).readings] == [99.0]


def test_units_with_signs_of_html_in_them_are_understood(server, opened):
    flow = replace(KALI, unit="m3/s")
    feed = opened(gauge(server, series([value("100")], "ft&#179;/s")), sensors=[flow])
    (reading,) = kept(feed, NOW).readings
    assert reading.value == pytest.approx(2.8316847)
    assert reading.quality is Quality.GOOD


# -- earthquakes


def test_a_quake_is_told_with_where_how_strong_and_how_deep(server, opened):
    server.answer = lambda _path: spoken(collected(usgs_quake(NOW - HOUR)))
    (said,) = kept(opened(QuakeSource(server.address)), NOW).hazards
    (alert,) = said.alerts
    assert (alert.magnitude, alert.depth_km) == (6.1, 33.0)
    assert (alert.place.x, alert.place.y) == (119.2, -5.4)
    assert alert.onset == NOW - HOUR
    assert alert.headline == "M 6.1, 43 km SW of Makassar, Indonesia"
    assert alert.source == "test"


def test_a_list_of_quakes_that_did_not_change_is_not_sent_again(server, opened):
    whole = spoken(collected(usgs_quake(NOW - HOUR)), headers={"ETag": '"1"'})
    server.answer = lambda _path: (
        Reply(status=304) if server.asked[-1][1].get("If-None-Match") == '"1"' else whole
    )
    feed = opened(QuakeSource(server.address, every_s=60))
    assert len(kept(feed, NOW).hazards) == 1
    assert kept(feed, NOW + MINUTE).hazards == ()
    assert feed.link is Link.CONNECTED
    feed.poll(NOW + 2 * MINUTE)
    feed.reread()  # what was given was lost: it is wanted whole
    assert len(kept(feed, NOW + 3 * MINUTE).hazards) == 1


def test_a_list_that_is_good_for_five_minutes_is_not_asked_for_sooner(server, opened):
    server.answer = lambda _path: spoken(collected(), headers={"Cache-Control": "max-age=300"})
    feed = opened(QuakeSource(server.address, every_s=60))
    for minutes in range(5):
        kept(feed, NOW + minutes * MINUTE)
    assert len(server.paths) == 1
    kept(feed, NOW + 5 * MINUTE)
    assert len(server.paths) == 2


# -- alerts


def alerts(server, *entries):
    server.answer = lambda _path: Reply(atom(*entries), "application/atom+xml")
    return CapSource(server.address + "/alerts")


def test_alerts_inside_a_feed_are_taken(server, opened):
    (said,) = kept(opened(alerts(server, holding(cap_alert(NOW, "a")))), NOW).hazards
    assert said.alerts[0].headline == "Flood warning"
    assert said.alerts[0].source == "test"


def test_alerts_that_a_feed_leads_to_are_fetched_once_and_again_when_they_are_new(server, opened):
    stamps = {"a": "1", "b": "1"}

    def answer(path):
        if path == "/alerts":
            return Reply(atom(*(leading(f"/cap/{name}", stamp) for name, stamp in stamps.items())))
        return Reply(cap_alert(NOW, path[-1]).encode())

    server.answer = answer
    feed = opened(CapSource(server.address + "/alerts", every_s=60))
    assert [m.names for m in kept(feed, NOW).hazards] == [("bmkg@example.org,a",), ("bmkg@example.org,b",)]
    assert kept(feed, NOW + MINUTE).hazards == ()
    stamps["b"] = "2"
    assert len(kept(feed, NOW + 2 * MINUTE).hazards) == 1
    assert server.paths == ["/alerts", "/cap/a", "/cap/b", "/alerts", "/alerts", "/cap/b"]


def test_a_long_list_is_fetched_in_several_rounds(server, opened):
    def answer(path):
        if path == "/alerts":
            return Reply(atom(*(leading(f"/cap/{n}") for n in range(100))))
        return Reply(cap_alert(NOW, path.rpartition("/")[2]).encode())

    server.answer = answer
    feed = opened(CapSource(server.address + "/alerts"))
    assert [len(kept(feed, NOW).hazards) for _round in range(4)] == [40, 40, 20, 0]


def test_an_alert_that_cannot_be_had_is_tried_again_and_then_set_aside(server, opened):
    def answer(path):
        if path == "/alerts":
            return Reply(atom(leading("/cap/gone"), leading("/cap/a")))
        return Reply(status=404) if path == "/cap/gone" else Reply(cap_alert(NOW, "a").encode())

    server.answer = answer
    feed, told = opened(CapSource(server.address + "/alerts", every_s=60)), []
    told += [kept(feed, NOW + minutes * MINUTE) for minutes in range(5)]
    assert [len(batch.hazards) for batch in told] == [1, 0, 0, 0, 0]
    assert [len(batch.rejected) for batch in told] == [0, 0, 1, 0, 0]
    assert server.paths.count("/cap/gone") == 3
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
def test_a_feed_may_not_lead_into_this_network(server, opened, goal):
    batch = kept(opened(alerts(server, leading(goal))), NOW)
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
def test_a_feed_that_is_an_attack_or_nonsense_is_refused_in_words(server, opened, said, why):
    server.answer = lambda _path: Reply(said)
    feed = opened(CapSource(server.address))
    batch = kept(feed, NOW)
    assert why in batch.rejected[0].reason
    assert why in feed.trouble
    assert batch.hazards == ()


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


def test_a_source_of_warnings_that_is_tried_counts_them(server):
    update = cap_alert(NOW, "b", kind="Cancel", follows=reference(NOW, "a"))
    source = alerts(server, holding(cap_alert(NOW, "c")), holding(update), holding(cap_alert(NOW, "")))
    tried = probe(source, [], NOW)
    assert tried.words[0] == "1 warning."
    assert "1 line is set aside" in tried.words[1]


def test_a_source_that_gives_nothing_is_said_to_when_it_is_tried(frost):
    frost.server.die()
    with pytest.raises(UserError, match="does not answer"):
        probe(things(frost), [KALI], NOW)
