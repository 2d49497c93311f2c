"""Region 6: the incidents, worst first, then newest."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu

from desktop.bridge import Bridge
from desktop.pen import Pen
from desktop.symbols import severity_icon
from desktop.times import hm
from desktop.widgets.buttons import toggle
from desktop.widgets.pane import Pane
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.incident import Incident, Severity
from gis.ops import incidents
from gis.store import Change, Store, Tx
from gis.texts import _, ngettext
from gis.words.terms import where_and_what as in_words


class IncidentPanel(Pane):
    """`all` stands outside, beside its tab. `picked`: the operator moved to an incident; `amend` and
    `zoom`: what they asked for; `start`: a new one."""

    picked = Signal(object)
    amend = Signal(object)
    zoom = Signal(object)
    start = Signal()

    def __init__(self, store: Store, bridge: Bridge, pen: Pen, zone: ZoneInfo) -> None:
        self._store, self._pen = store, pen
        self.table = RecordTable[Incident](_("Incidents"), _columns(zone), _row(zone))
        self.all = toggle(_("Closed too"), _("Show closed incidents too"), self.look)
        super().__init__(_("Incidents"), self.table)
        self.title.hide()
        self.when_empty(_("Log an incident  F2"), self.start.emit)
        self.table.picked.connect(self.picked.emit)
        self.table.opened.connect(self.amend.emit)
        self.table.asked.connect(self._ask)
        bridge.changed.connect(self._on_changed)
        self.look()

    def look(self) -> None:
        """Read again which incidents there are."""
        with self._store.reading() as query:
            known = query.find(Incident)
        still_open = sum(1 for incident in known if incident.is_open)
        shown = [incident for incident in known if incident.is_open or self.all.isChecked()]
        shown.sort(key=lambda i: (not i.is_open, i.severity.priority, -i.reported_at.timestamp()))
        self.table.show_records(shown)
        count = ngettext("Incidents: {count} open", "Incidents: {count} open", still_open)
        self.setWindowTitle(count.format(count=still_open))
        self.say_empty("" if shown else _nothing(bool(known)))

    def show_incident(self, incident_id: str) -> None:
        """Make one incident current, without telling of it."""
        if not self.table.pick(incident_id, quietly=True):
            self.look()  # news of it is still on its way here
            self.table.pick(incident_id, quietly=True)

    def _ask(self, incident: Incident, at: QPoint) -> None:
        menu = QMenu(self)
        offers: list[tuple[str, Callable[[], object]]] = [(_("Amend…"), lambda: self.amend.emit(incident))]
        if incident.is_open:
            close = _("Close incident")
            offers.append((close, self._do(close, lambda tx: incidents.close(tx, incident.id))))
        else:
            reopen = _("Reopen incident")
            offers.append((reopen, self._do(reopen, lambda tx: incidents.reopen(tx, incident.id))))
        strike = _("Strike incident out")
        offers.append((strike, self._do(strike, lambda tx: incidents.strike(tx, incident.id))))
        if incident.place is not None:
            offers.append((_("Zoom to it"), lambda: self.zoom.emit(incident)))
        for text, act in offers:
            menu.addAction(text).triggered.connect(lambda _checked=False, act=act: act())
        menu.popup(at)

    def _do(self, label: str, verb: Callable[[Tx], object]) -> Callable[[], object]:
        return lambda: self._pen.write(label, verb)

    def _on_changed(self, change: Change) -> None:
        if change.touches(Incident):
            self.look()


def _nothing(any_closed: bool) -> str:
    if any_closed:
        return _("No open incidents. All that were logged are closed.")
    return _(
        "No incidents yet. Press F2 and type what the caller says, for example: fl2 @market knee-deep water"
    )


def _columns(zone: ZoneInfo) -> list[Column[Incident]]:
    icons = {severity: severity_icon(severity) for severity in Severity}
    hollow = {severity: severity_icon(severity, hollow=True) for severity in Severity}
    return [
        Column("P", lambda _i: "", lambda i: (icons if i.is_open else hollow)[i.severity], widest="MM"),
        Column(_("No."), lambda i: i.number, widest="I-0000"),
        Column(_("Time"), lambda i: hm(i.reported_at, zone), widest="00:00"),
        Column("", lambda i: i.code.upper(), widest="MM"),
        Column(_("Where and what"), where_and_what),
    ]


def where_and_what(incident: Incident) -> str:
    """Kampung Sari 14: clinic flooded; asks where it is when nobody has said."""
    words = in_words(incident.where, incident.text)
    nowhere = not incident.where and incident.place is None
    return _("where?") + "  " + words if nowhere else words


def _row(zone: ZoneInfo) -> Row[Incident]:
    def words(incident: Incident) -> str:
        return _("Incident {number}, {severity}, {what}, reported {time}, {status}").format(
            number=incident.number,
            severity=incident.severity.value,
            what=where_and_what(incident),
            time=hm(incident.reported_at, zone),
            status=incident.status.value,
        )

    return Row(key=lambda i: i.id, words=words)
