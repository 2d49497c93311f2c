"""Instruments and their limits from tables, the way to their feeds, and the lines that were set aside."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from desktop.times import full
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.table import Column, RecordTable, Row
from gis.sensors.feeds.csvtable import READING_COLUMNS
from gis.sensors.tables import RULE_COLUMNS, RULE_MORE, SENSOR_COLUMNS, SENSOR_MORE
from gis.store.readings.rejects import Rejected
from gis.texts import _, ngettext

MOST_REJECTS = 200


class SensorsForm(Form):
    """Asks and shows; whoever owns it does the work. Each signal says which button was pressed."""

    instruments = Signal()
    limits = Signal()
    readings = Signal()
    feeds = Signal()
    tables = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
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
        self.rejects = RecordTable[Rejected](_("Lines set aside"), _columns(), _row(zone))
        self.rejects.setMinimumHeight(72)
        self.tally = QLabel()
        self.tally.setProperty("strong", True)
        self.follow = push(_("Feeds…"), self.feeds.emit)
        self.follow.setToolTip(_("Brokers, servers, and folders that loggers write into: how each does."))
        self.first = push(_("Instruments from a table…"), self.instruments.emit)
        self.second = push(_("Limits from a table…"), self.limits.emit)
        self.from_file = push(_("Readings from a file…"), self.readings.emit)
        self.write = push(_("Instruments and limits to tables…"), self.tables.emit)
        self.write.setToolTip(_("All instruments and limits, with whom to call, as tables of the same form."))
        self.from_file.setToolTip(_("Columns: {names}").format(names=", ".join(READING_COLUMNS)))
        for button, needed, more in (
            (self.first, SENSOR_COLUMNS, SENSOR_MORE),
            (self.second, RULE_COLUMNS, RULE_MORE),
        ):
            words = _("Columns: {names}; and if you like: {more}")
            button.setToolTip(words.format(names=", ".join(needed), more=", ".join(more)))
        self._arrange()
        self.show_rejected({}, ())

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        buttons = QGridLayout()
        buttons.addWidget(self.first, 0, 0)
        buttons.addWidget(self.second, 0, 1)
        buttons.addWidget(self.from_file, 1, 0)
        buttons.addWidget(self.follow, 1, 1)
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
        column.addWidget(self.write)
        column.addWidget(self.outcome)
        column.addWidget(self.tally)
        column.addWidget(self.rejects, 1)
        column.addStretch(0)

    def begin(self) -> None:
        """Put the keyboard where most begin: the readings; the instruments while there are none."""
        (self.from_file if self.from_file.isEnabled() else self.first).setFocus()

    def signs(self) -> tuple[str, str]:
        """What ends a column, and what stands before the decimals."""
        return self.separator.currentData(), self.decimal.currentData()

    def show_standing(self, fitted: int, silent: int) -> None:
        """How many instruments there are, and how many are not heard from."""
        words = ngettext(
            "{count} instrument, {silent} silent.", "{count} instruments, {silent} silent.", fitted
        )
        first = _("No instruments yet. Begin with their table: {names}.")
        said = words.format(count=fitted, silent=silent)
        self.standing.setText(said if fitted else first.format(names=", ".join(SENSOR_COLUMNS)))
        for button in (self.second, self.from_file):
            button.setEnabled(fitted > 0)  # without an instrument every limit and reading would be refused

    def show_rejected(self, counts: Mapping[str, int], lines: Sequence[Rejected]) -> None:
        """How many lines were ever set aside, and the newest of them as they came."""
        total = sum(counts.values())
        words = ngettext("{count} line set aside", "{count} lines set aside", total)
        self.tally.setText(words.format(count=f"{total:,}"))
        self.tally.setToolTip("\n".join(f"{source}: {count:,}" for source, count in sorted(counts.items())))
        for widget in (self.tally, self.rejects):
            widget.setVisible(total > 0)
        self.rejects.show_records(lines)

    def tell(self, words: str) -> None:
        """Say what was taken in."""
        self.outcome.setText(words)


def _columns() -> list[Column[Rejected]]:
    return [
        Column(_("Source"), lambda line: f"{Path(line.source).name}:{line.line}", widest="kali-3.csv:99"),
        Column(_("Reason"), lambda line: line.reason, widest="The value is n"),
        Column(_("As it came"), lambda line: _as_text(line.raw)),
    ]


def _row(zone: ZoneInfo) -> Row[Rejected]:
    def words(line: Rejected) -> str:
        said = _("{source}, line {line}, {time}: {reason}. As it came: {raw}")
        raw = _as_text(line.raw)
        return said.format(
            source=line.source, line=line.line, time=full(line.at, zone), reason=line.reason, raw=raw
        )

    return Row(key=lambda line: f"{line.source}:{line.line}:{line.raw!r}", words=words)


def _as_text(raw: bytes) -> str:
    """What can be shown of a line; bytes that are no text stand as such."""
    return raw.decode("utf-8", "backslashreplace").replace("\t", " ⇥ ").strip()
