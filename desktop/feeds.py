"""The sources of readings of this desk at work: run beside the window, shown, paused, edited, tried."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QToolButton

from desktop.forms.feed import FeedForm
from desktop.forms.feedfields import begun
from desktop.forms.feeds import FeedsForm
from desktop.notices import Notices
from desktop.widgets.buttons import tool
from desktop.work import Model, Panels, zone_of
from gis import settings
from gis.collecting import source as kept
from gis.collecting.collecting import Collecting
from gis.collecting.kinds import Openings, every_s, kinds, settings_of
from gis.collecting.line import Standing, State
from gis.collecting.plain import to_plain
from gis.collecting.secrets import Secrets, usual_ring
from gis.collecting.source import Source
from gis.collecting.tried import Tried
from gis.errors import UserError
from gis.jobs import Jobs, Lane
from gis.model.sensor import Sensor
from gis.progress import Progress
from gis.sensors.feeds.guess import suggested
from gis.store import Change
from gis.texts import _, ngettext

BEAT_MS = 1_000


class Feeds(QObject):
    """Region 7 while feeds are looked after; the sources run as long as the desk is open."""

    def __init__(self, model: Model, jobs: Jobs, panels: Panels, notices: Notices) -> None:
        super().__init__()
        self._model, self._jobs, self._panels, self._notices = model, jobs, panels, notices
        store, zone = model.store, zone_of(model.store)
        self.secrets = Secrets(usual_ring())
        self._openings = Openings(store, self.secrets, settings.home().folder / "feeds")
        self.collecting = Collecting(store, self._openings.open, every_s)
        self.form = FeedsForm(zone, store.clock.now, exercise=store.operation.exercise)
        self.editor = FeedForm(zone, lasting=self.secrets.lasting)
        self.mark = self._build_mark()
        self._ending: set[str] = set()
        for form in (self.form, self.editor):
            panels.detail.hold(form)
        self._join()
        self._beat = QTimer(self.form, interval=BEAT_MS)  # ends with what it keeps up to date
        self._beat.timeout.connect(self.look)

    def _build_mark(self) -> QToolButton:
        mark = tool("", self.open, _("Feeds in trouble"))
        mark.setProperty("strong", True)
        mark.hide()
        return mark

    def _join(self) -> None:
        form, editor = self.form, self.editor
        form.add.connect(self.add)
        form.edit.connect(lambda standing: self._edit(standing.source))
        form.turn.connect(self._turn)
        form.tried.connect(self._try_standing)
        form.remove.connect(self._remove)
        editor.tried.connect(self._try_edited)
        editor.suggested.connect(lambda source, _password: self._suggest(source))
        editor.saved.connect(self._save)
        editor.left.connect(self.open)

    def open(self) -> None:
        """Show the list."""
        self.look()
        self._panels.detail.show_form(self.form)
        self.form.begin()

    def add(self, kind: str) -> None:
        """Fill in a new source of this kind."""
        if not self._model.pen.ready(lambda: self.add(kind)):
            return
        store = self._model.store
        values = begun(kind, store.operation.timezone, store.clock.now().astimezone(UTC))
        self._show_editor(Source("", kind, values), new=True)

    def begin(self) -> None:
        """Ask all sources from now on; the folder that was watched before is one of them."""
        if self._model.store.read_only:
            return
        zone = self._model.store.operation.timezone
        self._model.pen.keep(_("Feeds"), lambda tx: kept.adopt_watched(tx, zone), lambda _none: self._serve())
        self._beat.start()

    def rest(self) -> None:
        """Ask nobody any more; the desk is closing."""
        self._beat.stop()
        self.collecting.close()

    def on_changed(self, change: Change) -> None:
        """What the sources know of the instruments may be no longer true."""
        if change.touches(Sensor):
            self.collecting.renew()

    def look(self) -> None:
        """Show how all of them do now."""
        standings = self.collecting.standings()
        for standing in standings:
            if standing.state is State.ENDED and not standing.source.paused:
                self._end(standing.source)
        if self.form.isVisible():
            self.form.show_standings(standings)
        self._show_mark([standing for standing in standings if standing.ails])

    def _show_mark(self, ailing: list[Standing]) -> None:
        count = len(ailing)
        words = ngettext("▲ {count} feed", "▲ {count} feeds", count).format(count=count)
        self.mark.setText(words)
        told = "\n".join(f"{each.source.name}: {each.trouble}" for each in ailing)
        self.mark.setToolTip(told)
        self.mark.setAccessibleName(f"{_('Feeds in trouble')}: {count}. {told}")
        self.mark.setVisible(count > 0)

    def _serve(self) -> None:
        with self._model.store.reading() as query:
            found = kept.sources(query)
        self.collecting.serve(found)
        self._ending &= {source.id for source in found if not source.paused}
        self.look()

    def _keep(self, source: Source, label: str) -> None:
        self._model.pen.keep(label, lambda tx: kept.keep(tx, source), lambda _none: self._serve())

    def _end(self, source: Source) -> None:
        """It has given all it had: it is not asked again when the desk is opened."""
        if source.id not in self._ending:
            self._ending.add(source.id)
            self._keep(replace(source, paused=True), _("A feed has ended"))

    def _turn(self, standing: Standing) -> None:
        if not self._model.pen.ready(lambda: self._turn(standing)):
            return
        source = standing.source
        label = _("Let a feed go on") if source.paused else _("Pause a feed")
        self._keep(replace(source, paused=not source.paused), label)

    def _edit(self, source: Source) -> None:
        if not self._model.pen.ready(lambda: self._edit(source)):
            return
        if source.kind in kinds():
            self._show_editor(source, new=False)

    def _show_editor(self, source: Source, *, new: bool) -> None:
        self.editor.start(source, new=new)
        self._panels.detail.show_form(self.editor)
        self.editor.begin()

    def _save(self, source: Source, password: str | None) -> None:
        """Keep it and ask it from now on. What cannot be is said in the form, and nothing is kept."""
        if not self._model.pen.ready():
            return
        try:
            settings_of(source)
        except UserError as error:
            self.editor.say(f"{error} {error.hint}")
            return

        def work(_progress: Progress) -> bool:
            return password is None or self.secrets.keep(source.id, password)

        def done(lasting: bool) -> None:
            if not lasting:
                self._notices.tell(
                    _("There is no keyring on this computer: the password is known until the desk is closed.")
                )
            self._keep(source, _("Keep a feed"))
            self.open()

        self._jobs.run(_("Keep a feed"), work, lane=Lane.WORK, done=done)

    def _remove(self, standing: Standing) -> None:
        if not self._model.pen.ready(lambda: self._remove(standing)):
            return
        source = standing.source

        def work(_progress: Progress) -> str:
            password = self.secrets.get(source.id)
            self.secrets.forget(source.id)
            return password

        def back(password: str) -> None:
            self._save(source, password or None)

        def done(password: str) -> None:
            said = _("The feed “{name}” was removed. What it gave stays.").format(name=source.name)
            self._notices.offer(said, _("Undo"), lambda: back(password))

        self._model.pen.keep(
            _("Remove a feed"), lambda tx: kept.remove(tx, source.id), lambda _none: self._serve()
        )
        self._jobs.run(_("Remove a feed"), work, lane=Lane.WORK, done=done)

    def _try_standing(self, standing: Standing) -> None:
        """Try a source of the list, as it is kept."""
        form = self.form
        form.outcome.say(_("{name} is asked…").format(name=standing.source.name))

        def show(found: Tried) -> None:
            form.outcome.show_tried(found, self._sensors())

        self._try(standing.source, None, show)

    def _try_edited(self, source: Source, password: str | None) -> None:
        self.editor.say(_("{name} is asked…").format(name=source.name))
        self._try(source, password, lambda found: self.editor.show_tried(source, found, self._sensors()))

    def _try(self, source: Source, password: str | None, show: Callable[[Tried], None]) -> None:
        def work(_progress: Progress) -> Tried:
            try:
                return self._openings.tried(source, password)
            except UserError as error:
                return Tried("", (), f"{error} {error.hint}".strip())

        self._jobs.run(_("Try a feed"), work, lane=Lane.WORK, done=show)

    def _sensors(self) -> list[Sensor]:
        with self._model.store.reading() as query:
            return query.find(Sensor)

    def _suggest(self, source: Source) -> None:
        """Fill in how a file seems to be written; a person looks at it and saves, or does not."""
        sensors = self._sensors()

        def work(_progress: Progress) -> Source:
            made = settings_of(source)
            form = suggested(Path(made.path), sensors, made.form)
            return replace(source, settings={**source.settings, "form": to_plain(form)})

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                self._notices.problem(_("Suggest"), error)
                return
            self.editor.say(f"{error} {error.hint}".strip())

        self._jobs.run(_("Suggest"), work, lane=Lane.WORK, done=self.editor.show_suggested, failed=failed)
