"""Rehearsing limits over what was recorded: worked beside the window, shown in region 7, changing nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject

from desktop.forms.rehearsal import NOTHING, TABLE, RehearsalForm, Wanted
from desktop.panels.running import Running
from desktop.times import full
from desktop.widgets.choose import ask_open, tables
from desktop.work import SENSORS, Work, zone_of
from gis.jobs import Job, Jobs, JobState
from gis.model.incident import Incident
from gis.model.sensor import Sensor
from gis.ops.rehearsing import Event, Rehearsed, incidents_as_labels, read_labels, rehearsed
from gis.progress import Progress
from gis.sensors.load import AlarmLoad, load
from gis.sensors.tables import read_rules
from gis.store import Query
from gis.texts import _
from gis.words.codebook import find

Done = tuple[Rehearsed, AlarmLoad]
Then = Callable[[Path | None], None]


class Rehearsals(QObject):
    """An event ends at the moment that is looked at: now, or any earlier one."""

    def __init__(self, work: Work, jobs: Jobs, running: Running) -> None:
        super().__init__()
        self._work, self._jobs, self._running = work, jobs, running
        self._store, self._outlook = work.model.store, work.model.outlook
        self._zone = zone_of(self._store)
        self._job: Job | None = None
        self.form = RehearsalForm(self._zone)
        work.panels.detail.hold(self.form)
        self.form.asked.connect(self._begin)
        self.form.stopped.connect(self.stop)
        self.form.left.connect(self.stop)
        self.form.picked.connect(self._show_place)
        self.form.opened.connect(self._open)
        self._outlook.moved.connect(lambda _at: self._show_moment())
        jobs.changed.connect(self._hear)

    def open(self) -> None:
        """Show the form."""
        self._show_moment()
        self._work.panels.detail.show_form(self.form)
        self.form.begin()

    def stop(self) -> None:
        """Leave the rehearsal that is going on."""
        if self._job is not None:
            self._job.cancel()
            self._end()

    def _show_moment(self) -> None:
        def show(found: tuple[str, dict[str, str]]) -> None:
            self.form.show_moment(*found)

        self._outlook.ask(self, self._moment, show)

    def _moment(self, query: Query) -> tuple[str, dict[str, str]]:
        until = _("Up to {time}: the time bar moves it.")
        codes = sorted(set(query.column(Incident, "code")))
        kinds = {code: _("incidents: {kind}").format(kind=_kind(code)) for code in codes}
        return until.format(time=full(query.at, self._zone)), kinds

    def _begin(self, wanted: Wanted) -> None:
        """Ask for the tables that are wanted, one after the other, then work."""
        self._ask_rules(wanted, lambda rules: self._ask_truth(wanted, rules))

    def _ask_rules(self, wanted: Wanted, then: Then) -> None:
        if wanted.rules == TABLE:
            ask_open(self.form, _("Table of limits"), tables(), then)
        else:
            then(None)

    def _ask_truth(self, wanted: Wanted, rules: Path | None) -> None:
        if wanted.truth == TABLE:
            title = _("Table of events")
            ask_open(self.form, title, tables(), lambda path: self._run(wanted, rules, path))
        else:
            self._run(wanted, rules, None)

    def _run(self, wanted: Wanted, rules: Path | None, truth: Path | None) -> None:
        end = self._outlook.moment.at or self._store.clock.now()

        def work(progress: Progress) -> Done:
            with self._store.reading() as query:
                event = self._event(query, wanted, truth, end)
                held = None if rules is None else read_rules(rules, query.find(Sensor))
                done = rehearsed(query, event, progress, held)
            return done, load(done.alarms, event.begin, end)

        self.form.show_running(running=True)
        self._job = self._jobs.run(_("Rehearse the limits"), work, done=self._show)
        self._running.watch(self._job)

    def _event(self, query: Query, wanted: Wanted, truth: Path | None, end: datetime) -> Event:
        begin = end - wanted.span
        if truth is not None:
            found = read_labels(truth, query.find(Sensor), self._zone)
            return Event(begin, end, [each for each in found if each.begin <= end and each.end >= begin])
        if wanted.truth == NOTHING:
            return Event(begin, end)
        return Event(begin, end, incidents_as_labels(query, wanted.truth, begin, end))

    def _show(self, done: Done) -> None:
        self.form.show_rehearsed(*done)

    def _hear(self, state: JobState) -> None:
        """However it ended: done, failed or left."""
        if self._job is not None and state.number == self._job.number and state.finished:
            self._end()

    def _end(self) -> None:
        self._job = None
        self.form.show_running(running=False)

    def _show_place(self, sensor: Sensor) -> None:
        self._work.model.selection.select(SENSORS, sensor.id)
        self._work.reveal(sensor.place.x, sensor.place.y)

    def _open(self, sensor: Sensor) -> None:
        self.form.cancel()
        self._work.open_sensor(sensor.id)


def _kind(code: str) -> str:
    entry = find(code)
    return entry.label if entry else code
