"""How features look: symbols, and rules that choose between symbols. All frozen, all without Qt.

A colour is "#rrggbb" or the name of an ink of `layers.colours.MapColours` ("water", "ink"), which has
its own tone by day and by night.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Fill:
    """The inside of a polygon; `hatched` draws it as diagonal lines."""

    colour: str
    opacity: float = 1.0
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line. At least `width_px` wide, and as wide as `width_m` metres on the ground when that is more.

    `dash` alternates line and gap in pixels. `casing` is the colour of an edge of `casing_px` on each side.
    """

    colour: str
    width_px: float = 1.0
    width_m: float = 0.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    casing: str = ""
    casing_px: float = 1.0


class MarkerShape(StrEnum):
    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Marker:
    """The sign for a point, `size_px` high, with an edge; `glyph` is one letter written inside."""

    colour: str
    shape: MarkerShape = MarkerShape.CIRCLE
    size_px: float = 8.0
    edge: str = "casing"
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class Symbol:
    """How one kind of feature looks: its shape decides which of the three is used."""

    fill: Fill | None = None
    stroke: Stroke | None = None
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class LabelRule:
    """The name beside a feature, from `column`; shown while the scale denominator is below `max_scale`.

    Where names collide, the higher `priority` stays. `along` writes it along a line.
    """

    column: str
    size_px: float = 11.0
    colour: str = "ink"
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    along: bool = False
    priority: int = 0
    max_scale: float | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """Every feature looks the same."""

    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Category:
    """Features of the value `value` or one of `also`; hidden at scale denominators above `max_scale`."""

    value: str
    symbol: Symbol
    title: str = ""
    max_scale: float | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Categorised:
    """A look per value of `column` (compared as text); later categories are drawn over earlier ones."""

    column: str
    classes: tuple[Category, ...]
    other: Symbol | None = None


@dataclass(frozen=True, slots=True)
class Graduated:
    """A look per range of a number: `symbols[i]` for breaks[i] <= value < breaks[i + 1] (last one closed).

    `other` is for values that are missing or outside; None leaves those out.
    """

    column: str
    breaks: tuple[float, ...]
    symbols: tuple[Symbol, ...]
    other: Symbol | None = None


class LiveLook(StrEnum):
    """What a live symbol stands for."""

    INCIDENT = "incident"
    SENSOR = "sensor"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Live:
    """Drawn anew in every frame above all else, by severity: incidents, sensors, alarms."""

    look: LiveLook


Rule = Simple | Categorised | Graduated | Live


@dataclass(frozen=True, slots=True)
class Style:
    rule: Rule
    label: LabelRule | None = None
