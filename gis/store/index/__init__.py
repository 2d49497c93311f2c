"""The index beside the operation: made from it, kept up from its journal, thrown away at any doubt."""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from gis.errors import UserError
from gis.progress import Progress
from gis.store.index import file as index_file
from gis.store.index.file import FORMAT, INCIDENT_ROWS, NOTE_ROWS, Mark
from gis.store.operation import ACTOR
from gis.store.store import Store
from gis.store.tables.engine import SQLITE_VERSION, open_derived, open_readers
from gis.texts import _

log = logging.getLogger(__name__)
T = TypeVar("T")
SLICE = 2_000  # rows or edits that are taken in at once: some 0.1 s in which another must wait
FEW = 2_000  # edits that are caught up with before a question is answered
_BARRED = ("locked", "busy", "readonly", "unable to open")


@dataclass(frozen=True, slots=True)
class Look:
    """One look for one question: `unread` edits had not been taken in yet."""

    index: Connection
    desk: Connection
    unread: int


class Index:
    """Derived from one open operation and never its truth. Any thread and any process may ask.

    What is missing, damaged, of another version or of another operation is made again; where nothing may be
    written, it is made in a folder of its own that goes with it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._path = store.folder / "index.sqlite"
        self._own: TemporaryDirectory[str] | None = None
        self._engines: tuple[Engine, Engine] | None = None
        self._inode = 0
        self._opening = RLock()
        if store.read_only:
            self._move()

    def catch_up(self, progress: Progress) -> None:
        """Take in everything the journal holds, in slices; what was done stays when it is stopped."""
        while True:
            done, total = self._patiently(self._slice)
            progress.step(done, total)
            if done >= total:
                return

    @contextmanager
    def looking(self) -> Generator[Look]:
        """A look at the index and at the desk's file; what was saved a moment ago is in it."""
        try:
            self._patiently(self._freshen)
        except UserError as error:
            log.info("asked as it is: %s", error)
        readers = self._open()[1]
        with readers.begin() as index, self._store.glancing() as desk:
            yield Look(index, desk, _unread(index, desk))

    def ask(self, question: Callable[[Look], T]) -> T:
        """The answer to a question; asked again of a new index when this one proves to be damaged."""

        def look() -> T:
            with self.looking() as seen:
                return question(seen)

        return self._patiently(look)

    def forget(self) -> None:
        """Throw the index away: nothing it knew stays on the disk."""
        with self._opening:
            self._let_go()
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    def close(self) -> None:
        self._let_go()
        if self._own is not None:
            self._own.cleanup()

    def _let_go(self) -> None:
        with self._opening:
            engines, self._engines = self._engines, None
            for engine in engines or ():
                engine.dispose()

    def _patiently(self, work: Callable[[], T]) -> T:
        """Do it; should the file prove to be damaged, or of no use, do it once more on a new one."""
        try:
            return work()
        except DatabaseError as error:
            if "full" in str(error.orig):
                raise UserError(
                    _("The disk is full. The search cannot learn what is new."),
                    hint=_("Everything logged is safe. Free some space; then it is found again."),
                ) from error
            log.info("the index is made again: %s", error.orig)
            self._replace(elsewhere=isinstance(error, OperationalError) and _is_barred(error))
            return work()

    def _replace(self, *, elsewhere: bool) -> None:
        with self._opening:
            if not elsewhere:
                try:
                    self.forget()
                except OSError:  # Windows: another desk has it open
                    elsewhere = True
            if elsewhere and self._own is None:
                self._let_go()
                self._move()

    def _move(self) -> None:
        self._own = TemporaryDirectory(prefix="kentongan-", ignore_cleanup_errors=True)
        self._path = Path(self._own.name) / "index.sqlite"

    def _open(self) -> tuple[Engine, Engine]:
        """Writer and readers of the file that stands there now."""
        with self._opening:
            if self._engines is not None and self._inode == self._seen():
                return self._engines
            self._let_go()
            self._engines = open_derived(self._path), open_readers(self._path)
            with self._engines[0].begin() as index, self._store.glancing() as desk:
                _trusted(index, desk)
            self._inode = self._seen()
            return self._engines

    def _seen(self) -> int:
        """Which file stands there now; looked at from outside, for opening it would drop our own locks."""
        try:
            return self._path.stat().st_ino
        except OSError:
            return 0

    def _slice(self) -> tuple[int, int]:
        """Take in the next slice: how much of how much is done."""
        with self._open()[0].begin() as index, self._store.glancing() as desk:
            mark = _trusted(index, desk)
            mark = _fill(index, desk, mark) if not mark.filled else _follow(index, desk, mark)
            index_file.keep_mark(index, mark)
            return _done(desk, mark)

    def _freshen(self) -> None:
        """Take in the last few edits; leave many to the one who catches up."""
        while True:
            with self._open()[1].begin() as index, self._store.glancing() as desk:
                behind = _unread(index, desk)
            if not 0 < behind <= FEW:
                return
            self._slice()


def _is_barred(error: OperationalError) -> bool:
    return any(word in str(error.orig) for word in _BARRED)


def _trusted(index: Connection, desk: Connection) -> Mark:
    """How far the index has read in this very journal; an index of anything else is emptied first."""
    mark = index_file.mark_of(index)
    actor = str(desk.exec_driver_sql("SELECT value FROM desk_state WHERE name = ?", (ACTOR,)).scalar_one())
    if mark is not None and (mark.format, mark.actor) == (FORMAT, actor) and mark.edit == _edit(desk, mark.n):
        return mark
    newest = _newest(desk)
    mark = Mark(FORMAT, actor, newest, _edit(desk, newest))
    index_file.lay_out(index, mark, [int(part) for part in SQLITE_VERSION.split(".")])
    return mark


def _newest(desk: Connection) -> int:
    return desk.exec_driver_sql("SELECT coalesce(max(n), 0) FROM journal").scalar_one()


def _edit(desk: Connection, n: int) -> str:
    """What entry `n` of the journal is called; it names everything this desk wrote before it."""
    return desk.exec_driver_sql("SELECT edit FROM journal WHERE n = ?", (n,)).scalar() or ""


def _unread(index: Connection, desk: Connection) -> int:
    """How many edits (or rows of the first reading) have not been taken in."""
    mark = index_file.mark_of(index)
    if mark is None:
        return _newest(desk) or 1
    if not mark.filled or mark.edit != _edit(desk, mark.n):
        done, total = _done(desk, replace(mark, filled=0))
        return max(total - done, 1)
    return _newest(desk) - mark.n


def _done(desk: Connection, mark: Mark) -> tuple[int, int]:
    """The first reading is counted by the numbers of the rows, what follows in edits."""
    if mark.filled:
        return mark.n, _newest(desk)
    total = sum(
        desk.exec_driver_sql(f"SELECT coalesce(max(fid), 0) FROM {table}").scalar_one()
        for table in ("incidents", "notes")
    )
    return mark.incidents + mark.notes, max(total, mark.incidents + mark.notes + 1)


def _fill(index: Connection, desk: Connection, mark: Mark) -> Mark:
    """The first reading goes along the rows; what changes meanwhile stands in the journal after the mark."""
    rows = _page(desk, INCIDENT_ROWS, mark.incidents)
    if rows:
        index_file.write_incidents(index, rows)
        return replace(mark, incidents=rows[-1].fid)
    rows = _page(desk, NOTE_ROWS, mark.notes)
    if rows:
        index_file.write_notes(index, rows)
        return replace(mark, notes=rows[-1].fid)
    return replace(mark, filled=1)


def _page(desk: Connection, statement: str, after: int) -> list[Any]:
    rows = desk.exec_driver_sql(f"{statement} WHERE fid > ? ORDER BY fid LIMIT ?", (after, SLICE))
    return list(rows.all())


def _follow(index: Connection, desk: Connection, mark: Mark) -> Mark:
    """Take in the records that the next edits of the journal are about, as they stand now."""
    edits = desk.exec_driver_sql(
        "SELECT n, edit, kind, record FROM journal WHERE n > ? ORDER BY n LIMIT ?", (mark.n, SLICE)
    ).all()
    if not edits:
        return mark
    for kind, statement, write in (
        ("Incident", INCIDENT_ROWS, index_file.write_incidents),
        ("Note", NOTE_ROWS, index_file.write_notes),
    ):
        ids = list(dict.fromkeys(edit.record for edit in edits if edit.kind == kind))
        write(index, index_file.among(desk, f"{statement} WHERE id IN", ids))
    return replace(mark, n=edits[-1].n, edit=edits[-1].edit)
