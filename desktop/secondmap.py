"""A second window on the same map: it follows the first one, nearer or farther, or goes its own way."""

from math import isclose

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.canvas.canvas import MapCanvas
from desktop.symbols import app_icon
from desktop.widgets.buttons import toggle, tool
from gis.texts import _
from layers.view import Box, MapView

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # of the first map's units per pixel
USUAL = 4.0  # an overview


class SecondMap(QWidget):
    """`closed` when its window has gone. It stands on layers, selection and threads of the desk."""

    closed = Signal()

    def __init__(self, first: MapCanvas, canvas: MapCanvas, title: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._first, self.canvas, self._crs = first, canvas, first.crs
        self.setWindowTitle(title)
        self.setWindowIcon(app_icon())
        canvas.setAccessibleName(_("Second map"))
        self.frame = SeenFrame(first, canvas)
        self.linked = toggle(_("Linked"), _("Follow the map of the desk"), self._link)
        self.factor = QComboBox()
        self.factor.setAccessibleName(_("Scale beside the map of the desk"))
        for factor in FACTORS:
            self.factor.addItem(_words(factor), factor)
        self.factor.addItem(_("A scale of its own"), 0.0)
        self.factor.setCurrentIndex(FACTORS.index(USUAL))
        self.whole = tool(_("Whole city"), canvas.show_all, _("Show the whole city"))
        self.scale = QLabel()
        self.scale.setProperty("dim", True)
        self._arrange()
        self.factor.activated.connect(lambda _index: self.follow())
        first.view_changed.connect(self.follow)
        canvas.view_changed.connect(self._tell_scale)
        self.linked.setChecked(True)
        self.resize(760, 560)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(4, 4, 4, 0)
        for widget in (self.linked, self.factor, self.whole):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.scale)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.canvas, 1)

    def _link(self) -> None:
        self.factor.setEnabled(self.linked.isChecked())
        self.follow()

    def follow(self, _view: MapView | None = None) -> None:
        """Look where the first map looks, unless it goes its own way."""
        if self._first.crs != self._crs:
            self._crs = self._first.crs
            self.canvas.renderer.forget()
        self.frame.update()
        if not self.linked.isChecked():
            return
        view, factor = self._first.view, self.factor.currentData()
        unit = view.units_per_pixel * factor if factor else self.canvas.view.units_per_pixel
        own = self.canvas.view
        self.canvas.look(MapView(view.x, view.y, unit, own.width, own.height))

    def _tell_scale(self, view: MapView) -> None:
        factor = self.factor.currentData()
        usual = self._first.view.units_per_pixel * factor
        if self.linked.isChecked() and factor and not isclose(view.units_per_pixel, usual, rel_tol=1e-6):
            self.factor.setCurrentIndex(len(FACTORS))  # the wheel chose a scale of its own
        self.scale.setText(f"1:{round(self.canvas.scale):,}".replace(",", " "))
        self.frame.update()

    def state(self) -> str:
        """Where it stands and how it follows, as one line for `restore`."""
        box = self.geometry()
        place = " ".join(str(each) for each in (box.x(), box.y(), box.width(), box.height()))
        return f"{place} {int(self.linked.isChecked())} {self.factor.currentIndex()}"

    def restore(self, state: str) -> None:
        """As it stood; what is no such line is passed over."""
        try:
            x, y, width, height, linked, factor = (int(word) for word in state.split())
        except ValueError:
            return
        self.setGeometry(x, y, min(max(width, 300), 8000), min(max(height, 200), 8000))
        if self.screen().virtualGeometry().intersected(self.geometry()).isEmpty():
            self.move(40, 40)  # its monitor has gone
        self.factor.setCurrentIndex(min(max(factor, 0), len(FACTORS)))
        self.linked.setChecked(bool(linked))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._first.view_changed.disconnect(self.follow)
        self.canvas.close_map()
        super().closeEvent(event)
        self.closed.emit()


class SeenFrame(QWidget):
    """What the first map shows, as a frame on the second one."""

    def __init__(self, first: MapCanvas, over: MapCanvas) -> None:
        super().__init__(over)
        self._first, self._over = first, over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.view_changed.connect(lambda _view: self._fit())

    def _fit(self) -> None:
        self.setGeometry(self._over.rect())
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        box = _on(self._first.view.extent, self._over.view)
        if self.rect().adjusted(2, 2, -2, -2).contains(box.toAlignedRect()):
            painter = QPainter(self)
            for colour, width in ((QColor(20, 24, 28, 160), 4.0), (self.palette().highlight().color(), 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(box)
            painter.end()


def _on(extent: Box, view: MapView) -> QRectF:
    """A box of the map in the pixels of a view."""
    west, south, east, north = extent
    left, _south, _east, top = view.extent
    unit = view.units_per_pixel
    return QRectF((west - left) / unit, (top - north) / unit, (east - west) / unit, (north - south) / unit)


def _words(factor: float) -> str:
    if factor == 1:
        return _("The same scale")
    if factor < 1:
        return _("{count}× nearer").format(count=f"{1 / factor:g}")
    return _("{count}× farther").format(count=f"{factor:g}")
