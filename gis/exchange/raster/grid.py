"""Rasters that lie on a plane of their own, GeoTIFF and ASCII grids: what they are, a frame of them."""

import math
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import UserError
from gis.exchange.raster import tiff
from gis.exchange.raster.answers import Look, RasterFacts
from gis.geo.crs import ellipsoid, transform
from gis.geo.features import WGS84
from gis.geo.mesh import Box, Frame, mesh
from gis.texts import _

MOST_PIXELS = 24_000_000  # of the part that is read for one frame
SAMPLE_PIXELS = 4_000_000  # by which low and high are told
TEXT_BYTES = 300 << 20
_SCALE, _TIE, _MATRIX, _KEYS, _NOTHING = 33550, 33922, 34264, 34735, 42113
_GEOGRAPHIC, _PROJECTED, _RASTER_TYPE, _OWN = 2048, 3072, 1025, 32767
Window = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of `width` x `height` that begin at (west, north), `dx` by `dy` of `crs` each.

    `fineness` are the factors by which coarser copies are coarser, 1 first; `read` gives the cells of a
    window of the copy of that number, (h, w, samples). `nothing` marks cells without a value.
    """

    width: int
    height: int
    west: float
    north: float
    dx: float
    dy: float
    crs: int | str | None
    picture: bool
    fineness: tuple[float, ...]
    read: Callable[[int, Window], NDArray[Any]]
    nothing: float | None = None
    alpha: bool = False


def facts(path: Path) -> RasterFacts:
    """Raises UserError."""
    with _told(path), path.open("rb") as file:
        grid = _opened(path, file)
        low, high = (None, None) if grid.picture else _range(grid)
        west, north = grid.west, grid.north
        east, south = west + grid.width * grid.dx, north - grid.height * grid.dy
        crs, degrees = _placed(grid, None, (west, south, east, north))
    findings = [_("The file does not say where on earth it lies.")] if crs is None else []
    if crs is not None and grid.crs is None:
        findings.append(
            _("The file does not say its coordinate reference system; longitude and latitude were assumed.")
        )
    return RasterFacts(
        name=path.stem,
        what=_("{width:,} x {height:,} pixels, {kind}").format(
            width=grid.width, height=grid.height, kind=_("a picture") if grid.picture else _("measurements")
        ),
        crs=_("unknown") if crs is None else CRS(crs).name,
        extent=degrees,
        finest=_finest(grid, degrees) if degrees else grid.dx,
        values=not grid.picture,
        low=low,
        high=high,
        findings=tuple(findings),
        needs_crs=crs is None,
    )


def look(path: Path, frame: Frame, assume_crs: int | None, *, smooth: bool) -> Look:
    """The pixels of a frame. Raises UserError, also when nobody knows where on earth it lies."""
    with _told(path), path.open("rb") as file:
        grid = _opened(path, file)
        box = (grid.west, grid.north - grid.height * grid.dy, grid.west + grid.width * grid.dx, grid.north)
        crs, _degrees = _placed(grid, assume_crs, box)
        if crs is None:
            raise UserError(
                _("{name} does not say where on earth it lies.").format(name=path.name),
                hint=_("The file was not changed. Choose its coordinate reference system when adding it."),
            )
        return _look(grid, frame, crs, smooth=smooth)


def _look(grid: Grid, frame: Frame, crs: int | str, *, smooth: bool) -> Look:
    net = mesh(frame, crs)
    if net.bounds is None:
        return Look(None)
    number = max((n for n, each in enumerate(grid.fineness) if each * grid.dx <= net.unit * 1.2), default=0)
    factor = grid.fineness[number]
    dx, dy = grid.dx * factor, grid.dy * factor
    width, height = math.ceil(grid.width / factor), math.ceil(grid.height / factor)
    west, south, east, north = net.bounds
    left = max(math.floor((west - grid.west) / dx) - 1, 0)
    right = min(math.ceil((east - grid.west) / dx) + 1, width)
    top = max(math.floor((grid.north - north) / dy) - 1, 0)
    bottom = min(math.ceil((grid.north - south) / dy) + 1, height)
    if left >= right or top >= bottom:
        return Look(None)
    if (right - left) * (bottom - top) > MOST_PIXELS:
        return Look(None, (_("Zoom in to see it: it has no coarser copy of itself (overview)."),))
    cells = grid.read(number, (left, top, right, bottom))
    quads = net.cells(grid.west + left * dx, grid.north - top * dy, dx, widest=math.inf)
    flat = dx / dy  # the net counts in one unit along both sides
    quads = [(at, tuple(v if n % 2 == 0 else v * flat for n, v in enumerate(quad))) for at, quad in quads]
    size, even = (frame.width, frame.height), Image.Resampling.BILINEAR
    if grid.picture:
        image = Image.fromarray(_rgba(cells, grid)).convert("RGBa")
        return Look(np.asarray(image.transform(size, Image.Transform.MESH, quads, even)))
    values = _values(cells[..., 0], grid)
    nearest = Image.Resampling.NEAREST
    there = Image.fromarray(np.full(values.shape, 255, np.uint8))
    inside = np.asarray(there.transform(size, Image.Transform.MESH, quads, nearest)) > 0
    seen = Image.fromarray(values).transform(size, Image.Transform.MESH, quads, even if smooth else nearest)
    return Look(np.where(inside, np.asarray(seen), np.float32(np.nan)).astype(np.float32))


def _values(cells: NDArray[Any], grid: Grid) -> NDArray[np.float32]:
    values = cells.astype(np.float32)
    if grid.nothing is not None:
        values[cells == np.asarray(grid.nothing).astype(cells.dtype)] = np.nan
    values[~np.isfinite(values) | (np.abs(values) > 1e30)] = np.nan
    return values


def _rgba(cells: NDArray[Any], grid: Grid) -> NDArray[np.uint8]:
    if cells.dtype.itemsize > 1:
        cells = (cells >> 8 * (cells.dtype.itemsize - 1)).astype(np.uint8)
    opaque = np.full((*cells.shape[:2], 1), 255, np.uint8)
    if grid.alpha and cells.shape[2] > 3:
        opaque = cells[..., 3:4]
    elif grid.nothing is not None:
        opaque[(cells[..., :3] == grid.nothing).all(axis=2)] = 0
    return np.ascontiguousarray(np.concatenate((cells[..., :3], opaque), axis=2), np.uint8)


def _range(grid: Grid) -> tuple[float | None, float | None]:
    """The lowest and highest value of a copy that is small enough, else of the middle."""
    number = len(grid.fineness) - 1
    width, height = (math.ceil(side / grid.fineness[number]) for side in (grid.width, grid.height))
    side = int(math.sqrt(SAMPLE_PIXELS))
    x, y = max((width - side) // 2, 0), max((height - side) // 2, 0)
    values = _values(grid.read(number, (x, y, min(x + side, width), min(y + side, height)))[..., 0], grid)
    there = values[np.isfinite(values)]
    return (float(there.min()), float(there.max())) if len(there) else (None, None)


def _placed(grid: Grid, assumed: int | None, box: Box) -> tuple[int | str | None, Box | None]:
    """The CRS (its own, the one that was named, or degrees if the numbers allow it), the extent in WGS84."""
    west, south, east, north = box
    likely = -180.001 <= west < east <= 180.001 and -90.001 <= south < north <= 90.001
    crs = grid.crs or assumed or (WGS84 if likely else None)
    if crs is None:
        return None, None
    corners = transform([(west, south), (west, north), (east, south), (east, north)], crs, WGS84)
    if not np.isfinite(corners).all():
        return crs, None
    (w, s), (e, n) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return crs, (w, s, e, n)


def _finest(grid: Grid, degrees: Box) -> float:
    west, south, east, north = degrees
    middle = (south + north) / 2
    return float(ellipsoid().inv(west, middle, east, middle)[2]) / grid.width


def _opened(path: Path, file: Any) -> Grid:
    head = file.read(4)
    file.seek(0)
    return _geotiff(file) if head[:2] in (b"II", b"MM") else _ascii(path)


def _geotiff(file: Any) -> Grid:
    levels = tiff.levels(file)
    first = levels[0]
    keys = first.tags.get(_KEYS, ())
    said = {keys[n]: keys[n + 3] for n in range(4, len(keys) - 3, 4) if keys[n + 1] == 0}
    west, north, dx, dy = _corner(first, said.get(_RASTER_TYPE) == 2)
    code = said.get(_PROJECTED) or said.get(_GEOGRAPHIC)
    colours, palette = first.samples >= 3, first.palette if first.meaning == 3 else None

    def read(number: int, window: Window) -> NDArray[Any]:
        cells = tiff.window(file, levels[number], window)
        return cells if palette is None else palette[np.minimum(cells[..., 0], len(palette) - 1)]

    return Grid(
        first.width, first.height, west, north, dx, dy,
        crs=code if code and code != _OWN and _known(code) else None,
        picture=colours or palette is not None,
        fineness=tuple(first.width / each.width for each in levels),
        read=read,
        nothing=_number(first.tags.get(_NOTHING, b"")),
        alpha=first.samples > 3,
    )  # fmt: skip


def _corner(level: tiff.Level, points: bool) -> tuple[float, float, float, float]:
    """West, north and the size of a cell. Raises BrokenTiff when it is turned or lies nowhere."""
    matrix, scale, tie = (level.tags.get(tag, ()) for tag in (_MATRIX, _SCALE, _TIE))
    if len(matrix) >= 8:
        if matrix[1] or matrix[4]:
            raise tiff.BrokenTiff("turned")
        west, north, dx, dy = matrix[3], matrix[7], matrix[0], -matrix[5]
    elif len(scale) >= 2 and len(tie) >= 6:
        dx, dy = scale[0], scale[1]
        west, north = tie[3] - tie[0] * dx, tie[4] + tie[1] * dy
    else:
        raise tiff.BrokenTiff(_("it does not say where it lies"))
    if not all(map(math.isfinite, (west, north, dx, dy))) or dx <= 0 or dy <= 0:
        raise tiff.BrokenTiff("sizes")
    shift = 0.5 if points else 0.0
    return west - shift * dx, north + shift * dy, dx, dy


def _ascii(path: Path) -> Grid:
    """ESRI's ASCII grid: a head of names and numbers, then rows from the north."""
    if path.stat().st_size > TEXT_BYTES:
        raise tiff.BrokenTiff(_("it is too large to be read as text"))
    text = path.read_bytes().decode("ascii", "replace").lstrip()
    begins = re.match(r"([A-Za-z_]+[ \t]+\S+\s+)+", text)
    said = begins.group() if begins else ""
    head = {name.lower(): float(value) for name, value in re.findall(r"([A-Za-z_]+)[ \t]+(\S+)", said)}
    width, height = int(head["ncols"]), int(head["nrows"])
    dx, dy = (head[side] if side in head else head["cellsize"] for side in ("dx", "dy"))
    if not 0 < width * height <= MOST_PIXELS or not 0 < min(dx, dy) <= max(dx, dy) < math.inf:
        raise tiff.BrokenTiff("sizes")
    words = text[len(said) :].split(None, width * height)[: width * height]  # notes may stand behind them
    cells = np.array(words, np.float64).astype(np.float32).reshape(height, width, 1)
    west = head["xllcenter"] - dx / 2 if "xllcenter" in head else head["xllcorner"]
    south = head["yllcenter"] - dy / 2 if "yllcenter" in head else head["yllcorner"]
    prj = path.with_suffix(".prj")
    crs = prj.read_text("utf-8", "replace")[:20_000] if prj.is_file() else None
    return Grid(
        width, height, west, south + height * dy, dx, dy,
        crs=crs if crs and _known(crs) else None,
        picture=False,
        fineness=(1.0,),
        read=lambda _n, box: cells[box[1] : box[3], box[0] : box[2]],
        nothing=head.get("nodata_value", -9999.0),
    )  # fmt: skip


def _known(crs: int | str) -> bool:
    try:
        found = CRS(crs)
    except CRSError:
        return False
    return found.is_geographic or found.is_projected


def _number(text: Any) -> float | None:
    with suppress(ValueError):
        return float(bytes(text).split(b"\0")[0].strip() or b"x")
    return None


class _told:
    """What cannot be read becomes one sentence with the name of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, (ValueError, KeyError, OverflowError, ZeroDivisionError, AttributeError)):
            raise UserError(
                _("{name} cannot be read as a raster: {reason}.").format(
                    name=self._path.name, reason=str(error)[:200].rstrip(".")
                ),
                hint=_("Nothing was changed. Save it again as a GeoTIFF that lies north up."),
            ) from error
