"""Styles as JSON and back, trusting nothing that comes from a file."""

import types
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from gis.errors import UserError
from gis.texts import _
from layers.filters.reading import read_filter
from layers.filters.saying import say_filter
from layers.filters.tree import Filter
from layers.style import Categorised, Clusters, Graduated, Heat, Live, Own, Pixels, Rule, Ruled, Simple, Style

_RULES: dict[str, type[Any]] = {
    "simple": Simple,
    "categorised": Categorised,
    "graduated": Graduated,
    "rules": Ruled,
    "own": Own,
    "live": Live,
    "pixels": Pixels,
    "clusters": Clusters,
    "heat": Heat,
}
_FILTERS = frozenset(get_args(Filter))
_NAMES: dict[type[Any], str] = {kind: name for name, kind in _RULES.items()}


def style_to_json(style: Style) -> dict[str, Any]:
    """A style as JSON values; a rule says which it is under "is", a filter is its text."""
    return _plain(style)


def style_from_json(value: object) -> Style:
    """The style that `style_to_json` wrote. Raises UserError when it is none."""
    try:
        style: Style = _made(Style, value)
        _check(style.rule)
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError, UserError) as error:
        raise UserError(
            _("The saved style of this layer cannot be read."),
            hint=_("The layer itself is unharmed. Choose a style for it again."),
        ) from error
    return style


def _check(rule: Rule) -> None:
    if isinstance(rule, Graduated):
        edges = rule.breaks
        if len(edges) != len(rule.symbols) + 1 or list(edges) != sorted(edges) or len(edges) < 2:
            raise ValueError(edges)


def _plain(value: Any) -> Any:
    if type(value) in _FILTERS:
        return say_filter(value)
    if is_dataclass(value) and not isinstance(value, type):
        tag = {"is": _NAMES[type(value)]} if type(value) in _NAMES else {}
        return tag | {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return str(value) if isinstance(value, StrEnum) else value


def _made(kind: Any, value: Any) -> Any:
    """`value` as `kind`: one of our dataclasses, a tuple, an enum, a plain value, or a choice of these."""
    if get_origin(kind) in (Union, types.UnionType):
        return _chosen(get_args(kind), value)
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], item) for item in _as(list, value))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        given: dict[str, Any] = _as(dict, value)
        return kind(**{f.name: _made(hints[f.name], given[f.name]) for f in fields(kind) if f.name in given})
    if kind is float:
        number = float(_as((int, float), value))
        if not abs(number) < 1e300:
            raise ValueError(value)
        return number
    return kind(value) if issubclass(kind, StrEnum) else _as(kind, value)


def _chosen(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in kinds:
        return None
    if set(kinds) == set(_RULES.values()):
        return _made(_RULES[_as(dict, value)["is"]], value)
    if set(kinds) >= _FILTERS:
        return read_filter(_as(str, value))
    (kind,) = (kind for kind in kinds if kind is not type(None))
    return _made(kind, value)


def _as(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise TypeError(value)
    return value
