"""A layer in pieces, as GDAL gives it column by column (Arrow C stream). In the worker process only.

Shapes that every map knows, texts in UTF-8 (of a Shapefile: in ASCII, for its code page may be any), a CRS
that the file says: whatever is else is `NotSimple` and has to be read whole.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.exchange.vector import ogr
from gis.exchange.vector.carry import Texts
from gis.exchange.vector.formats import Format
from gis.exchange.vector.ogr import Part
from gis.exchange.vector.staging import Staged
from gis.geo.wkb import Vertices, vertices

BY_EXTENT = frozenset({Format.GEOPACKAGE, Format.FLATGEOBUF, Format.SHAPEFILE})  # they know what lies where
FORMATS = BY_EXTENT | {Format.GEOJSON}
PIECE = 16_384  # features: enough that nothing is done often, few enough that the first are there at once
_NUMBERS = {
    "c": "i1",
    "C": "u1",
    "s": "<i2",
    "S": "<u2",
    "i": "<i4",
    "I": "<u4",
    "l": "<i8",
    "f": "<f4",
    "g": "<f8",
}
_TEXTS, _BYTES, _YES_NO = ("u", "U"), ("z", "Z"), "b"


class NotSimple(Exception):
    """The layer is not one that can be read in pieces."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """n features of one shape, in the CRS of the file: the next ones of the layer."""

    vertices: Vertices
    ids: NDArray[np.int64]
    columns: dict[str, NDArray[Any] | Texts] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Stream:
    """The CRS that a layer says it has, as in `Table`, and its pieces in the order of the file."""

    crs: str | None
    batches: Iterator[Batch]


@contextmanager
def opened(part: Part, bbox: tuple[float, ...] | None = None) -> Generator[Stream]:
    """The layer, or what touches `bbox` (in the CRS of the file).

    Raises NotSimple, and UserError when any of it cannot be read, from the pieces too; but GDAL does not tell
    of every fault: there may be fewer features than the file says (`ogr.count`).
    """
    from nanoarrow.c_array_stream import c_array_stream
    from pyogrio.raw import open_arrow

    staged = part.staged
    page = ogr.LATIN1 if staged.format is Format.SHAPEFILE else None
    arrays = open_arrow(
        str(staged.path),
        layer=part.layer,
        encoding=page,
        bbox=bbox,
        return_fids=True,
        datetime_as_string=True,
        batch_size=PIECE,
    )
    with ogr.plain_errors(staged), arrays as (meta, arrow):
        names = (meta["fid_column"] or "OGC_FID", meta["geometry_name"] or "wkb_geometry")
        yield Stream(ogr.meant(meta["crs"]), _batches(c_array_stream(arrow), staged, *names))


def _batches(stream: Any, staged: Staged, fids: str, geometry: str) -> Iterator[Batch]:
    schema = stream.get_schema()
    page = "ascii" if staged.format is Format.SHAPEFILE else "utf-8"
    formats = {schema.child(n).name: (n, schema.child(n).format) for n in range(schema.n_children)}
    if len(formats) < schema.n_children or fids not in formats or geometry not in formats:
        raise NotSimple
    fid, shape = formats.pop(fids)[0], formats.pop(geometry)[0]
    for each in _arrays(stream, staged):
        found = vertices(*_binary(each.child(shape)))
        if found is None:
            raise NotSimple
        columns = {name: _column(each.child(n), said, page) for name, (n, said) in formats.items()}
        ids = _numbers(each.child(fid), "<i8").astype(np.int64)
        yield Batch(found, ids, {name: column for name, column in columns.items() if column is not None})


def _arrays(stream: Any, staged: Staged) -> Iterator[Any]:
    try:
        yield from stream
    except RuntimeError as error:  # nanoarrow's for what GDAL says, of a file that ends too soon for one
        reason = str(error).partition("failed (")[2].partition("): ")[2]
        raise ogr.unreadable(staged.name, staged.format, reason or str(error)) from error


def _binary(array: Any) -> tuple[NDArray[np.uint8], NDArray[Any], NDArray[np.bool_] | None]:
    """The bytes of all cells, where each begins and ends, and which are there."""
    _valid, ends, letters = (np.asarray(each) for each in array.view().buffers)
    ends = ends[array.offset : array.offset + array.length + 1]
    return letters.view(np.uint8), ends if len(ends) else np.zeros(1, np.int64), _present(array)


def _present(array: Any) -> NDArray[np.bool_] | None:
    """(n,) False where nothing stands; None when there is something everywhere."""
    if not array.null_count:
        return None
    return _bits(next(iter(array.view().buffers)), array)


def _bits(buffer: Any, array: Any) -> NDArray[np.bool_]:
    bits = np.unpackbits(np.asarray(buffer).view(np.uint8), bitorder="little")
    return bits[array.offset : array.offset + array.length].astype(np.bool_)


def _column(array: Any, said: str, page: str) -> NDArray[Any] | Texts | None:
    """Numbers, nan where nothing stands, or texts; None for bytes, which nobody can read."""
    if said in _BYTES:
        return None
    if said in _TEXTS:
        letters, ends, present = _binary(array)
        letters = letters[int(ends[0]) : int(ends[-1])]
        try:
            letters.tobytes().decode(page)
        except UnicodeDecodeError as error:
            raise NotSimple from error
        return Texts(letters, ends - ends[0], present)
    if said != _YES_NO and said not in _NUMBERS:
        raise NotSimple
    values = (
        _bits(list(array.view().buffers)[1], array) if said == _YES_NO else _numbers(array, _NUMBERS[said])
    )
    present = _present(array)
    if present is None:
        return values
    values = values if values.dtype.kind == "f" else values.astype(np.float64)
    return np.where(present, values, values.dtype.type(np.nan))


def _numbers(array: Any, dtype: str) -> NDArray[Any]:
    _valid, values = (np.asarray(each) for each in array.view().buffers)
    return values.view(dtype)[array.offset : array.offset + array.length]
