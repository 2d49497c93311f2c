"""The one door to an operation's files."""

import json
import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DatabaseError, OperationalError

from gis.clock import Clock
from gis.errors import UserError
from gis.model.record import new_id
from gis.progress import Progress
from gis.signal import Signal
from gis.store import geopackage, passport, schema, seal, version
from gis.store.change import Change
from gis.store.chunks import USUAL
from gis.store.engine import empty_log, open_blank, open_looking, open_readers, open_writer
from gis.store.journal import Chain, Heading
from gis.store.mirror import Mirror
from gis.store.operation import ACTOR, SUFFIX, Operation, desk_file, readings_file
from gis.store.passport import Passport, unreadable
from gis.store.place import refuse_unfit
from gis.store.query import Query, R
from gis.store.rows import whole_text
from gis.store.seal import Pending
from gis.store.series import Sight
from gis.store.tx import Tx
from gis.store.wal import WalWatch
from gis.texts import _


class Store:
    """An open operation. Read from any thread; write one at a time; hear of every committed write.

    `changed` is emitted in the writing thread, after the commit. `author` is the person at the desk.
    """

    def __init__(self, folder: Path, found: Passport, *, clock: Clock, author: str) -> None:
        self.folder, self.operation, self.clock, self.author = folder, found.operation, clock, author
        self.actor, self.read_only = found.actor, found.read_only
        self.saved_at: datetime | None = None
        self.changed: Signal[Change] = Signal()
        self._closed = False
        self._writing, self._sealing = Lock(), Lock()
        self._mirror = Mirror()
        self._wal = WalWatch(desk_file(folder), readings_file(folder))
        look = partial(open_looking, frozen=found.frozen) if self.read_only else open_readers
        self._desk, self._readings = _pair(folder, look if self.read_only else open_writer)
        self._desk_views, self._readings_views = _pair(folder, look)
        try:
            self._begin()
        except DatabaseError as error:
            self.close()
            raise unreadable(folder, error) from error

    def _begin(self) -> None:
        """Turn the logs on before anybody can hold them up by reading."""
        self._desk.connect().close()
        with self._readings.connect() as readings:
            readings.execute(select(schema.instrument.c.no).limit(1))

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
            _lay_out(folder, operation)
        except (OSError, DatabaseError) as error:
            raise UserError(
                _("{name} could not be made.").format(name=folder.name),
                hint=_("Choose a place that you may write to. Reason: {reason}").format(reason=error),
            ) from error
        return Store.open(folder, clock=clock, author=author)

    @staticmethod
    def open(folder: Path, *, clock: Clock, author: str) -> "Store":
        """Open an operation's folder; one that cannot be written is opened to be looked at (`read_only`).

        Raises `UserError` when it is not an operation, not whole, not safe where it lies, or of a version so
        new that it cannot even be read.
        """
        refuse_unfit(folder)
        return Store(folder, passport.read(folder), clock=clock, author=author)

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
        """
        self._refuse_unwritable()
        with self._writing, _plain_words():
            with self._desk.begin() as desk, self._readings.begin() as readings:
                who = whole_text(author or self.author)
                heading = Heading(new_id(), whole_text(label), who, self.clock.now())
                sight = Sight(readings, self._mirror)
                tx = Tx(desk, sight, Chain(desk, self.actor), self.operation, heading)
                yield tx
                tx.finish()
                self._wal.check()
        self.saved_at = self.clock.now()
        if tx.kinds:
            self.changed.emit(Change(label, frozenset(tx.kinds), frozenset(tx.ids)))

    def pending(self) -> Pending:
        """The readings that wait to be compressed."""
        self._refuse_when_closed()
        with self._readings_views.begin() as readings:
            return seal.pending(readings)

    def seal(self, progress: Progress, codec: str = USUAL) -> int:
        """Compress the readings that wait; returns how many. In any thread, beside every other work.

        Killed at any point it loses nothing. Raises `Cancelled`; what is done until then stays done.
        """
        with self._sealing:
            return seal.seal(self._readings_views.begin, self.rewriting, self._mirror, progress, codec)

    @contextmanager
    def rewriting(self) -> Generator[Connection]:
        """A short write to the readings' file alone, in the way they are kept: neither journaled nor told."""
        self._refuse_unwritable()
        with self._writing, _plain_words(), self._readings.begin() as readings:
            yield readings

    def erase(self, kind: type[R], record_id: str) -> R:
        """Erase what a record says about a private person, from its whole history and from the files."""
        with self.writing(_("Erase personal data")) as tx:
            erased = tx.erase(kind, record_id)
        with self._writing:
            empty_log(self._desk)
        return erased

    def rebuild(self, progress: Progress) -> None:
        """Make every derived table again from the journal, in one step. Raises `Cancelled`."""
        with self.writing(_("Make the tables again")) as tx:
            tx.rebuild(progress)

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise UserError(_("The operation is closed."), hint=_("Open it again. Nothing was changed."))

    def _refuse_unwritable(self) -> None:
        self._refuse_when_closed()
        if self.read_only:
            raise UserError(self.read_only, hint=_("Nothing was written."))

    def close(self) -> None:
        """Let go of the files; whoever looks or writes from here on is refused."""
        with self._writing:
            self._closed = True
        _dispose(self._desk_views, self._readings_views, self._desk, self._readings)


def _pair(folder: Path, opened: Callable[[Path], Engine]) -> tuple[Engine, Engine]:
    return opened(desk_file(folder)), opened(readings_file(folder))


def _dispose(*engines: Engine) -> None:
    for engine in engines:
        engine.dispose()


def _lay_out(folder: Path, operation: Operation) -> None:
    """Fill a folder that was made a moment ago; what cannot be filled is taken away again."""
    blank, blank_readings = _pair(folder, open_blank)
    try:
        with blank.begin() as desk, blank_readings.begin() as readings:
            geopackage.create(desk)
            schema.readings.create_all(readings)
            readings.execute(insert(schema.generation).values(number=0))
            state = {
                "operation": operation.to_json(),
                version.STATE: version.stamp(),
                ACTOR: os.urandom(8).hex(),
            }
            rows = [{"name": name, "value": json.dumps(value)} for name, value in state.items()]
            desk.execute(insert(schema.desk_state), rows)
    except DatabaseError:
        _dispose(blank, blank_readings)
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _dispose(blank, blank_readings)


@contextmanager
def _plain_words() -> Generator[None]:
    """Say what a full disk or a busy file means; every other database error is a bug of ours."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        if "full" in reason:
            raise UserError(
                _("The disk is full. This step was not saved; everything before it is."),
                hint=_("Free some space, then do it again. What you typed is still here."),
            ) from error
        if "locked" in reason or "busy" in reason:
            raise UserError(
                _("Another program keeps the operation busy. This step was not saved."),
                hint=_("Try again in a moment."),
            ) from error
        raise
