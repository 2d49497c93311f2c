"""Servers that are asked again and again: only what can be asked is a source, and it is kept as it was."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from gis.exchange.online.sources import (
    CapSource,
    QuakeSource,
    SensorThingsSource,
    UsgsSource,
    from_json,
    to_json,
)

THINGS = SensorThingsSource("https://frost.example.org/v1.1", (("42", "KALI-3"), ("'r 1'", "HUJAN-1")))
GAUGES = UsgsSource((("03339000:00065", "KALI-3"), ("03339000:00045:69928", "HUJAN-1")))
QUAKES = QuakeSource(within=(110.0, -10.0, 130.0, 5.0), least_magnitude=4.5, kept_h=48)
ALERTS = CapSource("https://alerts.example.org/cap.atom", language="id")
EVERY = [THINGS, GAUGES, QUAKES, ALERTS]


@pytest.mark.parametrize("source", EVERY, ids=lambda each: type(each).__name__)
def test_a_source_is_kept_and_comes_back_as_it_was(source):
    assert from_json(json.loads(json.dumps(to_json(source)))) == source


@pytest.mark.parametrize("source", EVERY, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "file:///etc/passwd"},
        {"address": "ftp://example.org/"},
        {"address": "https://me:secret@example.org/"},
        {"every_s": 0},
        {"every_s": 10_000_000},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_no_source(source, wrong):
    with pytest.raises(UserError) as refused:
        replace(source, **wrong)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        (THINGS, {"bindings": ()}),
        (THINGS, {"bindings": (("1", "A"), ("1", "B"))}),
        (THINGS, {"bindings": (("1", "A"), ("2", "A"))}),
        (THINGS, {"bindings": (("", "A"),)}),
        (THINGS, {"bindings": (("1\n", "A"),)}),
        (THINGS, {"look_back_s": -1}),
        (THINGS, {"look_back_s": 100, "backfill_s": 10}),
        (GAUGES, {"bindings": (("03339000", "A"),)}),
        (GAUGES, {"bindings": (("03339000:00065&sites=1", "A"),)}),
        (GAUGES, {"bindings": (("１２:00065", "A"),)}),
        (QUAKES, {"least_magnitude": 11.0}),
        (QUAKES, {"least_magnitude": float("nan")}),
        (QUAKES, {"kept_h": 0}),
        (QUAKES, {"within": (5.0, 0.0, 4.0, 1.0)}),
        (QUAKES, {"within": (5.0, 0.0, 400.0, 1.0)}),
        (ALERTS, {"within": (float("nan"), 0.0, 4.0, 1.0)}),
        (ALERTS, {"language": "x" * 99}),
    ],
    ids=str,
)
def test_a_source_that_says_nonsense_is_refused_in_words(source, wrong):
    with pytest.raises(UserError) as refused:
        replace(source, **wrong)
    assert refused.value.hint


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(EVERY), st.data())
def test_what_was_written_down_and_then_changed_by_others_is_a_source_or_refused(source, data):
    values = to_json(source)
    values[data.draw(st.sampled_from(sorted(values)))] = data.draw(PLAIN)
    with suppress(UserError):
        again = from_json(values)
        assert from_json(to_json(again)) == again
