"""Keeping alarms from ringing, letting them ring again, and letting latched ones go, as the operator asks."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer

from desktop.forms.keepquiet import Agreed, Asked
from desktop.notices import Notices
from desktop.standing import Hushed, Situation, Standing
from desktop.times import hm
from desktop.work import Work, zone_of
from gis.model.incident import Severity
from gis.model.sensor import AlarmState, Suppression
from gis.model.withheld import longest
from gis.ops import alarms, shelving
from gis.store import Query, Tx
from gis.store.quiet import last_reasons
from gis.texts import _, ngettext

BEAT_MS = 1_000
OFFERED = 12  # reasons
SHELVES = (30, 10, 60)  # minutes, the first is proposed


class Quieting(QObject):
    """What is kept quiet is counted while it is, and comes back by itself: nothing has to be written then."""

    def __init__(self, work: Work, notices: Notices) -> None:
        super().__init__()
        self._work, self._notices = work, notices
        self._panel, self._model = work.panels.alarms, work.model
        self._due: datetime | None = None
        self._panel.hush.connect(self.ask_shelf)
        self._panel.disserve.connect(self.ask_service)
        self._panel.voiced.connect(self.voice)
        self._panel.reset.connect(self.reset_this)
        self._panel.instrument.connect(work.open_sensor)
        self._panel.keeping.agreed.connect(self._keep)
        self._panel.shown.connect(self._note)
        self._beat = QTimer(self._panel, interval=BEAT_MS)
        self._beat.timeout.connect(self._go_on)
        self._beat.start()
        self._panel.look()

    # -- what is asked for by key

    def shelve(self) -> None:
        """Shelve the current alarm; of what is kept quiet let it ring again."""
        self._with(self.ask_shelf, self.voice)

    def out_of_service(self) -> None:
        """Take the instrument of the current alarm out of service, or return it."""
        self._with(self.ask_service, self.voice)

    def reset(self) -> None:
        """Let the current latched alarm go."""
        self._with(self.reset_this, lambda _line: self._notices.tell(_("Let it ring again first.")))

    def _with(self, stands: Callable[[Standing], object], quiet: Callable[[Hushed], object]) -> None:
        match self._panel.chosen():
            case Standing() as line:
                stands(line)
            case Hushed() as line:
                quiet(line)
            case _:
                self._notices.tell(_("Select an alarm first."))

    # -- asking

    def ask_shelf(self, line: Standing) -> None:
        """For how long and why shall this limit not ring?"""

        def verb(tx: Tx, until: datetime, reason: str, name: str) -> Suppression:
            return shelving.shelve(tx, line.rule.id, until, reason, name)

        self._ask(lambda: Asked(verb, line.where, _("Shelve"), self._shelf_ends(line.rule.severity)))

    def ask_service(self, line: Standing) -> None:
        """For how long and why is this instrument out of service?"""

        def verb(tx: Tx, until: datetime | None, reason: str, name: str) -> Suppression:
            return shelving.take_out_of_service(tx, line.sensor.id, reason, name, until)

        what = _("All alarms of {sensor}").format(sensor=line.sensor.name)
        ends = [(_("until returned"), None), *self._shelf_ends(Severity.UNKNOWN)]
        self._ask(lambda: Asked(verb, what, _("Take out of service"), ends))

    def _ask(self, asked: Callable[[], Asked]) -> None:
        if not self._model.pen.ready():
            return

        def show(reasons: Sequence[str]) -> None:
            self._panel.form.hide()
            self._panel.keeping.ask(asked(), self._model.store.author, reasons)

        self._model.outlook.ask(self, _reasons, show)

    def _shelf_ends(self, severity: Severity) -> list[tuple[str, Any]]:
        """The ends that this severity may have: some minutes, or the end of the shift."""
        now, zone = self._model.store.clock.now(), zone_of(self._model.store)
        spans = [timedelta(minutes=count) for count in SHELVES]
        ends: list[tuple[str, Any]] = [(_minutes(span), span) for span in spans if span <= longest(severity)]
        shift = shelving.end_of_shift(now, zone)
        if shift - now <= longest(severity):
            ends.append((_("shift, to {time}").format(time=hm(shift, zone)), shift))
        return ends

    # -- doing

    def _keep(self, agreed: Agreed) -> None:
        def write(tx: Tx) -> Suppression:
            until = tx.at + agreed.end if isinstance(agreed.end, timedelta) else agreed.end
            return agreed.asked.verb(tx, until, agreed.reason, agreed.name)

        self._model.pen.write(agreed.asked.act, write, lambda _kept: self._panel.keeping.taken(agreed.asked))

    def voice(self, line: Hushed) -> None:
        """Let what is kept quiet ring again."""
        name, quiet = self._model.store.author, line.quiet
        match quiet.state:
            case AlarmState.SHELVED if quiet.rule is not None:
                rule_id = quiet.rule.id
                self._model.pen.write(
                    _("Take from the shelf"), lambda tx: shelving.unshelve(tx, rule_id, name)
                )
            case AlarmState.OUT_OF_SERVICE:
                label = _("Return to service")
                self._model.pen.write(label, lambda tx: shelving.return_to_service(tx, quiet.sensor.id, name))
            case _:
                words = _("It is suppressed by design: it rings once its condition holds.")
                self._notices.tell(words)

    def reset_this(self, line: Standing) -> None:
        """Let a latched alarm go."""
        name = self._model.store.author
        self._model.pen.write(_("Reset alarm"), lambda tx: alarms.reset(tx, line.alarm.id, name))

    # -- what goes on by itself

    def _note(self, now: Situation) -> None:
        self._due = now.changes_at

    def _go_on(self) -> None:
        if self._due is not None and self._model.outlook.live and self._model.store.clock.now() >= self._due:
            self._due = None
            self._panel.look()
            self._model.stack.refresh(Suppression)


def _reasons(query: Query) -> list[str]:
    return last_reasons(query, OFFERED)


def _minutes(span: timedelta) -> str:
    count = span // timedelta(minutes=1)
    return ngettext("{count} minute", "{count} minutes", count).format(count=count)
