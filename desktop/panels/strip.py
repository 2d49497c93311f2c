"""Region 1: what rings, what runs, can the log be believed, what time is it, who is at the desk."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from desktop.bridge import Bridge
from desktop.standing import Standing, situation
from desktop.symbols import exercise_band, severity_icon, severity_pixmap
from desktop.times import full, hms, offset
from desktop.widgets.buttons import tool
from desktop.widgets.elided import ElidedButton, ElidedLabel
from desktop.widgets.trustline import TrustLine
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, Sensor, Suppression
from gis.store import Change, Store
from gis.texts import _

CHIP = 22  # below this the digit cannot be read
FRESH_MS = 500  # readings may come thick; the worst value twice a second is enough
WIDE = 1500  # pixels from which the strip also shows UTC
TRUSTED = 0.25  # of the strip's width, at most this for the promises about the log
COUNTED = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR)


class ExerciseBand(QWidget):
    """The word EXERCISE on violet hatching."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("This is an exercise"))
        self.setToolTip(_("This is an exercise: nothing here is really happening."))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        font = QFont(self.font())
        font.setBold(True)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(_("EXERCISE")) + 40, metrics.height() + 8)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawTiledPixmap(self.rect(), exercise_band())
        metrics = painter.fontMetrics()
        box = metrics.boundingRect(_("EXERCISE")).adjusted(-7, -1, 7, 1)
        box.moveCenter(self.rect().center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#2A1650"))
        painter.drawRoundedRect(QRectF(box), 3, 3)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("EXERCISE"))


class AlarmStrip(QFrame):
    """`wanted` carries the id of the alarm the operator asked for; `named` the new name at the desk; `turned`
    asks for what is kept quiet."""

    wanted = Signal(str)
    named = Signal(str)
    turned = Signal()

    def __init__(
        self, store: Store, bridge: Bridge, zone: ZoneInfo, marks: Sequence[QWidget], trust: TrustLine
    ) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(_("Alarm strip"))
        self._store, self._zone, self._worst = store, zone, ""
        self._due: datetime | None = None
        self._counts = {severity: QLabel("0") for severity in COUNTED}
        self.alarm = ElidedButton()
        font = QFont(self.alarm.font())
        font.setBold(True)
        self.alarm.setFont(font)
        self.alarm.clicked.connect(lambda: self.wanted.emit(self._worst))
        self.hushed = tool("", self.turned.emit, _("What is kept from ringing  Shift+F4"))
        self.quiet = ElidedLabel(dim=True)
        self.utc, self.clock, self.trust = QLabel(), QLabel(), trust
        self.who = QLineEdit(store.author)
        self._arrange(marks)
        self.who.editingFinished.connect(self._name)
        bridge.changed.connect(self._on_changed)
        self._soon = QTimer(self, singleShot=True, interval=FRESH_MS)
        self._soon.timeout.connect(self.look)
        self._tick_timer = QTimer(self, interval=250)
        self._tick_timer.timeout.connect(self.tick)
        self._tick_timer.start()
        self.look()
        self.tick()

    def _arrange(self, marks: Sequence[QWidget]) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(8)
        if self._store.operation.exercise:
            row.addWidget(ExerciseBand())
        for severity, count in self._counts.items():
            chip = QLabel(pixmap=severity_pixmap(severity, CHIP, ratio=2))
            chip.setAccessibleName(severity.value)
            chip.setToolTip(_("{severity} alarms that stand").format(severity=severity.value))
            row.addWidget(chip)
            row.addWidget(count)
        row.addWidget(self.hushed)
        row.addWidget(self.alarm, 1)
        row.addWidget(self.quiet, 1)
        self._marks = QHBoxLayout()
        row.addLayout(self._marks)
        for part in (*marks, self.trust, self.clock, self.utc):
            row.addWidget(part)
        self.utc.setProperty("dim", True)
        for label in (*self._counts.values(), self.clock):
            label.setProperty("strong", True)
        self.who.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # nobody renames the desk by tabbing past
        self.who.setAccessibleName(_("Name of the person at the desk"))
        self.who.setToolTip(_("Who is at the desk: this name stands behind every entry."))
        self.who.setPlaceholderText(_("Your name"))
        self.who.setFixedWidth(self.fontMetrics().averageCharWidth() * 18)
        row.addWidget(self.who)

    def hold(self, mark: QWidget) -> None:
        """Keep a place for what says that something is in trouble, and is hidden while nothing is."""
        self._marks.addWidget(mark)

    def look(self) -> None:
        """Read again what stands."""
        with self._store.reading() as query:
            now = situation(query)
        for severity, label in self._counts.items():
            number = sum(1 for line in now.alarms if line.alarm.severity is severity)
            label.setText(str(number))
            label.setAccessibleName(f"{severity.value}: {number}")
        self._ring(now.waiting[0] if now.waiting else None)
        self.hushed.setText(now.hushed)
        self.hushed.setVisible(bool(now.quiet))
        self._due = now.changes_at
        self.quiet.say(now.summary)

    def _ring(self, line: Standing | None) -> None:
        self.alarm.setVisible(line is not None)
        self.quiet.setVisible(line is None)
        if line is not None:
            self._worst = line.alarm.id
            self.alarm.setIcon(severity_icon(line.alarm.severity))
            self.alarm.setIconSize(QSize(CHIP, CHIP))
            passed_on = f", {line.passed_on}" if line.passed_on else ""
            self.alarm.say(f"{line.what}{passed_on}   {hms(line.since, self._zone)}")

    def _on_changed(self, change: Change) -> None:
        if change.touches(Alarm, AlarmRule, Sensor, Suppression):
            self.look()
        elif change.touches(Reading) and not self._soon.isActive():
            self._soon.start()

    def tick(self) -> None:
        """Show the time."""
        now = self._store.clock.now()
        if self._due is not None and now >= self._due:
            self.look()
        local = now.astimezone(self._zone)
        wide = self.width() >= WIDE
        self.clock.setText(f"{local:%H:%M:%S}" + (f" {offset(local)}" if wide else ""))
        self.clock.setToolTip(full(now, self._zone))
        self.utc.setText(f"{now:%H:%M:%S} UTC")
        self.utc.setVisible(wide)
        self.trust.fit(round(self.width() * TRUSTED))

    def _name(self) -> None:
        name = " ".join(self.who.text().split())
        if name and name != self._store.author:
            self.named.emit(name)
