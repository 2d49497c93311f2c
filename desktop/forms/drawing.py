"""Title, words and look of a drawing: asked in the detail, never in the way."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
)

from desktop.widgets.buttons import push
from desktop.widgets.colourbox import ColourBox
from desktop.widgets.form import Form
from gis.model.drawing import Drawing, Filling, Sign
from gis.ops.drawings import WIDTHS_PX
from gis.texts import _
from layers.colours import MapColours

FILLINGS = {
    Filling.NONE: _("no filling"),
    Filling.LIGHT: _("light"),
    Filling.SOLID: _("solid"),
    Filling.RISING: _("rising lines"),
    Filling.CROSSED: _("crossed lines"),
    Filling.DOTS: _("dots"),
}
SIGNS = {
    Sign.CIRCLE: _("circle"),
    Sign.SQUARE: _("square"),
    Sign.DIAMOND: _("diamond"),
    Sign.TRIANGLE: _("triangle"),
    Sign.STAR: _("star"),
    Sign.CROSS: _("cross"),
    Sign.NONE: _("none, the title alone"),
}


class DrawingForm(Form):
    """`wanted` carries the drawing's id and the fields that shall change."""

    wanted = Signal(str, dict)

    def __init__(self, colours: MapColours) -> None:
        super().__init__(_("Title and look of a drawing"))
        self._drawing: Drawing | None = None
        self.heading = QLabel()
        self.heading.setProperty("strong", True)
        self.name, self.words = QLineEdit(), QLineEdit()
        self.name.setAccessibleName(_("Title"))
        self.words.setAccessibleName(_("Words"))
        self.words.setPlaceholderText(_("More words (may stay empty)"))
        self.colour = ColourBox(_("Colour"), colours)
        self.width_px = QDoubleSpinBox(minimum=WIDTHS_PX[0], maximum=WIDTHS_PX[1], singleStep=0.5, decimals=1)
        self.width_px.setAccessibleName(_("Line width in pixels"))
        self.filling, self.sign = _choice(_("Filling"), FILLINGS), _choice(_("Sign"), SIGNS)
        self.save = push(_("Save  Enter"), self.submit)
        self.leave = push(_("Leave it"), self.cancel)
        for field in (self.name, self.words):
            field.returnPressed.connect(self.submit)
        self._arrange()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        self._labels: dict[str, QLabel] = {}
        rows = (
            ("title", _("Title"), self.name),
            ("text", _("Words"), self.words),
            ("colour", _("Colour"), self.colour),
            ("width_px", _("Line width"), self.width_px),
            ("filling", _("Filling"), self.filling),
            ("sign", _("Sign"), self.sign),
        )
        for row, (name, words, widget) in enumerate(rows):
            label = self._labels[name] = QLabel(words)
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self.heading)
        column.addLayout(grid)
        column.addStretch(1)
        column.addLayout(buttons)

    def wear(self, colours: MapColours) -> None:
        self.colour.wear(colours)

    def ask(self, drawing: Drawing, heading: str) -> None:
        """Ask about a drawing, beginning with what it says; the title is there to be typed over."""
        self._drawing = drawing
        self.heading.setText(heading)
        self.name.setText(drawing.title)
        self.words.setText(drawing.text)
        self.colour.choose(drawing.colour)
        self.width_px.setValue(drawing.width_px)
        self.filling.setCurrentIndex(self.filling.findData(str(drawing.filling)))
        self.sign.setCurrentIndex(self.sign.findData(str(drawing.sign)))
        kind = drawing.place.geom_type.removeprefix("Multi")
        self._offer("filling", self.filling, kind == "Polygon")
        self._offer("sign", self.sign, kind == "Point")
        self._offer("width_px", self.width_px, kind != "Point")
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def _offer(self, name: str, widget: Any, wanted: bool) -> None:
        self._labels[name].setVisible(wanted)
        widget.setVisible(wanted)

    def submit(self) -> None:
        drawing = self._drawing
        if drawing is None:
            return
        said = {
            "title": " ".join(self.name.text().split()) or drawing.title,
            "text": self.words.text().strip(),
            "colour": self.colour.chosen,
            "width_px": self.width_px.value(),
            "filling": Filling(self.filling.currentData()),
            "sign": Sign(self.sign.currentData()),
        }
        changes = {name: value for name, value in said.items() if value != getattr(drawing, name)}
        self.wanted.emit(drawing.id, changes)


def _choice(name: str, words: dict[Any, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value, text in words.items():
        box.addItem(text, str(value))
    return box
