"""What the painter takes: a picture, how the map lies on it, features as arrays, pens, hatches and marks."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

PHASES = 4  # marks are placed to a quarter of a pixel
RUN = 128  # features, or points, in a row whose common box may be told


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Pixels to be painted on: `pixels` (h, w) uint32, premultiplied 0xAARRGGBB, at most 32,767 each way.

    Rows may lie apart, so a part of a picture is a view of its array. `left` and `top` say which pixel of
    the whole picture its first one is: places are always those of the whole picture, and bands of it
    (`band`), painted one by one or at the same time, are byte for byte the picture.
    """

    pixels: NDArray[np.uint32]
    left: int = 0
    top: int = 0

    def band(self, first: int, last: int) -> "Surface":
        """Rows `first` to `last` (not included) of this surface; the same memory."""
        return Surface(self.pixels[first:last], self.left, self.top + first)


@dataclass(frozen=True, slots=True)
class Affine:
    """From an array's coordinates to pixels of the picture: x * sx + dx, y * sy + dy; all finite.

    A pixel's centre lies at a half. `sy` is negative where y points up on the map.
    """

    sx: float = 1.0
    sy: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    @classmethod
    def of_map(
        cls, origin: tuple[float, float], corner: tuple[float, float], units_per_pixel: float
    ) -> "Affine":
        """For coordinates relative to `origin`, on a picture whose upper left corner is `corner`, north up.

        Both in map units. Only the difference of the two is kept, so an origin near the features keeps
        float32 coordinates true to a small part of a pixel.
        """
        scale = 1.0 / units_per_pixel
        return cls(scale, -scale, (origin[0] - corner[0]) * scale, (corner[1] - origin[1]) * scale)


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """n areas or lines, as `gis.geo.features.Features` has them, in the small types of a chunk.

    `xy` (m, 2) float32, relative to an origin near them. `rings` (r + 1,) int32 offsets into `xy`, `parts`
    (n + 1,) int32 offsets into `rings`. `boxes` (n, 4) float32: west, south, east, north; what lies outside
    of its box may be cut off. `areas` (n,) float32, in square units of `xy`; of lines they are not read.
    Filled are all points with a winding number that is not zero: outer rings run one way, holes the other.
    A feature whose box is not finite is not painted; a vertex that is not is left out. `runs` (b, 4) float32
    are the boxes around each RUN of features: where one is not to be seen, none of them is looked at.
    """

    xy: NDArray[np.float32]
    rings: NDArray[np.int32]
    parts: NDArray[np.int32]
    boxes: NDArray[np.float32]
    areas: NDArray[np.float32]
    runs: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.parts) - 1

    @classmethod
    def of(cls, xy: NDArray[np.float32], rings: NDArray[np.int32], parts: NDArray[np.int32]) -> "Shapes":
        """With boxes and areas as measured here; the offsets must be sound. A feature without vertices has
        a box that is not finite."""
        ends = rings[parts]
        full = np.flatnonzero(np.diff(ends))
        boxes = np.full((len(parts) - 1, 4), np.nan, np.float32)
        if len(full):
            x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
            for side, least in enumerate((np.minimum, np.minimum, np.maximum, np.maximum)):
                boxes[full, side] = least.reduceat(y if side % 2 else x, ends[full])
        return cls(xy, rings, parts, boxes, _areas(xy, rings, ends))


def _areas(xy: NDArray[np.float32], rings: NDArray[np.int32], ends: NDArray[np.int32]) -> NDArray[np.float32]:
    """By the shoelace formula, in double precision; rings are closed."""
    cross = np.zeros(len(xy) + 1)
    if len(xy) > 1:
        x, y = xy.T.astype(np.float64)
        with np.errstate(invalid="ignore", over="ignore"):
            cross[1:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
        cross[rings[1:-1]] = 0.0  # no edge from one ring to the next
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.cumsum(np.nan_to_num(cross, posinf=0.0, neginf=0.0))
        return (np.abs(total[ends[1:]] - total[ends[:-1]]) / 2).astype(np.float32)


class Cap(IntEnum):
    """How the end of a line looks."""

    BUTT = 0
    ROUND = 1
    SQUARE = 2


class Join(IntEnum):
    """How a corner of a line looks; of pens up to 2.6 pixels it cannot be seen."""

    ROUND = 0
    MITRE = 1
    BEVEL = 2


@dataclass(frozen=True, slots=True)
class Pen:
    """A line's geometry: `width_px` over 0, at most 1,000.

    Corners whose mitre would be longer than `mitre_limit` times the width are bevelled. `dash` alternates
    line and gap in pixels (an odd number of lengths is taken twice), at most 32 lengths and together a pixel
    or more; the pattern begins `dash_offset_px` before the line does. The ink of one feature never lies on
    itself: where a line crosses itself it is no darker.
    """

    width_px: float = 1.0
    cap: Cap = Cap.BUTT
    join: Join = Join.ROUND
    mitre_limit: float = 4.0
    dash: tuple[float, ...] = ()
    dash_offset_px: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Hatch:
    """A pattern through which areas are filled: `cover` (h, w) uint8, 255 where all of the colour passes.

    It is repeated over the whole picture, its first pixel on the picture's pixel (x, y): take those from the
    place on the map, and the pattern moves with it.
    """

    cover: NDArray[np.uint8]
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class AreaLook:
    """How areas look. Colours are premultiplied 0xAARRGGBB, one for all or an array (n,) uint32; 0 is none.

    An area with a fill and below 3 pixels each way has the colour of its outline, as much of it as it covers,
    so that many of them are seen as what they are together. Around larger ones outlines gain, and are full at
    `outlined_px`; 0 draws every outline in full.
    """

    fill: "int | NDArray[np.uint32]" = 0
    outline: "int | NDArray[np.uint32]" = 0
    pen: Pen = field(default_factory=Pen)
    hatch: Hatch | None = None
    outlined_px: float = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Points, and which mark is put on each: `xy` (n, 2) float32, `which` (n,) int32 or None for the first.

    Of the marks that fall into one cell of `cell_px` by `cell_px` pixels only the last is painted, which of
    a million on one another is what can be seen; 0 paints all. At most 64. `runs` as in `Shapes`.
    """

    xy: NDArray[np.float32]
    which: NDArray[np.int32] | None = None
    cell_px: int = 0
    runs: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Pictures of marks: `images` (k, p, p, h, w): k kinds, each p times moved down and p times to the right
    by a p-th of a pixel. uint32 images are premultiplied ARGB; uint8 ones are masks for a colour.

    (`x`, `y`) is the place of the point on an image that is not moved, in pixels from its upper left corner.
    """

    images: NDArray[np.uint32] | NDArray[np.uint8]
    x: float
    y: float


def colour(red: int, green: int, blue: int, opacity: float = 1.0) -> int:
    """A premultiplied colour from channels of 0 to 255 and an opacity of 0 to 1."""
    alpha = round(255 * min(max(opacity, 0.0), 1.0))
    red, green, blue = ((channel * alpha + 127) // 255 for channel in (red, green, blue))
    return alpha << 24 | red << 16 | green << 8 | blue


def images(fine: NDArray[np.uint32], phases: int = PHASES) -> Atlas:
    """An atlas of k premultiplied ARGB images (k, h, w), each on its centre, without the bare rim of all.

    They are given `phases` times as fine as they will lie on the picture, to be as sharp wherever that is.
    """
    moved = _moved(np.ascontiguousarray(fine)[..., None].view(np.uint8), phases)
    opacity = moved[..., 3]
    rows = np.flatnonzero(opacity.max(axis=(0, 1, 2, 4)))
    columns = np.flatnonzero(opacity.max(axis=(0, 1, 2, 3)))
    top, left = (int(rows[0]), int(columns[0])) if len(rows) else (0, 0)
    bottom, right = (int(rows[-1]) + 1, int(columns[-1]) + 1) if len(rows) else (1, 1)
    packed = np.ascontiguousarray(moved[:, :, :, top:bottom, left:right]).view(np.uint32)[..., 0]
    return Atlas(packed, fine.shape[2] / (2 * phases) - left, fine.shape[1] / (2 * phases) - top)


def discs(radii_px: "tuple[float, ...]", phases: int = PHASES) -> Atlas:
    """Masks of round dots of some radii, up to 100 pixels, each on its centre."""
    half = int(np.ceil(max(radii_px))) + 1
    fine = 32 if half <= 16 else 4  # samples per pixel, each way
    at = (np.arange(2 * half * fine) + 0.5) / fine - half
    shift = np.arange(phases) / phases
    masks = np.empty((len(radii_px), phases, phases, 2 * half, 2 * half), np.uint8)
    for kind, radius in enumerate(radii_px):
        for down, dy in enumerate(shift):
            for right, dx in enumerate(shift):
                inside = (at - dx)[None, :] ** 2 + (at - dy)[:, None] ** 2 <= radius * radius
                cover = inside.reshape(2 * half, fine, 2 * half, fine).mean(axis=(1, 3))
                masks[kind, down, right] = np.round(cover * 255)
    return Atlas(masks, half, half)


def _moved(fine: NDArray[np.uint8], phases: int) -> NDArray[np.uint8]:
    """(k, h, w, 4) -> (k, p, p, h / p + 1, w / p + 1, 4): moved by parts of a pixel, of each the mean."""
    kinds, height, width, _four = fine.shape
    size = (-(-height // phases) + 1, -(-width // phases) + 1)
    moved = np.empty((kinds, phases, phases, *size, 4), np.uint8)
    for down in range(phases):
        for right in range(phases):
            wide = np.zeros((kinds, size[0] * phases, size[1] * phases, 4), np.uint16)
            wide[:, down : down + height, right : right + width] = fine
            each = wide.reshape(kinds, size[0], phases, size[1], phases, 4)
            moved[:, down, right] = np.round(each.mean(axis=(2, 4)))
    return moved
