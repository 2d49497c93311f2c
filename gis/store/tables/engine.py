"""How a file is opened: one SQLite library, write-ahead log, every commit on the disk before we say so."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection, QueuePool, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from gis.store.tables.geometry import add_spatial_functions


def library() -> Any:
    """The one SQLite of this process: 3.53 or newer, with the fix for the WAL-reset fault, where it can be.

    Where pysqlite3 has no wheel the standard library's serves; `kentongan doctor` says when it is too old.
    """
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3")


_sqlite = library()
SQLITE_VERSION: str = _sqlite.sqlite_version
SQLITE_ERROR: type[Exception] = _sqlite.Error  # what the library itself raises, under SQLAlchemy
_STEPS = 200_000
Pulse = Callable[[], None]  # called often while work lasts; what it raises ends the work
_PATIENCE = "PRAGMA busy_timeout = 10000"
_SAFE = (_PATIENCE, "PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY")
# NORMAL lost acknowledged commits in 191 of 300 simulated power cuts, FULL in none.
_WRITING = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 4000")
_DERIVING = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -65536")
# What is erased on purpose must not stand on a free page; readings say nothing about persons. The journal's
# names are hashes: each falls on another page of their index, which should stay at hand.
_JOURNALING = ("PRAGMA secure_delete = ON", "PRAGMA cache_size = -65536")
_READING = ("PRAGMA query_only = ON",)
_LOOKING = ("BEGIN", "SELECT 1 FROM sqlite_schema LIMIT 1")  # the moment seen is that of the first read


def open_writer(path: Path) -> Engine:
    """One connection, every transaction `BEGIN IMMEDIATE`: SQLAlchemy's default loses updates."""
    journaling = _JOURNALING if path.suffix == ".gpkg" else ()
    return _engine(path, (*_SAFE, *_WRITING, *journaling), ("BEGIN IMMEDIATE",), pool_size=1)


def open_readers(path: Path) -> Engine:
    """Up to eight connections that can only read, each seeing one moment per transaction."""
    return _engine(path, (*_SAFE, *_READING), _LOOKING, pool_size=8)


def open_looking(path: Path, *, frozen: bool) -> Engine:
    """As `open_readers`, and not a byte of the files is changed, not even by closing the last connection.

    `frozen` is for a folder where no shared memory can be made; nobody may write the file meanwhile.
    """
    asked = f"{path.absolute().as_uri()}?{'immutable=1' if frozen else 'mode=ro'}"
    return _engine(path, (*_SAFE, *_READING), _LOOKING, pool_size=8, uri=asked)


def open_derived(path: Path) -> Engine:
    """A writer as `open_writer`, of a file that can be made again: it waits for no disk at each commit."""
    return _engine(path, (*_SAFE, *_DERIVING), ("BEGIN IMMEDIATE",), pool_size=1)


def open_blank(path: Path) -> Engine:
    """A new file in rollback mode, to lay out tables in."""
    return _engine(path, _SAFE, ("BEGIN IMMEDIATE",), pool_size=1)


def empty_log(engine: Engine, wait_ms: int) -> bool:
    """Write the log of a writer into the database and cut it to nothing, once readers have let go of it.

    False when one did not in this time: what stood in the log still does. Nothing is lost by it, and the last
    to close the file empties it.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {wait_ms}")
        busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except _sqlite.OperationalError as error:
        raise OSError(str(error)) from error
    finally:
        connection.cursor().execute(_PATIENCE).close()
        connection.close()


def alone(engine: Engine) -> bool:
    """False while somebody else has a writer's file open: it can leave write-ahead mode only without them."""
    try:
        _apart(engine, "PRAGMA journal_mode = DELETE")
        return _apart(engine, "PRAGMA journal_mode = WAL") == ("wal",)
    except _sqlite.OperationalError:
        return False


def copy_into(engine: Engine, path: Path) -> None:
    """A copy of the whole database as one new file; not yet certain to be on the disk."""
    try:
        _apart(engine, "VACUUM INTO ?", str(path.absolute()))
    except _sqlite.OperationalError as error:
        raise OSError(str(error)) from error


def tidy(engine: Engine) -> None:
    """Give back what was freed in the file. Where somebody else begins to read it meanwhile, the log stands
    beside it until the last of them closes."""
    try:
        _apart(engine, "VACUUM")
    except _sqlite.OperationalError as error:
        raise OSError(str(error)) from error
    empty_log(engine, wait_ms=10_000)


def _apart(engine: Engine, statement: str, *values: Any) -> Any:
    """Say what cannot be said in a transaction, which SQLAlchemy would begin. Returns the first row."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement, values)
        row = cursor.fetchone()
        cursor.close()
        return row
    finally:
        connection.close()


def _engine(
    path: Path, pragmas: tuple[str, ...], begin: tuple[str, ...], *, pool_size: int, uri: str = ""
) -> Engine:
    name = uri or str(path.absolute())

    def connect() -> Any:
        return _sqlite.connect(name, uri=bool(uri), check_same_thread=False)

    engine = create_engine(
        "sqlite://",
        creator=connect,  # the path stays out of any URL: a folder may be called "?" or "100%25"
        module=_sqlite,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
    )

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        add_spatial_functions(connection)
        for pragma in pragmas:
            connection.execute(pragma)

    def start(connection: Connection) -> None:
        for statement in begin:
            connection.exec_driver_sql(statement)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


@contextmanager
def attended(connection: PoolProxiedConnection, pulse: Pulse) -> Generator[None]:
    """Long statements on this connection call `pulse` now and then, and end with what it raises."""
    raw: Any = connection.driver_connection
    ended: list[Exception] = []

    def handler() -> int:
        try:
            pulse()
        except Exception as error:  # noqa: BLE001 - an edge: SQLite would swallow it; it is raised again below
            ended.append(error)
        return len(ended)

    raw.set_progress_handler(handler, _STEPS)
    try:
        yield
    except (DatabaseError, SQLITE_ERROR):
        if ended:
            raise ended[0] from None
        raise
    finally:
        raw.set_progress_handler(None, 0)


def broken_pages(connection: Connection, most: int = 100) -> list[str]:
    """What SQLite finds wrong with the pages of a file, a line each, `most` at the most; none when sound."""
    said = [row[0] for row in connection.exec_driver_sql(f"PRAGMA integrity_check({most})")]
    return [] if said == ["ok"] else said
