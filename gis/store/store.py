"""The one door to an operation's files."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError

from gis.clock import Clock
from gis.errors import UserError
from gis.lasting import sync_folder
from gis.model.record import Reading, new_id
from gis.progress import Progress
from gis.signal import Signal
from gis.store import latest, migrate
from gis.store.blank import lay_out
from gis.store.change import Change
from gis.store.guards import identity, passport
from gis.store.guards.neighbours import Neighbours, of_readings
from gis.store.guards.passport import Passport, unreadable
from gis.store.guards.place import refuse_unfit
from gis.store.guards.reserve import Reserve, is_full
from gis.store.guards.sitting import Sitting
from gis.store.guards.tip import Tip, newest
from gis.store.guards.trouble import (
    DiskFull,
    Trouble,
    room_given_up,
    sick,
    standing_of,
    trouble_of,
    why_closed,
)
from gis.store.guards.turn import busy
from gis.store.guards.wal import LogTaken, WalWatch
from gis.store.journal import Chain, Heading
from gis.store.operation import SUFFIX, Operation, desk_file, readings_file
from gis.store.query import Query, R
from gis.store.readings import seal
from gis.store.readings.chunks import USUAL
from gis.store.readings.mirror import Mirror
from gis.store.readings.seal import Pending
from gis.store.readings.series import Sight
from gis.store.tables import schema
from gis.store.tables.engine import empty_log, open_looking, open_readers, open_writer
from gis.store.tables.rows import whole_text
from gis.store.tx import Tx
from gis.texts import _

T = TypeVar("T")


class Store:
    """An open operation. Read from any thread; write one at a time; hear of every committed write.

    `changed` is emitted in the writing thread, after the commit. `author` is the person at the desk.
    `saved_at` is when the newest step of this sitting was on the disk; `unsaved` says why a later one is not.
    """

    def __init__(self, folder: Path, found: Passport, *, clock: Clock, author: str) -> None:
        self.folder, self.operation, self.clock, self.author = folder, found.operation, clock, author
        self.actor, self.read_only = found.actor, found.read_only
        self.saved_at: datetime | None = None
        self.unsaved = ""
        self.findings: tuple[str, ...] = ()
        self.brought_up = False  # from an older format, by this opening
        self.log_holds_erased = False  # while another program reads on in what was there before
        self.changed: Signal[Change] = Signal()
        self._sitting: Sitting | None = None
        self._neighbours: Neighbours | None = None
        self._latest: dict[str, Reading] = {}
        self._closed = False
        self._writing, self._sealing = Lock(), Lock()
        self._mirror = Mirror()
        self._wal = WalWatch(desk_file(folder), readings_file(folder))
        look = partial(open_looking, frozen=found.frozen) if self.read_only else open_readers
        self._desk, self._readings = _pair(folder, look if self.read_only else open_writer)
        self._desk_views, self._readings_views = _pair(folder, look)
        try:
            self._begin()
        except (DatabaseError, UnicodeDecodeError, OSError) as error:  # SQLite's words may hold damaged names
            self.close()
            raise unreadable(folder, error) from error

    def _begin(self) -> None:
        """Turn the logs on before anybody can hold them up by reading."""
        self._desk.connect().close()
        with self._readings.connect() as readings:
            readings.execute(select(schema.instrument.c.no).limit(1))
        if self.read_only:
            with self._desk.begin() as desk:
                self.findings = identity.losses(desk, Tip(self.folder).read())
            return
        sync_folder(self.folder)  # the names of the logs: SQLite does this too, and keeps a failure to itself
        self._sitting = Sitting(self.folder)
        self._settle(self._sitting.tip)
        self._neighbours = Neighbours(self.folder)
        self._wal.check()

    def _settle(self, tip: Tip) -> None:
        """Who writes here from now on, and what is missing."""
        seat, noted = identity.Seat.of(self.folder), tip.read()
        with self._desk_views.begin() as desk:
            self.findings = identity.losses(desk, noted)
            settled = identity.is_settled(desk, seat, noted)
        if not settled:
            with self._desk.begin() as desk:
                self.actor = identity.settle(desk, seat, tip.read(), self.clock.now())
                there = newest(desk)
            if there.n:
                tip.write(there)

    @property
    def closed_well(self) -> bool:
        """False when the sitting before this one ended without closing: a look at the files is due."""
        return self._sitting is None or self._sitting.closed_well

    @staticmethod
    def create(folder: Path, operation: Operation, *, clock: Clock, author: str) -> "Store":
        """Start an operation in a new folder, whose name must end in `.kentongan`.

        Raises `UserError` when there is something there already, nothing can be written there, or the place
        is not safe (`place.refuse_unfit`).
        """
        if folder.suffix != SUFFIX or folder.exists():
            raise UserError(
                _("{name} cannot become a new operation.").format(name=folder.name),
                hint=_("Choose a name that is not taken yet, ending in {suffix}.").format(suffix=SUFFIX),
            )
        refuse_unfit(folder)
        try:
            folder.mkdir(parents=True)
            lay_out(folder, operation)
            sync_folder(folder.parent)
        except (OSError, DatabaseError) as error:
            raise UserError(
                _("{name} could not be made.").format(name=folder.name),
                hint=_("Choose a place that you may write to. Reason: {reason}").format(reason=error),
            ) from error
        return Store.open(folder, clock=clock, author=author)

    @staticmethod
    def open(folder: Path, *, clock: Clock, author: str, progress: Progress | None = None) -> "Store":
        """Open an operation's folder; one that cannot be written is opened to be looked at (`read_only`).

        One of an older format is brought to ours first, which can take long and be stopped (`Cancelled`).

        Raises `UserError` when it is not an operation, not whole, not safe where it lies, or of a version so
        new that it cannot even be read.
        """
        refuse_unfit(folder)

        def opened() -> "Store":
            if older := passport.read(folder).older:
                migrate.bring_up(folder, progress or Progress())
            store = Store(folder, passport.read(folder), clock=clock, author=author)
            store.brought_up = older
            return store

        try:
            return opened()
        except UserError:
            if not (is_full(folder, 0) and Reserve(folder).release()):
                raise
        return opened()

    @contextmanager
    def reading(self) -> Generator[Query]:
        """A look at one moment of the operation. Keep it short: it holds back the clean-up of the log."""
        self._refuse_when_closed()
        with self._desk_views.begin() as desk, self._readings_views.begin() as readings:
            yield Query(desk, Sight(readings, self._mirror), self.clock.now())

    @contextmanager
    def glancing(self) -> Generator[Connection]:
        """A look at one moment of the desk's file alone: for what this package derives from it."""
        self._refuse_when_closed()
        with self._desk_views.begin() as desk:
            yield desk

    @contextmanager
    def writing(self, label: str, author: str | None = None) -> Generator[Tx]:
        """Everything done to the yielded `Tx` is kept together, journaled under `label`, then announced.

        When this returns, it is on the disk. Readings are committed before the records that follow from
        them, so an alarm can never stand without its reading; an interrupted judgement is caught up.
        Raises `UserError` when the store is `read_only`, another desk keeps it busy, the disk is full
        (`DiskFull`) or fails; in the last case nothing more is written in this sitting.
        """
        step, tx = new_id(), None
        with self._guarded(step) as (sitting, neighbours), ExitStack() as speaking:
            with self._desk.begin() as desk, self._readings.begin() as readings:
                before, who = newest(desk), whole_text(author or self.author)
                heading = Heading(step, whole_text(label), who, self.clock.now())
                sight = Sight(readings, self._mirror)
                chain = Chain(desk, identity.actor_of(desk))  # which another window may have changed
                tx = Tx(desk, sight, chain, self.operation, heading, sitting)
                yield tx
                tx.finish()
                after = newest(desk)
                self._wal.check()
                speaking.enter_context(neighbours.speaking(before.n, after.n))
            if after != before:
                sitting.tip.write(after)
            self.saved_at, self.unsaved = self.clock.now(), ""
            self.actor = tx.chain.actor
            tx.committed()
        if tx.kinds:
            self.changed.emit(Change(label, frozenset(tx.kinds), frozenset(tx.ids)))

    def write(self, label: str, verb: Callable[[Tx], T], author: str | None = None) -> T:
        """`verb` in one step; once more where the disk was full and the room kept back made it fit."""
        try:
            with self.writing(label, author) as tx:
                return verb(tx)
        except DiskFull as full:
            if not full.room_made:
                raise
        with self.writing(label, author) as tx:
            return verb(tx)

    def feeds_here(self) -> bool:
        """True when this desk, and no other on the same operation, lets readings in by itself.

        The first that asks has it until it closes.
        """
        return self._sitting is not None and not self.read_only and self._sitting.feeds.take()

    def look_around(self) -> None:
        """Announce what other desks wrote, and keep room back again. About once a second, in any thread."""
        sitting, neighbours = self._sitting, self._neighbours
        if self._closed or self.read_only or sitting is None or neighbours is None:
            return
        sitting.reserve.keep()
        if self.log_holds_erased:
            self._empty_log(wait_ms=0)
        change = neighbours.listen()
        if change is not None:
            self.changed.emit(change)
        if neighbours.has_new_readings() and not sitting.is_alone:
            with self.reading() as query:
                before, self._latest = self._latest, query.latest()
            news = {key for key, reading in self._latest.items() if before.get(key) != reading}
            if news:
                self.changed.emit(of_readings(frozenset(news)))

    def _present(self) -> tuple[Sitting, Neighbours]:
        """What a desk that writes stands on. Raises `UserError` when it is closed or can only look."""
        self._refuse_when_closed()
        if self.read_only or self._sitting is None or self._neighbours is None:
            raise UserError(self.read_only, hint=_("Nothing was written."))
        return self._sitting, self._neighbours

    @contextmanager
    def _guarded(self, step: str = "") -> Generator[tuple[Sitting, Neighbours]]:
        """One writer at a time on this computer; what a disk does to it comes out in plain words."""
        with self._writing:
            sitting, neighbours = self._present()
            with sitting.turn:
                try:
                    yield sitting, neighbours
                except LogTaken as gone:
                    self._stop(f"{gone} {gone.hint}")
                    raise
                except DatabaseError as error:
                    failure = self._failure(error, step, sitting)
                    self.unsaved = str(failure)
                    if failure is error:
                        raise
                    raise failure from error

    def _failure(self, error: DatabaseError, step: str, sitting: Sitting) -> Exception:
        """What is raised for a step that a database error ended; anything unknown is a bug of ours."""
        match trouble_of(error, self.folder):
            case Trouble.BUSY:
                return busy()
            case Trouble.FULL:
                made = sitting.reserve.release()
                if made:
                    self.findings += (room_given_up(),)
                return DiskFull(room_made=made)
            case Trouble.SICK:
                self._stop(why_closed(error))
                self._look_only()
                return sick(error, standing_of(step, self._desk_views, self.folder))
            case Trouble.NONE:
                return error

    def _stop(self, why: str) -> None:
        """Nothing more is written in this sitting."""
        self.read_only = why
        self.findings += (why,)

    def _look_only(self) -> None:
        """Go on looking without another write to a failing disk: what closes last would copy the log into the
        database and remove it, so connections that cannot write are opened first and stay."""
        old = (self._desk, self._readings, self._desk_views, self._readings_views)
        self._desk, self._readings = _pair(self.folder, partial(open_looking, frozen=False))
        self._desk_views, self._readings_views = self._desk, self._readings
        with suppress(DatabaseError), self.reading() as query:
            query.latest()
        if self._neighbours is not None:
            self._neighbours.close()
        _dispose(*old)

    def pending(self) -> Pending:
        """The readings that wait to be compressed."""
        with self._looking_at_readings() as readings:
            return seal.pending(readings)

    @contextmanager
    def _looking_at_readings(self) -> Generator[Connection]:
        self._refuse_when_closed()
        with self._readings_views.begin() as readings:
            yield readings

    def seal(self, progress: Progress, codec: str = USUAL) -> int:
        """Compress the readings that wait; returns how many. In any thread, beside every other work.

        Killed at any point it loses nothing. Raises `Cancelled`; what is done until then stays done.
        """
        with self._sealing:
            return seal.seal(self._looking_at_readings, self.rewriting, self._mirror, progress, codec)

    @contextmanager
    def rewriting(self) -> Generator[Connection]:
        """A short write to the readings' file alone, in the way they are kept: neither journaled nor told."""
        with self._guarded(), self._readings.begin() as readings:
            yield readings

    def show_latest(self) -> int:
        """Make the layer `latest_readings` what the readings say. Returns how many of its rows that moved."""
        with self.reading() as query, self.glancing() as desk:
            if not latest.is_stale(query, desk):
                return 0
        with self._guarded(), self._desk.begin() as desk, self.reading() as query:
            return latest.refresh(query, desk)

    def erase(self, kind: type[R], record_id: str, also: Callable[[Tx, R], object] | None = None) -> R:
        """Erase what a record says about a private person, from its whole history and from the files;
        what is done `also` belongs to the same step."""
        with self.writing(_("Erase personal data")) as tx:
            erased = tx.erase(kind, record_id)
            if also is not None:
                also(tx, erased)
        self.log_holds_erased = True
        self._empty_log(wait_ms=1000)
        return erased

    def _empty_log(self, wait_ms: int) -> None:
        with self._guarded(), suppress(OSError):  # the step stands; the next one meets a disk that fails
            self.log_holds_erased = not empty_log(self._desk, wait_ms)

    def rebuild(self, progress: Progress) -> None:
        """Make every derived table again from the journal, in one step. Raises `Cancelled`."""
        with self.writing(_("Make the tables again")) as tx:
            tx.rebuild(progress)

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise UserError(_("The operation is closed."), hint=_("Open it again. Nothing was changed."))

    def close(self) -> None:
        """Let go of the files; whoever looks or writes from here on is refused."""
        with self._writing:
            if self._closed:
                return
            self._closed = True
        if self._neighbours is not None:
            self._neighbours.close()
        _dispose(self._desk_views, self._readings_views, self._desk, self._readings)
        if self._sitting is not None:
            self._sitting.end(well=not self.read_only)


def _pair(folder: Path, opened: Callable[[Path], Engine]) -> tuple[Engine, Engine]:
    return opened(desk_file(folder)), opened(readings_file(folder))


def _dispose(*engines: Engine) -> None:
    for engine in engines:
        engine.dispose()
