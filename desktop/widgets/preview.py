"""What a line would save, said back before it is saved."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.symbols import severity_pixmap
from desktop.times import hms
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.spans import Span, SpanLabel, spans
from gis.geo.coords import as_mgrs
from gis.intake.context import Draft, Kind
from gis.model.incident import Incident, Severity
from gis.texts import _, ngettext

SEVERITY_WORDS = {
    Severity.EXTREME: _("extreme"),
    Severity.SEVERE: _("severe"),
    Severity.MODERATE: _("moderate"),
    Severity.MINOR: _("minor"),
    Severity.UNKNOWN: _("severity unknown"),
}
SMALLEST_CHIP = 22  # below that the digit cannot be read
LAST_LINES = 2


class Preview(QStackedWidget):
    """Two rows: the last log lines while nothing is typed, else what the line means."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._last = [ElidedLabel(dim=True) for _row in range(LAST_LINES)]
        self._chip, self.meaning = QLabel(), SpanLabel()
        self._call, self.remark, self.near = QLabel(), ElidedLabel(), QLabel()
        for label in (self._call, self.near):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("dim", True)
        self._chip.setFixedSize(self._side(), self._side())
        self.addWidget(self._lines())
        self.addWidget(self._card())

    def show_last(self, lines: Sequence[str]) -> None:
        """The newest entries of the log, the newest last."""
        for label, line in zip(self._last, [*[""] * LAST_LINES, *lines][-LAST_LINES:], strict=True):
            label.say(line)

    def rest(self) -> None:
        """Nothing is typed: show the last log lines."""
        self.setCurrentIndex(0)

    def show_draft(
        self, draft: Draft, since: datetime | None, near: Sequence[Incident], hint: str = ""
    ) -> None:
        """Say what a line means, since when the caller is on the phone, and what is open nearby."""
        self._show_chip(draft.severity)
        self.meaning.say(meaning(draft))
        self._call.setText(_("call {time}").format(time=hms(since, self._zone)) if since else "")
        self.remark.say("   ".join(filter(None, (hint, *draft.remarks, _doubt(draft)))))
        self.near.setText(_near(near))
        self.setCurrentIndex(1)

    def _show_chip(self, severity: Severity | None) -> None:
        side = self._side()
        self._chip.setFixedSize(side, side)
        self._chip.setVisible(severity is not None)
        if severity is not None:
            self._chip.setPixmap(severity_pixmap(severity, side, ratio=self.devicePixelRatioF()))
            self._chip.setAccessibleName(SEVERITY_WORDS[severity])

    def _side(self) -> int:
        return max(SMALLEST_CHIP, self.fontMetrics().height() + 2)

    def _lines(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2, 0, 2, 0)
        column.setSpacing(2)
        for label in self._last:
            column.addWidget(label)
        return page

    def _card(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(2, 0, 2, 0)
        rows.setSpacing(2)
        for widgets, stretched in (
            ((self._chip, self.meaning, self._call), 1),
            ((self.remark, self.near), 0),
        ):
            row = QHBoxLayout()
            row.setSpacing(10)
            for widget in widgets:
                row.addWidget(widget)
            row.setStretch(stretched, 1)
            rows.addLayout(row)
        return page


def meaning(draft: Draft) -> list[Span]:
    """What Enter would do with a draft, as a sentence with its facts marked."""
    match draft.kind:
        case Kind.INCIDENT:
            said = _incident(draft)
        case Kind.NOTE:
            said = spans(_("{what} in the log"), what=_("Note"))
        case Kind.ADDITION:
            said = spans(_("Add to {incident}"), incident=_called(draft.incident))
        case Kind.OPENING:
            said = spans(_("Show {incident}"), incident=_called(draft.incident))
        case Kind.COMMAND:
            said = spans(_("Command {command}"), command=draft.command)
        case Kind.CODES:
            said = spans(_("Choose a code"))
        case Kind.EMPTY:
            said = []
    return [*said, (f"   {draft.text}", False)] if draft.text else said


def _incident(draft: Draft) -> list[Span]:
    code, severity = draft.code.label if draft.code else "", draft.severity or Severity.UNKNOWN
    what = _("{code}, {severity}").format(code=code, severity=SEVERITY_WORDS[severity])
    if draft.spot is None:
        if not draft.where:
            return spans(_("{what}, no location yet"), what=what)
        return spans(_("{what} at {where}, not on the map yet"), what=what, where=draft.where)
    place = _("{place}, {ward}").format(place=draft.where, ward=draft.ward) if draft.ward else draft.where
    grid = as_mgrs(draft.spot.lon, draft.spot.lat, digits=4)
    if grid and grid != draft.where:
        place = _("{place} ({grid})").format(place=place, grid=grid)
    sentence = _("{what} at {where}") if draft.sure else _("{what} at {where}, perhaps")
    said = spans(sentence, what=what, where=place)
    return [*said, (f"   {draft.beside}", False)] if draft.beside else said


def _called(incident: Incident | None) -> str:
    if incident is None:
        return ""
    return "  ".join(filter(None, (incident.number, incident.code.upper(), incident.where or incident.text)))


def _doubt(draft: Draft) -> str:
    if draft.spot is not None and draft.spot.note:
        return draft.spot.note
    others = len(draft.spots) - (draft.spot is not None)
    if draft.sure or draft.remarks or others < 1:
        return ""
    if draft.spot is None:
        told = ngettext(
            "{count} place fits. Tab takes it.", "{count} places fit. Tab takes the first.", others
        )
    else:
        told = ngettext("{count} other place fits.", "{count} other places fit.", others)
    return told.format(count=others)


def _near(incidents: Sequence[Incident]) -> str:
    if not incidents:
        return ""
    numbers = ", ".join(incident.number for incident in incidents[:4])
    told = ngettext(
        "{count} open incident within 300 m: {numbers}   ↓ adds to it",
        "{count} open incidents within 300 m: {numbers}   ↓ adds to one",
        len(incidents),
    )
    return told.format(count=len(incidents), numbers=numbers)
