"""What to do about the alarm or the incident on show: asked of the log, made tasks of, ticked off."""

from PySide6.QtCore import QObject

from desktop.forms.guidance import Guidance, GuidanceForm
from desktop.notices import Notices
from desktop.standing import Standing
from desktop.work import Work
from gis.model.incident import Incident
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.model.task import Task
from gis.ops import tasks
from gis.store import Change, Query
from gis.store.questions import standing_alarms
from gis.texts import _


class Guiding(QObject):
    """Above the chart of a sensor one line says how much is done about the alarm that was picked, else about
    the worst that stands there; above an incident, about the incident. It opens the card."""

    def __init__(self, work: Work, notices: Notices) -> None:
        super().__init__()
        self._work, self._notices = work, notices
        self._model, self._detail = work.model, work.panels.detail
        self._alarm_id, self._told = "", Guidance(())
        self.form = GuidanceForm()
        self._detail.hold(self.form)
        self._detail.guide.say(_("What to do"))
        work.panels.alarms.picked.connect(self._pick)
        work.panels.alarms.guided.connect(self._open_of)
        self._detail.turned.connect(self.look)
        self._detail.guide.clicked.connect(self.open)
        self.form.ticked.connect(self._tick)
        self.form.wanted.connect(self._make)
        self.form.added.connect(self._add)
        self._model.outlook.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the card of what is on show; of the worst alarm while nothing is."""
        if not any(self._detail.shown):
            self._work.panels.alarms.next_waiting()
        self.look()
        if self._told.alarm is None and self._told.incident is None:
            self._notices.tell(_("Select an alarm or an incident first."))
            return
        self._detail.show_form(self.form)
        self.form.begin()

    def _open_of(self, line: Standing) -> None:
        self._alarm_id = line.alarm.id
        self._work.show_alarm(line)
        self.open()

    def look(self) -> None:
        """Ask again for what is to be done about what is on show."""
        sensor_id, incident_id = self._detail.shown
        alarm_id, live = self._alarm_id, self._model.outlook.live

        def show(told: Guidance) -> None:
            if self._detail.shown == (sensor_id, incident_id):
                self._told = told
                self.form.show_guidance(told, live=live)
                self._detail.guide.say(told.said)
                self._detail.guide.setVisible(bool(told.said) and not self.form.isVisible())

        self._model.outlook.ask(self, lambda query: guidance(query, sensor_id, incident_id, alarm_id), show)

    def _pick(self, line: Standing) -> None:
        self._alarm_id = line.alarm.id
        self.look()

    def _make(self) -> None:
        alarm, rule = self._told.alarm, self._told.rule
        if alarm is None or rule is None:
            return
        label = _("Make tasks of the steps")
        pen, steps = self._model.pen, rule.steps
        pen.write(label, lambda tx: tasks.add_steps(tx, steps, alarm), lambda _made: self.form.begin())

    def _add(self, words: str) -> None:
        alarm, incident = self._told.alarm, self._told.incident
        about = {"alarm_id": alarm and alarm.id, "incident_id": incident and incident.id}
        label = _("Task: {task}").format(task=words.strip())
        self._model.pen.write(
            label, lambda tx: tasks.add(tx, words, **about), lambda _task: self.form.taken()
        )

    def _tick(self, task: Task, on: bool) -> None:
        name, write = self._model.store.author, self._model.pen.write
        if on:
            label = _("Task done: {task}").format(task=task.what)
            write(label, lambda tx: tasks.done(tx, task.id, name), failed=self._untick)
        else:
            label = _("Task open again: {task}").format(task=task.what)
            write(label, lambda tx: tasks.reopen(tx, task.id), failed=self._untick)

    def _untick(self, error: Exception) -> None:
        """What was not written is not shown as if it were."""
        self.look()
        self._notices.problem(_("Tick a task off"), error)

    def _on_changed(self, change: Change) -> None:
        if change.whole or change.touches(Task, Alarm, AlarmRule):
            self.look()


def guidance(query: Query, sensor_id: str, incident_id: str, alarm_id: str) -> Guidance:
    """What is to be done about the sensor or the incident on show; of nothing else is anything told."""
    if incident_id:
        incident = query.known(Incident, incident_id)
        return (
            Guidance(())
            if incident is None
            else Guidance(tasks.of_incident(query, incident), incident=incident)
        )
    alarm = _alarm_of(query, sensor_id, alarm_id) if sensor_id else None
    rule = query.known(AlarmRule, alarm.rule_id) if alarm is not None else None
    if alarm is None or rule is None:
        return Guidance(())
    own = tasks.of_alarm(query, alarm.id)
    return Guidance(own, tasks.steps_left(rule.steps, own), alarm, rule, query.known(Sensor, sensor_id))


def _alarm_of(query: Query, sensor_id: str, alarm_id: str) -> Alarm | None:
    """The one that was picked when it is of this sensor, else the worst that stands there."""
    picked = query.known(Alarm, alarm_id) if alarm_id else None
    if picked is not None and picked.sensor_id == sensor_id:
        return picked
    return next((each.alarm for each in standing_alarms(query) if each.sensor.id == sensor_id), None)
