"""A frozen dataclass of settings as plain JSON values and back; what does not fit is refused."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = (str, int, float, bool)


def to_plain(value: Any) -> Any:
    """Nested dataclasses, tuples, enums and the plain values of JSON. Raises `TypeError` for others."""
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, (tuple, list)):
        return [to_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def from_plain(kind: type[T], values: Any) -> T:
    """The dataclass behind plain values; names that it does not know are left out (of a later version).

    Raises `ValueError` where a value is missing or of another type, and what the dataclass itself raises.
    """
    if not isinstance(values, Mapping):
        raise ValueError(f"{kind.__name__} is written as names and values")
    hints, found = get_type_hints(kind), dict[str, Any]()
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in values:
            found[field.name] = _read(hints[field.name], values[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{kind.__name__} lacks {field.name}")
    return kind(**found)


def _read(hint: Any, value: Any) -> Any:
    if hint is Any:
        return value
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _read(next(part for part in parts if part is not types.NoneType), value)
    if origin is tuple:
        return _row(parts, value)
    if origin is not None and issubclass(origin, Mapping):
        return {str(key): _read(parts[1], each) for key, each in _checked(Mapping, value).items()}
    return _one(hint, value)


def _row(parts: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    found = _checked(list, value)
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_read(parts[0], each) for each in found)
    return tuple(_read(part, each) for part, each in zip(parts, found, strict=True))


def _one(hint: Any, value: Any) -> Any:
    if is_dataclass(hint):
        return from_plain(hint, value)  # type: ignore[arg-type]
    if issubclass(hint, StrEnum):
        return hint(value)
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise ValueError(f"{value!r} is not {hint.__name__}")
    return value


def _checked(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is not {kind.__name__}")
    return value
