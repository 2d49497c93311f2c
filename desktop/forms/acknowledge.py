"""Who takes note of this alarm, and what they add to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit

from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from gis.texts import _


class AcknowledgeForm(QFrame):
    """Asked below the alarms; `signed` carries alarm id, name and note. Escape leaves without signing."""

    signed = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(_("Acknowledge an alarm"))
        self._alarm_id = ""
        self.what = ElidedLabel()
        self.name, self.note = QLineEdit(), QLineEdit()
        for field, words in ((self.name, _("Your name")), (self.note, _("Note (may stay empty)"))):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
            field.returnPressed.connect(self._sign)
        self.sign = push(_("Acknowledge"), self._sign)
        self.leave = push(_("Leave it"), self.hide)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 6)
        grid.addWidget(self.what, 0, 0, 1, 2)
        grid.addWidget(self.name, 1, 0)
        grid.addWidget(self.note, 1, 1)
        grid.setColumnStretch(1, 2)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.sign)
        buttons.addWidget(self.leave)
        grid.addLayout(buttons, 2, 0, 1, 2)
        self.hide()

    def ask(self, alarm_id: str, what: str, name: str) -> None:
        self._alarm_id = alarm_id
        self.what.say(what)
        self.name.setText(name)
        self.note.clear()
        self.show()
        (self.note if name else self.name).setFocus()

    def _sign(self) -> None:
        name = " ".join(self.name.text().split())
        if not name:
            self.name.setFocus()
            return
        self.signed.emit(self._alarm_id, name, self.note.text().strip())

    def taken(self, alarm_id: str) -> None:
        """It is on the disk; until then what was typed stays."""
        if alarm_id == self._alarm_id:
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
