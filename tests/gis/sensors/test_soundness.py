"""A limit that makes no sense is refused with its reason; an odd one is set and said to be odd."""

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.model.incident import Severity
from gis.model.sensor import Condition, Joining, Measure, Response
from gis.sensors.soundness import LONGEST_S, condition_faults, doubts, faults
from tests.build import a_gauge, a_rule

KALI = a_gauge(id="kali", expected_every_s=600)
RISING = {"measure": Measure.RISE, "window_s": 3600, "raise_at": 0.5, "clear_below": 0.2}
FALLING = {"falling": True, "raise_at": 0.4, "clear_below": 0.6}
SUM = {"measure": Measure.SUM, "window_s": 10_800, "raise_at": 60.0, "clear_below": 50.0}
SILENT = {"measure": Measure.SILENCE, "raise_at": 30.0, "clear_below": 30.0}
DOUBT = {"measure": Measure.DOUBT, "raise_at": 3.0, "clear_below": 1.0}


@pytest.mark.parametrize(
    "but",
    [
        {},
        RISING,
        FALLING,
        SUM,
        SILENT,
        DOUBT,
        RISING | {"falling": True, "raise_at": -0.5, "clear_below": -0.2},
        {"hold_s": 600, "off_s": 600, "count": 3, "escalate_s": 60},
        {"raise_at": 4.5, "clear_below": 4.5},
    ],
)
def test_a_limit_that_makes_sense_has_no_fault(but):
    assert faults(a_rule(KALI, **but), KALI) == []


@pytest.mark.parametrize(
    ("but", "field", "words"),
    [
        ({"level": " "}, "level", "needs a name"),
        ({"raise_at": nan}, "raise_at", "needs a number"),
        ({"clear_below": inf}, "clear_below", "needs a number"),
        ({"clear_below": 4.6}, "clear_below", "return above"),
        (FALLING | {"clear_below": 0.3}, "clear_below", "return below"),
        (RISING | {"window_s": 0}, "window_s", "taken over"),
        (SUM | {"window_s": 0}, "window_s", "taken over"),
        (SUM | {"window_s": LONGEST_S + 1}, "window_s", "no time to look back"),
        (RISING | {"raise_at": 0.0, "clear_below": -0.1}, "raise_at", "more than 0"),
        (RISING | {"falling": True, "clear_below": 0.9}, "raise_at", "less than 0"),
        (SUM | {"raise_at": 0.0, "clear_below": 0.0}, "raise_at", "more than 0"),
        (SILENT | {"raise_at": 10.0, "clear_below": 10.0}, "raise_at", "between two reports"),
        (SILENT | {"falling": True}, "falling", "no falling limit"),
        (SILENT | {"clear_below": 0.0}, "clear_below", "never return"),
        (DOUBT | {"raise_at": 2.5}, "raise_at", "counted"),
        (DOUBT | {"raise_at": 0.5, "clear_below": 0.5}, "raise_at", "counted"),
        ({"hold_s": -1}, "hold_s", "less than 0 seconds"),
        ({"off_s": -1}, "off_s", "less than 0 seconds"),
        ({"escalate_s": -1}, "escalate_s", "less than 0 seconds"),
        ({"hold_s": LONGEST_S + 1}, "hold_s", "too long"),
        ({"count": 0}, "count", "1 reading or more"),
    ],
)
def test_what_makes_no_sense_is_named_at_its_field(but, field, words):
    found = faults(a_rule(KALI, **but), KALI)
    assert [fault.field for fault in found] == [field]
    assert words in found[0].words


def test_an_instrument_that_was_struck_out_gets_no_limit():
    (fault,) = faults(a_rule(KALI), replace(KALI, void=True))
    assert (fault.field, fault.words) == ("sensor_id", "Kali 3 has been struck out.")


@given(
    st.floats(), st.floats(), st.booleans(), st.sampled_from(Measure), st.integers(-1, 10**7), st.integers()
)
def test_no_limit_that_passes_can_be_raised_and_returned_at_once(up, down, falling, measure, window, count):
    rule = a_rule(
        KALI,
        raise_at=up,
        clear_below=down,
        falling=falling,
        measure=measure,
        window_s=window,
        count=count,
    )
    if not faults(rule, KALI):
        returned = up > down if falling else up < down
        assert not returned
        assert rule.count >= 1
        assert rule.window_s > 0 or measure not in (Measure.RISE, Measure.SUM)


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"sensor_id": "gone"}, "sensor_id"),
        ({"at": nan}, "at"),
        ({"measure": Measure.SILENCE}, "measure"),
        ({"measure": Measure.SUM}, "window_s"),
        ({"window_s": -1}, "window_s"),
    ],
)
def test_a_condition_that_makes_no_sense_is_named_at_its_field(but, field):
    condition = replace(Condition("rule", "kali", Joining.AND, 1.0), **but)
    assert [fault.field for fault in condition_faults(condition, {"kali": KALI})] == [field]


def test_a_condition_may_not_ask_for_an_instrument_that_was_struck_out():
    condition = Condition("rule", "kali", Joining.AND, 1.0)
    assert condition_faults(condition, {"kali": KALI}) == []
    assert condition_faults(condition, {"kali": replace(KALI, void=True)})[0].field == "sensor_id"


def test_a_limit_that_the_instrument_cannot_measure_is_odd():
    assert doubts(a_rule(KALI), KALI, []) == []
    assert doubts(a_rule(KALI, raise_at=12.0), KALI, []) == [
        "Kali 3 measures no 12 m: this limit is never reached."
    ]


EVACUATE = a_rule(KALI, id="e", level="Siaga 1", response=Response.EVACUATE, raise_at=3.0, clear_below=2.9)
PREPARE = a_rule(KALI, id="p", level="Siaga 2", response=Response.PREPARE, raise_at=4.0, clear_below=3.9)


def test_the_graver_level_is_not_to_be_reached_first():
    words = ["Siaga 1 is graver than Siaga 2, and is reached before it."]
    assert doubts(PREPARE, KALI, [EVACUATE]) == words
    assert doubts(EVACUATE, KALI, [PREPARE]) == words
    assert doubts(replace(EVACUATE, raise_at=4.5), KALI, [PREPARE]) == []


def test_of_falling_limits_the_lower_is_the_graver():
    low, lower = replace(PREPARE, falling=True), replace(EVACUATE, falling=True)
    assert doubts(low, KALI, [lower]) == []
    assert len(doubts(replace(low, raise_at=1.0), KALI, [lower])) == 1


def test_levels_that_ask_nothing_are_ordered_by_severity():
    mild = a_rule(KALI, id="m", level="low", severity=Severity.MINOR, raise_at=4.0)
    grave = a_rule(KALI, id="g", level="high", severity=Severity.EXTREME, raise_at=3.0)
    assert doubts(mild, KALI, [grave]) == ["high is graver than low, and is reached before it."]
    assert doubts(replace(mild, measure=Measure.SUM, window_s=60), KALI, [grave]) == []
    assert doubts(mild, KALI, [replace(grave, void=True)]) == []
    assert doubts(mild, KALI, [replace(grave, sensor_id="other")]) == []


def test_two_limits_of_one_name_are_odd():
    assert "another limit called Siaga 1" in doubts(EVACUATE, KALI, [replace(EVACUATE, id="other")])[0]
