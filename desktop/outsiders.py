"""Other programs at the desk's file: shown the newest readings, asked about their changes."""

from collections.abc import Callable, Collection
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

from desktop.forms.outside import OutsideForm
from desktop.notices import Notices
from desktop.work import Model, Panels
from gis.errors import UserError
from gis.jobs import Jobs
from gis.model.incident import Incident
from gis.progress import Progress
from gis.store import Query, Tx
from gis.store.adopting import adopt, put_back
from gis.store.outside import Foreign
from gis.texts import _, ngettext

BEAT_MS = 2_000
Changes = list[tuple[str, Foreign]]


class Outsiders(QObject):
    """Looks every two seconds, in the background; asks once about the same changes, and marks
    the incidents they are about for as long as nobody has decided."""

    def __init__(self, model: Model, jobs: Jobs, notices: Notices, panels: Panels) -> None:
        form = OutsideForm()
        super().__init__(form)
        self._pen, self._store, self._jobs, self._notices = model.pen, model.store, jobs, notices
        self._panels = panels
        self._form, self._asked, self._busy = form, list[Foreign](), False
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.look)
        form.adopt.connect(self.take_over)
        form.put_back.connect(self.put_back)
        panels.detail.hold(form)
        panels.detail.decide.connect(self.open)
        self._beat.start()
        QTimer.singleShot(0, self, self.look)

    def rest(self) -> None:
        """The desk is closing: others keep the newest readings to look at."""
        self._beat.stop()
        if not self._store.read_only:
            with suppress(UserError):  # a full disk keeps nobody from closing; the next opening shows them
                self._store.show_latest()

    def look(self) -> None:
        """Show the newest readings to others, and see what they changed."""
        if self._busy or self._store.read_only:
            return
        self._busy = True

        def work(_progress: Progress) -> Changes:
            self._store.show_latest()
            with self._store.reading() as query:
                return _changes(query) if query.touched_outside() else []

        self._jobs.run(_("Look for other programs"), work, done=self._seen, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._beat.stop()
        self._notices.problem(_("Look for other programs"), error)

    def _seen(self, changes: Changes) -> None:
        self._busy = False
        found = [foreign for _number, foreign in changes]
        if found != self._asked:
            self._notices.withdraw(_told(len(self._asked)))
        if found and found != self._asked:
            self._notices.offer(_told(len(found)), _("Show the changes"), self.open)
        self._stand(found)

    def _stand(self, undecided: list[Foreign]) -> None:
        """This is what nobody has decided about."""
        if undecided != self._asked:
            self._asked = undecided
            marked = _incidents(undecided)
            self._panels.incidents.mark(marked)
            self._panels.detail.mark(marked)

    def open(self) -> None:
        """Show what was changed; it is decided there."""
        with self._store.reading() as query:
            changes = _changes(query)
        self._panels.detail.show_form(self._form)
        self._form.show_changes(changes)

    def take_over(self) -> None:
        said = _("The changes are taken over.  Ctrl+Z takes them back.")
        self._decide(_("Take over changes of another program"), adopt, said)

    def put_back(self) -> None:
        said = _("Everything is as the journal says again.")
        self._decide(_("Put back what another program changed"), put_back, said)

    def _decide(self, label: str, verb: Callable[[Tx, Collection[Foreign]], object], said: str) -> None:
        """What came after the question was shown is asked about next."""
        asked = self._form.asked
        self._pen.write(label, lambda tx: verb(tx, asked), lambda _done: self._decided(said))

    def _decided(self, said: str) -> None:
        self._notices.tell(said)
        with self._store.reading() as query:
            left = _changes(query)
        self._stand([foreign for _number, foreign in left])
        self._form.show_changes(left)
        if not left:
            self._form.left.emit()


def _incidents(changes: Collection[Foreign]) -> frozenset[str]:
    """The ids of the incidents that changes are about: that of the journal, and one given by others."""
    about = [foreign for foreign in changes if foreign.kind is Incident]
    given = {str(said.after) for foreign in about for said in foreign.fields if said.field == "id"}
    return frozenset(given | {foreign.record_id for foreign in about})


def _changes(query: Query) -> Changes:
    return [(_name(query, foreign), foreign) for foreign in query.outside()]


def _name(query: Query, foreign: Foreign) -> str:
    """How people call an entry: by its number, as the journal has it, or as another program gave it."""
    if foreign.kind is not Incident:
        return foreign.kind.__name__
    heads = query.standing(Incident.__name__, foreign.record_id).get("number", ())
    given = (said.after for said in foreign.fields if said.field == "number")
    return str(heads[0].value if heads else next(given, foreign.record_id))


def _told(count: int) -> str:
    return ngettext(
        "{count} entry was changed by another program.",
        "{count} entries were changed by another program.",
        count,
    ).format(count=count)
