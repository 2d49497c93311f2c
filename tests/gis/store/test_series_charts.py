"""A chart of years shows what a chart of every reading would: extremes, gaps and doubts."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.model.record import Quality, Readings, from_us, to_us
from gis.progress import Progress
from gis.store.readings import chunks, thin
from gis.store.readings.chunks import Series
from tests.build import SIX

MINUTE_US = 60_000_000


@st.composite
def series(draw):
    count = draw(st.integers(1, 300))
    steps = draw(st.lists(st.integers(1, 5) | st.just(1000), min_size=count, max_size=count))
    value = draw(st.lists(st.floats(-5, 5), min_size=count, max_size=count))
    quality = draw(st.lists(st.sampled_from([0, 0, 0, 1, 4]), min_size=count, max_size=count))
    return Series(np.cumsum(steps), np.array(value), np.array(quality, np.uint8))


def points(series):
    return set(zip(series.at_us.tolist(), series.value.tolist(), strict=True))


@given(series(), st.integers(2, 80))
def test_thinning_keeps_every_buckets_extremes_doubts_ends_and_gaps(whole, wanted):
    since, until = int(whole.at_us[0]), int(whole.at_us[-1])
    fewer = thin.thinned(whole, since, until, wanted)
    assert points(fewer) <= points(whole)
    assert (np.diff(fewer.at_us) > 0).all()
    assert {(whole.at_us[0], whole.value[0]), (whole.at_us[-1], whole.value[-1])} <= points(fewer)
    width = (until - since) / (wanted // 2)
    for gap in np.flatnonzero(np.diff(whole.at_us) > width + 1):
        assert {whole.at_us[gap], whole.at_us[gap + 1]} <= set(fewer.at_us.tolist())
    edges = np.linspace(since, until, wanted // 2 + 1).astype(np.int64)
    edges[-1] += 1
    for start, stop in pairwise(edges):
        here, kept = whole.between(start, stop - 1), fewer.between(start, stop - 1)
        for doubtful in (False, True):
            mine, theirs = (
                here.take((here.quality > 0) == doubtful),
                kept.take((kept.quality > 0) == doubtful),
            )
            if len(mine):
                assert mine.value.min() == theirs.value.min()
                assert mine.value.max() == theirs.value.max()
                assert np.bitwise_or.reduce(mine.quality) == np.bitwise_or.reduce(theirs.quality)


def filled(store, value, quality=None, sensor="kali"):
    """One reading a minute since six, in a store of small chunks, sealed."""
    count = len(value)
    at = to_us(SIX) + np.arange(count) * MINUTE_US
    flags = np.zeros(count, np.uint8) if quality is None else quality
    with store.writing("Readings") as tx:
        tx.append(Readings((sensor,), np.zeros(count, np.int32), at, value, flags))
    store.seal(Progress())
    return at


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "SIZE", 8)


@pytest.mark.usefixtures("small_chunks")
def test_of_very_many_chunks_only_the_headers_are_read_and_the_highest_water_still_shows(store, monkeypatch):
    monkeypatch.setattr(thin, "MOST_CHUNKS", 100)
    value = np.sin(np.arange(2000) / 50)
    value[777], value[1234], value[1300] = 9.0, -9.0, 99.0
    quality = np.zeros(2000, np.uint8)
    quality[1300] = Quality.SPIKE
    at = filled(store, value, quality)
    with store.reading() as query:
        fewer = query.thinned("kali", None, None, 200)
        part = query.thinned("kali", from_us(int(at[3])), from_us(int(at[1996])), 200)
        unopened = query.sight.connection.exec_driver_sql("SELECT count(*) FROM chunk").scalar_one()
    assert unopened > 100
    assert len(fewer) < 300
    good = fewer.take(fewer.quality == 0)
    assert (good.value.max(), good.value.min()) == (9.0, -9.0)
    assert good.at_us[good.value.argmax()] == at[777]
    assert points(fewer.take(fewer.quality > 0)) == {(at[1300], 99.0)}
    assert (fewer.at_us[0], fewer.at_us[-1]) == (at[0], at[-1])
    assert (part.at_us[0], part.at_us[-1]) == (at[3], at[1996])


def test_few_readings_are_all_shown_and_an_unknown_sensor_has_none(store):
    filled(store, np.arange(50.0))
    with store.reading() as query:
        assert len(query.thinned("kali", None, None, 2000)) == 50
        assert len(query.thinned("kali", SIX, SIX + timedelta(minutes=9), 2000)) == 10
        assert len(query.thinned("nobody", SIX, None, 2000)) == 0


def test_what_waits_to_be_sealed_is_in_the_chart_too(store):
    at = filled(store, np.zeros(100))
    with store.writing("Readings") as tx:
        late = np.array([at[-1] + MINUTE_US])
        tx.append(Readings(("kali",), np.zeros(1, np.int32), late, np.ones(1), np.zeros(1, np.uint8)))
    with store.reading() as query:
        assert query.thinned("kali", None, None, 10).value[-1] == 1.0
