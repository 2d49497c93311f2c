"""The names of a layer on the map: from which column, in which letters, where, and at which scales."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QSpinBox, QToolButton, QWidget

from desktop.widgets.colourbox import ColourBox
from desktop.widgets.fields import pixels, row, scale
from gis.geo.features import Shape
from gis.texts import _
from layers.colours import DAY, MapColours
from layers.style import LabelRule

LEAST_PX, MOST_PX = 6.0, 72.0
HALO_PX = 4.0


class NamesEdit(QWidget):
    """`changed` carries the new `LabelRule`, None for no names, at every change."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rule, self._shape, self._filling = LabelRule(""), Shape.POLYGON, False
        self.column, self.rank = QComboBox(), QComboBox()
        self.size_px, self.ink = pixels(_("Size of the letters"), LEAST_PX, MOST_PX), ColourBox(_("Ink"), DAY)
        self.bold, self.italic = _toggle("B", _("Bold")), _toggle("I", _("Slanting"))
        self.capitals = _toggle("AA", _("Capitals"))
        self.halo = ColourBox(_("Colour of the halo"), DAY)
        self.halo_px = pixels(_("Width of the halo"), 0.0, HALO_PX)
        self.along, self.beyond = QCheckBox(_("Follow the line")), QCheckBox(_("May be wider than the area"))
        self.priority = QSpinBox()
        self.near = scale(_("Names from this scale on, nearest"), _("any"))
        self.far = scale(_("Names up to this scale, farthest"), _("any"))
        self._arrange()
        self._join()

    def _arrange(self) -> None:
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(3)
        self.column.setAccessibleName(_("Column of the names"))
        self.rank.setAccessibleName(_("The greater number first, from this column"))
        self.priority.setAccessibleName(_("Names of a higher number come before those of other layers"))
        for box in (self.rank, self.priority):
            box.setToolTip(box.accessibleName())
        self.priority.setRange(0, 99)
        self.priority.setPrefix(_("rank "))
        self.form.addRow(_("Names"), self.column)
        self._letters = row(
            self.form, _("Letters"), self.size_px, self.ink, self.bold, self.italic, self.capitals
        )
        self._halo = row(self.form, _("Halo"), self.halo, self.halo_px)
        self._first = row(self.form, _("Order"), self.rank, self.priority)
        self._scales = row(self.form, _("Scales"), self.near, self.far)
        self.form.addRow(_("Place"), self.along)
        self.form.addRow("", self.beyond)

    def _join(self) -> None:
        self.column.activated.connect(self._tell)
        self.rank.activated.connect(self._tell)
        for box in (self.ink, self.halo):
            box.picked.connect(self._tell)
        for number in (self.size_px, self.halo_px, self.priority, self.near, self.far):
            number.valueChanged.connect(self._tell)
        for button in (self.bold, self.italic, self.capitals, self.along, self.beyond):
            button.toggled.connect(self._tell)

    def wear(self, colours: MapColours) -> None:
        """Show the inks as the map has them."""
        for box in (self.ink, self.halo):
            box.wear(colours)

    def ask(self, rule: LabelRule | None, columns: Mapping[str, NDArray[Any]], shape: Shape) -> None:
        """Show how features of this shape, with these columns, are named."""
        self._filling = True
        self._rule = rule or LabelRule("")
        numbers = [name for name, values in columns.items() if np.asarray(values).dtype.kind in "iuf"]
        _offer(self.column, _("none"), columns, self._rule.column)
        _offer(self.rank, _("the larger"), numbers, self._rule.rank)
        self.size_px.setValue(self._rule.size_px)
        self.ink.choose(self._rule.colour)
        self.halo.choose(self._rule.halo)
        self.halo_px.setValue(self._rule.halo_px)
        self.priority.setValue(self._rule.priority)
        self.near.setValue(round(self._rule.min_scale or 0))
        self.far.setValue(round(self._rule.max_scale or 0))
        for button, on in (
            (self.bold, self._rule.bold),
            (self.italic, self._rule.italic),
            (self.capitals, self._rule.capitals),
            (self.along, self._rule.along),
            (self.beyond, self._rule.beyond),
        ):
            button.setChecked(on)
        self._filling, self._shape = False, shape
        self._show_rows()

    def _show_rows(self) -> None:
        named = bool(self.column.currentData())
        for each in (self._letters, self._halo, self._first, self._scales):
            self.form.setRowVisible(each, named)
        self.form.setRowVisible(self.along, named and self._shape is not Shape.POINT)
        self.form.setRowVisible(self.beyond, named and self._shape is Shape.POLYGON)
        self.beyond.setEnabled(not self.along.isChecked())

    def _tell(self) -> None:
        if self._filling:
            return
        self._show_rows()
        self._rule = replace(
            self._rule,
            column=str(self.column.currentData()),
            size_px=self.size_px.value(),
            colour=str(self.ink.currentData()),
            bold=self.bold.isChecked(),
            italic=self.italic.isChecked(),
            capitals=self.capitals.isChecked(),
            along=self.along.isChecked(),
            priority=self.priority.value(),
            max_scale=self.far.value() or None,
            min_scale=self.near.value() or None,
            halo=str(self.halo.currentData()),
            halo_px=self.halo_px.value(),
            beyond=self.beyond.isChecked(),
            rank=str(self.rank.currentData()),
        )
        self.changed.emit(self._rule if self._rule.column else None)


def _offer(box: QComboBox, nothing: str, names: Any, chosen: str) -> None:
    box.clear()
    box.addItem(nothing, "")
    for name in names:
        box.addItem(name, name)
    if chosen and box.findData(chosen) < 0:
        box.addItem(chosen, chosen)  # a column that this file has not, kept as it is
    box.setCurrentIndex(max(box.findData(chosen), 0))


def _toggle(sign: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(sign)
    button.setCheckable(True)
    button.setAccessibleName(name)
    button.setToolTip(name)
    font = button.font()
    font.setBold(sign == "B")
    font.setItalic(sign == "I")
    button.setFont(font)
    return button
