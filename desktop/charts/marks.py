"""What stands in a plot beside the readings: limits with their names, the way ahead, an instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from desktop.charts.course import Course
from desktop.theme import SEVERITY_FILL, Theme
from desktop.times import hms
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule
from gis.words.terms import limit_words

ROOM = 0.12  # of what is seen, over the highest limit
BAND = 46  # of 255


def limit_line(value: float, words: str, severity: Severity, n: int, theme: Theme) -> Any:
    """The `n`th limit across a plot; side by side, for close limits would hide each other's names."""
    options = {"position": 0.02 + 0.24 * (n % 4), "anchors": [(0, 1), (0, 1)], "color": theme.text}
    options["fill"] = theme.base  # read all the same on the line of a neighbour
    pen = pg.mkPen(SEVERITY_FILL[severity], width=2, style=Qt.PenStyle.DashLine)
    return pg.InfiniteLine(value, angle=0, pen=pen, label=words, labelOpts=options)


def limit_lines(rules: Sequence[AlarmRule], theme: Theme) -> list[QGraphicsItem]:
    """The limits of one sensor."""
    return [
        limit_line(rule.raise_at, limit_words(rule), rule.severity, n, theme) for n, rule in enumerate(rules)
    ]


def room_above(limits: Sequence[float], low: float, high: float) -> QGraphicsItem:
    """Keeps a strip over the highest limit free, for its name; `low` to `high` is what is seen below."""
    seen = max(high, *limits) - min(low, *limits)
    return pg.InfiniteLine(max(limits) + ROOM * seen, angle=0, pen=pg.mkPen(None))


def way_ahead(course: Course, theme: Theme) -> list[QGraphicsItem]:
    """Where it is going, up to the next limit: the likely way, and between which it lies."""
    if course.coming is None or course.trend is None:
        return []
    rule, arrival = course.coming
    begin, value, now = course.trend.at_us / 1e6, course.trend.value, course.now.timestamp()
    soonest, end = (now + time.total_seconds() for time in (arrival.soonest, arrival.likely))
    low = min(value + course.trend.low * (end - begin) / 3600, rule.raise_at)
    ink, limit = QColor(theme.dim), rule.raise_at
    ways = [
        pg.PlotDataItem([begin, end], [value, low]),
        pg.PlotDataItem([begin, soonest, end], [value, limit, limit]),
    ]
    likely = pg.PlotDataItem([begin, end], [value, limit])
    likely.setPen(pg.mkPen(ink, width=1.4, style=Qt.PenStyle.DotLine))
    ink.setAlpha(BAND)
    return [pg.FillBetweenItem(*ways, brush=ink), likely]


def instant(at: datetime, zone: ZoneInfo, theme: Theme) -> QGraphicsItem:
    """The edge of what was known at the instant looked at."""
    options = {"position": 0.02, "anchors": [(1, 1), (1, 1)], "color": theme.past}
    pen = pg.mkPen(theme.past, width=2)
    return pg.InfiniteLine(at.timestamp(), angle=90, pen=pen, label=hms(at, zone), labelOpts=options)
