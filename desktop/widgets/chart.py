"""One instrument over time: its limits, its alarms, and gaps that stay gaps."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.graphicsItems.DateAxisItem import (
    DAY_HOUR_ZOOM_LEVEL,
    DAY_SPACING,
    HOUR_SPACING,
    TickSpec,
    ZoomLevel,
    makeSStepper,
)
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget

from desktop.theme import SEVERITY_FILL, Theme
from desktop.times import hms, lasting, offset_seconds
from desktop.widgets.elided import ElidedLabel
from gis.model.record import Quality
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.sensors.trend import Arrival, Trend, trend
from gis.store import Series
from gis.texts import _
from gis.words.terms import doubts, figure, limit_words

ROOM = 0.12  # of what is seen, over the highest limit
GAP = 2.5  # expected intervals without a reading before the line is broken


@dataclass(frozen=True, eq=False)
class Course:
    """What the chart shows: one sensor, its readings, its rules, its alarms, at `now` (UTC)."""

    sensor: Sensor
    series: Series
    rules: tuple[AlarmRule, ...]
    alarms: tuple[Alarm, ...]
    now: datetime
    past: bool = False  # `now` is an earlier instant

    @cached_property
    def trend(self) -> Trend | None:
        """Where the newest good readings are going; None when they are too few, or too old to say."""
        found = trend(self.series)
        if found is None:
            return None
        late = self.now.timestamp() - found.at_us / 1e6
        return found if late <= GAP * self.sensor.expected_every_s else None

    @cached_property
    def coming(self) -> tuple[AlarmRule, Arrival] | None:
        """The limit that would be reached next, and when; None when it is not rising to any."""
        if self.trend is None:
            return None
        above = [rule for rule in self.rules if rule.raise_at > self.trend.value]
        rule = min(above, key=lambda rule: rule.raise_at, default=None)
        arrival = rule and self.trend.until(rule.raise_at, self.now)
        return (rule, arrival) if rule and arrival else None


def trace(series: Series, gap_s: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Good readings as (seconds UTC, value), with a NaN wherever more than `gap_s` lies between two."""
    good = series.quality == Quality.GOOD
    at, value = series.at_us[good] / 1e6, series.value[good]
    breaks = np.flatnonzero(np.diff(at) > gap_s) + 1
    middle = (at[breaks] + at[breaks - 1]) / 2 if len(breaks) else at[:0]
    return np.insert(at, breaks, middle), np.insert(value, breaks, np.nan)


def doubtful(series: Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Readings that quality control marked, as (seconds UTC, value)."""
    bad = series.quality != Quality.GOOD
    return series.at_us[bad] / 1e6, series.value[bad]


class SensorChart(QWidget):
    """Left to right in every language; pinch and wheel zoom in time; the pointer reads out."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._course: Course | None = None
        self._offset: int | None = None
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.title, self.ahead = ElidedLabel(dim=True), ElidedLabel()
        self.ahead.setProperty("strong", True)
        self.ahead.setAccessibleDescription(
            _("If it goes on as in the last hour; nine times in ten within these times.")
        )
        self.ahead.hide()
        self.plot: Any = pg.PlotWidget()  # its stubs know neither its scene nor its view box
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
        self._set_axes(course)
        self._draw_alarms(course)
        self._draw_readings(course)
        self._draw_rules(course)
        self._draw_coming(course)
        if course.past:
            self._draw_instant(course)
        self._cursor.setPen(pg.mkPen(self._theme.dim, width=1))
        self._cursor.hide()
        if not same or moved:
            self.plot.enableAutoRange()
        self.title.say(self._headline(course))
        self.ahead.say(_ahead(course))
        self.ahead.setVisible(course.coming is not None)
        words = _("Chart of {name}, {quantity} in {unit}").format(
            name=course.sensor.name, quantity=course.sensor.quantity.value, unit=course.sensor.unit
        )
        self.plot.setAccessibleName(words)

    def _set_axes(self, course: Course) -> None:
        shift = offset_seconds(course.now, self._zone)
        if shift != self._offset:
            self._offset = shift
            self.plot.setAxisItems({"bottom": _hours(-shift)})
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(self._theme.line)
            axis.setTextPen(self._theme.dim)

    def _draw_readings(self, course: Course) -> None:
        self._line.setPen(pg.mkPen(self._theme.text, width=1.6))
        self._line.setData(*trace(course.series, course.sensor.expected_every_s * GAP))
        self._doubtful.setSymbolPen(pg.mkPen(self._theme.dim))
        self._doubtful.setData(*doubtful(course.series))

    def _draw_rules(self, course: Course) -> None:
        for n, rule in enumerate(sorted(course.rules, key=lambda rule: -rule.raise_at)):
            colour = SEVERITY_FILL[rule.severity]
            place = 0.02 + 0.24 * (n % 4)  # side by side: close limits would hide each other's names
            options = {"position": place, "anchors": [(0, 1), (0, 1)], "color": self._theme.text}
            options["fill"] = self._theme.base  # read all the same on the line of a neighbour
            line = pg.InfiniteLine(
                rule.raise_at,
                angle=0,
                pen=pg.mkPen(colour, width=2, style=Qt.PenStyle.DashLine),
                label=limit_words(rule),
                labelOpts=options,
            )
            self._marks.append(line)
            self.plot.addItem(line)
        self._leave_room(course)

    def _draw_coming(self, course: Course) -> None:
        """Where it is going, up to the next limit: the likely way, and between which it lies."""
        if course.coming is None or course.trend is None:
            return
        rule, arrival = course.coming
        begin, value, now = course.trend.at_us / 1e6, course.trend.value, course.now.timestamp()
        soonest, end = (now + time.total_seconds() for time in (arrival.soonest, arrival.likely))
        low = min(value + course.trend.low * (end - begin) / 3600, rule.raise_at)
        ink, limit = QColor(self._theme.dim), rule.raise_at
        ways = [
            pg.PlotDataItem([begin, end], [value, low]),
            pg.PlotDataItem([begin, soonest, end], [value, limit, limit]),
        ]
        likely = pg.PlotDataItem([begin, end], [value, limit])
        likely.setPen(pg.mkPen(ink, width=1.4, style=Qt.PenStyle.DotLine))
        ink.setAlpha(46)
        for mark in (pg.FillBetweenItem(*ways, brush=ink), likely):
            self._marks.append(mark)
            self.plot.addItem(mark)

    def _draw_instant(self, course: Course) -> None:
        """The edge of what was known at the instant looked at."""
        options = {"position": 0.02, "anchors": [(1, 1), (1, 1)], "color": self._theme.past}
        line = pg.InfiniteLine(
            course.now.timestamp(),
            angle=90,
            pen=pg.mkPen(self._theme.past, width=2),
            label=hms(course.now, self._zone),
            labelOpts=options,
        )
        self._marks.append(line)
        self.plot.addItem(line)

    def _leave_room(self, course: Course) -> None:
        """Keep a strip over the highest limit free, for its name."""
        limits = [rule.raise_at for rule in course.rules]
        if limits:
            seen = np.concatenate([trace(course.series, np.inf)[1], limits])
            room = pg.InfiniteLine(
                max(limits) + ROOM * (seen.max() - seen.min()), angle=0, pen=pg.mkPen(None)
            )
            self._marks.append(room)
            self.plot.addItem(room)

    def _draw_alarms(self, course: Course) -> None:
        for alarm in course.alarms:
            colour = QColor(SEVERITY_FILL[alarm.severity])
            colour.setAlpha(38)
            end = alarm.returned_at or course.now
            band = pg.LinearRegionItem(
                (alarm.since.timestamp(), end.timestamp()), movable=False, brush=colour, pen=pg.mkPen(None)
            )
            self._marks.append(band)
            self.plot.addItem(band, ignoreBounds=True)

    def _headline(self, course: Course) -> str:
        sensor, series = course.sensor, course.series
        if not len(series):
            return _("{name}: no readings yet").format(name=sensor.name)
        last = f"{figure(series.value[-1])} {sensor.unit}"
        at = hms(datetime.fromtimestamp(series.at_us[-1] / 1e6, self._zone), self._zone)
        return _("{name} {quantity}   {value} at {time}{trend}").format(
            name=sensor.name, quantity=sensor.quantity.value, value=last, time=at, trend=_trend(course)
        )

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
        self.title.say(f"{words} {course.sensor.unit}{_doubt(int(course.series.quality[nearest]))}")

    def leaveEvent(self, event: object) -> None:
        self._cursor.hide()
        if self._course is not None:
            self.title.say(self._headline(self._course))
        super().leaveEvent(event)  # type: ignore[arg-type]


def _trend(course: Course) -> str:
    """How fast it changes."""
    return f"   {course.trend.slope:+.2f} {course.sensor.unit}/h" if course.trend else ""


def _ahead(course: Course) -> str:
    """In what time it would be at the next limit; "" when it is not rising to any."""
    if course.coming is None:
        return ""
    rule, arrival = course.coming
    limit, time, soonest = limit_words(rule), lasting(arrival.likely), lasting(arrival.soonest)
    if arrival.latest is None:
        words = _("{limit} in about {time}, if at all (from {soonest} on)")
        return words.format(limit=limit, time=time, soonest=soonest)
    latest = lasting(arrival.latest)
    if soonest == latest:
        return _("{limit} in about {time}").format(limit=limit, time=time)
    words = _("{limit} in about {time} ({soonest} to {latest})")
    return words.format(limit=limit, time=time, soonest=soonest, latest=latest)


def _doubt(quality: int) -> str:
    said = ", ".join(doubts(quality))
    return f"   ({said})" if said else ""


def _hours(utc_offset_s: int) -> Any:
    """A time axis whose hours thin out by ones, threes, sixes; the usual one has nothing between 1 and 6."""
    axis = pg.DateAxisItem(utcOffset=utc_offset_s)
    days = TickSpec(DAY_SPACING, makeSStepper(DAY_SPACING), "%a %d")
    hours = TickSpec(HOUR_SPACING, makeSStepper(HOUR_SPACING), "%H:%M", autoSkip=[1, 3, 6])
    axis.zoomLevels = OrderedDict(
        (span, ZoomLevel([days, hours], "MMM 00") if level is DAY_HOUR_ZOOM_LEVEL else level)
        for span, level in axis.zoomLevels.items()
    )
    return axis
