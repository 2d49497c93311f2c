"""Region 5: the alarms that stand, until somebody has put a name to each."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget

from desktop.forms.acknowledge import AcknowledgeForm
from desktop.forms.keepquiet import KeepQuietForm
from desktop.outlook import Outlook
from desktop.pen import Pen
from desktop.standing import Hushed, Situation, Standing, hushed_words, situation
from desktop.widgets.alarmrows import quiet_columns, quiet_row
from desktop.widgets.alarmtable import AlarmTable, Line, one
from desktop.widgets.buttons import toggle, tool
from desktop.widgets.pane import Pane
from desktop.widgets.stripmark import StripMark
from desktop.widgets.table import RecordTable
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Sensor, Suppression
from gis.ops import alarms
from gis.sensors.flood import Group
from gis.store import Change, Store
from gis.texts import _, ngettext


class AlarmPanel(Pane):
    """The list, and behind it what is kept quiet. `picked` carries the alarm the operator moved to."""

    picked = Signal(object)
    limits = Signal(object)  # an alarm whose limits are wanted
    guided = Signal(object)  # an alarm about which it is asked what to do
    wanted = Signal(object)  # an alarm that shall become an incident
    hush = Signal(object)  # an alarm that shall be shelved
    disserve = Signal(object)  # an alarm whose instrument shall be taken out of service
    reset = Signal(object)  # a latched alarm that shall be let go
    voiced = Signal(object)  # what is quiet and shall ring again
    instrument = Signal(str)  # the id of one that was moved to, and has no alarm
    shown = Signal(object)  # the `Situation`, after each look

    def __init__(self, store: Store, outlook: Outlook, pen: Pen, zone: ZoneInfo) -> None:
        self._store, self._outlook, self._pen = store, outlook, pen
        self.table, self.fresh = AlarmTable(zone), StripMark(_("New alarms"))
        self.quiet = RecordTable[Hushed](_("Kept quiet"), quiet_columns(), quiet_row(zone))
        self._lists = QStackedWidget()
        for table in (self.table, self.quiet):
            self._lists.addWidget(table)
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.hushed = toggle("", _("What is kept from ringing  Shift+F4"), self._turn)
        self.button = tool(_("Acknowledge  F8"), self.acknowledge)
        super().__init__(_("Alarms"), self._lists, self.hushed, self.button)
        self.form, self.keeping = AcknowledgeForm(), KeepQuietForm()
        self.setFocusProxy(self.table)
        self.above(self.fresh)
        self.below(self.form)
        self.below(self.keeping)
        self.when_empty()
        self._now = Situation((), 0, 0)
        self._connect()
        self.look()

    def _connect(self) -> None:
        self.table.picked.connect(self._pick)
        self.table.opened.connect(self._open)
        self.table.news.connect(self._tell_news)
        self.fresh.clicked.connect(lambda _checked=False: self.let_in())
        self.table.asked.connect(self._ask)
        self.quiet.picked.connect(self._pick_quiet)
        self.quiet.opened.connect(self._pick_quiet)
        self.quiet.asked.connect(self._ask_quiet)
        self.form.signed.connect(self._sign)
        self.keeping.left.connect(self.setFocus)
        self._outlook.changed.connect(self._on_changed)

    def look(self) -> None:
        """Read again what stands."""
        self._outlook.ask(self, situation, self._show)

    def _show(self, now: Situation) -> None:
        self._now = now
        self.table.show_records(now.alarms)
        self.quiet.show_records(now.quiet)
        self.hushed.setText(hushed_words(len(now.quiet)))
        self.hushed.setVisible(bool(now.quiet) or self.hushed.isChecked())
        self._say()
        self.shown.emit(now)

    def _say(self) -> None:
        """The title, the button and what stands in the place of an empty list."""
        waiting, hushing = len(self._now.waiting), self.hushed.isChecked()
        self.title.say(_("Kept from ringing") if hushing else self._title(waiting))
        self.button.setVisible(not hushing)
        self.button.setEnabled(waiting > 0 and self._outlook.live)
        if hushing:
            self.say_empty("" if self._now.quiet else _("Nothing is kept from ringing."))
        else:
            self.say_empty("" if self._now.alarms else _("No alarms.") + " " + self._now.sensors)

    def _title(self, waiting: int) -> str:
        if not waiting:
            return _("Alarms")
        if not self._outlook.live:
            return ngettext("Alarms: {count} new then", "Alarms: {count} new then", waiting).format(
                count=waiting
            )
        news = ngettext("Alarms: {count} new", "Alarms: {count} new", waiting).format(count=waiting)
        return news + "   " + _("F4 next")

    def turn(self) -> None:
        """From the alarms to what is kept quiet, and back; the keys go there."""
        self.hushed.toggle()
        self.setFocus()

    def _turn(self) -> None:
        shown = self.quiet if self.hushed.isChecked() else self.table
        self._lists.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        self.hushed.setVisible(bool(self._now.quiet) or self.hushed.isChecked())
        self._say()

    def chosen(self) -> Standing | Hushed | None:
        """What the keys speak of: the current line of the list that is on show."""
        return self.quiet.current() if self.hushed.isChecked() else self.table.current()

    def next_waiting(self) -> None:
        """Go to the worst alarm nobody has put a name to, or the next one when already there: of now."""
        self._outlook.go(None)
        self.hushed.setChecked(False)
        waiting = self._now.waiting
        if not waiting:
            return
        ids, current = [line.alarm.id for line in waiting], self.table.current()
        at = ids.index(current.alarm.id) if current and current.alarm.id in ids else -1
        already_here = self.table.hasFocus() and at >= 0
        self.show_alarm(ids[(at + 1) % len(ids)] if already_here else ids[max(at, 0)])

    def show_alarm(self, alarm_id: str) -> None:
        """Make one alarm current and tell of it."""
        if self.table.pick(alarm_id, quietly=True):
            self.hushed.setChecked(False)
            self.table.setFocus()
            self._pick(self.table.current())
            return
        for line in self._now.quiet:
            if alarm_id in (each.alarm.id for each in line.alarms) and self.quiet.pick(
                line.key, quietly=True
            ):
                self.hushed.setChecked(True)
                self.quiet.setFocus()
                self._pick_quiet(line)

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
        """The current alarm that has no name yet; of what is kept quiet the worst such alarm."""
        line = self.chosen()
        lines = line.alarms if isinstance(line, Hushed) else [line] if line is not None else []
        return next((each for each in lines if each.alarm.needs_attention), None)

    def _sign(self, alarm_id: str, name: str, note: str) -> None:
        self._pen.write(
            _("Acknowledge alarm"),
            lambda tx: alarms.acknowledge(tx, alarm_id, name, note),
            lambda _done: self.form.taken(alarm_id),
        )

    def _pick(self, line: Line | None) -> None:
        if line is not None:
            self.picked.emit(one(line))

    def _open(self, line: Line) -> None:
        """An alarm is shown; a group is opened, or closed again."""
        if isinstance(line, Group):
            self.table.turn(line)
        else:
            self._pick(line)

    def group(self, area_of: Mapping[str, Sensor] | None, *, flood: bool) -> None:
        """Show alarms by area and cause from now on; one by one where there are no areas."""
        self.table.group(area_of, flood=flood)

    def let_in(self) -> None:
        """Show what came while the list was in hand, and go to the worst of it."""
        came = self.table.settle()
        self.hushed.setChecked(False)
        worst = next((line for line in self._now.waiting if line.alarm.id in came), None)
        if worst is not None and self.table.pick(self.table.line_of(worst.alarm.id), quietly=True):
            self._pick(worst)
        self.table.setFocus()

    def _tell_news(self, count: int, regroups: bool) -> None:
        """What waits, above the list that stays as it is."""
        words = ngettext("{count} new alarm above", "{count} new alarms above", count).format(count=count)
        said = words if count else _("The list is to be grouped or ungrouped") if regroups else ""
        then = _("Nothing moves while you are in the list. Ctrl+F4 lets it in.")
        self.fresh.say(f"{said}   Ctrl+F4" if said else "", f"{said}. {then}", warns=True)

    def _pick_quiet(self, line: Hushed) -> None:
        if line.alarms:
            self.picked.emit(line.alarms[0])
        else:
            self.instrument.emit(line.quiet.sensor.id)

    def _ask(self, asked: Line, at: QPoint) -> None:
        line, menu = one(asked), QMenu(self)
        if line.alarm.needs_attention:
            menu.addAction(_("Acknowledge")).triggered.connect(self.acknowledge)
            menu.addAction(_("Acknowledge with a note…")).triggered.connect(self.ask_name)
        if line.alarm.state is AlarmState.LATCHED_ACKED:
            menu.addAction(_("Reset")).triggered.connect(lambda: self.reset.emit(line))
        menu.addAction(_("Shelve…")).triggered.connect(lambda: self.hush.emit(line))
        out = menu.addAction(_("Take {sensor} out of service…").format(sensor=line.sensor.name))
        out.triggered.connect(lambda: self.disserve.emit(line))
        menu.addSeparator()
        menu.addAction(_("Make it an incident")).triggered.connect(lambda: self.wanted.emit(line))
        menu.addAction(_("Show on the map")).triggered.connect(lambda: self.picked.emit(line))
        menu.addAction(_("What to do…")).triggered.connect(lambda: self.guided.emit(line))
        menu.addAction(_("Its limits…")).triggered.connect(lambda: self.limits.emit(line))
        menu.popup(at)

    def _ask_quiet(self, line: Hushed, at: QPoint) -> None:
        menu = QMenu(self)
        words = {
            AlarmState.SHELVED: _("Take it from the shelf"),
            AlarmState.OUT_OF_SERVICE: _("Return {sensor} to service").format(sensor=line.quiet.sensor.name),
        }
        if line.quiet.state in words:
            menu.addAction(words[line.quiet.state]).triggered.connect(lambda: self.voiced.emit(line))
        if any(each.alarm.needs_attention for each in line.alarms):
            menu.addAction(_("Acknowledge")).triggered.connect(self.acknowledge)
            menu.addAction(_("Acknowledge with a note…")).triggered.connect(self.ask_name)
        menu.addAction(_("Show on the map")).triggered.connect(lambda: self._pick_quiet(line))
        menu.popup(at)

    def _on_changed(self, change: Change) -> None:
        if change.touches(Alarm, AlarmRule, Sensor, Suppression, Reading):
            self.look()
