"""For how long something is kept from ringing, why, and who says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QFrame, QGridLayout, QHBoxLayout, QLineEdit

from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be kept quiet, in words; `verb` does it, given a Tx, an end, a reason and a name. The first
    of the ends to choose from (words, and what they stand for) is proposed."""

    verb: Callable[[Any, Any, str, str], Any]
    what: str
    act: str
    ends: Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was asked, and the answer; `end` is the chosen one of the ends."""

    asked: Asked
    end: Any
    reason: str
    name: str


class KeepQuietForm(QFrame):
    """Asked below the alarms; `agreed` carries what was agreed. Escape leaves everything as it is.

    The digits of an end choose it; Tab goes on to the reason, and so does the first letter of one. Enter
    agrees.
    """

    agreed = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(_("Keep from ringing"))
        self._asked: Asked | None = None
        self.what = ElidedLabel()
        self.end, self.reason, self.name = QComboBox(), QLineEdit(), QLineEdit()
        self.end.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.end.setMinimumContentsLength(10)
        self.end.setAccessibleName(_("For how long"))
        self.end.setToolTip(_("For how long"))
        for field, words in ((self.reason, _("Reason")), (self.name, _("Your name"))):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
            field.returnPressed.connect(self._agree)
        self.agree = push(_("Shelve"), self._agree)
        self.leave = push(_("Leave it"), self.cancel)
        self.end.installEventFilter(self)
        self._arrange()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Letters are the beginning of a reason: no end is chosen by what somebody means as one."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._agree()
                return True
            if event.text().isalpha():
                self.reason.setFocus()
                self.reason.insert(event.text())
                return True
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 6)
        head = QHBoxLayout()
        head.addWidget(self.what, 1)
        head.addWidget(self.agree)
        head.addWidget(self.leave)
        grid.addLayout(head, 0, 0, 1, 2)
        grid.addWidget(self.end, 1, 0)
        grid.addWidget(self.reason, 1, 1)
        grid.addWidget(self.name, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        order = (self.end, self.reason, self.name, self.agree, self.leave)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def ask(self, asked: Asked, name: str, reasons: Sequence[str]) -> None:
        """Ask; `reasons` are those given lately, offered again as one types."""
        self._asked = asked
        self.what.say(asked.what)
        self.end.clear()
        for words, end in asked.ends:
            self.end.addItem(words, end)
        self.reason.clear()
        self.name.setText(name)
        self.name.setVisible(not name)
        self.agree.setText(asked.act)
        self.agree.setAccessibleName(asked.act)
        self._offer(reasons)
        self.show()
        self.end.setFocus()

    def _offer(self, reasons: Sequence[str]) -> None:
        offered = QCompleter([*reasons], self)
        offered.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        offered.setFilterMode(Qt.MatchFlag.MatchContains)
        self.reason.setCompleter(offered)
        lately = _("Reason, as lately: {reason}").format(reason=reasons[0]) if reasons else _("Reason")
        self.reason.setPlaceholderText(lately)

    def _agree(self) -> None:
        reason, name = " ".join(self.reason.text().split()), " ".join(self.name.text().split())
        for field, words in ((self.reason, reason), (self.name, name)):
            if not words:
                field.setFocus()
                return
        if self._asked is not None:
            self.agreed.emit(Agreed(self._asked, self.end.currentData(), reason, name))

    def taken(self, asked: Asked) -> None:
        """It is on the disk; until then what was typed stays."""
        if asked is self._asked:
            self.cancel()

    def cancel(self) -> None:
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() == Qt.Key.Key_Down and self.reason.hasFocus() and self.reason.completer():
            self.reason.completer().setCompletionPrefix("")
            self.reason.completer().complete()
        else:
            super().keyPressEvent(event)
