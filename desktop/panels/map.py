"""Region 3: the map under its row of tools."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.canvas.canvas import MapCanvas
from desktop.widgets.buttons import push, toggle, tool
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.place_edit import LookUp, PlaceEdit, Spot
from desktop.widgets.sketchbar import HintBar
from gis.texts import _
from layers.ground import on_map

CLOSE_LOOK = 5_000.0  # the scale at which a place that was asked for is shown


class MapPanel(QWidget):
    """`picked` carries a `Spot` clicked after `pick`; `clicked` everything else that was clicked on;
    `measure_wanted` that something is to be measured, `add_wanted` that a map is wanted where there is
    none."""

    picked = Signal(object)
    clicked = Signal(float, float, tuple)
    add_wanted = Signal()
    measure_wanted = Signal()

    def __init__(self, canvas: MapCanvas, look_up: LookUp, *, has_map: bool = True) -> None:
        super().__init__()
        self.canvas, self._picking = canvas, False
        canvas.setAccessibleName(_("Map"))
        self.setFocusProxy(canvas)
        self.select = toggle(_("Select"), _("Select: a click asks what is there"), self._choose)
        self.measure = toggle(
            _("Measure"), _("Measure: click along a line; a double click ends it"), self._choose
        )
        self.draw = toggle(_("Draw"), _("Draw on the map"), self._choose)
        self.draw.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.shapes = QMenu(self.draw)
        self.draw.setMenu(self.shapes)
        self.whole = tool(_("Whole city"), canvas.show_all, _("Show the whole city"))
        self.words = ElidedLabel(dim=True)
        self.goto = PlaceEdit(look_up)
        self.goto.setAccessibleName(_("Find or go to"))
        self.goto.setPlaceholderText(_("Find or go to  F3"))
        letter = self.fontMetrics().averageCharWidth()
        self.goto.setMinimumWidth(letter * 18)
        self.goto.setMaximumWidth(letter * 42)  # a name with its coordinate
        group = QButtonGroup(self)
        for button in (self.select, self.measure, self.draw):
            group.addButton(button)
        self.select.setChecked(True)
        self._arrange((self.select, self.measure, self.draw, self.whole))
        self.goto.chosen.connect(lambda spot: self.go(spot.note or spot.name, spot.lon, spot.lat))
        self.goto.missed.connect(self._miss)
        self.place_bar = HintBar(_("Place"), _("Click the place on the map. Esc leaves it."))
        self.put_under_tools(self.place_bar)
        canvas.tool_changed.connect(lambda _tool: self.leave_picking())
        self._build_invitation()
        self.invite(not has_map)
        canvas.clicked.connect(self._click)

    def _arrange(self, buttons: tuple[QToolButton, ...]) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in buttons:
            row.addWidget(button)
        row.addWidget(self.words, 1)
        row.addWidget(self.goto, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.canvas, 1)

    def _build_invitation(self) -> None:
        """What stands in the middle of a map without a map."""
        self.invitation = QWidget(self.canvas)
        words = _("No map yet. The desk works without one: F3 goes to a place or a coordinate.")
        said = QLabel(words, self.invitation)
        said.setProperty("dim", True)
        said.setWordWrap(True)
        said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.add = push(_("Add a layer  Ctrl+O"), self.add_wanted.emit)
        inside = QVBoxLayout(self.invitation)
        for widget in (said, self.add):
            inside.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        over = QVBoxLayout(self.canvas)
        over.addWidget(self.invitation, 0, Qt.AlignmentFlag.AlignCenter)

    def invite(self, wanted: bool) -> None:
        """Offer to add a map, or take the offer back."""
        self.invitation.setVisible(wanted)

    def pick(self) -> None:
        """Let the next click on the map be the place that is asked for."""
        self.select.setChecked(True)
        self.canvas.use(self.canvas.select_tool)
        self._picking = True
        self.place_bar.show()
        self.canvas.setFocus()

    def leave_picking(self) -> None:
        """The next click is a click like all others."""
        self._picking = False
        self.place_bar.hide()

    def start_search(self) -> None:
        """Put the keyboard into the search."""
        self.goto.setFocus()
        self.goto.selectAll()

    def show_place(self, lon: float, lat: float) -> None:
        """Bring a place into the middle, from close enough to see the streets."""
        self.canvas.fly_to(lon, lat, CLOSE_LOOK)

    def reveal(self, lon: float, lat: float) -> None:
        """Move the map only when the place is not on it."""
        x, y = on_map(lon, lat, self.canvas.crs)
        west, south, east, north = self.canvas.view.extent
        if not (west < x < east and south < y < north):
            self.canvas.fly_to(lon, lat)

    def offer_shapes(self, actions: Sequence[QAction]) -> None:
        """What can be drawn, in the menu under its button."""
        self.shapes.addActions(actions)

    def put_under_tools(self, bar: QWidget) -> None:
        """A line that is shown while a tool needs it."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, bar)

    def show_tool(self, name: str) -> None:
        """Let the button of the tool in hand be the one that is down: "select", "measure" or "draw"."""
        buttons = {"select": self.select, "measure": self.measure, "draw": self.draw}
        for button in buttons.values():
            button.blockSignals(True)
        buttons[name].setChecked(True)
        for button in buttons.values():
            button.blockSignals(False)

    def _choose(self) -> None:
        self.words.say("")
        if self.measure.isChecked():
            self.measure_wanted.emit()
        elif self.select.isChecked():
            self.canvas.use(self.canvas.select_tool)

    def _click(self, lon: float, lat: float, hits: tuple[object, ...]) -> None:
        if not self._picking:
            self.clicked.emit(lon, lat, hits)
            return
        self.leave_picking()
        self.picked.emit(Spot(_("as on the map"), lon, lat))

    def go(self, words: str, lon: float, lat: float) -> None:
        """Ring a place that was asked for, bring it into the middle, and say its name or what is to be known
        about it."""
        self.words.say(words)
        self.canvas.show_typed((lon, lat))
        self.show_place(lon, lat)
        self.canvas.setFocus()

    def _miss(self, text: str) -> None:
        """Said beside the field, and whole under it: there is little room beside it."""
        words = _("No place called '{name}' was found.").format(name=text)
        if len(re.findall(r"\d+", text)) > 1:
            words = _(
                "'{text}' is no coordinate and no place. Latitudes end at 90, longitudes at 180, minutes and "
                "seconds at 59."
            ).format(text=text)
        self.words.say(words)
        self.goto.answer(words)
