"""One instrument over time: its limits, its alarms, and gaps that stay gaps."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget

from desktop.charts.bands import Bands
from desktop.charts.course import GAP, Course, doubtful, trace
from desktop.charts.episodes import Episode
from desktop.charts.marks import instant, limit_lines, room_above, way_ahead
from desktop.charts.timeaxis import TimeAxis
from desktop.charts.words import ahead_words, doubt_words, headline
from desktop.theme import Theme
from desktop.times import hms
from desktop.widgets.elided import ElidedLabel
from gis.texts import _
from gis.words.terms import figure


class SensorChart(QWidget):
    """Left to right in every language; pinch and wheel zoom in time; the pointer reads out."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._course: Course | None = None
        self._tried: tuple[Episode, ...] = ()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.title, self.ahead = ElidedLabel(dim=True), ElidedLabel()
        self.ahead.setProperty("strong", True)
        self.ahead.setAccessibleDescription(
            _("If it goes on as in the last hour; nine times in ten within these times.")
        )
        self.ahead.hide()
        axes = {"bottom": TimeAxis(zone)}
        self.plot: Any = pg.PlotWidget(axisItems=axes)  # its stubs know neither its scene nor its view box
        self.plot.setAccessibleName(_("Chart of a sensor"))
        self.plot.setMouseEnabled(x=True, y=False)
        self.plot.hideButtons()
        self.plot.setMenuEnabled(False)
        self.plot.setMinimumHeight(70)
        self.plot.getPlotItem().layout.setContentsMargins(0, 7, 0, 0)  # half of the topmost figure
        self.plot.scene().sigMouseMoved.connect(self._read_out)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._line = pg.PlotDataItem(connect="finite")
        self._doubtful = pg.PlotDataItem(pen=None, symbol="x", symbolSize=7)
        self._bands = Bands(self.plot.getPlotItem().vb, theme)
        self._marks: list[QGraphicsItem] = []
        for item in (self._line, self._doubtful):
            self.plot.addItem(item)
        self._line.setClipToView(True)
        self._line.setDownsampling(auto=True)
        self.plot.addItem(self._cursor, ignoreBounds=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.ahead)
        column.addWidget(self.plot, 1)
        self.wear(theme)

    def offer(self, words: str, act: Callable[[], object]) -> None:
        """A line of its menu (right button or menu key)."""
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.plot.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # left to the chart
        action = QAction(words, self)
        action.triggered.connect(lambda _checked=False: act())
        self.addAction(action)

    def wear(self, theme: Theme) -> None:
        """Take on another theme."""
        self._theme = theme
        self.plot.setBackground(theme.base)
        if self._course is not None:
            self.show_course(self._course)

    def show_course(self, course: Course) -> None:
        """Show this sensor. The same sensor again keeps the stretch of time that was looked at."""
        same = self._course is not None and self._course.sensor.id == course.sensor.id
        moved = self._course is not None and (course.past or self._course.past)
        self._course = course
        for mark in self._marks:
            self.plot.removeItem(mark)
        self._marks.clear()
        self._draw_axes()
        self._bands.wear(self._theme)
        self._bands.show_episodes([*course.episodes, *self._tried])
        self._draw_readings(course)
        self._draw_marks(course)
        self._cursor.setPen(pg.mkPen(self._theme.dim, width=1))
        self._cursor.hide()
        if not same or moved:
            self.plot.enableAutoRange()
        self.title.say(headline(course, self._zone))
        self.ahead.say(ahead_words(course))
        self.ahead.setVisible(course.coming is not None)
        words = _("Chart of {name}, {quantity} in {unit}").format(
            name=course.sensor.name, quantity=course.sensor.quantity.value, unit=course.sensor.unit
        )
        self.plot.setAccessibleName(words)

    def show_bands(self, bands: Sequence[Episode]) -> None:
        """Mark these stretches beside the alarms, until others are given: what a limit would have done."""
        self._tried = tuple(bands)
        if self._course is not None:
            self._bands.show_episodes([*self._course.episodes, *self._tried])

    def _draw_axes(self) -> None:
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(self._theme.line)
            axis.setTextPen(self._theme.dim)

    def _draw_readings(self, course: Course) -> None:
        self._line.setPen(pg.mkPen(self._theme.text, width=1.6))
        self._line.setData(*trace(course.series, course.sensor.expected_every_s * GAP))
        self._doubtful.setSymbolPen(pg.mkPen(self._theme.dim))
        self._doubtful.setData(*doubtful(course.series))

    def _draw_marks(self, course: Course) -> None:
        limits = [rule.raise_at for rule in course.limits]
        marks = limit_lines(course.limits, self._theme)
        if limits:
            good = trace(course.series, np.inf)[1]
            marks.append(room_above(limits, np.min(good, initial=limits[0]), np.max(good, initial=limits[0])))
        marks += way_ahead(course, self._theme)
        if course.past:
            marks.append(instant(course.now, self._zone, self._theme))
        for mark in marks:
            self._marks.append(mark)
            self.plot.addItem(mark)

    def _read_out(self, at: QPointF) -> None:
        course = self._course
        if course is None or not len(course.series) or not self.plot.sceneBoundingRect().contains(at):
            return
        x = self.plot.getPlotItem().vb.mapSceneToView(at).x()
        nearest = int(np.argmin(np.abs(course.series.at_us / 1e6 - x)))
        moment = datetime.fromtimestamp(course.series.at_us[nearest] / 1e6, self._zone)
        self._cursor.setPos(moment.timestamp())
        self._cursor.show()
        words = f"{course.sensor.name}   {hms(moment, self._zone)}   {figure(course.series.value[nearest])}"
        self.title.say(f"{words} {course.sensor.unit}{doubt_words(int(course.series.quality[nearest]))}")

    def leaveEvent(self, event: object) -> None:
        self._cursor.hide()
        if self._course is not None:
            self.title.say(headline(self._course, self._zone))
        super().leaveEvent(event)  # type: ignore[arg-type]
