"""What a limit would have done: in a line of words, and on the chart of its instrument."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.charts.course import Course
from desktop.charts.episodes import Episode, Kind
from desktop.forms.limit import Limit
from desktop.theme import Theme
from desktop.times import day, hm, lasting
from gis.model.record import from_us
from gis.model.sensor import Alarm
from gis.texts import _, ngettext

if TYPE_CHECKING:
    from desktop.charts.small import SensorChart


@dataclass(frozen=True, eq=False)
class Trial:
    """A limit run over what was measured from `begin` (UTC) on: the alarms that there would have been."""

    limit: Limit
    course: Course
    alarms: tuple[Alarm, ...]
    begin: datetime

    @property
    def rung(self) -> list[Episode]:
        """From ringing to returning."""
        rule, now = self.limit.rule, self.course.now
        return [
            Episode(each.raised_at, each.returned_at or now, "", Kind.WOULD, rule.severity)
            for each in self.alarms
            if each.raised_at is not None and not each.suppressed
        ]


class TrialView(QWidget):
    """The chart; `words` stands where its owner puts it."""

    def __init__(self, zone: ZoneInfo, theme: Theme) -> None:
        super().__init__()
        self._zone, self._theme = zone, theme
        self._trial: Trial | None = None
        self._chart: SensorChart | None = None
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("strong", True)
        self._empty = QLabel(_("Tried out as soon as the limit is whole."), wordWrap=True)
        self._empty.setProperty("dim", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._empty)

    def wear(self, theme: Theme) -> None:
        self._theme = theme
        if self._chart is not None:
            self._chart.wear(theme)

    def clear(self) -> None:
        """Nothing can be said of the limit in hand."""
        self._trial = None
        self.words.clear()
        self.words.hide()
        self.look()

    def show_trial(self, trial: Trial) -> None:
        self._trial = trial
        self.words.setText(would(trial, self._zone))
        self.words.show()
        self.look()

    def look(self) -> None:
        """Draw the chart once it is seen."""
        if self._trial is not None and self._chart is None and self.isVisible():
            from desktop.charts.small import SensorChart  # pyqtgraph stays off the way to the first paint

            self._chart = SensorChart(self._theme, self._zone)
            self._column.addWidget(self._chart, 1)
        if self._chart is not None:
            self._chart.setVisible(self._trial is not None)
            if self._trial is not None:
                self._chart.show_course(self._trial.course)
                self._chart.show_bands(self._trial.rung)
        self._empty.setVisible(self._trial is None or self._chart is None)


def would(trial: Trial, zone: ZoneInfo) -> str:
    """In the last 30 days it would have rung 3 times, 41 min in all; first at 12 Mar 02:10."""
    days, series = round((trial.course.now - trial.begin) / timedelta(days=1)), trial.course.series
    if not len(series):
        said = _("Nothing was measured in the last {days} days: nobody can say how often it would have rung.")
        return said.format(days=days)
    said, begun = _rung(trial, days, zone), from_us(int(series.at_us[0]))
    if begun - trial.begin < timedelta(days=1):
        return said
    return said + " " + _("Its readings begin at {time}.").format(time=_day_and_hour(begun, zone))


def _rung(trial: Trial, days: int, zone: ZoneInfo) -> str:
    rung = trial.rung
    if not rung:
        return _("In the last {days} days it would not have rung.").format(days=days)
    words = ngettext(
        "In the last {days} days it would have rung once, for {time}, at {first}.",
        "In the last {days} days it would have rung {count} times, {time} in all; first at {first}.",
        len(rung),
    )
    time = lasting(sum((each.end - each.start for each in rung), timedelta()))
    first = _day_and_hour(min(each.start for each in rung), zone)
    return words.format(days=days, count=len(rung), time=time, first=first)


def _day_and_hour(at: datetime, zone: ZoneInfo) -> str:
    """12 Mar 02:10"""
    return f"{day(at, zone)} {hm(at, zone)}"
