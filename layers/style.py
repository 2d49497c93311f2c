"""How features look: symbols, and rules that choose between symbols. All frozen, all without Qt.

A colour is "#rrggbb" or the name of an ink of `layers.colours.MapColours` ("water", "ink"), which has
its own tone by day and by night.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from layers.filters.tree import Filter


class Pattern(StrEnum):
    """What a hatch is made of: lines rising or falling to the right, both, level or upright ones, dots."""

    RISING = "rising"
    FALLING = "falling"
    CROSSED = "crossed"
    LEVEL = "level"
    UPRIGHT = "upright"
    GRID = "grid"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class Hatch:
    """Lines `width_px` wide, or dots of that diameter, `spacing_px` from one to the next."""

    pattern: Pattern
    colour: str
    spacing_px: float = 8.0
    width_px: float = 1.2
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Fill:
    """The inside of a polygon: a ground, which at `opacity` 0 is none, and a hatch over it."""

    colour: str
    opacity: float = 1.0
    hatch: Hatch | None = None


class Cap(StrEnum):
    """How a line ends."""

    ROUND = "round"
    FLAT = "flat"
    SQUARE = "square"


class Join(StrEnum):
    """How a line turns."""

    ROUND = "round"
    MITRE = "mitre"
    BEVEL = "bevel"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line. At least `width_px` wide, and as wide as `width_m` metres on the ground when that is more.

    `dash` alternates line and gap in pixels. `casing` is the colour of an edge of `casing_px` on each side.
    Without a `cap` dashes end flat and lines round.
    """

    colour: str
    width_px: float = 1.0
    width_m: float = 0.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    casing: str = ""
    casing_px: float = 1.0
    cap: Cap | None = None
    join: Join = Join.ROUND

    @property
    def ends(self) -> Cap:
        """How it ends in fact."""
        return self.cap or (Cap.FLAT if self.dash else Cap.ROUND)


class MarkerShape(StrEnum):
    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    PENTAGON = "pentagon"
    STAR = "star"
    CROSS = "cross"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Marker:
    """The sign for a point, `size_px` high, with an edge.

    Inside stands `icon`, one of `layers.icons`, or `glyph`, one letter. Without a shape the icon is all.
    """

    colour: str
    shape: MarkerShape = MarkerShape.CIRCLE
    size_px: float = 8.0
    edge: str = "casing"
    glyph: str = ""
    icon: str = ""
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """How one kind of feature looks: its shape decides which of the three is used."""

    fill: Fill | None = None
    stroke: Stroke | None = None
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class LabelRule:
    """The name beside a feature, from `column`, shown between two scale denominators.

    Where names collide, the higher `priority` stays, then the upper layer, then the greater number in the
    column `rank`, then the larger feature. `along` writes it along a line or a river; `beyond` lets it be
    wider than its area. `halo_px` is the width of its halo, 0 for none.
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
    min_scale: float | None = None
    halo: str = "halo"
    halo_px: float = 1.4
    beyond: bool = False
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Simple:
    """Every feature looks the same."""

    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Category:
    """Features of the value `value` or one of `also`, shown between two scale denominators."""

    value: str
    symbol: Symbol
    title: str = ""
    max_scale: float | None = None
    also: tuple[str, ...] = ()
    min_scale: float | None = None


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


@dataclass(frozen=True, slots=True)
class Case:
    """A look for the features of which `when` is true (None: all), between two scale denominators.

    With `otherwise` it is for those that no other case shown at this scale takes.
    """

    symbol: Symbol
    when: Filter | None = None
    title: str = ""
    max_scale: float | None = None
    min_scale: float | None = None
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """Looks by rules, later ones over earlier ones. Every case counts, or only the `first` that fits."""

    cases: tuple[Case, ...]
    first: bool = False


class LiveLook(StrEnum):
    """What a live symbol stands for."""

    INCIDENT = "incident"
    SENSOR = "sensor"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Live:
    """Drawn anew in every frame above all else, by severity: incidents, sensors, alarms."""

    look: LiveLook


@dataclass(frozen=True, slots=True)
class Own:
    """Every feature says itself how it looks, in the words of `layers.drawn` that stand in `column`; the
    legend shows `symbol`."""

    column: str
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Pixels:
    """A raster: a picture shows as it is, measurements take the colours of `ramp` from `low` to `high`.

    None: as far as they go on the screen. `shaded` ones stand out as a relief lit from `light` (degrees from
    north, clockwise). `brightness` is 0 as they are, -1 black, 1 white.
    """

    ramp: str = "terrain"
    low: float | None = None
    high: float | None = None
    shaded: bool = False
    light: float = 315.0
    brightness: float = 0.0


@dataclass(frozen=True, slots=True)
class Clusters:
    """Points that stand together on the screen are one circle with their number, in `colour`.

    They stand together in squares about `cell_px` wide. One that is alone, and at scales nearer than
    1 : `min_scale` every one, is drawn with `symbol`.
    """

    symbol: Symbol
    colour: str = "accent"
    cell_px: float = 72.0
    min_scale: float | None = None


@dataclass(frozen=True, slots=True)
class Heat:
    """Points as warmth in the colours of `ramp`: each spreads over `radius_px`, by its number in `weight`.

    At scales nearer than 1 : `min_scale` each is drawn with `symbol`.
    """

    symbol: Symbol
    ramp: str = "ember"
    radius_px: float = 24.0
    weight: str = ""
    min_scale: float | None = None


Rule = Simple | Categorised | Graduated | Ruled | Own | Live | Pixels | Clusters | Heat


@dataclass(frozen=True, slots=True)
class Style:
    rule: Rule
    label: LabelRule | None = None


def casing_of(stroke: Stroke) -> Stroke:
    """The edge of a stroke as a stroke of its own, to be drawn under it."""
    width_px = stroke.width_px + 2 * stroke.casing_px
    return replace(stroke, colour=stroke.casing, width_px=width_px, dash=(), casing="", cap=stroke.ends)


def together(rule: Rule, scale: float) -> bool:
    """True when points are shown together at 1 : `scale`, not each by itself."""
    return isinstance(rule, Clusters | Heat) and (rule.min_scale is None or scale >= rule.min_scale)


def in_scale(part: Category | Case | LabelRule, scale: float) -> bool:
    """True when a part of a style is shown at 1 : `scale`."""
    near = part.min_scale is None or scale >= part.min_scale
    return near and (part.max_scale is None or scale <= part.max_scale)
