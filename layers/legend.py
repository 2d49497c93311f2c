"""What the signs of a layer mean, row by row, as they are drawn."""

from dataclasses import dataclass

from gis.model.incident import Severity
from gis.texts import _
from layers.style import Categorised, Graduated, Live, Rule, Simple, Style, Symbol


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One sign and its meaning: a symbol, or the severity (1 to 5) of a live symbol."""

    title: str
    symbol: Symbol | None = None
    severity: int = 0


def legend(style: Style, title: str) -> tuple[LegendRow, ...]:
    """The rows of a layer from top to bottom; a layer of one look has one row with its own title."""
    return _rows(style.rule, title)


def _rows(rule: Rule, title: str) -> tuple[LegendRow, ...]:
    match rule:
        case Simple(symbol):
            return (LegendRow(title, symbol),)
        case Categorised(_column, classes, other):
            named = tuple(LegendRow(entry.title or entry.value, entry.symbol) for entry in reversed(classes))
            return named + _other(other)
        case Graduated(_column, breaks, symbols, other):
            edges = zip(breaks[:-1], breaks[1:], symbols, strict=True)
            rows = [LegendRow(_range(low, high), symbol) for low, high, symbol in edges]
            return tuple(rows) + _other(other)
        case Live():
            words = {each.priority: each for each in Severity}
            return tuple(LegendRow(severity_word(words[p]), severity=p) for p in sorted(words))


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


def _other(symbol: Symbol | None) -> tuple[LegendRow, ...]:
    return (LegendRow(_("Others"), symbol),) if symbol else ()


def _range(low: float, high: float) -> str:
    return _("{low} to {high}").format(low=f"{low:,.6g}", high=f"{high:,.6g}")
