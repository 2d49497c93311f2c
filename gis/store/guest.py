"""A SQLite file that others made: looked into, changed in no byte, trusted in nothing.

Not for the process that holds a store open: to be called in the worker that opens files from outside.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gis.errors import UserError
from gis.store.guards.strangers import refuse_store
from gis.store.tables.engine import SQLITE_ERROR, library
from gis.texts import _

LONGEST_VALUE = 32 << 20
_STEPS, _TURNS = 100_000, 2_000  # virtual machine steps a question may take: a view can be endless
_CAREFUL = (
    "PRAGMA query_only = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
)
_LIMIT_LENGTH = 0  # SQLITE_LIMIT_LENGTH, sqlite.org/c3ref/c_limit_attached.html


class Guest:
    """One open file. `rows` and `row` raise UserError when it is damaged, too slow, or built to do harm."""

    def __init__(self, connection: Any, name: str) -> None:
        self._connection, self._name, self._turns = connection, name, 0
        connection.set_progress_handler(self._tire, _STEPS)

    def rows(self, question: str, values: Sequence[Any] = (), most: int = 10_000) -> list[tuple[Any, ...]]:
        """At most `most` rows."""
        self._turns = 0
        try:
            return self._connection.execute(question, values).fetchmany(most)
        except (SQLITE_ERROR, OverflowError) as error:
            raise _damaged(self._name, error) from error

    def row(self, question: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        found = self.rows(question, values, most=1)
        return found[0] if found else None

    def _tire(self) -> int:
        self._turns += 1
        return self._turns > _TURNS


@contextmanager
def looked_into(path: Path) -> Generator[Guest]:
    """The file, opened as if on a disk that cannot be written. Raises UserError when it is no database, is
    ours, or is being written by another program."""
    refuse_store(path)
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise UserError(
            _("{name} is being written by another program at this moment.").format(name=path.name),
            hint=_("Close it there, or wait until it is saved, and open it again."),
        )
    try:
        connection = library().connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
    except SQLITE_ERROR as error:
        raise _damaged(path.name, error) from error
    try:
        connection.isolation_level = None
        connection.text_factory = _text
        for pragma in _CAREFUL:
            connection.execute(pragma)
        if hasattr(connection, "setlimit"):
            connection.setlimit(_LIMIT_LENGTH, LONGEST_VALUE)
        yield Guest(connection, path.name)
    except SQLITE_ERROR as error:
        raise _damaged(path.name, error) from error
    finally:
        connection.close()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _damaged(name: str, error: Exception) -> UserError:
    return UserError(
        _("{name} cannot be read: {reason}.").format(name=name, reason=str(error)[:200].rstrip(".")),
        hint=_("Nothing was changed. It may be cut off: copy it again from where it came from."),
    )
