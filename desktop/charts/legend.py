"""Beside the large chart: each sensor with its letter, its value where the line is, and how sure that is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.charts.inks import Ink, sample
from desktop.charts.look import Picture, Stretch
from desktop.charts.words import ahead_words, read_out, sums_words
from desktop.theme import Theme
from desktop.widgets.buttons import tool
from desktop.widgets.elided import ElidedLabel
from gis.model.sensor import Quantity
from gis.sensors.rain import is_intensity
from gis.texts import _

LETTERS = 36  # of a row


class LegendRow(QFrame):
    """`picked` and `removed` carry the id of the sensor."""

    picked = Signal(str)
    removed = Signal(str)

    def __init__(self, stretch: Stretch, ink: Ink, theme: Theme) -> None:
        super().__init__()
        self.sensor_id, self.ink = stretch.sensor.id, ink
        line = QLabel()
        line.setPixmap(sample(ink, theme, self.devicePixelRatioF()))
        line.setAccessibleName(_("Line {letter}").format(letter=ink.letter))
        self.name, self.value = ElidedLabel(stretch.sensor.name), QLabel()
        self.value.setProperty("strong", True)
        self.when, self.sums, self.ahead = (ElidedLabel(dim=True) for _n in range(3))
        words = _("Take {name} off the chart").format(name=stretch.sensor.name)
        self.remove = tool("✕", lambda: self.removed.emit(self.sensor_id), words)
        self.remove.setAutoRaise(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 3, 2, 3)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(line, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.value, 0, 2)
        grid.addWidget(self.remove, 0, 3)
        for n, label in enumerate((self.when, self.sums, self.ahead), 1):
            grid.addWidget(label, n, 1, 1, 3)
            label.setVisible(n == 1)

    def tell(self, stretch: Stretch, at: float | None, now: datetime, zone: ZoneInfo) -> None:
        """Its value at a time, or its newest."""
        value, when = read_out(stretch, at, now, zone)
        self.value.setText(value)
        stale = at is None and stretch.is_silent
        for label in (self.value, self.name):
            label.setEnabled(not stale)  # what is old is never shown as current
        self.when.say(when)
        ahead = ahead_words(stretch.course)
        self.ahead.say(ahead)
        self.ahead.setVisible(bool(ahead))
        self.setAccessibleName(f"{stretch.sensor.name}, {value}, {when}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.picked.emit(self.sensor_id)
        super().mousePressEvent(event)


class Legend(QScrollArea):
    """The rows, one a sensor, in the order of their letters. `picked` and `removed` carry a sensor's id."""

    picked = Signal(str)
    removed = Signal(str)

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._picture: Picture | None = None
        self.rows: list[LegendRow] = []
        self.setAccessibleName(_("Sensors on the chart"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(round(self.fontMetrics().averageCharWidth() * LETTERS))
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.setWidget(body)

    def wear(self, theme: Theme) -> None:
        self._theme = theme
        self.rows_for(())

    def show_picture(self, picture: Picture, inks: Sequence[tuple[Stretch, Ink]]) -> None:
        """These sensors; their values stay those of the line until it is moved."""
        self._picture = picture
        if [(row.sensor_id, row.ink) for row in self.rows] != [(s.sensor.id, look) for s, look in inks]:
            self.rows_for(inks)
        self.read_at(None)

    def rows_for(self, inks: Sequence[tuple[Stretch, Ink]]) -> None:
        """Rows for these in the place of those that are there."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [LegendRow(stretch, look, self._theme) for stretch, look in inks]
        for n, row in enumerate(self.rows):
            row.picked.connect(self.picked)
            row.removed.connect(self.removed)
            self._column.insertWidget(n, row)

    def read_at(self, at: float | None) -> None:
        """The values at a time (seconds UTC), or the newest."""
        if self._picture is not None:
            for row, stretch in zip(self.rows, self._picture.stretches, strict=False):
                row.tell(stretch, at, self._picture.now, self._zone)

    def tell_sums(self, sums: Mapping[str, Sequence[float]]) -> None:
        """What fell up to the time that is read out, of the sensors that measure rain."""
        for row, stretch in zip(self.rows, self._picture.stretches if self._picture else (), strict=False):
            own = sums.get(row.sensor_id)
            unit = stretch.sensor.unit
            amount = unit.split("/")[0].strip() if is_intensity(unit) else unit
            row.sums.setVisible(own is not None and stretch.sensor.quantity is Quantity.RAIN)
            row.sums.say(sums_words(own, amount) if own is not None else "")
