"""A style changed sign by sign: what a form edits, as functions from one rule to the next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from gis.model.incident import Severity
from gis.report.signs import INK, SIGNS
from layers.classify import CATEGORIES
from layers.columns import as_text
from layers.filters.tree import Among, Compare, Every, Filter, Missing, Not, Op
from layers.style import (
    Case,
    Categorised,
    Category,
    Clusters,
    Fill,
    Graduated,
    Heat,
    Marker,
    MarkerShape,
    Rule,
    Ruled,
    Simple,
    Stroke,
    Symbol,
)

MOST_VALUES = 12
OTHER_GREY = "#98a3ad"
SEVERITY_PX = 22.0  # below that the digit cannot be read


def plain_symbol(colour: str) -> Symbol:
    """One colour for polygons, lines and points alike."""
    return Symbol(Fill(colour, 0.55), Stroke(colour, 1.6), Marker(colour))


def categories(column: str, values: NDArray[Any]) -> Categorised:
    """A colour for each of the most frequent values, grey for the rest."""
    counts = Counter(as_text(value) for value in values if value is not None)
    common = sorted(value for value, _count in counts.most_common(MOST_VALUES) if value)
    classes = tuple(
        Category(value, plain_symbol(CATEGORIES[n % len(CATEGORIES)])) for n, value in enumerate(common)
    )
    return Categorised(column, classes, other=plain_symbol(OTHER_GREY))


def by_severity(column: str) -> Categorised:
    """The signs of CAP for a column that holds its words or the digits 1 to 4: shape, digit and colour."""

    def sign(severity: Severity) -> Category:
        of = SIGNS[severity]
        marker = Marker(of.fill, MarkerShape(of.shape), SEVERITY_PX, INK, of.digit)
        symbol = Symbol(Fill(of.fill, 0.55), Stroke(of.fill, 2.4, casing=INK), marker)
        word = severity.value
        return Category(word, symbol, also=(word.lower(), word.upper(), str(severity.priority)))

    mild_first = reversed([each for each in Severity if each is not Severity.UNKNOWN])
    other = sign(Severity.UNKNOWN).symbol
    return Categorised(column, tuple(sign(each) for each in mild_first), other)


def signs(rule: Rule) -> tuple[Symbol, ...]:
    """The symbols of a rule in the order in which they can be changed, `other` last."""
    match rule:
        case Simple(symbol) | Clusters(symbol) | Heat(symbol):
            return (symbol,)
        case Categorised(_column, classes):
            return (*(entry.symbol for entry in classes), *_last(rule.other))
        case Graduated(_column, _breaks, symbols):
            return (*symbols, *_last(rule.other))
        case Ruled(cases):
            return tuple(case.symbol for case in cases)
        case _:
            return ()


def with_sign(rule: Rule, n: int, symbol: Symbol) -> Rule:
    """The rule with another symbol at place `n` of `signs`."""
    match rule:
        case Simple() | Clusters() | Heat():
            return replace(rule, symbol=symbol)
        case Categorised(_column, classes) if n < len(classes):
            return replace(rule, classes=_put(classes, n, replace(classes[n], symbol=symbol)))
        case Graduated(_column, _breaks, symbols) if n < len(symbols):
            return replace(rule, symbols=_put(symbols, n, symbol))
        case Categorised() | Graduated():
            return replace(rule, other=symbol)
        case Ruled(cases):
            return with_case(rule, n, replace(cases[n], symbol=symbol))
        case _:
            return rule


def with_case(rule: Ruled, n: int, case: Case) -> Ruled:
    """The rules with another one at place `n`."""
    return replace(rule, cases=_put(rule.cases, n, case))


def clustered(rule: Rule) -> Clusters:
    """The same points counted where they stand together, each by itself as its first sign says."""
    return rule if isinstance(rule, Clusters) else Clusters(_first(rule), min_scale=_far(rule))


def warmed(rule: Rule) -> Heat:
    """The same points as warmth."""
    return rule if isinstance(rule, Heat) else Heat(_first(rule), min_scale=_far(rule))


def _first(rule: Rule) -> Symbol:
    return next(iter(signs(rule)), plain_symbol("#0072b2"))


def _far(rule: Rule) -> float | None:
    return rule.min_scale if isinstance(rule, Clusters | Heat) else None


def moved_case(rule: Ruled, n: int, to: int) -> Ruled:
    """The rules with the one at `n` put at `to`."""
    rest = (*rule.cases[:n], *rule.cases[n + 1 :])
    return replace(rule, cases=(*rest[:to], rule.cases[n], *rest[to:]))


def as_rules(rule: Rule) -> Ruled:
    """The same looks as rules, to be refined: values become filters, classes become ranges."""
    match rule:
        case Ruled():
            return rule
        case Categorised(column, classes, other):
            cases = [
                Case(
                    entry.symbol,
                    _named(column, entry),
                    entry.title or entry.value,
                    entry.max_scale,
                    entry.min_scale,
                )
                for entry in classes
            ]
        case Graduated(column, breaks, symbols, other):
            last = len(symbols) - 1
            cases = [
                Case(symbol, _between(column, breaks[i], breaks[i + 1], closed=i == last))
                for i, symbol in enumerate(symbols)
            ]
        case Simple(symbol) | Clusters(symbol) | Heat(symbol):
            return Ruled((Case(symbol),))
        case _:
            return Ruled(())
    others = (Case(other, otherwise=True),) if other else ()
    return Ruled((*cases, *others), first=True)


def _named(column: str, entry: Category) -> Filter:
    values = tuple(value for value in (entry.value, *entry.also) if value)
    if not values:
        return Missing(column)
    return Compare(column, Op.EQUAL, values[0]) if len(values) == 1 else Among(column, values)


def _between(column: str, low: float, high: float, *, closed: bool) -> Filter:
    return Every(
        (Compare(column, Op.AT_LEAST, low), Compare(column, Op.AT_MOST if closed else Op.LESS, high))
    )


def worth_asking(columns: Mapping[str, NDArray[Any]]) -> Filter | None:
    """A first filter to start from: the most frequent value of the first column with few of them."""
    for name, values in columns.items():
        found = Counter(as_text(value) for value in values[:5_000])
        found.pop("", None)
        if 1 < len(found) <= MOST_VALUES:
            return Compare(name, Op.EQUAL, found.most_common(1)[0][0])
    return next((Not(Missing(name)) for name in columns), None)


def _last(other: Symbol | None) -> tuple[Symbol, ...]:
    return (other,) if other else ()


def _put(parts: tuple[Any, ...], n: int, part: Any) -> tuple[Any, ...]:
    return (*parts[:n], part, *parts[n + 1 :])
