"""What the form for safe keeping asks for, done; and the promises about the log, kept in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.assurance import say
from desktop.forms.safekeeping import SafeKeepingForm
from desktop.notices import Notices
from desktop.panels.detail import DetailPanel
from desktop.times import full
from desktop.upkeep import Upkeep
from desktop.widgets.choose import ask_folder, ask_save
from desktop.widgets.trustline import TrustLine
from desktop.work import Model, zone_of
from gis.clock import SystemClock
from gis.errors import UserError
from gis.jobs import Job, Jobs, JobState, Lane
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Tx
from gis.store import export as exporting
from gis.store.journal.proof import Altered
from gis.store.operation import SUFFIX
from gis.store.second.check import Held, check, held
from gis.store.second.restore import Restored, restore
from gis.store.upkeep import Retention, past_keeping, retention, retire, set_retention
from gis.texts import _, ngettext

LOOK_MS, COUNT_MS = 1_000, 300


def _forget(_folder: Path | None) -> None:
    """A desk that nobody sits at remembers nothing."""


@dataclass(frozen=True, slots=True)
class Medium:
    """Where this computer keeps second copies, and how another choice is remembered."""

    folder: Path | None = None
    remember: Callable[[Path | None], object] = _forget


class SafeKeeping(QObject):
    """Region 7 while somebody cares for the files. `elsewhere` carries an operation that shall be opened
    in this one's place, `entry_wanted` the step of the log that was found altered."""

    elsewhere = Signal(object)
    entry_wanted = Signal(str)

    def __init__(
        self, model: Model, jobs: Jobs, upkeep: Upkeep, detail: DetailPanel, notices: Notices, medium: Medium
    ) -> None:
        super().__init__()
        self._model, self._jobs, self._upkeep, self._detail = model, jobs, upkeep, detail
        self._notices, self._medium = notices, medium
        self._job: Job | None = None
        self._restored: Path | None = None
        self._altered: Altered | None = None
        self._listed: datetime | None = None  # how the second copy stood when its bases were listed
        self.form, self.line = SafeKeepingForm(), TrustLine()
        detail.hold(self.form)
        self._clock = QTimer(self.form, interval=LOOK_MS)  # ends with what it looks after
        self._clock.timeout.connect(self._look)
        self._count = QTimer(self.form, singleShot=True, interval=COUNT_MS)
        self._count.timeout.connect(self._count_going)
        self._join()

    def _join(self) -> None:
        self.form.pressed.connect(self._do)
        self.form.days_changed.connect(lambda _days: self._count.start())
        self.line.asked.connect(self.answer)
        self._upkeep.changed.connect(self._promise)
        self._upkeep.found.connect(self._tell_finding)
        self._upkeep.examined.connect(self._tell_examined)
        self._jobs.changed.connect(self._hear)

    def begin(self) -> None:
        """Prove the log, follow with the second copy, and say what opening has found."""
        self._upkeep.begin()
        if self._medium.folder is not None and not self._model.store.read_only:
            self._upkeep.copying.use(self._medium.folder)
        if self._model.store.read_only:
            self._tell_finding(self._model.store.read_only)
        self._tell_letters()
        if self._model.store.brought_up:
            said = _("This operation was brought to this version; older ones cannot open it any more.")
            self._notices.tell(said)
        self._promise()

    def _tell_letters(self) -> None:
        """A copy gives numbers of its own: said until the first was given."""
        with self._model.store.reading() as query:
            letters = incidents.letters_here(query)
            number = incidents.next_number(query, letters[0])
        if len(letters) > 1 and number.endswith("-0001"):
            said = _(
                "New incidents are numbered {number} and on: another copy of this operation counts as before."
            )
            self._notices.tell(said.format(number=number))

    def answer(self) -> None:
        """Somebody asked for more about the promises: the altered entry, or the form."""
        if self._altered is not None:
            self.entry_wanted.emit(self._altered.step)
        else:
            self.open()

    def open(self) -> None:
        """Show the form."""
        with self._model.store.reading() as query:
            self.form.show_days(retention(query).days or 0)
        self._look()
        self._clock.start()
        self._list_bases()
        self._detail.show_form(self.form)
        self.form.buttons["choose"].setFocus()

    def _do(self, wanted: str) -> None:
        acts: dict[str, Callable[[], object]] = {
            "choose": lambda: ask_folder(self.form, _("Folder for the second copy"), self.choose),
            "forget": lambda: self.choose(None),
            "copy": self._upkeep.copying.go_on,
            "check": self.check,
            "restore": lambda: ask_folder(self.form, _("Second copy to open"), self._ask_target),
            "open": lambda: self.elsewhere.emit(self._restored),
            "prove": self._upkeep.prove_again,
            "rebuild": self.rebuild,
            "keep": self.keep_days,
            "export": self._ask_file,
            "stop": self.stop,
        }
        acts[wanted]()
        self._look()

    # -- the second copy

    def choose(self, folder: Path | None) -> None:
        """Keep the second copy in this folder from now on, at this computer; or nowhere."""
        self._medium.remember(folder)
        self._upkeep.copying.use(folder)
        self._look()

    def check(self) -> None:
        """Read back everything that lies in the second copy."""
        state = self._upkeep.copying.state
        if state is not None:
            folder = state.folder
            self._run(_("Check the second copy"), lambda p: check(folder, p), self._checked)

    def _checked(self, bases: Sequence[Held]) -> None:
        zone = zone_of(self._model.store)
        said = [
            _("The copy of {at} is damaged: {fault}").format(at=full(base.made_at, zone), fault=fault)
            for base in bases
            for fault in base.faults
        ]
        if not bases:
            said = [_("There is no finished copy yet.")]
        elif not said:
            words = ngettext(
                "{count} base was read back: every byte is as it was written.",
                "{count} bases were read back: every byte is as it was written.",
                len(bases),
            )
            said = [words.format(count=len(bases))]
        else:
            said.append(_("“Copy now” goes on beside it; choose another disk if this one goes bad."))
        self.form.tell("\n".join(said))

    def _list_bases(self) -> None:
        state = self._upkeep.copying.state
        if state is None or state.saved_at is None:
            return
        self._listed, folder = state.saved_at, state.folder
        self._jobs.run(
            _("Second copy"), lambda _p: held(folder), lane=Lane.UPKEEP, done=self._show_bases, failed=_ignore
        )

    def _show_bases(self, bases: Sequence[Held]) -> None:
        zone = zone_of(self._model.store)
        lines = [
            ngettext(
                "From {at}: {count} entry, and what came since",
                "From {at}: {count} entries, and what came since",
                base.entries,
            ).format(at=full(base.made_at, zone), count=f"{base.entries:,}")
            for base in bases
        ]
        self.form.show_bases(lines)

    # -- the way back

    def _ask_target(self, copy: Path) -> None:
        name = f"{copy.stem.removesuffix('.kentongan')} {SystemClock().now():%Y%m%d-%H%M}{SUFFIX}"
        path = str(self._model.store.folder.with_name(name))
        ask_save(self.form, _("The operation made of it"), path, lambda target: self.restore(copy, target))

    def restore(self, copy: Path, target: Path) -> None:
        """Make an operation at `target` of what lies in `copy`."""
        target = target if target.suffix == SUFFIX else target.with_name(target.name + SUFFIX)
        self._run(_("Open from a second copy"), lambda p: restore(copy, target, p), self._made)

    def _made(self, made: Restored) -> None:
        self._restored = made.folder
        words = "\n".join([*made.report(zone_of(self._model.store)), *made.remarks])
        self.form.tell(words, offer=_("Open “{name}” here").format(name=made.folder.stem))

    # -- the log

    def rebuild(self) -> None:
        """Make every table again from the log."""
        store = self._model.store
        done = _("Every table was made again from the log.")
        label = _("Make the tables again")
        self._run(label, store.rebuild, lambda _none: self.form.tell(done), Lane.STORE)

    # -- readings

    def _policy(self) -> Retention:
        return Retention(self.form.days.value() or None)

    def _count_going(self) -> None:
        store, policy = self._model.store, self._policy()

        def work(_progress: Progress) -> tuple[int, bool]:
            with store.reading() as query:
                return past_keeping(query, policy), retention(query) == policy

        def done(found: tuple[int, bool]) -> None:
            if policy == self._policy():
                self.form.show_going(_going(policy, *found), wanted=not found[1])

        self._jobs.run(_("Count old readings"), work, lane=Lane.ASK, done=done)

    def keep_days(self) -> None:
        """Keep readings for so long from now on; what is older goes at once."""
        store, policy = self._model.store, self._policy()

        def verb(tx: Tx) -> None:
            set_retention(tx, policy)

        def work(progress: Progress) -> int:
            store.write(_("How long readings are kept"), verb)
            return retire(store, progress)

        def done(gone: int) -> None:
            self.form.show_going("", wanted=False)
            words = ngettext("{count} reading was let go.", "{count} readings were let go.", gone)
            kept = _("Readings are kept for ever.") if policy.days is None else ""
            self.form.tell(kept or words.format(count=f"{gone:,}"))

        self._run(_("How long readings are kept"), work, done)

    # -- one file

    def _ask_file(self) -> None:
        name = f"{self._model.store.folder.stem} {self._model.store.clock.now():%Y%m%d-%H%M}.gpkg"
        personal = self.form.personal.isChecked()
        ask_save(self.form, _("One file for others"), name, lambda path: self.export(path, personal))

    def export(self, path: Path, personal: bool) -> None:
        """Write the operation as one GeoPackage."""
        store = self._model.store

        def done(made: Path) -> None:
            words = _("{path} is written: {size} MB.")
            self.form.tell(words.format(path=made, size=f"{made.stat().st_size / 1e6:.1f}"))
            self.form.personal.setChecked(False)  # who hands out names says so each time

        label = _("Write one file")
        self._run(label, lambda p: exporting.export(store, path, p, personal=personal), done)

    # -- while something is done

    def _run(
        self,
        label: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        lane: Lane = Lane.WORK,
    ) -> None:
        if self._job is not None:
            self._notices.tell(_("{label} goes on. Wait for it, or cancel it.").format(label=self._job.label))
            return
        self.form.working(True)
        self.form.progress(0, 0, label)
        failed = self._fail
        self._job = self._jobs.run(label, work, lane=lane, done=done, failed=lambda e: failed(label, e))

    def _fail(self, label: str, error: Exception) -> None:
        if isinstance(error, UserError):
            self.form.tell(f"{error} {error.hint}")
        else:
            self._notices.problem(label, error)

    def stop(self) -> None:
        """Cancel what is being done."""
        if self._job is not None:
            self._job.cancel()
        elif self._upkeep.copying.busy:
            self._upkeep.copying.stop()

    def _hear(self, state: JobState) -> None:
        job = self._job
        if job is None or state.number != job.number:
            return
        if not state.finished:
            self.form.progress(state.done, state.total, state.note or job.label)
            return
        self._job = None
        self.form.working(False)
        if job.progress.cancelled:
            self.form.tell(_("{label}: stopped. Nothing was left half done.").format(label=job.label))

    # -- showing

    def _look(self) -> None:
        """Show how things stand; again each second while the form is seen."""
        if not self.form.isVisible() and self._clock.isActive():
            self._clock.stop()
            return
        held = self._upkeep.assurance
        said = say(held, SystemClock().now())
        self.form.show_log(f"{said.log} {said.step}".strip())
        self.form.show_copy(said.copy, chosen=held.copy is not None)
        if held.copy is not None and held.copy.saved_at != self._listed:
            self._list_bases()
        copying = self._upkeep.copying
        if self._job is None and copying.busy and copying.part[2]:
            self.form.working(True)
            self.form.progress(*copying.part)
        elif self._job is None and self.form.is_working:
            self.form.working(False)

    def _promise(self) -> None:
        held = self._upkeep.assurance
        self.line.show_held(held)
        altered = held.trust.altered
        if altered is not None and altered != self._altered:
            self._notices.problem(
                _("Prove the log"), _loud(altered, full(altered.at, zone_of(self._model.store)))
            )
        self._altered = altered

    def _tell_finding(self, words: str) -> None:
        self._notices.problem(_("The operation"), UserError(words))

    def _tell_examined(self, faults: Sequence[str]) -> None:
        """The last sitting ended without being closed."""
        if not faults:
            said = _("The desk was cut off last time. Its files were examined: every one is whole.")
            self._notices.tell(said)
            return
        words = _("The desk was cut off last time, and its files are damaged: {faults}")
        hint = _("Work can go on. Ctrl+B leads to the second copy, and to the way back from it.")
        told = UserError(words.format(faults=" ".join(faults)), hint=hint)
        self._notices.problem(_("Examine the files"), told)


def _ignore(_error: Exception) -> None:
    """The state of the copy says already that it cannot be read."""


def _loud(altered: Altered, at: str) -> UserError:
    return UserError(
        _("Entry {number} of the log was altered after it was written: {label}, {who}, {at}.").format(
            number=f"{altered.number:,}", label=altered.label, who=altered.author, at=at
        ),
        hint=_(
            "Everything else is still here, and work can go on. Do not rely on this entry: compare it with"
            " the second copy or another desk's package, and find out who had access to the file."
        ),
    )


def _going(policy: Retention, count: int, stands: bool) -> str:
    if stands:
        return ""
    if policy.days is None:
        return _("Nothing will be let go any more.")
    if not count:
        return _("No reading is that old. From now on, what gets older than this is let go for good.")
    words = ngettext(
        "{count} reading would be let go now, for good; later ones as they get older.",
        "{count} readings would be let go now, for good; later ones as they get older.",
        count,
    )
    return words.format(count=f"{count:,}")
