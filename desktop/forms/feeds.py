"""The sources of readings of this desk: how each does, what is wrong with it, and what can be done."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.times import full
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from desktop.widgets.table import Column, RecordTable, Row
from desktop.widgets.triedtable import TriedTable
from gis.collecting.kinds import kinds, vouched
from gis.collecting.line import Standing, State
from gis.texts import _, ngettext

LEAST_ROWS, MOST_ROWS = 3, 8


class FeedsForm(Form):
    """`add` carries a kind; the others the `Standing` of the source that is meant."""

    add = Signal(str)
    edit = Signal(object)
    turn = Signal(object)  # pause it, or let it go on
    tried = Signal(object)
    remove = Signal(object)

    def __init__(self, zone: ZoneInfo, now: Callable[[], datetime], *, exercise: bool) -> None:
        super().__init__(_("Feeds"))
        self._zone, self._now = zone, now
        self.title = QLabel(self.accessibleName())
        self.title.setProperty("strong", True)
        self.empty, self.detail, self.trouble = QLabel(), QLabel(), QLabel()
        for words in (self.empty, self.detail, self.trouble):
            words.setWordWrap(True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble.setProperty("strong", True)
        self.empty.setText(
            _(
                "No feeds yet. Add one: a broker that gauges report to, a folder that a logger writes into,"
                " or a file of readings."
            )
        )
        self.table = RecordTable[Standing](_("Feeds"), self._columns(), _row())
        self.table.picked.connect(lambda _standing: self._show_detail())
        self.table.opened.connect(self.edit.emit)
        self.outcome = TriedTable(zone)
        self._build_buttons(exercise)
        self._arrange()
        self.show_standings(())

    def _build_buttons(self, exercise: bool) -> None:
        self.new = QPushButton(_("Add"), autoDefault=True)
        self.new.setAccessibleName(_("Add a feed"))
        menu = QMenu(self.new)
        for word, kind in kinds().items():
            if (
                word != "recording" or exercise
            ):  # what was measured another night is no measurement of this one
                menu.addAction(kind.name).triggered.connect(lambda _on=False, word=word: self.add.emit(word))
        self.new.setMenu(menu)
        self.change = push(_("Edit"), lambda: self._about(self.edit))
        self.pause = push(_("Pause"), lambda: self._about(self.turn))
        self.test = push(_("Test"), lambda: self._about(self.tried))
        self.drop = push(_("Remove"), lambda: self._about(self.remove))
        for button, key, tip in (
            (self.new, "Ins", _("A new source of readings")),
            (self.change, "Ctrl+Return", _("How it is reached and read")),
            (self.pause, "Space", _("Ask it no more until you let it go on")),
            (self.test, "Ctrl+Space", _("What comes from it now; nothing of it is kept")),
            (self.drop, "Del", _("Ask it no more; what it gave stays")),
        ):
            button.setToolTip(
                f"{tip}  ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)})"
            )
            if button is not self.change:  # Enter in the list and Ctrl+Enter in the form do that
                shortcut = QShortcut(QKeySequence(key), self.table)
                shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
                shortcut.activated.connect(button.click)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        held = QWidget()
        buttons = QGridLayout(held)
        buttons.setContentsMargins(0, 0, 0, 0)
        for n, button in enumerate((self.new, self.change, self.pause, self.test, self.drop)):
            buttons.addWidget(button, 0, n)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(
            scrolled(QFormLayout(), self.empty, self.table, held, self.trouble, self.detail, self.outcome), 1
        )

    def begin(self) -> None:
        """Put the keyboard on the list; on the way to a first source while there is none."""
        (self.table if self.table.records.records else self.new).setFocus()

    def submit(self) -> None:
        self._about(self.edit)

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """How all of them do now."""
        self.table.show_records(tuple(standings))
        self.empty.setVisible(not standings)
        self.table.setVisible(bool(standings))
        for button in (self.change, self.pause, self.test, self.drop):
            button.setVisible(bool(standings))
        rows, head = self.table.verticalHeader().defaultSectionSize(), self.table.horizontalHeader()
        count = min(max(len(standings), LEAST_ROWS), MOST_ROWS)
        self.table.setFixedHeight(count * rows + head.sizeHint().height() + 2 * self.table.frameWidth())
        self._show_detail()

    def _show_detail(self) -> None:
        chosen = self.table.current()
        self.detail.setVisible(chosen is not None)
        self.trouble.setVisible(chosen is not None and bool(chosen.trouble))
        if chosen is None:
            return
        self.trouble.setText(chosen.trouble)
        self.detail.setText("\n".join(told(chosen, self._zone)))
        self.pause.setText(_("Go on") if chosen.source.paused else _("Pause"))
        self.pause.setAccessibleName(self.pause.text())

    def _about(self, signal: SignalInstance) -> None:
        chosen = self.table.current()
        if chosen is not None:
            signal.emit(chosen)

    def _columns(self) -> list[Column[Standing]]:
        return [
            Column(_("Feed"), lambda line: line.source.name, widest="Loggers of the river"),
            Column(_("State"), _state, widest="▲ connecting"),
            Column(_("Last"), self._last, widest="59 min"),
            Column(_("A minute"), lambda line: f"{line.per_minute:,}", widest="99,999"),
            Column(_("Errors"), lambda line: f"{line.errors:,}"),
        ]

    def _last(self, line: Standing) -> str:
        return "–" if line.last_at is None else since(self._now() - line.last_at)


def _state(line: Standing) -> str:
    return state_words(line.state, bool(line.trouble))


def _row() -> Row[Standing]:
    def words(line: Standing) -> str:
        said = f"{line.source.name}: {state_words(line.state, bool(line.trouble))}"
        return f"{said}. {line.trouble}" if line.trouble else said

    return Row(lambda line: line.source.id, words, lambda line: line.ails)


def since(span: timedelta) -> str:
    """How long ago, in few letters: 12 s, 3 min, 5 h."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return _("{count} s").format(count=seconds)
    if seconds < 7_200:
        return _("{count} min").format(count=seconds // 60)
    return _("{count} h").format(count=seconds // 3_600)


def state_words(state: State, ails: bool) -> str:
    """A sign and a word: a state is never told by its sign or colour alone."""
    sign, word = {
        State.CONNECTING: ("◌", _("connecting")),
        State.CONNECTED: ("▲" if ails else "●", _("connected")),
        State.FAILED: ("▲", _("failed")),
        State.ENDED: ("■", _("read to its end")),
        State.PAUSED: ("‖", _("paused")),
        State.ELSEWHERE: ("○", _("another desk")),
    }[state]
    return f"{sign} {word}"


def told(line: Standing, zone: ZoneInfo) -> list[str]:
    """What there is to say of a source, in sentences."""
    kind = kinds().get(line.source.kind)
    settings = line.source.settings
    where = settings.get("host") or settings.get("address") or settings.get("path") or ""
    found = [f"{kind.name if kind else line.source.kind}  {where}"]
    if not vouched(line.source):
        found.append(
            _("Unauthenticated source: anybody on the way could speak in the name of its instruments.")
        )
    if line.state is State.ELSEWHERE:
        found.append(_("Another desk on this operation lets readings in; this one follows if it closes."))
    parts = (
        (ngettext("{count} reading", "{count} readings", line.readings), line.readings),
        (ngettext("{count} line set aside", "{count} lines set aside", line.rejected), line.rejected),
        (ngettext("failed {count} time", "failed {count} times", line.errors), line.errors),
        (
            ngettext("{count} message had to wait", "{count} messages had to wait", line.overflow),
            line.overflow,
        ),
    )
    counts = ", ".join(words.format(count=f"{count:,}") for words, count in parts if count)
    if counts:
        found.append(_("Since it was begun: {counts}.").format(counts=counts))
    if line.last_at is not None:
        found.append(_("Last reading {time}.").format(time=full(line.last_at, zone)))
    return found
