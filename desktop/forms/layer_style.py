"""How a layer looks: one look, a look per value, or classes of a number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout

from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.errors import UserError
from gis.geo.features import Features
from gis.texts import _
from layers.classify import CATEGORIES, RAMPS, Method, breaks, graduated
from layers.columns import as_text, numbers_of
from layers.layer import Layer
from layers.style import Categorised, Category, Fill, Graduated, Marker, Rule, Simple, Stroke, Symbol

MOST_VALUES = 12
OTHER_GREY = "#98a3ad"
ONE, VALUES, CLASSES = "one", "values", "classes"


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


class LayerStyleForm(Form):
    """`chosen` carries the layer's id and its new style at every change; `left` when that is enough."""

    chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__(_("Style of a layer"))
        self._layer: Layer | None = None
        self._columns: Mapping[str, NDArray[Any]] = {}
        self._filling = False
        self.title, self.words = QLabel(), QLabel()
        self.kind, self.column, self.colour = QComboBox(), QComboBox(), QComboBox()
        self.ramp, self.method, self.count = QComboBox(), QComboBox(), QSpinBox()
        self._fill_choices()
        self._arrange()
        for box in (self.kind, self.column, self.colour, self.ramp, self.method):
            box.currentIndexChanged.connect(self._apply)
        self.count.valueChanged.connect(self._apply)

    def _fill_choices(self) -> None:
        for key, text in (
            (ONE, _("One look for all")),
            (VALUES, _("A look for each value")),
            (CLASSES, _("Classes of a number")),
        ):
            self.kind.addItem(text, key)
        for number, colour in enumerate(CATEGORIES, 1):
            self.colour.addItem(_patch((colour,)), _("Colour {number}").format(number=number), colour)
        for name, colours in RAMPS.items():
            self.ramp.addItem(_patch(colours), name, name)
        self.ramp.setIconSize(QSize(48, 14))
        for method in Method:
            self.method.addItem(method.value, method)
        self.count.setRange(2, 9)
        self.count.setValue(5)

    def _arrange(self) -> None:
        self.title.setProperty("strong", True)
        self.words.setProperty("dim", True)
        self.words.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Done"), self.left.emit))
        self.form = QFormLayout()
        for name, widget in (
            (_("Look"), self.kind),
            (_("Column"), self.column),
            (_("Colour"), self.colour),
            (_("Colours"), self.ramp),
            (_("Breaks"), self.method),
            (_("Classes"), self.count),
        ):
            widget.setAccessibleName(name)
            self.form.addRow(name, widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addLayout(self.form)
        column.addWidget(self.words)
        column.addStretch(1)

    def ask(self, layer: Layer, found: Sequence[Features]) -> None:
        """Ask how this layer shall look; `found` are its features, for their columns."""
        self._layer = layer
        self._columns = found[0].columns if found else {}
        self._filling = True
        self.title.setText(_("Style of {layer}").format(layer=layer.title))
        self.column.clear()
        self.column.addItems(list(self._columns))
        rule = layer.style.rule
        kind = VALUES if isinstance(rule, Categorised) else CLASSES if isinstance(rule, Graduated) else ONE
        self.kind.setCurrentIndex(self.kind.findData(kind))
        if isinstance(rule, Categorised | Graduated):
            self.column.setCurrentIndex(max(self.column.findText(rule.column), 0))
        self._filling = False
        self._show_rows()
        self.kind.setFocus()

    def _show_rows(self) -> None:
        kind = self.kind.currentData()
        for widget, wanted in (
            (self.column, kind != ONE),
            (self.colour, kind == ONE),
            (self.ramp, kind == CLASSES),
            (self.method, kind == CLASSES),
            (self.count, kind == CLASSES),
        ):
            self.form.setRowVisible(widget, wanted)

    def _apply(self) -> None:
        if self._filling or self._layer is None:
            return
        self._show_rows()
        try:
            rule = self._rule()
        except UserError as error:
            self.words.setText(f"{error} {error.hint}")
            return
        self.words.setText("")
        if rule is not None:
            self.chosen.emit(self._layer.id, replace(self._layer.style, rule=rule))

    def _rule(self) -> Rule | None:
        column = self.column.currentText()
        values = self._columns.get(column)
        match self.kind.currentData():
            case "one":
                return Simple(plain_symbol(self.colour.currentData()))
            case "values" if values is not None:
                return categories(column, values)
            case "classes" if values is not None:
                edges = breaks(numbers_of(values), self.count.value(), Method(self.method.currentData()))
                return graduated(column, edges, self.ramp.currentData())
            case _:
                return None


def _patch(colours: Sequence[str]) -> QIcon:
    """A strip of colours."""
    pixmap = QPixmap(48, 14)
    image = pixmap.toImage()
    at = np.linspace(0, len(colours) - 1e-6, image.width()).astype(int)
    for x, n in enumerate(at):
        for y in range(image.height()):
            image.setPixelColor(x, y, QColor(colours[int(n)]))
    return QIcon(QPixmap.fromImage(image))
