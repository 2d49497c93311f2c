"""How the operation is kept safe: the proof, the second copy, the way back, what is kept and what leaves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form
from gis.texts import _, ngettext

MOST_DAYS = 36_500
WAITING = ("check", "restore", "prove", "rebuild", "export")  # can be begun one at a time


class SafeKeepingForm(Form):
    """Asks and shows; whoever owns it does the work. `pressed` carries the name of what is wanted:
    choose, forget, copy, check, restore, open, prove, rebuild, keep, export, stop. `days_changed` carries
    for how many days readings would be kept, 0 for ever."""

    pressed = Signal(str)
    days_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__(_("Safe keeping"))
        self.outcome, self.log, self.copy, self.going = (_words() for _n in range(4))
        self.bases = _words(dim=True)
        self.bar, self.at = QProgressBar(textVisible=False), ElidedLabel(dim=True)
        self.bar.setAccessibleName(_("How much of it is done"))
        self.bar.setFixedWidth(90)
        self.outcome.setAccessibleName(_("What came of it"))
        self.days = QSpinBox(minimum=0, maximum=MOST_DAYS)
        self.days.setSpecialValueText(_("for ever"))
        self.days.setAccessibleName(_("For how many days readings are kept"))
        self.days.valueChanged.connect(self._say_days)
        self.days.valueChanged.connect(self.days_changed.emit)
        self._say_days(0)
        self.personal = QCheckBox(_("Names and numbers of callers"))
        self.personal.setAccessibleName(self.personal.text())
        self.personal.setToolTip(_("Unticked, what was said about private persons stays at this desk."))
        self.buttons: dict[str, QAbstractButton] = {}
        self._began: QWidget | None = None  # where the focus was
        self._lay_out()
        self.working(False)
        self.tell("")
        self.show_bases(())
        self.show_going("", wanted=False)

    def _lay_out(self) -> None:
        title = QLabel(self.accessibleName())
        title.setProperty("strong", True)
        head, running = QHBoxLayout(), QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        running.addWidget(self.at, 1)
        running.addWidget(self.bar)
        running.addWidget(self._button("stop", _("Cancel")))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 4, 4)
        column.addLayout(head)
        column.addLayout(running)
        column.addWidget(self.outcome)
        column.addWidget(self._button("open", _("Open it here")), 0, Qt.AlignmentFlag.AlignLeft)
        self.buttons["open"].hide()
        inside = QWidget()
        self._fill(QVBoxLayout(inside))
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the buttons inside scroll into view by themselves
        scroll.setWidget(inside)
        inside.setAutoFillBackground(False)  # the form shows through
        scroll.viewport().setAutoFillBackground(False)
        column.addWidget(scroll, 1)

    def _fill(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(4)
        again = _("After a disk has died: what a second copy holds becomes an operation again.")
        for part in (
            _heading(_("Second copy")),
            self.copy,
            self.bases,
            self._row(
                ("choose", _("Choose folder…")),
                ("copy", _("Copy now")),
                ("check", _("Check it")),
                ("forget", _("Forget it")),
            ),
            _heading(_("Way back")),
            _words(again, dim=True),
            self._row(("restore", _("Open from a second copy…"))),
            _heading(_("The log")),
            self.log,
            self._row(("prove", _("Prove the log again")), ("rebuild", _("Make the tables again"))),
            _heading(_("Readings")),
            self._keeping(),
            self.going,
            _heading(_("One file for others")),
            self.personal,
            self._row(("export", _("Write one file…"))),
        ):
            if isinstance(part, QLayout):
                column.addLayout(part)
            else:
                column.addWidget(part)
        column.addStretch(1)

    def _keeping(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(QLabel(_("Kept for")))
        row.addWidget(self.days)
        row.addWidget(self._button("keep", _("Keep so")))
        row.addStretch(1)
        return row

    def _row(self, *buttons: tuple[str, str]) -> Flow:
        row = Flow()
        for name, text in buttons:
            row.addWidget(self._button(name, text))
        return row

    def _button(self, name: str, text: str) -> QAbstractButton:
        made = self.buttons[name] = push(text, lambda: self.pressed.emit(name))
        return made

    def show_log(self, words: str) -> None:
        self.log.setText(words)

    def show_bases(self, lines: Sequence[str]) -> None:
        """The bases of the second copy, newest first."""
        self.bases.setText("\n".join(lines))
        self.bases.setVisible(bool(lines))

    def show_copy(self, words: str, *, chosen: bool) -> None:
        """How the second copy stands."""
        self.copy.setText(words)
        if not chosen:
            self.show_bases(())
        for name in ("copy", "check", "forget"):
            self.buttons[name].setVisible(chosen)

    def _say_days(self, days: int) -> None:
        self.days.setSuffix(ngettext(" day", " days", days))

    def show_days(self, days: int) -> None:
        """For how many days readings are kept now; 0 for ever."""
        self.days.blockSignals(True)
        self.days.setValue(days)
        self.days.blockSignals(False)
        self.show_going("", wanted=False)

    def show_going(self, words: str, *, wanted: bool) -> None:
        """What would go if readings were kept for so many days; `wanted` when that is not so yet."""
        self.going.setText(words)
        self.going.setVisible(bool(words))
        self.buttons["keep"].setEnabled(wanted)

    def working(self, yes: bool) -> None:
        """While one thing is being done, no other can be begun. The focus waits at what stops it."""
        stop, waiting = self.buttons["stop"], [self.buttons[name] for name in WAITING]
        at, self.is_working = self.focusWidget(), yes
        self.bar.setMaximum(0)
        if yes:
            self.tell("")
            stop.show()
            if at in waiting:
                self._began = at
                stop.setFocus()
        for button in waiting:
            button.setEnabled(not yes)
        if not yes and at is stop and self._began is not None:
            self._began.setFocus()
        for widget in (self.bar, self.at, stop):
            widget.setVisible(yes)

    def progress(self, done: int, total: int, words: str) -> None:
        self.bar.setMaximum(total)
        self.bar.setValue(done)
        self.at.say(words)

    def tell(self, words: str, *, offer: str = "") -> None:
        """Say what came of it; `offer` is what may be opened now."""
        self.outcome.setText(words)
        self.outcome.setVisible(bool(words))
        self.buttons["open"].setText(offer)
        self.buttons["open"].setAccessibleName(offer or _("Open it here"))
        self.buttons["open"].setVisible(bool(offer))
        if offer:
            self.buttons["open"].setFocus()


def _words(text: str = "", *, dim: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setProperty("dim", dim)
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("strong", True)
    label.setContentsMargins(0, 8, 0, 0)
    return label
