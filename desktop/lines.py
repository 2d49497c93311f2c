"""What becomes of a log line: an entry, a note, a command; and the half-typed one is never lost."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from desktop.bridge import Bridge
from desktop.entries import TOLD, LogEntry, log_entries
from desktop.notices import Notices
from desktop.times import hms
from desktop.whereabouts import Whereabouts
from desktop.widgets.logline import LogLine
from desktop.work import Work, zone_of
from gis.intake.context import Draft, Kind, Spot
from gis.model.incident import Incident, Note
from gis.ops import entries, unfinished
from gis.ops.unfinished import Unfinished
from gis.store import Change, Query
from gis.texts import _

LAST_LINES = 2
LOOKED_AT = 60  # steps, of which many only say that a river rose further
_LABELS = {Kind.INCIDENT: _("Log incident"), Kind.ADDITION: _("Add to incident"), Kind.NOTE: _("Note")}


class Lines:
    """Joins the log line with the store, the map and the acts. `perform` is given the word of a command."""

    def __init__(
        self, line: LogLine, work: Work, where: Whereabouts, notices: Notices, perform: Callable[[str], bool]
    ) -> None:
        self._line, self._work, self._where, self._notices = line, work, where, notices
        self._perform, self._store = perform, work.model.store
        self._left: list[Unfinished] = []
        line.typed.connect(self._return)
        line.submitted.connect(self.submit)
        line.paused.connect(self.keep)
        line.aimed.connect(self.aim)
        line.leftover.taken.connect(self.take_up)
        line.leftover.dropped.connect(self.let_go)

    def begin(self, bridge: Bridge, commands: Mapping[str, str]) -> None:
        """Bring back what was not finished, and listen. `commands` are the words after `/`."""
        self._where.offer(commands, self._carrying)
        if not self._store.read_only:
            self._work.model.pen.keep(_("Take up unfinished lines"), unfinished.take_up, self._offer)
        bridge.changed.connect(self._on_changed)
        self.look()

    def _carrying(self, numbers: Collection[str]) -> list[Incident]:
        with self._store.reading() as query:
            return query.carrying(numbers)

    def look(self) -> None:
        """Read the last entries again, and let the line know what it may refer to now."""
        with self._store.reading() as query:
            self._where.look(query)
        self._work.model.outlook.ask_now(_last, self._show_last, self)
        self.know()

    def _show_last(self, last: Sequence[LogEntry]) -> None:
        zone = zone_of(self._store)
        self._line.show_last([f"{hms(e.at, zone)}  {e.who}  {e.what}" for e in reversed(last)])

    def know(self) -> None:
        """The map moved or was clicked: the line may mean another place now."""
        self._line.know(self._where.context)

    def _on_changed(self, change: Change) -> None:
        if change.touches(*TOLD):
            self.look()

    def aim(self, spot: Spot | None) -> None:
        """Ring the place that is being typed, and bring it onto the map."""
        canvas = self._work.panels.map.canvas
        canvas.show_typed((spot.lon, spot.lat) if spot else None)
        if spot is not None:
            self._work.reveal(spot.lon, spot.lat)

    def _return(self) -> None:
        """What is typed is of now: whoever types has left the past."""
        if not self._work.model.outlook.live:
            self._work.model.outlook.go(None)
            self._notices.tell(_("Back to live: what you type is logged now."))

    def submit(self, draft: Draft, since: datetime) -> None:
        """Do what Enter means. What cannot be saved comes back into the line."""
        self._return()
        match draft.kind:
            case Kind.OPENING if draft.incident is not None:
                self._work.open_incident(draft.incident.id)
            case Kind.COMMAND:
                if not self._perform(draft.command.split()[0] if draft.command else ""):
                    self._notices.tell(_("There is no command /{word}.").format(word=draft.command))
            case _:
                self._save(draft, since)

    def _save(self, draft: Draft, since: datetime) -> None:
        def back(error: Exception) -> None:
            self._line.give_back(draft, since)
            self._notices.problem(_("Save the entry"), error)

        label = _LABELS.get(draft.kind, _("Log entry"))
        left = self._left
        self._work.model.pen.write(label, lambda tx: entries.enter(tx, draft, since, left), self._saved, back)

    def _saved(self, record: Incident | Note) -> None:
        if isinstance(record, Incident):
            self._work.tell_logged(record)
            self._work.open_incident(record.id)
        else:
            self._notices.tell(_("Saved.  Ctrl+Z takes it back."))

    def keep(self, line: str, since: datetime | None) -> None:
        """Keep the half-typed lines where a power cut cannot reach them: this one, and those that wait."""
        if self._store.read_only:
            return
        lines = [*([Unfinished(line, since)] if line else []), *self._left]
        self._work.model.pen.keep(_("Keep unfinished line"), lambda tx: unfinished.keep(tx, lines))

    def _offer(self, found: list[Unfinished]) -> None:
        """Lines of sittings that are over: the newest in the line if it is free, the others one by one."""
        taken = bool(found) and self._line.restore(found[0].line, found[0].since)
        self._wait(found[1:] if taken else found)

    def _wait(self, left: list[Unfinished]) -> None:
        self._left = left
        self._line.leftover.show_lines(left)

    def take_up(self, chosen: Unfinished) -> None:
        """Into the line with it; what was being typed there waits in its stead."""
        typed, since = self._line.edit.text(), self._line.since
        others = [each for each in self._left if each != chosen]
        self._wait([*([Unfinished(typed, since)] if typed.strip() else []), *others])
        self._line.fill(chosen.line, chosen.since)
        self.keep(chosen.line, chosen.since)

    def let_go(self, chosen: Unfinished) -> None:
        """Somebody says that this one is of no use."""
        self._wait([each for each in self._left if each != chosen])
        self._line.let_go(chosen.line)
        self.keep(self._line.edit.text(), self._line.since)


def _last(query: Query) -> list[LogEntry]:
    return log_entries(query, LOOKED_AT)[:LAST_LINES]
