"""What rules would have done in an event: how many rang and when, held against what truly was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout

from desktop.forms.alarm_load import verdict
from desktop.times import hms, lately
from desktop.widgets.bars import Bars
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from desktop.widgets.table import Column, RecordTable, Row
from gis.ops.rehearsing import Rehearsed
from gis.sensors.load import FLOOD_OVER, WINDOW, AlarmLoad
from gis.sensors.rehearsal import Label
from gis.store.questions import Ringing
from gis.texts import _, ngettext
from gis.words.terms import limit_words

SPANS = (timedelta(hours=12), timedelta(hours=24), timedelta(days=7), timedelta(days=30))
SET, TABLE, NOTHING = "set", "table", "nothing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to rehearse: how far back, which rules (`SET` or `TABLE`), held against what (`NOTHING`, `TABLE`,
    or the code of incidents)."""

    span: timedelta
    rules: str
    truth: str


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what came out: an alarm, right or false or not known which; or what was missed."""

    at: datetime
    what: str
    verdict: str
    ringing: Ringing | None = None


class RehearsalForm(Form):
    """`asked` carries a `Wanted`; `picked` and `opened` the sensor of an alarm."""

    asked = Signal(object)
    stopped = Signal()
    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(_("Rehearsal of the limits"))
        self.title = QLabel(self.accessibleName())
        self.title.setProperty("strong", True)
        self.until = QLabel(wordWrap=True)
        self.until.setProperty("dim", True)
        self.span, self.rules, self.truth = QComboBox(), QComboBox(), QComboBox()
        for span in SPANS:
            self.span.addItem(lately(span), span)
        self.span.setCurrentIndex(1)
        self.rules.addItem(_("the limits that are set"), SET)
        self.rules.addItem(_("limits from a table…"), TABLE)
        self.go, self.stop = push(_("Rehearse"), self._ask), push(_("Stop"), self.stopped.emit)
        self.said = QLabel(wordWrap=True)
        self.held = QLabel(wordWrap=True)
        self.bars = Bars(_("Alarms in every ten minutes"), zone)
        self.table = RecordTable[Told](_("What would have rung"), _columns(zone), _row(zone))
        self.table.setMinimumHeight(140)
        self.table.picked.connect(lambda line: line.ringing and self.picked.emit(line.ringing.sensor))
        self.table.opened.connect(lambda line: line.ringing and self.opened.emit(line.ringing.sensor))
        self._arrange()
        self.begin_anew()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.go)
        head.addWidget(self.stop)
        head.addWidget(push(_("Close"), self.left.emit))
        fields = QFormLayout()
        fields.setContentsMargins(0, 0, 0, 0)
        for name, box, tip in (
            (_("Event"), self.span, _("How far back from the moment that is looked at")),
            (_("Rules"), self.rules, _("Which limits are held against the readings")),
            (
                _("Truth"),
                self.truth,
                _("What is known to have happened: alarms are right or false by it"),
            ),
        ):
            box.setAccessibleName(name)
            box.setToolTip(tip)
            fields.addRow(name, box)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addLayout(head)
        fields.addRow(self.until)
        self._area = scrolled(fields, self.said, self.held, self.bars, self.table)
        column.addWidget(self._area, 1)

    def begin(self) -> None:
        self.go.setFocus()

    def show_moment(self, until: str, kinds: Mapping[str, str]) -> None:
        """Up to when it goes, and which kinds of incidents (code, words) there are to hold it against."""
        self.until.setText(until)
        chosen = self.truth.currentData()
        self.truth.clear()
        self.truth.addItem(_("not known"), NOTHING)
        for code, words in kinds.items():
            self.truth.addItem(words, code)
        self.truth.addItem(_("events from a table…"), TABLE)
        self.truth.setCurrentIndex(max(self.truth.findData(chosen), 0))

    def begin_anew(self) -> None:
        """Nothing has been rehearsed yet."""
        self.said.setText(_("Choose an event and press Rehearse: nothing is changed by it."))
        self._show_parts(shown=False)
        self.show_running(running=False)

    def show_running(self, *, running: bool) -> None:
        focus = QApplication.focusWidget()
        here = focus is not None and self.isAncestorOf(focus)
        self.go.setEnabled(not running)
        self.stop.setVisible(running)
        if here:  # a button that goes hands the keyboard on to whatever comes next
            (self.stop if running else self.go).setFocus()

    def show_rehearsed(self, done: Rehearsed, load: AlarmLoad) -> None:
        """What came out."""
        self.said.setText(verdict(load))
        self.bars.show_counts(load.counts.tolist(), load.begin, WINDOW, FLOOD_OVER)
        self.held.setText(_held(done))
        self.table.show_records(lines(done))
        self._show_parts(shown=True)
        self.held.setVisible(done.compared is not None)
        self.table.setVisible(bool(self.table.records.records))
        QTimer.singleShot(0, self, self._show_what_came_out)  # once everything has its place

    def _show_what_came_out(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(min(self.said.y(), bar.maximum()))

    def _show_parts(self, *, shown: bool) -> None:
        for part in (self.held, self.bars, self.table):
            part.setVisible(shown)

    def _ask(self) -> None:
        chosen = (self.span.currentData(), self.rules.currentData(), self.truth.currentData() or NOTHING)
        self.asked.emit(Wanted(*chosen))


def _held(done: Rehearsed) -> str:
    """Of 5 events 4 were told of, and 1 was missed. 3 alarms were false."""
    if done.compared is None or done.event.labels is None:
        return ""
    events, missed, false = len(done.event.labels), len(done.compared.missed), len(done.compared.false)
    if not events:
        return _("Nothing of that kind happened in this time.")
    told = ngettext(
        "Of {count} event {told} was told of, {missed} missed.",
        "Of {count} events {told} were told of, {missed} missed.",
        events,
    ).format(count=events, told=events - missed, missed=missed)
    wrong = ngettext("{count} alarm was false.", "{count} alarms were false.", false).format(count=false)
    return f"{told} {wrong}"


def lines(done: Rehearsed) -> list[Told]:
    """Everything by time: what rang, and what did not and should have."""
    right = {alarm.id for alarm in done.compared.right} if done.compared else set[str]()
    missed: Sequence[Label] = done.compared.missed if done.compared else ()
    found = [
        Told(
            each.alarm.raised_at or each.alarm.since,
            f"{each.sensor.name}  {limit_words(each.rule)}",
            "" if done.compared is None else _("right") if each.alarm.id in right else _("false"),
            each,
        )
        for each in done.rang
    ]
    found += [Told(label.begin, label.name or _("event"), _("missed")) for label in missed]
    return sorted(found, key=lambda line: line.at)


def _columns(zone: ZoneInfo) -> list[Column[Told]]:
    return [
        Column(_("Time"), lambda line: f"{line.at.astimezone(zone):%m-%d %H:%M}", widest="00-00 00:00"),
        Column(_("Verdict"), lambda line: line.verdict, widest=_("missed") + "  "),
        Column(_("What"), lambda line: line.what),
    ]


def _row(zone: ZoneInfo) -> Row[Told]:
    def words(line: Told) -> str:
        said = f"{hms(line.at, zone)}, {line.what}"
        return f"{said}: {line.verdict}" if line.verdict else said

    def key(line: Told) -> str:
        return line.ringing.alarm.id if line.ringing else f"{line.at}{line.what}"

    return Row(key, words, lambda line: line.ringing is None)
