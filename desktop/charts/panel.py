"""One plot of the large chart: the sensors that measure the same in the same unit."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from desktop.charts.bands import Bands
from desktop.charts.grid import Grid
from desktop.charts.inks import Ink
from desktop.charts.look import Stretch
from desktop.charts.marks import ROOM, limit_line, way_ahead
from desktop.charts.tags import Tags
from desktop.theme import Theme
from desktop.times import lasting
from gis.model.sensor import AlarmRule, Quantity, Sensor
from gis.sensors.rain import is_intensity
from gis.texts import _
from gis.words.terms import limit_words

SPARSE = 0.12  # points a pixel: of fewer a line may be thick and is still drawn at once
FLOOR = 0.02  # of a value, above and below one that does not change
ORDER = (Quantity.LEVEL, Quantity.OTHER, Quantity.PUMP, Quantity.RAIN)
Shown = Sequence[tuple[Stretch, Ink]]


def kind_of(sensor: Sensor) -> tuple[Quantity, str]:
    """What it measures, in which unit."""
    return sensor.quantity, sensor.unit


def groups(sensors: Sequence[Sensor]) -> list[tuple[Quantity, str]]:
    """The plots these sensors need, from above: levels first, rain last."""
    return sorted({kind_of(sensor) for sensor in sensors}, key=lambda kind: (ORDER.index(kind[0]), kind[1]))


class Panel:
    """What stands in one plot; `plot` is pyqtgraph's, `cursor` its line at the time that is read out."""

    def __init__(self, plot: Any, kind: tuple[Quantity, str], theme: Theme) -> None:
        self.plot, self.kind, self._theme = plot, kind, theme
        self._items: list[QGraphicsItem] = []
        self._grid = Grid(plot, theme)
        self._bands, self._tags = Bands(plot.vb, theme), Tags(plot.vb, theme)
        self.cursor = pg.InfiniteLine(angle=90, movable=False, pen=pg.mkPen(theme.dim, width=1))
        self.cursor.hide()
        plot.addItem(self.cursor, ignoreBounds=True)
        plot.setMouseEnabled(x=True, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.disableAutoRange()
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.dim)
        plot.vb.invertY(self.is_rain)

    def end(self) -> None:
        """Let go of the plot, which goes."""
        for overlay in (self._grid, self._bands, self._tags):
            overlay.end()
        self._items.clear()

    @property
    def is_rain(self) -> bool:
        return self.kind[0] is Quantity.RAIN

    def show_stretches(self, shown: Shown, pixels: int) -> None:
        """Draw these in the place of what is there."""
        for item in self._items:
            self.plot.removeItem(item)
        self._items.clear()
        lanes = [[*each.course.episodes, *each.silent] for each, _ink in shown]
        names = [ink.letter for _each, ink in shown] if len(shown) > 1 else [""]
        self._bands.show_episodes(*lanes, names=names)
        if self.is_rain:
            self._draw_bars(shown)
        else:
            self._draw_lines(shown, pixels)
        self._name(shown)

    def _draw_lines(self, shown: Shown, pixels: int) -> None:
        lines = [(ink, stretch.line) for stretch, ink in shown]
        for (stretch, ink), (_ink, (at, value)) in zip(shown, lines, strict=True):
            width = 2.0 if len(at) < SPARSE * pixels else 1.0
            self._add(pg.PlotCurveItem(at, value, pen=ink.pen(width), connect="finite"))
            x, y = stretch.crosses
            if len(x):
                cross = pg.mkPen(ink.colour)
                self._add(pg.ScatterPlotItem(x, y, symbol="x", size=7, pen=cross, brush=None))
            for mark in way_ahead(stretch.course, self._theme):
                self._add(mark)
        limits = _limits(shown)
        for n, (rule, words) in enumerate(limits):
            self._add(limit_line(rule.raise_at, words, rule.severity, n, self._theme))
        self._tags.show_lines(lines if len(lines) > 1 else ())
        self._fit([value for _ink, (_at, value) in lines], [rule.raise_at for rule, _words in limits])

    def _fit(self, values: Sequence[Any], limits: Sequence[float]) -> None:
        """All values and limits, with a strip above for the names of limits."""
        every = np.concatenate([*values, np.array(limits, float)]) if values or limits else np.zeros(0)
        every = every[np.isfinite(every)]
        low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
        room = max((high - low) * ROOM, abs(high) * FLOOR, FLOOR if high == 0 else 0.0)
        self.plot.setYRange(low - room / 2, high + 1.3 * room, padding=0)

    def _draw_bars(self, shown: Shown) -> None:
        most = 1.0
        for n, (stretch, ink) in enumerate(shown):
            bars = stretch.bars
            if bars is None or not len(bars.fell):
                continue
            left, wide = bars.edges[:-1], np.diff(bars.edges) / len(shown)
            brush = QColor(ink.colour)
            brush.setAlpha(170)
            self._add(
                pg.BarGraphItem(
                    x0=left + n * wide, width=wide, y0=0, height=bars.fell, brush=brush, pen=pg.mkPen(None)
                )
            )
            most = max(most, float(bars.fell.max()))
        self.plot.setYRange(0, most * 1.15, padding=0)

    def _add(self, item: QGraphicsItem) -> None:
        self._items.append(item)
        self.plot.addItem(item, ignoreBounds=True)

    def _name(self, shown: Shown) -> None:
        quantity, unit = self.kind
        words = f"{quantity.value}, {unit}" if unit else quantity.value
        if self.is_rain:
            amount = unit.replace("/hr", "").replace("/h", "").strip() if is_intensity(unit) else unit
            edges = next((each.bars.edges for each, _ink in shown if each.bars is not None), np.zeros(0))
            wide = timedelta(seconds=float(edges[1] - edges[0])) if len(edges) > 1 else timedelta(0)
            words = _("{quantity}, {unit} in {time}").format(
                quantity=quantity.value, unit=amount, time=_span(wide)
            )
        self.plot.getAxis("left").setLabel(words, color=self._theme.dim)


def _span(span: timedelta) -> str:
    if span >= timedelta(days=1):
        return _("{days} d").format(days=round(span / timedelta(days=1)))
    return lasting(span)


def _limits(shown: Shown) -> list[tuple[AlarmRule, str]]:
    """Each limit once, the highest first, with its name and, where not all have it, whose it is."""
    of = [(rule, ink.letter) for stretch, ink in shown for rule in stretch.course.limits]

    def key(each: tuple[AlarmRule, str]) -> tuple[float, int, str]:
        return -each[0].raise_at, each[0].severity.priority, each[0].level

    found: list[tuple[AlarmRule, str]] = []
    for _same, same in groupby(sorted(of, key=key), key):
        rules = [*same]
        letters = " ".join(sorted({letter for _rule, letter in rules}))
        words = limit_words(rules[0][0])
        alone = len(letters.split()) == len(shown)
        found.append((rules[0][0], words if alone else f"{words} ({letters})"))
    return found
