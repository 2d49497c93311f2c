"""What looking at a raster gives."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

MOST_BYTES = 8 << 20  # of one tile as it is packed


@dataclass(frozen=True, slots=True)
class RasterFacts:
    """What a raster holds, in words and numbers.

    `values` tells whether its pixels are measurements (elevation, depth) from `low` to `high`, or a picture.
    `extent` is west, south, east, north in WGS84 degrees, None when unknown. `finest` is metres on the
    ground per pixel. `credit` is who is to be named where it is shown. With `needs_crs` the file does not
    say where on earth it lies.
    """

    name: str
    what: str
    crs: str
    extent: tuple[float, float, float, float] | None
    finest: float
    values: bool = False
    low: float | None = None
    high: float | None = None
    credit: str = ""
    findings: tuple[str, ...] = ()
    needs_crs: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The pixels of one frame: (h, w, 4) uint8, red, green, blue and opacity, premultiplied; or (h, w)
    float32 values, NaN where there are none. None when nothing lies there. `notes` are for a person."""

    pixels: NDArray[Any] | None
    notes: tuple[str, ...] = ()
