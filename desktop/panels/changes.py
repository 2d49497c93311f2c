"""What has changed since the instant that is looked at; here only while that is not now."""

from PySide6.QtCore import Signal

from desktop.bridge import Bridge
from desktop.differences import Line, changed_since
from desktop.outlook import Outlook
from desktop.widgets.pane import Pane
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.record import Reading
from gis.store import Change
from gis.texts import _, ngettext


class ChangesPanel(Pane):
    """`incident` and `sensor` carry the id of what a line is about."""

    incident = Signal(str)
    sensor = Signal(str)

    def __init__(self, outlook: Outlook, bridge: Bridge) -> None:
        self._outlook, self._stale = outlook, True
        columns: list[Column[Line]] = [
            Column(_("How"), lambda line: line.way, widest=_("struck out") + "M"),
            Column(_("What"), lambda line: line.what),
        ]
        row: Row[Line] = Row(key=lambda line: line.id, words=lambda line: f"{line.way}: {line.what}")
        self.table = RecordTable[Line](_("What has changed since"), columns, row)
        super().__init__(_("What has changed since"), self.table)
        self.when_empty()
        self.table.picked.connect(self._pick)
        outlook.changed.connect(self._on_changed)
        bridge.changed.connect(self._on_changed)

    def look(self) -> None:
        """Ask again, while there is a past to compare with."""
        if not self._outlook.live:
            self._stale = False
            self._outlook.ask(self, changed_since, self._show)

    def _show(self, lines: list[Line]) -> None:
        self.table.show_records(lines)
        count = ngettext("{count} change since", "{count} changes since", len(lines))
        self.title.say(count.format(count=len(lines)))
        self.say_empty("" if lines else _("Nothing has changed since then."))

    def showEvent(self, event: object) -> None:
        if self._stale:
            self.look()
        super().showEvent(event)  # type: ignore[arg-type]

    def _pick(self, line: Line) -> None:
        if line.incident_id:
            self.incident.emit(line.incident_id)
        elif line.sensor_id:
            self.sensor.emit(line.sensor_id)

    def _on_changed(self, change: Change) -> None:
        if change.kinds - {Reading}:
            self._stale = True
            if self.isVisible():
                self.look()
