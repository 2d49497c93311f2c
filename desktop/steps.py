"""Taking back what was done, doing it again, and the one act that cannot be taken back: erasing."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from desktop.notices import Notices
from desktop.work import Model
from gis.errors import UserError
from gis.jobs import Jobs, Lane
from gis.model.incident import Incident
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Tx, history
from gis.store.journal.ledger import Arrival
from gis.store.second.base import KEPT_DAYS
from gis.texts import _, ngettext


class Steps(QObject):
    """What the operator's own steps become afterwards. `undone` carries the act that was taken back, `redone`
    the step that had taken it back."""

    undone = Signal(object)
    redone = Signal(object)

    def __init__(self, model: Model, jobs: Jobs, notices: Notices) -> None:
        super().__init__()
        self._model, self._jobs, self._notices = model, jobs, notices

    def undo(self) -> None:
        self._model.pen.write(_("Undo"), history.undo, self._undone)

    def redo(self) -> None:
        def verb(tx: Tx) -> tuple[history.Act | None, history.Act]:
            return history.can_redo(tx, tx.author), history.redo(tx)

        self._model.pen.write(_("Redo"), verb, self._redone)

    def undo_this(self, act: history.Act) -> None:
        """Take back this act and no other."""

        def verb(tx: Tx) -> history.Act:
            last = history.can_undo(tx, tx.author)
            if last is None or last.id != act.id:
                raise UserError(
                    _("“{act}” is not your last step any more.").format(act=act_words(act)),
                    hint=_("Nothing was changed. Undo what came after it first."),
                )
            return history.undo(tx)

        self._model.pen.write(_("Undo"), verb, self._undone)

    def _undone(self, act: history.Act) -> None:
        self._notices.withdraw(done_words(act))
        self._tell(_("Undone"), act)
        self.undone.emit(act)

    def _redone(self, acts: tuple[history.Act | None, history.Act]) -> None:
        again, undoing = acts
        self._tell(_("Done again"), again or undoing)
        self.redone.emit(undoing)

    def _tell(self, word: str, act: history.Act) -> None:
        said = _("{done}: {act}. Both stay in the log.")
        self._notices.tell(said.format(done=word, act=act_words(act)))

    def name(self, undo: QAction, redo: QAction) -> None:
        """Let both actions say what they would do; they can be used before they do."""
        store = self._model.store

        def work(_progress: Progress) -> tuple[str, str]:
            with store.reading() as query:
                back = history.can_undo(query, store.author)
                again = history.can_redo(query, store.author)
            return (
                _("Undo: {act}").format(act=act_words(back)) if back else _("Undo"),
                _("Redo: {act}").format(act=act_words(again)) if again else _("Redo"),
            )

        def done(words: tuple[str, str]) -> None:
            for action, text in zip((undo, redo), words, strict=True):
                action.setText(text.replace("&", "&&"))

        self._jobs.run(_("Undo"), work, lane=Lane.ASK, done=done)

    def ask_erase(self, incident: Incident | None) -> None:
        """Ask first: this alone cannot be undone."""
        if incident is None:
            self._notices.tell(_("Select an incident first."))
            return
        if not self._model.pen.ready(lambda: self.ask_erase(incident)):
            return
        self._notices.ask(
            _(
                "Erase the source of {number} (who called, from where) for good? It goes from the incident,"
                " its whole history and the files of this desk. Everything else about the incident stays, and"
                " the log says that it was erased. Packages, reports and exports that left the desk keep it;"
                " second copies do until their older bases have gone, after {days} days."
            ).format(number=incident.number, days=KEPT_DAYS),
            _("Erase"),
            lambda: self.erase(incident),
            final=True,
        )

    def erase(self, incident: Incident) -> None:
        """Erase what the caller of an incident said of themself, and say so in the log."""
        store = self._model.store

        def work(_progress: Progress) -> Incident:
            return store.erase(Incident, incident.id, incidents.note_erasure)

        def done(_erased: Incident) -> None:
            words = _("Personal data of {number} erased.")
            if store.log_holds_erased:
                words = _(
                    "Personal data of {number} erased. Another program still reads the desk's file as it was:"
                    " what was erased leaves the file's log as soon as that lets go."
                )
            self._notices.tell(words.format(number=incident.number))

        self._model.pen.do(_("Erase personal data"), work, done)


def act_words(act: history.Act) -> str:
    """Take in package of Team B, 132 entries; a step of this desk by its label alone."""
    if not isinstance(act, Arrival):
        return act.label
    words = ngettext("{label}, {count} entry", "{label}, {count} entries", act.edits)
    return words.format(label=act.label, count=f"{act.edits:,}")


def done_words(act: history.Act) -> str:
    """What is said of an act that can be undone as one, for as long as that is offered."""
    return _("{act}: done as one step.").format(act=act_words(act))
