"""Points that are shown together far out: as circles with their number, or as warmth."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from desktop.widgets.colourbox import ColourBox
from desktop.widgets.fields import pixels, row, scale
from desktop.widgets.swatch import strip
from gis.texts import _
from layers.colours import DAY, MapColours
from layers.heat import GLOWS
from layers.style import Clusters, Heat, Rule

LEAST_PX, MOST_PX = 56.0, 400.0  # narrower than that circles would cover each other


class CrowdEdit(QWidget):
    """`changed` carries the new rule, `Clusters` or `Heat`, at every change."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rule: Clusters | Heat | None = None
        self._filling = False
        self.ink, self.cell_px = (
            ColourBox(_("Colour of the circles"), DAY),
            pixels(_("Wide"), LEAST_PX, MOST_PX),
        )
        self.ramp, self.weight = QComboBox(), QComboBox()
        self.radius_px = pixels(_("How far a point spreads"), 4.0, 120.0)
        self.far = scale(_("Together from this scale on, farther out"), _("always"))
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(3)
        self._circles = row(self.form, _("Circles"), self.ink, self.cell_px)
        self._warmth = row(self.form, _("Warmth"), self.ramp, self.radius_px)
        self._weighed = row(self.form, _("Counts"), self.weight)
        self.form.addRow(_("From"), self.far)
        self.ramp.setIconSize(QSize(48, 14))
        for box, name in ((self.ramp, _("Colours")), (self.weight, _("What a point counts"))):
            box.setAccessibleName(name)
            box.setToolTip(name)
        for name, colours in GLOWS.items():
            self.ramp.addItem(strip(colours), name, name)
        self.ink.picked.connect(self._tell)
        for box in (self.ramp, self.weight):
            box.activated.connect(self._tell)
        for number in (self.cell_px, self.radius_px, self.far):
            number.valueChanged.connect(self._tell)

    def wear(self, colours: MapColours) -> None:
        self.ink.wear(colours)

    def ask(self, rule: Rule, columns: Iterable[str]) -> None:
        """Show a rule; nothing to ask of one that shows each point by itself."""
        self._rule = rule if isinstance(rule, Clusters | Heat) else None
        self.setVisible(self._rule is not None)
        self._filling = True
        match rule:
            case Clusters(_symbol, colour, cell_px):
                self.ink.choose(colour)
                self.cell_px.setValue(cell_px)
            case Heat(_symbol, ramp, radius_px, weight):
                self.ramp.setCurrentIndex(max(self.ramp.findData(ramp), 0))
                self.radius_px.setValue(radius_px)
                self._offer(tuple(columns), weight)
            case _:
                pass
        self.far.setValue(round((self._rule.min_scale if self._rule else None) or 0))
        self._filling = False
        warm = isinstance(rule, Heat)
        for each, shown in ((self._circles, not warm), (self._warmth, warm), (self._weighed, warm)):
            self.form.setRowVisible(each, shown)

    def _offer(self, columns: Sequence[str], weight: str) -> None:
        self.weight.clear()
        self.weight.addItem(_("one for each point"), "")
        for name in columns:
            self.weight.addItem(name, name)
        self.weight.setCurrentIndex(max(self.weight.findData(weight), 0))

    def _tell(self) -> None:
        if self._filling or self._rule is None:
            return
        rule = replace(self._rule, min_scale=self.far.value() or None)
        match rule:
            case Clusters():
                rule = replace(rule, colour=str(self.ink.currentData()), cell_px=self.cell_px.value())
            case Heat():
                ramp, weight = str(self.ramp.currentData()), str(self.weight.currentData())
                rule = replace(rule, ramp=ramp, radius_px=self.radius_px.value(), weight=weight)
        self._rule = rule
        self.changed.emit(rule)
