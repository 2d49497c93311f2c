"""What works in the background for longer than a second: its count, and a way to stop it."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from desktop.widgets.buttons import tool
from desktop.widgets.elided import ElidedLabel
from gis.jobs import Job, Jobs, JobState
from gis.texts import _, ngettext

PATIENCE_S = 1.0  # shorter work is not worth a line


class Running(QWidget):
    """Hidden while nothing long runs. Jobs given to `watch` can be cancelled here."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setAccessibleName(_("Work in the background"))
        self._jobs: dict[int, Job] = {}
        self._states: dict[int, tuple[JobState, float]] = {}
        self.words = ElidedLabel()
        self.words.setMinimumWidth(150)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(_("How much of it is done"))
        self.bar.setFixedSize(70, 8)
        self.cancel = tool(_("Cancel"), self._cancel, _("Cancel the work in the background"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self._look_timer = QTimer(self, interval=200)
        self._look_timer.timeout.connect(self._look)
        jobs.changed.connect(self._hear)
        self.hide()

    def watch(self, job: Job) -> Job:
        """Show this job once it has taken a second, and let the operator stop it."""
        self._jobs[job.number] = job
        self._states.setdefault(job.number, (JobState(job.number, job.label), time.monotonic()))
        self._look_timer.start()
        return job

    def _hear(self, state: JobState) -> None:
        if state.finished:
            self._jobs.pop(state.number, None)
            self._states.pop(state.number, None)
            self._look()
        elif state.number in self._jobs:
            self._states[state.number] = (state, self._states[state.number][1])

    def _look(self) -> None:
        now = time.monotonic()
        long = [state for state, since in self._states.values() if now - since >= PATIENCE_S]
        self.setVisible(bool(long))
        if not self._states:
            self._look_timer.stop()
        if long:
            self._show(long[0], len(long) - 1)

    def _show(self, state: JobState, more: int) -> None:
        words = f"{state.label}  {state.note}".strip()
        if more:
            words += "  " + ngettext("and {count} more", "and {count} more", more).format(count=more)
        self.words.say(words)
        self.bar.setMaximum(state.total)
        self.bar.setValue(state.done)

    def _cancel(self) -> None:
        for job in self._jobs.values():
            job.cancel()
