"""Instruments, their limits and their readings: from tables, from files, from a folder that is watched."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout

from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.sensors.feeds.feed import Reject
from gis.texts import _, ngettext

MOST_REJECTS = 500


class SensorsForm(Form):
    """Asks and shows; whoever owns it does the work. Each signal says which button was pressed."""

    instruments = Signal()
    limits = Signal()
    readings = Signal()
    watch = Signal()
    stop = Signal()

    def __init__(self) -> None:
        super().__init__(_("Sensors and readings"))
        self.title, self.standing, self.outcome = QLabel(self.accessibleName()), QLabel(), QLabel()
        self.title.setProperty("strong", True)
        for words in (self.standing, self.outcome):
            words.setWordWrap(True)
            words.setTextFormat(Qt.TextFormat.PlainText)
        self.separator, self.decimal = QComboBox(), QComboBox()
        for word, sign in ((_("comma"), ","), (_("semicolon"), ";"), (_("tab"), "\t")):
            self.separator.addItem(word, sign)
        for word, sign in ((_("point"), "."), (_("comma"), ",")):
            self.decimal.addItem(word, sign)
        self.rejects = QPlainTextEdit(readOnly=True)
        self.rejects.setAccessibleName(_("Lines set aside"))
        self.rejects.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.follow, self.halt = (
            push(_("Watch a folder…"), self.watch.emit),
            push(_("Stop watching"), self.stop.emit),
        )
        self._arrange()
        self.rejects.hide()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        buttons = QGridLayout()
        buttons.addWidget(push(_("Instruments from a table…"), self.instruments.emit), 0, 0)
        buttons.addWidget(push(_("Limits from a table…"), self.limits.emit), 0, 1)
        buttons.addWidget(push(_("Readings from a file…"), self.readings.emit), 1, 0)
        buttons.addWidget(self.follow, 1, 1)
        buttons.addWidget(self.halt, 1, 1)
        signs = QHBoxLayout()
        for name, box in ((_("Columns end with"), self.separator), (_("decimal"), self.decimal)):
            box.setAccessibleName(name)
            signs.addWidget(QLabel(name))
            signs.addWidget(box)
        signs.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addWidget(self.standing)
        column.addLayout(buttons)
        column.addLayout(signs)
        column.addWidget(self.outcome)
        column.addWidget(self.rejects, 1)
        column.addStretch(0)

    def show_standing(self, fitted: int, silent: int, watched: str) -> None:
        """How many instruments there are, how many are not heard from, and which folder is watched."""
        words = ngettext(
            "{count} instrument, {silent} silent.", "{count} instruments, {silent} silent.", fitted
        )
        lines = [words.format(count=fitted, silent=silent)]
        if not fitted:
            lines = [_("No instruments yet. Begin with their table: key, name, quantity, unit, lon, lat.")]
        if watched:
            lines.append(_("Watching {folder}.").format(folder=watched))
        self.standing.setText(" ".join(lines))
        self.follow.setVisible(not watched)
        self.halt.setVisible(bool(watched))

    def tell(self, words: str, rejected: Sequence[Reject] = ()) -> None:
        """Say what was taken in, and list every line that was not, as it came."""
        self.outcome.setText(words)
        self.rejects.setVisible(bool(rejected))
        shown = [
            _("{file}, line {line}: {reason}  |  {raw}").format(
                file=r.source, line=r.line, reason=r.reason, raw=r.raw
            )
            for r in rejected[:MOST_REJECTS]
        ]
        if len(rejected) > MOST_REJECTS:
            shown.append(_("and {count} more").format(count=len(rejected) - MOST_REJECTS))
        self.rejects.setPlainText("\n".join(shown))
