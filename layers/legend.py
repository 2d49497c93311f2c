"""What the signs of a layer mean, row by row, as they are drawn."""

from collections.abc import Iterator
from dataclasses import dataclass

from gis.model.incident import Severity
from gis.texts import _
from layers.filters.saying import say_filter
from layers.heat import glow
from layers.layer import Layer
from layers.relief import stops
from layers.style import (
    Case,
    Categorised,
    Category,
    Clusters,
    Fill,
    Graduated,
    Heat,
    Live,
    Marker,
    Own,
    Pixels,
    Rule,
    Ruled,
    Simple,
    Style,
    Symbol,
)


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One sign and its meaning: a symbol, or the severity (1 to 5) of a live symbol.

    It is drawn between the scale denominators `min_scale` and `max_scale` (None: no limit).
    """

    title: str
    symbol: Symbol | None = None
    severity: int = 0
    min_scale: float | None = None
    max_scale: float | None = None


def legend(style: Style, title: str) -> tuple[LegendRow, ...]:
    """The rows of a layer from top to bottom; a layer of one look has one row with its own title."""
    return tuple(_rows(style.rule, title))


def _rows(rule: Rule, title: str) -> Iterator[LegendRow]:
    match rule:
        case Simple(symbol) | Own(symbol=symbol):
            yield LegendRow(title, symbol)
        case Categorised(_column, classes):
            yield from (_row(entry.title or entry.value, entry) for entry in reversed(classes))
            yield from _other(rule.other)
        case Graduated(_column, breaks, symbols):
            edges = zip(breaks[:-1], breaks[1:], symbols, strict=True)
            yield from (LegendRow(range_title(low, high), symbol) for low, high, symbol in edges)
            yield from _other(rule.other)
        case Ruled(cases):
            yield from (_row(case_title(case), case) for case in cases)
        case Clusters() | Heat():
            yield from _together(rule, title)
        case Pixels(ramp, low, high):
            yield from () if low is None or high is None else _steps(ramp, low, high)
        case Live():
            words = {each.priority: each for each in Severity}
            yield from (LegendRow(severity_word(words[p]), severity=p) for p in sorted(words))


def _row(title: str, part: Category | Case) -> LegendRow:
    return LegendRow(title, part.symbol, 0, part.min_scale, part.max_scale)


def case_title(case: Case) -> str:
    """What a rule is called: its title, else what it asks."""
    if case.title:
        return case.title
    if case.otherwise:
        return _("Others")
    return say_filter(case.when) if case.when is not None else _("All")


def why_hidden(part: Layer | LegendRow, scale: float) -> str:
    """Why a layer or one of its signs is not drawn at 1 : `scale`; empty when it is."""
    crowd = isinstance(part, Layer) and part.near_enough(scale)
    if part.max_scale is not None and scale > part.max_scale and not crowd:
        return _("Shown from 1:{scale} on; zoom in.").format(scale=f"{part.max_scale:,.0f}")
    if part.min_scale is not None and scale < part.min_scale:
        return _("Shown up to 1:{scale}; zoom out.").format(scale=f"{part.min_scale:,.0f}")
    return ""


def seen_at(part: Layer | LegendRow, scale: float) -> float:
    """The scale denominator next to `scale` at which a layer or one of its signs is drawn."""
    if not why_hidden(part, scale):
        return scale
    limits = (limit for limit in (part.min_scale, part.max_scale) if limit is not None)
    return min(limits, key=lambda limit: abs(limit - scale))


def severity_word(severity: Severity) -> str:
    """The word of CAP in the language of the screen."""
    match severity:
        case Severity.EXTREME:
            return _("Extreme")
        case Severity.SEVERE:
            return _("Severe")
        case Severity.MODERATE:
            return _("Moderate")
        case Severity.MINOR:
            return _("Minor")
        case Severity.UNKNOWN:
            return _("Unknown")


def _steps(ramp: str, low: float, high: float) -> Iterator[LegendRow]:
    """A few measurements from high to low, in the colours they are shown in."""
    colours = stops(ramp)
    for n in reversed(range(len(colours))):
        value = low + (high - low) * n / max(len(colours) - 1, 1)
        yield LegendRow(f"{value:,.5g}", Symbol(Fill(colours[n])))


def _together(rule: Clusters | Heat, title: str) -> Iterator[LegendRow]:
    """What points are together, then one by itself."""
    far = rule.min_scale
    if isinstance(rule, Clusters):
        many = Symbol(marker=Marker(rule.colour, size_px=20.0, edge="halo", glyph="9"))
        yield LegendRow(_("Several together, with their number"), many, min_scale=far)
        yield LegendRow(title, rule.symbol)
        return
    colours = glow(rule.ramp)
    yield LegendRow(_("Many, close together"), Symbol(Fill(colours[-1])), min_scale=far)
    yield LegendRow(_("Few"), Symbol(Fill(colours[0])), min_scale=far)
    if far is not None:
        yield LegendRow(title, rule.symbol, max_scale=far)


def _other(symbol: Symbol | None) -> Iterator[LegendRow]:
    if symbol:
        yield LegendRow(_("Others"), symbol)


def range_title(low: float, high: float) -> str:
    """What a class of numbers is called."""
    return _("{low} to {high}").format(low=f"{low:,.6g}", high=f"{high:,.6g}")
