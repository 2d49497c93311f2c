"""What an operator can do with tasks."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gis.errors import UserError
from gis.model.incident import Incident
from gis.model.sensor import Alarm
from gis.model.task import Task
from gis.store import Query, Tx
from gis.texts import _


def add(tx: Tx, what: str, **details: Any) -> Task:
    """Note something that is to be done. `details` are further fields of `Task`.

    Raises `UserError` when there are no words.
    """
    what = " ".join(what.split())
    if not what:
        raise UserError(_("There is nothing to do yet."), hint=_("Say in a few words what is to be done."))
    details.setdefault("noted_at", tx.at)
    return tx.put(Task(what=what, **details))


def add_steps(tx: Tx, steps: str, alarm: Alarm) -> list[Task]:
    """The steps of a guidance card (one a line) as tasks of an alarm, and of the incident that it became;
    those that are there already are left as they are. Raises `UserError` when there is none to add."""
    new = steps_left(steps, of_alarm(tx, alarm.id))
    if not new:
        raise UserError(_("There are no more steps to make tasks of."))
    incident = tx.first(Incident, alarm_id=alarm.id)
    return [add(tx, line, alarm_id=alarm.id, incident_id=incident and incident.id) for line in new]


def steps_left(steps: str, there: Iterable[Task]) -> list[str]:
    """What of the steps of a guidance card (one a line) is no task yet."""
    known = {task.what for task in there}
    lines = dict.fromkeys(" ".join(line.split()) for line in steps.splitlines())
    return [line for line in lines if line and line not in known]


def take(tx: Tx, task_id: str, name: str) -> Task:
    """Somebody takes a task on; also from somebody else. Raises `UserError` without a name, or when it is
    done."""
    task = _open(tx, task_id)
    return tx.put(replace(task, owner=_named(name)))


def done(tx: Tx, task_id: str, name: str) -> Task:
    """Tick a task off. Raises `UserError` without a name, or when it is done."""
    task = _open(tx, task_id)
    return tx.put(replace(task, done_at=tx.at, done_by=_named(name)))


def reopen(tx: Tx, task_id: str) -> Task:
    """Take the tick away again. Raises `UserError` when there is none."""
    task = tx.get(Task, task_id)
    if task.done_at is None:
        raise UserError(_("“{task}” is not done yet.").format(task=task.what))
    return tx.put(replace(task, done_at=None, done_by=""))


def of_alarm(query: Query, alarm_id: str) -> list[Task]:
    """The tasks of an alarm, in the order in which they were noted."""
    return query.find(Task, alarm_id=alarm_id)


def of_incident(query: Query, incident: Incident) -> list[Task]:
    """Those of an incident, and of the alarm it was made from."""
    own = query.find(Task, incident_id=incident.id)
    return _once([*(of_alarm(query, incident.alarm_id) if incident.alarm_id else ()), *own])


def _once(tasks: Iterable[Task]) -> list[Task]:
    return [*{task.id: task for task in tasks}.values()]


def _open(tx: Tx, task_id: str) -> Task:
    task = tx.get(Task, task_id)
    if task.done_at is not None:
        raise UserError(_("“{task}” is done: {name}.").format(task=task.what, name=task.done_by))
    return task


def _named(name: str) -> str:
    if not name.strip():
        raise UserError(_("A name is needed."), hint=_("Say who does it."))
    return name.strip()
