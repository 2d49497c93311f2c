"""How a layer looks: one look, a look per value, classes of a number, or rules; each sign as one likes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QVBoxLayout,
)

from desktop.forms.crowd import CrowdEdit
from desktop.forms.names import NamesEdit
from desktop.forms.rule import RuleEdit
from desktop.forms.signs import SignList
from desktop.forms.symbol import SymbolEdit
from desktop.widgets.buttons import push, tool
from desktop.widgets.fields import aligned
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from desktop.widgets.swatch import strip
from gis.errors import UserError
from gis.geo.features import Features, Shape
from gis.texts import _
from layers.choose import Looks
from layers.classify import RAMPS, Method, breaks, graduated, manual
from layers.colours import DAY, MapColours
from layers.columns import as_number, numbers_of
from layers.layer import Layer
from layers.restyle import (
    as_rules,
    categories,
    clustered,
    moved_case,
    plain_symbol,
    signs,
    warmed,
    with_case,
    with_sign,
    worth_asking,
)
from layers.style import Case, Categorised, Clusters, Graduated, Heat, LabelRule, Rule, Ruled, Simple, Style

ONE, VALUES, CLASSES, RULES, CIRCLES, WARMTH = "one", "values", "classes", "rules", "clusters", "heat"
TYPED = "typed"


class LayerStyleForm(Form):
    """`chosen` carries the layer's id and its new style at every change; `left` when that is enough.

    Leaving with Escape or Cancel gives the layer back the look it had. `more` is a menu for others to fill.
    """

    chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__(_("Style of a layer"))
        self._layer: Layer | None = None
        self._before: Style | None = None
        self._columns: Mapping[str, NDArray[Any]] = {}
        self._looks: list[Looks] = []
        self._shape, self._filling, self._colours = Shape.POLYGON, False, DAY
        self.title, self.words = QLabel(), QLabel()
        self.kind, self.column, self.ramp, self.method = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.count, self.edges, self.first = (
            QSpinBox(),
            QLineEdit(),
            QCheckBox(_("Only the first rule that fits")),
        )
        self.signs, self.rule, self.symbol, self.more = SignList(), RuleEdit(), SymbolEdit(), QMenu(self)
        self.crowd, self.names = CrowdEdit(), NamesEdit()
        self._fill_choices()
        self._arrange()
        self._join()

    def _join(self) -> None:
        self.kind.currentIndexChanged.connect(self._go_to_numbers)
        for box in (self.kind, self.column, self.ramp, self.method):
            box.currentIndexChanged.connect(self._apply)
        self.count.valueChanged.connect(self._apply)
        self.edges.editingFinished.connect(self._apply)
        self.first.toggled.connect(lambda on: self._set_rules(first=on))
        self.signs.picked.connect(self._pick)
        self.signs.added.connect(self._add_case)
        self.signs.removed.connect(self._remove_case)
        self.signs.moved.connect(self._move_case)
        self.symbol.changed.connect(
            lambda symbol: self._put(with_sign(self._now, self.signs.current, symbol))
        )
        self.rule.changed.connect(self._put_case)
        self.rule.told.connect(self._say)
        self.crowd.changed.connect(self._put)
        self.names.changed.connect(self._put_names)

    def _fill_choices(self) -> None:
        for key, text in (
            (ONE, _("One look for all")),
            (VALUES, _("A look for each value")),
            (CLASSES, _("Classes of a number")),
            (RULES, _("Rules")),
        ):
            self.kind.addItem(text, key)
        for name, colours in RAMPS.items():
            self.ramp.addItem(strip(colours), name, name)
        self.ramp.setIconSize(QSize(48, 14))
        for method in Method:
            self.method.addItem(method.value, method)
        self.method.addItem(_("as typed"), TYPED)
        self.edges.setPlaceholderText("0; 0.5; 1.5; 3")
        self.count.setRange(2, 9)
        self.count.setValue(5)

    def _arrange(self) -> None:
        self.title.setProperty("strong", True)
        self.words.setProperty("dim", True)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.hide()
        menu = tool(_("More"), lambda: None)
        menu.setMenu(self.more)
        menu.setPopupMode(menu.ToolButtonPopupMode.InstantPopup)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(menu)
        head.addWidget(push(_("Done"), self.submit))
        head.addWidget(push(_("Cancel"), self.cancel))
        self.form = QFormLayout()
        self.form.setVerticalSpacing(3)
        for name, widget in (
            (_("Look"), self.kind),
            (_("Column"), self.column),
            (_("Colours"), self.ramp),
            (_("Breaks"), self.method),
            (_("Classes"), self.count),
            (_("Edges"), self.edges),
        ):
            widget.setAccessibleName(name)
            self.form.addRow(name, widget)
        self.form.addRow(self.first)
        parts = (self.signs, self.rule, self.crowd, self.symbol, self.names)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.words)  # above what is scrolled
        column.addWidget(scrolled(self.form, *parts), 1)
        aligned(self.form, *(part.form for part in (self.rule, self.crowd, self.symbol, self.names)))

    @property
    def _now(self) -> Rule:
        assert self._layer is not None
        return self._layer.style.rule

    @property
    def layer(self) -> Layer | None:
        """The layer that is asked about, with the look it has now."""
        return self._layer

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self._columns)

    @property
    def points(self) -> bool:
        """It has points and nothing else."""
        return {looks.features.shape for looks in self._looks} == {Shape.POINT}

    @property
    def asked_column(self) -> str:
        """The column that its classes follow, or would."""
        return self.column.currentText()

    def wear(self, colours: MapColours) -> None:
        """Draw the signs in the inks of the map."""
        self._colours = colours
        for part in (self.symbol, self.crowd, self.names):
            part.wear(colours)
        if self._layer is not None:
            self._show_signs()

    def ask(self, layer: Layer, found: Sequence[Features], said: Sequence[str] = ()) -> None:
        """Ask how this layer shall look; `found` are its features; `said` is what a person should know."""
        self._layer, self._before = layer, layer.style
        self._columns = found[0].columns if found else {}
        self._shape = found[0].shape if found else Shape.POLYGON
        self._looks = [Looks(features) for features in found]
        self._filling = True
        self.title.setText(_("Style of {layer}").format(layer=layer.title))
        self.column.clear()
        self.column.addItems(list(self._columns))
        self._offer_crowds()
        self._filling = False
        self.show_style(layer.style, said)
        self.kind.setFocus()

    def show_style(self, style: Style, said: Sequence[str] = ()) -> None:
        """Show a style that comes from elsewhere."""
        assert self._layer is not None
        self._layer = replace(self._layer, style=style)
        self._filling = True
        self.kind.setCurrentIndex(self.kind.findData(_kind_of(style.rule)))
        if isinstance(style.rule, Categorised | Graduated):
            self.column.setCurrentIndex(max(self.column.findText(style.rule.column), 0))
        self._filling = False
        self._say("\n".join(said))
        self.names.ask(style.label, self._columns, self._shape)
        self._show_rows()
        self._show_signs()

    def wear_style(self, style: Style, said: Sequence[str] = ()) -> None:
        """Give the layer a whole style, and show it."""
        assert self._layer is not None
        self.show_style(style, said)
        self.chosen.emit(self._layer.id, style)

    def submit(self) -> None:
        self.left.emit()

    def cancel(self) -> None:
        """Everything as it was when the form was opened."""
        if self._layer is not None and self._before is not None and self._layer.style != self._before:
            self.chosen.emit(self._layer.id, self._before)
        self.left.emit()

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _go_to_numbers(self) -> None:
        """Classes begin with a column that can have them."""
        if self.kind.currentData() != CLASSES or self._filling or not self._columns:
            return
        chosen = self.column.currentText()
        each = (
            name for name in (chosen, *self._columns) if np.isfinite(numbers_of(self._columns[name])).any()
        )
        self._filling = True
        self.column.setCurrentText(next(each, chosen))
        self._filling = False

    def _show_rows(self) -> None:
        kind, typed = self.kind.currentData(), self.method.currentData() == TYPED
        for widget, wanted in (
            (self.column, kind in (VALUES, CLASSES)),
            (self.ramp, kind == CLASSES),
            (self.method, kind == CLASSES),
            (self.count, kind == CLASSES and not typed),
            (self.edges, kind == CLASSES and typed),
            (self.first, kind == RULES),
        ):
            self.form.setRowVisible(widget, wanted)

    def _apply(self) -> None:
        if self._filling or self._layer is None:
            return
        self._show_rows()
        try:
            rule = self._rule()
        except UserError as error:
            self._say(f"{error} {error.hint}")
            return
        self._say("")
        if rule is not None:
            self._put(rule)

    def _rule(self) -> Rule | None:
        column = self.column.currentText()
        values = self._columns.get(column)
        match self.kind.currentData():
            case "one":
                return Simple(next(iter(signs(self._now)), plain_symbol("#0072b2")))
            case "values" if values is not None:
                return categories(column, values)
            case "classes" if values is not None:
                return graduated(column, self._breaks(values), self.ramp.currentData())
            case "rules":
                return as_rules(self._now)
            case "clusters":
                return clustered(self._now)
            case "heat":
                return warmed(self._now)
            case _:
                return None

    def _breaks(self, values: NDArray[Any]) -> tuple[float, ...]:
        if self.method.currentData() == TYPED:
            said = self.edges.text().replace(",", ".").split(";")
            return manual(tuple(as_number(part) for part in said))
        return breaks(numbers_of(values), self.count.value(), Method(self.method.currentData()))

    def _put(self, rule: Rule) -> None:
        """The layer takes this rule, at once on the map too."""
        if self._layer is None:
            return
        self._layer = replace(self._layer, style=replace(self._layer.style, rule=rule))
        self._show_signs()
        self.chosen.emit(self._layer.id, self._layer.style)

    def _put_names(self, label: LabelRule | None) -> None:
        if self._layer is not None:
            self._layer = replace(self._layer, style=replace(self._layer.style, label=label))
            self.chosen.emit(self._layer.id, self._layer.style)

    def _offer_crowds(self) -> None:
        """Points can be shown together."""
        while self.kind.count() > self.kind.findData(RULES) + 1:
            self.kind.removeItem(self.kind.count() - 1)
        if self._shape is Shape.POINT:
            self.kind.addItem(_("Circles with their number"), CIRCLES)
            self.kind.addItem(_("Warmth"), WARMTH)

    def _show_signs(self) -> None:
        assert self._layer is not None
        self.crowd.ask(self._now, self._columns)
        self.signs.show_rule(self._now, self._looks, self._colours)
        self._pick()

    def _pick(self) -> None:
        """Show the sign that is current in the list."""
        rule, n = self._now, self.signs.current
        found = signs(rule)
        self.symbol.setVisible(bool(found))
        if found:
            self.symbol.ask(found[min(n, len(found) - 1)], self._shape)
        self.rule.setVisible(isinstance(rule, Ruled) and bool(found))
        if isinstance(rule, Ruled):
            self._filling = True
            self.first.setChecked(rule.first)
            self._filling = False
            if found and not self.rule.in_hand:
                self.rule.ask(rule.cases[n], frozenset(self._columns))

    def _put_case(self, case: Case) -> None:
        if isinstance(self._now, Ruled):
            self._put(
                with_case(
                    self._now, self.signs.current, replace(case, symbol=signs(self._now)[self.signs.current])
                )
            )

    def _set_rules(self, *, first: bool) -> None:
        if not self._filling and isinstance(self._now, Ruled):
            self._put(replace(self._now, first=first))

    def _add_case(self) -> None:
        if isinstance(self._now, Ruled):
            colour = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")[len(self._now.cases) % 4]
            case = Case(plain_symbol(colour), worth_asking(self._columns))
            self.signs.current = len(self._now.cases)
            self._put(replace(self._now, cases=(*self._now.cases, case)))

    def _remove_case(self) -> None:
        if isinstance(self._now, Ruled) and len(self._now.cases) > 1:
            n = self.signs.current
            self.signs.current = max(n - 1, 0)
            self._put(replace(self._now, cases=(*self._now.cases[:n], *self._now.cases[n + 1 :])))

    def _move_case(self, by: int) -> None:
        n = self.signs.current
        if isinstance(self._now, Ruled) and 0 <= n + by < len(self._now.cases):
            self.signs.current = n + by
            self._put(moved_case(self._now, n, n + by))


def _kind_of(rule: Rule) -> str:
    match rule:
        case Categorised():
            return VALUES
        case Graduated():
            return CLASSES
        case Ruled():
            return RULES
        case Clusters():
            return CIRCLES
        case Heat():
            return WARMTH
        case _:
            return ONE
