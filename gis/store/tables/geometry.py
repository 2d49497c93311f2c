"""What GeoPackage needs from us: geometry blobs, times as text, and the SQL functions its triggers call."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.types import LargeBinary, Text, TypeDecorator, UserDefinedType

from gis.geo.features import WGS84

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_EMPTY, _HAS_XY_ENVELOPE, _LITTLE_ENDIAN = 0x10, 0x02, 0x01


def to_blob(geometry: BaseGeometry) -> bytes:
    """A GeoPackage binary (OGC 12-128r19, 2.1.3) in WGS84; points carry no envelope."""
    header = struct.pack("<2sBBi", b"GP", 0, _flags(geometry), WGS84)
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1, flavor="iso")
    if geometry.is_empty or geometry.geom_type == "Point":
        return header + wkb
    min_x, min_y, max_x, max_y = geometry.bounds
    return header + struct.pack("<4d", min_x, max_x, min_y, max_y) + wkb


def _flags(geometry: BaseGeometry) -> int:
    if geometry.is_empty:
        return _LITTLE_ENDIAN | _EMPTY
    return _LITTLE_ENDIAN | (0 if geometry.geom_type == "Point" else _HAS_XY_ENVELOPE)


def from_blob(blob: bytes) -> BaseGeometry:
    """The geometry inside a GeoPackage binary of any byte order and envelope."""
    return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 7] :])


def bounds(blob: bytes) -> tuple[float, float, float, float] | None:
    """(min x, max x, min y, max y) of a GeoPackage binary; None when it is empty."""
    if blob[3] & _EMPTY:
        return None
    if blob[3] & 0x0E:
        return struct.unpack_from("<4d" if blob[3] & _LITTLE_ENDIAN else ">4d", blob, 8)
    return _parsed_bounds(blob)


@lru_cache(maxsize=4)  # the triggers ask five times for each row
def _parsed_bounds(blob: bytes) -> tuple[float, float, float, float] | None:
    geometry = from_blob(blob)
    if geometry.is_empty:
        return None
    min_x, min_y, max_x, max_y = geometry.bounds
    return min_x, max_x, min_y, max_y


def add_spatial_functions(connection: Any) -> None:
    """Give a DBAPI connection the functions without which an insert into an indexed table fails."""

    def is_empty(blob: bytes | None) -> int | None:
        return None if blob is None else int(bounds(blob) is None)

    connection.create_function("ST_IsEmpty", 1, is_empty, deterministic=True)
    for index, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, _bound(index), deterministic=True)


def _bound(index: int) -> Callable[[bytes | None], float | None]:
    def bound(blob: bytes | None) -> float | None:
        box = None if blob is None else bounds(blob)
        return None if box is None else box[index]

    return bound


class GpkgType(UserDefinedType[Any]):
    """A column type spelled exactly as GeoPackage Requirement 5 wants it."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


class Geometry(TypeDecorator[BaseGeometry]):
    """A shapely geometry, lon/lat WGS84; an empty one is kept as NULL, as GDAL does."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, name: str = "GEOMETRY") -> None:
        super().__init__()
        self.name = name

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(GpkgType(self.name))

    def process_bind_param(self, value: BaseGeometry | None, dialect: Any) -> bytes | None:
        return None if value is None or value.is_empty else to_blob(value)

    def process_result_value(self, value: bytes | None, dialect: Any) -> BaseGeometry | None:
        return None if value is None else from_blob(value)


@lru_cache(maxsize=256)  # all edits of a step bear one time
def time_text(at: datetime) -> str:
    """A moment as GeoPackage writes it: 2026-03-14T06:00:00.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, to the millisecond."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(GpkgType("DATETIME"))

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        return None if value is None else time_text(value)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError("a time without an offset is no moment")
        return at


class Word(TypeDecorator[StrEnum]):
    """One word of a fixed list, kept as text."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:
        return None if value is None else self.words(value)
