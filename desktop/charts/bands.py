"""Episodes as bands in a plot: a tint where it rang, a ribbon for what was done, words where they fit."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from desktop.charts.episodes import Episode, Kind
from desktop.charts.overlay import Overlay
from desktop.theme import SEVERITY_FILL, Theme

TINT = 38  # of 255
RIBBON_PX, EDGE_PX = 7.0, 2.0
LEAST_PX = 1.0  # wide, so that nothing is too short to be seen
_KINDS = tuple(Kind)
TINTED = (Kind.PENDING, Kind.RUNG, Kind.ACKNOWLEDGED)


class Bands(Overlay):
    """Lies below the lines of the plot whose view box it is given, in that box's pixels.

    Each `lane` (one a sensor) has its ribbon; with more than one there is no tint, for whose would it be?
    """

    def __init__(self, box: Any, theme: Theme) -> None:
        super().__init__(box, -1)
        self._theme = theme
        self._lanes: tuple[tuple[Episode, ...], ...] = ()
        self._names: tuple[str, ...] = ()
        self._spans: list[np.ndarray[Any, Any]] = []

    def wear(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_episodes(self, *lanes: Sequence[Episode], names: Sequence[str] = ()) -> None:
        """Show these, the first lane on top; `names` of the lanes stand before the words in them."""
        self._names = tuple(names) or ("",) * len(lanes)
        self._lanes = tuple(tuple(lane) for lane in lanes)
        self._spans = [
            np.array([(each.start.timestamp(), each.end.timestamp()) for each in lane]).reshape(-1, 2)
            for lane in self._lanes
        ]
        self.update()

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """All that is shown."""
        return tuple(each for lane in self._lanes for each in lane)

    def at(self, second: float) -> list[Episode]:
        """What was going on at a time (seconds UTC)."""
        return [each for each in self.episodes if each.start.timestamp() <= second < each.end.timestamp()]

    def paint(self, painter: QPainter, *_how: object) -> None:
        for n, lane in enumerate(self._lanes):
            taken: dict[Kind, float] = {}  # up to where the words of a kind reach
            for left, right, each in self._seen(self._spans[n], lane):
                self._paint(painter, left, right, each, n)
                taken[each.kind] = self._say(painter, max(left, taken.get(each.kind, 0.0)), right, each, n)

    def _seen(
        self, spans: np.ndarray[Any, Any], lane: Sequence[Episode]
    ) -> Iterator[tuple[float, float, Episode]]:
        """What is in view, from left to right pixel; of those within one pixel the gravest."""
        begin, end = self._box.viewRange()[0]
        px = (spans - begin) * (self._box.width() / max(end - begin, 1e-9))
        seen = np.flatnonzero((px[:, 1] >= 0) & (px[:, 0] <= self._box.width()))
        kinds = np.array([_KINDS.index(lane[n].kind) for n in seen.tolist()], np.int64)
        grave = np.array([-lane[n].severity.priority for n in seen.tolist()], np.int64)
        order = np.lexsort((grave, kinds))[::-1]
        keys = np.column_stack((np.clip(px[seen], -9, self._box.width() + 9).astype(np.int64), kinds))[order]
        for n in seen[order][np.unique(keys, axis=0, return_index=True)[1]].tolist():
            left = max(float(px[n, 0]), -9.0)
            yield left, max(min(float(px[n, 1]), self._box.width() + 9.0), left + LEAST_PX), lane[n]

    def _paint(self, painter: QPainter, left: float, right: float, each: Episode, lane: int) -> None:
        whole = QRectF(left, 0, right - left, self._box.height())
        ribbon = QRectF(left, EDGE_PX + lane * (RIBBON_PX + EDGE_PX), right - left, RIBBON_PX)
        colour = QColor(SEVERITY_FILL[each.severity])
        if each.kind in TINTED and len(self._lanes) == 1:
            painter.fillRect(whole, _faint(colour, TINT))
        accent, dim = QColor(self._theme.accent), QColor(self._theme.dim)
        match each.kind:
            case Kind.PENDING:
                pass
            case Kind.RUNG:
                painter.fillRect(ribbon, colour)
            case Kind.ACKNOWLEDGED:
                _frame(painter, ribbon, colour)
            case Kind.WOULD:
                painter.fillRect(whole, _faint(accent, TINT))
                _frame(painter, whole, accent, dashed=True)
            case Kind.SILENT:
                box = whole if len(self._lanes) == 1 else ribbon
                painter.fillRect(box, QBrush(_faint(dim, 90), Qt.BrushStyle.BDiagPattern))
            case _:
                painter.fillRect(ribbon, QBrush(dim, Qt.BrushStyle.FDiagPattern))
                _frame(painter, ribbon, dim)

    def _say(self, painter: QPainter, left: float, right: float, each: Episode, lane: int) -> float:
        """The words of an episode where they fit, on a ground of their own; returns up to where."""
        if not each.label or each.kind in TINTED:
            return left
        words = f"{self._names[lane]} {each.label}".strip()
        left, right = max(left, 0.0), min(right, self._box.width())
        many = int(Qt.AlignmentFlag.AlignCenter)
        if each.kind is Kind.SILENT and len(self._lanes) == 1:
            many |= int(Qt.TextFlag.TextWordWrap)  # the whole height is free
        metrics = QFontMetricsF(painter.font())
        box = metrics.boundingRect(QRectF(0, 0, right - left - 8, self._box.height()), many, words)
        if right - left < box.width() + 8:
            return left
        top = (len(self._lanes) * (RIBBON_PX + EDGE_PX)) + EDGE_PX
        if each.kind is Kind.SILENT:
            top = self._box.height() / 2 + (lane - len(self._lanes) / 2) * box.height()
            left = (left + right - box.width()) / 2 - 4
        ground = QRectF(left + 2, top, box.width() + 4, box.height())
        painter.fillRect(ground, _faint(QColor(self._theme.base), 210))
        painter.setPen(QColor(self._theme.dim))
        painter.drawText(ground, many, words)
        return ground.right()


def _faint(colour: QColor, alpha: int) -> QColor:
    found = QColor(colour)
    found.setAlpha(alpha)
    return found


def _frame(painter: QPainter, box: QRectF, colour: QColor, *, dashed: bool = False) -> None:
    painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
