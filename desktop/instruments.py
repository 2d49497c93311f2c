"""Setting up instruments and letting their readings in: the form asks, the lanes work, the store keeps."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from desktop.bridge import Bridge
from desktop.forms.sensors import MOST_REJECTS, SensorsForm
from desktop.notices import Notices
from desktop.widgets.choose import ask_folder, ask_open, tables
from desktop.work import Model, Panels, zone_of
from gis.jobs import Jobs, Lane
from gis.model.record import Reading
from gis.model.sensor import AlarmRule, Condition, Sensor
from gis.ops import readings, sensors
from gis.ops.watch import Watch
from gis.progress import Progress
from gis.sensors.feeds.csvtable import CsvFormat, read_csv
from gis.sensors.feeds.feed import Batch
from gis.sensors.feeds.folder import Folder
from gis.sensors.tables import read_limits, read_sensors, write_both
from gis.store import Change, Tx
from gis.store.questions import levels
from gis.texts import _, ngettext

KEPT_AS = "watched_folder"  # desk state: where a logger writes, and in which format
POLL_MS = 5_000


class Instruments(QObject):
    """Region 7 while sensors are set up; a watched folder is read on as long as the desk is open."""

    def __init__(self, model: Model, jobs: Jobs, bridge: Bridge, panels: Panels, notices: Notices) -> None:
        super().__init__()
        self._model, self._jobs, self._panels, self._notices = model, jobs, panels, notices
        self._form = SensorsForm(zone_of(model.store))
        self._feed: Folder | None = None
        self._memory = Watch()
        self._watched, self._busy = "", False
        self._beat = QTimer(self)
        self._beat.setInterval(POLL_MS)
        self._beat.timeout.connect(self._poll)
        self._join(bridge)

    def _join(self, bridge: Bridge) -> None:
        form = self._form
        self._panels.detail.hold(form)
        form.instruments.connect(lambda: self._ask(_("Table of instruments"), self.take_instruments))
        form.limits.connect(lambda: self._ask(_("Table of limits"), self.take_limits))
        form.readings.connect(lambda: self._ask(_("Readings"), self.take_readings))
        form.watch.connect(lambda: ask_folder(form, _("Folder of readings"), self.watch))
        form.stop.connect(self.stop)
        form.tables.connect(lambda: ask_folder(form, _("Folder for the tables"), self.write_tables))
        bridge.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the form."""
        if not self._model.pen.ready(self.open):
            return
        self._show_standing()
        self._panels.detail.show_form(self._form)
        self._form.begin()

    def begin(self) -> None:
        """Let the rules see what they missed, and go on watching what was watched before."""
        if self._model.store.read_only:
            return
        self._model.pen.keep(_("Catch up with readings"), lambda tx: readings.catch_up(tx))
        with self._model.store.reading() as query:
            kept = query.kept(KEPT_AS)
        if kept:
            self._follow(Path(kept["folder"]), kept["separator"], kept["decimal"])

    def take_instruments(self, path: Path) -> None:
        """Take a table of instruments in."""
        store, (separator, decimal) = self._model.store, self._form.signs()

        def work(_progress: Progress) -> int:
            return store.write(
                _("Set up instruments"),
                lambda tx: sensors.register_all(
                    tx, read_sensors(path, separator, decimal, known=tx.find(Sensor))
                ),
            )

        def done(count: int) -> None:
            words = ngettext("{count} instrument from {file}.", "{count} instruments from {file}.", count)
            self._form.tell(words.format(count=count, file=path.name))

        self._jobs.run(_("Set up instruments"), work, lane=Lane.STORE, done=done)

    def take_limits(self, path: Path) -> None:
        """Take a table of limits in."""
        store, (separator, decimal) = self._model.store, self._form.signs()

        def verb(tx: Tx) -> int:
            known = tx.find(AlarmRule)
            return sensors.set_limits(tx, read_limits(path, tx.find(Sensor), separator, decimal, known))

        def work(_progress: Progress) -> int:
            return store.write(_("Set limits"), verb)

        def done(count: int) -> None:
            words = ngettext("{count} limit from {file}.", "{count} limits from {file}.", count)
            self._form.tell(words.format(count=count, file=path.name))

        self._jobs.run(_("Set limits"), work, lane=Lane.STORE, done=done)

    def write_tables(self, folder: Path) -> None:
        """Write all instruments and limits there as the tables that are taken in here."""
        store, (separator, decimal) = self._model.store, self._form.signs()

        def work(_progress: Progress) -> tuple[int, int]:
            with store.reading() as query:
                fitted, narrowing = query.find(Sensor), query.find(Condition)
                ids = {sensor.id for sensor in fitted}
                rules = [rule for rule in query.find(AlarmRule) if rule.sensor_id in ids]
            limits = [(rule, [each for each in narrowing if each.rule_id == rule.id]) for rule in rules]
            write_both(folder, fitted, limits, separator, decimal)
            return len(fitted), len(limits)

        def done(counts: tuple[int, int]) -> None:
            words = _("Written to {folder}: instruments.csv ({instruments}), limits.csv ({limits}).")
            self._form.tell(words.format(folder=folder.name, instruments=counts[0], limits=counts[1]))

        self._jobs.run(_("Write tables"), work, lane=Lane.WORK, done=done)

    def take_readings(self, path: Path) -> None:
        """Take the readings of one file in; lines that are none are listed with their reason."""
        form = self._format(*self._form.signs())
        store = self._model.store

        def work(progress: Progress) -> tuple[Batch, int]:
            with store.reading() as query:
                batch = read_csv(path, query.find(Sensor), form, query.at)
            return batch, readings.take_in(store, batch, _("Instruments"), progress, self._memory)

        def done(took: tuple[Batch, int]) -> None:
            self._tell(path.name, *took)

        self._jobs.run(_("Readings"), work, lane=Lane.WORK, done=done)

    def watch(self, folder: Path) -> None:
        """Read what a logger writes into this folder, from now on and after a restart."""
        signs = dict(zip(("separator", "decimal"), self._form.signs(), strict=True))
        kept = {"folder": str(folder), **signs}
        self._model.pen.keep(_("Watch a folder"), lambda tx: tx.keep(KEPT_AS, kept))
        self._follow(folder, **signs)

    def rest(self) -> None:
        """Look no more; the desk is closing."""
        self._beat.stop()

    def stop(self) -> None:
        """Watch no folder any more."""
        self._beat.stop()
        self._feed, self._watched = None, ""
        self._model.pen.keep(_("Watch no folder"), lambda tx: tx.keep(KEPT_AS, None))
        self._show_standing()

    def _follow(self, folder: Path, separator: str, decimal: str) -> None:
        with self._model.store.reading() as query:
            known = query.find(Sensor)
        self._feed = Folder(folder, known, self._format(separator, decimal))
        self._watched = str(folder)
        self._beat.start()
        self._poll()
        self._show_standing()

    def _format(self, separator: str, decimal: str) -> CsvFormat:
        return CsvFormat(separator, decimal, self._model.store.operation.timezone)

    def _poll(self) -> None:
        feed = self._feed
        if feed is None or self._busy or not self._model.store.feeds_here():
            return
        self._busy = True

        store = self._model.store

        def work(_progress: Progress) -> tuple[Batch, int]:
            batch = feed.poll(store.clock.now())  # what it has told it does not tell again: not to be stopped
            moved = readings.take_in(store, batch, _("Instruments"), Progress(), self._memory)
            return batch, moved

        self._jobs.run(_("Readings"), work, lane=Lane.WORK, done=self._polled, failed=self._poll_failed)

    def _polled(self, took: tuple[Batch, int]) -> None:
        self._busy = False
        if took[0].readings or took[0].rejected:
            self._tell(Path(self._watched).name, *took)

    def _poll_failed(self, error: Exception) -> None:
        """Say it once, and go on looking: a network folder or a stick may come back."""
        self._busy = False
        if self._feed is not None:
            self._feed.reread()
        self._notices.problem(_("Watch a folder"), error)

    def _tell(self, source: str, batch: Batch, moved: int) -> None:
        self._form.tell(batch.told(source, moved))
        self._show_standing()

    def _ask(self, title: str, take: Callable[[Path], object]) -> None:
        if not self._model.pen.ready():
            return
        ask_open(self._form, title, tables(), take)

    def _show_standing(self) -> None:
        with self._model.store.reading() as query:
            now = levels(query)
            silent = sum(level.is_silent(query.at) for level in now)
            counts, lines = query.reject_counts(), query.rejected(limit=MOST_REJECTS)
        self._form.show_standing(len(now), silent, self._watched)
        self._form.show_rejected(counts, lines)

    def _on_changed(self, change: Change) -> None:
        if change.touches(Sensor) and self._feed is not None:
            with self._model.store.reading() as query:
                kept = query.kept(KEPT_AS)
            if kept:
                self._follow(Path(kept["folder"]), kept["separator"], kept["decimal"])
        if self._form.isVisible() and change.touches(Sensor, AlarmRule, Reading):
            self._show_standing()
