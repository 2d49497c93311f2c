"""How a layer of pixels looks: how bright, how clear, and measurements in which colours, under which sun."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from desktop.widgets.swatch import HEIGHT, WIDTH, swatch
from gis.texts import _
from layers.colours import DAY
from layers.layer import Layer
from layers.relief import COLOURS
from layers.style import Pixels, Style

WIDEST = 1e7


class RasterStyleForm(Form):
    """`chosen` carries the layer's id and its new style at every change, `faded` its id and opacity (0 to 1);
    `left` when that is enough. Leaving with Escape or Cancel gives the layer back the look it had."""

    chosen = Signal(str, object)
    faded = Signal(str, float)

    def __init__(self) -> None:
        super().__init__(_("Style of a layer of pixels"))
        self._layer: Layer | None = None
        self._before: Layer | None = None
        self._filling = False
        self.title = QLabel()
        self.title.setProperty("strong", True)
        self.opacity, self.brightness = _slider(0, 100), _slider(-80, 80)
        self.ramp, self.light = QComboBox(), QComboBox()
        self.low, self.high = _number(), _number()
        self.shaded = QCheckBox(_("As a relief in the light"))
        self._fill()
        self._arrange()
        self.opacity.valueChanged.connect(self._fade)
        for box in (self.ramp, self.light):
            box.currentIndexChanged.connect(self._apply)
        for part in (self.low, self.high, self.brightness):
            part.valueChanged.connect(self._apply)
        self.shaded.toggled.connect(self._apply)

    def _fill(self) -> None:
        for name in COLOURS:
            self.ramp.addItem(swatch(Pixels(name), DAY), name, name)
        self.ramp.setIconSize(QSize(WIDTH, HEIGHT))
        for degrees, word in (
            (0.0, _("north")),
            (45.0, _("north-east")),
            (90.0, _("east")),
            (135.0, _("south-east")),
            (180.0, _("south")),
            (225.0, _("south-west")),
            (270.0, _("west")),
            (315.0, _("north-west")),
        ):
            self.light.addItem(word, degrees)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Done"), self.submit))
        head.addWidget(push(_("Cancel"), self.cancel))
        self.form = QFormLayout()
        self.form.setVerticalSpacing(4)
        self.range = QWidget()
        row = QHBoxLayout(self.range)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (self.low, QLabel(_("to")), self.high):
            row.addWidget(part)
        row.addStretch(1)
        self.low.setAccessibleName(_("Lowest value"))
        self.high.setAccessibleName(_("Highest value"))
        for name, widget in (
            (_("Opacity"), self.opacity),
            (_("Brightness"), self.brightness),
            (_("Colours"), self.ramp),
            (_("Values"), self.range),
            (_("Light from"), self.light),
        ):
            widget.setAccessibleName(name)
            self.form.addRow(name, widget)
        self.form.insertRow(4, self.shaded)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addWidget(scrolled(self.form), 1)

    def ask(self, layer: Layer) -> None:
        """Ask how this layer shall look."""
        rule = layer.style.rule
        assert isinstance(rule, Pixels)
        self._layer = self._before = layer
        self._filling = True
        self.title.setText(_("Style of {layer}").format(layer=layer.title))
        self.opacity.setValue(round(layer.opacity * 100))
        self.brightness.setValue(round(rule.brightness * 100))
        self.ramp.setCurrentIndex(max(self.ramp.findData(rule.ramp), 0))
        self.low.setValue(rule.low or 0.0)
        self.high.setValue(rule.high or 0.0)
        self.shaded.setChecked(rule.shaded)
        self.light.setCurrentIndex(round(rule.light / 45.0) % self.light.count())
        self._filling = False
        self._show_rows(rule)
        self.opacity.setFocus()

    def _show_rows(self, rule: Pixels) -> None:
        """A picture has no values to be coloured."""
        measured = rule.low is not None
        for widget in (self.ramp, self.range, self.shaded):
            self.form.setRowVisible(widget, measured)
        self.form.setRowVisible(self.light, measured and rule.shaded)

    def _apply(self) -> None:
        if self._filling or self._layer is None or not isinstance(self._layer.style.rule, Pixels):
            return
        rule = replace(self._layer.style.rule, brightness=self.brightness.value() / 100)
        if rule.low is not None:
            low, high = sorted((self.low.value(), self.high.value()))
            rule = replace(rule, low=low, high=high, ramp=self.ramp.currentData())
            rule = replace(rule, shaded=self.shaded.isChecked(), light=self.light.currentData())
        self._layer = replace(self._layer, style=Style(rule))
        self._show_rows(rule)
        self.chosen.emit(self._layer.id, self._layer.style)

    def _fade(self, percent: int) -> None:
        if self._layer is not None and not self._filling:
            self.faded.emit(self._layer.id, percent / 100)

    def submit(self) -> None:
        self.left.emit()

    def cancel(self) -> None:
        """Everything as it was when the form was opened."""
        if self._layer is not None and self._before is not None:
            if self._layer.style != self._before.style:
                self.chosen.emit(self._before.id, self._before.style)
            if self.opacity.value() != round(self._before.opacity * 100):
                self.faded.emit(self._before.id, self._before.opacity)
        self.left.emit()


def _slider(low: int, high: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(low, high)
    slider.setPageStep(20)
    return slider


def _number() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-WIDEST, WIDEST)
    box.setDecimals(2)
    box.setKeyboardTracking(False)
    return box
