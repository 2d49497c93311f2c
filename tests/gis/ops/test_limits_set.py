"""Limits are set, narrowed, turned off and on again, copied to other instruments; each step can be undone."""

from dataclasses import replace

import pytest

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Condition, Joining, Measure, Quantity
from gis.ops import sensors
from gis.store import history
from tests.build import a_gauge, a_rule

KALI = a_gauge(id="kali", expected_every_s=600)
HILIR = a_gauge(id="hilir", key="KALI-4", name="Kali 4")
HUJAN = a_gauge(id="hujan", key="HUJAN-2", name="Hujan 2", quantity=Quantity.RAIN, unit="mm")
RULE = a_rule(KALI, id="siaga")
RAIN = Condition("siaga", "hujan", Joining.AND, 60.0, Measure.SUM, 10_800)
RUNNING = Condition("siaga", "kali", Joining.ENABLE, 0.5)


@pytest.fixture
def city(store):
    """A store with three instruments and one limit."""
    with store.writing("Set up") as tx:
        sensors.register_all(tx, [KALI, HILIR, HUJAN])
        sensors.set_rule(tx, RULE)
    return store


def found(store, kind, **equals):
    with store.reading() as query:
        return query.find(kind, **equals)


def test_a_limit_that_makes_no_sense_is_refused_with_what_to_do_and_nothing_is_changed(city):
    wrong = replace(RULE, measure=Measure.RISE, window_s=0)
    with pytest.raises(UserError, match="taken over"), city.writing("Set") as tx:
        sensors.set_rule(tx, wrong)
    assert found(city, AlarmRule) == [RULE]


def test_an_instrument_that_was_struck_out_gets_no_limit(city):
    with city.writing("Strike") as tx:
        tx.strike(HILIR)
    with pytest.raises(UserError, match="struck out"), city.writing("Set") as tx:
        sensors.set_rule(tx, a_rule(HILIR))


def test_conditions_are_set_as_a_whole(city):
    with city.writing("Narrow") as tx:
        sensors.set_conditions(tx, "siaga", [RAIN, RUNNING])
    assert found(city, Condition) == [RAIN, RUNNING]
    with city.writing("Narrow") as tx:
        sensors.set_conditions(tx, "siaga", [replace(RAIN, at=80.0)])
    assert found(city, Condition) == [replace(RAIN, at=80.0)]
    with city.writing("Undo") as tx:
        history.undo(tx)
    assert {each.id: each for each in found(city, Condition)} == {RAIN.id: RAIN, RUNNING.id: RUNNING}


@pytest.mark.parametrize("wrong", [replace(RAIN, window_s=0), replace(RAIN, sensor_id="gone")])
def test_a_condition_that_makes_no_sense_changes_nothing(city, wrong):
    with pytest.raises(UserError), city.writing("Narrow") as tx:
        sensors.set_conditions(tx, "siaga", [RUNNING, wrong])
    assert found(city, Condition) == []


def test_a_limit_is_turned_off_and_comes_back_with_its_conditions(city):
    with city.writing("Narrow") as tx:
        sensors.set_conditions(tx, "siaga", [RAIN])
    with city.writing("Off") as tx:
        sensors.turn_off(tx, "siaga")
    assert found(city, AlarmRule) == []
    with city.writing("On") as tx:
        sensors.turn_on(tx, "siaga")
    assert (found(city, AlarmRule), found(city, Condition)) == ([RULE], [RAIN])


def test_a_limit_of_an_instrument_that_is_gone_stays_off(city):
    with city.writing("Off") as tx:
        sensors.turn_off(tx, "siaga")
        tx.strike(KALI)
    with pytest.raises(UserError, match="struck out"), city.writing("On") as tx:
        sensors.turn_on(tx, "siaga")


def test_a_copy_goes_to_other_instruments_with_what_narrows_it(city):
    with city.writing("Narrow") as tx:
        sensors.set_conditions(tx, "siaga", [RAIN, RUNNING])
    with city.writing("Copy") as tx:
        (copy,) = sensors.copy_rule(tx, "siaga", ["hilir"])
    assert copy == replace(RULE, id=copy.id, sensor_id="hilir")
    asked = [(each.sensor_id, each.at) for each in found(city, Condition, rule_id=copy.id)]
    assert asked == [("hujan", 60.0), ("hilir", 0.5)]


def test_a_copy_takes_the_place_of_what_has_its_name_there(city):
    with city.writing("Copy") as tx:
        sensors.copy_rule(tx, "siaga", ["hilir"])
        sensors.set_rule(tx, replace(RULE, raise_at=5.0))
        sensors.copy_rule(tx, "siaga", ["hilir"])
    assert [rule.raise_at for rule in found(city, AlarmRule, sensor_id="hilir")] == [5.0]


def test_an_instrument_is_watched_over_by_two_limits_of_its_own_once(city):
    with city.writing("Watch") as tx:
        silent, doubtful = sensors.watch_over(tx, "kali")
        assert sensors.watch_over(tx, "kali") == []
    assert (silent.measure, silent.raise_at, silent.severity) == (Measure.SILENCE, 30.0, Severity.MINOR)
    assert (doubtful.measure, doubtful.raise_at) == (Measure.DOUBT, 3.0)
    assert len(found(city, AlarmRule, sensor_id="kali")) == 3


def test_a_table_with_two_limits_of_one_name_keeps_both(city):
    twins = [a_rule(KALI, id="x", raise_at=5.0), a_rule(KALI, id="y", raise_at=6.0)]
    with city.writing("Limits") as tx:
        assert sensors.set_limits(tx, [(rule, None) for rule in twins]) == 2
        assert sensors.set_limits(tx, [(rule, None) for rule in twins]) == 2
    assert sorted(rule.raise_at for rule in found(city, AlarmRule)) == [5.0, 6.0]


def test_a_table_replaces_conditions_or_says_nothing_of_them(city):
    with city.writing("Narrow") as tx:
        sensors.set_conditions(tx, "siaga", [RAIN, RUNNING])
        sensors.set_limits(tx, [(RULE, None)])
    assert found(city, Condition) == [RAIN, RUNNING]
    with city.writing("Limits") as tx:
        sensors.set_limits(tx, [(RULE, (replace(RAIN, id="again"),))])
    assert found(city, Condition) == [RAIN], "what is there already stays itself"
