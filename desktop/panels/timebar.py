"""Region 4: the time that is looked at, now or earlier, and the clock this desk lives by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from desktop.bridge import Bridge
from desktop.outlook import Outlook
from desktop.times import full, last_time
from desktop.widgets.buttons import push, tool
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.timeslider import TimeSlider
from gis.clock import Clock, ScenarioClock
from gis.model.record import Reading
from gis.store import Change, Query
from gis.store.moment import density
from gis.texts import _

SPEEDS = (1, 5, 10, 30, 60, 120)
RATES = (60, 600)
SPANS_H = (6, 24, 72, 0)  # 0: from the first entry on
PARTS = 180  # columns of the line that shows where entries came in
PLAY_MS, TICK_MS = 250, 250
LEAST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Survey:
    """A stretch of time and how many entries came in, in equal parts of it."""

    since: datetime
    until: datetime
    counts: tuple[int, ...]


class TimeBar(QFrame):
    """`told` carries what there is to say about a time that was typed."""

    told = Signal(str)

    def __init__(self, clock: Clock, zone: ZoneInfo, outlook: Outlook, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(_("Time"))
        self._clock, self._zone, self._outlook = clock, zone, outlook
        self._surveying, self._stale = False, True
        self.slider = TimeSlider(zone, clock.now() - LEAST, clock.now())
        self.slider.setAccessibleName(_("The time that is shown"))
        self.slider.setToolTip(
            _("Left and Right: a minute, with Shift ten, with Ctrl an entry. Page: an hour. Esc: now.")
        )
        self.setFocusProxy(self.slider)
        self.now = QLabel()
        self.now.setProperty("strong", True)
        self.words = ElidedLabel(dim=True)
        self._play = QTimer(self, interval=PLAY_MS)
        self._since_step = QElapsedTimer()
        self._arrange()
        self._listen(bridge)
        self.tick()

    def _arrange(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(6, 3, 6, 3)
        rows.setSpacing(1)
        rows.addWidget(self.slider)
        self.row = QHBoxLayout()
        self.row.setSpacing(4)
        rows.addLayout(self.row)
        self.row.addWidget(self.now)
        self.row.addWidget(self.words, 1)
        if isinstance(self._clock, ScenarioClock):
            self._offer_speeds(self._clock)
        self._offer_past()

    def _offer_past(self) -> None:
        self.field = TimeField()
        self.span = QComboBox()
        self.span.setAccessibleName(_("How far back the line of time goes"))
        for hours in SPANS_H:
            self.span.addItem(_span_words(hours), hours)
        self.span.setCurrentIndex(1)
        self.play = push("▶", self._turn_play)
        self.play.setAccessibleName(_("Play the past, or stop there"))
        self.play.setToolTip(self.play.accessibleName())
        self.play.setMaximumWidth(self.fontMetrics().horizontalAdvance("▶▶▶") + 12)
        self.rate = QComboBox()
        self.rate.setAccessibleName(_("How fast the past is played"))
        for factor in RATES:
            self.rate.addItem(f"{factor}×", factor)
        self.live = tool(_("Live"), lambda: self._outlook.go(None), _("Back to live"))
        self.live.setCheckable(True)
        for widget in (self.field, self.span, self.play, self.rate, self.live):
            self.row.addWidget(widget)

    def _offer_speeds(self, clock: ScenarioClock) -> None:
        self.pause = push(_("Pause"), lambda: self._turn(clock))
        self.pause.setAccessibleName(_("Pause or go on with the exercise"))
        self.speed = QComboBox()
        self.speed.setAccessibleName(_("How fast the exercise runs"))
        for factor in SPEEDS:
            self.speed.addItem(f"{factor}×", float(factor))
        self.speed.setCurrentIndex(max(self.speed.findData(clock.speed), 0))
        self.speed.activated.connect(lambda: clock.run_at(self.speed.currentData()))
        self.row.addWidget(self.pause)
        self.row.addWidget(self.speed)

    def _listen(self, bridge: Bridge) -> None:
        self.slider.wanted.connect(self._outlook.go)
        self.slider.left.connect(lambda: self._outlook.go(None))
        self.slider.stepped.connect(self._step)
        self.field.returnPressed.connect(self._typed)
        self.field.left.connect(lambda: self._outlook.go(None))
        self.span.activated.connect(lambda: self._survey())
        self._play.timeout.connect(self._advance)
        self._outlook.moved.connect(self._moved)
        bridge.changed.connect(self._on_changed)
        timer = QTimer(self, interval=TICK_MS)
        timer.timeout.connect(self.tick)
        timer.start()

    # -- acts

    def start_typing(self) -> None:
        """Ready for a time to be typed."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _typed(self) -> None:
        text = self.field.text()
        at = last_time(text, self._clock.now(), self._zone)
        if at is None:
            words = _("“{text}” is no time that has been. Type 03:10, or 2026-03-14 03:10.")
            self.told.emit(words.format(text=text))
            self.field.selectAll()
            return
        self._outlook.go(at)
        self.field.clear()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, way: int) -> None:
        """To the entry before or after; after the last one to now."""
        at = self._outlook.at or self._clock.now()

        def ask(query: Query) -> datetime | None:
            return query.came_in(before=at) if way < 0 else query.came_in(after=at)

        self._outlook.ask_now(ask, lambda found: self._go_step(found, way))

    def _go_step(self, found: datetime | None, way: int) -> None:
        if found is not None or way > 0:
            self._outlook.go(found)

    def _turn(self, clock: ScenarioClock) -> None:
        if clock.paused:
            clock.resume()
        else:
            clock.pause()
        self.tick()

    # -- playing the past

    @property
    def playing(self) -> bool:
        return self._play.isActive()

    def _turn_play(self) -> None:
        if self.playing:
            self._stop()
            return
        if self._outlook.live:
            self._outlook.go(self.slider.since)
        self.play.setText("❚❚")
        self._since_step.start()
        self._play.start()

    def _stop(self) -> None:
        self._play.stop()
        self.play.setText("▶")

    def _advance(self) -> None:
        """On by as much time as has passed; a slow computer takes larger steps, not a longer night."""
        at = self._outlook.at
        if at is None:
            self._stop()
        elif not self._outlook.busy:
            passed = timedelta(milliseconds=self._since_step.restart())
            self._outlook.go(at + passed * self.rate.currentData())

    # -- showing

    def _moved(self, at: datetime | None) -> None:
        if at is None:
            self._stop()
        if at is not None and at < self.slider.since:
            self._survey()
        self.slider.show_at(at)
        self.tick()

    def tick(self) -> None:
        """Show the time, how it runs, and which one is looked at."""
        now, at = self._clock.now(), self._outlook.at
        self.now.setText(full(at or now, self._zone))
        self.words.say(self._words(at))
        self.live.setChecked(at is None)
        self.live.setEnabled(at is not None)
        self.slider.setAccessibleDescription(full(at or now, self._zone))
        if isinstance(self._clock, ScenarioClock):
            self.pause.setText(_("Go on") if self._clock.paused else _("Pause"))
        apart = (self.slider.until - self.slider.since) / PARTS
        if self._stale or now - self.slider.until > apart or now < self.slider.until:
            self._survey()

    def _words(self, at: datetime | None) -> str:
        if at is not None:
            return _("As it was")
        return _pace(self._clock) if isinstance(self._clock, ScenarioClock) else _("Live")

    def _on_changed(self, change: Change) -> None:
        self._stale |= bool(change.kinds - {Reading})

    def _survey(self) -> None:
        """Ask where entries came in, and show the stretch up to now."""
        if self._surveying:
            return
        self._surveying, self._stale = True, False
        span, at = timedelta(hours=self.span.currentData()), self._outlook.at

        def ask(query: Query) -> Survey:
            now, first = query.at, query.came_in()
            begin = first if first is not None and first < now else now
            since = begin if not span else max(begin, now - span)
            since = min(since, at or since, now - LEAST)
            edges = [since + (now - since) * n / PARTS for n in range(PARTS + 1)]
            return Survey(since, now, tuple(density(query, edges)))

        self._outlook.ask_now(ask, self._show_survey)

    def _show_survey(self, survey: Survey) -> None:
        self._surveying = False
        self.slider.span(survey.since, survey.until)
        self.slider.show_density(survey.counts)
        self.slider.show_at(self._outlook.at)


class TimeField(QLineEdit):
    """Takes a time; Escape leaves the past."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Show the operation as it was at this time"))
        self.setToolTip(_("Show the operation as it was at this time: 03:10, or 2026-03-14 03:10"))
        self.setPlaceholderText("03:10")
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance("2026-03-14 03:10") + 16)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("00:00:00") + 16)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _span_words(hours: int) -> str:
    if not hours:
        return _("All")
    if hours > 24:
        return _("{count} d").format(count=hours // 24)
    return _("{count} h").format(count=hours)


def _pace(clock: ScenarioClock) -> str:
    """How exercise time runs."""
    if clock.paused:
        return _("Exercise paused")
    return _("Exercise time")  # how fast it runs stands beside it
