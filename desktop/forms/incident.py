"""Log an incident field by field, or amend one. Two things are asked for: what, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from shapely import Point
from shapely.geometry.base import BaseGeometry

from desktop.symbols import severity_icon
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.place_edit import LookUp, PlaceEdit, Spot
from gis.model.incident import Incident, Severity, Status
from gis.texts import _
from gis.words.codebook import Code

NOT_KNOWN = -1  # people affected: nobody has said


@dataclass(frozen=True, slots=True)
class Entry:
    """What the form says. `incident_id` is empty for a new incident; `place` is WGS84 or None."""

    code: str = ""
    text: str = ""
    severity: Severity = Severity.UNKNOWN
    where: str = ""
    place: BaseGeometry | None = None
    affected: int | None = None
    source: str = ""
    status: Status = Status.REPORTED
    alarm_id: str | None = None
    incident_id: str = field(default="", kw_only=True)

    def details(self) -> dict[str, Any]:
        """The fields of an `Incident` beside code, text and severity."""
        names = ("where", "place", "affected", "source", "status", "alarm_id")
        return {name: getattr(self, name) for name in names}

    @staticmethod
    def of(incident: Incident) -> "Entry":
        names = ("code", "text", "severity", "where", "place", "affected", "source", "status", "alarm_id")
        return Entry(**{name: getattr(incident, name) for name in names}, incident_id=incident.id)


class IncidentForm(Form):
    """`submitted` carries an `Entry`; `left` that the operator went away; `pick_wanted` that the next
    click on the map is the place."""

    submitted = Signal(object)
    pick_wanted = Signal()

    def __init__(self, codes: Sequence[Code], look_up: LookUp) -> None:
        super().__init__(_("Incident form"))
        self._codes, self._entry = {code.code: code for code in codes}, Entry()
        self.title = QLabel()
        self.title.setProperty("strong", True)
        self.code, self.severity, self.status = QComboBox(editable=True), QComboBox(), QComboBox()
        self.place, self.text, self.source = PlaceEdit(look_up), QPlainTextEdit(), QLineEdit()
        self.affected = QSpinBox()
        self.affected.setRange(NOT_KNOWN, 10_000_000)
        self.affected.setSpecialValueText(_("not known"))
        self.save = push(_("Log incident"), self.submit)
        self.leave = push(_("Leave it"), self.left.emit)
        self.pick = push(_("Pick on map"), self.pick_wanted.emit)
        self._fill_choices(codes)
        self._arrange()
        self.code.currentTextChanged.connect(self._suggest_severity)

    def _fill_choices(self, codes: Sequence[Code]) -> None:
        for code in codes:
            self.code.addItem(f"{code.code}  {code.label}", code.code)
        for severity in Severity:
            self.severity.addItem(severity_icon(severity), severity.value, severity)
        self.code.setMinimumContentsLength(12)
        for status in Status:
            if status is not Status.CLOSED:  # closing has a verb of its own
                self.status.addItem(status.value, status)
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(_("What the caller says"))
        self.text.setMinimumHeight(self.fontMetrics().height() * 2 + 14)
        self.source.setPlaceholderText(_("Who says so, and how to reach them"))

    def _arrange(self) -> None:
        fields = QWidget()
        form = QFormLayout(fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(5)
        named: tuple[tuple[str, QWidget], ...] = (
            (_("What"), self.code),
            (_("Severity"), self.severity),
            (_("Where"), self.place),
            (_("Text"), self.text),
            (_("People"), self.affected),
            (_("Status"), self.status),
            (_("Source"), self.source),
        )
        for name, widget in named:
            widget.setAccessibleName(name)
        for name, row in (
            (_("What"), _side_by_side(self.code, self.severity)),
            (_("Where"), _side_by_side(self.place, self.pick)),
            (_("Text"), self.text),
            (_("People"), _side_by_side(self.affected, self.status)),
            (_("Source"), self.source),
        ):
            form.addRow(name, row)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(_("Incident form"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(fields)
        fields.setAutoFillBackground(False)  # the panel shows through
        scroll.viewport().setAutoFillBackground(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.title, 1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addLayout(buttons)
        column.addWidget(scroll, 1)

    def start(self, entry: Entry, title: str) -> None:
        """Ask for what `entry` does not say yet. The keyboard starts at what is asked first."""
        self._entry = entry
        self.title.setText(title)
        self.save.setText(_("Save changes") if entry.incident_id else _("Log incident"))
        self.save.setToolTip(_("Ctrl+Enter"))
        row = self.code.findData(entry.code)
        self.code.setCurrentIndex(row)
        if row < 0:
            self.code.setEditText(entry.code)
        self.severity.setCurrentIndex(self.severity.findData(entry.severity))
        self.status.setCurrentIndex(max(self.status.findData(entry.status), 0))
        self.place.clear()
        if entry.place is not None:
            middle = entry.place.representative_point()
            self.place.put(Spot(entry.where or _("as on the map"), middle.x, middle.y))
        else:
            self.place.setText(entry.where)
        self.text.setPlainText(entry.text)
        self.source.setText(entry.source)
        self.affected.setValue(NOT_KNOWN if entry.affected is None else entry.affected)
        self.status.setEnabled(bool(entry.incident_id) and entry.status is not Status.CLOSED)
        (self.text if entry.incident_id else self.code).setFocus()

    def put_place(self, spot: Spot) -> None:
        """The place that was clicked on the map."""
        self.place.put(spot)
        self.place.setFocus()

    def _code(self) -> str:
        text = self.code.currentText().strip()
        row = self.code.findText(text)
        return self.code.itemData(row) if row >= 0 else text.split()[0].lower() if text else ""

    def _suggest_severity(self) -> None:
        known = self._codes.get(self._code())
        if known is not None and not self._entry.incident_id:
            self.severity.setCurrentIndex(self.severity.findData(known.severity))

    def read(self) -> Entry:
        """What the fields say now. A place that was not found stays as words, without a point."""
        typed, spot = self.place.text().strip(), self.place.resolve()
        unmoved = spot is not None and typed in (self._entry.where, _("as on the map"))
        point = None if spot is None else Point(spot.lon, spot.lat)
        return replace(
            self._entry,
            code=self._code(),
            text=self.text.toPlainText().strip(),
            severity=Severity(self.severity.currentData()),  # Qt gives back the bare text
            where="" if typed == _("as on the map") else typed,
            place=self._entry.place if unmoved and self._entry.place is not None else point,
            affected=None if self.affected.value() == NOT_KNOWN else self.affected.value(),
            source=self.source.text().strip(),
            status=self._entry.status if not self.status.isEnabled() else Status(self.status.currentData()),
        )

    def submit(self) -> None:
        self.submitted.emit(self.read())


def _side_by_side(wide: QWidget, narrow: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(wide, 1)
    row.addWidget(narrow)
    return row
