"""What servers say of measurements and quakes, bent in every way: readings, warnings, or lines set aside."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from gis.model.incident import Severity
from gis.sensors.feeds import document
from gis.sensors.feeds.quakes import MOST, Wanted, quakes
from gis.sensors.feeds.sensorthings import datastream, observations
from gis.sensors.feeds.station import Sheet
from gis.sensors.feeds.usgs import instantaneous
from tests.stations import KALI, collected, iso, usgs_quake

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)

ODD = st.sampled_from(
    [
        None,
        True,
        "",
        "1_000",
        "٣",
        "1e400",
        "-999999",
        "2026-02-30T00:00:00Z",
        [],
        {},
        [[]],
        "a/b",
        1e18,
        -1,
        "\x00",
    ]
)
JSON = st.recursive(ODD | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3), max_leaves=6)


def bent(value, data):
    """The same with one part of it replaced."""
    if data.draw(st.booleans()) or not isinstance(value, (dict, list)) or not value:
        return data.draw(JSON)
    key = data.draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    changed = value.copy()
    changed[key] = bent(value[key], data)
    return changed


def read(value):
    return document.read(json.dumps(value).encode(), "test")


OBSERVED = {
    "value": [
        {"phenomenonTime": iso(NOW - timedelta(minutes=5)), "result": 1.5},
        {"components": ["phenomenonTime", "result"], "dataArray": [[iso(NOW - timedelta(minutes=4)), 1.6]]},
    ],
    "@iot.nextLink": "http://x/?$skip=2",
}
SERIES = {
    "value": {
        "timeSeries": [
            {
                "sourceInfo": {"siteCode": [{"value": "1"}]},
                "variable": {
                    "variableCode": [{"value": "2"}],
                    "unit": {"unitCode": "m"},
                    "noDataValue": -999999,
                },
                "values": [
                    {
                        "value": [{"value": "1.5", "dateTime": "2026-03-14T05:00:00Z"}],
                        "method": [{"methodID": 3}],
                    }
                ],
            }
        ]
    }
}
EMSC = {
    "type": "Feature",
    "id": "20260314_0000123",
    "geometry": {"type": "Point", "coordinates": [119.2, -5.4, -10.0]},
    "properties": {
        "unid": "20260314_0000123", "source_id": "1", "time": "2026-03-14T05:30:00.1Z", "mag": 5.2,
        "lastupdate": "2026-03-14T05:40:00.000Z", "depth": 10.0, "evtype": "ke", "auth": "EMSC",
        "flynn_region": "SULAWESI, INDONESIA", "lat": -5.4, "lon": 119.2, "magtype": "mw",
    },
}  # fmt: skip


@given(st.data())
def test_observations_however_bent_are_readings_or_set_aside(data):
    sheet = Sheet("test", NOW)
    following = observations(read(bent(OBSERVED, data)), KALI, "m", sheet)
    assert isinstance(following, str)
    assert all(reading.at <= NOW + timedelta(minutes=5) for reading in sheet.readings)
    assert all(line.reason for line in sheet.rejected)
    datastream(read(bent({"name": "x", "unitOfMeasurement": {"symbol": "m"}}, data)))


@given(st.data())
def test_series_however_bent_are_readings_or_set_aside(data):
    sheet = Sheet("test", NOW)
    instantaneous(read(bent(SERIES, data)), {"1:2": KALI}, sheet)
    assert all(line.reason for line in sheet.rejected)


@given(st.data(), st.sampled_from(["usgs", "emsc"]))
def test_quakes_however_bent_are_warnings_or_set_aside(data, kind):
    whole = (
        collected(usgs_quake(NOW - timedelta(hours=1)))
        if kind == "usgs"
        else {"action": "create", "data": EMSC}
    )
    sheet = Sheet("test", NOW)
    quakes(read(bent(whole, data)), Wanted(within=(119.0, -6.0, 120.0, -5.0)), sheet)
    assert all(line.reason for line in sheet.rejected)


@given(st.binary(max_size=40))
def test_whatever_comes_instead_of_json_is_refused_in_words(content):
    with suppress(UserError):
        document.read(content, "test")


@given(JSON)
def test_a_line_set_aside_is_the_json_that_came(value):
    again = read(value)
    assert json.loads(document.raw(again)) == json.loads(json.dumps(value))


def one_quake(value, **wanted):
    sheet = Sheet("test", NOW)
    quakes(read(value), Wanted(**wanted), sheet)
    assert not sheet.rejected
    (said,) = sheet.hazards
    return said


def test_a_quake_of_the_emsc_is_as_deep_as_it_says_downwards():
    said = one_quake({"action": "update", "data": EMSC})
    (alert,) = said.alerts
    assert (alert.depth_km, alert.magnitude, alert.sender) == (10.0, 5.2, "EMSC")
    assert said.sent == datetime(2026, 3, 14, 5, 40, tzinfo=UTC)
    without = EMSC | {"properties": {k: v for k, v in EMSC["properties"].items() if k != "depth"}}
    assert one_quake(without).alerts[0].depth_km == 10.0


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"mag": 7.2}, Severity.EXTREME),
        ({"mag": 7.2, "alert": "green"}, Severity.MINOR),
        ({"mag": 5.1, "alert": "red"}, Severity.EXTREME),
        ({"mag": None}, Severity.UNKNOWN),
        ({"mag": 2.0}, Severity.MINOR),
    ],
    ids=str,
)
def test_how_grave_a_quake_is_follows_the_losses_that_are_estimated(said, severity):
    assert one_quake(collected(usgs_quake(NOW - timedelta(hours=1), **said))).alerts[0].severity is severity


@pytest.mark.parametrize(
    "wanted", [{"least_magnitude": 6.5}, {"within": (0.0, 0.0, 1.0, 1.0)}], ids=["small", "far"]
)
def test_a_quake_that_is_not_wanted_is_told_as_over(wanted):
    assert one_quake(collected(usgs_quake(NOW - timedelta(hours=1))), **wanted).over


def test_a_quake_of_yesterday_is_told_no_more():
    sheet = Sheet("test", NOW)
    quakes(read(collected(usgs_quake(NOW - timedelta(hours=25)))), Wanted(kept_h=24), sheet)
    assert sheet.hazards == []


def test_a_list_without_end_is_refused_in_words():
    with pytest.raises(UserError, match="more earthquakes than can be taken"):
        quakes({"type": "FeatureCollection", "features": [{}] * (MOST + 1)}, Wanted(), Sheet("test", NOW))
