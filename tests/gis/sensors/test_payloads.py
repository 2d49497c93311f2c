"""What messages say, and what they only seem to say."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from gis.model.record import Quality, Reading
from gis.model.sensor import Quantity
from gis.sensors.feeds.message import Message
from gis.sensors.feeds.payloads import MOST_READINGS, PayloadFormat, Shape, told
from tests.build import SIX, a_gauge

KALI = a_gauge(id="kali")
HULU = a_gauge(id="hulu", key="HULU-1", name="Hulu 1")
ONE, BOTH = {KALI.key: KALI}, {KALI.key: KALI, HULU.key: HULU}
PLAIN, SENML = PayloadFormat(), PayloadFormat(Shape.SENML)
JSON = PayloadFormat(Shape.JSON, value="v", time="t")
THINGS = PayloadFormat(Shape.SENSORTHINGS)
MINUTE = timedelta(minutes=1)


def read(payload, form=PLAIN, sensors=ONE, **but):
    payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return told(Message("topic", payload, SIX, **but), form, sensors)


def values(*given, **but):
    readings, reasons = read(*given, **but)
    assert reasons == []
    return [each.value for each in readings]


def refused(*given, **but) -> str:
    readings, reasons = read(*given, **but)
    assert readings == []
    assert len(reasons) == 1
    return reasons[0]


NO_NUMBERS = [
    b"1_000", "٣".encode(), "１２".encode(), b"NaN", b"nan", b"inf", b"-Infinity", b"1e400", b"1,5", b"0x10",
    b"3 m",
    b"", b"  ", b"\xff\xfe1", b"\0001", b"--1", b"1" * 500, b"TRUE", b"#N/A", "½".encode(), "−1".encode(),
]  # fmt: skip


@pytest.mark.parametrize("payload", NO_NUMBERS)
def test_what_only_looks_like_a_number_is_refused_plain_and_in_json(payload):
    assert refused(payload)
    assert refused(b'{"t": "2026-03-14T06:00:00Z", "v": ' + payload + b"}", JSON)
    assert refused(b'{"t": "2026-03-14T06:00:00Z", "v": "' + payload + b'"}', JSON)
    assert refused(b'[{"n": "KALI-3", "v": ' + payload + b"}]", SENML)


@pytest.mark.parametrize(
    ("payload", "value"), [(b"2.35", 2.35), (b" 7\r\n", 7.0), (b"+1", 1.0), (b".5", 0.5)]
)
def test_a_plain_number_was_measured_when_it_came(payload, value):
    assert read(payload) == ([Reading("kali", SIX, value)], [])


def test_a_decimal_comma_is_read_where_it_is_declared_and_only_there():
    assert values(b"2,35", PayloadFormat(decimal=",")) == [2.35]
    assert refused(b"2.35", PayloadFormat(decimal=","))


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b'{"v": NaN, "t": "2026-03-14T06:00Z"}', "NaN is no measurement"),
        (b'{"v": 1, "noise": -Infinity, "t": "2026-03-14T06:00Z"}', "Infinity is no measurement"),
        (b'{"v": 1e999, "t": "2026-03-14T06:00Z"}', "too large"),
        (b'{"v": ' + b"9" * 5_000 + b', "t": "2026-03-14T06:00Z"}', "too large"),
        (b'{"v": 1, "v": 2, "t": "2026-03-14T06:00Z"}', "twice"),
        (b"[" * 100_000, "deeper"),
        (b"[" * 20 + b"]" * 20, "deeper"),
        (b'{"a":' * 20 + b"1" + b"}" * 20, "deeper"),
        (b'{"v": 1', "no JSON"),
        (b"\xff\xfe{\0", "UTF-8"),
        (b'\xef\xbb\xbf{"v": 1}', "no JSON"),
        (b"[]", "no measurement"),
        (b'{"t": "2026-03-14T06:00Z"}', "no value at v"),
        (b'{"v": null, "t": "2026-03-14T06:00Z"}', "no value at v"),
        (b'{"v": true, "t": "2026-03-14T06:00Z"}', "not a number"),
        (b'{"v": [1], "t": "2026-03-14T06:00Z"}', "not a number"),
        (b'{"v": 1}', "no time at t"),
        (b'{"v": 1, "t": 1773468000}', "not written as"),
        (b'{"v": 1, "t": "14.03.2026"}', "not written as"),
        (b'{"v": 1, "t": "2026-03-14T06:06Z"}', "future"),
        (b'{"v": 1, "t": "2026-13-14T06:06Z"}', "no such date"),
        (b'"2.5"', "no value at v"),
        (b"x" * 300_000, "larger"),
    ],
)
def test_the_traps_of_json_are_refused_in_words(payload, why):
    assert why in refused(payload, JSON)


def test_json_is_read_at_the_declared_places():
    form = PayloadFormat(
        Shape.JSON, value="uplink.values.1.level", time="at", key="gauge", unit_at="u", time_pattern="ms"
    )
    message = {
        "gauge": "HULU-1",
        "at": 1773468000123,
        "uplink": {"values": [{}, {"level": "57"}]},
        "u": "cm",
    }
    at = datetime(2026, 3, 14, 6, 0, 0, 123000, UTC)
    assert read(message, form, sensors=BOTH) == ([Reading("hulu", at, 0.57)], [])


@pytest.mark.parametrize("at", [-1, 1e300, 1e15, "x", "1e400", None, [], {"a": 1}])
def test_a_time_in_seconds_that_is_none_is_refused(at):
    assert refused({"v": 1, "t": at}, PayloadFormat(Shape.JSON, value="v", time="t", time_pattern="s"))


def test_of_a_list_what_can_be_read_is_read_and_the_rest_is_said():
    good = {"v": 2.5, "t": "2026-03-14T05:00:00Z"}
    readings, reasons = read([good, {"v": "wet"}, 7, good | {"v": 3}], JSON)
    assert [each.value for each in readings] == [2.5, 3]
    assert len(reasons) == 2


def test_a_list_longer_than_any_instrument_writes_is_refused_whole():
    pack = b"[" + b",".join([b'{"v":1}'] * (MOST_READINGS + 1)) + b"]"
    assert "more than any" in refused(pack, PayloadFormat(Shape.JSON, value="v"))


def test_a_time_without_an_offset_is_of_the_declared_zone():
    form = PayloadFormat(Shape.JSON, value="v", time="t", timezone="Asia/Makassar")
    assert read({"v": 1, "t": "2026-03-14T13:30"}, form)[0][0].at == SIX - 30 * MINUTE


def test_a_message_that_speaks_of_an_instrument_its_topic_is_not_bound_to_is_refused():
    form = PayloadFormat(Shape.JSON, value="v", key="id")
    assert "HULU-1" in refused({"v": 1, "id": "HULU-1"}, form)
    assert "HULU-1" in refused([{"n": "HULU-1", "v": 1}], SENML)
    assert len(refused({"v": 1, "id": "x" * 100_000}, form)) < 300
    assert values({"v": 1, "id": "KALI-3"}, form) == [1]


def test_of_several_instruments_a_message_has_to_name_one():
    form = PayloadFormat(Shape.JSON, value="v", key="id")
    assert "which instrument" in refused(b"2.5", sensors=BOTH)
    assert "which instrument" in refused({"v": 1}, form, sensors=BOTH)
    assert read({"v": 1, "id": "HULU-1"}, form, sensors=BOTH)[0][0].sensor_id == "hulu"


def test_a_pump_says_true_and_false():
    pump = a_gauge(id="pump", key="P-1", quantity=Quantity.PUMP, unit="")
    assert values({"v": True}, PayloadFormat(Shape.JSON, value="v"), {"P-1": pump}) == [1.0]
    assert values([{"n": "P-1", "vb": False}], SENML, {"P-1": pump}) == [0.0]


def test_base_fields_hold_from_their_record_on():
    pack = [
        {"bn": "KALI-", "bt": 1773467000, "bu": "cm", "bv": 200, "n": "3", "v": 50},
        {"n": "3", "t": 60, "v": 60},
        {"bn": "HULU-", "bu": "m", "bv": 0, "n": "1", "v": 1.5, "t": 120},
        {"n": "1", "u": "mm", "v": 1500, "t": 180},
        {"bt": 1773467500, "n": "1"},
    ]
    start = datetime.fromtimestamp(1773467000, UTC)
    assert read(pack, SENML, BOTH) == (
        [
            Reading("kali", start, 2.5),
            Reading("kali", start + MINUTE, 2.6),
            Reading("hulu", start + 2 * MINUTE, 1.5),
            Reading("hulu", start + 3 * MINUTE, 1.5),
            Reading("hulu", start + timedelta(seconds=500), 0.0),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("seconds", "at"),
    [
        (0, SIX),
        (-300, SIX - 5 * MINUTE),
        (60, SIX + MINUTE),
        (2**28 - 1, None),
        (2**28, datetime.fromtimestamp(2**28, UTC)),
        (-(2**28), None),
        (1773467000.5, datetime.fromtimestamp(1773467000.5, UTC)),
        (1e300, None),
    ],
)
def test_small_times_of_senml_count_from_now(seconds, at):
    readings, reasons = read([{"n": "KALI-3", "v": 1, "t": seconds}], SENML)
    assert [each.at for each in readings] == ([] if at is None else [at])
    assert bool(reasons) == (at is None)


@pytest.mark.parametrize(
    ("pack", "why"),
    [
        ([{"n": "KALI-3", "v": 1}, {"n": "KALI-3", "v": 1, "must_": 1}], "understood"),
        ([{"bver": 11, "n": "KALI-3", "v": 1}], "version"),
        ([{"n": "-3", "v": 1}], "no name"),
        ([{"n": "KALI 3", "v": 1}], "no name"),
        ([{"v": 1}], "no name"),
        ([{"n": "KALI-3", "v": 1, "vb": True}], "one value"),
        ([{"n": "KALI-3", "v": "1"}], "is a number"),
        ([{"n": 3, "v": 1}], "is a text"),
        ([{"n": "KALI-3", "vs": "1"}], "not a number"),
        ([{"n": "KALI-3", "vd": "MTIz"}], "not a number"),
        ([{"n": "KALI-3", "vb": True}], "not a number"),
        ([{"bv": 1e308, "n": "KALI-3", "v": 1e308}], "not a number"),
        ([{"n": "KALI-3", "s": 5}], "no measurement"),
        ([{"bn": "KALI-3"}], "no measurement"),
        ({"n": "KALI-3", "v": 1}, "no SenML"),
        ([[1]], "no SenML"),
        ([], "no measurement"),
    ],
)
def test_what_senml_forbids_is_refused(pack, why):
    assert why in refused(pack, SENML)


def test_a_field_nobody_knows_is_left_aside_unless_it_must_be_understood():
    assert values([{"n": "KALI-3", "v": 1, "colour": "red", "bver": 10}], SENML) == [1]


def test_of_a_pack_of_many_measurements_the_declared_one_is_taken():
    pack = [
        {"bn": "KALI-3:", "n": "level", "v": 2.5},
        {"n": "battery", "u": "V", "v": 3.6},
        {"n": "name", "vs": "x"},
    ]
    assert values(pack, PayloadFormat(Shape.SENML, value="level")) == [2.5]
    pack[0]["bn"] = "HULU-1:"
    assert "HULU-1" in refused(pack, PayloadFormat(Shape.SENML, value="level"))


def test_an_observation_of_sensorthings():
    observation = {
        "phenomenonTime": "2026-03-14T05:00:00.000Z",
        "resultTime": None,
        "result": 2.5,
        "@iot.id": 7,
    }
    assert read(observation, THINGS) == ([Reading("kali", SIX - 60 * MINUTE, 2.5)], [])
    interval = observation | {"phenomenonTime": "2026-03-14T04:00:00Z/2026-03-14T05:00:00Z"}
    assert read(interval, THINGS)[0][0].at == SIX - 60 * MINUTE
    named = observation | {"Datastream": {"@iot.id": 42}}
    assert values(named, THINGS) == [2.5]
    gauge = a_gauge(id="g", key="42")
    assert read(named, THINGS, {"42": gauge, "KALI-3": KALI})[0][0].sensor_id == "g"
    assert "observation" in refused({"value": 1}, THINGS)


def test_another_unit_is_converted_or_kept_aside():
    form = PayloadFormat(Shape.JSON, value="v", unit_at="u")
    assert read({"v": 250, "u": "cm"}, form)[0] == [Reading("kali", SIX, 2.5)]
    assert read({"v": 14, "u": "psi"}, form)[0] == [Reading("kali", SIX, 14.0, Quality.UNIT)]
    assert read({"v": 2.5}, form)[0] == [Reading("kali", SIX, 2.5)]
    assert read(b"250", PayloadFormat(unit="cm"))[0] == [Reading("kali", SIX, 2.5)]
    assert "too large" in refused({"v": 1e308, "u": "m"}, form, {"KALI-3": a_gauge(unit="mm")})


def test_the_brokers_last_known_is_no_news():
    old, fresh = {"v": 4.9, "t": "2026-03-13T06:00Z"}, {"v": 4.9, "t": "2026-03-14T05:50Z"}
    assert [each.quality for each in read(old, JSON, retained=True)[0]] == [Quality.CLOCK]
    assert [each.quality for each in read(fresh, JSON, retained=True)[0]] == [Quality.GOOD]
    assert [each.quality for each in read(old, JSON)[0]] == [Quality.GOOD]
    assert "how old" in refused(b"4.9", retained=True)


def test_a_message_that_may_have_waited_is_doubtful_only_where_it_has_no_time_of_its_own():
    assert read(b"2.5", late=True)[0] == [Reading("kali", SIX, 2.5, Quality.CLOCK)]
    assert read({"v": 1, "t": "2026-03-14T05:50Z"}, JSON, late=True)[0][0].quality == Quality.GOOD


@pytest.mark.parametrize(
    "wrong", [{"shape": Shape.JSON}, {"decimal": ""}, {"decimal": ".."}, {"timezone": "Mars/Olympus"}]
)
def test_a_format_that_says_too_little_is_refused(wrong):
    with pytest.raises(UserError) as refusal:
        PayloadFormat(**wrong)
    assert refusal.value.hint


_LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5)
_KEYS = st.sampled_from(
    ["v", "t", "n", "bn", "bt", "bv", "u", "vb", "result", "phenomenonTime", "Datastream", "x_"]
)
_TREES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5)
)


@given(st.binary(max_size=60) | _TREES.map(lambda tree: json.dumps(tree).encode()))
def test_whatever_comes_ends_in_readings_or_in_reasons(payload):
    for form in (
        PLAIN,
        JSON,
        SENML,
        THINGS,
        PayloadFormat(Shape.JSON, value="v", time="t", time_pattern="%d %H"),
    ):
        readings, reasons = read(payload, form)
        assert readings or reasons
        for each in readings:
            assert each.value - each.value == 0
            assert each.at.tzinfo is UTC
