from contextlib import suppress

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.errors import UserError
from layers.columns import Column, nothing
from layers.filters.asking import holds, like
from layers.filters.reading import DEEPEST, LONGEST, read_filter
from layers.filters.saying import say_filter
from layers.filters.tree import Among, Compare, Every, Like, Missing, Not, Op, columns_of
from tests.layers.filters.trees import COLUMNS, NUMBERS, WORDS, asked_filters, filters, slowly

numbers = st.lists(st.none() | st.sampled_from(NUMBERS), min_size=1, max_size=6)
words = st.lists(
    st.none() | st.sampled_from(WORDS) | st.sampled_from(NUMBERS) | st.text("ab3%_\\", max_size=4),
    min_size=1,
    max_size=6,
)


@given(filters)
def test_a_filter_is_read_back_as_it_was_said(asked):
    assert read_filter(say_filter(asked)) == asked


@given(asked_filters, numbers, words, words)
def test_whole_columns_are_told_what_a_person_would_tell_row_by_row(asked, depths, kinds, named):
    n = min(len(depths), len(kinds), len(named))
    given_ = dict(zip(COLUMNS, (depths[:n], kinds[:n], named[:n]), strict=False))
    columns = {
        "depth": Column(np.array([np.nan if v is None else v for v in depths[:n]], np.float64)),
        "kind": Column(np.array(kinds[:n], object)),
        "Name of it": Column(np.array(named[:n], object)),
    }
    rows = [{name: values[i] for name, values in given_.items()} for i in range(n)]
    told = holds(asked, lambda name: columns.get(name) or nothing(n))
    assert told.tolist() == [slowly(asked, row) is True for row in rows]


@settings(deadline=None)
@given(st.text(max_size=60) | st.text("() ANDORNTI'\"=<>,%a1.-e", max_size=60))
@example("(" * 5_000)
@example("NOT " * 5_000 + "a = 1")
@example("a = " + "9" * 5_000)
@example("a = 1 OR " * 2_000 + "a = 1")
@example("a IN (" + "1," * 5_000)
def test_any_text_is_a_filter_or_is_refused_in_words(text):
    with suppress(UserError):
        asked = read_filter(text)
        assert read_filter(say_filter(asked)) == asked


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("depth > 0.5", Compare("depth", Op.MORE, 0.5)),
        ("0.5 < depth", Compare("depth", Op.MORE, 0.5)),
        ("\"KEL NAME\" != 'Bukit''s'", Compare("KEL NAME", Op.OTHER, "Bukit's")),
        ("kind in ('a', 2)", Among("kind", ("a", 2.0))),
        ("kind NOT IN ('a')", Not(Among("kind", ("a",)))),
        ("name not like 'RW %'", Not(Like("name", "RW %"))),
        ("name ILIKE 'rw_'", Like("name", "rw_", loose=True)),
        ("name is not null", Not(Missing("name"))),
        ("open = true", Compare("open", Op.EQUAL, 1.0)),
        (
            "depth BETWEEN -1 AND 2",
            Every((Compare("depth", Op.AT_LEAST, -1.0), Compare("depth", Op.AT_MOST, 2.0))),
        ),
    ],
)
def test_the_language_is_the_one_that_map_programs_use(text, meant):
    assert read_filter(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "depth", "depth >", "lower(name) = 'a'", "a = 1; DROP TABLE x", "a = b", "a ~ 'x'", "1 = 1"),
        *("__import__('os')", "$area > 3", "a = 1e999", "a IN ()", "name LIKE 3", "a + 1 = 2", "'open"),
        *('"open', "a = NULL", "NOT", "(a = 1"),
    ],
)
def test_what_it_does_not_know_it_refuses(text):
    with pytest.raises(UserError):
        read_filter(text)


def test_a_filter_has_its_bounds():
    with pytest.raises(UserError, match="too long"):
        read_filter("a = 1 " * LONGEST)
    read_filter("(" * DEEPEST + "a = 1" + ")" * DEEPEST)
    with pytest.raises(UserError, match="nested"):
        read_filter("(" * (DEEPEST + 1) + "a = 1" + ")" * (DEEPEST + 1))


def test_and_binds_closer_than_or_and_parentheses_are_kept():
    assert say_filter(read_filter("a = 1 or b = 2 and not c = 3")) == "a = 1 OR (b = 2 AND NOT c = 3)"
    assert say_filter(read_filter("(a=1 or b=2) and c=3")) == "(a = 1 OR b = 2) AND c = 3"


def test_a_pattern_with_many_gaps_is_no_trap():
    assert not like("%a" * 200 + "b")("a" * 20_000)


def test_a_filter_says_which_columns_it_asks():
    assert columns_of(read_filter("a = 1 AND (b IS NULL OR NOT a LIKE 'x')")) == ("a", "b")
