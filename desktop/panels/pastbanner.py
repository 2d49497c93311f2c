"""While the window shows an earlier instant, it says so above everything that does."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop.outlook import Outlook
from desktop.times import day, short
from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from gis.texts import _


class PastBanner(QFrame):
    """`compare` asks for what has changed since."""

    compare = Signal()

    def __init__(self, outlook: Outlook, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self.setObjectName("past")
        self.setAccessibleName(_("This is the past"))
        self.words = ElidedLabel()
        self.changes = push(_("What changed since"), self.compare.emit)
        self.back = push(_("Back to live  Esc"), lambda: outlook.go(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 6, 3)
        row.addWidget(self.words, 1)
        row.addWidget(self.changes)
        row.addWidget(self.back)
        outlook.moved.connect(self.show_at)
        self.hide()

    def show_at(self, at: datetime | None) -> None:
        """Say which instant is shown; nothing while that is now."""
        if at is not None:
            words = _("AS OF {time}, {day}: you look at the past, nothing can be changed here.")
            rings = _("Only the alarm strip and the log line are of now.")
            self.words.say(words.format(time=short(at, self._zone), day=day(at, self._zone)) + "  " + rings)
        self.setVisible(at is not None)
