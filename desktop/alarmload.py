"""How much the alarms ask of the desk: asked of the log, shown in region 7 and kept up to date there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from desktop.forms.alarm_load import AlarmLoadForm, Told
from desktop.work import SENSORS, Work, zone_of
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.sensors.load import WINDOW, load
from gis.store import Change, Query
from gis.store.questions import rung_since

BEAT_MS = 60_000
BEFORE = timedelta(hours=1)  # so much earlier alarms tell of a flood that was going on


class AlarmLoads(QObject):
    """Of the moment that is looked at: now, or an earlier one."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work, self._outlook = work, work.model.outlook
        self.form = AlarmLoadForm(zone_of(work.model.store))
        work.panels.detail.hold(self.form)
        self.form.asked.connect(self._ask)
        self.form.picked.connect(self._show_place)
        self.form.opened.connect(self._open)
        self._outlook.changed.connect(self._on_changed)
        self._beat = QTimer(self.form, interval=BEAT_MS)  # ends with what it keeps up to date
        self._beat.timeout.connect(self._go_on)
        self._beat.start()

    def open(self) -> None:
        """Show the form."""
        self._work.panels.detail.show_form(self.form)
        self.form.begin()
        self.form.look()

    def _ask(self, span: timedelta) -> None:
        began = self._work.model.store.operation.created_at

        def question(query: Query) -> Told:
            begin = query.at - span
            found = rung_since(query, begin - BEFORE)
            alarms, rules = [each.alarm for each in found], {each.rule.id: each for each in found}
            return Told(load(alarms, _begin(alarms, begin, began, query.at), query.at), rules)

        if self._outlook.live:
            self._outlook.ask_now(question, self.form.show_load, self)
        else:
            self._outlook.ask(self, question, self.form.show_load)

    def _show_place(self, sensor: Sensor) -> None:
        """On the map; the figures stay where they are."""
        self._work.model.selection.select(SENSORS, sensor.id)
        self._work.reveal(sensor.place.x, sensor.place.y)

    def _open(self, sensor: Sensor) -> None:
        """Its chart, in the place of the figures."""
        self.form.cancel()
        self._work.open_sensor(sensor.id)

    def _on_changed(self, change: Change) -> None:
        if self.form.isVisible() and change.touches(Alarm, AlarmRule, Sensor):
            self.form.look()

    def _go_on(self) -> None:
        """What rang grows older though nothing rings."""
        if self._outlook.live and self.form.isVisible():
            self.form.look()


def _begin(alarms: Sequence[Alarm], asked: datetime, began: datetime, end: datetime) -> datetime:
    """From when on to count: time in which nobody sat here and nothing rang would make it look light."""
    rang = [alarm.raised_at for alarm in alarms if alarm.raised_at is not None and alarm.raised_at >= asked]
    return min(max(asked, min([began, *rang])), end - WINDOW)
