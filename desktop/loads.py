"""How much the alarms ask of the desk: asked of the log, shown in region 7 and kept up to date there."""

from datetime import timedelta

from PySide6.QtCore import QObject

from desktop.forms.alarm_load import AlarmLoadForm, Told
from desktop.work import SENSORS, Work, zone_of
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.sensors.load import load
from gis.store import Change, Query
from gis.store.questions import rung_since

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

    def open(self) -> None:
        """Show the form."""
        self._work.panels.detail.show_form(self.form)
        self.form.begin()
        self.form.look()

    def _ask(self, span: timedelta) -> None:
        def question(query: Query) -> Told:
            begin = query.at - span
            found = rung_since(query, begin - BEFORE)
            rules = {each.rule.id: each for each in found}
            return Told(load([each.alarm for each in found], begin, query.at), rules)

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
