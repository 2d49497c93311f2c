"""Who has not been heard from: asked of the log, in region 7, hatched on the map and counted below it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.forms.silence import SilenceForm
from desktop.notices import Notices
from desktop.whereabouts import Whereabouts
from desktop.widgets.choose import ask_save
from desktop.work import SILENCE, Work, zone_of
from gis.jobs import Jobs, Lane
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.model.reporting import Call, ReportingPoint
from gis.model.sensor import AlarmRule, Sensor, Suppression
from gis.ops import reporting
from gis.ops.silence import waited_for
from gis.progress import Progress
from gis.sensors.silence import GAUGE, Expected, Silence, silence
from gis.store import Change, Query, Tx
from gis.texts import _
from layers.sources.silence import SilenceSource

if TYPE_CHECKING:
    from gis.report.calllist import CallList

SOON_MS, LATER_MS = 700, 10_000  # after a record, after readings, which come thick
BEAT_MS = 15_000  # who is not heard from grows later though nothing happens
TOUCHED = (ReportingPoint, Call, Incident, Sensor, AlarmRule, Suppression)


class Silences(QObject):
    """Of the moment that is looked at: now, or an earlier one. `found` carries a `Silence` of now."""

    found = Signal(object)

    def __init__(self, work: Work, where: Whereabouts, jobs: Jobs, notices: Notices) -> None:
        super().__init__()
        self._work, self._where, self._jobs, self._notices = work, where, jobs, notices
        self._model, self._outlook = work.model, work.model.outlook
        self._expected: Sequence[Expected] = ()
        self._asked_at: datetime | None = None  # None while it is now
        self.now: Silence | None = None
        self.form = SilenceForm(zone_of(work.model.store))
        work.panels.detail.hold(self.form)
        self._soon = QTimer(self.form, singleShot=True, interval=SOON_MS)
        self._later = QTimer(self.form, singleShot=True, interval=LATER_MS)
        self._beat = QTimer(self.form, interval=BEAT_MS)  # ends with what it keeps up to date
        self._join()

    def _join(self) -> None:
        form = self.form
        form.heard.connect(self.heard)
        form.unanswered.connect(self.unanswered)
        form.picked.connect(self.mark)
        form.shown.connect(self.show_on_map)
        form.paused.connect(self.pause)
        form.listed.connect(self.ask_list)
        for timer in (self._soon, self._later):
            timer.timeout.connect(self.look)
        self._beat.timeout.connect(self._go_on)
        self._beat.start()
        self._outlook.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the form."""
        self._work.panels.detail.show_form(self.form)
        self.look()
        self.form.begin()

    def look(self) -> None:
        """Ask again who is waited for, and what was heard."""
        self._later.stop()
        wards = self._where.context.wards

        def question(query: Query) -> tuple[Sequence[Expected], datetime]:
            return waited_for(query, wards), query.at

        if self._outlook.live:
            self._outlook.ask_now(question, self._take_now, self)
        else:
            self._outlook.ask(self, question, lambda told: self._take(*told))

    def _take_now(self, told: tuple[Sequence[Expected], datetime]) -> None:
        if self._outlook.live:  # else what was asked of the past is shown
            self._take(told[0], None)

    def _take(self, expected: Sequence[Expected], at: datetime | None) -> None:
        self._expected, self._asked_at = expected, at
        self._go_on()

    def _go_on(self) -> None:
        """Time has passed, or something else is known."""
        found = silence(self._expected, self._asked_at or self._model.store.clock.now())
        self.now = found
        self.form.show_silence(found, live=self._outlook.live)
        self._show_on_layer(found)
        self.found.emit(found)

    def _show_on_layer(self, found: Silence) -> None:
        stack = self._model.stack
        source = stack.get(SILENCE).source if SILENCE in stack else None
        if isinstance(source, SilenceSource) and source.show(found.overdue, self._where.context.wards):
            stack.freshen(frozenset({SILENCE}))

    def heard(self, who: Expected, note: str) -> None:
        """They were heard from."""
        words = _("{name} was heard from.  Ctrl+Z takes it back.").format(name=who.name)
        self._write(_("Heard from"), lambda tx: reporting.heard(tx, who.id, note), words)

    def unanswered(self, who: Expected, note: str) -> None:
        """They were called, and nobody answered."""
        words = _("{name} was called, no answer.  Ctrl+Z takes it back.").format(name=who.name)
        self._write(_("Called, no answer"), lambda tx: reporting.no_answer(tx, who.id, note), words)

    def pause(self, who: Expected) -> None:
        """Wait for them no longer; an instrument is taken out of service where its alarms are."""
        if who.kind == GAUGE:
            self._notices.tell(_("A gauge is taken out of service where its alarms are."))
            return
        words = _("{name} is not waited for until somebody says so.").format(name=who.name)
        self._write(_("Wait no longer"), lambda tx: reporting.suspend(tx, [who.id]), words)

    def ask_list(self) -> None:
        """Ask where the call list shall be: a PDF, and a table beside it."""
        if self.now is None:
            return
        from gis.report.calllist import CallList  # typst stays off the way to the first paint

        store = self._model.store
        about = store.operation
        calls = CallList(about.city, about.timezone, about.exercise, store.author, self.now)
        ask_save(self.form, _("Call list"), f"{calls.name}.pdf", lambda path: self._save_list(path, calls))

    def _save_list(self, path: Path, calls: "CallList") -> None:
        def work(_progress: Progress) -> Path:
            from gis.report.calllist import save

            return save(calls, path)

        def done(made: Path) -> None:
            words = _("{file} and the table beside it are written. They hold personal numbers.")
            self._notices.tell(words.format(file=made.name))

        self._jobs.run(_("Call list"), work, lane=Lane.WORK, done=done)

    def _write(self, label: str, verb: Callable[[Tx], object], words: str) -> None:
        def done(_written: object) -> None:
            self._notices.tell(words)
            self.form.done()
            self.look()

        self._model.pen.write(label, verb, done)

    def mark(self, who: Expected) -> None:
        """Select it on the map, which moves only when it is not on it; the list stays where it is."""
        self._model.selection.select(SILENCE, who.id)
        if who.lon is not None and who.lat is not None:
            self._work.reveal(who.lon, who.lat)

    def show_on_map(self, who: Expected) -> None:
        """Go there."""
        if who.lon is None or who.lat is None:
            self._notices.tell(_("Nobody has said where {name} is.").format(name=who.name))
            return
        self._model.selection.select(SILENCE, who.id)
        self._work.panels.map.show_place(who.lon, who.lat)

    def _on_changed(self, change: Change) -> None:
        if change.whole:
            self.look()
        elif change.touches(*TOUCHED):
            self._soon.start()
        elif change.touches(Reading) and not self._later.isActive():
            self._later.start()
