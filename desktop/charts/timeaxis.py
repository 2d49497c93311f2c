"""A time axis in the zone of the operation."""

from typing import Any
from zoneinfo import ZoneInfo

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from desktop.charts.ticks import ticks

WIDEST = "23:59:59"
PADDING_PX = 14


class TimeAxis(pg.AxisItem):
    """Below a plot whose x are seconds UTC."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("bottom")
        self._zone = zone
        self._words: dict[float, str] = {}
        self._told: tuple[float, float, float] | None = None  # what the words were made for
        self.enableAutoSIPrefix(False)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        if self._told == (minVal, maxVal, size):
            return [(maxVal - minVal, [*self._words])]
        self._told = (minVal, maxVal, size)
        metrics = QFontMetricsF(QGuiApplication.font())
        wide = metrics.horizontalAdvance(WIDEST) + PADDING_PX
        least_s = (maxVal - minVal) * wide / max(size, 1.0)
        found = ticks(minVal, maxVal, least_s, self._zone)
        self._words = {tick.at: tick.words for tick in found}
        return [(least_s, [*self._words])]

    def tickStrings(self, values: Any, _scale: float, _spacing: float) -> list[str]:
        return [self._words.get(float(value), "") for value in values]
