"""The operational log: the journal as a person reads it, newest first."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal

from desktop.entries import TOLD, LogEntry, log_entries
from desktop.outlook import Outlook
from desktop.times import hms
from desktop.widgets.pane import Pane
from desktop.widgets.table import Column, RecordTable, Row
from gis.store import Change
from gis.texts import _


class LogbookPanel(Pane):
    """`picked` carries the id of the incident a line is about."""

    picked = Signal(str)

    def __init__(self, outlook: Outlook, zone: ZoneInfo) -> None:
        self._outlook, self._stale = outlook, True
        self._wanted: tuple[str, Callable[[], object]] | None = None
        self.table = RecordTable[LogEntry](_("Operational log"), _columns(zone), _row(zone))
        super().__init__(_("Operational log"), self.table)
        self.title.hide()
        self.when_empty()
        self.table.picked.connect(
            lambda line: self.picked.emit(line.incident_id) if line.incident_id else None
        )
        outlook.changed.connect(self._on_changed)

    def look(self) -> None:
        """Read the log again; called when it is shown and when something was written."""
        self._stale = False
        if self._outlook.live:  # steps may be long: the window does not wait for them
            self._outlook.ask_now(log_entries, self._show_now, self)
        else:
            self._outlook.ask(self, log_entries, self._show)

    def _show_now(self, lines: list[LogEntry]) -> None:
        if self._outlook.live:
            self._show(lines)

    def _show(self, lines: list[LogEntry]) -> None:
        self.table.show_records(lines)
        self.say_empty(
            ""
            if lines
            else _("Nothing has been logged yet.")
            if self._outlook.live
            else _("Nothing had been logged yet.")
        )
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not self.table.pick(wanted[0], quietly=True):
            wanted[1]()

    def show_step(self, step_id: str, missed: Callable[[], object]) -> None:
        """Go to the line of this step; `missed` is called when it is not among those shown."""
        self._wanted = (step_id, missed)
        self.look()
        self.table.setFocus()

    def showEvent(self, event: object) -> None:
        if self._stale:
            self.look()
        super().showEvent(event)  # type: ignore[arg-type]

    def _on_changed(self, change: Change) -> None:
        if change.touches(*TOLD):
            self._stale = True
            if self.isVisible():
                self.look()


def _columns(zone: ZoneInfo) -> list[Column[LogEntry]]:

    return [
        Column(_("Time"), lambda line: hms(line.at, zone), widest="00:00:00"),
        Column(_("Who"), lambda line: line.who, widest="R. Shrestha"),
        Column(_("What"), lambda line: line.what),
    ]


def _row(zone: ZoneInfo) -> Row[LogEntry]:
    def words(line: LogEntry) -> str:
        said = f"{hms(line.at, zone)}, {line.who}: {line.what}"
        return said + " " + _("(struck out)") if line.struck else said

    return Row(key=lambda line: line.id, words=words, struck=lambda line: line.struck)
