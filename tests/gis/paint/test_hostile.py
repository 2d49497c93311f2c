"""No array, however wrong, makes the painter write outside of its surface: a ValueError, or a picture.

`test_sanitized` runs the same under the address sanitizer, which also sees what is only read.
"""

from contextlib import suppress
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gis.paint import raster
from gis.paint.shapes import RUN, Affine, AreaLook, Atlas, Cap, Hatch, Join, Marks, Pen, Shapes, Surface
from tests.gis.paint.pixels import rings_of

FRAME = 3  # pixels around a surface that must stay as they are
UNTOUCHED = 0xDEADBEEF
thorough = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

wild = st.one_of(
    st.floats(-60, 80, width=32),
    st.floats(width=32),
    st.sampled_from([np.nan, np.inf, -np.inf, 1e30, -1e30, 3.4e38, 1e-40, 0.0, 20.0, 40.0]),
)
scales = st.one_of(
    st.floats(-3, 3), st.sampled_from([1.0, -1.0, 1e-300, 1e300, 0.0]), st.floats(allow_nan=True)
)
shifts = st.one_of(st.floats(-50, 50), st.sampled_from([0.0, 1e17, -1e300]))
affines = st.builds(Affine, scales, scales, shifts, shifts)
mild = st.builds(Affine, st.floats(-3, 3), st.floats(-3, 3), st.floats(-50, 50), st.floats(-50, 50))
pens = st.builds(
    Pen,
    st.one_of(st.floats(0.1, 12), st.floats(0.01, 1000)),
    st.sampled_from(list(Cap)),
    st.sampled_from(list(Join)),
    st.floats(1, 100),
    st.one_of(st.just(()), st.lists(st.floats(0, 9), min_size=1, max_size=5).map(tuple)),
    st.floats(-1e9, 1e9),
)
inks = st.one_of(st.integers(0, 2**32 - 1), st.sampled_from([0, 0xFF000000, 0x80000000]))


@st.composite
def surfaces(draw) -> tuple[np.ndarray, Surface]:
    width, height = draw(st.integers(0, 40)), draw(st.integers(0, 30))
    framed = np.full((height + 2 * FRAME, width + 2 * FRAME), UNTOUCHED, np.uint32)
    place = draw(st.sampled_from([(0, 0), (-7, 5), (30, 30), (2**28 - 1, 1 - 2**28)]))
    return framed, Surface(framed[FRAME : FRAME + height, FRAME : FRAME + width], *place)


@st.composite
def sound(draw) -> Shapes:
    """Wild coordinates in rings that are in order."""
    rings = draw(st.lists(hnp.arrays(np.float32, st.tuples(st.integers(0, 8), st.just(2)), elements=wild)))
    return rings_of([np.zeros((0, 2)), *rings])


def runs(count: int):
    """None, or boxes that say anything."""
    return st.one_of(st.none(), hnp.arrays(np.float32, (-(-count // RUN), 4), elements=wild))


@st.composite
def unsound(draw) -> Shapes:
    """Everything wild, lengths too."""
    numbers = st.one_of(st.integers(-2, 12), st.integers(-(2**31), 2**31 - 1))
    lengths = [draw(st.integers(0, 8)) for _each in range(3)]
    xy = draw(hnp.arrays(np.float32, (lengths[0], 2), elements=wild))
    rings = draw(hnp.arrays(np.int32, lengths[1], elements=numbers))
    parts = draw(hnp.arrays(np.int32, lengths[2] + 1, elements=numbers))
    if draw(st.booleans()):
        rings, parts = np.sort(rings), np.sort(parts)
    boxes = draw(hnp.arrays(np.float32, (lengths[2], 4), elements=wild))
    areas = draw(hnp.arrays(np.float32, lengths[2], elements=wild))
    return Shapes(xy, rings, parts, boxes, areas, draw(runs(lengths[2])))


def orders(count: int):
    within = st.lists(st.integers(0, max(count - 1, 0)), max_size=6 if count else 0)
    return st.one_of(
        st.none(),
        within.map(lambda each: np.array(each, np.int64)),
        hnp.arrays(np.int64, st.integers(0, 4), elements=st.integers(-3, 12)),
    )


def attempt(framed: np.ndarray, paint) -> None:
    inner = framed[FRAME : framed.shape[0] - FRAME, FRAME : framed.shape[1] - FRAME]
    with suppress(ValueError):
        paint()
    inner[:] = UNTOUCHED
    assert (framed == UNTOUCHED).all()


@given(st.data(), surfaces(), st.one_of(affines, mild), st.one_of(sound(), unsound()), pens, inks, inks)
@thorough
def test_areas_of_any_kind_stay_on_their_surface(data, surface, affine, shapes, pen, fill, outline):
    framed, inner = surface
    tile = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    hatch = data.draw(st.sampled_from([None, Hatch(tile), Hatch(tile, -(2**31), 2**31 - 1)]))
    look = AreaLook(fill, outline, pen, hatch, data.draw(st.sampled_from([0.0, 5.0, np.inf])))
    order = data.draw(orders(len(shapes)))
    attempt(framed, lambda: raster.areas(inner, affine, shapes, look, order=order))


@given(st.data(), surfaces(), st.one_of(affines, mild), st.one_of(sound(), unsound()), pens, inks)
@thorough
def test_lines_of_any_kind_stay_on_their_surface(data, surface, affine, shapes, pen, ink):
    framed, inner = surface
    order = data.draw(orders(len(shapes)))
    attempt(framed, lambda: raster.lines(inner, affine, shapes, pen, ink, order=order))


@pytest.mark.parametrize("away", [(60, 15), (-30, 15), (20, 50), (20, -9), (41, 12), (-3, 12)])
def test_a_box_that_lies_about_its_vertices_is_no_danger(away):
    framed = np.full((30 + 2 * FRAME, 40 + 2 * FRAME), UNTOUCHED, np.uint32)
    inner = Surface(framed[FRAME:-FRAME, FRAME:-FRAME])
    ring = np.array([(15, 12), away, (20, 18), (15, 12)], float)
    shapes = replace(rings_of([ring]), boxes=np.array([(15, 12, 20, 18)], np.float32))
    look = AreaLook(0xFF80C020, 0xFF000000, outlined_px=0.0)
    attempt(framed, lambda: raster.lines(inner, Affine(), shapes, Pen(1.0), 0xFF112233))
    attempt(framed, lambda: raster.areas(inner, Affine(), shapes, look))


@given(surfaces(), mild, sound(), st.integers(0, 2**32 - 1))
@thorough
def test_a_table_for_thin_lines_that_says_anything_is_no_danger(surface, affine, shapes, seed):
    framed, inner = surface
    size = len(raster.slices(1.0))
    rng = np.random.default_rng(seed)
    table = rng.integers(0, rng.integers(2, 256), size, np.uint8).tobytes()
    with patch.object(raster, "slices", lambda _width: table):
        attempt(framed, lambda: raster.lines(inner, affine, shapes, Pen(1.0), 0xFF112233))
        attempt(framed, lambda: raster.lines(inner, affine, shapes, Pen(1.0), 0x80112233))


def test_a_table_that_is_painted_over_is_no_danger():
    """The pixels are the table: two lines change what it says of the third, in one act of painting."""
    honest, width, below = raster.slices(1.0), 80, 100
    memory = np.full((len(honest) // (4 * width) + 1 + below, width), UNTOUCHED, np.uint32)
    table = memory.view(np.uint8).reshape(-1)[: len(honest)]
    table[:] = np.frombuffer(honest, np.uint8)
    inner, last = Surface(memory[:-below]), len(memory) - below - 9.5
    ends = [((-9, 0.5), (width + 9, 0.5)), ((72.5, -9), (72.5, 30)), ((9, last), (width - 9, last))]
    shapes = rings_of([np.array(each) for each in ends])
    with patch.object(raster, "slices", lambda _width: table):
        raster.lines(inner, Affine(), shapes, Pen(1.0), 0xFFFFFFFF)
    assert (memory[-below:] == UNTOUCHED).all()


@pytest.mark.parametrize("ink", [0xFF112233, 0x80112233])
def test_a_table_for_thin_lines_serves_no_wide_pen(ink):
    framed = np.full((30 + 2 * FRAME, 40 + 2 * FRAME), UNTOUCHED, np.uint32)
    inner = Surface(framed[FRAME:-FRAME, FRAME:-FRAME])
    line, table = rings_of([np.array([(15, 15), (25, 15)], float)]), raster.slices(1.0)
    with patch.object(raster, "THIN_PX", 1000.0), patch.object(raster, "slices", lambda _width: table):
        attempt(framed, lambda: raster.lines(inner, Affine(), line, Pen(60.0, Cap.SQUARE), ink))


def test_a_table_that_reaches_farthest_stays_in_its_veil():
    """A middle just above the last that is looked at, in a box that fills the memory of the one before."""
    slopes = raster.slices(1.0)
    one = bytes(64 * 8 + 64) + bytes([7]) * 64 + bytes([0, 7])
    table = one * (len(slopes) // len(one))
    assert len(table) == len(slopes)
    first = np.array([(4, 10), (20, 10)], float)
    second = np.array([(4.5, 16 - 1 / 256 - 4), (36.5, 20 - 1 / 256)])
    boxes = np.array([(4, 10, 20, 10), (4, 10, 38, 10)], np.float32)
    shapes = replace(rings_of([first, second]), boxes=boxes)
    framed = np.full((30 + 2 * FRAME, 40 + 2 * FRAME), UNTOUCHED, np.uint32)
    inner = Surface(framed[FRAME:-FRAME, FRAME:-FRAME])
    with patch.object(raster, "slices", lambda _width: table):
        attempt(framed, lambda: raster.lines(inner, Affine(), shapes, Pen(1.0), 0x80112233))


@given(st.data(), surfaces(), st.one_of(affines, mild), st.integers(1, 3), st.integers(1, 5))
@thorough
def test_marks_of_any_kind_stay_on_their_surface(data, surface, affine, kinds, phases):
    framed, inner = surface
    xy = data.draw(hnp.arrays(np.float32, st.tuples(st.integers(0, 9), st.just(2)), elements=wild))
    numbers = st.integers(-1, kinds) if data.draw(st.booleans()) else st.integers(0, kinds - 1)
    which = data.draw(st.one_of(st.none(), hnp.arrays(np.int32, len(xy), elements=numbers)))
    size = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    marks = Marks(xy, which, data.draw(st.integers(0, 64)), data.draw(runs(len(xy))))
    place = data.draw(st.tuples(st.floats(-1024, 1024), st.floats(-20, 20)))
    order = data.draw(orders(len(xy)))
    masks = Atlas(np.full((kinds, phases, phases, *size), 200, np.uint8), *place)
    attempt(framed, lambda: raster.stamps(inner, affine, marks, masks, 0xFF112233, order=order))
    pictures = Atlas(np.full((kinds, phases, phases, *size), 0x80402010, np.uint32), *place)
    attempt(framed, lambda: raster.sprites(inner, affine, marks, pictures, order=order))
