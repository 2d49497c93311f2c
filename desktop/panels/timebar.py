"""Region 4: the clock this desk lives by. In an exercise it can be paused and run faster."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel

from desktop.times import full
from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from gis.clock import Clock, ScenarioClock
from gis.texts import _

SPEEDS = (1, 5, 10, 30, 60, 120)


class TimeBar(QFrame):
    def __init__(self, clock: Clock, zone: ZoneInfo) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(_("Time"))
        self._clock, self._zone = clock, zone
        self.now = QLabel()
        self.now.setProperty("strong", True)
        self.words = ElidedLabel(dim=True)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(8, 2, 8, 2)
        self.row.addWidget(self.now)
        self.row.addWidget(self.words, 1)
        if isinstance(clock, ScenarioClock):
            self._offer_speeds(clock)
        timer = QTimer(self, interval=250)
        timer.timeout.connect(self.tick)
        timer.start()
        self.tick()

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

    def _turn(self, clock: ScenarioClock) -> None:
        if clock.paused:
            clock.resume()
        else:
            clock.pause()
        self.tick()

    def tick(self) -> None:
        """Show the time and how it runs."""
        self.now.setText(full(self._clock.now(), self._zone))
        clock = self._clock
        if not isinstance(clock, ScenarioClock):
            self.words.say(_("Live"))
            return
        self.pause.setText(_("Go on") if clock.paused else _("Pause"))
        self.words.say(_pace(clock))


def _pace(clock: ScenarioClock) -> str:
    """How exercise time runs."""
    if clock.paused:
        return _("Exercise paused")
    if clock.speed == 1:
        return _("Exercise time, as fast as real time")
    return _("Exercise time, {speed:g} times as fast as real time").format(speed=clock.speed)
