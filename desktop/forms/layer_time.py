"""Shall a layer follow time? Which column says when, and how long something stays on the map."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout

from desktop.times import full
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.texts import _, ngettext
from layers.layer import Layer
from layers.timed import Timing

Span = tuple[int, datetime, datetime]  # how many, from when, until when
FOR_GOOD, FOR_HOURS = 0, 1


class LayerTimeForm(Form):
    """`chosen` carries a layer's id and its Timing, None for a layer that does not follow time."""

    chosen = Signal(str, object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(_("Time of a layer"))
        self._zone, self._layer_id = zone, ""
        self._spans: Mapping[str, Span] = {}
        self.title = QLabel()
        self.title.setProperty("strong", True)
        self.begin, self.end, self.stays = QComboBox(), QComboBox(), QComboBox()
        self.hours = QDoubleSpinBox()
        self.hours.setRange(0.1, 24 * 366)
        self.hours.setDecimals(1)
        self.hours.setValue(24)
        self.hours.setSuffix(" h")
        self.stays.addItem(_("for good"))
        self.stays.addItem(_("for some hours"))
        self.words = QLabel(wordWrap=True)
        self.words.setProperty("dim", True)
        self.use = push(_("Use  Ctrl+Enter"), self.submit)
        self._arrange()
        for box in (self.begin, self.end, self.stays):
            box.currentIndexChanged.connect(self._look)

    def _arrange(self) -> None:
        fields = QFormLayout()
        for words, widget in (
            (_("Begins"), self.begin),
            (_("Ends"), self.end),
            (_("Stays"), self.stays),
            (_("Hours"), self.hours),
        ):
            widget.setAccessibleName(words)
            fields.addRow(words, widget)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addLayout(fields)
        column.addWidget(self.words)
        column.addStretch(1)
        column.addLayout(buttons)

    def ask(self, layer: Layer, spans: Mapping[str, Span]) -> None:
        """Ask about a layer; `spans` are its columns that hold times, the likeliest first."""
        self._layer_id, self._spans = layer.id, spans
        self.title.setText(_("Time of {layer}").format(layer=layer.title))
        timing = layer.timing
        self._fill(self.begin, _("It does not follow time"), timing.begin if timing else "")
        self._fill(self.end, _("Not said"), timing.end if timing else "")
        if timing is None and spans:
            self.begin.setCurrentIndex(1)
        self.stays.setCurrentIndex(FOR_HOURS if timing and timing.hours else FOR_GOOD)
        if timing and timing.hours:
            self.hours.setValue(timing.hours)
        self._look()
        self.begin.setFocus()

    def _fill(self, box: QComboBox, none: str, current: str) -> None:
        box.blockSignals(True)
        box.clear()
        box.addItem(none, "")
        for name in dict.fromkeys((*self._spans, *((current,) if current else ()))):
            box.addItem(name, name)
        box.setCurrentIndex(max(box.findData(current), 0))
        box.blockSignals(False)

    def _look(self) -> None:
        """Say what the chosen column holds, and offer what goes with it."""
        begin, ended = self.begin.currentData(), bool(self.end.currentData())
        self.end.setEnabled(bool(begin))
        self.stays.setEnabled(bool(begin) and not ended)
        self.hours.setEnabled(self.stays.isEnabled() and self.stays.currentIndex() == FOR_HOURS)
        span = self._spans.get(begin or "")
        if not self._spans:
            self.words.setText(_("No column of this layer holds times."))
        elif span is None:
            self.words.setText(_("All of it is shown, whatever the time."))
        else:
            count, first, last = span
            told = ngettext(
                "{count} feature with a time, {first} to {last}.",
                "{count} features with a time, {first} to {last}.",
                count,
            )
            self.words.setText(
                told.format(count=f"{count:,}", first=full(first, self._zone), last=full(last, self._zone))
                + " "
                + _("The line of time under the map moves it; live shows what belongs to now.")
            )

    def submit(self) -> None:
        begin = self.begin.currentData()
        timing = None
        if begin:
            end = self.end.currentData() or ""
            hours = self.hours.value() if self.hours.isEnabled() else 0.0
            timing = Timing(begin, end, hours, self._zone.key)
        self.chosen.emit(self._layer_id, timing)
        self.left.emit()
