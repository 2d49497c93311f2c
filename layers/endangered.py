"""How zones of danger look: each severity in its colour, with a hatch and a digit of its own beside it."""

from gis.model.incident import Severity
from gis.report.signs import INK, SIGNS
from gis.texts import _
from gis.words.terms import SEVERITY
from layers.style import (
    Categorised,
    Category,
    Fill,
    Hatch,
    LabelRule,
    Marker,
    MarkerShape,
    Pattern,
    Stroke,
    Style,
    Symbol,
)

STAR_PX, EXERCISE_INK = 26.0, "#8a5bd6"
_HATCHES = {  # the graver the denser: pattern, pixels from line to line, and the ground under it
    Severity.EXTREME: (Pattern.CROSSED, 12.0, 0.12),
    Severity.SEVERE: (Pattern.RISING, 10.0, 0.12),
    Severity.MODERATE: (Pattern.FALLING, 13.0, 0.28),  # pale ink
    Severity.MINOR: (Pattern.DOTS, 11.0, 0.12),
    Severity.UNKNOWN: (Pattern.LEVEL, 14.0, 0.12),
}


def hazard_style() -> Style:
    """The look of warnings, told apart by the column "sign": a severity, or "Exercise"."""
    mild_first = [_severity(each) for each in reversed(Severity)]
    label = LabelRule("title", 12.0, "ink", bold=True, priority=8, beyond=True)
    return Style(Categorised("sign", (_exercise(), *mild_first), _severity(Severity.UNKNOWN).symbol), label)


def _severity(severity: Severity) -> Category:
    sign, (pattern, spacing_px, ground) = SIGNS[severity], _HATCHES[severity]
    width_px = 3.0 if pattern is Pattern.DOTS else 1.6
    symbol = Symbol(
        Fill(sign.fill, ground, Hatch(pattern, sign.fill, spacing_px, width_px, 0.8)),
        Stroke(sign.fill, 3.0, casing=INK, casing_px=0.9),
        Marker(sign.fill, MarkerShape.STAR, STAR_PX, INK, sign.digit),
    )
    return Category(severity.value, symbol, SEVERITY[severity])


def _exercise() -> Category:
    symbol = Symbol(
        Fill(EXERCISE_INK, 0.0, Hatch(Pattern.UPRIGHT, EXERCISE_INK, 20.0, 1.0, 0.6)),
        Stroke(EXERCISE_INK, 1.8, dash=(6.0, 4.0), casing="halo"),
        Marker("background", MarkerShape.STAR, STAR_PX, EXERCISE_INK, "E"),
    )
    return Category("Exercise", symbol, _("exercise"))
