"""Columns of well-known binary come out as shapely reads them, and hostile bytes as nothing."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geo import wkb
from gis.geo.features import Shape
from tests.gis.outlines import boxes, frames, lines, points

areas = st.one_of(boxes, frames)
pins = st.lists(points, min_size=1, max_size=3).map(shapely.MultiPoint)
strings = st.lists(lines, max_size=3).map(shapely.MultiLineString)
islands = st.lists(areas, max_size=3).map(shapely.MultiPolygon)
kinds = ((points, pins), (lines, strings), (areas, islands))
of_one_shape = st.one_of(*(st.lists(st.one_of(st.none(), *kind), max_size=9) for kind in kinds))


def column(shapes, *, output_dimension=2):
    """The bytes, the ends and the presence of a column, as Arrow has them."""
    geometry = np.empty(len(shapes), object)
    geometry[:] = shapes
    if output_dimension == 3:
        geometry = shapely.force_3d(geometry, 7.0)
    raw = shapely.to_wkb(geometry, output_dimension=output_dimension, flavor="iso", byte_order=1)
    cells = [each or b"" for each in raw]
    present = np.array([each is not None for each in raw], np.bool_)
    ends = np.cumsum([0, *map(len, cells)])
    return np.frombuffer(b"".join(cells), np.uint8), ends, present


def rings_of(shape):
    """The coordinates of each ring, line or point, and whether it begins an area."""
    if shape is None or shape.is_empty:
        return []
    if hasattr(shape, "geoms"):
        return [ring for part in shape.geoms for ring in rings_of(part)]
    if isinstance(shape, shapely.Polygon):
        runs = [shape.exterior, *shape.interiors]
        return [(list(run.coords), n == 0) for n, run in enumerate(runs)]
    return [(list(shape.coords), False)]


@settings(deadline=None)
@given(of_one_shape, st.sampled_from((2, 3)))
def test_every_vertex_of_every_feature_comes_out_in_its_place(shapes, dimensions):
    if dimensions == 3:  # an empty shape has no height, and two kinds of shapes are not one
        shapes = [each for each in shapes if each is None or shapely.has_z(shapely.force_3d(each))]
    found = wkb.vertices(*column(shapes, output_dimension=dimensions))
    assert found is not None
    assert len(found.parts) == len(shapes) + 1
    for n, shape in enumerate(shapes):
        wanted = rings_of(None if shape is None else shapely.force_2d(shape))
        runs = range(found.parts[n], found.parts[n + 1])
        lists = [found.xy[found.rings[j] : found.rings[j + 1]].tolist() for j in runs]
        got = [(list(map(tuple, each)), bool(found.outer[j])) for j, each in zip(runs, lists, strict=True)]
        assert got == wanted


@settings(deadline=None)
@given(of_one_shape, st.data())
def test_bytes_that_were_changed_or_cut_off_give_sound_arrays_or_nothing(shapes, data):
    letters, ends, present = column(shapes)
    spoiled = bytearray(letters.tobytes())
    for _each in range(data.draw(st.integers(1, 4))):
        if spoiled:
            spoiled[data.draw(st.integers(0, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()) and spoiled:
        del spoiled[data.draw(st.integers(0, len(spoiled) - 1)) :]
        ends = np.minimum(ends, len(spoiled))
    found = wkb.vertices(np.frombuffer(bytes(spoiled), np.uint8), ends, present)
    if found is None:
        return
    assert len(found.parts) == len(shapes) + 1
    assert found.rings[0] == found.parts[0] == 0
    assert found.rings[-1] == len(found.xy)
    assert found.parts[-1] == len(found.rings) - 1 == len(found.outer)
    assert (np.diff(found.rings) > 0).all()
    assert (np.diff(found.parts) >= 0).all()
    assert len(found.xy) * 16 <= len(spoiled), "no vertex comes from anywhere else"


def odd(*shapes):
    return wkb.vertices(*column(list(shapes)))


def test_what_is_not_simple_is_left_to_others():
    point, line = shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])
    many = shapely.MultiPolygon([shapely.box(n, 0, n + 0.5, 1) for n in range(wkb.MOST_ROUNDS + 1)])
    assert odd(point, line) is None
    assert odd(shapely.GeometryCollection([point])) is None
    assert odd(many) is None
    big = np.frombuffer(shapely.to_wkb(point, byte_order=0), np.uint8)
    assert wkb.vertices(big, np.array([0, len(big)])) is None


def test_an_area_whose_ring_is_not_closed_is_left_to_others():
    raw = bytearray(shapely.to_wkb(shapely.box(0, 0, 1, 1), byte_order=1))
    raw[-8:] = np.float64(9).tobytes()
    assert wkb.vertices(np.frombuffer(bytes(raw), np.uint8), np.array([0, len(raw)])) is None


def test_a_column_of_nothing_has_no_shape():
    found = wkb.vertices(np.empty(0, np.uint8), np.zeros(4, np.int64), np.zeros(3, np.bool_))
    assert found is not None
    assert (found.shape, len(found.xy), found.parts.tolist()) == (Shape.POINT, 0, [0, 0, 0, 0])
