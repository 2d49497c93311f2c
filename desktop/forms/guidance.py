"""What an alarm means, what is to be done about it, whom to call; and what of that is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.standing import initials
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from gis.model.incident import Incident
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.model.task import Task
from gis.texts import _, ngettext


@dataclass(frozen=True, slots=True)
class Guidance:
    """What is told of an alarm with its rule and sensor, or of an incident: its tasks, and what of the card's
    `steps` is no task yet."""

    tasks: Sequence[Task]
    steps: Sequence[str] = ()
    alarm: Alarm | None = None
    rule: AlarmRule | None = None
    sensor: Sensor | None = None
    incident: Incident | None = None

    @property
    def subject(self) -> str:
        """Kali 3, Siaga 1; I-0012."""
        if self.sensor is not None and self.rule is not None:
            return f"{self.sensor.name}, {self.rule.level}"
        return self.incident.number if self.incident is not None else ""

    @property
    def said(self) -> str:
        """What to do: 2 of 5 done; "" where nobody has said what."""
        count = len(self.tasks) + len(self.steps)
        if count:
            done = sum(task.done_at is not None for task in self.tasks)
            words = ngettext(
                "What to do: {done} of {count} done", "What to do: {done} of {count} done", count
            )
            return words.format(done=done, count=count)
        told = self.rule is not None and (self.rule.meaning or self.rule.call)
        return _("What to do") if told else ""


class GuidanceForm(Form):
    """`ticked` carries a task and whether it is done now; `wanted` asks for tasks of all steps; `added` has
    the words of one more."""

    ticked = Signal(object, bool)
    wanted = Signal()
    added = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("What to do"))
        self.title, self.meaning, self.steps, self.call, self.none = (
            QLabel(wordWrap=True) for _each in range(5)
        )
        self.title.setProperty("strong", True)
        self.none.setProperty("dim", True)
        self.make = push(_("Make tasks of the steps"), self.wanted.emit)
        self.more = QLineEdit(placeholderText=_("One more task, Enter adds it"))
        self.more.setAccessibleName(_("One more task"))
        self.more.returnPressed.connect(self._add)
        self.boxes: list[QCheckBox] = []
        self._shown: Guidance | None = None
        self._list = QWidget()
        self._tasks = QVBoxLayout(self._list)
        self._tasks.setContentsMargins(0, 0, 0, 0)
        self._tasks.setSpacing(3)
        self._arrange()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        parts = (self.meaning, self.none, self._list, self.steps, self.make, self.call)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scrolled(QFormLayout(), *parts), 1)
        column.addWidget(self.more)

    def begin(self) -> None:
        """The keyboard goes to what is to be done next."""
        waiting = next((box for box in self.boxes if not box.isChecked() and box.isEnabled()), None)
        (waiting or (self.make if self.make.isVisible() else self.more)).setFocus()

    def show_guidance(self, told: Guidance, *, live: bool) -> None:
        """Show this; ticks and tasks are set only while it is now."""
        self._shown, rule = told, told.rule
        self.title.setText(_("What to do: {subject}").format(subject=told.subject))
        self._say(self.meaning, rule.meaning if rule else "")
        self._say(self.steps, "\n".join(f"• {step}" for step in told.steps))
        self._say(self.call, _("Call: {whom}").format(whom=rule.call) if rule and rule.call else "")
        self._say(self.none, "" if told.said else _("Nothing has been said about what to do."))
        self.make.setVisible(bool(told.steps) and live)
        self.more.setEnabled(live)
        self._show_tasks(told.tasks, live=live)

    def _say(self, label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))

    def _show_tasks(self, tasks: Sequence[Task], *, live: bool) -> None:
        focus = next((n for n, box in enumerate(self.boxes) if box.hasFocus()), -1)
        for box in self.boxes:
            self._tasks.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = [self._box(task, live=live) for task in tasks]
        for box in self.boxes:
            self._tasks.addWidget(box)
        if 0 <= focus < len(self.boxes):
            self.boxes[focus].setFocus()

    def _box(self, task: Task, *, live: bool) -> QCheckBox:
        words = f"{task.what}  ({initials(task.done_by)})" if task.done_at else task.what
        box = QCheckBox(words.replace("&", "&&"))
        box.setChecked(task.done_at is not None)
        box.setEnabled(live)
        box.setAccessibleName(words)
        box.setToolTip(told_of(task))
        box.clicked.connect(self._tick(task))
        return box

    def _tick(self, task: Task) -> Callable[[bool], None]:
        return lambda on: self.ticked.emit(task, on)

    def _add(self) -> None:
        if self.more.text().strip():
            self.added.emit(self.more.text())

    def taken(self) -> None:
        """What was typed is a task now."""
        self.more.clear()


def told_of(task: Task) -> str:
    """A task in words, with who has it and who has done it."""
    if task.done_at is not None:
        return _("{task}: done by {name}").format(task=task.what, name=task.done_by)
    if task.owner:
        return _("{task}: {name} does it").format(task=task.what, name=task.owner)
    return _("{task}: open").format(task=task.what)
