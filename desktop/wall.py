"""The wall: the map and what rings, in large type for a whole room. No controls, and no names of persons."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFont, QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.bridge import Bridge
from desktop.canvas.canvas import MapCanvas
from desktop.outlook import Outlook
from desktop.panels.strip import COUNTED, ExerciseBand
from desktop.standing import Standing, situation
from desktop.symbols import app_icon, severity_pixmap
from desktop.times import full, hms
from desktop.widgets.elided import ElidedLabel
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, Sensor, Suppression
from gis.store import Change, Store
from gis.texts import _
from layers.legend import severity_word

LARGER = 2.0  # than the text of the desk
LEAST = 0.6  # of that: the worst alarm is written smaller before it is cut
CHIP_PX = 44
FRESH_MS = 500


class WallWindow(QWidget):
    """`closed` when it has gone. Escape gives the monitor back, and takes it again."""

    closed = Signal()

    def __init__(self, canvas: MapCanvas, strip: "WallStrip", title: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.canvas, self.strip = canvas, strip
        self.setWindowTitle(title)
        self.setWindowIcon(app_icon())
        canvas.setAccessibleName(_("Map on the wall"))
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        column.addWidget(strip)
        column.addWidget(canvas, 1)
        self.resize(1280, 800)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.canvas.close_map()
        self.strip.rest()
        super().closeEvent(event)
        self.closed.emit()


class WallStrip(QFrame):
    """How many alarms of which severity, the worst that nobody has taken, the time. What is past says so."""

    def __init__(self, store: Store, bridge: Bridge, outlook: Outlook, zone: ZoneInfo, points: float) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(_("Alarms on the wall"))
        self._store, self._bridge, self._outlook, self._zone = store, bridge, outlook, zone
        self._said = ""
        self._due: datetime | None = None
        self._counts = {severity: QLabel("0") for severity in COUNTED}
        self._chip, self.worst, self.clock = QLabel(), ElidedLabel(), QLabel()
        self.past, self._hushed = QLabel(), QLabel()
        self._arrange(store.operation.exercise, points)
        self._soon = QTimer(self, singleShot=True, interval=FRESH_MS)
        self._soon.timeout.connect(self.look)
        self._tick = QTimer(self, interval=FRESH_MS)
        self._tick.timeout.connect(self.tick)
        self._tick.start()
        bridge.changed.connect(self._on_changed)
        outlook.moved.connect(self._tell_past)
        self._tell_past(outlook.at)
        self.look()
        self.tick()

    def _arrange(self, exercise: bool, points: float) -> None:
        large = QFont(self.font())
        large.setPointSizeF(points * LARGER)
        large.setBold(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(14)
        if exercise:
            band = ExerciseBand()
            band.setFont(large)
            row.addWidget(band)
        row.addWidget(self.past)
        for severity, count in self._counts.items():
            chip = QLabel()
            chip.setPixmap(severity_pixmap(severity, CHIP_PX, ratio=self.devicePixelRatioF()))
            chip.setAccessibleName(severity_word(severity))
            row.addWidget(chip)
            row.addWidget(count)
        row.addWidget(self._hushed)
        row.addSpacing(20)
        row.addWidget(self._chip)
        row.addWidget(self.worst, 1)
        row.addWidget(self.clock)
        for label in (*self._counts.values(), self._hushed, self.worst, self.clock, self.past):
            label.setFont(large)
        self._large = large
        self.past.setObjectName("pastwords")
        self.past.hide()

    def rest(self) -> None:
        """Hear nothing more."""
        self._tick.stop()
        self._soon.stop()
        self._bridge.changed.disconnect(self._on_changed)
        self._outlook.moved.disconnect(self._tell_past)

    def look(self) -> None:
        """Read again what stands."""
        with self._store.reading() as query:
            now = situation(query)
        for severity, label in self._counts.items():
            label.setText(str(sum(1 for line in now.alarms if line.alarm.severity is severity)))
        waiting = now.waiting[0] if now.waiting else None
        quiet = _("All alarms are acknowledged.") if now.alarms else _("No alarms.")
        self._chip.setVisible(waiting is not None)
        self._said = quiet if waiting is None else self._words(waiting)
        self._hushed.setText(now.hushed)
        self._hushed.setVisible(bool(now.quiet))
        self._due = now.changes_at
        self._fit()

    def _fit(self) -> None:
        wide, room = QFontMetricsF(self._large).horizontalAdvance(self._said), self.worst.width() - 4
        font = QFont(self._large)
        if wide > room > 0:
            font.setPointSizeF(font.pointSizeF() * max(room / wide, LEAST))
        self.worst.setFont(font)
        self.worst.say(self._said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _words(self, line: Standing) -> str:
        severity: Severity = line.alarm.severity
        self._chip.setPixmap(severity_pixmap(severity, CHIP_PX, ratio=self.devicePixelRatioF()))
        return f"{line.what}   {hms(line.since, self._zone)}"

    def tick(self) -> None:
        now = self._store.clock.now()
        if self._due is not None and now >= self._due:
            self.look()
        self.clock.setText(hms(now, self._zone))

    def _tell_past(self, at: object) -> None:
        """The map shows what the desk looks at; a room must not take it for now."""
        self.past.setVisible(isinstance(at, datetime))
        if isinstance(at, datetime):
            self.past.setText(_("MAP AS IT WAS {time}").format(time=full(at, self._zone)))

    def _on_changed(self, change: Change) -> None:
        if change.touches(Alarm, AlarmRule, Sensor, Suppression):
            self.look()
        elif change.touches(Reading) and not self._soon.isActive():
            self._soon.start()

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(600, CHIP_PX + 20))
