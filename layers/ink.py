"""Scene -> pixels by the compiled painter: without Qt, in any thread, leaving the interpreter to others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gis.geo.ragged import offsets, ranges
from gis.paint import raster
from gis.paint.hands import Hands
from gis.paint.shapes import (
    PHASES,
    Affine,
    AreaLook,
    Atlas,
    Cap,
    Hatch,
    Join,
    Marks,
    Pen,
    Surface,
    colour,
    images,
)
from gis.progress import Progress
from layers import style
from layers.colours import MapColours
from layers.hatches import origin, tile
from layers.index import Chunk
from layers.scene import Areas, Bubbles, Drawn, Lines, Raster, Scene, Signs
from layers.style import Fill, Marker, Stroke

CELL_PX = 2  # of the signs that share a cell of this size only the last is drawn, once they are a crowd
CROWD = 5_000
HEAVY = 4_000  # features: fewer are painted before another thread has begun
PIXELS = 150  # that are filled in the time one feature takes
SAMPLE = 2_000  # of a mark's features are asked where a picture is to be parted
WIDEST_PX = 200.0  # a wider line is a mistake in a style
LONGEST_PX, MOST_DASHES = 10_000.0, 16
_CAPS = {style.Cap.ROUND: Cap.ROUND, style.Cap.FLAT: Cap.BUTT, style.Cap.SQUARE: Cap.SQUARE}
_JOINS = {style.Join.ROUND: Join.ROUND, style.Join.MITRE: Join.MITRE, style.Join.BEVEL: Join.BEVEL}
# (h, w) premultiplied, on its centre, so many pixels for each of the marker
Sign = Callable[[Marker, float], NDArray[np.uint32]]


@dataclass(frozen=True, slots=True)
class Ink:
    """What all painting of one picture shares: colours, device pixels per pixel, when to stop, who draws
    the sign of a marker at any density, and who helps."""

    colours: MapColours
    ratio: float
    progress: Progress
    sign: Sign
    hands: Hands | None = None

    def colour(self, name: str, opacity: float = 1.0) -> int:
        """Premultiplied."""
        said = self.colours.of(name)
        red, green, blue = (int(said[at : at + 2], 16) for at in (1, 3, 5))
        return colour(red, green, blue, opacity)

    def pen(self, stroke: Stroke) -> Pen:
        width = min(max(stroke.width_px, 0.1), WIDEST_PX)
        dash = tuple(
            min(max(length, 0.5 * width, 0.5), LONGEST_PX) * self.ratio
            for length in stroke.dash[:MOST_DASHES]
        )
        return Pen(width * self.ratio, _CAPS[stroke.ends], _JOINS[stroke.join], dash=dash)


def paint(scene: Scene, onto: NDArray[np.uint32], ink: Ink) -> None:
    """Put the features of a scene on pixels (h, w) of its view: premultiplied ARGB, perhaps painted already.

    Raises `Cancelled`; the pixels are of no use then.
    """
    whole = Surface(onto)
    if ink.hands is None or not ink.hands.helpers or _effort(scene) < HEAVY:
        _paint(scene, whole, ink)
        return
    cuts = _cuts(scene, len(onto), 2 * (ink.hands.helpers + 1), ink.ratio)
    ink.hands.each(lambda rows: _paint(scene, whole.band(*rows), ink), pairwise(cuts))


def _effort(scene: Scene) -> int:
    """About how many features have to be looked at, with what they fill counted in."""
    return sum(len(mark.drawn.positions) + _filled(mark, scene) // PIXELS for mark in scene.shapes)


def _filled(mark: Areas | Lines | Signs | Bubbles, scene: Scene) -> int:
    """About how many pixels the boxes of some areas have in the picture."""
    if not isinstance(mark, Areas):
        return 0
    positions = mark.drawn.positions
    west, south, east, north = scene.view.extent
    boxes = mark.drawn.index.boxes(positions[:: 1 + len(positions) // SAMPLE])
    wide = np.clip(boxes[:, 2], west, east) - np.clip(boxes[:, 0], west, east)
    high = np.clip(boxes[:, 3], south, north) - np.clip(boxes[:, 1], south, north)
    part = len(positions) / max(len(boxes), 1)
    return int((wide * high).sum() * part / scene.view.units_per_pixel**2)


def _cuts(scene: Scene, height: int, bands: int, ratio: float) -> list[int]:
    """Rows that part a picture into bands of about as many features each; no two are the same."""
    _west, _south, _east, north = scene.view.extent
    unit = scene.view.units_per_pixel / ratio
    middles = [
        mark.drawn.index.boxes(mark.drawn.positions[:: 1 + len(mark.drawn.positions) // SAMPLE])
        for mark in scene.shapes
    ]
    boxes = np.concatenate(middles)
    rows = np.clip((north - (boxes[:, 1] + boxes[:, 3]) / 2) / unit, 0, height)
    between = np.quantile(rows, np.arange(1, bands) / bands).astype(int).tolist()
    return sorted({0, *between, height})


def _paint(scene: Scene, onto: Surface, ink: Ink) -> None:
    for mark in scene:
        ink.progress.check()
        match mark:
            case Areas():
                _areas(mark, scene, onto, ink)
            case Lines():
                _lines(mark, scene, onto, ink)
            case Signs():
                _signs(mark, scene, onto, ink)
            case Bubbles() | Raster():
                raise TypeError("figures and pictures are drawn by whoever shows them")


def _areas(mark: Areas, scene: Scene, onto: Surface, ink: Ink) -> None:
    for look in _looks(mark.fill, mark.stroke, scene, ink):
        for chunk, order in _pieces(mark.drawn):
            raster.areas(
                onto, _affine(chunk, scene, ink), chunk.shapes, look,
                order=order, stop=ink.progress.stop,
            )  # fmt: skip


def _looks(fill: Fill | None, stroke: Stroke | None, scene: Scene, ink: Ink) -> list[AreaLook]:
    """A ground with its outline; with a hatch the ground first, then the hatch with the outline."""
    outline = ink.colour(stroke.colour, stroke.opacity) if stroke else 0
    pen = ink.pen(stroke) if stroke else Pen()
    if fill is None:
        return [AreaLook(0, outline, pen, outlined_px=0)]
    ground = ink.colour(fill.colour, fill.opacity)
    if fill.hatch is None:
        return [AreaLook(ground, outline, pen)]
    share = tile(fill.hatch, ink.ratio)
    hatch = Hatch(np.round(share * 255).astype(np.uint8), *origin(scene.view, len(share), ink.ratio))
    lines = ink.colour(fill.hatch.colour, fill.hatch.opacity)
    return [AreaLook(ground), AreaLook(lines, outline, pen, hatch)]


def _lines(mark: Lines, scene: Scene, onto: Surface, ink: Ink) -> None:
    for chunk, order in _pieces(mark.drawn):
        raster.lines(
            onto, _affine(chunk, scene, ink), chunk.shapes, ink.pen(mark.stroke),
            ink.colour(mark.stroke.colour, mark.stroke.opacity), order=order, stop=ink.progress.stop,
        )  # fmt: skip


def _signs(mark: Signs, scene: Scene, onto: Surface, ink: Ink) -> None:
    atlas = _atlas(mark.marker, ink)
    cell = round(CELL_PX * ink.ratio) if len(mark.drawn.positions) > CROWD else 0
    for chunk, order in _pieces(mark.drawn):
        shapes = chunk.shapes
        single = len(shapes.xy) == len(shapes)
        marks = Marks(shapes.xy, cell_px=cell, runs=shapes.runs if single else None)
        raster.sprites(
            onto, _affine(chunk, scene, ink), marks, atlas,
            order=order if single else _points(chunk, order), stop=ink.progress.stop,
        )  # fmt: skip


def _points(chunk: Chunk, order: raster.Order) -> NDArray[np.int64]:
    """Which of the chunk's points belong to these of its features."""
    shapes = chunk.shapes
    parts = shapes.parts.astype(np.int64)
    picks = np.arange(len(shapes)) if order is None else order
    return shapes.rings[ranges(parts[picks], parts[picks + 1] - parts[picks])].astype(np.int64)


def _atlas(marker: Marker, ink: Ink) -> Atlas:
    fine = ink.sign(marker, PHASES * ink.ratio)
    return _phased(fine.tobytes(), *fine.shape)


@lru_cache(maxsize=128)
def _phased(pixels: bytes, height: int, width: int) -> Atlas:
    return images(np.frombuffer(pixels, np.uint32).reshape(1, height, width))


def _pieces(drawn: Drawn) -> list[tuple[Chunk, raster.Order]]:
    """The chunks a mark is drawn from, each with the numbers of its features, bottom to top; None is all."""
    chunks = drawn.index.chunks
    bounds = np.searchsorted(drawn.positions, offsets(np.array([len(c.shapes) for c in chunks], np.int64)))
    parts = zip(chunks, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    return [
        (chunk, None if stop - start == len(chunk.shapes) else drawn.positions[start:stop] - chunk.first)
        for chunk, start, stop in parts
        if stop > start
    ]


def _affine(chunk: Chunk, scene: Scene, ink: Ink) -> Affine:
    west, _south, _east, north = scene.view.extent
    return Affine.of_map(chunk.origin, (west, north), scene.view.units_per_pixel / ink.ratio)
