"""Who is to report, and how often: from layers of the city, a table, by hand; changed for several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.times import full, next_time
from desktop.widgets.buttons import push
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.reporting import Hazard, PointKind, ReportingPoint
from gis.sensors.feeds.strict import whole
from gis.sensors.roster import FURTHER_COLUMNS, ROSTER_COLUMNS, Post, every_s
from gis.sensors.silence import for_how_long
from gis.texts import _, ngettext
from gis.words.terms import HAZARD, REPORTING

KEEP = ""  # a field that changes nothing
NO_END = "-"


@dataclass(frozen=True, slots=True)
class LayerWanted:
    """Everybody in a layer shall report: which column names them, which counts their people (empty: none)."""

    layer_id: str
    kind: PointKind
    name: str
    people: str
    every_s: int


class ExpectingForm(Form):
    """`looked` carries the id of a layer whose columns are wanted, `wanted` a `LayerWanted`, `added` a
    `Post`; `changed` ids and fields, `paused`, `resumed` and `removed` ids."""

    looked = Signal(str)
    wanted = Signal(object)
    added = Signal(object)
    table_wanted = Signal()
    changed = Signal(object, object)
    paused = Signal(object)
    resumed = Signal(object)
    removed = Signal(object)
    silent = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(_("Who reports"))
        self._zone, self._now = zone, datetime.max.replace(tzinfo=UTC)
        self.title, self.total = QLabel(_("Who reports")), QLabel()
        self.title.setProperty("strong", True)
        self.outcome = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.layer, self.kind = _box(_("Layer")), _box(_("They are"))
        self.name, self.people = _box(_("Column of names")), _box(_("Column of people"))
        self.every, self.team = _field(_("Every"), "6 h"), _field(_("Name of a team"), "")
        self.every.setText("6 h")
        for kind in PointKind:
            self.kind.addItem(REPORTING[kind], kind)
        self.layer.activated.connect(self.look)
        self.wait = push(_("Wait for all in this layer"), self.submit)
        self.points = RecordTable[ReportingPoint](_("Who reports"), _columns(), _row(zone))
        self.points.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.points.setMinimumHeight(130)
        self.points.selectionModel().selectionChanged.connect(lambda *_both: self._show_chosen())
        self.fields = _Changes(zone)
        self._arrange()
        self._show_chosen()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.total, 1)
        head.addWidget(push(_("Who is silent"), self.silent.emit))
        head.addWidget(push(_("Close"), self.left.emit))
        self.table = push(_("From a table…"), self.table_wanted.emit)
        columns = ", ".join([*ROSTER_COLUMNS, *(f"({name})" for name in FURTHER_COLUMNS)])
        self.table.setToolTip(_("Columns: {names}").format(names=columns))
        add = push(_("Add"), self._add)
        self.team.returnPressed.connect(self._add)
        grid = _grid(
            ((_("Layer"), self.layer), (_("are"), self.kind)),
            ((_("Names"), self.name), (_("People"), self.people)),
            ((_("Every"), self.every), ("", self.wait)),
            ((_("Team"), self.team), ("", _beside(add, self.table))),
        )
        self.change = push(_("Change"), self._change)
        self.acts = [
            self.change,
            push(_("Pause"), lambda: self.paused.emit(self.chosen())),
            push(_("Wait again"), lambda: self.resumed.emit(self.chosen())),
            push(_("Remove"), lambda: self.removed.emit(self.chosen())),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addLayout(head)
        parts = (grid, self.outcome, self.points, self.fields, _beside(*self.acts))
        column.addWidget(scrolled(QFormLayout(), *parts), 1)

    def begin(self) -> None:
        self.layer.setFocus()

    def show_layers(self, layers: Sequence[tuple[str, str, PointKind]]) -> None:
        """The layers whose features may report: id, title, and what they are; the first ones first."""
        before = self.layer.currentData()
        self.layer.clear()
        for layer_id, title, kind in layers:
            self.layer.addItem(title, (layer_id, kind))
        at = next((n for n, each in enumerate(layers) if before and each[0] == before[0]), 0)
        self.layer.setCurrentIndex(at if layers else -1)
        self.wait.setEnabled(bool(layers))
        self.look()

    def look(self) -> None:
        """Ask for the columns of the layer that is chosen."""
        chosen = self.layer.currentData()
        for box in (self.name, self.people):
            box.clear()
        if chosen is not None:
            self.kind.setCurrentIndex(self.kind.findData(chosen[1]))
            self.looked.emit(chosen[0])

    def show_columns(self, layer_id: str, columns: Sequence[str], name: str, people: str) -> None:
        """What a layer says of its features, and which of it are most likely names and people."""
        chosen = self.layer.currentData()
        if chosen is None or chosen[0] != layer_id:
            return
        self.people.addItem(_("not counted"), "")
        for column in columns:
            self.name.addItem(column, column)
            self.people.addItem(column, column)
        self.name.setCurrentIndex(max(self.name.findData(name), 0))
        self.people.setCurrentIndex(max(self.people.findData(people), 0))

    def show_points(self, points: Sequence[ReportingPoint], now: datetime) -> None:
        self._now = now
        self.fields.now = now
        ordered = sorted(points, key=lambda each: ([*PointKind].index(each.kind), each.name.casefold()))
        self.points.show_records(ordered)
        waiting = sum(each.applies(now) for each in points)
        words = ngettext("{waiting} of {count} waited for", "{waiting} of {count} waited for", len(points))
        self.total.setText(words.format(waiting=waiting, count=len(points)) if points else "")
        for widget in (self.points, self.fields, *self.acts):
            widget.setVisible(bool(points))
        self._show_chosen()

    def chosen(self) -> list[str]:
        """The ids of those that are selected."""
        rows = self.points.selectionModel().selectedRows()
        return [self.points.records.records[index.row()].id for index in rows]

    def tell(self, words: str) -> None:
        """Say what came of it, or what is wrong."""
        self.outcome.setText(words)
        self.outcome.setVisible(bool(words))

    def submit(self) -> None:
        """Wait for everybody in the layer."""
        layer, name = self.layer.currentData(), self.name.currentData()
        every = self._every()
        if layer is None or not name:
            self.tell(_("Choose a layer that has names."))
        elif every is not None:
            kind, people = PointKind(self.kind.currentData()), self.people.currentData() or ""
            self.wanted.emit(LayerWanted(layer[0], kind, name, people, every))

    def _every(self) -> int | None:
        try:
            return every_s(self.every.text())
        except ValueError as error:
            self.tell(str(error))
            self.every.setFocus()
            return None

    def _add(self) -> None:
        name, every = " ".join(self.team.text().split()), self._every()
        if not name:
            self.team.setFocus()
        elif every is not None:
            self.added.emit(Post(PointKind.TEAM, name, every_s=every))

    def _change(self) -> None:
        try:
            fields = self.fields.read()
        except ValueError as error:
            self.tell(str(error))
            return
        if fields and self.chosen():
            self.changed.emit(self.chosen(), fields)

    def _show_chosen(self) -> None:
        ids = set(self.chosen())
        self.fields.tell_of([each for each in self.points.records.records if each.id in ids])
        for button in self.acts:
            button.setEnabled(bool(ids))


class _Changes(QWidget):
    """What shall be changed of those that are selected; an empty field leaves as it is."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone, self.now = zone, datetime.max.replace(tzinfo=UTC)
        as_it_is = _("as it is")
        self.every, self.people = _field(_("Every"), as_it_is), _field(_("People"), as_it_is)
        self.contact = _field(_("Number to call"), as_it_is)
        self.since, self.until = _field(_("From"), _("now")), _field(_("Until"), _("no end"))
        self.since.setToolTip(_("The next such time: 18:00, or 2026-03-14 18:00."))
        self.until.setToolTip(_("The next such time: 06:00, or 2026-03-15 06:00. A dash: without an end."))
        self.hazard = _box(_("Hazard"))
        self.hazard.addItem(as_it_is, None)
        for hazard in Hazard:
            self.hazard.addItem(HAZARD[hazard], hazard)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(
            _grid(
                ((_("Every"), self.every), (_("Hazard"), self.hazard)),
                ((_("People"), self.people), (_("Call"), self.contact)),
                ((_("From"), self.since), (_("Until"), self.until)),
            )
        )

    def tell_of(self, chosen: Sequence[ReportingPoint]) -> None:
        """Say what those that are selected have in common."""
        for field in (self.every, self.people, self.contact, self.since, self.until):
            field.clear()
        self.hazard.setCurrentIndex(0)
        spans = {for_how_long(timedelta(seconds=each.expected_every_s)) for each in chosen}
        self.every.setPlaceholderText(_common(spans))
        self.people.setPlaceholderText(
            _common({f"{each.people:,}" if each.people is not None else _("not counted") for each in chosen})
        )
        self.contact.setPlaceholderText(_common({each.contact or _("nobody yet") for each in chosen}))
        self.since.setPlaceholderText(_common({full(each.since, self._zone) for each in chosen}))
        ends = {full(each.until, self._zone) if each.until else _("no end") for each in chosen}
        self.until.setPlaceholderText(_common(ends))
        self.hazard.setItemText(0, _common({HAZARD[each.hazard] for each in chosen}))

    def read(self) -> Mapping[str, Any]:
        """The fields that shall change. Raises `ValueError` in words for a person."""
        fields: dict[str, Any] = {}
        if self.every.text().strip():
            fields["expected_every_s"] = every_s(self.every.text())
        if self.people.text().strip():
            fields["people"] = whole(self.people.text().strip().replace(",", ""))
        if self.contact.text().strip():
            fields["contact"] = " ".join(self.contact.text().split())
        if self.hazard.currentData() is not None:
            fields["hazard"] = Hazard(self.hazard.currentData())  # Qt keeps its text alone
        if self.since.text().strip():
            fields["since"] = next_time(self.since.text(), self.now, self._zone)
        if until := self.until.text().strip():
            fields["until"] = None if until == NO_END else next_time(until, self.now, self._zone)
        return fields


def _common(said: set[str]) -> str:
    """What all say; where they differ that it stays as it is."""
    return said.pop() if len(said) == 1 else _("as it is")


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(9)
    return box


def _field(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    return field


def _grid(*rows: Sequence[tuple[str, QWidget]]) -> QWidget:
    held = QWidget()
    grid = QGridLayout(held)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(4)
    for n, row in enumerate(rows):
        for m, (words, widget) in enumerate(row):
            grid.addWidget(QLabel(words), n, 2 * m)
            grid.addWidget(widget, n, 2 * m + 1)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 1)
    return held


def _beside(*widgets: QWidget) -> QWidget:
    held = QWidget()
    flow = Flow()
    held.setLayout(flow)
    for widget in widgets:
        flow.addWidget(widget)
    return held


def _columns() -> list[Column[ReportingPoint]]:
    return [
        Column(_("Who"), lambda point: point.name, widest="Bandar Sari Hilir"),
        Column(_("Kind"), lambda point: REPORTING[point.kind], widest="shelter"),
        Column(_("Every"), _rhythm, widest="1 h 30 min"),
        Column(
            _("People"), lambda point: "" if point.people is None else f"{point.people:,}", widest="99,999"
        ),
        Column(_("Hazard"), lambda point: HAZARD[point.hazard]),
    ]


def _rhythm(point: ReportingPoint) -> str:
    return _("paused") if point.suspended else for_how_long(timedelta(seconds=point.expected_every_s))


def _row(zone: ZoneInfo) -> Row[ReportingPoint]:
    def words(point: ReportingPoint) -> str:
        said = _("{kind} {name}, {every}, hazard {degree}, from {since}").format(
            kind=REPORTING[point.kind],
            name=point.name,
            every=_rhythm(point),
            degree=HAZARD[point.hazard],
            since=full(point.since, zone),
        )
        if point.until is not None:
            said += " " + _("until {until}").format(until=full(point.until, zone))
        return f"{said}: {point.contact}" if point.contact else said

    return Row(lambda point: point.id, words)
