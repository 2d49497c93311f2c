"""The half-typed lines that nobody finished, one at a time: taken up or let go, never lost by themselves."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.times import day, hm
from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from gis.ops.unfinished import Unfinished
from gis.texts import _


class Leftover(QWidget):
    """Not there while there is nothing left. `taken` and `dropped` carry the Unfinished line on show."""

    taken = Signal(object)
    dropped = Signal(object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._lines: Sequence[Unfinished] = ()
        self.setAccessibleName(_("Lines that were not finished"))
        self.words = ElidedLabel()
        self.take = push(_("Finish it"), lambda: self.taken.emit(self._lines[0]))
        self.drop = push(_("Let it go"), lambda: self.dropped.emit(self._lines[0]))
        self.take.setToolTip(_("Put it into the log line. What is being typed there waits here."))
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.take)
        row.addWidget(self.drop)
        self.hide()

    def show_lines(self, lines: Sequence[Unfinished]) -> None:
        """The lines that wait, the first of them on show."""
        self._lines = lines
        self.setVisible(bool(lines))
        if lines:
            said = _("Not finished, begun {time}:  {line}")
            if len(lines) > 1:
                said = _("Not finished (1 of {count}), begun {time}:  {line}")
            words = said.format(count=len(lines), time=self._when(lines[0].since), line=lines[0].line)
            self.words.say(words)
            self.words.setAccessibleName(words)

    def _when(self, since: datetime | None) -> str:
        return f"{day(since, self._zone)} {hm(since, self._zone)}" if since else "?"
