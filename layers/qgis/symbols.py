"""A symbol of QGIS, a pile of layers, as one of ours: a fill, a stroke, a marker."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from gis.exchange.qml import QmlSymbol, SymbolLayer, number
from gis.texts import _
from layers.qgis.markers import marker_of
from layers.qgis.units import NO_COLOUR, colour, length, pixels
from layers.style import Cap, Fill, Hatch, Join, Marker, Pattern, Stroke, Symbol

Tell = Callable[[str], None]
_BRUSHES = {
    "b_diagonal": Pattern.RISING,
    "f_diagonal": Pattern.FALLING,
    "diagonal_x": Pattern.CROSSED,
    "cross": Pattern.GRID,
    "horizontal": Pattern.LEVEL,
    "vertical": Pattern.UPRIGHT,
}
_DENSE = {f"dense{n}": share for n, share in enumerate((0.94, 0.88, 0.63, 0.5, 0.38, 0.13, 0.06), 1)}
_TURNS = (Pattern.LEVEL, Pattern.RISING, Pattern.UPRIGHT, Pattern.FALLING)  # every 45 degrees
_BOTH = {
    frozenset({Pattern.RISING, Pattern.FALLING}): Pattern.CROSSED,
    frozenset({Pattern.LEVEL, Pattern.UPRIGHT}): Pattern.GRID,
}
_DASHES = {  # in widths of the line
    "dash": (4.0, 2.0),
    "dot": (1.0, 2.0),
    "dash dot": (4.0, 2.0, 1.0, 2.0),
    "dash dot dot": (4.0, 2.0, 1.0, 2.0, 1.0, 2.0),
}
_CAPS = {"round": Cap.ROUND, "flat": Cap.FLAT, "square": Cap.SQUARE}
_JOINS = {"round": Join.ROUND, "miter": Join.MITRE, "bevel": Join.BEVEL}
_LINES = frozenset({"SimpleLine", "OutlineSimpleLine"})
QT_HATCH_PX = 8.0


def symbol_of(found: QmlSymbol, tell: Tell) -> Symbol:
    """The nearest we have; `tell` hears, in words, of each thing that is not drawn as in QGIS."""
    if any(layer.driven for layer in found.layers):
        tell(_("Sizes or colours that follow a column are drawn as for all features."))
    match found.kind:
        case "marker":
            marker = marker_of(found, tell)
            return Symbol(marker=marker)
        case "line":
            return Symbol(stroke=_line(found, tell))
        case _:
            return _area(found, tell)


def _area(found: QmlSymbol, tell: Tell) -> Symbol:
    fills: list[Fill] = []
    strokes: list[Stroke] = []
    hatches: list[Hatch] = []
    marker: Marker | None = None
    for layer in found.layers:
        if layer.kind == "SimpleFill":
            fill, stroke = _simple_fill(layer.said)
            fills += [fill] if fill else []
            strokes += [stroke] if stroke else []
        elif layer.kind in ("LinePatternFill", "PointPatternFill"):
            hatches.append(_pattern(layer, tell))
        elif layer.kind in _LINES:
            strokes.append(_stroke(layer.said, tell))
        elif layer.kind == "CentroidFill" and layer.inner is not None:
            marker = marker_of(layer.inner, tell)
            tell(_("Signs in the middle of areas are not drawn."))
        else:
            fills += _flat(layer, tell)
    return Symbol(_filled(fills, hatches, found.opacity, tell), _piled(strokes, found.opacity, tell), marker)


def _filled(fills: list[Fill], hatches: list[Hatch], opacity: float, tell: Tell) -> Fill | None:
    """The uppermost ground, and a hatch over it."""
    hatches = [*(fill.hatch for fill in fills if fill.hatch), *hatches]
    grounds = [fill for fill in fills if fill.opacity > 0]
    if not grounds and not hatches:
        return None
    if len(grounds) > 1:
        tell(_("Of several fills over each other only the uppermost is drawn."))
    ground = grounds[-1] if grounds else Fill(hatches[-1].colour, 0.0)
    hatch = _one_hatch(hatches, tell) if hatches else None
    hatch = replace(hatch, opacity=hatch.opacity * opacity) if hatch else None
    return Fill(ground.colour, ground.opacity * opacity, hatch)


def _one_hatch(hatches: list[Hatch], tell: Tell) -> Hatch:
    if len(hatches) == 2:
        both = _BOTH.get(frozenset(hatch.pattern for hatch in hatches))
        if both:
            return replace(hatches[1], pattern=both)
    if len(hatches) > 1:
        tell(_("Of several hatches over each other only the uppermost is drawn."))
    return hatches[-1]


def _simple_fill(said: Mapping[str, str]) -> tuple[Fill | None, Stroke | None]:
    ink, opacity = colour(said.get("color"))
    look = said.get("style", "solid")
    fill: Fill | None = None
    if look in _BRUSHES:
        fill = Fill(ink, 0.0, Hatch(_BRUSHES[look], ink, QT_HATCH_PX, 1.0, opacity))
    elif look != "no" and opacity > 0:
        fill = Fill(ink, opacity * _DENSE.get(look, 1.0))
    return fill, _outline(said)


def _outline(said: Mapping[str, str]) -> Stroke | None:
    """The edge of a simple fill, under the names of all versions."""
    look = said.get("outline_style", said.get("style_border", "solid"))
    ink, opacity = colour(said.get("outline_color", said.get("color_border")))
    if look == "no" or opacity == 0:
        return None
    name = "outline_width" if "outline_width" in said else "width_border"
    width, on_the_ground = length(said, name, otherwise=0.26)
    return _drawn(ink, opacity, (width, on_the_ground), look, said)


def _drawn(ink: str, opacity: float, width: tuple[float, bool], look: str, said: Mapping[str, str]) -> Stroke:
    px, metres = (1.0, width[0]) if width[1] else (max(width[0], 0.5), 0.0)
    dash = tuple(part * max(px, 1.0) for part in _DASHES.get(look, ()))
    join = _JOINS.get(said.get("joinstyle", ""), Join.BEVEL)
    return Stroke(ink, px, metres, opacity, dash, join=join)


def _stroke(said: Mapping[str, str], tell: Tell) -> Stroke:
    ink, opacity = colour(said.get("line_color", said.get("color")))
    name = "line_width" if "line_width" in said else "width"
    look = said.get("line_style", said.get("penstyle", "solid"))
    if look == "no":
        opacity = 0.0
    made = _drawn(ink, opacity, length(said, name, otherwise=0.26), look, said)
    if said.get("use_custom_dash") == "1":
        made = replace(made, dash=_own_dash(said))
    if number(said.get("offset"), 0.0):
        tell(_("Lines that run beside their course are drawn on it."))
    return replace(made, cap=_CAPS.get(said.get("capstyle", ""), Cap.SQUARE))


def _own_dash(said: Mapping[str, str]) -> tuple[float, ...]:
    parts = said.get("customdash", "5;2").split(";")[:8]
    unit = said.get("customdash_unit", "MM")
    return tuple(max(pixels({"d": part, "d_unit": unit}, "d"), 0.0) for part in parts)


def _line(found: QmlSymbol, tell: Tell) -> Stroke | None:
    strokes: list[Stroke] = []
    for layer in found.layers:
        if layer.kind in _LINES:
            strokes.append(_stroke(layer.said, tell))
        else:
            tell(_("{kind}: signs along a line are not drawn.").format(kind=layer.kind))
            strokes += [Stroke(*_main_ink(layer.inner))] if layer.inner and len(found.layers) == 1 else []
    return _piled(strokes, found.opacity, tell)


def _main_ink(found: QmlSymbol) -> tuple[str, float]:
    """The colour that a symbol mostly has, and a plain width."""
    inks = [colour(layer.said.get("line_color", layer.said.get("color")))[0] for layer in found.layers]
    return (inks[-1] if inks else "#000000"), 1.0


def _piled(strokes: list[Stroke], opacity: float, tell: Tell) -> Stroke | None:
    """Lines over each other: the uppermost, and the widest below it as its casing."""
    strokes = [stroke for stroke in strokes if stroke.opacity > 0]
    if not strokes:
        return None
    top, below = strokes[-1], strokes[:-1]
    top = replace(top, opacity=top.opacity * opacity)
    under = max(below, key=lambda stroke: (stroke.width_px, stroke.width_m), default=None)
    if len(below) > 1:
        tell(_("Of more than two lines over each other the uppermost and the widest are drawn."))
    if under is None:
        return top
    extra = (under.width_px - top.width_px) / 2
    if extra <= 0 or under.dash or under.width_m:
        tell(_("A line under another that is as wide or broken is not drawn."))
        return top
    return replace(top, casing=under.colour, casing_px=extra)


def _pattern(layer: SymbolLayer, tell: Tell) -> Hatch:
    said = layer.said
    inner = layer.inner.layers[-1].said if layer.inner and layer.inner.layers else {}
    if layer.kind == "PointPatternFill":
        ink, opacity = colour(inner.get("color"))
        spacing = pixels(said, "distance_x", otherwise=2.0)
        return Hatch(Pattern.DOTS, ink, max(spacing, 2.0), pixels(inner, "size", otherwise=0.6), opacity)
    ink, opacity = colour(inner.get("line_color", inner.get("color", said.get("color"))))
    width = pixels(inner, "line_width" if "line_width" in inner else "width", otherwise=0.26)
    turn = number(said.get("angle", said.get("lineangle")), 45.0)
    if turn % 45:
        tell(_("Hatches run level, upright or slanted by 45 degrees; another slant is drawn as the nearest."))
    spacing = max(pixels(said, "distance", otherwise=5.0), 2.0)
    return Hatch(_TURNS[round(turn / 45) % 4], ink, spacing, max(width, 0.5), opacity)


def _flat(layer: SymbolLayer, tell: Tell) -> list[Fill]:
    """A fill that we do not have, as one colour."""
    tell(_("{kind}: drawn as one plain colour.").format(kind=layer.kind or "?"))
    found = colour(layer.said.get("color", layer.said.get("color1", layer.said.get("gradient_color"))))
    return [] if found == NO_COLOUR else [Fill(*found)]
