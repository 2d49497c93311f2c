"""What does not fit is refused by name: arrays before a pixel is touched, numbers where they are met."""

import numpy as np
import pytest
import shapely

from gis.paint import raster
from gis.paint.shapes import Affine, AreaLook, Atlas, Hatch, Marks, Pen, Shapes, Surface, discs, images
from tests.gis.paint.pixels import BLACK, shapes_of, sheet

SQUARES = shapes_of([shapely.box(2, 2, 20, 20), shapely.box(5, 5, 30, 25)])


def changed(**arrays) -> Shapes:
    names = ("xy", "rings", "parts", "boxes", "areas", "runs")
    return Shapes(*(arrays.get(name, getattr(SQUARES, name)) for name in names))


def offsets(*numbers):
    return np.array(numbers, np.int32)


WRONG_SHAPES = {
    "rings run backwards": (changed(rings=offsets(0, 8, 5)), "rings, parts"),
    "rings leave xy": (changed(rings=offsets(0, 5, 11)), "rings, parts"),
    "rings begin before xy": (changed(rings=offsets(-1, 5, 10)), "rings, parts"),
    "the greatest number": (changed(rings=offsets(0, 2**31 - 1, 10)), "rings, parts"),
    "the least number": (changed(rings=offsets(0, -(2**31), 10)), "rings, parts"),
    "parts run backwards": (changed(parts=offsets(0, 2, 1)), "rings, parts"),
    "parts leave rings": (changed(parts=offsets(0, 1, 3)), "rings, parts"),
    "parts begin before rings": (changed(parts=offsets(-2, 1, 2)), "rings, parts"),
    "no parts": (changed(parts=offsets()), "rings, parts"),
    "no rings": (changed(rings=offsets()), "rings, parts"),
    "long offsets": (changed(rings=np.array([0, 5, 10])), "rings"),
    "offsets without a sign": (changed(parts=np.array([0, 1, 2], np.uint32)), "parts"),
    "coordinates in double": (changed(xy=SQUARES.xy.astype(np.float64)), "xy"),
    "three columns": (changed(xy=np.zeros((10, 3), np.float32)), "xy"),
    "one dimension": (changed(xy=SQUARES.xy.ravel()), "xy"),
    "coordinates with gaps": (changed(xy=np.repeat(SQUARES.xy, 2, axis=0)[::2]), "xy"),
    "the other byte order": (changed(xy=SQUARES.xy.astype(">f4")), "xy"),
    "a list": (changed(xy=[[1.0, 2.0]]), "xy"),
    "few boxes": (changed(boxes=SQUARES.boxes[:1]), "boxes"),
    "narrow boxes": (changed(boxes=np.zeros((2, 3), np.float32)), "boxes"),
    "few areas": (changed(areas=SQUARES.areas[:1]), "areas"),
    "a box for a run too many": (changed(runs=np.zeros((2, 4), np.float32)), "runs"),
    "narrow boxes of runs": (changed(runs=np.zeros((1, 3), np.float32)), "runs"),
}
MET_LATE = "rings, parts: offsets run backwards"


@pytest.mark.parametrize(("shapes", "word"), WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_arrays_that_do_not_fit_together_are_refused(shapes, word):
    for paint in (
        lambda surface: raster.areas(surface, Affine(), shapes, AreaLook(BLACK)),
        lambda surface: raster.lines(surface, Affine(), shapes, Pen(), BLACK),
    ):
        surface = sheet()
        with pytest.raises(ValueError, match=word) as refused:
            paint(surface)
        assert MET_LATE in str(refused.value) or (surface.pixels == 0).all()


def test_an_order_of_features_that_are_not_there_is_refused():
    for order in ([2], [-1], [0, 2**62], [-(2**63)]):
        with pytest.raises(ValueError, match="order"):
            raster.areas(sheet(), Affine(), SQUARES, AreaLook(BLACK), order=np.array([0, *order]))
    with pytest.raises(ValueError, match="order"):
        raster.areas(sheet(), Affine(), SQUARES, AreaLook(BLACK), order=np.array([0], np.int32))


def read_only():
    pixels = np.zeros((5, 5), np.uint32)
    pixels.flags.writeable = False
    return pixels


WRONG_SURFACES = {
    "not writable": read_only(),
    "signed": np.zeros((5, 5), np.int32),
    "bytes": np.zeros((5, 5, 4), np.uint8),
    "one dimension": np.zeros(25, np.uint32),
    "columns apart": np.zeros((5, 10), np.uint32)[:, ::2],
    "upside down": np.zeros((5, 5), np.uint32)[::-1],
    "turned": np.zeros((5, 6), np.uint32).T,
    "rows over each other": np.lib.stride_tricks.as_strided(np.zeros(25, np.uint32), (5, 5), (4, 4)),
    "too wide": np.zeros((1, 32_768), np.uint32),
    "between two addresses": np.zeros(101, np.uint8)[1:].view(np.uint32).reshape(5, 5),
}


@pytest.mark.parametrize("pixels", WRONG_SURFACES.values(), ids=WRONG_SURFACES)
def test_pixels_that_cannot_be_painted_are_refused(pixels):
    with pytest.raises(ValueError, match="pixels"):
        raster.areas(Surface(pixels), Affine(), SQUARES, AreaLook(BLACK))


@pytest.mark.parametrize("affine", [Affine(np.nan), Affine(sy=np.inf), Affine(dx=-np.inf), Affine(dy=np.nan)])
def test_a_scale_without_a_value_is_refused(affine):
    with pytest.raises(ValueError, match="affine"):
        raster.lines(sheet(), affine, SQUARES, Pen(), BLACK)


def test_a_surface_out_of_all_bounds_is_refused():
    for place in ((2**28, 0), (0, -(2**28)), (0, -(2**31)), (-(2**31), 0)):
        with pytest.raises(ValueError, match="left, top"):
            raster.lines(Surface(sheet().pixels, *place), Affine(), SQUARES, Pen(), BLACK)


@pytest.mark.parametrize(
    "pen",
    [
        Pen(0.0),
        Pen(-1.0),
        Pen(np.nan),
        Pen(1001.0),
        Pen(mitre_limit=0.5),
        Pen(mitre_limit=np.nan),
        Pen(cap=3),
        Pen(join=-1),
        Pen(dash=(0.2, 0.2)),
        Pen(dash=(0.0,)),
        Pen(dash=(5.0, -1.0)),
        Pen(dash=(5.0, np.nan)),
        Pen(dash=(np.inf, 5.0)),
        Pen(dash=(1.0,) * 34),
        Pen(dash=(5.0, 5.0), dash_offset_px=np.nan),
    ],
    ids=repr,
)
def test_a_pen_that_cannot_be_is_refused(pen):
    with pytest.raises(ValueError, match=r"pen|dash"):
        raster.lines(sheet(), Affine(), SQUARES, pen, BLACK)


@pytest.mark.parametrize(
    "colours", [-1, 2**32, 2**70, np.zeros(1, np.uint32), np.zeros(2, np.int32), np.zeros(2), "red", None]
)
def test_a_colour_that_is_none_is_refused(colours):
    with pytest.raises(ValueError, match=r"colour|fill"):
        raster.lines(sheet(), Affine(), SQUARES, Pen(), colours)
    with pytest.raises(ValueError, match=r"colour|fill"):
        raster.areas(sheet(), Affine(), SQUARES, AreaLook(colours))


def test_a_hatch_and_an_outline_that_cannot_be_are_refused():
    for cover in (np.zeros((0, 4), np.uint8), np.zeros((4, 4)), np.zeros((1, 1025), np.uint8)):
        with pytest.raises(ValueError, match="hatch"):
            raster.areas(sheet(), Affine(), SQUARES, AreaLook(BLACK, hatch=Hatch(cover)))
    with pytest.raises(ValueError, match="outlined_px"):
        raster.areas(sheet(), Affine(), SQUARES, AreaLook(BLACK, outlined_px=np.nan))


def test_marks_that_do_not_fit_together_are_refused():
    xy, dot = np.zeros((3, 2), np.float32), discs((2.0,))
    which = np.array([0, 1, 0], np.int32)
    wrong = {
        "which": (Marks(xy, which), dot, None),
        "which: its length": (Marks(xy, which[:2]), dot, None),
        "xy": (Marks(xy.astype(np.float64)), dot, None),
        "order": (Marks(xy), dot, np.array([3])),
        "cell": (Marks(xy, cell_px=65), dot, None),
        "cell: ": (Marks(xy, cell_px=-1), dot, None),
        "atlas": (Marks(xy), images(np.zeros((1, 3, 3), np.uint32)), None),
        "atlas: one": (Marks(xy), Atlas(np.zeros((1, 2, 3, 4, 4), np.uint8), 0, 0), None),
        "atlas: one image": (Marks(xy), Atlas(np.zeros((65_537, 1, 1, 1, 1), np.uint8), 0, 0), None),
        "atlas: images": (Marks(xy), Atlas(np.zeros((1, 1, 1, 0, 4), np.uint8), 0, 0), None),
        "atlas: the point": (Marks(xy), Atlas(dot.images, np.nan, 0), None),
    }
    for word, (marks, atlas, order) in wrong.items():
        with pytest.raises(ValueError, match=word):
            raster.stamps(sheet(), Affine(), marks, atlas, BLACK, order=order)
    with pytest.raises(ValueError, match="atlas"):
        raster.sprites(sheet(), Affine(), Marks(xy), dot)


def test_a_stop_that_is_no_byte_is_refused():
    for stop in (bytearray(), bytearray(2), np.zeros(1, np.int32)):
        with pytest.raises(ValueError, match="stop"):
            raster.areas(sheet(), Affine(), SQUARES, AreaLook(BLACK), stop=stop)


def test_nothing_at_all_is_painted_as_nothing():
    empty = Shapes.of(np.zeros((0, 2), np.float32), offsets(0), offsets(0))
    for surface in (sheet(), sheet(0, 0), sheet(5, 0)):
        raster.areas(surface, Affine(), empty, AreaLook(BLACK, BLACK))
        raster.areas(surface, Affine(), changed(parts=offsets(0, 0, 0)), AreaLook(BLACK, BLACK))
        raster.lines(surface, Affine(), empty, Pen(), BLACK)
        raster.stamps(surface, Affine(), Marks(np.zeros((0, 2), np.float32)), discs((2.0,)), BLACK)
        assert (surface.pixels == 0).all()
