"""Many hands on one picture, and the word to stop."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from gis.errors import Cancelled
from gis.paint import raster
from gis.paint.shapes import Affine, AreaLook, Cap, Hatch, Join, Marks, Pen, Shapes, Surface, discs
from tests.gis.paint.pixels import rings_of, star

WIDTH, HEIGHT = 300, 240
HALF_INK = 0x80402060


def stars() -> Shapes:
    """Two thousand stars, from a tenth of a pixel to larger than the picture."""
    rng = np.random.default_rng(11)
    places = rng.uniform((-30, -30), (WIDTH + 30, HEIGHT + 30), (2000, 2))
    reach = np.exp(rng.uniform(np.log(0.1), np.log(40), 2000))
    reach[::200] = 500
    turned = zip(places, reach, strict=True)
    return rings_of([star(rng, int(rng.integers(3, 12)), size, tuple(place)) for place, size in turned])


@pytest.fixture(scope="module")
def town() -> Shapes:
    return stars()


def picture(surface: Surface, town: Shapes) -> None:
    """Every kind of thing there is to paint."""
    affine = Affine(1.013, -0.987, 1.7, HEIGHT + 0.3)
    tile = np.array([[255, 90], [0, 30], [90, 0]], np.uint8)
    raster.areas(surface, affine, town, AreaLook(HALF_INK, 0x90000000, hatch=Hatch(tile, 5, 7)))
    raster.areas(surface, affine, town, AreaLook(0, 0x40101010, Pen(5.0, join=Join.MITRE)))
    raster.lines(surface, affine, town, Pen(1.0, dash=(7.3, 2.1), dash_offset_px=1.1), HALF_INK)
    raster.lines(surface, affine, town, Pen(2.6, Cap.ROUND), HALF_INK)
    raster.lines(surface, affine, town, Pen(6.5, Cap.ROUND, Join.BEVEL, dash=(11.7, 9.1)), HALF_INK)
    colours = np.arange(len(town.xy), dtype=np.uint32) * np.uint32(2654435761) | np.uint32(0xFF000000)
    for cell in (0, 4):
        raster.stamps(surface, affine, Marks(town.xy, cell_px=cell), discs((3.3,)), colours)


def canvas() -> Surface:
    return Surface(np.full((HEIGHT, WIDTH), 0xFFF4F3EE, np.uint32))


def test_bands_painted_by_four_threads_are_byte_for_byte_the_picture(town):
    whole, parts = canvas(), canvas()
    picture(whole, town)
    edges = [0, 37, 38, 90, 91, 150, 203, HEIGHT]
    bands = [parts.band(first, last) for first, last in itertools.pairwise(edges)]
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(picture, band, town) for band in bands]:
            done.result()
    assert (parts.pixels == whole.pixels).all()
    assert len(np.unique(whole.pixels)) > 1000


def test_tiles_are_the_picture_but_for_the_last_digit(town):
    """Sideways a tile begins its sums elsewhere; what lies over each other many times adds that up."""
    whole, parts = canvas(), canvas()
    picture(whole, town)
    for top in range(0, HEIGHT, 80):
        for left in range(0, WIDTH, 100):
            tile = parts.pixels[top : top + 80, left : left + 100]
            picture(Surface(tile, left, top), town)
    difference = whole.pixels.view(np.uint8).astype(int) - parts.pixels.view(np.uint8)
    assert np.abs(difference).max() <= 3


def test_a_picture_is_stopped_in_its_midst_by_another_thread(town):
    surface = canvas()
    before = surface.pixels.copy()
    many = np.tile(np.arange(len(town)), 2000)
    begun = threading.Event()
    stop = bytearray(1)

    def paint() -> str:
        begun.set()
        try:
            raster.areas(surface, Affine(), town, AreaLook(HALF_INK), order=many, stop=stop)
        except Cancelled:
            return "stopped"
        return "went on"

    with ThreadPoolExecutor(1) as thread:
        outcome = thread.submit(paint)
        begun.wait()
        while (surface.pixels == before).all() and not outcome.done():
            time.sleep(0.001)  # this thread runs while the other paints
        stop[0] = 1
        assert outcome.result() == "stopped"


@pytest.mark.parametrize("kind", ["areas", "lines", "stamps", "thinned"])
def test_every_painter_hears_the_stop(town, kind):
    surface, stop, many = canvas(), np.ones(1, np.uint8), np.tile(np.arange(len(town)), 100)
    marks = Marks(town.xy, cell_px=2 if kind == "thinned" else 0)
    paint, what = {
        "areas": (raster.areas, (town, AreaLook(HALF_INK))),
        "lines": (raster.lines, (town, Pen(), HALF_INK)),
    }.get(kind, (raster.stamps, (marks, discs((1.0,)), HALF_INK)))
    with pytest.raises(Cancelled):
        paint(surface, Affine(), *what, order=many, stop=stop)


def test_who_steps_aside_paints_the_same_picture(town):
    hurried, patient, many = canvas(), canvas(), np.tile(np.arange(len(town)), 20)
    raster.areas(hurried, Affine(), town, AreaLook(HALF_INK), order=many)
    raster.step_aside(True)
    try:
        raster.areas(patient, Affine(), town, AreaLook(HALF_INK), order=many)
    finally:
        raster.step_aside(False)
    assert (hurried.pixels == patient.pixels).all()


def test_a_stop_that_nobody_says_stops_nothing(town):
    heard, unheard = canvas(), canvas()
    raster.areas(heard, Affine(), town, AreaLook(HALF_INK), stop=bytearray(1))
    raster.areas(unheard, Affine(), town, AreaLook(HALF_INK))
    assert (heard.pixels == unheard.pixels).all()


def test_arrays_that_change_while_they_are_painted_break_nothing(town):
    """The offsets were looked at before; they are looked at again where they are used."""
    changing = Shapes(town.xy, town.rings.copy(), town.parts.copy(), town.boxes, town.areas)
    many, done = np.tile(np.arange(len(town)), 30), threading.Event()

    def disturb() -> None:
        rng = np.random.default_rng(5)
        while not done.is_set():
            at = rng.integers(0, len(changing.rings), 50)
            changing.rings[at] = rng.integers(-(2**31), 2**31, 50)
            changing.rings[at] = town.rings[at]

    with ThreadPoolExecutor(1) as thread:
        disturbed = thread.submit(disturb)
        for _time in range(20):
            try:
                raster.areas(canvas(), Affine(), changing, AreaLook(HALF_INK, HALF_INK), order=many[:4000])
            except ValueError:
                continue
        done.set()
        disturbed.result()
