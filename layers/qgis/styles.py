"""A style of QGIS as a style of ours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from gis.errors import UserError
from gis.exchange.qml import Qml, QmlClass, QmlRule, QmlSymbol, Words, number
from gis.texts import _
from layers.filters.reading import read_filter
from layers.filters.tree import Either, Every, Filter, Not
from layers.qgis.symbols import symbol_of
from layers.qgis.units import colour, column, length
from layers.style import (
    Case,
    Categorised,
    Category,
    Graduated,
    LabelRule,
    Rule,
    Ruled,
    Simple,
    Style,
    Symbol,
)

MOST = 500  # classes or rules: of more, nobody can tell one from another
Tell = Callable[[str], None]
_WRAPPED = {"pointCluster", "pointDisplacement", "invertedPolygonRenderer", "mergedFeatureRenderer"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A style, the layer's opacity and scales (denominators), and in sentences what is not as in QGIS."""

    style: Style
    opacity: float
    min_scale: float | None
    max_scale: float | None
    dropped: tuple[str, ...]


def taken(found: Qml) -> Taken:
    """What we can draw of a style. Raises UserError when that is nothing."""
    dropped: dict[str, None] = {}

    def tell(sentence: str) -> None:
        dropped.setdefault(sentence)

    if found.around:
        tell(_("{kind}: features are drawn one by one instead.").format(kind=found.around))
    style = Style(_rule(found, tell), _label(found, tell))
    near, far = (_denominator(text) for text in found.scales)
    return Taken(style, min(max(found.opacity, 0.0), 1.0), near, far, tuple(dropped))


def _rule(found: Qml, tell: Tell) -> Rule:
    match found.renderer:
        case "singleSymbol" if found.symbol is not None:
            return Simple(symbol_of(found.symbol, tell))
        case "categorizedSymbol":
            return _categorised(found, tell)
        case "graduatedSymbol":
            return _graduated(found, tell)
        case "RuleRenderer":
            return _ruled(found, tell)
        case "nullSymbol":
            return Simple(Symbol())
        case _ if found.symbol is not None:
            tell(_("{kind}: all features are drawn alike.").format(kind=found.renderer or "?"))
            return Simple(symbol_of(found.symbol, tell))
        case _:
            raise UserError(
                _("This style draws features in a way we do not know ({kind}).").format(
                    kind=found.renderer or "?"
                ),
                hint=_("The layer keeps its look."),
            )


def _column(found: Qml) -> str:
    name = column(found.column) or ("" if set(found.column) & set("()+*/|'\"") else found.column.strip())
    if not name:
        raise UserError(
            _("The classes of this style follow a calculation ({text}), not a column.").format(
                text=found.column[:80]
            ),
            hint=_("The layer keeps its look. Save the result as a column, and use that."),
        )
    return name


def _shown(found: Qml, tell: Tell) -> Iterator[tuple[QmlClass, QmlSymbol]]:
    if len(found.classes) > MOST:
        tell(_("It has more classes than can be told apart; the first of them are drawn."))
    for each in found.classes[:MOST]:
        if each.symbol is not None and each.shown:
            yield each, each.symbol
        else:
            tell(_("The class “{title}” is switched off there and left out.").format(title=_title(each)))


def _title(each: QmlClass) -> str:
    return (each.title or ", ".join(each.values) or f"{each.low} - {each.high}")[:60]


def _categorised(found: Qml, tell: Tell) -> Categorised:
    classes: list[Category] = []
    other: Symbol | None = None
    for each, symbol in _shown(found, tell):
        values = [_value(value) for value in each.values]
        if values in ([], [""]):
            other = symbol_of(symbol, tell)
        else:
            title = each.title if each.title != each.values[0] else ""
            classes.append(Category(values[0], symbol_of(symbol, tell), title, also=tuple(values[1:])))
    return Categorised(_column(found), tuple(classes), other)


def _value(text: str) -> str:
    """As our categories name it: 3.0 is "3"."""
    value = number(text, 0.5)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 and "." in text else text


def _graduated(found: Qml, tell: Tell) -> Rule:
    """Ranges that meet become classes; with gaps between them they become rules."""
    name = _column(found)
    parts = [
        (number(each.low, 0.0), number(each.high, 0.0), each, symbol_of(symbol, tell))
        for each, symbol in _shown(found, tell)
    ]
    parts.sort(key=lambda part: part[:2])
    if not parts:
        raise UserError(_("This style has no class that is drawn."), hint=_("The layer keeps its look."))
    edges = (*(low for low, _high, _each, _symbol in parts), parts[-1][1])
    if all(abs(part[1] - edges[n + 1]) <= 1e-9 * max(1.0, abs(part[1])) for n, part in enumerate(parts)):
        return Graduated(name, edges, tuple(part[3] for part in parts))
    quoted = name.replace('"', '""')
    return Ruled(
        tuple(
            Case(symbol, read_filter(f'"{quoted}" >= {low!r} AND "{quoted}" <= {high!r}'), each.title)
            for low, high, each, symbol in parts
        ),
        first=True,
    )


@dataclass(frozen=True, slots=True)
class _Above:
    """What the rules above a rule ask of it."""

    when: Filter | None = None
    near: float | None = None
    far: float | None = None


def _ruled(found: Qml, tell: Tell) -> Ruled:
    cases = tuple(_cases(found.rules, _Above(), tell))
    if not cases:
        raise UserError(
            _("None of the rules of this style can be drawn."), hint=_("The layer keeps its look.")
        )
    if len(cases) > MOST:
        tell(_("It has more rules than can be told apart; the first of them are drawn."))
    return Ruled(cases[:MOST])


def _cases(rules: tuple[QmlRule, ...], above: _Above, tell: Tell) -> Iterator[Case]:
    asked: list[Filter] = []
    for rule in rules:
        if not rule.shown:
            tell(_("The rule “{title}” is switched off there and left out.").format(title=_name(rule)))
            continue
        otherwise = rule.filter.upper() == "ELSE"
        try:
            own = read_filter(rule.filter) if rule.filter and not otherwise else None
        except UserError as error:
            tell(_("The rule “{title}” is left out: {reason}").format(title=_name(rule), reason=error))
            continue
        asked += [own] if own is not None else []
        if otherwise and above.when is not None and asked:
            own = Not(asked[0] if len(asked) == 1 else Either(tuple(asked)))
        inner = _narrowed(above, own, rule)
        if rule.symbol is not None:
            yield Case(
                symbol_of(rule.symbol, tell),
                None if otherwise and above.when is None else inner.when,
                rule.title,
                inner.far,
                inner.near,
                otherwise and above.when is None,
            )
        yield from _cases(rule.inner, inner, tell)


def _name(rule: QmlRule) -> str:
    return (rule.title or rule.filter or "?")[:60]


def _narrowed(above: _Above, own: Filter | None, rule: QmlRule) -> _Above:
    both = [part for part in (above.when, own) if part is not None]
    near, far = _denominator(rule.nearest), _denominator(rule.farthest)
    return _Above(
        None if not both else both[0] if len(both) == 1 else Every(tuple(both)),
        max((scale for scale in (above.near, near) if scale is not None), default=None),
        min((scale for scale in (above.far, far) if scale is not None), default=None),
    )


def _denominator(text: str) -> float | None:
    """A scale denominator; 0, nothing and all the world are no bound."""
    value = number(text, 0.0)
    return value if 1 < value < 1e8 else None


def _label(found: Qml, tell: Tell) -> LabelRule | None:
    said = found.labels
    if not said:
        return None
    if found.label_rules:
        tell(_("Of several rules for names the first is used."))
    text = said.get("fieldName", "")
    name = column(text) if said.get("isExpression") in ("true", "1") else text.strip()
    if not name:
        tell(_("Names that are calculated ({text}) are not written.").format(text=text[:60] or "?"))
        return None
    made = LabelRule(
        name,
        round(min(max(_font_px(said), 6.0), 40.0), 1),
        _ink(said),
        bold=number(said.get("fontWeight"), 50) >= 63 or said.get("fontBold") in ("true", "1"),
        italic=said.get("fontItalic") in ("true", "1"),
        capitals=said.get("fontCapitals", said.get("capitalization")) == "1",
        along=said.get("placement") in ("2", "3", "4"),
        priority=round(min(max(number(said.get("priority"), 5), 0), 10)),
    )
    if said.get("scaleVisibility") in ("true", "1"):
        near, far = (_denominator(said.get(name, "")) for name in ("scaleMin", "scaleMax"))
        made = replace(made, min_scale=near, max_scale=far)
    return _haloed(made, said)


def _font_px(said: Words) -> float:
    unit = "MapUnit" if said.get("fontSizeInMapUnits") == "true" else said.get("fontSizeUnit", "Point")
    size, on_the_ground = length({"size": said.get("fontSize", "8.25"), "size_unit": unit}, "size")
    return 12.0 if on_the_ground else size


def _ink(said: Words) -> str:
    parts = ",".join(said.get(f"textColor{part}", "0") for part in "RGB")
    return colour(said.get("textColor", parts))[0]


def _haloed(made: LabelRule, said: Words) -> LabelRule:
    drawn = said.get("bufferDraw") in ("true", "1")
    if not drawn:
        return replace(made, halo_px=0.0)
    size, _on_the_ground = length(
        {"size": said.get("bufferSize", "1"), "size_unit": said.get("bufferSizeUnits", "MM")}, "size"
    )
    parts = ",".join(said.get(f"bufferColor{part}", "255") for part in "RGB")
    ink = colour(said.get("bufferColor", parts))[0]
    return replace(made, halo=ink, halo_px=round(min(size, 4.0), 1))
