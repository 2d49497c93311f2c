"""Servers that are asked again and again: nothing is lost, nothing is asked too often, or kept silent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gis.errors import UserError
from gis.exchange.online.feeds import open_feed
from gis.exchange.online.sources import UsgsSource
from gis.model.record import Quality
from gis.sensors.feeds.feed import Link
from tests.mapserver import Reply, question
from tests.stations import (
    DAY,
    HOUR,
    HUJAN,
    KALI,
    MINUTE,
    NOW,
    kept,
    spoken,
    things,
)

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


# -- USGS


def test_the_values_of_a_real_answer_are_taken(realdata, peer, opened):
    content = (realdata / "sensors/usgs-dataretrieval/nwis_iv_mock.json").read_bytes()
    peer.answer = lambda _path: Reply(content)
    bound = (("03339000:00060", "KALI-3"), ("05447500:00060", "HUJAN-1"))
    feed = opened(UsgsSource(bound, peer.address + "/iv/?agency=USGS", backfill_s=31_536_000))
    batch = kept(feed, datetime(2018, 3, 1, tzinfo=UTC))
    assert {r.sensor_id for r in batch.readings} == {KALI.id, HUJAN.id}
    assert min(r.at for r in batch.readings) == datetime(2018, 1, 24, tzinfo=UTC)
    assert not batch.rejected
    asked = question(peer.paths[0])
    assert asked["SITES"] == "03339000,05447500"
    assert (asked["FORMAT"], asked["AGENCY"], asked["PARAMETERCD"]) == ("json", "USGS", "00060")


def series(values, unit="ft", **said) -> dict[str, object]:
    variable = {"variableCode": [{"value": "00065"}], "unit": {"unitCode": unit}, "noDataValue": -999999.0}
    return {
        "sourceInfo": {"siteCode": [{"value": "03339000"}]},
        "variable": variable,
        "values": [{"method": [{"methodID": 1}], "value": values}, *said.get("others", [])],
    }


def gauge(peer, *found):
    peer.answer = lambda _path: spoken({"value": {"timeSeries": list(found)}})
    return UsgsSource((("03339000:00065", "KALI-3"),), peer.address)


def value(text, at="2026-03-14T00:45:00.000-05:00", *qualifiers):
    return {"value": text, "qualifiers": list(qualifiers), "dateTime": at}


def test_feet_of_a_gauge_are_metres_of_its_instrument_and_its_time_is_ours(peer, opened):
    (reading,) = kept(opened(gauge(peer, series([value("10.5")]))), NOW).readings
    assert reading.value == pytest.approx(3.2004)
    assert reading.at == datetime(2026, 3, 14, 5, 45, tzinfo=UTC)


def test_what_the_usgs_calls_no_data_is_no_reading(peer, opened):
    ice = value("-999999", "2026-03-14T05:00:00Z", "P", "Ice")
    batch = kept(opened(gauge(peer, series([ice, value("2.0")]))), NOW)
    assert len(batch.readings) == 1
    assert batch.rejected == ()


def test_two_instruments_at_one_gauge_are_not_mixed(peer, opened):
    other = {"method": [{"methodID": 69928}], "value": [value("99.0")]}
    found = series([value("1.0")], "m", others=[other])
    assert [r.value for r in kept(opened(gauge(peer, found)), NOW).readings] == [1.0]
    second = replace(gauge(peer, found), bindings=(("03339000:00065:69928", "KALI-3"),))
    assert [r.value for r in kept(opened(second), NOW).readings] == [99.0]


def test_units_with_signs_of_html_in_them_are_understood(peer, opened):
    flow = replace(KALI, unit="m3/s")
    feed = opened(gauge(peer, series([value("100")], "ft&#179;/s")), sensors=[flow])
    (reading,) = kept(feed, NOW).readings
    assert reading.value == pytest.approx(2.8316847)
    assert reading.quality is Quality.GOOD
