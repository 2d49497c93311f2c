"""Layers as desk state: written into the operation, and opened again."""

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from gis.errors import UserError
from gis.store import Query, Tx
from gis.texts import _
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.sources.base import BrokenSource, Source
from layers.style import Style
from layers.stylejson import style_from_json, style_to_json
from layers.timed import timing_from_json, timing_to_json

KEPT = "layers"
STYLES = "styles"
_FINITE = sys.float_info.max
OpenSource = Callable[[Mapping[str, str]], Source]


def keep_layers(tx: Tx, layers: Iterable[Layer]) -> None:
    """Remember these layers, from bottom to top; those whose source says nothing of itself are left out."""
    tx.keep(KEPT, [_to_json(layer) for layer in layers if layer.source.origin])


def kept_layers(query: Query, open_source: OpenSource) -> tuple[Layer, ...] | None:
    """The remembered layers, from bottom to top; None when nothing was ever kept.

    A layer whose source cannot be opened (UserError) or whose entry is damaged keeps its line, with the
    reason as its `problem`.
    """
    kept = query.kept(KEPT)
    if not isinstance(kept, list):
        return None
    entries: list[Any] = kept
    return tuple(_from_json(number, entry, open_source) for number, entry in enumerate(entries))


def keep_style(tx: Tx, name: str, style: Style) -> None:
    """Keep a style under a name, in the place of one that had it."""
    kept: Any = tx.kept(STYLES)
    tx.keep(STYLES, (kept if isinstance(kept, dict) else {}) | {name: style_to_json(style)})


def kept_styles(query: Query) -> dict[str, Style]:
    """The styles that were kept, by name; what cannot be read any more is left out."""
    kept: Any = query.kept(STYLES)
    found: dict[str, Style] = {}
    for name, value in sorted(kept.items()) if isinstance(kept, dict) else ():
        with suppress(UserError):
            found[str(name)] = style_from_json(value)
    return found


def _to_json(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": layer.title,
        "origin": dict(layer.source.origin),
        "style": style_to_json(layer.style),
        "visible": layer.visible,
        "opacity": layer.opacity,
        "group": layer.group,
        "min_scale": layer.min_scale,
        "max_scale": layer.max_scale,
        "role": str(layer.role),
        "timing": timing_to_json(layer.timing),
    }


def _from_json(number: int, entry: Any, open_source: OpenSource) -> Layer:
    values: dict[str, Any] = entry if isinstance(entry, dict) else {}
    layer = Layer(
        id=_text(values, "id") or f"layer-{number}",
        title=_text(values, "title") or _("Layer without a name"),
        source=BrokenSource(_origin(values), ""),
        style=role_style(Role.OTHER),
        visible=values.get("visible") is not False,
        opacity=min(max(_number(values, "opacity", 1.0) or 0.0, 0.0), 1.0),
        group=_text(values, "group"),
        min_scale=_number(values, "min_scale"),
        max_scale=_number(values, "max_scale"),
        role=_role(values),
        timing=timing_from_json(values.get("timing")),
    )
    try:
        layer = replace(layer, style=style_from_json(values.get("style")))
        return replace(layer, source=open_source(layer.source.origin))
    except UserError as error:
        broken = BrokenSource(layer.source.origin, str(error), error.hint)
        return replace(layer, source=broken, problem=str(error))


def _origin(values: Mapping[str, Any]) -> Mapping[str, str]:
    origin = values.get("origin")
    pairs: dict[Any, Any] = origin if isinstance(origin, dict) else {}
    return {str(name): str(value) for name, value in pairs.items()}


def _role(values: Mapping[str, Any]) -> Role:
    role = _text(values, "role")
    return Role(role) if role in set(Role) else Role.OTHER


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _number(values: Mapping[str, Any], name: str, otherwise: float | None = None) -> float | None:
    value = values.get(name)
    return float(value) if isinstance(value, int | float) and abs(value) <= _FINITE else otherwise
