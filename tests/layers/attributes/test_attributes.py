"""A layer as a table: rows in an order that people expect, and those of them that are asked for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Cancelled, UserError
from gis.geo.features import Features, Shape
from gis.progress import Progress
from layers.attributes.asking import asked_for, rows_asked
from layers.attributes.ordering import NOTHING, arranged, ranks
from layers.attributes.table import Attributes
from layers.attributes.wording import as_lines, shown
from layers.filters.asking import holds
from layers.filters.reading import read_filter
from layers.index import Indexes
from layers.marked import union
from tests.shapes import lines, points, polygons, square


def a_table(**columns) -> Attributes:
    count = len(next(iter(columns.values())))
    return Attributes([points(*((10.0 * n, 0.0) for n in range(count)), **columns)])


def in_order(values, *, falling: bool = False) -> list:
    table = a_table(it=values)
    places = ranks(table.values("it"), table.column("it"), Progress())
    return [values[n] for n in arranged(np.arange(len(values)), places, falling=falling)]


def found(table: Attributes, text: str) -> list[int]:
    return np.flatnonzero(rows_asked(table, asked_for(text, table.names), Progress())).tolist()


def test_texts_stand_as_people_count_without_case_and_accents():
    said = ["Lot 10", "lot 2", "Éclair", "eclipse", "Lot 1b", "Lot 010"]
    assert in_order(said) == ["Éclair", "eclipse", "Lot 1b", "lot 2", "Lot 10", "Lot 010"]


def test_what_says_nothing_is_last_whichever_way_the_others_stand():
    assert in_order(["b", None, "a"]) == ["a", "b", None]
    assert in_order(["b", None, "a"], falling=True) == ["b", "a", None]


def test_numbers_stand_before_texts_and_by_size():
    assert in_order(["9 m", 10, -2.5, None, 3]) == [-2.5, 3, 10, "9 m", None]


@given(st.lists(st.none() | st.floats(allow_nan=False) | st.integers(-(2**53), 2**53), min_size=1))
def test_numbers_kept_as_objects_stand_as_numbers_do(values):
    there = [value for value in values if value is not None]
    assert in_order(values) == sorted(there) + [None] * (len(values) - len(there))


@given(st.lists(st.sampled_from(["a", "B", "b", None, "10", "9"])))
def test_equals_keep_the_order_they_had(values):
    if not values:
        return
    table = a_table(it=values)
    places = ranks(table.values("it"), table.column("it"), Progress())
    before = np.arange(len(values))[::-1]
    after = arranged(before, places, falling=True).tolist()
    for place in set(places.tolist()):
        mine = [row for row in after if places[row] == place]
        assert mine == sorted(mine, reverse=True)
    assert sorted(after) == sorted(before.tolist())


def test_large_whole_numbers_are_told_apart_in_every_digit():
    ids = np.array([2**60 + 1, 2**60, 2**60 + 2])
    only = Features(
        Shape.POINT, np.zeros((3, 2)), np.arange(4), np.arange(4), np.arange(3), {"it": ids}, 32750
    )
    table = Attributes([only])
    places = ranks(table.values("it"), table.column("it"), Progress())
    assert places.tolist() == [1, 0, 2]
    assert shown(table.values("it")[0]) == str(2**60 + 1)


def test_sorting_can_be_stopped():
    table, progress = a_table(it=["a", "b"]), Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        ranks(table.values("it"), table.column("it"), progress)


def test_words_may_stand_in_different_columns_and_without_their_accents():
    table = a_table(name=["Kali Café", "Kali Satu"], kind=["river", None], depth=[1.5, 7.0])
    assert found(table, "cafe RIVER") == [0]
    assert found(table, "kali") == [0, 1]
    assert found(table, "kali 7") == [1]
    assert found(table, "nowhere") == []


def test_a_comparison_in_the_field_is_a_rule_whatever_the_case_of_its_columns():
    table = a_table(Depth=[0.2, 0.9, None], kind=["river", "canal", "river"])
    assert found(table, "depth > 0.5") == [1]
    assert found(table, "depth is null") == [2]
    assert found(table, "KIND = 'river' AND NOT depth IS NULL") == [0]


@pytest.mark.parametrize("text", ["depth >", "dept > 1", "depth = 'a", "1 < 2"])
def test_a_rule_that_means_nothing_is_answered_in_words(text):
    with pytest.raises(UserError) as told:
        asked_for(text, ("depth", "kind"))
    assert str(told.value)
    assert told.value.hint


@given(st.text(max_size=40))
def test_whatever_is_typed_either_means_something_or_is_answered_in_words(text):
    table = a_table(depth=[1.0, None], kind=["a'b", "%"])
    try:
        asked = asked_for(text, table.names)
    except UserError:
        return
    assert len(rows_asked(table, asked, Progress())) == 2


def test_a_rule_says_of_the_table_what_it_says_of_the_columns():
    table = a_table(depth=[1.0, 2.0, None], kind=["a", "b", "c"])
    rule = read_filter("depth >= 2 OR kind = 'c'")
    assert (
        rows_asked(table, rule, Progress()).tolist()
        == holds(rule, table.column).tolist()
        == [False, True, True]
    )


def test_a_feature_that_is_a_point_and_an_outline_is_one_row():
    dots = points((0.0, 0.0), (5.0, 5.0), label=["I-1", "I-2"])
    around = polygons([square(5.0, 5.0, 4.0)], severity=[2])
    outline = Features(
        around.shape, around.xy, around.rings, around.parts, np.array([1]), dict(around.columns), around.crs
    )
    table = Attributes([dots, outline])
    assert len(table) == 2
    assert table.names == ("label", "severity")
    assert table.values("severity").tolist() == [None, None]


def test_rows_of_several_shapes_know_where_they_lie():
    far = lines([[(100.0, 0.0), (110.0, 0.0)]], name=["road"])
    apart = Features(far.shape, far.xy, far.rings, far.parts, np.array([7]), dict(far.columns), far.crs)
    table = Attributes([points((0.0, 0.0), name=["tree"]), apart])
    assert table.values("name").tolist() == ["tree", "road"]
    assert union(m.bounds for m in table.marked(np.array([1]))) == (100.0, 0.0, 110.0, 0.0)
    assert table.within((90.0, -5.0, 105.0, 5.0), Indexes(), Progress()).tolist() == [False, True]
    assert table.where({7}).tolist() == [False, True]


def test_a_value_is_shown_with_its_own_digits_and_nothing_as_nothing():
    assert [shown(v) for v in (None, math.nan, "", 3.0, 0.1, np.float32(0.1), 12, True)] == [
        "NULL", "NULL", "", "3", "0.1", "0.1", "12", "yes",
    ]  # fmt: skip
    assert shown("two\nlines") == "two lines"
    assert shown("x" * 5_000).endswith("…")


def test_rows_leave_as_lines_that_no_cell_can_break():
    table = a_table(name=["a\tb\nc", None], depth=[1.5, 2.0])
    text = as_lines(table.names, [table.values(name) for name in table.names])
    assert text == "name\tdepth\na b c\t1.5\n\t2\n"


def test_a_million_rows_are_sorted_and_asked():
    count = 1_000_000
    number = (np.arange(count) * 7_919) % count
    kinds = np.array(["river", "canal", None], object)[np.arange(count) % 3]
    columns = {"number": number, "kind": kinds}
    many = Features(
        Shape.POINT,
        np.zeros((count, 2)),
        np.arange(count + 1),
        np.arange(count + 1),
        np.arange(count),
        columns,
        32750,
    )
    table = Attributes([many])
    places = ranks(table.values("number"), table.column("number"), Progress())
    rows = arranged(np.arange(count), places, falling=False)
    assert table.values("number")[rows].tolist() == list(range(count))
    by_kind = ranks(kinds, table.column("kind"), Progress())
    assert (by_kind == NOTHING).sum() == count // 3
    assert len(found(table, "number < 1000 AND kind = 'river'")) == len(
        [n for n in range(0, count, 3) if number[n] < 1000]
    )
