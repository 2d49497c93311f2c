"""The operational log: the journal as a person reads it, newest first."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal

from desktop.bridge import Bridge
from desktop.times import hms
from desktop.widgets.pane import Pane
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.incident import Incident, Note
from gis.model.sensor import Alarm, Sensor
from gis.model.sitrep import Sitrep
from gis.store import Change, Query, Step, Store
from gis.texts import _

SHOWN = 500  # steps; older ones are in the journal and in the reports


@dataclass(frozen=True, slots=True)
class LogLine:
    """One step of the journal: who did what, and the incident it concerns, if any."""

    id: str
    at: datetime
    who: str
    what: str
    incident_id: str
    struck: bool


def log_lines(query: Query, limit: int = SHOWN) -> list[LogLine]:
    """The newest steps of people and instruments, newest first. Set-up of sensors and rules is left out."""
    told = (Incident, Note, Alarm, Sitrep)
    steps = [step for step in query.steps(limit) if step.touches(*told)]
    taken_back = {step.undoes for step in steps if step.undoes}
    about = _subjects(query)
    return [_line(step, about, step.id in taken_back) for step in steps]


def _subjects(query: Query) -> dict[str, tuple[str, str, bool]]:
    """Record id -> (words for it, the incident it concerns, whether it is struck out)."""
    sensors = {sensor.id: sensor.name for sensor in query.find(Sensor)}
    about: dict[str, tuple[str, str, bool]] = {}
    for incident in query.find(Incident, void=None):
        where = " ".join(part for part in (incident.number, incident.where, incident.text) if part)
        about[incident.id] = (where, incident.id, incident.void)
    for note in query.find(Note, void=None):
        about[note.id] = (note.text, note.incident_id or "", note.void)
    for alarm in query.find(Alarm, void=None):
        about[alarm.id] = (sensors.get(alarm.sensor_id, ""), "", alarm.void)
    for report in query.find(Sitrep, void=None):
        about[report.id] = (_("report {number}").format(number=report.number), "", report.void)
    return about


def _line(step: Step, about: dict[str, tuple[str, str, bool]], taken_back: bool) -> LogLine:
    records = list(dict.fromkeys(edit.record for edit in step.edits if edit.record in about))
    words = [about[record][0] for record in records[:3]]
    what = f"{step.label}: {'; '.join(words)}" if any(words) else step.label
    if len(records) > len(words):
        what += " …"
    incident = next((about[record][1] for record in records if about[record][1]), "")
    struck = taken_back or (bool(records) and all(about[record][2] for record in records))
    return LogLine(step.id, step.at, step.author, what, incident, struck)


class LogbookPanel(Pane):
    """`picked` carries the id of the incident a line is about."""

    picked = Signal(str)

    def __init__(self, store: Store, bridge: Bridge, zone: ZoneInfo) -> None:
        self._store, self._stale = store, True
        self.table = RecordTable[LogLine](_("Operational log"), _columns(zone), _row(zone))
        super().__init__(_("Operational log"), self.table)
        self.title.hide()
        self.when_empty()
        self.table.picked.connect(
            lambda line: self.picked.emit(line.incident_id) if line.incident_id else None
        )
        bridge.changed.connect(self._on_changed)

    def look(self) -> None:
        """Read the log again; called when it is shown and when something was written."""
        with self._store.reading() as query:
            lines = log_lines(query)
        self._stale = False
        self.table.show_records(lines)
        self.say_empty("" if lines else _("Nothing has been logged yet."))

    def showEvent(self, event: object) -> None:
        if self._stale:
            self.look()
        super().showEvent(event)  # type: ignore[arg-type]

    def _on_changed(self, change: Change) -> None:
        if change.touches(Incident, Note, Alarm, Sitrep):
            self._stale = True
            if self.isVisible():
                self.look()


def _columns(zone: ZoneInfo) -> list[Column[LogLine]]:

    return [
        Column(_("Time"), lambda line: hms(line.at, zone), widest="00:00:00"),
        Column(_("Who"), lambda line: line.who, widest="R. Shrestha"),
        Column(_("What"), lambda line: line.what),
    ]


def _row(zone: ZoneInfo) -> Row[LogLine]:
    def words(line: LogLine) -> str:
        said = f"{hms(line.at, zone)}, {line.who}: {line.what}"
        return said + " " + _("(struck out)") if line.struck else said

    return Row(key=lambda line: line.id, words=words, struck=lambda line: line.struck)
