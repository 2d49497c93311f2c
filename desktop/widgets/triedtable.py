"""What a source gave when it was tried: line by line, as it came and as what it would be taken."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.times import full, hms
from desktop.widgets.table import Column, RecordTable, Row
from gis.collecting.tried import Tried
from gis.model.record import Quality, Reading
from gis.model.sensor import Sensor
from gis.sensors.feeds.preview import Looked
from gis.texts import _


class TriedTable(QWidget):
    """Hidden while nothing was tried."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone, self._sensors = zone, dict[str, Sensor]()
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("strong", True)
        self.trouble = QLabel(wordWrap=True)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        columns = [
            Column(_("Line"), lambda line: str(line.line), widest="999"),
            Column(_("Becomes"), self._becomes, widest="KALI-3 00:00:00 99.99 m"),
            Column(_("As it was split"), lambda line: "  |  ".join(line.cells) or line.raw),
        ]
        row = Row(lambda line: str(line.line), self._told, lambda line: bool(line.reasons))
        self.table = RecordTable[Looked](_("What came when it was tried"), columns, row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.words, self.trouble, self.table):
            column.addWidget(widget)
        self.hide()

    def show_tried(self, found: Tried, sensors: Sequence[Sensor]) -> None:
        """Show it."""
        self._sensors = {sensor.id: sensor for sensor in sensors}
        self.words.setText(found.words)
        self.words.setVisible(bool(found.words))
        self.trouble.setText(found.trouble)
        self.trouble.setVisible(bool(found.trouble))
        self.table.show_records(found.lines)
        self.table.setVisible(bool(found.lines))
        height, head = self.table.verticalHeader().defaultSectionSize(), self.table.horizontalHeader()
        rows = min(len(found.lines), 8)
        self.table.setFixedHeight(rows * height + head.sizeHint().height() + 2 * self.table.frameWidth())
        self.show()

    def say(self, words: str) -> None:
        """Say this in the place of what was tried."""
        self.show_tried(Tried(words), ())

    def _becomes(self, line: Looked) -> str:
        if line.reasons:
            return _("set aside: {reason}").format(reason=line.reasons[0])
        if not line.readings:
            return "–"
        first = self._reading(line.readings[0])
        more = len(line.readings) - 1
        return f"{first}  +{more}" if more else first

    def _reading(self, reading: Reading) -> str:
        sensor = self._sensors.get(reading.sensor_id)
        key, unit = (sensor.key, sensor.unit) if sensor else ("?", "")
        doubt = " ?" if reading.quality is not Quality.GOOD else ""
        return f"{key} {hms(reading.at, self._zone)} {reading.value:g} {unit}{doubt}".strip()

    def _told(self, line: Looked) -> str:
        told = [_("Line {line}: {raw}").format(line=line.line, raw=line.raw)]
        for reading in line.readings:
            words = _("{reading}, measured at {local}, {utc} UTC")
            utc = f"{reading.at:%Y-%m-%d %H:%M:%S}"
            told.append(
                words.format(reading=self._reading(reading), local=full(reading.at, self._zone), utc=utc)
            )
            if reading.quality & Quality.UNIT:
                told.append(_("It came in a unit that cannot be made into the instrument's."))
        return "\n".join([*told, *line.reasons])
