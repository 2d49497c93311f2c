"""Sending and taking in field packages: the form asks, the lanes work, the store keeps."""

from pathlib import Path

from desktop.forms.exchange import ExchangeForm, sent_words
from desktop.notices import Notices
from desktop.panels.detail import DetailPanel
from desktop.panels.running import Running
from desktop.steps import Steps, done_words
from desktop.widgets.choose import ask_open, ask_save
from desktop.work import Model
from gis.jobs import Jobs, Lane
from gis.model.incident import Incident
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Query, Step, Tx, history
from gis.store.journal.edit import Edit
from gis.store.journal.ledger import Arrival
from gis.store.questions import Conflict, conflicts, shared_numbers
from gis.sync.exchange import Plan, Received, plan, receive, refuse_unfit, settle
from gis.sync.package import SUFFIX, Package, Packed, pack, unpack
from gis.texts import _

RENUMBER = _("Give a new number")
KEPT_AS = "packed_to"  # desk state: the journal number up to which edits have left


class Packages:
    """Region 7 while packages are exchanged."""

    def __init__(
        self,
        model: Model,
        jobs: Jobs,
        form: ExchangeForm,
        detail: DetailPanel,
        tell: tuple[Notices, Running],
        steps: Steps,
    ) -> None:
        self._model, self._jobs, self._form, self._detail = model, jobs, form, detail
        self._notices, self._running = tell
        self._steps = steps
        self._shown: Package | None = None
        self._took: tuple[str, Received] | None = None  # the act that the form tells of
        form.send.connect(self.ask_where)
        form.look_into.connect(self.ask_which)
        form.take_in.connect(self.take_in)
        form.decided.connect(self.decide)
        form.renumber.connect(self.renumber)
        steps.undone.connect(self._on_undone)
        steps.redone.connect(self._on_redone)
        detail.hold(form)

    def open(self) -> None:
        """Show the form with what is still disputed."""
        if not self._model.pen.ready(self.open):
            return
        self._shown = self._took = None
        self._form.welcome()
        self._ask_open()
        self._detail.show_form(self._form)
        self._form.choose.setFocus()

    def ask_where(self, only_new: bool) -> None:
        operation = self._model.store.operation
        name = f"{operation.city} {operation.desk} {self._model.store.clock.now():%Y%m%d-%H%M}{SUFFIX}"
        ask_save(self._form, _("Save package"), name, lambda path: self.send(path, only_new))

    def send(self, path: Path, only_new: bool) -> None:
        """Write a package of everything, or of what has not left yet."""
        if not self._model.pen.ready():
            return
        store, personal = self._model.store, self._form.personal.isChecked()

        def work(_progress: Progress) -> Packed:
            with store.reading() as query:
                after = int(query.kept(KEPT_AS) or 0) if only_new else 0
            packed = pack(store, path, after=after, personal=personal)
            if not store.read_only:
                store.write(_("Send package"), lambda tx: tx.keep(KEPT_AS, packed.upto))
            return packed

        self._running.watch(self._jobs.run(_("Send package"), work, lane=Lane.STORE, done=self._sent))

    def _sent(self, packed: Packed) -> None:
        self._took = None
        self._notices.tell(sent_words(packed.edits, str(packed.path)))
        self._form.sent(packed)

    def ask_which(self) -> None:
        filters = _("Field packages (*{suffix})").format(suffix=SUFFIX) + ";;" + _("All files (*)")
        ask_open(self._form, _("Open a package"), filters, self.look_into)

    def look_into(self, path: Path) -> None:
        """Show what a package would do. Nothing is written."""
        store = self._model.store

        def work(_progress: Progress) -> tuple[Package, Plan]:
            package = unpack(path)
            refuse_unfit(package, store.operation)
            with store.reading() as query:
                return package, plan(query, package)

        def done(found: tuple[Package, Plan]) -> None:
            self._shown, self._took = found[0], None
            self._detail.show_form(self._form)
            self._form.preview(path, found[0].manifest, found[1])

        self._running.watch(self._jobs.run(_("Look into package"), work, done=done))

    def take_in(self) -> None:
        """Take in the package on show, in one step."""
        package = self._shown
        if package is None:
            return

        def verb(tx: Tx) -> tuple[Received, history.Act | None]:
            return receive(tx, package), history.can_undo(tx, tx.author)

        label = _("Take in package of {author}").format(author=package.manifest.author)
        self._model.pen.write(label, verb, lambda took: self._taken(*took))

    def _taken(self, received: Received, act: history.Act | None) -> None:
        self._shown = None
        self._form.taken(received)
        self._ask_open()
        if received.new_edits and isinstance(act, Arrival):
            self._took = act.id, received
            self._notices.offer(done_words(act), _("Undo"), lambda: self._steps.undo_this(act))

    def _on_undone(self, act: history.Act) -> None:
        """The form says so of what it had told of."""
        if self._took is not None and self._took[0] == act.id:
            self._form.taken_back(self._took[1])
            self._ask_open()

    def _on_redone(self, undoing: history.Act) -> None:
        took = self._took
        if took is not None and isinstance(undoing, Step) and undoing.undoes == took[0]:
            self._form.taken(took[1])
            self._ask_open()

    def decide(self, conflict: Conflict, edit: Edit) -> None:
        """A person has decided which value stands."""

        def verb(tx: Tx) -> None:
            settle(tx, conflict, edit)

        self._model.pen.write(_("Settle conflict"), verb, lambda _done: self._ask_open())

    def renumber(self, incident: Incident) -> None:
        """A person has decided which of several incidents gets a number of its own."""

        def done(renumbered: Incident) -> None:
            words = _("{before} is {number} now.")
            self._notices.tell(words.format(before=incident.number, number=renumbered.number))
            self._ask_open()

        self._model.pen.write(RENUMBER, lambda tx: incidents.renumber(tx, incident.id), done)

    def _ask_open(self) -> None:
        """Show what people still have to decide; to find every number given twice takes its time."""
        self._model.outlook.ask_now(_undecided, lambda found: self._form.ask(*found))


def _undecided(query: Query) -> tuple[list[tuple[str, Conflict]], dict[str, list[Incident]]]:
    return [(_number(query, each), each) for each in conflicts(query)], shared_numbers(query)


def _number(query: Query, conflict: Conflict) -> str:
    incident = query.first(Incident, void=None, id=conflict.record_id)
    return incident.number if incident else conflict.kind
