"""The one door to an operation's files."""

import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DatabaseError, OperationalError

from gis.clock import Clock
from gis.errors import UserError
from gis.model.record import new_id
from gis.signal import Signal
from gis.store import geopackage, schema
from gis.store.change import Change
from gis.store.engine import open_blank, open_readers, open_writer
from gis.store.journal import Chain
from gis.store.operation import FORMAT, SUFFIX, Operation, desk_file, readings_file
from gis.store.query import Query
from gis.store.tx import Heading, Tx
from gis.store.wal import WalWatch
from gis.texts import _


class Store:
    """An open operation. Read from any thread; write one at a time; hear of every committed write.

    `changed` is emitted in the writing thread, after the commit. `author` is the person at the desk.
    """

    def __init__(self, folder: Path, operation: Operation, actor: str, *, clock: Clock, author: str) -> None:
        self.folder, self.operation, self.clock, self.author = folder, operation, clock, author
        self.actor = actor
        self.changed: Signal[Change] = Signal()
        self._writing = Lock()
        self._wal = WalWatch(desk_file(folder))
        self._desk, self._readings = _pair(folder, open_writer)
        for writer in (self._desk, self._readings):
            writer.connect().close()  # turns the log on before anybody can hold it up by reading
        self._desk_views, self._readings_views = _pair(folder, open_readers)

    @staticmethod
    def create(folder: Path, operation: Operation, *, clock: Clock, author: str) -> "Store":
        """Start an operation in a new folder, whose name must end in `.kentongan`.

        Raises `UserError` when there is something there already.
        """
        if folder.suffix != SUFFIX or folder.exists():
            raise UserError(
                _("{name} cannot become a new operation.").format(name=folder.name),
                hint=_("Choose a name that is not taken yet, ending in {suffix}.").format(suffix=SUFFIX),
            )
        folder.mkdir(parents=True)
        _lay_out(folder, operation)
        return Store.open(folder, clock=clock, author=author)

    @staticmethod
    def open(folder: Path, *, clock: Clock, author: str) -> "Store":
        """Open an operation's folder. Raises `UserError` when it is not one, or of a newer version."""
        if not desk_file(folder).is_file():
            raise UserError(
                _("{name} is not an operation of this program.").format(name=folder.name),
                hint=_("Choose a folder ending in {suffix}.").format(suffix=SUFFIX),
            )
        actor, operation = _identity(folder)
        return Store(folder, operation, actor, clock=clock, author=author)

    @contextmanager
    def reading(self) -> Generator[Query]:
        """A look at one moment of the operation. Keep it short: it holds back the clean-up of the log."""
        with self._desk_views.begin() as desk, self._readings_views.begin() as readings:
            yield Query(desk, readings, self.clock.now())

    @contextmanager
    def writing(self, label: str, author: str | None = None) -> Generator[Tx]:
        """Everything done to the yielded `Tx` is kept together, journaled under `label`, then announced.

        When this returns, it is on the disk. Readings are committed before the records that follow from
        them, so an alarm can never stand without its reading; an interrupted judgement is caught up.
        """
        with self._writing, _plain_words():
            with self._desk.begin() as desk, self._readings.begin() as readings:
                heading = Heading(new_id(), label, author or self.author, self.clock.now())
                tx = Tx(desk, readings, Chain(desk, self.actor), self.operation, heading)
                yield tx
                tx.finish()
                self._wal.check()
        if tx.kinds:
            self.changed.emit(Change(label, frozenset(tx.kinds), frozenset(tx.ids)))

    def close(self) -> None:
        for engine in (self._desk_views, self._readings_views, self._desk, self._readings):
            engine.dispose()


def _pair(folder: Path, opened: Callable[[Path], Engine]) -> tuple[Engine, Engine]:
    return opened(desk_file(folder)), opened(readings_file(folder))


def _lay_out(folder: Path, operation: Operation) -> None:
    blank, blank_readings = _pair(folder, open_blank)
    with blank.begin() as desk, blank_readings.begin() as readings:
        geopackage.create(desk)
        schema.readings.create_all(readings)
        state = {"operation": operation.to_json(), "actor": os.urandom(8).hex()}
        rows = [{"name": name, "value": json.dumps(value)} for name, value in state.items()]
        desk.execute(insert(schema.desk_state), rows)
    blank.dispose()
    blank_readings.dispose()


def _identity(folder: Path) -> tuple[str, Operation]:
    """Whose file this is, read before anything is trusted to it."""
    views = open_readers(desk_file(folder))
    try:
        with views.begin() as desk:
            rows = desk.execute(select(schema.desk_state.c.name, schema.desk_state.c.value))
            state = {row.name: json.loads(row.value) for row in rows}
        made_by = state["operation"]["format"]
        if made_by > FORMAT:
            raise UserError(
                _("{name} was made by a newer version of this program.").format(name=folder.name),
                hint=_("It is unharmed. Open it with that version, or update this one."),
            )
        return state["actor"], Operation.from_json(state["operation"])
    except (DatabaseError, KeyError, TypeError, ValueError) as error:
        raise UserError(
            _("{name} cannot be read as an operation.").format(name=folder.name),
            hint=_("It was left as it is. Open a backup of it, and keep the damaged folder."),
        ) from error
    finally:
        views.dispose()


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
