"""The beat that passes alarms on when nobody has acknowledged them in time."""

from PySide6.QtCore import QObject

from desktop.notices import Notices
from desktop.pen import Pen
from desktop.ringing import RingingNow
from gis.model.sensor import Alarm
from gis.ops import escalation
from gis.ops.escalation import overdue
from gis.progress import Progress
from gis.store import Store
from gis.texts import _

PAUSE_BEATS = 60


class Escalating(QObject):
    """Looks with every tick of what rings; writes one step for each person that alarms are passed on to."""

    def __init__(self, store: Store, pen: Pen, ringing: RingingNow, notices: Notices) -> None:
        super().__init__()
        self._store, self._pen, self._ringing, self._notices = store, pen, ringing, notices
        self._busy, self._pause = False, 0
        ringing.ticked.connect(self.beat)

    def beat(self) -> None:
        """Pass on what has come due."""
        self._pause = max(self._pause - 1, 0)
        if self._busy or self._pause or self._store.read_only or not self._may_be_due():
            return
        with self._store.reading() as query:
            due = escalation.due(query)
        if due:
            self._pass_on(due[0].rule.escalate_to)

    def _may_be_due(self) -> bool:
        """Without asking the store: hardly ever anything is."""
        waiting = self._ringing.waiting
        rules = {each.rule.id: each.rule for each in waiting}
        return bool(overdue([each.alarm for each in waiting], rules, (), self._store.clock.now()))

    def _pass_on(self, to: str) -> None:
        label = _("Alarm escalated to {who}").format(who=to) if to else _("Alarm escalated")
        self._busy = True

        def work(_progress: Progress) -> list[Alarm]:
            return self._store.write(label, lambda tx: escalation.escalate(tx, to), _("Instruments"))

        self._pen.do(label, work, self._done, lambda error: self._failed(label, error))

    def _done(self, _passed: list[Alarm]) -> None:
        self._busy = False

    def _failed(self, label: str, error: Exception) -> None:
        """It is tried again a while later: what fails must not be said every second."""
        self._busy, self._pause = False, PAUSE_BEATS
        self._notices.problem(label, error)
