"""Counts over time as columns, those over a bound in another colour."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import floor
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.theme import SEVERITY_FILL
from desktop.times import hm
from gis.model.incident import Severity
from gis.model.record import from_us
from gis.texts import _, ngettext

NARROWEST_PX, TALL_PX = 2.0, 34


class Bars(QWidget):
    """Left to right in every language. The pointer is told each column in words."""

    def __init__(self, name: str, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._counts: Sequence[int] = ()
        self._begin, self._step, self._bound = from_us(0), timedelta(1), 0
        self.setAccessibleName(name)

    def show_counts(self, counts: Sequence[int], begin: datetime, step: timedelta, bound: int) -> None:
        """One count for each `step` from `begin` (UTC); more than `bound` are too many."""
        self._counts, self._begin, self._step, self._bound = counts, begin, step, bound
        self.setAccessibleDescription(_("At most {count}.").format(count=max(counts, default=0)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, TALL_PX + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def said(self, x: float) -> str:
        """What the column at this pixel says; "" where there is none."""
        columns, joined = self._columns()
        n = floor(x / (self.width() / len(columns))) if columns else -1
        if not 0 <= n < len(columns):
            return ""
        begin = self._begin + n * joined * self._step
        words = ngettext("{begin} to {end}: {count} alarm", "{begin} to {end}: {count} alarms", columns[n])
        if joined > 1:
            words = ngettext(
                "{begin} to {end}: at most {count} alarm in ten minutes",
                "{begin} to {end}: at most {count} alarms in ten minutes",
                columns[n],
            )
        end = begin + joined * self._step
        return words.format(begin=self._said(begin), end=hm(end, self._zone), count=columns[n])

    def _columns(self) -> tuple[list[int], int]:
        """As many as can be told apart, each the most of the counts it stands for; and of how many."""
        joined = max(1, -(-len(self._counts) // max(int(self.width() / NARROWEST_PX), 1)))
        starts = range(0, len(self._counts), joined)
        return [max(self._counts[n : n + joined]) for n in starts], joined

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.said(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        columns, _joined = self._columns()
        painter, palette = QPainter(self), self.palette()
        ground = QRectF(0, 0, self.width(), self.height() - self.fontMetrics().height())
        highest = max(self._bound, *columns, 1) if columns else 1
        width = ground.width() / max(len(columns), 1)
        gap = 1.0 if width >= 3 * NARROWEST_PX else 0.0
        for n, count in enumerate(columns):
            tall = (ground.height() - 2) * count / highest
            ink = QColor(SEVERITY_FILL[Severity.EXTREME]) if count > self._bound else palette.link().color()
            painter.fillRect(QRectF(n * width, ground.bottom() - tall, width - gap, tall), ink)
        painter.setPen(QPen(palette.mid().color(), 1))
        painter.drawLine(ground.bottomLeft(), ground.bottomRight())
        if self._bound:
            y = ground.bottom() - (ground.height() - 2) * self._bound / highest
            painter.setPen(QPen(palette.placeholderText().color(), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        self._draw_ends(painter)
        painter.end()

    def _draw_ends(self, painter: QPainter) -> None:
        if not self._counts:
            return
        painter.setPen(self.palette().placeholderText().color())
        below = QRectF(0, 0, self.width(), self.height())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignBottom
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignBottom
        end = self._begin + len(self._counts) * self._step
        painter.drawText(below, left, self._said(self._begin))
        painter.drawText(below, right, self._said(end))

    def _said(self, at: datetime) -> str:
        """With the day, where there are several."""
        long = len(self._counts) * self._step > timedelta(hours=24)
        return f"{at.astimezone(self._zone):{'%d %b %H:%M' if long else '%H:%M'}}"
