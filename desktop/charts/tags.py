"""The letters of the lines, each where its line ends on the right of what is seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.charts.course import Points
from desktop.charts.inks import Ink, draw_letter
from desktop.charts.overlay import Overlay
from desktop.theme import Theme

SIDE_PX = 15.0


class Tags(Overlay):
    """Above the lines of the plot whose view box it is given, in that box's pixels."""

    def __init__(self, box: Any, theme: Theme) -> None:
        super().__init__(box, 5)
        self._theme = theme
        self._lines: tuple[tuple[Ink, Points], ...] = ()

    def show_lines(self, lines: Sequence[tuple[Ink, Points]]) -> None:
        self._lines = tuple(lines)
        self.update()

    def paint(self, painter: QPainter, *_how: object) -> None:
        (begin, end), (low, high) = self._box.viewRange()
        wide, tall = self._box.width(), self._box.height()
        taken: list[QRectF] = []
        for ink, (at, value) in self._lines:
            n = int(np.searchsorted(at, end, "right")) - 1
            if n < 0 or at[n] < begin or np.isnan(value[n]):
                continue
            x = (at[n] - begin) / (end - begin) * wide
            y = tall - (value[n] - low) / (high - low) * tall
            box = QRectF(min(x + 3, wide - SIDE_PX - 1), y - SIDE_PX / 2, SIDE_PX - 1, SIDE_PX)
            while any(box.intersects(other) for other in taken):
                box.translate(0, SIDE_PX + 1)
            taken.append(box)
            draw_letter(painter, box, ink, self._theme)
