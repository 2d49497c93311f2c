"""Region 5: the alarms that stand, until somebody has put a name to each."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu

from desktop.forms.acknowledge import AcknowledgeForm
from desktop.outlook import Outlook
from desktop.pen import Pen
from desktop.standing import Situation, Standing, situation
from desktop.symbols import severity_icon
from desktop.times import hm, hms
from desktop.widgets.buttons import tool
from desktop.widgets.pane import Pane
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmState, Sensor
from gis.ops import alarms
from gis.store import Change, Store
from gis.texts import _, ngettext


class AlarmPanel(Pane):
    """`picked` carries the alarm the operator moved to; `wanted` one that shall become an incident; `limits`
    one whose limits are wanted."""

    limits = Signal(object)
    picked = Signal(object)
    wanted = Signal(object)

    def __init__(self, store: Store, outlook: Outlook, pen: Pen, zone: ZoneInfo) -> None:
        self._store, self._outlook, self._pen = store, outlook, pen
        self.table = RecordTable[Standing](_("Alarms"), _columns(zone), _row(zone))
        self.button = tool(_("Acknowledge  F8"), self.acknowledge)
        super().__init__(_("Alarms"), self.table, self.button)
        self.form = AcknowledgeForm()
        self.below(self.form)
        self.when_empty()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.picked.connect(self._pick)
        self.table.opened.connect(self._pick)
        self.table.asked.connect(self._ask)
        self.form.signed.connect(self._sign)
        outlook.changed.connect(self._on_changed)
        self.look()

    def look(self) -> None:
        """Read again what stands."""
        self._outlook.ask(self, situation, self._show)

    def _show(self, now: Situation) -> None:
        self.table.show_records(now.alarms)
        waiting = len(now.waiting)
        self.title.say(self._title(waiting))
        self.button.setEnabled(waiting > 0 and self._outlook.live)
        self.say_empty("" if now.alarms else _("No alarms.") + " " + now.sensors)

    def _title(self, waiting: int) -> str:
        if not waiting:
            return _("Alarms")
        if not self._outlook.live:
            return ngettext("Alarms: {count} new then", "Alarms: {count} new then", waiting).format(
                count=waiting
            )
        news = ngettext("Alarms: {count} new", "Alarms: {count} new", waiting).format(count=waiting)
        return news + "   " + _("F4 next")

    def next_waiting(self) -> None:
        """Go to the worst alarm nobody has put a name to, or the next one when already there: of now."""
        self._outlook.go(None)
        waiting = [line for line in self.table.records.records if line.alarm.needs_attention]
        if not waiting:
            return
        ids, current = [line.alarm.id for line in waiting], self.table.current()
        at = ids.index(current.alarm.id) if current and current.alarm.id in ids else -1
        already_here = self.table.hasFocus() and at >= 0
        self.show_alarm(ids[(at + 1) % len(ids)] if already_here else ids[max(at, 0)])

    def show_alarm(self, alarm_id: str) -> None:
        """Make one alarm current and tell of it."""
        if self.table.pick(alarm_id, quietly=True):
            self.table.setFocus()
            self._pick(self.table.current())

    def show_ringing(self, alarm_id: str) -> None:
        """Make an alarm current that rings: it rings now, whatever instant was looked at."""
        self._outlook.go(None)
        self.show_alarm(alarm_id)

    def acknowledge(self) -> None:
        """Put the name of the person at the desk to the current alarm; ask for it where it is unknown.

        An alarm that has a name already is left: the next one is shown, not signed unseen.
        """
        if not self._pen.ready():
            return
        line = self._waiting()
        if line is None:
            self.next_waiting()
            return
        if self._store.author:
            self._sign(line.alarm.id, self._store.author, "")
        else:
            self.ask_name()

    def ask_name(self) -> None:
        """Ask for a name and a note for the current alarm."""
        line = self._waiting()
        if line is not None and self._pen.ready():
            self.form.ask(line.alarm.id, line.what, self._store.author)

    def _waiting(self) -> Standing | None:
        line = self.table.current()
        return line if line is not None and line.alarm.needs_attention else None

    def _sign(self, alarm_id: str, name: str, note: str) -> None:
        self._pen.write(
            _("Acknowledge alarm"),
            lambda tx: alarms.acknowledge(tx, alarm_id, name, note),
            lambda _done: self.form.taken(alarm_id),
        )

    def _pick(self, line: Standing | None) -> None:
        if line is not None:
            self.picked.emit(line)

    def _ask(self, line: Standing, at: QPoint) -> None:
        menu = QMenu(self)
        if line.alarm.needs_attention:
            menu.addAction(_("Acknowledge")).triggered.connect(self.acknowledge)
            menu.addAction(_("Acknowledge with a note…")).triggered.connect(self.ask_name)
        menu.addAction(_("Make it an incident")).triggered.connect(lambda: self.wanted.emit(line))
        menu.addAction(_("Show on the map")).triggered.connect(lambda: self.picked.emit(line))
        menu.addAction(_("Its limits…")).triggered.connect(lambda: self.limits.emit(line))
        menu.popup(at)

    def _on_changed(self, change: Change) -> None:
        if change.touches(Alarm, Sensor, Reading):
            self.look()


def _columns(zone: ZoneInfo) -> list[Column[Standing]]:
    full = {severity: severity_icon(severity) for severity in Severity}
    hollow = {severity: severity_icon(severity, hollow=True) for severity in Severity}

    def chip(line: Standing) -> QIcon:
        return (full if line.alarm.needs_attention else hollow)[line.alarm.severity]

    return [
        Column("P", lambda _line: "", chip, widest="MM"),
        Column(_("State"), lambda line: line.state, widest=_("RTN unack")),
        Column(_("Time"), lambda line: hm(line.since, zone), widest="00:00"),
        Column(_("Value"), lambda line: line.now, widest="00.0 mm/h"),
        Column(_("What"), lambda line: f"{line.sensor.name}, {line.limit}"),
    ]


def _row(zone: ZoneInfo) -> Row[Standing]:
    def words(line: Standing) -> str:
        said = _("Alarm, {severity}, {what}, since {time}, {state}").format(
            severity=line.alarm.severity.value,
            what=line.what,
            time=hms(line.since, zone),
            state=line.alarm.state.value,
        )
        if line.alarm.state is AlarmState.ACKED:
            said += ", " + _("by {name}").format(name=line.alarm.acknowledged_by)
        return f"{said}: {line.alarm.note}" if line.alarm.note else said

    return Row(key=lambda line: line.alarm.id, words=words, heavy=lambda line: line.alarm.needs_attention)
