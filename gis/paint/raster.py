"""Paints areas, lines and marks into memory: compiled, without Qt, in any thread, beside the interpreter.

`available` says whether the compiled part was built on this computer; where it was not, other painters serve.
Every call checks its arrays before it paints: a wrong type, shape or length is a ValueError that names the
argument, and nothing was painted. Offsets that run backwards or leave their array, and numbers that no
feature has, are found where they are met: a ValueError too, and the picture is of no use. While it paints,
other threads run. The arrays may not be changed meanwhile (the picture would be wrong; nothing worse).

`order` (k,) int64 says which features are painted, from bottom to top; None is all, in their sequence. `stop`
is one byte (a bytearray, an array of one uint8): once it is not zero, painting ends within some hundred
features with `Cancelled`, and the picture is in pieces.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.errors import Cancelled
from gis.paint.compiled import Compiled, compiled
from gis.paint.shapes import Affine, AreaLook, Atlas, Marks, Pen, Shapes, Surface

available = compiled is not None
THIN_PX = 2.6  # wider lines have corners that can be seen
Order = NDArray[np.int64] | None
Colours = int | NDArray[np.uint32]
Stop = bytearray | NDArray[np.uint8] | None


def step_aside(wanted: bool) -> None:
    """While `wanted`, whoever paints offers its processor to others after each short step. One wish for the
    whole program."""
    if compiled is not None:
        compiled.aside(wanted)


def areas(
    surface: Surface,
    affine: Affine,
    shapes: Shapes,
    look: AreaLook,
    *,
    order: Order = None,
    stop: Stop = None,
) -> None:
    """Paint areas: of each its fill, then its outline, so that one over another covers both.

    Edges are smooth by the exact area covered of each pixel. Vertices within a pixel of the one before are
    passed over.
    """
    hatch = (look.hatch.cover, look.hatch.x, look.hatch.y) if look.hatch else None
    arrays, ground = _arrays(shapes), _ground(surface, affine, stop)
    done = _painter().areas(
        ground, arrays, order, look.fill, look.outline, _pen(look.pen), hatch, look.outlined_px
    )
    _finish(done)


def lines(
    surface: Surface,
    affine: Affine,
    shapes: Shapes,
    pen: Pen,
    colour: Colours,
    *,
    order: Order = None,
    stop: Stop = None,
) -> None:
    """Paint lines with one pen, in one premultiplied colour or one for each feature (n,) uint32.

    A casing is the same lines before, with a wider pen.
    """
    _finish(
        _painter().lines(_ground(surface, affine, stop), _arrays(shapes), order, colour, _pen(pen)),
    )


def sprites(
    surface: Surface, affine: Affine, marks: Marks, atlas: Atlas, *, order: Order = None, stop: Stop = None
) -> None:
    """Put images of the atlas (uint32) at points."""
    ground = _ground(surface, affine, stop)
    placed = (atlas.images, atlas.x, atlas.y)
    _finish(_painter().marks(ground, marks.xy, marks.runs, order, marks.which, marks.cell_px, placed, None))


def stamps(
    surface: Surface,
    affine: Affine,
    marks: Marks,
    atlas: Atlas,
    colour: Colours,
    *,
    order: Order = None,
    stop: Stop = None,
) -> None:
    """Put masks of the atlas (uint8), round dots for instance, at points, in a colour or one for each."""
    ground = _ground(surface, affine, stop)
    placed = (atlas.images, atlas.x, atlas.y)
    _finish(_painter().marks(ground, marks.xy, marks.runs, order, marks.which, marks.cell_px, placed, colour))


def _painter() -> Compiled:
    if compiled is None:
        raise RuntimeError("The painter is not compiled on this computer: ask `available` first.")
    return compiled


def _ground(surface: Surface, affine: Affine, stop: Stop) -> tuple[Any, ...]:
    place = (surface.left, surface.top, affine.sx, affine.sy, affine.dx, affine.dy)
    return (surface.pixels, *place, stop)


def _arrays(shapes: Shapes) -> tuple[Any, ...]:
    return (shapes.xy, shapes.rings, shapes.parts, shapes.boxes, shapes.areas, shapes.runs)


def _pen(pen: Pen) -> tuple[Any, ...]:
    lengths = pen.dash * 2 if len(pen.dash) % 2 else pen.dash
    dash = np.array(lengths, np.float64) if lengths else None
    table = slices(pen.width_px) if 0 < pen.width_px <= THIN_PX else None
    return (pen.width_px, int(pen.cap), int(pen.join), pen.mitre_limit, dash, pen.dash_offset_px, table)


@lru_cache(maxsize=64)
def slices(width_px: float) -> bytes:
    """What thin lines of a width, up to THIN_PX, cover slice by slice: kept, as it takes as long as some
    pictures."""
    return _painter().slices(width_px)


def _finish(done: bool) -> None:
    if not done:
        raise Cancelled
