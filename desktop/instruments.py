"""Setting up instruments and their limits: the form asks, the lanes work, the store keeps."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from desktop.bridge import Bridge
from desktop.forms.sensors import MOST_REJECTS, SensorsForm
from desktop.notices import Notices
from desktop.widgets.choose import ask_folder, ask_open, tables
from desktop.work import Model, Panels, zone_of
from gis.jobs import Jobs, Lane
from gis.model.record import Reading
from gis.model.sensor import AlarmRule, Condition, Sensor
from gis.ops import readings, sensors
from gis.progress import Progress
from gis.sensors.tables import read_limits, read_sensors, write_both
from gis.store import Change, Tx
from gis.store.questions import levels
from gis.texts import _, ngettext


class Instruments(QObject):
    """Region 7 while sensors are set up."""

    def __init__(self, model: Model, jobs: Jobs, bridge: Bridge, panels: Panels, notices: Notices) -> None:
        super().__init__()
        self._model, self._jobs, self._panels, self._notices = model, jobs, panels, notices
        self.form = SensorsForm(zone_of(model.store))
        self._join(bridge)

    def _join(self, bridge: Bridge) -> None:
        form = self.form
        self._panels.detail.hold(form)
        form.instruments.connect(lambda: self._ask(_("Table of instruments"), self.take_instruments))
        form.limits.connect(lambda: self._ask(_("Table of limits"), self.take_limits))
        form.tables.connect(lambda: ask_folder(form, _("Folder for the tables"), self.write_tables))
        bridge.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the form."""
        if not self._model.pen.ready(self.open):
            return
        self._show_standing()
        self._panels.detail.show_form(self.form)
        self.form.begin()

    def begin(self) -> None:
        """Let the rules see what they missed."""
        if not self._model.store.read_only:
            self._model.pen.keep(_("Catch up with readings"), lambda tx: readings.catch_up(tx))

    def take_instruments(self, path: Path) -> None:
        """Take a table of instruments in."""
        store, (separator, decimal) = self._model.store, self.form.signs()

        def work(_progress: Progress) -> int:
            return store.write(
                _("Set up instruments"),
                lambda tx: sensors.register_all(
                    tx, read_sensors(path, separator, decimal, known=tx.find(Sensor))
                ),
            )

        def done(count: int) -> None:
            words = ngettext("{count} instrument from {file}.", "{count} instruments from {file}.", count)
            self.form.tell(words.format(count=count, file=path.name))

        self._jobs.run(_("Set up instruments"), work, lane=Lane.STORE, done=done)

    def take_limits(self, path: Path) -> None:
        """Take a table of limits in."""
        store, (separator, decimal) = self._model.store, self.form.signs()

        def verb(tx: Tx) -> int:
            known = tx.find(AlarmRule)
            return sensors.set_limits(tx, read_limits(path, tx.find(Sensor), separator, decimal, known))

        def work(_progress: Progress) -> int:
            return store.write(_("Set limits"), verb)

        def done(count: int) -> None:
            words = ngettext("{count} limit from {file}.", "{count} limits from {file}.", count)
            self.form.tell(words.format(count=count, file=path.name))

        self._jobs.run(_("Set limits"), work, lane=Lane.STORE, done=done)

    def write_tables(self, folder: Path) -> None:
        """Write all instruments and limits there as the tables that are taken in here."""
        store, (separator, decimal) = self._model.store, self.form.signs()

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
            self.form.tell(words.format(folder=folder.name, instruments=counts[0], limits=counts[1]))

        self._jobs.run(_("Write tables"), work, lane=Lane.WORK, done=done)

    def _ask(self, title: str, take: Callable[[Path], object]) -> None:
        if not self._model.pen.ready():
            return
        ask_open(self.form, title, tables(), take)

    def _show_standing(self) -> None:
        with self._model.store.reading() as query:
            now = levels(query)
            silent = sum(level.is_silent(query.at) for level in now)
            counts, lines = query.reject_counts(), query.rejected(limit=MOST_REJECTS)
        self.form.show_standing(len(now), silent)
        self.form.show_rejected(counts, lines)

    def _on_changed(self, change: Change) -> None:
        if self.form.isVisible() and change.touches(Sensor, AlarmRule, Reading):
            self._show_standing()
