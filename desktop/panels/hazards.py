"""The warnings that hold, as a list, and one of them with all that it says."""

from html import escape
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTextBrowser, QVBoxLayout, QWidget

from desktop.symbols import severity_icon
from desktop.theme import EXERCISE, Theme
from desktop.times import full, month_day
from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.hazard import AlertStatus, HazardAlert
from gis.ops.hazards import GRAVE
from gis.texts import _
from gis.words.terms import SEVERITY

STATUSES = {AlertStatus.EXERCISE: _("EXERCISE"), AlertStatus.TEST: _("TEST")}


class HazardsPanel(QWidget):
    """Every warning that holds, the gravest first. `picked` carries the one stepped to, `opened` one that
    Enter asks for."""

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self.setAccessibleName(_("Warnings"))
        self.table = RecordTable[HazardAlert](_("Warnings"), _columns(zone), _row(zone))
        self.empty = QLabel(
            _("No warning holds. Feeds of alerts and earthquakes are set up with the sensors."), wordWrap=True
        )
        self.empty.setProperty("dim", True)
        self.empty.setContentsMargins(8, 8, 8, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self.table.picked.connect(self.picked.emit)
        self.table.opened.connect(self.opened.emit)
        self.show_alerts([])

    def show_alerts(self, found: list[HazardAlert]) -> None:
        """Show these, in this order."""
        self.table.show_records(found)
        self.empty.setVisible(not found)
        self.table.setVisible(bool(found))


class HazardPage(QWidget):
    """One warning in the detail. `zoom` carries it."""

    zoom = Signal(object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self.alert: HazardAlert | None = None
        self.title = ElidedLabel(dim=True)
        self.text = QTextBrowser(openLinks=False)
        self.text.setAccessibleName(_("Warning"))
        self.go = push(_("Zoom to it"), lambda: self.zoom.emit(self.alert))
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.text, 1)

    def show_alert(self, alert: HazardAlert, theme: Theme, *, holds: bool) -> None:
        """Everything that it says. Text of others is shown as text, never as markup."""
        self.alert = alert
        self.title.say(_("Warning"))
        self.go.setEnabled(alert.place is not None)
        self.text.setHtml(_html(alert, self._zone, theme, holds=holds))


def _html(alert: HazardAlert, zone: ZoneInfo, theme: Theme, *, holds: bool) -> str:
    over = "" if holds else _("It holds no more.")
    until = alert.ended_at or alert.expires
    begins = _("Begins") if alert.magnitude is None else _("Time")
    facts = [
        ("", over),
        (_("Severity"), SEVERITY[alert.severity]),
        (_("From"), alert.sender),
        (_("Until") if alert.ended_at is None else _("Taken back"), full(until, zone)),
        (_("Where"), alert.where),
        (_("Place"), "" if alert.place is not None else _("Its area is named only: it is not on the map.")),
        (begins, full(alert.onset, zone) if alert.onset else ""),
        (_("Sent"), full(alert.sent, zone)),
        (_("Came by"), alert.source),
        (_("More"), alert.web),
    ]
    row = '<tr><td style="color:{}; padding-right:14px">{}</td><td>{}</td></tr>'
    rows = "".join(row.format(theme.dim, escape(name), escape(value)) for name, value in facts if value)
    head = f'<p style="margin:0 0 6px 0"><b>{escape(alert.headline or alert.event)}</b></p>'
    if not alert.is_real:
        words = _("{status}: this is not real.").format(status=STATUSES.get(alert.status, str(alert.status)))
        head = f'<p style="margin:0 0 4px 0; color:{EXERCISE}"><b>{escape(words)}</b></p>{head}'
    told = "".join(
        f'<p style="margin:8px 0 0 0" dir="auto"><b>{escape(name)}</b><br>{_lines(words)}</p>'
        for name, words in ((_("What to do"), alert.instruction), (_("What happens"), alert.text))
        if words
    )
    return f"{head}<table cellspacing=0>{rows}</table>{told}"


def _lines(words: str) -> str:
    return "<br>".join(map(escape, words.splitlines()))


def _what(alert: HazardAlert) -> str:
    words = alert.headline or alert.event
    return words if alert.is_real else f"{STATUSES.get(alert.status, str(alert.status))}  {words}"


def _columns(zone: ZoneInfo) -> list[Column[HazardAlert]]:
    return [
        Column(
            "",
            lambda _each: "",
            lambda each: severity_icon(each.severity, hollow=not each.is_real),
            widest="0",
        ),
        Column(_("Until"), lambda each: month_day(each.expires, zone), widest="00-00 00:00"),
        Column(_("From"), lambda each: each.sender, widest=_("Weather service")),
        Column(_("Warning"), _what),
    ]


def _row(zone: ZoneInfo) -> Row[HazardAlert]:
    def words(each: HazardAlert) -> str:
        until = _("until {time}").format(time=full(each.expires, zone))
        parts = (SEVERITY[each.severity], _what(each), each.where, each.sender, until)
        return ", ".join(part for part in parts if part)

    def grave(each: HazardAlert) -> bool:
        return each.is_real and each.severity in GRAVE

    return Row(key=lambda each: each.id, words=words, heavy=grave)
