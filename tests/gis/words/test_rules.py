"""A limit told back in sentences: nothing that is set stays unsaid."""

import re
from dataclasses import replace
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Condition, Joining, Measure, Quantity, Response
from gis.words.rules import brief, sentence, unit_of
from gis.words.terms import exact, limit_words, span
from tests.build import a_gauge, a_rule

KALI = a_gauge(id="kali")
HUJAN = a_gauge(id="hujan", key="HUJAN-2", name="Hujan 2", quantity=Quantity.RAIN, unit="mm/h")
SENSORS = {each.id: each for each in (KALI, HUJAN)}
SIAGA = a_rule(KALI, id="siaga")
RAIN = Condition("siaga", "hujan", Joining.AND, 60.0, Measure.SUM, 10_800)
RUNNING = Condition("siaga", "kali", Joining.ENABLE, 0.5)


@pytest.mark.parametrize(
    ("but", "conditions", "said"),
    [
        (
            {},
            [],
            "Siaga 1 (Extreme) rings when Kali 3 is at or above 4.50 m. It returns below 4.20 m.",
        ),
        (
            {
                "hold_s": 600,
                "count": 3,
                "clear_below": 4.3,
                "response": Response.EVACUATE,
                "escalate_s": 300,
                "escalate_to": "the Duty officer",
                "latch": True,
            },
            [RAIN],
            "Siaga 1 (Extreme) rings when Kali 3 is at or above 4.50 m. That must last 10 minutes, by 3"
            " readings in a row. Hujan 2 must have had 60 mm or more in 3 hours as well. It returns below"
            " 4.30 m. It asks people to evacuate. If nobody acknowledges it within 5 minutes, it goes to the"
            " Duty officer. It stays until somebody resets it.",
        ),
        (
            {"falling": True, "raise_at": 0.4, "clear_below": 0.625, "off_s": 5400, "count": 2},
            [RUNNING],
            "Siaga 1 (Extreme) rings when Kali 3 is at or below 0.40 m. 2 readings in a row must say so. It"
            " is suppressed unless Kali 3 is at or above 0.50 m. It returns above 0.625 m. It returns only"
            " once that has lasted 90 minutes.",
        ),
        (
            {"measure": Measure.RISE, "window_s": 3600, "raise_at": 0.5, "clear_below": 0.2},
            [],
            "Siaga 1 (Extreme) rings when Kali 3 rises by 0.50 m an hour or more, over 1 hour. It returns"
            " when the rise is less than 0.20 m an hour.",
        ),
        (
            {
                "measure": Measure.RISE,
                "window_s": 1800,
                "raise_at": -0.5,
                "clear_below": -0.2,
                "falling": True,
            },
            [],
            "Siaga 1 (Extreme) rings when Kali 3 falls by 0.50 m an hour or more, over 30 minutes. It"
            " returns when the fall is less than 0.20 m an hour.",
        ),
        (
            {
                "sensor_id": "hujan",
                "measure": Measure.SUM,
                "window_s": 86_400,
                "raise_at": 150,
                "clear_below": 100,
            },
            [],
            "Siaga 1 (Extreme) rings when Hujan 2 has had 150 mm or more in 24 hours. It returns below"
            " 100 mm in 24 hours.",
        ),
        (
            {"measure": Measure.SILENCE, "raise_at": 30, "clear_below": 30, "severity": Severity.MINOR},
            [],
            "Siaga 1 (Minor) rings when Kali 3 has sent no report for 30 minutes. It returns with the next"
            " report.",
        ),
        (
            {"measure": Measure.DOUBT, "raise_at": 3, "clear_below": 1, "void": True},
            [],
            "Siaga 1 (Extreme) rings when Kali 3 has sent 3 doubtful reports in a row. It returns with the"
            " next good report. It is turned off.",
        ),
        (
            {"sensor_id": "gone", "level": "", "escalate_s": 60},
            [replace(RAIN, void=True)],
            "The alarm (Extreme) rings when an unknown instrument is at or above 4.50. It returns below"
            " 4.20. If nobody acknowledges it within 1 minute, it is passed on.",
        ),
    ],
)
def test_a_limit_is_told_in_whole_sentences(but, conditions, said):
    assert sentence(replace(SIAGA, **but), conditions, SENSORS) == said


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-100, 100).map(lambda n: round(n, 3))
seconds = st.integers(-10, 10**12) | st.sampled_from([0, 60, 3600, 10_800, 86_400, 604_800])
rules = st.builds(
    AlarmRule,
    sensor_id=st.sampled_from(["kali", "hujan", "gone"]),
    level=st.text(max_size=12),
    severity=st.sampled_from(Severity),
    raise_at=numbers,
    clear_below=numbers,
    hold_s=seconds,
    measure=st.sampled_from(Measure),
    window_s=seconds,
    falling=st.booleans(),
    off_s=seconds,
    count=st.integers(-3, 1000),
    latch=st.booleans(),
    response=st.sampled_from(Response),
    escalate_s=seconds,
    escalate_to=st.text(max_size=12),
    void=st.booleans(),
)
narrowing = st.builds(
    Condition,
    rule_id=st.just("siaga"),
    sensor_id=st.sampled_from(["kali", "hujan", "gone"]),
    joining=st.sampled_from(Joining),
    at=numbers,
    measure=st.sampled_from(Measure),
    window_s=seconds,
    falling=st.booleans(),
)


def _figures(said: str) -> set[str]:
    return set(re.findall(r"\d[\d.e+]*\d|\d", said))


@settings(max_examples=400, deadline=None)
@given(rules, st.lists(narrowing, max_size=3))
def test_whatever_is_set_is_told_and_nothing_raises(rule, conditions):
    said = sentence(rule, conditions, SENSORS)
    limit_words(rule)
    assert rule.level in said
    assert "{" not in said.replace(rule.level, "").replace(rule.escalate_to, "")
    times = [rule.hold_s, rule.off_s, rule.escalate_s]
    if rule.measure in (Measure.RISE, Measure.SUM):
        times.append(rule.window_s)
    assert all(span(time) in said for time in times if time)
    assert rule.count <= 1 or str(rule.count) in said
    for limit, value in [(rule, rule.raise_at), *((each, each.at) for each in conditions)]:
        if isfinite(value) and not limit.measure.of_trouble:
            assert exact(abs(value)) in said
    if rule.escalate_s:
        assert rule.escalate_to in said


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_told_as_it_was_set(value):
    assert float(exact(value)) == pytest.approx(value, rel=1e-14)


def test_a_sum_of_what_falls_an_hour_is_no_longer_by_the_hour():
    assert unit_of(Measure.SUM, HUJAN) == "mm"
    assert unit_of(Measure.RISE, KALI) == "m/h"
    assert unit_of(Measure.VALUE, None) == ""


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (100, "100 seconds"),
        (60, "1 minute"),
        (5400, "90 minutes"),
        (172_800, "48 hours"),
        (604_800, "7 days"),
    ],
)
def test_a_span_is_told_in_the_unit_that_leaves_no_rest(time, said):
    assert span(time) == said


@pytest.mark.parametrize(
    ("but", "said"),
    [
        ({}, "Siaga 1 at 4.50"),
        ({"measure": Measure.SUM, "window_s": 10_800, "raise_at": 60}, "Siaga 1 at 60.0 in 3 hours"),
        ({"measure": Measure.RISE, "raise_at": 0.5}, "Siaga 1 at 0.50 an hour"),
        ({"measure": Measure.SILENCE, "raise_at": 30}, "Siaga 1 after 30 minutes"),
        ({"measure": Measure.DOUBT}, "Siaga 1"),
    ],
)
def test_a_limit_is_named_by_what_reaches_it(but, said):
    assert limit_words(replace(SIAGA, **but)) == said


@pytest.mark.parametrize(
    ("but", "said"),
    [
        ({}, "≥ 4.50 m"),
        ({"falling": True}, "≤ 4.50 m"),
        ({"measure": Measure.SUM, "window_s": 10_800, "raise_at": 60}, "≥ 60 m in 3 hours"),
        ({"measure": Measure.RISE, "raise_at": 0.5}, "rises 0.50 m an hour"),
        ({"measure": Measure.RISE, "raise_at": -0.5, "falling": True}, "falls 0.50 m an hour"),
        ({"measure": Measure.SILENCE, "raise_at": 30}, "silent for 30 minutes"),
        ({"measure": Measure.DOUBT, "raise_at": 3}, "3 doubtful reports"),
    ],
)
def test_a_limit_is_told_briefly_in_a_list(but, said):
    assert brief(replace(SIAGA, **but), KALI) == said
