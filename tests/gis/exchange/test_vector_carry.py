"""From shapes to arrays and from one process to the other, nothing is lost on the way."""

import json
import random
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import UserError
from gis.exchange.vector import carry, shaping
from gis.exchange.vector.table import Table
from gis.geo.features import Shape
from gis.progress import Progress
from tests.gis.exchange.test_vector_layers import DRIVERS, roads
from tests.gis.outlines import boxes, frames, lines, points

WGS84 = 4326
simple = st.one_of(points, lines, boxes, frames)
collections = st.lists(simple, max_size=4).map(shapely.GeometryCollection)
many = st.one_of(
    st.lists(points, max_size=3).map(shapely.MultiPoint),
    st.lists(lines, max_size=3).map(shapely.MultiLineString),
    st.lists(boxes, max_size=3).map(shapely.MultiPolygon),
)
geometries = st.lists(st.one_of(st.none(), simple, many, collections), max_size=12)
texts = st.one_of(st.none(), st.text(max_size=8))


def table(shapes, names=None):
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    columns = {"number": np.arange(len(shapes)) * 1.5}
    if names is not None:
        columns["name"] = np.empty(len(shapes), dtype=object)
        columns["name"][:] = names
    return Table("test", "Unknown", "EPSG:4326", geometry, np.arange(len(shapes)) + 100, columns)


def rebuilt(features, index):
    """The pieces of one feature, made of the arrays again."""
    runs = [
        features.xy[features.rings[j] : features.rings[j + 1]]
        for j in range(features.parts[index], features.parts[index + 1])
    ]
    if features.shape is Shape.POINT:
        return [shapely.Point(run[0]) for run in runs]
    if features.shape is Shape.LINE:
        return [shapely.LineString(run) for run in runs]
    return [shapely.Polygon(run) for run in runs]


def signed_area(piece):
    x, y = shapely.get_coordinates(piece).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


@settings(deadline=None)
@given(geometries)
def test_every_piece_of_every_feature_arrives_under_its_id(shapes):
    made = shaping.features(table(shapes), None, WGS84, [])
    length = {100 + i: 0.0 for i in range(len(shapes))}
    area, count = dict(length), dict(length)
    for features in made:
        assert np.isin(features.ids, list(length)).all()
        assert (np.diff(features.ids) > 0).all()
        for index, fid in enumerate(features.ids.tolist()):
            for piece in rebuilt(features, index):
                count[fid] += features.shape is Shape.POINT
                length[fid] += shapely.length(piece)
                area[fid] += signed_area(piece) if features.shape is Shape.POLYGON else 0.0
    for index, shape in enumerate(shapes):
        whole = shape if shape is not None else shapely.Point()
        assert area[100 + index] == pytest.approx(whole.area)
        assert length[100 + index] == pytest.approx(whole.length)
    assert {fid for features in made for fid in features.ids.tolist()} == set(length)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_what_is_put_into_the_file_comes_out_of_it(data):
    shapes = data.draw(geometries)
    names = data.draw(st.lists(texts, min_size=len(shapes), max_size=len(shapes)))
    made = shaping.features(table(shapes, names), None, WGS84, [])
    again = shaping.features(table(shapes, names), None, WGS84, [])
    with TemporaryDirectory() as folder:
        outbox, inbox = carry.Outbox(Path(folder)), carry.Inbox(Path(folder))
        pieces = [json.loads(json.dumps(outbox.put(each, each.columns))) for each in (*made, *again)]
        taken = [inbox.take(piece) for piece in pieces]
        whole = inbox.all()
        outbox.close()
    for one, other in zip((*made, *again), taken, strict=True):
        same(one, other)
    for one, other in zip(made, whole, strict=True):
        assert len(other) == 2 * len(one)
        same(one, part(other, 0, len(one)))
        same(one, part(other, len(one), 2 * len(one)))


def same(one, other):
    assert (one.shape, one.crs, len(one)) == (other.shape, other.crs, len(other))
    for name in ("xy", "rings", "parts", "ids"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert one.columns["number"].tolist() == other.columns["number"].tolist()
    assert one.columns["name"].tolist() == other.columns["name"].tolist()
    assert not len(other.xy) or not other.xy.flags.writeable


def part(features, start, stop):
    """Rows `start` to `stop` by themselves."""
    first, last = features.parts[start], features.parts[stop]
    low, high = features.rings[first], features.rings[last]
    return replace(
        features,
        xy=features.xy[low:high],
        rings=features.rings[first : last + 1] - low,
        parts=features.parts[start : stop + 1] - first,
        ids=features.ids[start:stop],
        columns={name: column[start:stop] for name, column in features.columns.items()},
    )


def outcome(reader, path):
    try:
        return None, reader.read(path, crs=32748, assume_crs=WGS84, progress=Progress()).features
    except UserError as error:
        return error, ()


@pytest.mark.parametrize("ending", DRIVERS)
def test_a_file_with_wrong_bytes_is_whole_or_refused(reader, realdata, tmp_path, ending):
    path = roads(realdata, tmp_path, ending)
    sound = path.read_bytes()
    dice = random.Random(20260314)
    for _each in range(25):
        spoiled = bytearray(sound)
        for _byte in range(dice.choice((1, 5, 50))):
            spoiled[dice.randrange(100, len(spoiled))] = dice.randrange(256)
        path.write_bytes(bytes(spoiled))
        refusal, features = outcome(reader, path)
        if refusal is not None:
            assert str(refusal)
            assert refusal.hint
            continue
        assert len(np.unique(np.concatenate([each.ids for each in features]))) == 185
        assert all(np.isfinite(each.xy).all() for each in features)
