"""What can be done with a place of the map: asked what is there, and handed on in every form."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from desktop.canvas.canvas import MapCanvas
from gis.geo.coords import Written, name_of, written
from gis.texts import _
from layers.ground import lonlat

LONGEST = 34  # letters of a place in the menu


class MapMenu(QObject):
    """The menu of the map, by the right button or the menu key. `copied` carries a place as text; `incident`
    the place (lon, lat) where one is to be logged."""

    copied = Signal(str)
    incident = Signal(float, float)

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.form = Written.DMS
        self._clicked: tuple[float, float] | None = None
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(self._ask)
        canvas.clicked.connect(self._remember)

    def _remember(self, lon: float, lat: float, _hits: object) -> None:
        self._clicked = (lon, lat)

    def copy(self) -> None:
        """The place under the pointer in the usual form; else the one clicked last, else the middle."""
        canvas = self._canvas
        if canvas.underMouse():
            place = self._place(canvas.mapFromGlobal(QCursor.pos()))
        else:
            place = self._clicked or self._place(canvas.rect().center())
        self.copied.emit(written(self.form, *place))

    def _place(self, at: QPoint) -> tuple[float, float]:
        return lonlat(*self._canvas.view.to_map(at.x(), at.y()), self._canvas.crs)

    def _ask(self, at: QPoint) -> None:
        menu = self.menu(at)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._canvas.mapToGlobal(at))

    def menu(self, at: QPoint) -> QMenu:
        """What is offered at a pixel of the map."""
        lon, lat = self._place(at)
        menu = QMenu(self._canvas)
        x, y = self._canvas.view.to_map(at.x(), at.y())
        ask = menu.addAction(_("What is here?"))
        ask.triggered.connect(lambda: self._canvas.select_tool.click(x, y))
        menu.addAction(_("Log an incident here…")).triggered.connect(lambda: self.incident.emit(lon, lat))
        menu.addSeparator()
        for form in Written:
            if text := written(form, lon, lat):
                short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
                words = _("Copy {text}").format(text=short).replace("&", "&&")
                action = menu.addAction(f"{words}\t{name_of(form)}")
                action.triggered.connect(lambda _on=False, text=text: self.copied.emit(text))
        return menu
