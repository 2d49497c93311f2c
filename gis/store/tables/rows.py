"""Record <-> row <-> plain JSON values. The only place that knows all three shapes.

A record's dataclass is the one description: its tables (`schema`), its rows and its journal values
follow from the field types, so a new field is written down once.
"""

import types
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from gis.model.drawing import Drawing
from gis.model.hazard import HazardAlert
from gis.model.incident import Incident, Note
from gis.model.record import Record
from gis.model.reporting import Call, ReportingPoint
from gis.model.sensor import Alarm, AlarmRule, Condition, Sensor, Suppression
from gis.model.sitrep import Sitrep
from gis.model.task import Task
from gis.store.tables.geometry import time_text

R = TypeVar("R", bound=Record)

TABLES: dict[type[Record], str] = {
    Incident: "incidents",
    Note: "notes",
    Sensor: "sensors",
    AlarmRule: "alarm_rules",
    Condition: "alarm_conditions",
    Alarm: "alarms",
    Suppression: "alarm_suppressions",
    Task: "tasks",
    Sitrep: "sitreps",
    Drawing: "drawings",
    HazardAlert: "hazard_alerts",
    ReportingPoint: "reporting_points",
    Call: "calls",
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
def personal(kind: type[Record]) -> frozenset[str]:
    """The fields that say something about a private person."""
    return frozenset(f.name for f in fields(kind) if f.metadata.get("personal"))


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
        case str():
            return whole_text(value)
        case None | bool() | int() | float():
            return value
        case _:
            raise TypeError(f"cannot journal {type(value).__name__}")


def whole_text(text: str) -> str:
    """Text without half characters, which no file can hold: a badly made paste must not cost the entry."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


UNREADABLE = (ValueError, TypeError, OverflowError, ShapelyError)


def from_json(kind: type[Record], name: str, value: Any) -> Any:
    """The field value behind a journal value. Raises one of `UNREADABLE` when it is not one."""
    plain = field_types(kind)[name]
    if value is None:
        return None
    if plain is datetime:
        return _moment(value)
    if issubclass(plain, BaseGeometry):
        return _place(plain, value)
    if issubclass(plain, StrEnum):
        return plain(value)
    if plain is float and type(value) is int:
        return float(value)
    if type(value) is not plain:
        raise TypeError(f"{kind.__name__}.{name} is not {plain.__name__}")
    if plain is int and not -_LARGEST <= value < _LARGEST:
        raise ValueError(f"{kind.__name__}.{name} is larger than a column holds")
    return value


_LARGEST = 2**63


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without an offset is no moment")
    return at.astimezone(UTC)


def _place(plain: type, text: str) -> BaseGeometry | None:
    with np.errstate(all="ignore"):  # what is not finite is refused just below
        place = shapely.force_2d(shapely.from_wkt(text))
    if not np.isfinite(shapely.get_coordinates(place)).all():
        raise ValueError("a place that is nowhere")
    if not isinstance(place, plain):
        raise TypeError(f"not a {plain.__name__}")
    return None if place.is_empty else place


def to_values(record: Record) -> dict[str, Any]:
    """All fields but the id, as journal values."""
    return {name: to_json(getattr(record, name)) for name in field_types(type(record)) if name != "id"}


def from_values(kind: type[R], record_id: str, values: dict[str, Any]) -> R:
    """The record whose fields hold these journal values; unknown names are left aside."""
    known = field_types(kind)
    return kind(
        id=record_id, **{n: from_json(kind, n, v) for n, v in values.items() if n in known and n != "id"}
    )


def to_row(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in field_types(type(record))}


def from_row(kind: type[R], row: Any) -> R:
    return kind(**{name: row[name] for name in field_types(kind)})


@cache
def _starting_values(kind: type[Record]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in defaults(kind).items()}


def starting_values(kind: type[Record]) -> dict[str, Any]:
    """The journal values of a record about which nothing has been said yet."""
    return dict(_starting_values(kind))
