"""Layers that follow time: what belongs to an instant is shown, and the file is not read again for it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.progress import Progress
from layers.build import Sheet, build
from layers.choose import Looks
from layers.columns import Column
from layers.handout import handout
from layers.index import Indexes, index, narrowed
from layers.layer import Layer
from layers.style import Marker, Simple, Style, Symbol
from layers.timed import (
    Timing,
    columns_of_time,
    of_instant,
    span_of,
    times_of,
    timing_from_json,
    timing_to_json,
)
from layers.view import MapView
from tests.shapes import UTM, Shelf, points

X, Y = 500_000, 9_000_000
VIEW = MapView(X, Y, 1.0, 400, 300)
NIGHT = datetime(2026, 2, 10, 21, 0, tzinfo=UTC)


def hour(n):
    return (NIGHT + timedelta(hours=n)).isoformat()


def at(n):
    return (NIGHT + timedelta(hours=n)).timestamp()


def calls(*begins, **columns):
    return points(*[(X + 10 * n, Y) for n in range(len(begins))], began=list(begins), **columns)


def shown(timing, features, instant):
    return of_instant(timing, Looks(features), instant).tolist()


def test_up_to_an_instant_everything_that_had_begun_is_there():
    features = calls(hour(0), hour(2), None, "soon")
    assert shown(Timing("began"), features, at(1)) == [True, False, False, False]
    assert shown(Timing("began"), features, at(2)) == [True, True, False, False]


def test_in_a_window_what_began_long_ago_has_gone():
    features = calls(hour(0), hour(2), hour(5))
    assert shown(Timing("began", hours=3), features, at(4.5)) == [False, True, False]


def test_an_interval_may_be_open_on_either_side():
    features = calls(hour(0), None, hour(1), None, over=[hour(2), hour(2), None, None])
    timing = Timing("began", "over")
    assert shown(timing, features, at(-1)) == [False, True, False, False]
    assert shown(timing, features, at(1.5)) == [True, True, True, False]
    assert shown(timing, features, at(3)) == [False, False, True, False]


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("2026-02-11T05:00:00+08:00", NIGHT),
        ("2026/02/10 21:00:00+00", NIGHT),
        ("2026-02-10T21:00:00Z", NIGHT),
        ("2026-02-11 05:00", NIGHT),  # local where nothing else is said
        ("2026-02-11", datetime(2026, 2, 10, 16, tzinfo=UTC)),
        (NIGHT.timestamp(), NIGHT),
        (NIGHT.timestamp() * 1000, NIGHT),
    ],
)
def test_times_are_read_as_files_write_them(said, means):
    for values in (np.array([said, None], object), np.array([said])):
        assert times_of(Column(values), "Asia/Makassar")[0] == pytest.approx(means.timestamp())


def test_a_day_as_an_end_lasts_until_midnight():
    features = calls("2026-02-10", over=["2026-02-10"])
    timing = Timing("began", "over", zone="UTC")
    assert shown(timing, features, at(2.9)) == [True]
    assert shown(timing, features, at(3.1)) == [False]


def test_columns_of_time_are_found_by_what_they_say_and_those_called_so_come_first():
    features = calls(
        hour(0), hour(1), seen=[hour(1), ""], depth=[0.4, 1.2], name=["a", "b"], year=[2024, 2025]
    )
    assert columns_of_time((features,)) == ("began", "seen") or columns_of_time((features,)) == (
        "seen",
        "began",
    )
    assert span_of((features,), "began", "UTC") == (2, NIGHT, NIGHT + timedelta(hours=1))
    assert span_of((features,), "name", "UTC") is None


@given(st.lists(st.one_of(st.none(), st.integers(-50, 50)), min_size=1, max_size=300), st.integers(-60, 60))
def test_a_part_of_an_index_is_the_index_of_the_part(hours, instant):
    features = calls(*(None if n is None else hour(n) for n in hours))
    rows = of_instant(Timing("began"), Looks(features), at(instant))
    part = narrowed(index(features, Progress()), rows)
    wide = (X - 1e6, Y - 1e6, X + 1e6, Y + 1e6)
    assert sorted(part.order[part.within(wide)].tolist()) == np.flatnonzero(rows).tolist()


def test_another_instant_draws_other_features_of_one_reading():
    source = Shelf(calls(hour(0), hour(2)))
    style = Style(Simple(Symbol(marker=Marker("school"))))
    layer = Layer("calls", "Calls", source, style, timing=Timing("began"))
    indexes = Indexes()

    def drawn(instant):
        sheet = Sheet(VIEW, UTM, at=instant)
        marks = build(layer, sheet, indexes, Progress()).shapes
        return [int(row) for mark in marks for row in mark.drawn.rows]

    assert drawn(at(-1)) == []
    assert drawn(at(1)) == [0]
    assert sorted(drawn(at(3))) == [0, 1]
    assert sorted(drawn(None)) == [0, 1]
    one = indexes.narrowed(indexes.of(source.held[0], Progress()), np.array([True, False]))
    assert one is indexes.narrowed(indexes.of(source.held[0], Progress()), np.array([True, False]))


def test_a_report_shows_what_belongs_to_its_instant():
    style = Style(Simple(Symbol(marker=Marker("school"))))
    layer = Layer("calls", "Calls", Shelf(calls(hour(0), hour(2))), style, timing=Timing("began"))

    def handed(instant):
        return [
            len(each.features)
            for made in handout((layer,), UTM, Progress(), instant)
            for each in made.classes
        ]

    assert handed(at(1)) == [1]
    assert handed(at(3)) == [2]
    assert handed(None) == [2]


@given(
    st.one_of(
        st.none(),
        st.builds(
            Timing, st.text(min_size=1), st.text(), st.floats(0, 1e5), st.sampled_from(["UTC", "Asia/Dili"])
        ),
    )
)
def test_a_choice_that_was_kept_is_the_choice(timing):
    assert timing_from_json(timing_to_json(timing)) == timing


@given(
    st.recursive(st.none() | st.text() | st.floats() | st.booleans(), lambda x: st.dictionaries(st.text(), x))
)
def test_what_is_no_choice_is_none(value):
    assert timing_from_json(value) is None
    damaged = {"begin": "began", "end": "", "hours": 1.0, "zone": value}
    kept = timing_from_json(damaged)
    assert kept is None or kept.zone == value
