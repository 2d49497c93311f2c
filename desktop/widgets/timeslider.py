"""A stretch of time to move through: where entries came in, the hours, and the instant looked at."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QStyle, QStyleOptionFrame

from desktop.times import day, hm

EDGE = 8  # pixels left and right of the stretch, for half the handle
STEPS_S = (300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400)
MINUTE, HOUR = 60, 3600


class TimeSlider(QAbstractSlider):
    """`wanted` carries the instant (UTC) that a person moves to; `stepped` -1 or 1: the entry before or
    after; `left` the wish to be back at now.

    Its value counts seconds from the beginning of the stretch. Left to right in every language.
    """

    wanted = Signal(object)
    stepped = Signal(int)
    left = Signal()

    def __init__(self, zone: ZoneInfo, since: datetime, until: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._counts: Sequence[int] = ()
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSingleStep(MINUTE)
        self.setPageStep(HOUR)
        self.span(since, until)
        self.show_at(None)

    def sizeHint(self) -> QSize:
        return QSize(160, 2 * self.fontMetrics().height() + 6)

    minimumSizeHint = sizeHint

    @property
    def at(self) -> datetime:
        """The instant under the handle."""
        return self.until if self.value() == self.maximum() else self.since + timedelta(seconds=self.value())

    def span(self, since: datetime, until: datetime) -> None:
        """Show this stretch of time."""
        self.since, self.until = since, max(until, since + timedelta(seconds=1))
        self.blockSignals(True)
        self.setRange(0, int((self.until - self.since).total_seconds()))
        self.blockSignals(False)
        self.update()

    def show_at(self, at: datetime | None) -> None:
        """Put the handle at an instant, or at the end where that is now; nobody is told."""
        if self.isSliderDown():
            return
        self.blockSignals(True)
        self.setValue(self.maximum() if at is None else int((at - self.since).total_seconds()))
        self.blockSignals(False)
        self.update()

    def show_density(self, counts: Sequence[int]) -> None:
        """How many entries came in, in equal parts of the stretch."""
        self._counts = counts
        self.update()

    def edges(self, parts: int) -> list[datetime]:
        """The stretch in equal parts: their ends."""
        whole = self.until - self.since
        return [self.since + whole * n / parts for n in range(parts + 1)]

    # -- hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers()
        minutes = 10 if held & Qt.KeyboardModifier.ShiftModifier else 1
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()), 0)
        if way and held & Qt.KeyboardModifier.ControlModifier:
            self.stepped.emit(way)
        elif way or (pages and not held & Qt.KeyboardModifier.ControlModifier):
            self._move(self.at + timedelta(seconds=way * minutes * MINUTE + pages * HOUR))
        elif event.key() == Qt.Key.Key_Home:
            self._move(self.since)
        elif event.key() in (Qt.Key.Key_End, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event.position().x())
            self.setSliderDown(False)

    def wheelEvent(self, event: object) -> None:
        """The wheel belongs to the map: who scrolls past must not leave the present unseen."""
        event.ignore()  # type: ignore[attr-defined]

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _drag(self, x: float) -> None:
        share = min(max((x - EDGE) / max(self.width() - 2 * EDGE, 1), 0.0), 1.0)
        if share >= 1.0:
            self.setValue(self.maximum())
            self.left.emit()
        else:
            self._move(self.since + (self.until - self.since) * share)

    def _move(self, at: datetime) -> None:
        at = max(at, self.since)
        self.setValue(int((at - self.since).total_seconds()))
        self.wanted.emit(at)
        self.update()

    # -- eyes

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label = self.fontMetrics().height()
        track = QRectF(EDGE, 2, self.width() - 2 * EDGE, self.height() - label - 4)
        self._draw_density(painter, track)
        self._draw_hours(painter, track)
        self._draw_handle(painter, track)
        if self.hasFocus():
            option = QStyleOptionFrame()
            option.initFrom(self)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)

    def _x(self, at: datetime, track: QRectF) -> float:
        return track.left() + track.width() * ((at - self.since) / (self.until - self.since))

    def _handle_x(self, track: QRectF) -> float:
        share = self.value() / self.maximum() if self.maximum() else 1.0
        return track.left() + share * track.width()

    def _draw_density(self, painter: QPainter, track: QRectF) -> None:
        """Columns on the line, by the square root: one entry is seen beside a hundred."""
        palette = self.palette()
        base = track.bottom() - 1
        painter.setPen(QPen(palette.mid().color(), 2))
        painter.drawLine(QPointF(track.left(), base), QPointF(track.right(), base))
        end = self._handle_x(track)
        most = max(self._counts, default=0) ** 0.5
        width = track.width() / max(len(self._counts), 1)
        behind, ahead = palette.link().color(), QColor(palette.placeholderText().color())
        ahead.setAlphaF(0.55)
        for n, count in enumerate(self._counts):
            if count:
                tall = max(2.0, (track.height() - 3) * count**0.5 / most)
                x = track.left() + n * width
                column = QRectF(x, base - tall, max(width - 1, 1.0), tall)
                painter.fillRect(column, behind if x <= end else ahead)
        painter.setPen(QPen(behind, 2))
        painter.drawLine(QPointF(track.left(), base), QPointF(end, base))

    def _draw_hours(self, painter: QPainter, track: QRectF) -> None:
        """Local times under the line, as many as have room."""
        metrics = self.fontMetrics()
        room = metrics.horizontalAdvance("00:00") * 2
        seconds = (self.until - self.since).total_seconds()
        step = next((s for s in STEPS_S if s / seconds * track.width() >= room), STEPS_S[-1])
        painter.setPen(self.palette().placeholderText().color())
        for at in ticks(self.since, self.until, step, self._zone):
            local = at.astimezone(self._zone)
            midnight = (local.hour, local.minute) == (0, 0)
            words = day(at, self._zone) if midnight or step >= 86400 else hm(at, self._zone)
            x, wide = self._x(at, track), metrics.horizontalAdvance(words)
            painter.drawLine(QPointF(x, track.bottom() - 1), QPointF(x, track.bottom() + 3))
            if track.left() <= x - wide / 2 + EDGE and x + wide / 2 <= track.right() + EDGE:
                box = QRectF(x - wide / 2 - 1, track.bottom() + 1, wide + 2, metrics.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _draw_handle(self, painter: QPainter, track: QRectF) -> None:
        palette = self.palette()
        x, base = self._handle_x(track), track.bottom()
        shape = QPolygonF(
            [QPointF(x, base), QPointF(x - 6, base - 8), QPointF(x - 6, track.top()),
             QPointF(x + 6, track.top()), QPointF(x + 6, base - 8)]
        )  # fmt: skip
        painter.setPen(QPen(palette.shadow().color(), 1))
        painter.setBrush(palette.highlight() if self.hasFocus() else palette.text())
        painter.drawPolygon(shape)


def ticks(since: datetime, until: datetime, step_s: int, zone: ZoneInfo) -> list[datetime]:
    """The whole steps of local time (00:00, 03:00, ...) between two instants, UTC."""
    midnight = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    found: list[datetime] = []
    wall, step = midnight, timedelta(seconds=step_s)
    while (at := wall.replace(tzinfo=zone).astimezone(UTC)) <= until:
        if at >= since:
            found.append(at)
        wall += step
    return found
