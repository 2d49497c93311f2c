"""The limits of all instruments, one of them in hand, and the instruments it is copied to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.forms.limit import Limit, LimitEdit, new_limit
from desktop.forms.limit_trial import Trial, TrialView
from desktop.symbols import severity_icon
from desktop.theme import Theme
from desktop.widgets.buttons import push
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Condition, Response, Sensor
from gis.sensors.soundness import doubts
from gis.texts import _, ngettext
from gis.words.rules import RESPONSE, brief, sentence

TRY_PAUSE_MS = 300  # after the last key, before it is tried out


@dataclass(frozen=True)
class Known:
    """All instruments by their ids, their limits (those turned off as well), and what narrows them."""

    sensors: Mapping[str, Sensor] = field(default_factory=dict[str, Sensor])
    rules: tuple[AlarmRule, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def limit(self, rule: AlarmRule) -> Limit:
        return Limit(rule, tuple(each for each in self.conditions if each.rule_id == rule.id))

    def words(self, rule: AlarmRule) -> str:
        """All of a limit in sentences."""
        return sentence(rule, self.limit(rule).conditions, self.sensors)


class LimitsForm(Form):
    """`saved` carries a `Limit`, `turned` a rule and whether it is on from now on, `copied` a rule and the
    ids of sensors, `watched` a sensor, `tried` a `Limit` that shall be tried out."""

    saved = Signal(object)
    turned = Signal(object, bool)
    copied = Signal(object, object)
    watched = Signal(object)
    tried = Signal(object)

    def __init__(self, zone: ZoneInfo, theme: Theme) -> None:
        super().__init__(_("Limits"))
        self.known = Known()
        self.table = RecordTable[AlarmRule](_("Limits"), self._columns(), self._row())
        self.title, self.sensor = QLabel(_("Limits")), QComboBox()
        self.off = QCheckBox(_("Turned off, too"))
        self.edit, self.trial = LimitEdit(), TrialView(zone, theme)
        self.edit.addTab(self.trial, _("Tried out"))
        self.heading, self.told = QLabel(), QLabel(wordWrap=True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.targets = QListWidget()
        self.targets.setAccessibleName(_("Instruments to copy to"))
        self._soon = QTimer(self, singleShot=True, interval=TRY_PAUSE_MS)
        self._soon.timeout.connect(lambda: self.tried.emit(self.edit.limit))
        self.pages = QStackedWidget()
        for page in (self._list_page(), self._edit_page(), self._copy_page()):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.addWidget(self.pages)
        self._join()

    # -- pages

    def _list_page(self) -> QWidget:
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        for names in (0, 1, 3):  # as wide as there is room for
            head.setSectionResizeMode(names, QHeaderView.ResizeMode.Stretch)
        for label in (self.title, self.heading):
            label.setProperty("strong", True)
        self.sensor.setAccessibleName(_("Limits of which instrument"))
        self.sensor.setToolTip(_("Limits of which instrument"))
        self.sensor.setMinimumContentsLength(12)
        self.sensor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.fresh = push(_("New…"), self.start_new)
        self.change = push(_("Change…"), lambda: self._open(self.table.current()))
        self.copy = push(_("Copy to…"), self.ask_targets)
        self.turn = push(_("Turn off"), self._turn)
        self.watch = push(_("Watch over it"), self._watch)
        self.fresh.setToolTip(_("A new limit (Insert)"))
        self.change.setToolTip(_("Change this limit (Enter)"))
        self.turn.setToolTip(_("It raises nothing more, and can be turned on again (Delete)"))
        self.watch.setToolTip(_("Alarms when this instrument is silent, or its reports are doubtful"))
        top = [self.title, self.sensor, push(_("Close"), self.left.emit)]
        foot = [self.fresh, self.change, self.copy, self.turn, self.watch, self.off]
        return _page(top, self.table, foot, stretch=1)

    def _edit_page(self) -> QWidget:
        self.save = push(_("Set limit"), self.submit)
        self.save.setToolTip(_("Ctrl+Enter"))
        page = _page([self.heading, self.save, push(_("All limits"), self.show_list)], self.told, [])
        page.layout().addWidget(self.trial.words)  # type: ignore[union-attr] - it has one
        page.layout().addWidget(self.edit)  # type: ignore[union-attr]
        return page

    def _copy_page(self) -> QWidget:
        self.copying = QLabel(wordWrap=True)
        self.copying.setProperty("strong", True)
        self.put = push(_("Copy"), self.submit)
        self.put.setToolTip(_("Ctrl+Enter"))
        return _page([self.copying, self.put, push(_("All limits"), self.show_list)], self.targets, [])

    def _join(self) -> None:
        self.sensor.activated.connect(self._show)
        self.off.toggled.connect(self._show)
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(self._name_acts)
        self.edit.changed.connect(self._tell)
        self.edit.currentChanged.connect(self._turn_page)

    def _columns(self) -> list[Column[AlarmRule]]:
        icons = {severity: severity_icon(severity) for severity in Severity}
        return [
            Column(
                _("Level"), lambda rule: rule.level, lambda rule: icons[rule.severity], widest="Siaga 1 MM"
            ),
            Column(_("Rings at"), lambda rule: brief(rule, self._sensor(rule)), widest="≥ 50 mm/h"),
            Column(_("Asks to"), _asks, widest="evacuate"),
            Column(_("Instrument"), lambda rule: getattr(self._sensor(rule), "name", "")),
        ]

    def _row(self) -> Row[AlarmRule]:
        return Row(lambda rule: rule.id, lambda rule: self.known.words(rule), struck=lambda rule: rule.void)

    def _sensor(self, rule: AlarmRule) -> Sensor | None:
        return self.known.sensors.get(rule.sensor_id)

    # -- the list

    def show_known(self, known: Known) -> None:
        """What there is now. What is being typed stays."""
        self.known = known
        chosen = self.sensor.currentData() or ""
        self.sensor.clear()
        self.sensor.addItem(_("All instruments"), "")
        for sensor in sorted(known.sensors.values(), key=lambda each: each.name):
            self.sensor.addItem(sensor.name, sensor.id)
        self.sensor.setCurrentIndex(max(self.sensor.findData(chosen), 0))
        self._show()

    def choose(self, sensor_id: str, rule_id: str = "") -> None:
        """The limits of one instrument (of all: ""), this one of them current."""
        self.sensor.setCurrentIndex(max(self.sensor.findData(sensor_id), 0))
        self.show_list()
        self._show(current=rule_id)

    def show_list(self) -> None:
        self.pages.setCurrentIndex(0)
        self.table.setFocus()

    def begin(self) -> None:
        self.table.setFocus()

    def _show(self, *_signal: object, current: str = "") -> None:
        chosen, names = self.sensor.currentData(), {s.id: s.name for s in self.known.sensors.values()}
        shown = [
            rule
            for rule in self.known.rules
            if rule.sensor_id in names
            and chosen in ("", rule.sensor_id)
            and (self.off.isChecked() or not rule.void)
        ]
        shown.sort(key=lambda rule: (rule.void, names[rule.sensor_id], rule.measure, rule.severity.priority))
        self.table.setColumnHidden(3, bool(chosen))
        self.table.show_records(shown, current if any(rule.id == current for rule in shown) else "")
        count = ngettext("{count} limit", "{count} limits", len(shown)).format(count=len(shown))
        self.title.setText(count if shown else _("No limits yet"))
        self._name_acts()

    def _name_acts(self, *_signal: object) -> None:
        """The buttons say what they would do."""
        rule = self.table.current()
        self.turn.setText(_("Turn on") if rule is not None and rule.void else _("Turn off"))
        self.turn.setAccessibleName(self.turn.text())
        for button in (self.change, self.turn):
            button.setEnabled(rule is not None)
        self.copy.setEnabled(rule is not None and not rule.void and len(self.known.sensors) > 1)
        self.fresh.setEnabled(bool(self.known.sensors))
        self.watch.setEnabled(self._chosen() is not None)

    def _chosen(self) -> Sensor | None:
        """The instrument that is looked at, or that of the current limit."""
        rule = self.table.current()
        asked = self.sensor.currentData() or (rule.sensor_id if rule else "")
        return self.known.sensors.get(asked)

    def _turn(self) -> None:
        rule = self.table.current()
        if rule is not None:
            self.turned.emit(rule, rule.void)

    def _watch(self) -> None:
        sensor = self._chosen()
        if sensor is not None:
            self.watched.emit(sensor)

    # -- one limit

    def start_new(self) -> None:
        """A new limit for the instrument that is looked at."""
        if self.known.sensors:
            self._edit(new_limit(self._chosen()), _("New limit"), new=True)

    def _open(self, rule: AlarmRule | None) -> None:
        if rule is not None:
            title = f"{getattr(self._sensor(rule), 'name', '')}  {rule.level}"
            self._edit(self.known.limit(rule), title, new=False)

    def _edit(self, limit: Limit, title: str, *, new: bool) -> None:
        self.heading.setText(title)
        self.trial.clear()
        self.edit.ask(limit, self.known.sensors, new=new)
        self.pages.setCurrentIndex(1)
        self.edit.begin()

    def _turn_page(self) -> None:
        """The chart takes the room of the sentences."""
        tried = self.edit.currentWidget() is self.trial
        self.told.setVisible(not tried or bool(self.edit.faults))
        if tried:
            self.trial.look()

    def _tell(self) -> None:
        """What it would be, in sentences; what is odd about it; and soon, what it would have done."""
        limit, sensors = self.edit.limit, self.known.sensors
        self.save.setEnabled(not self.edit.faults)
        if self.edit.faults:
            self._soon.stop()
            self.trial.clear()
            fault = self.edit.faults[0]
            self.told.setText(
                _("Not whole yet. {reason}").format(reason=f"{fault.words} {fault.hint}").strip()
            )
            return
        odd = doubts(limit.rule, sensors.get(limit.rule.sensor_id), self.known.rules)
        self.told.setText(" ".join([sentence(limit.rule, limit.conditions, sensors), *odd]))
        self._soon.start()

    def show_trial(self, trial: Trial) -> None:
        """What the limit in hand would have done; of one that was changed meanwhile it is not shown."""
        if trial.limit == self.edit.limit:
            self.trial.show_trial(trial)

    # -- copies

    def ask_targets(self) -> None:
        """Which instruments shall have the same limit? Those that measure the same are offered first."""
        rule = self.table.current()
        home = None if rule is None else self._sensor(rule)
        if rule is None or home is None:
            return
        self.copying.setText(_("Copy {level} of {name} to").format(level=rule.level, name=home.name))
        self.targets.clear()
        others = [each for each in self.known.sensors.values() if each.id != home.id]
        for sensor in sorted(others, key=lambda each: (each.quantity != home.quantity, each.name)):
            item = QListWidgetItem(f"{sensor.name}  ({sensor.quantity.value}, {sensor.unit})", self.targets)
            item.setData(Qt.ItemDataRole.UserRole, sensor.id)
            item.setCheckState(Qt.CheckState.Unchecked)
        self.targets.setCurrentRow(0)
        self.pages.setCurrentIndex(2)
        self.targets.setFocus()

    def _copy(self) -> None:
        rule = self.table.current()
        items = [self.targets.item(n) for n in range(self.targets.count())]
        wanted = [i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() is Qt.CheckState.Checked]
        if rule is not None and wanted:
            self.copied.emit(rule, wanted)

    # -- keys

    def submit(self) -> None:
        match self.pages.currentIndex():
            case 1 if self.edit.faults:
                self.edit.go_to(self.edit.faults[0])
            case 1:
                self.saved.emit(self.edit.limit)
            case 2:
                self._copy()
            case _:
                self._open(self.table.current())

    def cancel(self) -> None:
        """From one limit back to all of them, and from there away."""
        if self.pages.currentIndex():
            self.show_list()
        else:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        on_list = self.pages.currentIndex() == 0
        if on_list and event.key() == Qt.Key.Key_Insert:
            self.start_new()
        elif on_list and event.key() == Qt.Key.Key_Delete:
            self._turn()
        else:
            super().keyPressEvent(event)


def _asks(rule: AlarmRule) -> str:
    return "" if rule.response is Response.NONE else RESPONSE[rule.response]


def _page(head: Sequence[QWidget], body: QWidget, foot: Sequence[QWidget], *, stretch: int = 0) -> QWidget:
    page, above, below = QWidget(), QHBoxLayout(), Flow()
    for n, widget in enumerate(head):
        above.addWidget(widget, int(n == 0))
    for widget in foot:
        below.addWidget(widget)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(5)
    column.addLayout(above)
    column.addWidget(body, stretch)
    if foot:
        column.addLayout(below)
    return page
