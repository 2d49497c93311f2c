"""Region 8: the log line. Letters go in, a draft comes out; what the words mean is decided in gis.intake."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop.symbols import severity_icon
from desktop.widgets.calledit import CallEdit, Recall
from desktop.widgets.leftover import Leftover
from desktop.widgets.preview import Preview
from desktop.widgets.typeahead import Offer, TypeAhead
from gis.clock import Clock
from gis.intake.context import Draft, IntakeContext, Kind
from gis.intake.logline import adding, is_unplaced, nearby, read
from gis.intake.suggest import Suggestion, suggestions
from gis.model.incident import Incident
from gis.texts import _

PAUSE_MS = 2_000
MOST_CODES, MOST_OFFERS = 60, 8


class LogLine(QFrame):
    """The line, the card above it that says what Enter would save, and what the line may become.

    `typed` tells of every key that changed it. `submitted` carries a Draft and the UTC time of its first
    keystroke; the line is empty by then, and `give_back` returns it if it could not be saved. `paused`
    carries the half-typed line and that time after two seconds without a key, and an empty line when there
    is nothing left to keep. A line whose place cannot be told yet, as the names of the city are still coming,
    is entered when they are there, or by a second Enter. `aimed` carries the Spot the line means so far, or
    None.
    """

    typed = Signal()
    submitted = Signal(object, object)
    paused = Signal(str, object)
    aimed = Signal(object)

    def __init__(self, clock: Clock, zone: ZoneInfo) -> None:
        super().__init__()
        self._clock, self._context, self._recall = clock, IntakeContext(), Recall()
        self._since: datetime | None = None
        self._kept, self._hint = "", ""
        self._entered = False  # and waits for the names of the city
        self.draft = Draft("", Kind.EMPTY)
        self.leftover, self.preview, self.edit = Leftover(zone), Preview(zone), CallEdit()
        self._list = TypeAhead(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self.setObjectName("bar")
        self.setAccessibleName(_("Log line and what it means"))
        self.setFocusProxy(self.edit)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 4, 8, 5)
        rows.setSpacing(3)
        rows.addWidget(self.leftover)
        rows.addWidget(self.preview)
        rows.addWidget(self.edit)
        self._connect()

    def _connect(self) -> None:
        self._pause.timeout.connect(self.keep_now)
        self._list.picked.connect(self._take)
        self.edit.textEdited.connect(self._typed)
        self.edit.entered.connect(self._enter)
        self.edit.stepped.connect(self._step)
        self.edit.tabbed.connect(self._tab)
        self.edit.left.connect(lambda: self._list.offer(()))
        self.edit.installEventFilter(self)

    @property
    def since(self) -> datetime | None:
        """The time (UTC) of the first keystroke of the line; None while it is empty."""
        return self._since

    def know(self, context: IntakeContext) -> None:
        """What the line can refer to has changed: read it again. A row that was stepped to stays."""
        self._context = context
        self._read()
        if self._entered and not self._waits():
            self._submit(self.draft)
        if self._list.isVisible() and self._list.current is None:
            self._list.offer(self._offers())

    def show_last(self, lines: Sequence[str]) -> None:
        """The newest entries of the operational log, the newest last."""
        self.preview.show_last(lines)

    def start(self, letters: str = "") -> None:
        """Take the focus, and add letters that were typed elsewhere."""
        self.edit.setFocus()
        self.edit.end(False)
        if letters:
            self.edit.insert(letters)
            self._typed()

    def fill(self, line: str, since: datetime | None = None) -> None:
        """Put a line in, ready for Enter, and take the focus. What was being typed can be recalled by Up."""
        if self.edit.text().strip():
            self._recall.remember(self.edit.text())
        self._put(line, since)
        self.edit.setFocus()

    def restore(self, line: str, since: datetime | None = None) -> bool:
        """Bring back a line that an earlier sitting did not finish, and say so; False: another was begun."""
        if self.edit.text():
            return False
        self._kept = line
        self._put(line, since, _("This line was not finished. Enter saves it."))
        return True

    def let_go(self, line: str) -> None:
        """This line is not to be finished; Up still brings it back."""
        self._recall.remember(line)
        self.edit.setFocus()

    def give_back(self, draft: Draft, since: datetime | None) -> None:
        """The draft could not be saved: its line is back, or waits behind Up if another was begun."""
        if self.edit.text().strip():
            self._recall.remember(draft.raw)
        else:
            self._put(draft.raw, since)

    def keep_now(self) -> None:
        """Announce the half-typed line at once, if it has changed since it was last kept."""
        self._pause.stop()
        if self.edit.text() != self._kept:
            self._kept = self.edit.text()
            self.paused.emit(self._kept, self._since)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() == QEvent.Type.FocusOut:
            self._list.offer(())
            self.keep_now()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._list.isVisible():
            self._list.place()

    def _typed(self) -> None:
        """A key changed the text."""
        self.typed.emit()
        self._recall.stop()
        self._entered, self._hint = False, ""
        if not self.edit.text():
            self._since = None
        elif self._since is None:
            self._since = self._clock.now()
        self._pause.start()
        self._read()
        self._list.offer(self._offers())

    def _read(self) -> None:
        """Read the line again and show what it means."""
        line, before = self.edit.text(), self.draft.spot
        self.draft = read(line, self._context)
        if self.draft.kind is Kind.EMPTY:
            self.preview.rest()
        else:
            near = [incident for incident, _metres in nearby(self.draft, self._context.incidents)]
            self.preview.show_draft(self.draft, self._since, near, self._hint)
        self.edit.setAccessibleDescription(self.preview.meaning.words if line.strip() else "")
        if self.draft.spot != before:
            self.aimed.emit(self.draft.spot)

    def _offers(self) -> list[Offer]:
        most = MOST_CODES if self.draft.kind is Kind.CODES else MOST_OFFERS
        found = suggestions(self.edit.text(), self._context, most)
        return [Offer(f"{one.label}   {one.detail}", QIcon(), one) for one in found]

    def _additions(self) -> list[Offer]:
        near = nearby(self.draft, self._context.incidents)
        add = _("Add to {number}: {what}, {metres} m away")
        return [
            Offer(
                add.format(number=i.number, what=i.where or i.text, metres=round(metres)),
                severity_icon(i.severity),
                i,
            )
            for i, metres in near
        ]

    def _step(self, by: int) -> None:
        """Up and Down walk the offers while one is current or Down asks for them; else the lines before."""
        if self._list.current is not None or (by > 0 and not self._recall.is_back):
            if self._list.current is None:
                self._list.offer([*self._offers(), *self._additions()])
            self._list.step(by)
            return
        self._put(self._recall.step(by, self.edit.text()), self._since)

    def _tab(self) -> None:
        """Take the current offer, or the first; without one, part the line here."""
        current = self._list.current
        offers = [one.meaning for one in self._offers()]
        if current is not None:
            self._take(current)
        elif offers:
            self._take(offers[0])
        else:
            self.edit.insert("\t")
            self._typed()

    def _take(self, meaning: object) -> None:
        if isinstance(meaning, Suggestion):
            self.edit.selectAll()
            self.edit.insert(meaning.line)  # unlike setText, it can be undone
            self._typed()
        elif isinstance(meaning, Incident):
            self._submit(adding(self.draft, meaning))

    def _enter(self) -> None:
        current = self._list.current
        if current is not None:
            self._take(current)
        elif self._waits() and not self._entered:
            self._entered = True
            self._hint = _(
                "Saved as soon as the names of the city have been read; Enter again saves it as it stands."
            )
            self._read()
            self._list.offer(())
        elif self.draft.kind not in (Kind.EMPTY, Kind.CODES):
            self._submit(self.draft)

    def _waits(self) -> bool:
        """Which of the words are a place can only be told from names that are not there yet."""
        return self._context.coming and is_unplaced(self.draft)

    def _submit(self, draft: Draft) -> None:
        since = self._since or self._clock.now()
        self._recall.remember(draft.raw)
        self._put("", None)
        self.submitted.emit(draft, since)
        self.keep_now()

    def _put(self, line: str, since: datetime | None, hint: str = "") -> None:
        self.edit.setText(line)
        self._since = (since or self._clock.now()) if line else None
        self._entered, self._hint = False, hint
        self._pause.start()
        self._read()
        self._list.offer(())
