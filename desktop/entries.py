"""The journal as entries a person reads: who did what to which incident."""

from dataclasses import dataclass
from datetime import datetime

from gis.model.drawing import Drawing
from gis.model.incident import Incident, Note
from gis.model.reporting import Call, ReportingPoint
from gis.model.sensor import Alarm, Sensor
from gis.model.sitrep import Sitrep
from gis.store import Query, Step
from gis.texts import _
from gis.words.terms import where_and_what

SHOWN = 500  # steps; older ones are in the journal and in the reports
_TURNS = ("raised_at", "returned_at", "acknowledged_at", "escalated_at")
_ACTS = {"acknowledged_at", "escalated_at"}
TOLD = (Incident, Note, Alarm, Sitrep, Drawing, Call)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One step of the journal: who did what, and the incident it concerns, if any."""

    id: str
    at: datetime
    who: str
    what: str
    incident_id: str
    struck: bool


def log_entries(query: Query, limit: int = SHOWN) -> list[LogEntry]:
    """The newest steps of people and instruments, newest first. Set-up of sensors and rules is left out."""
    steps = [step for step in query.steps(limit) if step.touches(*TOLD) and _is_news(step)]
    taken_back = {step.undoes for step in steps if step.undoes}
    about = _subjects(query, [edit.record for step in steps for edit in step.edits])
    return [_line(step, about, step.id in taken_back) for step in steps]


def _subjects(query: Query, records: list[str]) -> dict[str, tuple[str, str, bool]]:
    """Id -> (words for it, the incident it concerns, whether it is struck out)."""
    sensors = {sensor.id: sensor.name for sensor in query.find(Sensor)}
    about: dict[str, tuple[str, str, bool]] = {}
    for incident in query.known_all(Incident, records).values():
        words = f"{incident.number}  {where_and_what(incident.where, incident.text)}".strip()
        about[incident.id] = (words, incident.id, incident.void)
    for note in query.known_all(Note, records).values():
        about[note.id] = (note.text, note.incident_id or "", note.void)
    for alarm in query.known_all(Alarm, records).values():
        about[alarm.id] = (sensors.get(alarm.sensor_id, ""), "", alarm.void)
    for report in query.known_all(Sitrep, records).values():
        about[report.id] = (_("report {number}").format(number=report.number), "", report.void)
    calls = query.known_all(Call, records)
    names = (
        sensors | {point.id: point.name for point in query.find(ReportingPoint, void=None)} if calls else {}
    )
    for call in calls.values():
        about[call.id] = (f"{names.get(call.about, '')}  {call.note}".strip(), "", call.void)
    for drawing in query.known_all(Drawing, records).values():
        about[drawing.id] = (drawing.title, "", drawing.void)
    return about


def _is_news(step: Step) -> bool:
    """False for a step in which alarms only rose further."""
    return any(edit.kind != Alarm.__name__ or edit.field in _TURNS for edit in step.edits)


def _label(step: Step) -> str:
    """What was done; of what instruments did, which way the alarms turned."""
    fields = {edit.field for edit in step.edits}
    if not all(edit.kind == Alarm.__name__ for edit in step.edits) or _ACTS & fields:
        return step.label
    return _("Alarm") if "raised_at" in fields else _("Alarm over")


def _line(step: Step, about: dict[str, tuple[str, str, bool]], taken_back: bool) -> LogEntry:
    records = list(dict.fromkeys(edit.record for edit in step.edits if edit.record in about))
    every = list(dict.fromkeys(about[record][0] for record in records))
    words = every[:3]
    label = _label(step)
    what = f"{label}: {'; '.join(words)}" if any(words) else label
    if len(every) > len(words):
        what += " …"
    incident = next((about[record][1] for record in records if about[record][1]), "")
    struck = taken_back or (bool(records) and all(about[record][2] for record in records))
    return LogEntry(step.id, step.at, step.author, what, incident, struck)
