import numpy as np
import pytest

from layers.choose import Looks, chosen, counts
from layers.classify import graduated
from layers.filters.reading import read_filter
from layers.restyle import (
    as_rules,
    by_severity,
    categories,
    moved_case,
    plain_symbol,
    signs,
    with_sign,
    worth_asking,
)
from layers.style import Case, Categorised, Category, MarkerShape, Ruled, Simple
from tests.shapes import points

KINDS = ["river", "canal", None, "river", "pond", "ditch"]
DEPTHS = [0.0, 0.5, 1.0, 2.0, None, 9.0]
WATERS = points(*((i, 0) for i in range(6)), kind=KINDS, depth=DEPTHS)
A, B, C = (plain_symbol(colour) for colour in ("#111111", "#222222", "#333333"))
NAMED = Categorised("kind", (Category("river", A), Category("canal", B, also=("ditch",))), C)
CLASSED = graduated("depth", (0.0, 0.5, 2.0))


def groups(rule, scale=1_000.0):
    rows = np.arange(len(WATERS))
    found = chosen(rule, Looks(WATERS), rows, scale)
    return [(symbol, picks.tolist()) for symbol, picks in found if len(picks)]


def ruled(*texts, first=False, **but):
    cases = [Case(symbol, read_filter(text), **but) for symbol, text in zip((A, B, C), texts, strict=False)]
    return Ruled(tuple(cases), first)


def test_each_rule_draws_what_its_filter_holds_for():
    assert groups(ruled("kind = 'river'", "depth >= 1")) == [(A, [0, 3]), (B, [2, 3, 5])]


def test_where_only_the_first_counts_no_feature_is_drawn_twice():
    assert groups(ruled("kind = 'river'", "depth >= 1", first=True)) == [(A, [0, 3]), (B, [2, 5])]


def test_what_no_rule_shown_here_takes_goes_to_the_others():
    rule = ruled("kind = 'river'", max_scale=5_000.0)
    rule = Ruled((Case(C, otherwise=True), *rule.cases))
    assert groups(rule) == [(C, [1, 2, 4, 5]), (A, [0, 3])]
    assert groups(rule, 10_000.0) == [(C, [0, 1, 2, 3, 4, 5])]


def test_a_rule_about_a_column_that_is_not_there_takes_nothing():
    assert groups(ruled("colour = 'red'", "NOT colour = 'red'")) == []


@pytest.mark.parametrize("rule", [NAMED, CLASSED, Simple(A)])
def test_turned_into_rules_a_layer_looks_as_before(rule):
    same = {symbol: picks for symbol, picks in groups(rule)}
    assert {symbol: picks for symbol, picks in groups(as_rules(rule))} == same


@pytest.mark.parametrize("rule", [NAMED, CLASSED, Simple(A), ruled("depth > 1", "kind = 'pond'")])
def test_every_sign_can_be_changed_alone(rule):
    new = plain_symbol("#abcdef")
    for n in range(len(signs(rule))):
        changed = list(signs(with_sign(rule, n, new)))
        assert changed.pop(n) == new
        assert changed == [*signs(rule)[:n], *signs(rule)[n + 1 :]]


def test_a_rule_is_moved_past_another():
    rule = ruled("a = 1", "b = 2", "c = 3")
    assert signs(moved_case(rule, 0, 2)) == (B, C, A)
    assert moved_case(moved_case(rule, 0, 2), 2, 0) == rule


def test_the_features_behind_each_sign_are_counted():
    looks = Looks(WATERS)
    assert counts(NAMED, looks) == (2, 2, 2)
    assert counts(CLASSED, looks) == (1, 3, 2)
    assert counts(ruled("kind = 'river'", "depth >= 1", first=True), looks) == (2, 2)
    assert counts(Simple(A), looks) == (6,)


def test_the_first_rule_asks_about_a_column_with_few_values():
    columns = {"id": np.arange(51), "kind": np.array(["a", "b", "b"] * 10 + ["c"] * 21, object)}
    assert worth_asking(columns) == read_filter("kind = 'c'")


def test_the_most_frequent_values_get_colours_and_the_rest_is_grey():
    made = categories("kind", np.array([f"k{n % 20}" for n in range(200)], object))
    assert len(made.classes) == 12
    assert made.other is not None


def test_severity_has_a_shape_a_digit_and_a_colour_and_the_worst_lies_on_top():
    found = points(*((i, 0) for i in range(5)), severity=["Extreme", "minor", "2", 3, "?"])
    rule = by_severity("severity")
    worn = list(chosen(rule, Looks(found), np.arange(5), 1.0))
    told = {symbol.marker.glyph: picks.tolist() for symbol, picks in worn}
    assert told == {"?": [4], "4": [1], "3": [3], "2": [2], "1": [0]}
    assert list(told)[-1] == "1"
    markers = [symbol.marker for symbol, _picks in worn]
    assert len({(m.shape, m.colour) for m in markers}) == 5
    assert {m.shape for m in markers[1:]} == set(MarkerShape) & {"circle", "square", "diamond", "triangle"}
