import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from layers.classify import graduated
from layers.layer import Layer
from layers.legend import legend, why_hidden
from layers.roles import Role, role_style
from layers.saved import KEPT, STYLES, keep_layers, keep_style, kept_layers, kept_styles
from layers.sources.base import BrokenSource
from layers.style import (
    Cap,
    Case,
    Categorised,
    Category,
    Fill,
    Hatch,
    Join,
    LabelRule,
    Marker,
    MarkerShape,
    Pattern,
    Ruled,
    Simple,
    Stroke,
    Style,
    Symbol,
)
from layers.stylejson import style_from_json, style_to_json
from tests.layers.filters.trees import filters
from tests.shapes import Shelf

text = st.text(max_size=8)
size = st.floats(0, 50)
hatches = st.builds(Hatch, st.sampled_from(Pattern), text, size, size, size)
fills = st.builds(Fill, text, size, st.none() | hatches)
ends = st.none() | st.sampled_from(Cap), st.sampled_from(Join)
strokes = st.builds(Stroke, text, size, size, size, st.lists(size, max_size=4).map(tuple), text, size, *ends)
markers = st.builds(Marker, text, st.sampled_from(MarkerShape), size, text, text, text, size)
symbols = st.builds(Symbol, st.none() | fills, st.none() | strokes, st.none() | markers)
categories = st.lists(st.builds(Category, text, symbols, text, st.none() | size), max_size=3).map(tuple)
scale = st.none() | size
cases = st.lists(
    st.builds(Case, symbols, st.none() | filters, text, scale, scale, st.booleans()), max_size=3
).map(tuple)
rules = (
    st.builds(Simple, symbols)
    | st.builds(Categorised, text, categories, st.none() | symbols)
    | st.builds(Ruled, cases, st.booleans())
)
styles = st.builds(Style, rules, st.none() | st.builds(LabelRule, text, size))
junk = st.recursive(
    st.none() | st.booleans() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
)


@given(styles)
def test_a_style_survives_json(style):
    assert style_from_json(json.loads(json.dumps(style_to_json(style)))) == style


@pytest.mark.parametrize("role", Role)
def test_the_style_of_every_role_survives_json(role):
    style = role_style(role)
    assert style_from_json(json.loads(json.dumps(style_to_json(style)))) == style


def test_classes_of_numbers_survive_json():
    style = Style(graduated("depth", (0.0, 0.5, 2.0)))
    assert style_from_json(json.loads(json.dumps(style_to_json(style)))) == style


@given(junk)
def test_what_is_no_style_is_refused_in_words(value):
    with pytest.raises(UserError, match="style"):
        style_from_json(value)


@given(st.sampled_from(["symbol", "column", "is", "fill"]), junk)
def test_a_damaged_style_is_read_or_refused_in_words(name, value):
    damaged = style_to_json(role_style(Role.WATER))
    damaged["rule"][name] = value
    damaged["rule"]["symbol"] = damaged["rule"].get("symbol")
    with suppress(UserError):
        assert isinstance(style_from_json(damaged), Style)


def test_classes_that_do_not_fit_their_edges_are_refused():
    saved = style_to_json(Style(graduated("depth", (0.0, 1.0, 2.0))))
    for edges in ([0.0, 1.0], [2.0, 1.0, 0.0], []):
        with pytest.raises(UserError):
            style_from_json(saved | {"rule": saved["rule"] | {"breaks": edges}})


WATER = Layer(
    "water",
    "Rivers",
    Shelf(origin={"kind": "vector", "path": "rivers.gpkg"}),
    role_style(Role.WATER),
    visible=False,
    opacity=0.4,
    group="City",
    min_scale=500.0,
    role=Role.WATER,
)


def test_layers_are_kept_in_the_operation_and_opened_again(store):
    opened = []

    def open_source(origin):
        opened.append(dict(origin))
        return WATER.source

    with store.reading() as query:
        assert kept_layers(query, open_source) is None
    passing = Layer("x", "Passing", Shelf(), role_style(Role.OTHER))
    with store.writing("Keep layers") as tx:
        keep_layers(tx, (WATER, passing))
    with store.reading() as query:
        assert kept_layers(query, open_source) == (WATER,)
    assert opened == [{"kind": "vector", "path": "rivers.gpkg"}]


def test_a_layer_whose_file_is_gone_keeps_its_line_its_place_and_its_file(store):
    def open_source(origin):
        raise UserError("rivers.gpkg is not there any more.", hint="Connect the disk.")

    with store.writing("Keep layers") as tx:
        keep_layers(tx, (WATER,))
    with store.reading() as query:
        (layer,) = kept_layers(query, open_source)
    assert layer.problem == "rivers.gpkg is not there any more."
    assert (layer.title, layer.style, layer.opacity) == ("Rivers", WATER.style, 0.4)
    assert isinstance(layer.source, BrokenSource)
    with store.writing("Keep layers") as tx:
        keep_layers(tx, (layer,))
    with store.reading() as query:
        assert kept_layers(query, lambda origin: WATER.source) == (WATER,)


@pytest.mark.parametrize(
    "entry", [None, 7, {}, {"id": 3, "title": [], "opacity": "much", "origin": 5}, {"style": {}}]
)
def test_a_damaged_entry_keeps_its_line_with_a_reason(store, entry):
    with store.writing("Keep layers") as tx:
        tx.keep(KEPT, [entry])
    with store.reading() as query:
        (layer,) = kept_layers(query, lambda origin: WATER.source)
    assert layer.problem
    assert layer.title
    assert layer.opacity == 1.0


def test_the_legend_has_a_row_for_each_class_with_the_largest_street_first():
    titles = [row.title for row in legend(role_style(Role.STREETS), "Streets")]
    assert titles[0] == "motorway"
    assert titles[-1] == "Others"
    assert [row.title for row in legend(role_style(Role.WATER), "Rivers")] == ["Rivers"]
    assert [row.title for row in legend(Style(graduated("d", (0.0, 0.5, 1200.0))), "Depth")] == [
        "0 to 0.5",
        "0.5 to 1,200",
    ]
    assert [row.severity for row in legend(role_style(Role.INCIDENTS), "Incidents")] == [1, 2, 3, 4, 5]


def test_a_style_is_kept_under_a_name_and_a_damaged_one_leaves_the_others_alone(store):
    with store.writing("Keep a style") as tx:
        keep_style(tx, "Rivers", role_style(Role.WATER))
    with store.writing("Keep a style") as tx:
        keep_style(tx, "Wards", role_style(Role.FLOOD))
        keep_style(tx, "Wards", role_style(Role.WARDS))
    with store.reading() as query:
        assert kept_styles(query) == {"Rivers": role_style(Role.WATER), "Wards": role_style(Role.WARDS)}
        kept = query.kept(STYLES)
    with store.writing("Keep a style") as tx:
        tx.keep(STYLES, kept | {"Rivers": {"rule": 7}})
    with store.reading() as query:
        assert list(kept_styles(query)) == ["Wards"]


def test_what_is_not_drawn_at_a_scale_says_why():
    (row,) = legend(role_style(Role.WATER), "Rivers")
    assert why_hidden(row, 1e9) == ""
    lanes = next(row for row in legend(role_style(Role.STREETS), "Streets") if row.title == "lane")
    assert why_hidden(lanes, 22_000) == ""
    assert "1:22,000" in why_hidden(lanes, 22_001)
    assert "zoom out" in why_hidden(WATER, 499)
