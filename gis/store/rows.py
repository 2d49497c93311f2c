"""Record <-> row <-> plain JSON values. The only place that knows all three shapes.

A record's dataclass is the one description: its tables (`schema`), its rows and its journal values
follow from the field types, so a new field is written down once.
"""

import types
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import shapely
from shapely.geometry.base import BaseGeometry

from gis.model.incident import Incident, Note
from gis.model.record import Record
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.model.sitrep import Sitrep
from gis.store.geometry import time_text

R = TypeVar("R", bound=Record)

TABLES: dict[type[Record], str] = {
    Incident: "incidents",
    Note: "notes",
    Sensor: "sensors",
    AlarmRule: "alarm_rules",
    Alarm: "alarms",
    Sitrep: "sitreps",
}
KINDS: dict[str, type[Record]] = {kind.__name__: kind for kind in TABLES}


@cache
def field_types(kind: type[Record]) -> dict[str, type]:
    """The plain type behind each field of a record, without its `| None`."""
    return {name: _plain_type(hint) for name, hint in get_type_hints(kind).items()}


def _plain_type(hint: Any) -> type:
    if get_origin(hint) is types.UnionType:
        return next(part for part in get_args(hint) if part is not types.NoneType)
    return hint


@cache
def required(kind: type[Record]) -> frozenset[str]:
    """The fields a record cannot be without."""
    return frozenset(f.name for f in fields(kind) if _has_no_default(f))


def _has_no_default(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


@cache
def defaults(kind: type[Record]) -> dict[str, Any]:
    """What a field holds while nobody has said anything."""
    return {f.name: f.default for f in fields(kind) if f.default is not MISSING}


def to_json(value: Any) -> Any:
    """One field's value as the journal keeps it: WKT to 7 decimals (about 1 cm), times to 1 ms."""
    match value:
        case datetime():
            return time_text(value)
        case BaseGeometry():
            return None if value.is_empty else shapely.to_wkt(value, rounding_precision=7)
        case StrEnum():
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise TypeError(f"cannot journal {type(value).__name__}")


def from_json(kind: type[Record], name: str, value: Any) -> Any:
    """The field value behind a journal value. Raises ValueError or TypeError when it is not one."""
    plain = field_types(kind)[name]
    if value is None:
        return None
    if plain is datetime:
        return datetime.fromisoformat(value)
    if issubclass(plain, BaseGeometry):
        return shapely.from_wkt(value)
    if issubclass(plain, StrEnum):
        return plain(value)
    if plain is float and type(value) is int:
        return float(value)
    if type(value) is not plain:
        raise TypeError(f"{kind.__name__}.{name} is not {plain.__name__}")
    return value


def to_values(record: Record) -> dict[str, Any]:
    """All fields but the id, as journal values."""
    return {f.name: to_json(getattr(record, f.name)) for f in fields(record) if f.name != "id"}


def from_values(kind: type[R], record_id: str, values: dict[str, Any]) -> R:
    """The record whose fields hold these journal values; unknown names are left aside."""
    known = field_types(kind)
    return kind(id=record_id, **{n: from_json(kind, n, v) for n, v in values.items() if n in known})


def to_row(record: Record) -> dict[str, Any]:
    return {f.name: getattr(record, f.name) for f in fields(record)}


def from_row(kind: type[R], row: Any) -> R:
    return kind(**{f.name: row[f.name] for f in fields(kind)})


@cache
def _starting_values(kind: type[Record]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in defaults(kind).items()}


def starting_values(kind: type[Record]) -> dict[str, Any]:
    """The journal values of a record about which nothing has been said yet."""
    return dict(_starting_values(kind))
