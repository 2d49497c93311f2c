"""What narrows a limit: the conditions that other instruments, or its own, must meet beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.widgets.buttons import push, tool
from desktop.widgets.typed import NumberEdit, SpanEdit, Wrong
from gis.model.record import new_id
from gis.model.sensor import Condition, Joining, Measure, Quantity, Sensor
from gis.sensors.soundness import Fault, condition_faults
from gis.texts import _
from gis.words.rules import MEASURE, unit_of

MEASURES = tuple(each for each in Measure if not each.of_trouble)


class ConditionEdit(QWidget):
    """One condition in two lines; `changed` at every change, `dropped` when it shall go."""

    changed = Signal()
    dropped = Signal()

    def __init__(self, condition: Condition, sensors: Mapping[str, Sensor]) -> None:
        super().__init__()
        self._condition, self._sensors = condition, sensors
        self.joining, self.sensor, self.measure, self.way = (QComboBox() for _each in range(4))
        self.at, self.within = NumberEdit(_("Value")), SpanEdit(_("Over"), _("no time"))
        self.unit, self.over, self.wrong = QLabel(), QLabel(_("in")), Wrong()
        self.drop = tool("✕", self.dropped.emit, _("Take this condition away"))
        self._fill()
        self._arrange()
        self._put(condition)
        for box in (self.joining, self.sensor, self.measure, self.way):
            box.activated.connect(self._tell)
        for field in (self.at, self.within):
            field.textEdited.connect(self._tell)

    def _fill(self) -> None:
        for box, name in (
            (self.joining, _("How it narrows")),
            (self.sensor, _("Instrument")),
            (self.measure, _("What is compared")),
            (self.way, _("Above or below")),
        ):
            box.setAccessibleName(name)
            box.setToolTip(name)
        self.joining.addItem(_("only while"), Joining.AND)
        self.joining.addItem(_("suppressed unless"), Joining.ENABLE)
        for sensor in sorted(self._sensors.values(), key=lambda each: each.name):
            self.sensor.addItem(sensor.name, sensor.id)
        self.sensor.setMinimumContentsLength(8)
        self.sensor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for measure in MEASURES:
            self.measure.addItem(MEASURE[measure], measure)
        self.way.addItem("≥", False)
        self.way.addItem("≤", True)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 6)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(3)
        grid.addWidget(self.joining, 0, 0)
        grid.addWidget(self.sensor, 0, 1, 1, 4)
        grid.addWidget(self.drop, 0, 5)
        for column, widget in enumerate((self.measure, self.way, self.at, self.unit, self.over, self.within)):
            grid.addWidget(widget, 1, column)
        grid.addWidget(self.wrong, 2, 0, 1, 6)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(5, 1)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        return (self.joining, self.sensor, self.drop, self.measure, self.way, self.at, self.within)

    def _put(self, condition: Condition) -> None:
        self.joining.setCurrentIndex(self.joining.findData(condition.joining))
        self.sensor.setCurrentIndex(self.sensor.findData(condition.sensor_id))
        self.measure.setCurrentIndex(max(self.measure.findData(condition.measure), 0))
        self.way.setCurrentIndex(int(condition.falling))
        self.at.put(condition.at)
        self.within.put(condition.window_s)
        self._show_units()

    def read(self) -> tuple[Condition, list[Fault]]:
        """What the fields say, and what is wrong with it."""
        unread: list[Fault] = []
        at, window = nan, 0
        try:
            at, field = self.at.value(), "window_s"
            window = self.within.seconds()
        except ValueError as error:
            field = "at" if at != at else "window_s"
            unread = [Fault(field, str(error))]
        made = replace(
            self._condition,
            joining=Joining(self.joining.currentData()),  # Qt gives back the bare text
            sensor_id=self.sensor.currentData() or "",
            measure=Measure(self.measure.currentData()),
            falling=bool(self.way.currentData()),
            at=at,
            window_s=window if self._has_window() else 0,
        )
        return made, unread or condition_faults(made, self._sensors)

    def show_faults(self, found: Sequence[Fault]) -> None:
        """Beside what was typed; of an empty row the head of the form tells."""
        self.wrong.say(found[0].words if found and self.at.text() else "")

    def _has_window(self) -> bool:
        return self.measure.currentData() != Measure.VALUE

    def _show_units(self) -> None:
        sensor = self._sensors.get(self.sensor.currentData())
        self.unit.setText(unit_of(Measure(self.measure.currentData()), sensor))
        for widget in (self.over, self.within):
            widget.setVisible(self._has_window())

    def _tell(self) -> None:
        self._show_units()
        self.changed.emit()


class ConditionsEdit(QWidget):
    """All conditions of a limit; `changed` at every change."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sensors: Mapping[str, Sensor] = {}
        self._home = ""
        self.rows: list[ConditionEdit] = []
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hint = QLabel(
            _("“Only while”: no alarm without it. “Suppressed unless”: an alarm is there but does not ring."),
            wordWrap=True,
        )
        self.hint.setProperty("dim", True)
        self.add = push(_("Add a condition"), self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.add)
        column.addLayout(self._column)
        column.addWidget(self.hint)
        column.addStretch(1)

    def ask(self, conditions: Sequence[Condition], sensors: Mapping[str, Sensor], home: str) -> None:
        """Show these; a new one begins with a rain gauge, else with the limit's own instrument `home`."""
        self._sensors, self._home = sensors, home
        for row in tuple(self.rows):
            self._remove(row)
        for condition in conditions:
            self._show(condition)

    def read(self) -> tuple[tuple[Condition, ...], list[Fault]]:
        """What they say, and the first thing that is wrong with each."""
        told = [row.read() for row in self.rows]
        for row, (_condition, found) in zip(self.rows, told, strict=True):
            row.show_faults(found)
        return tuple(condition for condition, _found in told), [f[0] for _c, f in told if f]

    def _show(self, condition: Condition) -> ConditionEdit:
        row = ConditionEdit(condition, self._sensors)
        row.changed.connect(self.changed)
        row.dropped.connect(lambda: self._drop(row))
        before = self.rows[-1].within if self.rows else self.add
        self.rows.append(row)
        self._column.addWidget(row)
        for after in row.stops:  # else Tab would come to it after everything else in the window
            QWidget.setTabOrder(before, after)
            before = after
        return row

    def _add(self) -> None:
        others = [each for each in self._sensors.values() if each.id != self._home]
        rain = next((each for each in others if each.quantity is Quantity.RAIN), None)
        sensor_id = rain.id if rain else self._home
        shape: dict[str, Any] = {"measure": Measure.SUM, "window_s": 3 * 3600} if rain else {}
        row = self._show(Condition("", sensor_id, Joining.AND, nan, id=new_id(), **shape))
        row.at.setFocus()
        self.changed.emit()

    def _drop(self, row: ConditionEdit) -> None:
        self._remove(row)
        self.add.setFocus()
        self.changed.emit()

    def _remove(self, row: ConditionEdit) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
