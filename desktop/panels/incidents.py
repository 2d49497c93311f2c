"""Region 6: the incidents, worst first, then newest; or those that hold the words somebody looks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QMenu

from desktop.finder import MOST_CLOSED, Closed, Finder, Finding
from desktop.outlook import Outlook
from desktop.pen import Pen
from desktop.symbols import outside_icon, severity_icon
from desktop.times import hm
from desktop.widgets.buttons import toggle
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.pane import Pane
from desktop.widgets.search import SearchField
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.incident import Incident, Note, Severity
from gis.ops import incidents
from gis.store import Change, Query, Tx
from gis.store.questions import open_incidents
from gis.texts import _, ngettext
from gis.words.terms import where_and_what as in_words

CHANGED_OUTSIDE = _(
    "Another program changed this entry in the file of this desk, and nobody has decided about it yet. Select"
    " it and press Decide: the change is then taken over, or put back."
)


@dataclass(frozen=True, slots=True)
class Known:
    """The incidents of one moment as the list shows them: worst first, then newest, the closed ones last."""

    shown: list[Incident]
    open: int
    ever: bool
    twice: frozenset[str]  # numbers that another incident carries too
    closed: Closed


def _known(query: Query, closed: Closed) -> Known:
    still_open = open_incidents(query)
    reopened = {incident.id for incident in still_open}
    others = [incident for incident in closed.incidents if incident.id not in reopened]
    shown = [*still_open, *sorted(others, key=lambda i: (i.severity.priority, -i.reported_at.timestamp()))]
    ever = bool(shown) or query.first(Incident) is not None
    return Known(shown, len(still_open), ever, _twice(query, shown), closed)


def _closed_then(query: Query) -> Closed:
    """The newest closed incidents of an earlier instant, which no index knows."""
    closed = [incident for incident in query.find(Incident) if not incident.is_open]
    closed.sort(key=lambda incident: incident.reported_at, reverse=True)
    return Closed(tuple(closed[:MOST_CLOSED]), len(closed))


def _twice(query: Query, shown: Sequence[Incident]) -> frozenset[str]:
    """Those of their numbers that several incidents carry."""
    return frozenset(query.repeated_numbers({incident.number for incident in shown}))


class IncidentPanel(Pane):
    """`words` and `all`, which incidents are listed, stand above the list. `picked`: the operator moved to an
    incident; `amend` and `zoom`: what they asked for; `start`: a new one."""

    picked = Signal(object)
    amend = Signal(object)
    zoom = Signal(object)
    start = Signal()

    def __init__(self, outlook: Outlook, pen: Pen, finder: Finder, zone: ZoneInfo) -> None:
        self._outlook, self._pen, self._finder = outlook, pen, finder
        self._found: Finding | None = None
        self._twice: frozenset[str] = frozenset()
        self._outside: frozenset[str] = frozenset()
        self._on_show = ""  # the id of the incident the operator is at
        self._foreign = outside_icon()
        columns = _columns(zone, self._number, self._said, self._mark)
        row = _row(zone, self._number, self._is_outside)
        self.table = RecordTable[Incident](_("Incidents"), columns, row)
        self.all = toggle(_("Closed too"), _("Show closed incidents too"), self.look)
        self.words = SearchField(_("Find in incidents and notes"))
        self.tally = QLabel()
        self.tally.setProperty("dim", True)
        self.tally.setContentsMargins(4, 0, 4, 0)
        super().__init__(_("Incidents"), self.table, self.words, self.tally, self.all)
        self.more = ElidedLabel(dim=True)
        self.more.hide()
        self.below(self.more)
        self.title.hide()
        self.tally.hide()
        self.head.setContentsMargins(0, 4, 0, 0)
        self.table.setMinimumHeight(48)  # the field took the room of a row
        self.when_empty(_("Log an incident  F2"), self.start.emit)
        self._listen()
        self.look()

    def _listen(self) -> None:
        self.table.picked.connect(self._pick)
        self.table.opened.connect(self.amend.emit)
        self.table.asked.connect(self._ask)
        self.words.wanted.connect(self._search)
        self.words.left.connect(self._enter_list)
        self._outlook.changed.connect(self._on_changed)

    def start_search(self) -> None:
        """Ready for the words to look for, of now; what was looked for last is replaced by typing."""
        self._outlook.go(None)
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    def look(self) -> None:
        """Read again which incidents there are, and which hold the words."""
        live = self._outlook.live
        self._finder.drop()
        self.words.setEnabled(live)  # the search knows the words of now
        self.tally.setVisible(live and self._found is not None and bool(self._found.incidents))
        if not self.all.isChecked() or (live and self.words.asked):
            self._show_closed(Closed())
        elif live:
            self._finder.closed(self._show_closed)
        else:
            self._outlook.ask(self, lambda query: _known(query, _closed_then(query)), self._show)

    def _show_closed(self, closed: Closed) -> None:
        """Show those that are open now, and these below them."""
        self._outlook.ask(self, lambda query: _known(query, closed), self._show)

    def _show(self, known: Known) -> None:
        count = ngettext("Incidents: {count} open", "Incidents: {count} open", known.open)
        self.setWindowTitle(count.format(count=known.open))
        if self.words.asked and self._outlook.live:
            self._finder.ask(self.words.asked, self._show_found)
            return
        self._twice = known.twice
        self.more.say(_more_closed(known.closed))
        self.more.setVisible(bool(_more_closed(known.closed)))
        self.table.show_records(known.shown, self._on_show)
        self.say_empty("" if known.shown else _nothing(known.ever, self._outlook.live))

    def _search(self) -> None:
        searching = bool(self.words.asked)
        self.all.setDisabled(searching)  # what is looked for is shown whether it is closed or not
        if not searching:
            self._finder.drop()
            self._found = None
            self.tally.hide()
        self.look()

    def _show_found(self, finding: Finding) -> None:
        self._found, self._twice = finding, finding.twice
        self.more.hide()
        self.table.show_records(finding.incidents, self._on_show)
        self.tally.setText(_tally(finding))
        self.tally.setToolTip(_notes_alone(finding.alone))
        self.tally.setVisible(bool(finding.incidents))
        self.say_empty("" if finding.incidents else _nothing_found(finding))

    def _enter_list(self) -> None:
        """On to what was found: the first one is shown."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        current = self.table.current()
        if self._found is not None and current is not None:
            self._pick(current)
        elif self._found is not None:
            self.table.pick(self.table.records.key_at(0) or "")

    def _pick(self, incident: Incident) -> None:
        self._on_show = incident.id
        self.picked.emit(incident)

    def mark(self, outside: frozenset[str]) -> None:
        """These incidents were changed by another program, and nobody has decided about it."""
        self._outside = outside
        self.look()  # what is shown may be what the other program wrote

    def _is_outside(self, incident: Incident) -> bool:
        return incident.id in self._outside

    def _mark(self, incident: Incident) -> QIcon | None:
        return self._foreign if self._is_outside(incident) else None

    def _number(self, incident: Incident) -> str:
        """Its number; I-0004 ×2 where another incident carries it too."""
        return f"{incident.number} ×2" if incident.number in self._twice else incident.number

    def _said(self, incident: Incident) -> str:
        """Where and what; before it that another program changed it, and while somebody looks for words of a
        note that led here, the note."""
        led = self._found.led.get(incident.id) if self._found is not None and self._outlook.live else None
        words = where_and_what(incident)
        if self._is_outside(incident):
            words = _("changed?") + "  " + words
        return words if led is None else _("Note: {note}").format(note=led) + "  ·  " + words

    def show_incident(self, incident_id: str) -> None:
        """Make one incident current, without telling of it; while it is not listed, none is."""
        self._on_show = incident_id
        if not self.table.pick(incident_id, quietly=True):
            self.look()  # news of it may still be on its way here

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
        if incident.number in self._twice:
            renumber = _("Give a new number")
            offers.append((renumber, self._do(renumber, lambda tx: incidents.renumber(tx, incident.id))))
        if incident.place is not None:
            offers.append((_("Zoom to it"), lambda: self.zoom.emit(incident)))
        for text, act in offers:
            menu.addAction(text).triggered.connect(lambda _checked=False, act=act: act())
        menu.popup(at)

    def _do(self, label: str, verb: Callable[[Tx], object]) -> Callable[[], object]:
        return lambda: self._pen.write(label, verb)

    def _on_changed(self, change: Change) -> None:
        if change.touches(Incident) or (self.words.asked and change.touches(Note)):
            self.look()


def _more_closed(closed: Closed) -> str:
    """That only some of them are shown; empty when all are."""
    if closed.unread:
        return _("Not all closed incidents have been read yet; this goes on by itself.")
    if closed.count <= len(closed.incidents):
        return ""
    words = _("Closed incidents: {shown} of {count} are shown. Search to find others.")
    return words.format(shown=f"{len(closed.incidents):,}", count=f"{closed.count:,}")


def _nothing(any_closed: bool, live: bool) -> str:
    if not live:
        return _("No incident was open then.")
    if any_closed:
        return _("No open incidents. All that were logged are closed.")
    return _(
        "No incidents yet. Press F2 and type what the caller says, for example: fl2 @market knee-deep water"
    )


def _nothing_found(finding: Finding) -> str:
    said = [_("Nothing found for “{words}”.").format(words=finding.text)]
    if finding.alone:
        said = [_("No incident found for “{words}”.").format(words=finding.text), _notes_alone(finding.alone)]
    if finding.unread:
        said.append(_("Not everything has been read yet; this goes on by itself."))
    return " ".join(said)


def _notes_alone(count: int) -> str:
    """Of the notes that lead to no incident; empty when there are none."""
    said = ngettext(
        "{count} note of the operational log holds these words.",
        "{count} notes of the operational log hold these words.",
        count,
    )
    return said.format(count=count) if count else ""


def _tally(finding: Finding) -> str:
    """12 found; or that these are only some of them."""
    count = len(finding.incidents)
    if finding.unread:
        return _("{count} so far").format(count=count)
    if finding.more:
        return _("the newest {count}").format(count=count)
    return ngettext("{count} found", "{count} found", count).format(count=count)


def _columns(
    zone: ZoneInfo,
    number: Callable[[Incident], str],
    said: Callable[[Incident], str],
    mark: Callable[[Incident], QIcon | None],
) -> list[Column[Incident]]:
    icons = {severity: severity_icon(severity) for severity in Severity}
    hollow = {severity: severity_icon(severity, hollow=True) for severity in Severity}
    return [
        Column("P", lambda _i: "", lambda i: (icons if i.is_open else hollow)[i.severity], widest="MM"),
        Column(_("No."), number, widest="III-0000"),
        Column(_("Time"), lambda i: hm(i.reported_at, zone), widest="00:00"),
        Column(_("Code"), lambda i: i.code.upper(), widest="MM"),
        Column(_("Where and what"), said, mark),
    ]


def where_and_what(incident: Incident) -> str:
    """Kampung Sari 14: clinic flooded; asks where it is when nobody has said."""
    words = in_words(incident.where, incident.text)
    nowhere = not incident.where and incident.place is None
    return _("where?") + "  " + words if nowhere else words


def _row(
    zone: ZoneInfo, number: Callable[[Incident], str], is_outside: Callable[[Incident], bool]
) -> Row[Incident]:
    def words(incident: Incident) -> str:
        said = _("Incident {number}, {severity}, {what}, reported {time}, {status}").format(
            number=number(incident),
            severity=incident.severity.value,
            what=where_and_what(incident),
            time=hm(incident.reported_at, zone),
            status=incident.status.value,
        )
        return said + "\n" + CHANGED_OUTSIDE if is_outside(incident) else said

    return Row(key=lambda i: i.id, words=words)
