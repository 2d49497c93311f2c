"""Styles of QGIS (.qml) as they stand in the file: symbols, classes, rules, labels, not yet understood.

Versions 2 and 3 write the same things under different names; here they have one form.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from gis.errors import UserError
from gis.exchange.markup import refused, tree
from gis.texts import _

LARGEST = 16_000_000  # bytes; the largest real one seen has 35 thousand
DEEPEST = 60
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"^\s*<!DOCTYPE\s+qgis\b[^<>\[\]]*>")  # QGIS's own, which declares nothing

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SymbolLayer:
    """One layer of a symbol: what QGIS calls its kind ("SimpleFill"), its properties, a symbol within."""

    kind: str
    said: Words
    inner: "QmlSymbol | None" = None
    driven: bool = False  # by the columns of each feature


@dataclass(frozen=True, slots=True)
class QmlSymbol:
    """`kind` is marker, line or fill; its layers from bottom to top."""

    kind: str
    opacity: float
    layers: tuple[SymbolLayer, ...]


@dataclass(frozen=True, slots=True)
class QmlClass:
    """A category (`values`; none or "" for all others) or a range (`low` to `high`)."""

    symbol: QmlSymbol | None
    title: str
    shown: bool
    values: tuple[str, ...] = ()
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class QmlRule:
    """A rule and those under it. Scales are denominators, "0" or nothing for no bound."""

    symbol: QmlSymbol | None
    filter: str
    title: str
    shown: bool
    nearest: str
    farthest: str
    inner: tuple["QmlRule", ...] = ()


@dataclass(frozen=True, slots=True)
class Qml:
    """A style. `renderer` is QGIS's word; `around` is that of a renderer this one was wrapped in.

    `labels` are the settings of its labels under the names of version 2, empty where it has none;
    `label_rules` counts further sets of them. `scales` are the nearest and farthest denominators.
    """

    renderer: str
    around: str = ""
    column: str = ""
    symbol: QmlSymbol | None = None
    classes: tuple[QmlClass, ...] = ()
    rules: tuple[QmlRule, ...] = ()
    labels: Words = field(default_factory=dict[str, str])
    label_rules: int = 0
    opacity: float = 1.0
    scales: tuple[str, str] = ("", "")


def style_beside(path: Path) -> Path | None:
    """The style that lies beside a map file, as QGIS leaves it there; None when there is none."""
    beside = path.with_suffix(".qml")
    return beside if beside != path and beside.is_file() else None


def read_file(path: Path) -> Qml:
    """The style in a file. Raises UserError when it cannot be read, is dangerous, or is no style."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(
            _("{name} cannot be read: {reason}.").format(name=path.name, reason=error.strerror or error),
            hint=_("The layer keeps its look."),
        ) from error
    return read(content)


def read(content: bytes) -> Qml:
    """The style in these bytes. Raises UserError."""
    if len(content) > LARGEST:
        raise refused(_("This file is too large for a style."))
    text = content.decode("utf-8-sig", errors="replace")
    root = tree(_DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1), DEEPEST)
    if root.tag != "qgis":
        raise refused(_("This file is no style of QGIS."))
    found = root.find("renderer-v2")
    if found is None:
        raise refused(
            _("This style colours a picture of cells (a raster), no areas, lines or points.")
            if root.find("pipe") is not None or root.find("rasterproperties") is not None
            else _("This style does not say how features look.")
        )
    return _style(root, found)


def _style(root: ET.Element, renderer: ET.Element) -> Qml:
    within = renderer.find("renderer-v2")
    inner = renderer if within is None else within
    symbols = {each.get("name", ""): _symbol(each) for each in _all(inner, "symbols", "symbol")}
    labels, label_rules = _labels(root)
    return Qml(
        renderer=inner.get("type", ""),
        around="" if within is None else renderer.get("type", ""),
        column=inner.get("attr", ""),
        symbol=symbols.get("0"),
        classes=(*_categories(inner, symbols), *_ranges(inner, symbols)),
        rules=tuple(_rule(each, symbols) for each in _all(inner, "rules", "rule")),
        labels=labels,
        label_rules=label_rules,
        opacity=_opacity(root),
        scales=_scales(root),
    )


def _all(element: ET.Element, holder: str, name: str) -> Iterator[ET.Element]:
    held = element.find(holder)
    return iter(()) if held is None else (child for child in held if child.tag == name)


def _symbol(element: ET.Element) -> QmlSymbol:
    layers = tuple(
        _layer(each) for each in element if each.tag == "layer" and each.get("enabled", "1") != "0"
    )
    return QmlSymbol(element.get("type", ""), number(element.get("alpha", "1"), 1.0), layers)


def _layer(element: ET.Element) -> SymbolLayer:
    said = {each.get("k", ""): each.get("v", "") for each in element.iterfind("prop")}
    options = next((each for each in element.iterfind("Option") if each.get("type") == "Map"), None)
    if options is not None:
        said |= {each.get("name", ""): each.get("value", "") for each in options}
    inner = element.find("symbol")
    driven = element.find("data_defined_properties/Option/Option[@name='properties']")
    return SymbolLayer(
        element.get("class", ""),
        said,
        None if inner is None else _symbol(inner),
        (driven is not None and len(driven) > 0)
        or any(name.endswith("_dd_active") and value == "1" for name, value in said.items()),
    )


def _categories(renderer: ET.Element, symbols: Mapping[str, QmlSymbol]) -> Iterator[QmlClass]:
    for each in _all(renderer, "categories", "category"):
        several = tuple(value.get("value", "") for value in each.iterfind("val"))
        null = each.get("type") == "NULL"
        yield QmlClass(
            symbols.get(each.get("symbol", "")),
            each.get("label", ""),
            each.get("render", "true") != "false",
            several or (() if null else (each.get("value", ""),)),
        )


def _ranges(renderer: ET.Element, symbols: Mapping[str, QmlSymbol]) -> Iterator[QmlClass]:
    for each in _all(renderer, "ranges", "range"):
        yield QmlClass(
            symbols.get(each.get("symbol", "")),
            each.get("label", ""),
            each.get("render", "true") != "false",
            low=each.get("lower", ""),
            high=each.get("upper", ""),
        )


def _rule(element: ET.Element, symbols: Mapping[str, QmlSymbol]) -> QmlRule:
    return QmlRule(
        symbols.get(element.get("symbol", "")),
        element.get("filter", "").strip(),
        element.get("label", ""),
        element.get("checkstate", "1") != "0",
        element.get("scalemindenom", ""),
        element.get("scalemaxdenom", ""),
        tuple(_rule(each, symbols) for each in element if each.tag == "rule"),
    )


def _labels(root: ET.Element) -> tuple[Words, int]:
    """The settings of the labels, and how many more sets of them there are."""
    all_settings = root.findall("labeling//settings")
    if all_settings:
        return _labels_3(all_settings[0]), len(all_settings) - 1
    said = {
        each.get("key", "").removeprefix("labeling/"): each.get("value", "")
        for each in root.iterfind("customproperties/property")
        if each.get("key", "").startswith("labeling/")
    }
    on = said.get("enabled") == "true" and said.get("drawLabels", "true") == "true"
    return (said if on else {}), 0


def _labels_3(settings: ET.Element) -> Words:
    """As version 2 would have written them: one flat list."""
    said: dict[str, str] = {}
    for name in ("text-style", "text-style/text-buffer", "text-buffer", "placement", "rendering"):
        part = settings.find(name)
        if part is not None:
            said |= part.attrib
    return {} if said.get("drawLabels") == "0" else said


def _opacity(root: ET.Element) -> float:
    clear = number(root.findtext("layerTransparency", ""), 0.0)
    return number(root.findtext("layerOpacity", ""), 1.0 - clear / 100)


def _scales(root: ET.Element) -> tuple[str, str]:
    """Nearest and farthest denominator; version 3 calls the farthest the smallest scale."""
    if root.get("hasScaleBasedVisibilityFlag") != "1":
        return "", ""
    if "minScale" in root.attrib:
        return root.get("maxScale", ""), root.get("minScale", "")
    return root.get("minimumScale", ""), root.get("maximumScale", "")


def number(text: str | None, otherwise: float) -> float:
    """A finite number, else `otherwise`."""
    try:
        value = float(text or "")
    except ValueError:
        return otherwise
    return value if abs(value) < 1e300 else otherwise
