"""Who is silent: the most urgent first, and what can be done about each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from desktop.times import day, hm
from desktop.widgets.buttons import push
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form
from desktop.widgets.table import Column, RecordTable, Row
from gis.sensors.silence import LOOKED_BACK, Expected, Overdue, Silence, for_how_long, in_all
from gis.texts import _
from gis.words.terms import HAZARD, REPORTING

DAY = timedelta(hours=20)  # a word older than that is told with its day


class SilenceForm(Form):
    """`heard` and `unanswered` carry who it is about (`Expected`) and a note; `picked`, `shown` (on the map)
    and `paused` who it is about. `listed` asks for the call list, `posting` for who is to report."""

    heard = Signal(object, str)
    unanswered = Signal(object, str)
    picked = Signal(object)
    shown = Signal(object)
    paused = Signal(object)
    listed = Signal()
    posting = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(_("Silence"))
        self._zone = zone
        self.title = QLabel(_("Silence"))
        self.title.setProperty("strong", True)
        self.total = QLabel(wordWrap=True)
        self.table = RecordTable[Overdue](_("Who is silent"), _columns(zone), _row(zone))
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = QLineEdit()
        self.note.setPlaceholderText(_("Note (may stay empty)"))
        self.note.setAccessibleName(self.note.placeholderText())
        self.note.returnPressed.connect(self.submit)
        self.table.picked.connect(self._pick)
        self.acts = [
            self._act(_("Heard"), "H", self.submit),
            self._act(_("No answer"), "N", lambda: self._say(self.unanswered.emit)),
            self._act(_("Show"), "M", lambda: self._on(self.shown.emit)),
            self._act(_("Pause"), "P", lambda: self._on(self.paused.emit)),
        ]
        self.acts[0].setToolTip(_("They were heard from, by whatever means."))
        self.acts[1].setToolTip(_("They were called and did not answer: they stay silent."))
        self.acts[2].setToolTip(_("Where it is on the map."))
        self.acts[3].setToolTip(_("Wait for them no longer, until somebody waits for them again."))
        self.print = push(_("Call list…"), self.listed.emit)
        self.print.setToolTip(_("All who are silent, in order, with numbers to call, to be printed."))
        self.table.opened.connect(lambda line: self.shown.emit(line.expected))
        self._arrange()

    def _act(self, words: str, key: str, act: Callable[[], object]) -> QPushButton:
        """A button, and one key for it while the list has the keyboard."""
        button = push(f"{words}  {key}", act)
        shortcut = QShortcut(QKeySequence(key), self.table, context=Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(button.click)
        return button

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.total, 1)
        head.addWidget(push(_("Who reports…"), self.posting.emit))
        head.addWidget(push(_("Close"), self.left.emit))
        acts = Flow()
        for button in (*self.acts, self.print):
            acts.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.about)
        column.addWidget(self.note)
        column.addLayout(acts)

    def begin(self) -> None:
        """The keyboard goes to the most urgent."""
        self.table.setFocus()

    def show_silence(self, found: Silence, *, live: bool) -> None:
        """Show who is silent; acts are there while it is now."""
        self.total.setText(total_words(found))
        self.table.show_records(found.overdue)
        late = bool(found.overdue)
        for widget in (self.table, self.about, self.note):
            widget.setVisible(late)
        for button in self.acts:
            button.setVisible(late)
            button.setEnabled(live)
        self.note.setEnabled(live)
        self.acts[2].setEnabled(True)
        self.print.setVisible(late)
        self._tell()

    def submit(self) -> None:
        """They were heard from."""
        self._say(self.heard.emit)

    def done(self) -> None:
        """It is on the disk: the note has gone with it, and the list has the keyboard again."""
        self.note.clear()
        if self.isVisible():
            self.table.setFocus()

    def _pick(self, line: Overdue) -> None:
        self._tell()
        self.picked.emit(line.expected)

    def _say(self, act: Callable[[Expected, str], object]) -> None:
        line = self.table.current()
        if line is not None:
            act(line.expected, self.note.text().strip())

    def _on(self, act: Callable[[Expected], object]) -> None:
        line = self.table.current()
        if line is not None:
            act(line.expected)

    def _tell(self) -> None:
        line = self.table.current()
        self.about.setText("" if line is None else told(line, self._zone))


def total_words(found: Silence) -> str:
    """7 of 42 silent, 31,000 people"""
    if not found.count:
        return _("Nobody is waited for yet: say who is to report, and how often.")
    return in_all(found)


def told(line: Overdue, zone: ZoneInfo) -> str:
    """Everything about one who is silent: ward, every 6 h, hazard high. Last word … Called … Number."""
    who = line.expected
    every = _("every {span}").format(span=for_how_long(who.every))
    hazard = _("hazard {degree}").format(degree=HAZARD[who.hazard])
    facts = [REPORTING[who.kind], every, hazard]
    if line.assumed:
        facts.append(_("people not counted: the city's median"))
    said = [", ".join(facts) + ".", _("Last word: {word}.").format(word=last_word(line, zone))]
    said.append(tried_words(line, zone) or _("Not called yet."))
    if who.contact:
        said.append(_("To call: {contact}").format(contact=who.contact))
    return "  ".join(said)


def tried_words(line: Overdue, zone: ZoneInfo) -> str:
    """Called 05:02 by R. Sari, no answer: mailbox full. Empty where nobody has called."""
    call = line.expected.tried
    if call is None:
        return ""
    words = _("Called {time} by {name}, no answer").format(time=at_time(call.at, line, zone), name=call.by)
    return f"{words}: {call.note}." if call.note else f"{words}."


def last_word(line: Overdue, zone: ZoneInfo) -> str:
    """03:10 incident I-0012; what nobody heard is said so."""
    word = line.expected.word
    if word is None:
        return _("none in {hours:.0f} h").format(hours=LOOKED_BACK / timedelta(hours=1))
    return _("{time} {source}").format(time=at_time(word.at, line, zone), source=word.source)


def at_time(at: datetime, line: Overdue, zone: ZoneInfo) -> str:
    """05:58, with its day where that is not plain."""
    return hm(at, zone) if line.silent < DAY else f"{day(at, zone)} {hm(at, zone)}"


def _columns(zone: ZoneInfo) -> list[Column[Overdue]]:
    return [
        Column(_("Silent for"), lambda line: for_how_long(line.silent), widest=_("23 h 59 min")),
        Column(_("Who"), lambda line: line.expected.name, widest="Bandar Sari Hilir"),
        Column(_("People"), people_words, widest="≈ 99,999"),
        Column(_("Last word"), lambda line: last_word(line, zone)),
    ]


def people_words(line: Overdue) -> str:
    """9,000; ≈ 4,300 where nobody has counted them."""
    return f"≈ {line.people:,}" if line.assumed else f"{line.people:,}"


def _row(zone: ZoneInfo) -> Row[Overdue]:
    def words(line: Overdue) -> str:
        said = _("{name}, silent for {span}, {people} people: {more}")
        return said.format(
            name=line.expected.name,
            span=for_how_long(line.silent),
            people=people_words(line),
            more=told(line, zone),
        )

    return Row(lambda line: line.expected.id, words, lambda line: line.expected.tried is None)
