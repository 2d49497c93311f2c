"""One limit: what it is compared with, what narrows it, what is to be done, and what it would have done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QTabWidget,
    QWidget,
)

from desktop.forms.condition import ConditionsEdit
from desktop.symbols import severity_icon
from desktop.widgets.fields import row
from desktop.widgets.scrolled import scrolled
from desktop.widgets.typed import NumberEdit, SpanEdit, Wrong
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Condition, Measure, Quantity, Response, Sensor
from gis.sensors.soundness import Fault, faults
from gis.texts import _
from gis.words.levels import Level, scales
from gis.words.rules import MEASURE, RESPONSE, unit_of
from gis.words.terms import SEVERITY

MOST_READINGS = 1000
DEAD_BAND = 0.05  # of the limit, proposed until somebody says otherwise
WAYS = {
    Measure.VALUE: (_("at or above"), _("at or below")),
    Measure.RISE: (_("rises by"), _("falls by")),
    Measure.SUM: (_("at or above"), _("at or below")),
    Measure.SILENCE: (_("for"), ""),
    Measure.DOUBT: (_("at least"), ""),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule and what narrows it."""

    rule: AlarmRule
    conditions: tuple[Condition, ...] = ()


def new_limit(sensor: Sensor | None) -> Limit:
    """What is asked for first: an amount in three hours of rain, else a value."""
    rain = sensor is not None and sensor.quantity is Quantity.RAIN
    shape: dict[str, Any] = {"measure": Measure.SUM, "window_s": 3 * 3600} if rain else {}
    return Limit(AlarmRule(sensor.id if sensor else "", "", Severity.MODERATE, nan, nan, **shape))


class LimitEdit(QTabWidget):
    """`changed` at every change. `limit` is what it says now, `faults` what is wrong with that."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self._sensors: Mapping[str, Sensor] = {}
        self._asked, self.limit, self.faults = Limit(new_limit(None).rule), new_limit(None), list[Fault]()
        self._new = self._follows = self._filling = False
        self._make_fields()
        self.conditions = ConditionsEdit()
        self._wrong = {name: Wrong() for name in ("level", "raise_at", "clear_below", "hold_s", "escalate_s")}
        self.form, guidance = self._limit_rows(), self._guidance_rows()
        self.addTab(scrolled(self.form), _("Limit"))
        self.addTab(scrolled(QFormLayout(), self.conditions), _("Conditions"))
        self.addTab(scrolled(guidance), _("Guidance"))
        self._join()

    def _make_fields(self) -> None:
        self.sensor, self.level, self.severity = QComboBox(), QComboBox(editable=True), QComboBox()
        self.response, self.latch = QComboBox(), QCheckBox(_("stays until it is reset"))
        self.measure, self.way = QComboBox(), QComboBox()
        self.at, self.below = NumberEdit(_("Rings at")), NumberEdit(_("Returns at"))
        self.unit, self.unit_below, self.by = QLabel(), QLabel(), QLabel(_("by"))
        self.by.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.within = SpanEdit(_("Over what time"), _("for example 3 h"))
        self.hold, self.off = (
            SpanEdit(_("Must last"), _("at once")),
            SpanEdit(_("Returns after"), _("at once")),
        )
        self.often, self.meaning, self.steps = QSpinBox(), QLineEdit(), QPlainTextEdit()
        self.call, self.escalate, self.to = (
            QLineEdit(),
            SpanEdit(_("Not acknowledged within"), _("never")),
            QLineEdit(),
        )
        for widget, name in (
            (self.sensor, _("Instrument")),
            (self.level, _("Name of the level")),
            (self.severity, _("Severity")),
            (self.response, _("What it asks of people")),
            (self.measure, _("What is compared")),
            (self.way, _("Above or below")),
            (self.often, _("Readings in a row")),
            (self.meaning, _("What it means")),
            (self.steps, _("Steps, one a line")),
            (self.call, _("Whom to call")),
            (self.to, _("Passed on to")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        self._fill_choices()

    def _fill_choices(self) -> None:
        for severity in Severity:
            self.severity.addItem(severity_icon(severity), SEVERITY[severity], severity)
        for response in Response:
            self.response.addItem(RESPONSE[response], response)
        for measure in Measure:
            self.measure.addItem(MEASURE[measure], measure)
        for scale in scales():
            if self.level.count():
                self.level.insertSeparator(self.level.count())
            for level in scale.levels:
                self.level.addItem(f"{level.name}  ({scale.label})", level)
        for box in (self.sensor, self.level):
            box.setMinimumContentsLength(12)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.level.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.level.setCompleter(None)  # type: ignore[arg-type] - it would finish other words than are meant
        self.often.setRange(1, MOST_READINGS)
        self.often.setSpecialValueText(_("any reading"))
        self.often.setSuffix(_(" readings in a row"))
        self.steps.setTabChangesFocus(True)
        self.steps.setFixedHeight(self.fontMetrics().lineSpacing() * 4 + 12)
        self.meaning.setPlaceholderText(_("what this alarm means for the city"))
        self.steps.setPlaceholderText(_("what to do, one step a line"))
        self.call.setPlaceholderText(_("who, and their number"))
        self.to.setPlaceholderText(_("to whom"))

    def _limit_rows(self) -> QFormLayout:
        form = _form()
        row(form, _("Instrument"), self.sensor)
        row(form, _("Level"), self.level, self.severity)
        form.addRow("", self._wrong["level"])
        row(form, _("Rings when its"), self.measure, self.way)
        self._at_row = row(form, "", self.at, self.unit)
        form.addRow("", self._wrong["raise_at"])
        self._window_row = row(form, _("over"), self.within)
        self._below_row = row(form, _("Returns at"), self.below, self.unit_below)
        form.addRow("", self._wrong["clear_below"])
        self._hold_row = row(form, _("Must last"), self.hold, self.by, self.often)
        row(form, _("Returns after"), self.off)
        form.addRow("", self._wrong["hold_s"])
        row(form, _("Asks people to"), self.response, self.latch)
        return form

    def _guidance_rows(self) -> QFormLayout:
        form = _form()
        row(form, _("It means"), self.meaning)
        row(form, _("Steps"), self.steps)
        row(form, _("Call"), self.call)
        row(form, _("Not acknowledged in"), self.escalate)
        form.addRow("", self._wrong["escalate_s"])
        row(form, _("it goes to"), self.to)
        return form

    def _join(self) -> None:
        for box in (self.sensor, self.severity, self.response, self.way):
            box.activated.connect(self._tell)
        self.level.activated.connect(self._take_level)
        self.level.editTextChanged.connect(self._tell)
        self.measure.activated.connect(self._take_measure)
        self.at.textEdited.connect(self._propose_return)
        self.below.textEdited.connect(self._follow_no_more)
        for line in (self.within, self.hold, self.off, self.escalate, self.meaning, self.call, self.to):
            line.textEdited.connect(self._tell)
        self.steps.textChanged.connect(self._tell)
        self.often.valueChanged.connect(self._tell)
        self.latch.toggled.connect(self._tell)
        self.conditions.changed.connect(self._tell)

    def ask(self, limit: Limit, sensors: Mapping[str, Sensor], *, new: bool) -> None:
        """Show a limit. The instrument is chosen once, for a `new` one."""
        self._asked, self._sensors, self._new, self._follows = limit, sensors, new, new
        rule, self._filling = limit.rule, True
        self.sensor.clear()
        for sensor in sorted(sensors.values(), key=lambda each: each.name):
            self.sensor.addItem(sensor.name, sensor.id)
        self.sensor.setCurrentIndex(self.sensor.findData(rule.sensor_id))
        self.sensor.setEnabled(new)
        self.level.setCurrentIndex(-1)
        self.level.setEditText(rule.level)
        self.severity.setCurrentIndex(self.severity.findData(rule.severity))
        self.response.setCurrentIndex(self.response.findData(rule.response))
        self.measure.setCurrentIndex(self.measure.findData(rule.measure))
        self._offer_ways()
        self.way.setCurrentIndex(min(int(rule.falling), self.way.count() - 1))
        sign = -1.0 if rule.falling and rule.measure is Measure.RISE else 1.0  # “falls by” says it
        self.at.put(sign * rule.raise_at)
        self.below.put(sign * rule.clear_below)
        for field, seconds in (
            (self.within, rule.window_s),
            (self.hold, rule.hold_s),
            (self.off, rule.off_s),
            (self.escalate, rule.escalate_s),
        ):
            field.put(seconds)
        self.often.setValue(rule.count)
        self.latch.setChecked(rule.latch)
        for line, text in ((self.meaning, rule.meaning), (self.call, rule.call), (self.to, rule.escalate_to)):
            line.setText(text)
            line.setCursorPosition(0)
        self.steps.setPlainText(rule.steps)
        self.conditions.ask(limit.conditions, sensors, rule.sensor_id)
        self._filling = False
        self.setCurrentIndex(0)
        self._tell()

    def begin(self) -> None:
        """Put the keyboard where most begin."""
        if self._new:
            (self.level if self.sensor.currentIndex() >= 0 else self.sensor).setFocus()
        else:
            self.at.setFocus()
            self.at.selectAll()

    def go_to(self, fault: Fault) -> None:
        """Put the keyboard where this is wrong."""
        fields: dict[str, tuple[int, QWidget]] = {
            "level": (0, self.level), "sensor_id": (0, self.sensor), "window_s": (0, self.within),
            "clear_below": (0, self.below), "hold_s": (0, self.hold), "off_s": (0, self.off),
            "escalate_s": (2, self.escalate), "condition": (1, self.conditions.add),
        }  # fmt: skip
        tab, field = fields.get(fault.field, (0, self.at))
        self.setCurrentIndex(tab)
        field.setFocus()

    # -- reading

    def _tell(self) -> None:
        if self._filling:
            return
        self._show_shape()
        unread: list[Fault] = []
        rule = self._read(unread)
        conditions, narrowing = self.conditions.read()
        self.limit = Limit(rule, tuple(replace(each, rule_id=rule.id) for each in conditions))
        own = faults(rule, self._sensors.get(rule.sensor_id))
        if not rule.sensor_id:
            own.insert(0, Fault("sensor_id", _("Choose an instrument first.")))
        known = {fault.field for fault in unread}
        found = [*unread, *(fault for fault in own if fault.field not in known)]
        found.sort(key=lambda fault: fault.field not in ("sensor_id", "level"))
        self._show_faults(found)
        self.faults = [*found, *(Fault("condition", each.words, each.hint) for each in narrowing)]
        self.changed.emit()

    def _read(self, unread: list[Fault]) -> AlarmRule:
        measure = Measure(self.measure.currentData())
        falling = self.way.currentIndex() == 1
        sign = -1.0 if falling and measure is Measure.RISE else 1.0
        at = sign * _number(self.at, "raise_at", unread)
        spans = {
            name: _seconds(field, name, unread)
            for name, field in (
                ("window_s", self.within), ("hold_s", self.hold), ("off_s", self.off),
                ("escalate_s", self.escalate),
            )
        }  # fmt: skip
        windowed = measure in (Measure.RISE, Measure.SUM)
        return replace(
            self._asked.rule,
            sensor_id=self.sensor.currentData() or "",
            level=self.level.currentText().strip(),
            severity=Severity(self.severity.currentData()),  # Qt gives back the bare text
            response=Response(self.response.currentData()),
            measure=measure,
            falling=falling,
            raise_at=at,
            clear_below=at if measure.of_trouble else sign * _number(self.below, "clear_below", unread),
            count=1 if measure.of_trouble else self.often.value(),
            latch=self.latch.isChecked(),
            meaning=self.meaning.text().strip(),
            steps=self.steps.toPlainText().strip(),
            call=self.call.text().strip(),
            escalate_to=self.to.text().strip(),
            **spans | {"window_s": spans["window_s"] if windowed else 0},
        )

    def _show_faults(self, found: Sequence[Fault]) -> None:
        beside = {"window_s": "raise_at", "sensor_id": "level", "off_s": "hold_s", "count": "hold_s"}
        said: dict[str, str] = {}
        for fault in found:
            if not self._is_begun(fault.field):
                continue
            where = beside.get(fault.field, fault.field)
            said.setdefault(
                where if where in self._wrong else "raise_at", f"{fault.words} {fault.hint}".strip()
            )
        for name, label in self._wrong.items():
            label.say(said.get(name, ""))

    def _is_begun(self, field: str) -> bool:
        """Nobody is told beside a field that is still empty what is missing there; the head says it."""
        texts = {
            "level": self.level.currentText(),
            "raise_at": self.at.text(),
            "clear_below": self.below.text(),
        }
        return bool(texts.get(field, field))

    # -- what follows from what

    def _show_shape(self) -> None:
        """Only what this way of comparing uses, in its units."""
        measure = Measure(self.measure.currentData())
        sensor = self._sensors.get(self.sensor.currentData())
        for label in (self.unit, self.unit_below):
            label.setText(unit_of(measure, sensor))
        self.way.setVisible(self.way.count() > 1)
        self.form.setRowVisible(self._window_row, measure in (Measure.RISE, Measure.SUM))
        self.form.setRowVisible(self._below_row, not measure.of_trouble)
        self.form.setRowVisible(self._hold_row, not measure.of_trouble)

    def _offer_ways(self) -> None:
        self.way.clear()
        self.way.addItems([words for words in WAYS[Measure(self.measure.currentData())] if words])

    def _take_measure(self) -> None:
        self._offer_ways()
        measure = Measure(self.measure.currentData())
        if measure in (Measure.RISE, Measure.SUM) and not self.within.text():
            self.within.put(3600 if measure is Measure.RISE else 3 * 3600)
        self._tell()

    def _take_level(self) -> None:
        """A level that is known by its name brings what it asks of people, and what it is, if it says so."""
        level = self.level.currentData()
        if not isinstance(level, Level):
            return
        self._filling = True
        self.level.setEditText(level.name)
        self.severity.setCurrentIndex(self.severity.findData(level.severity))
        self.response.setCurrentIndex(self.response.findData(level.response))
        if level.raise_at is not None or level.falling:
            self.measure.setCurrentIndex(self.measure.findData(level.measure))
            self._offer_ways()
            self.way.setCurrentIndex(int(level.falling))
            self.within.put(level.window_s)
        if level.raise_at is not None:
            self.at.put(level.raise_at)
        self._filling = False
        self._propose_return()

    def _propose_return(self) -> None:
        """A dead-band for a new limit, as long as nobody has set one."""
        if self._follows:
            try:
                at = self.at.value()
            except ValueError:
                at = nan
            upwards = self.way.currentIndex() == 1 and self.measure.currentData() != Measure.RISE
            self.below.put(round(at + DEAD_BAND * abs(at) * (1 if upwards else -1), 2))
        self._tell()

    def _follow_no_more(self) -> None:
        self._follows = False
        self._tell()


def _number(field: NumberEdit, name: str, unread: list[Fault]) -> float:
    try:
        return field.value()
    except ValueError as error:
        unread.append(_unread(field, name, error))
        return nan


def _seconds(field: SpanEdit, name: str, unread: list[Fault]) -> int:
    try:
        return field.seconds()
    except ValueError as error:
        unread.append(_unread(field, name, error))
        return 0


def _unread(field: QWidget, name: str, error: ValueError) -> Fault:
    return Fault(name, _("{field}: {reason}").format(field=field.accessibleName(), reason=error))


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 4, 0, 0)
    form.setVerticalSpacing(4)
    return form
