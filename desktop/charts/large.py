"""Several sensors over one time axis: stacked plots, panned and zoomed together, read out at a line."""

from typing import Any
from zoneinfo import ZoneInfo

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.charts.inks import Ink, ink
from desktop.charts.look import Picture, Stretch
from desktop.charts.panel import Panel, groups
from desktop.charts.ticks import FIRST, LAST
from desktop.charts.timeaxis import TimeAxis
from desktop.theme import Theme
from gis.model.sensor import Quantity
from gis.texts import _

LEAST_S = 30.0  # the shortest stretch that is shown
SHARES = {Quantity.RAIN: 2}  # of the height, where others have three
AXIS_DIGITS = "00000.00"


class LargeChart(QWidget):
    """`moved` says that another stretch of time is seen, `panned` that a hand did it, `pointed` carries the
    time under the pointer (seconds UTC), or None where it has gone."""

    moved = Signal()
    panned = Signal()
    pointed = Signal(object)

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._picture: Picture | None = None
        self._panels: list[Panel] = []
        self._kinds: list[tuple[Quantity, str]] = []
        self._span = (0.0, 1.0)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAccessibleName(_("Large chart"))
        self.view: Any = pg.GraphicsLayoutWidget()  # its stubs know neither its scene nor its plots
        self.view.setAccessibleName(_("Large chart"))
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.ci.layout.setContentsMargins(0, 4, 8, 0)
        self.view.ci.layout.setSpacing(2)
        self.view.scene().sigMouseMoved.connect(self._point)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.wear(theme)

    def wear(self, theme: Theme) -> None:
        """Take on another theme."""
        self._theme = theme
        self.view.setBackground(theme.base)
        self._kinds = []  # plots are made anew
        if self._picture is not None:
            self.show_picture(self._picture)

    @property
    def span(self) -> tuple[float, float]:
        """What is seen, in seconds UTC."""
        return self._span

    @property
    def pixels(self) -> int:
        """How wide the plots are."""
        return max(round(self._panels[0].plot.vb.width()) if self._panels else self.width() - 80, 100)

    @property
    def panels(self) -> list[Panel]:
        """The plots, from above."""
        return self._panels

    def inks(self, picture: Picture) -> list[tuple[Stretch, Ink]]:
        """How each sensor looks."""
        count = len(picture.stretches)
        return [(each, ink(n, count, self._theme)) for n, each in enumerate(picture.stretches)]

    def see(self, begin: float, end: float) -> None:
        """Show this stretch of time (seconds UTC)."""
        if end - begin < LEAST_S:
            middle = (begin + end) / 2
            begin, end = middle - LEAST_S / 2, middle + LEAST_S / 2
        begin, end = max(begin, FIRST.timestamp()), min(end, LAST.timestamp())
        if (begin, end) == self._span:
            return
        self._span = (begin, end)
        if self._panels:
            self._panels[0].plot.setXRange(begin, end, padding=0)
        else:
            self.moved.emit()

    def pan(self, share: float) -> None:
        """Move by a share of what is seen; to later times above zero."""
        begin, end = self._span
        self.see(begin + share * (end - begin), end + share * (end - begin))
        self.panned.emit()

    def zoom(self, factor: float, at: float | None = None) -> None:
        """See so many times as much, around a time, else the middle."""
        begin, end = self._span
        middle = (begin + end) / 2 if at is None else at
        self.see(middle + (begin - middle) * factor, middle + (end - middle) * factor)
        self.panned.emit()

    def show_picture(self, picture: Picture) -> None:
        """Draw this; what is seen stays the same stretch of time."""
        self._picture = picture
        wanted = groups([each.sensor for each in picture.stretches])
        if wanted != self._kinds or not self._panels:
            self._build(wanted)
        shown = self.inks(picture)
        for panel in self._panels:
            own = [
                (each, look) for each, look in shown if (each.sensor.quantity, each.sensor.unit) == panel.kind
            ]
            panel.show_stretches(own, picture.wish.pixels)
        names = ", ".join(each.sensor.name for each in picture.stretches)
        self.view.setAccessibleName(_("Chart of {names}").format(names=names) if names else _("Large chart"))

    def _build(self, kinds: list[tuple[Quantity, str]]) -> None:
        """Plots for these kinds of values, one below the other, on one time axis."""
        self.rest()
        self._kinds = kinds
        wide = QFontMetricsF(self.font()).horizontalAdvance(AXIS_DIGITS) + 34
        for n, kind in enumerate(kinds):
            plot = self.view.ci.addPlot(row=n, col=0, axisItems={"bottom": TimeAxis(self._zone)})
            panel = Panel(plot, kind, self._theme)
            plot.getAxis("left").setWidth(wide)
            last = n == len(kinds) - 1
            plot.getAxis("bottom").setStyle(showValues=last)
            if not last:
                plot.getAxis("bottom").setHeight(4)
            self.view.ci.layout.setRowStretchFactor(n, SHARES.get(kind[0], 3))
            self._panels.append(panel)
            if n:
                plot.setXLink(self._panels[0].plot)
            plot.vb.sigRangeChangedManually.connect(lambda _mouse: self.panned.emit())
        if self._panels:
            first = self._panels[0].plot
            first.vb.setLimits(xMin=FIRST.timestamp(), xMax=LAST.timestamp(), minXRange=LEAST_S)
            first.setXRange(*self._span, padding=0)
            first.vb.sigXRangeChanged.connect(self._on_moved)

    def rest(self) -> None:
        """Take the plots away."""
        for panel in self._panels:
            panel.end()
        self._panels, self._kinds = [], []
        self.view.ci.clear()

    def _on_moved(self, _box: object, span: tuple[float, float]) -> None:
        self._span = (float(span[0]), float(span[1]))
        self.moved.emit()

    # -- reading out

    def point_at(self, second: float | None) -> None:
        """Put the line that is read out at a time, or take it away."""
        for panel in self._panels:
            panel.cursor.setVisible(second is not None)
            if second is not None:
                panel.cursor.setPos(second)

    def _point(self, at: QPointF) -> None:
        for panel in self._panels:
            if panel.plot.vb.sceneBoundingRect().contains(at):
                self.pointed.emit(float(panel.plot.vb.mapSceneToView(at).x()))
                return

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)
